package dev.sigill.image.macho;

/**
 * A library that an image names ({@code dylib_command}).
 *
 * @param name its install name as written, for instance {@code @rpath/libomp.dylib}
 * @param kind the load command
 * @param isWeak whether the image loads without it
 * @param isReexported whether its exports count as this image's own
 * @param currentVersion {@code current_version} as {@code x.y.z}
 * @param compatibilityVersion {@code compatibility_version} as {@code x.y.z}
 */
public record MachODylib(
    String name,
    Kind kind,
    boolean isWeak,
    boolean isReexported,
    String currentVersion,
    String compatibilityVersion) {
  /** The load command that names a library. */
  public enum Kind {
    LC_ID_DYLIB,
    LC_LOAD_DYLIB,
    LC_LOAD_WEAK_DYLIB,
    LC_REEXPORT_DYLIB,
    LC_LAZY_LOAD_DYLIB,
    LC_LOAD_UPWARD_DYLIB
  }
}
