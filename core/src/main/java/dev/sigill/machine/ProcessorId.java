package dev.sigill.machine;

import org.jspecify.annotations.Nullable;

/**
 * Tells a processor by the numbers it shows: family and model (x86), implementer and part (Arm),
 * {@code hw.cpufamily} (Apple). From {@code processors.ids} beside this class.
 *
 * @param machine its name in the catalog, or empty
 * @param title what people read
 */
record ProcessorId(String machine, String title) {

  /** The x86 processor of a vendor string, family and model; null where not known. */
  static @Nullable ProcessorId ofX86(String vendor, int family, int model) {
    CatalogFile file = CatalogFile.ofProgram("processors.ids");
    while (file.next()) {
      if (file.begins("x86")) {
        String[] words = file.line().split(" ");
        if (words[1].equals(vendor)
            && Integer.decode(words[2]) == family
            && isIn(model, words[3])) {
          return of(words[4]);
        }
      }
    }
    return null;
  }

  private static boolean isIn(int model, String ranges) {
    for (String range : ranges.split(",")) {
      int dash = range.indexOf('-');
      int first = Integer.decode(dash < 0 ? range : range.substring(0, dash));
      int last = dash < 0 ? first : Integer.decode(range.substring(dash + 1));
      if (model >= first && model <= last) {
        return true;
      }
    }
    return false;
  }

  /** The Arm core of MIDR_EL1's implementer and part number; null where not known. */
  static @Nullable ProcessorId ofArm(int implementer, int part) {
    CatalogFile file = CatalogFile.ofProgram("processors.ids");
    while (file.next()) {
      if (file.begins("arm")) {
        String[] words = file.line().split(" ", 4);
        if (Integer.decode(words[1]) == implementer && Integer.decode(words[2]) == part) {
          return of(words[3]);
        }
      }
    }
    return null;
  }

  /** The Mac of a value of {@code hw.cpufamily}; null where not known. */
  static @Nullable ProcessorId ofApple(int family) {
    CatalogFile file = CatalogFile.ofProgram("processors.ids");
    while (file.next()) {
      if (file.begins("apple")) {
        String[] words = file.line().split(" ");
        if (Long.decode(words[1]).intValue() == family) {
          return of(words[2]);
        }
      }
    }
    return null;
  }

  private static ProcessorId of(String machineOrTitle) {
    Machine machine = Catalog.standard().machine(machineOrTitle);
    return machine == null
        ? new ProcessorId("", machineOrTitle)
        : new ProcessorId(machineOrTitle, shortTitle(machine.title()));
  }

  /** A title without remarks: {@code Intel Haswell (2013)}, {@code Apple M4}. */
  static String shortTitle(String title) {
    int remark = title.indexOf(';');
    String head = remark < 0 ? title : title.substring(0, remark);
    int open = head.lastIndexOf('(');
    return open > 0 && head.indexOf(')', open) < 0 ? head.substring(0, open).strip() : head;
  }
}
