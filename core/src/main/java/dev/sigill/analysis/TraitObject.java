package dev.sigill.analysis;

import dev.sigill.image.Slot;
import java.util.ArrayList;
import java.util.List;

/**
 * A Rust trait object: a pair of pointers, to the data and to a table of drop function, size,
 * alignment and methods (The Rust Reference, "Dynamically sized types"; the layout as rustc makes
 * it, {@code rustc_middle::ty::vtable}). Whoever is handed the pair calls the methods with the data
 * first. Closures are handed to {@code Once} and its kin so: what they learn of the processor they
 * leave in variables that only their data names.
 */
final class TraitObject {
  private static final int METHODS = 24;
  private static final int MOST_METHODS = 6;
  private static final long MOST_SIZE = 1 << 16;
  private static final long MOST_ALIGNMENT = 64;

  private TraitObject() {}

  /**
   * The places of the methods in a table.
   *
   * @param table a value that may be the table's address
   * @return nothing where it is no such table
   */
  static List<Long> methods(Interpretation interpretation, long table) {
    if (Values.kind(table) != Values.ADDRESS || Values.isTainted(table)) {
      return List.of();
    }
    long place = Values.payload(table);
    int number = Interpretation.imageNumberOf(place);
    if (number >= Interpretation.THREAD_LOCAL) {
      return List.of();
    }
    long address = interpretation.virtualAddressOf(place);
    LoadedImage image = interpretation.image(number);
    if ((address & 7) != 0 || !isDrop(interpretation, number, address)) {
      return List.of();
    }
    long size = interpretation.fileNumber(number, address + 8, 8);
    long alignment = interpretation.fileNumber(number, address + 16, 8);
    if (!Values.isConstant(size)
        || !Values.isConstant(alignment)
        || Values.number(size) < 0
        || Values.number(size) > MOST_SIZE
        || Long.bitCount(Values.number(alignment)) != 1
        || Values.number(alignment) > MOST_ALIGNMENT) {
      return List.of();
    }
    var out = new ArrayList<Long>();
    for (int i = 0; i < MOST_METHODS; i++) {
      if (!(image.slot(address + METHODS + i * 8L) instanceof Slot.Local local)
          || !image.isCode(local.address())) {
        break;
      }
      out.add(interpretation.place(number, local.address()));
    }
    return out;
  }

  /** Objects that need no dropping have no function for it. */
  private static boolean isDrop(Interpretation interpretation, int number, long address) {
    LoadedImage image = interpretation.image(number);
    return switch (image.slot(address)) {
      case Slot.Local local -> image.isCode(local.address());
      case Slot.None _ -> {
        long first = interpretation.fileNumber(number, address, 8);
        yield Values.isConstant(first) && Values.number(first) == 0;
      }
      case Slot.Imported _, Slot.Resolved _ -> false;
    };
  }
}
