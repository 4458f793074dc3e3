package dev.sigill.source;

import java.util.List;

/**
 * A package as its ecosystem names it.
 *
 * @param ecosystem which one
 * @param name the package's name, normalised ({@code tensorflow-cpu}; {@code group:artifact} for
 *     Maven)
 * @param version its version, or empty
 * @param location where it lies within the target ({@code lib/python3.11/site-packages}), or empty
 * @param tags platform tags in its metadata or file name ({@code
 *     cp311-cp311-manylinux_2_27_x86_64})
 * @param members paths of the native files that belong to it, as in {@link Member#path()}
 * @param requires names of the packages it says it needs
 */
public record Distribution(
    Ecosystem ecosystem,
    String name,
    String version,
    String location,
    List<String> tags,
    List<String> members,
    List<String> requires) {
  public Distribution {
    tags = List.copyOf(tags);
    members = List.copyOf(members);
    requires = List.copyOf(requires);
  }

  /** A family of packages with its own naming. */
  public enum Ecosystem {
    PYTHON,
    CONDA,
    MAVEN,
    NPM
  }
}
