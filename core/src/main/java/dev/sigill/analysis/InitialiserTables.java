package dev.sigill.analysis;

import dev.sigill.image.Slot;
import java.util.ArrayList;
import java.util.List;

/** Tables of function pointers that a C runtime runs from first to last. */
final class InitialiserTables {
  private static final int MOST_ENTRIES = 65_536;

  private InitialiserTables() {}

  /**
   * The functions in the table between two addresses; empty where what lies there is not such a
   * table: every place must be empty or hold the address of code, and one must hold some.
   */
  static List<Long> between(LoadedImage image, long first, long last) {
    long size = last - first;
    if (size <= 0 || size % 8 != 0 || size / 8 > MOST_ENTRIES) {
      return List.of();
    }
    var functions = new ArrayList<Long>();
    for (long at = first; at < last; at += 8) {
      switch (image.slot(at)) {
        case Slot.Local local -> {
          if (!image.isCode(local.address())) {
            return List.of();
          }
          functions.add(local.address());
        }
        case Slot.Imported _, Slot.Resolved _ -> {
          return List.of();
        }
        case Slot.None _ -> {
          long offset = image.image().fileOffset(at);
          if (offset < 0
              || !image.image().bytes().has(offset, 8)
              || image.image().bytes().i64(offset, image.image().byteOrder()) != 0) {
            return List.of();
          }
        }
      }
    }
    return functions;
  }
}
