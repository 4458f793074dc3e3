package dev.sigill.platform;

import java.util.ArrayList;
import java.util.List;

/**
 * A version of dotted numbers ({@code 10.15}, {@code 2.27}, {@code 3.4.21}). Missing parts count as
 * 0, so {@code 12} and {@code 12.0} are equal in order.
 *
 * @param text the version as written
 */
public record Version(String text) implements Comparable<Version> {
  /** The numbers of the version; what is not a number ends it. */
  public List<Integer> numbers() {
    var out = new ArrayList<Integer>();
    for (String part : text.split("\\.")) {
      if (part.isEmpty()
          || part.length() > 9
          || !part.chars().allMatch(c -> c >= '0' && c <= '9')) {
        break;
      }
      out.add(Integer.parseInt(part));
    }
    return out;
  }

  @Override
  public int compareTo(Version other) {
    List<Integer> a = numbers();
    List<Integer> b = other.numbers();
    for (int i = 0; i < Math.max(a.size(), b.size()); i++) {
      int x = i < a.size() ? a.get(i) : 0;
      int y = i < b.size() ? b.get(i) : 0;
      if (x != y) {
        return Integer.compare(x, y);
      }
    }
    return 0;
  }

  /** Whether this one is lower than the other. */
  public boolean isBelow(Version other) {
    return compareTo(other) < 0;
  }

  @Override
  public String toString() {
    return text;
  }
}
