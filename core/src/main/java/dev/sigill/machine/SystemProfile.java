package dev.sigill.machine;

import dev.sigill.platform.OperatingSystem;
import dev.sigill.platform.Version;
import java.util.Set;

/**
 * An operating system in one version, with the libraries that programs expect of it.
 *
 * @param name what people type: {@code ubuntu-22.04}, {@code macos-14}, {@code alpine-3.20}, {@code
 *     glibc-2.31}
 * @param title what people read
 * @param system which operating system
 * @param version its version ({@code 14.5}, {@code 22.04}), or {@code ""} where not known
 * @param libc the kind of C library
 * @param libcVersion its version, or {@code ""}
 * @param glibcxx the newest {@code GLIBCXX_} symbol version of its own libstdc++ ({@code 3.4.30}),
 *     or {@code ""}
 * @param requiredLevel the x86-64 level (2 to 4) without which it does not start on x86-64, or 0
 * @param libraries the file names in the folders in which the loader of one running system looks;
 *     empty where that is not known
 */
public record SystemProfile(
    String name,
    String title,
    OperatingSystem system,
    Version version,
    Libc libc,
    Version libcVersion,
    Version glibcxx,
    int requiredLevel,
    Set<String> libraries) {
  public SystemProfile {
    libraries = Set.copyOf(libraries);
  }

  /** No operating system said: the artifact's own, in its newest version. */
  public static final SystemProfile ANY =
      new SystemProfile(
          "",
          "any operating system",
          OperatingSystem.UNKNOWN,
          new Version(""),
          Libc.NONE,
          new Version(""),
          new Version(""));

  /** A system that starts on every processor of its architecture, as far as is known. */
  public SystemProfile(
      String name,
      String title,
      OperatingSystem system,
      Version version,
      Libc libc,
      Version libcVersion,
      Version glibcxx) {
    this(name, title, system, version, libc, libcVersion, glibcxx, 0);
  }

  /** A system of which it is not known which libraries are installed. */
  public SystemProfile(
      String name,
      String title,
      OperatingSystem system,
      Version version,
      Libc libc,
      Version libcVersion,
      Version glibcxx,
      int requiredLevel) {
    this(name, title, system, version, libc, libcVersion, glibcxx, requiredLevel, Set.of());
  }

  /** The same system with these libraries installed. */
  SystemProfile withLibraries(Set<String> installed) {
    return new SystemProfile(
        name, title, system, version, libc, libcVersion, glibcxx, requiredLevel, installed);
  }

  /** A C library of Linux. */
  public enum Libc {
    GLIBC,
    MUSL,
    BIONIC,
    /** Not Linux, or not known. */
    NONE
  }

  public boolean isAny() {
    return system == OperatingSystem.UNKNOWN;
  }
}
