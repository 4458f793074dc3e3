package dev.sigill.verdict;

import dev.sigill.analysis.Requirements;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Libraries that are loaded by their names and can stand for one another: they lie side by side and
 * offer the same functions, but for the words in which their own names differ ({@code ghash_clmul}
 * of {@code _ghash_clmul}, {@code ghash_portable} of {@code _ghash_portable}). Whoever loads one
 * chooses, by code that is not seen. What they offer is what they are for, so this is no guess from
 * a single name.
 */
final class Twins {
  /** Of the functions of the one that offers less, in percent. */
  private static final int LEAST_SHARED = 80;

  private static final int LEAST_FUNCTIONS = 2;

  private Twins() {}

  /** A library of some that can stand for one; null where there is none. */
  static @Nullable Requirements of(Requirements image, List<Requirements> others) {
    for (Requirements other : others) {
      if (!other.path().equals(image.path())
          && other.architecture() == image.architecture()
          && folder(other.path()).equals(folder(image.path()))
          && isAlike(image, other)) {
        return other;
      }
    }
    return null;
  }

  private static boolean isAlike(Requirements one, Requirements other) {
    if (Math.min(one.offers().size(), other.offers().size()) < LEAST_FUNCTIONS) {
      return false;
    }
    Set<String> mine = words(one.path());
    Set<String> theirs = words(other.path());
    Set<String> common = new HashSet<>(mine);
    common.retainAll(theirs);
    mine.removeAll(common);
    theirs.removeAll(common);
    Set<String> offered = without(one.offers(), mine);
    Set<String> shared = without(other.offers(), theirs);
    int least = Math.min(offered.size(), shared.size());
    shared.retainAll(offered);
    return least >= LEAST_FUNCTIONS && shared.size() * 100 >= least * LEAST_SHARED;
  }

  /** Names of functions without some words, without what every library has. */
  private static Set<String> without(List<String> names, Set<String> words) {
    Set<String> out = new TreeSet<>();
    for (String name : names) {
      if (name.equals("_init") || name.equals("_fini")) {
        continue;
      }
      String rest = name.toLowerCase(Locale.ROOT);
      for (String word : words) {
        rest = rest.replace(word, "");
      }
      out.add(rest);
    }
    return out;
  }

  private static Set<String> words(String path) {
    String name = Words.baseName(path).toLowerCase(Locale.ROOT);
    int dot = name.indexOf('.');
    Set<String> out = new HashSet<>();
    for (String word : (dot < 0 ? name : name.substring(0, dot)).split("[^a-z0-9]+")) {
      if (!word.isEmpty()) {
        out.add(word);
      }
    }
    return out;
  }

  private static String folder(String path) {
    int slash = path.lastIndexOf('/');
    return slash < 0 ? "" : path.substring(0, slash);
  }
}
