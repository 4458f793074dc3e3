package dev.sigill.source;

import java.util.List;

/**
 * A package as its ecosystem names it.
 *
 * @param ecosystem which one
 * @param name the package's name, normalised ({@code tensorflow-cpu}; {@code group:artifact} for
 *     Maven)
 * @param version its version, or empty
 * @param location where it lies within the target ({@code lib/python3.11/site-packages}, {@code
 *     BOOT-INF/lib/x.jar}), or empty
 * @param tags the platforms that its metadata names: the tags of a wheel's {@code WHEEL} file
 *     ({@code cp311-cp311-manylinux_2_27_x86_64}), conda's subdir ({@code linux-64}), npm's {@code
 *     os=linux}, {@code cpu=x64} and {@code libc=glibc}
 * @param fileNameTags the platforms that the name of its file promises: a wheel's tags with
 *     compressed sets expanded, a JAR's classifier ({@code linux-x86_64}); empty where it is
 *     installed or its name says nothing
 * @param members paths of the native files that belong to it, as in {@link Member#path()}
 * @param modules the names under which Python imports it: its top-level modules, or of a namespace
 *     shared with others the packages in it ({@code google.protobuf}); empty for others
 * @param requires the packages it says it needs
 * @param optional names of the packages that it uses where they fit the platform: npm's {@code
 *     optionalDependencies}
 */
public record Distribution(
    Ecosystem ecosystem,
    String name,
    String version,
    String location,
    List<String> tags,
    List<String> fileNameTags,
    List<String> members,
    List<String> modules,
    List<Need> requires,
    List<String> optional) {
  public Distribution {
    tags = List.copyOf(tags);
    fileNameTags = List.copyOf(fileNameTags);
    members = List.copyOf(members);
    modules = List.copyOf(modules);
    requires = List.copyOf(requires);
    optional = List.copyOf(optional);
  }

  /** A package whose file name and optional needs say nothing. */
  public Distribution(
      Ecosystem ecosystem,
      String name,
      String version,
      String location,
      List<String> tags,
      List<String> members,
      List<String> requires) {
    this(
        ecosystem,
        name,
        version,
        location,
        tags,
        List.of(),
        members,
        List.of(),
        requires.stream().map(Need::always).toList(),
        List.of());
  }

  /**
   * A package that another one says it needs.
   *
   * @param name its name, normalised
   * @param condition when it is needed, as the metadata writes it (environment markers of Python's
   *     dependency specifiers: {@code sys_platform == "win32"}); empty for always
   */
  public record Need(String name, String condition) {
    /** Needed whatever the platform. */
    public static Need always(String name) {
      return new Need(name, "");
    }
  }

  /** A family of packages with its own naming. */
  public enum Ecosystem {
    PYTHON,
    CONDA,
    MAVEN,
    NPM
  }
}
