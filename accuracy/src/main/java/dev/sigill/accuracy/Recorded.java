package dev.sigill.accuracy;

import java.util.ArrayList;
import java.util.List;

/**
 * What was measured elsewhere in the same way, as facts: runs of single wheels, old and faulty ones
 * among them, on machines in Sigill's notation.
 *
 * @param wheel the wheel's file name
 * @param machine the machine
 * @param outcome {@code ok}, {@code sigill} or {@code refuses}
 * @param stage load, import or use where it died, or empty
 * @param feature the feature of the instruction, or empty
 * @param image the image's path within the wheel, or the end of it, or empty
 * @param address the instruction's address as linked, or empty
 * @param kind what was done ({@code import-run}, {@code use-run}, {@code static}), or of which kind
 *     the check is that does not protect ({@code wrongly guarded}, {@code no guard}, {@code late
 *     guard}, {@code implied feature})
 */
record Recorded(
    String wheel,
    String machine,
    String outcome,
    String stage,
    String feature,
    String image,
    String address,
    String kind) {
  /** Published releases that were faulty, and their neighbours. */
  static List<Recorded> releases() {
    var rows = new ArrayList<Recorded>();
    for (String[] c : cells("recorded-releases.tsv", 9)) {
      rows.add(new Recorded(c[0], c[1], c[3], c[4], c[5], c[6], c[7], c[2]));
    }
    return rows;
  }

  /** Runs on processors from which one feature was taken. */
  static List<Recorded> gaps() {
    var rows = new ArrayList<Recorded>();
    for (String[] c : cells("recorded-gaps.tsv", 10)) {
      rows.add(new Recorded(c[0], c[2], c[3], c[4], c[5], c[6], c[7], c[9]));
    }
    return rows;
  }

  /** Runs of whole packages: name, version, action, processor, outcome, address, image. */
  static List<String[]> runs() {
    return cells("recorded-runs.tsv", 7);
  }

  boolean isDeath() {
    return outcome.equals("sigill");
  }

  /** Whether a path within the wheel is the image that faulted. */
  boolean isImage(String path) {
    return !image.isEmpty() && (path.equals(image) || path.endsWith("/" + image));
  }

  private static List<String[]> cells(String file, int columns) {
    var rows = new ArrayList<String[]>();
    for (String line : Resources.text(file).lines().toList()) {
      if (line.isBlank() || line.startsWith("#")) {
        continue;
      }
      String[] cells = line.split("\t", -1);
      if (cells.length != columns) {
        throw new IllegalArgumentException(file + " needs " + columns + " columns: " + line);
      }
      for (int i = 0; i < cells.length; i++) {
        cells[i] = cells[i].equals("-") ? "" : cells[i];
      }
      rows.add(cells);
    }
    return rows;
  }
}
