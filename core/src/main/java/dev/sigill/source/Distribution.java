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
 * @param requires names of the packages it says it needs
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
    List<String> requires,
    List<String> optional) {
  public Distribution {
    tags = List.copyOf(tags);
    fileNameTags = List.copyOf(fileNameTags);
    members = List.copyOf(members);
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
    this(ecosystem, name, version, location, tags, List.of(), members, requires, List.of());
  }

  /** A family of packages with its own naming. */
  public enum Ecosystem {
    PYTHON,
    CONDA,
    MAVEN,
    NPM
  }
}
