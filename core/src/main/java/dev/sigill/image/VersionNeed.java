package dev.sigill.image;

/**
 * A symbol version that a library must offer (ELF {@code .gnu.version_r}).
 *
 * @param library the library's name, as in {@link Needed}
 * @param version the version, for instance {@code GLIBC_2.27} or {@code GLIBCXX_3.4.21}
 * @param isWeak whether the loader goes on without it
 */
public record VersionNeed(String library, String version, boolean isWeak) {}
