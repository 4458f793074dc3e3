package dev.sigill.machine;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/** What names have in common however they are typed, and which are near one another. */
final class Spelling {
  private static final int NEAR = 4;

  private Spelling() {}

  /** A name without case, hyphens, underscores and spaces: {@code Sandy_Bridge} is sandybridge. */
  static String key(String name) {
    var key = new StringBuilder(name.length());
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      if (c != '-' && c != '_' && c != ' ') {
        key.append(Character.toLowerCase(c));
      }
    }
    return key.toString();
  }

  /** The few names that someone may have meant, the nearest first. */
  static List<String> near(String typed, Collection<String> names) {
    String key = key(typed);
    record Candidate(String name, int distance) {}
    var candidates = new ArrayList<Candidate>();
    int most = Math.max(1, key.length() / 4);
    for (String name : names) {
      String other = key(name);
      boolean isPart = key.length() >= 3 && (other.startsWith(key) || key.startsWith(other));
      int distance = distance(key, other, most);
      if (distance <= most) {
        candidates.add(new Candidate(name, distance));
      } else if (isPart && other.length() >= 3) {
        candidates.add(new Candidate(name, most + Math.abs(other.length() - key.length())));
      }
    }
    return candidates.stream()
        .sorted(Comparator.comparingInt(Candidate::distance).thenComparing(Candidate::name))
        .map(Candidate::name)
        .distinct()
        .limit(NEAR)
        .toList();
  }

  /**
   * How many letters must be changed, added, left out or swapped with their neighbour to turn one
   * word into the other; more than {@code most} where it is more.
   */
  static int distance(String a, String b, int most) {
    if (Math.abs(a.length() - b.length()) > most) {
      return most + 1;
    }
    int[] older = new int[b.length() + 1];
    int[] previous = new int[b.length() + 1];
    int[] current = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      previous[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      current[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int change = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
        int best = Math.min(previous[j - 1] + change, Math.min(previous[j], current[j - 1]) + 1);
        if (i > 1
            && j > 1
            && a.charAt(i - 1) == b.charAt(j - 2)
            && a.charAt(i - 2) == b.charAt(j - 1)) {
          best = Math.min(best, older[j - 2] + 1);
        }
        current[j] = best;
      }
      int[] spare = older;
      older = previous;
      previous = current;
      current = spare;
    }
    return previous[b.length()];
  }
}
