package dev.sigill.verdict;

import dev.sigill.analysis.Requirements;
import dev.sigill.platform.Version;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An image and a version that it asks for.
 *
 * @param image the image
 * @param name the version as the file writes it
 * @param version the version in order
 */
record Asked(Requirements image, String name, Version version) {
  /** The highest version asked for, the first image that does; null of none. */
  static @Nullable Asked most(List<Asked> asked) {
    Asked most = null;
    for (Asked next : asked) {
      if (most == null || most.version().isBelow(next.version())) {
        most = next;
      }
    }
    return most;
  }

  /** Adds a line that names the other images. */
  static void likewise(List<Asked> asked, Asked most, List<String> details) {
    List<String> others =
        asked.stream()
            .filter(a -> !a.image().path().equals(most.image().path()))
            .map(a -> a.image().path() + " (" + a.name() + ")")
            .distinct()
            .toList();
    if (!others.isEmpty()) {
      details.add("Likewise " + Words.some(others, 3));
    }
  }
}
