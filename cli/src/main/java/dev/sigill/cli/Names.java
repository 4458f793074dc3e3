package dev.sigill.cli;

import java.util.Collection;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Finds the name that was probably meant. */
final class Names {
  private Names() {}

  /** The name that differs least from the one wanted, where that is little; the first of equals. */
  static Optional<String> nearest(String wanted, Collection<String> names) {
    @Nullable String best = null;
    int least = Math.max(2, wanted.length() / 5) + 1;
    for (String name : names) {
      int distance = distance(wanted, name, least);
      if (distance < least || (distance == least && best != null && name.compareTo(best) < 0)) {
        least = distance;
        best = name;
      }
    }
    return Optional.ofNullable(best);
  }

  /** Edits between two names (Levenshtein), or more than the limit where they are far apart. */
  private static int distance(String a, String b, int limit) {
    if (Math.abs(a.length() - b.length()) > limit) {
      return limit + 1;
    }
    int[] previous = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      previous[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int[] row = new int[b.length() + 1];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int change = previous[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        row[j] = Math.min(change, 1 + Math.min(previous[j], row[j - 1]));
      }
      previous = row;
    }
    return previous[b.length()];
  }
}
