package dev.sigill.source;

import java.util.List;

/** What one file says of a package. {@code path} is the file's own path within the target. */
sealed interface Metadata {
  String path();

  /** {@code METADATA} or {@code PKG-INFO} (Python packaging specifications, core metadata). */
  record PythonCore(String path, String name, String version, List<Distribution.Need> requires)
      implements Metadata {}

  /** Tags of a {@code WHEEL} file (binary distribution format). */
  record WheelTags(String path, List<String> tags) implements Metadata {}

  /**
   * Files of a {@code RECORD} or {@code installed-files.txt}, as written, without texts; and the
   * names under which what it lists is imported.
   */
  record PythonFiles(String path, List<String> files, List<String> modules) implements Metadata {}

  /** Top-level modules of {@code top_level.txt}. */
  record PythonTopLevel(String path, List<String> modules) implements Metadata {}

  /** {@code conda-meta/*.json} of an environment or {@code info/index.json} of a package. */
  record Conda(
      String path,
      String name,
      String version,
      String subdir,
      List<String> depends,
      List<String> files)
      implements Metadata {}

  /** {@code pom.properties} of Maven. */
  record Maven(String path, String group, String artifact, String version) implements Metadata {}

  /** What a JAR's manifest says of it. */
  record Manifest(String path, String name, String version) implements Metadata {}

  /** {@code package.json}. */
  record Npm(
      String path,
      String name,
      String version,
      List<String> tags,
      List<String> dependencies,
      List<String> optional)
      implements Metadata {}
}
