package dev.sigill.image.macho;

import java.util.List;

/** Which library a two-level name's ordinal means. */
final class Libraries {
  /** {@code BIND_SPECIAL_DYLIB_SELF}: the image itself. */
  static final int SELF = 0;

  /** {@code BIND_SPECIAL_DYLIB_MAIN_EXECUTABLE}. */
  static final int MAIN_EXECUTABLE = -1;

  /** {@code BIND_SPECIAL_DYLIB_FLAT_LOOKUP}: any image, in load order. */
  static final int FLAT_LOOKUP = -2;

  /** {@code BIND_SPECIAL_DYLIB_WEAK_LOOKUP}: any image with weak definitions, in load order. */
  static final int WEAK_LOOKUP = -3;

  private final List<MachODylib> dylibs;
  private final boolean isTwoLevel;

  Libraries(List<MachODylib> dylibs, boolean isTwoLevel) {
    this.dylibs = dylibs;
    this.isTwoLevel = isTwoLevel;
  }

  /** The library's name as in {@link dev.sigill.image.Needed}; empty where any image may define. */
  String name(int ordinal) {
    return isTwoLevel && ordinal > 0 && ordinal <= dylibs.size()
        ? dylibs.get(ordinal - 1).name()
        : "";
  }

  /** {@code GET_LIBRARY_ORDINAL}: the ordinal in an undefined symbol's {@code n_desc}. */
  static int ordinalOf(int description) {
    int ordinal = description >>> 8 & 0xff;
    return switch (ordinal) {
      case 0xff -> MAIN_EXECUTABLE;
      case 0xfe -> FLAT_LOOKUP;
      default -> ordinal;
    };
  }
}
