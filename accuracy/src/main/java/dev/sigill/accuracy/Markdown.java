package dev.sigill.accuracy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** Parts of the page. */
final class Markdown {
  private Markdown() {}

  /** A table; cells are escaped. */
  static String table(List<String> head, List<List<String>> rows) {
    var out = new StringBuilder();
    out.append(line(head)).append(line(head.stream().map(_ -> "---").toList()));
    rows.forEach(row -> out.append(line(row)));
    return out.toString();
  }

  static List<String> row(Object... cells) {
    return Arrays.stream(cells).map(String::valueOf).toList();
  }

  /** The first few of a list, and how many more there are. */
  static String some(List<String> all, int most) {
    List<String> distinct = all.stream().distinct().toList();
    if (distinct.size() <= most) {
      return String.join(", ", distinct);
    }
    var shown = new ArrayList<>(distinct.subList(0, most));
    shown.add((distinct.size() - most) + " more");
    return String.join(", ", shown);
  }

  /** A part of a whole in words: {@code 3 of 4 (75.0 %)}. */
  static String share(long part, long whole) {
    return whole == 0
        ? "0 of 0"
        : "%d of %d (%.1f %%)".formatted(part, whole, 100.0 * part / whole);
  }

  private static String line(List<String> cells) {
    return cells.stream()
        .map(cell -> cell.replace("|", "\\|").replace("\n", " "))
        .collect(Collectors.joining(" | ", "| ", " |\n"));
  }
}
