package dev.sigill.verdict;

import dev.sigill.analysis.Requirements;
import dev.sigill.analysis.Stage;
import dev.sigill.image.Needed;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Which images stop a program that loads them, or starts them as extensions, and what does. */
final class Stops {
  private Stops() {}

  /** The finding that decides, by the path of the image; in the order of the images. */
  static Map<String, Finding> of(Case judged, List<Finding> findings) {
    Map<String, Finding> refused = new HashMap<>();
    for (Finding finding : findings) {
      boolean isOfLoader = finding.rule() != Rule.SIG101 && finding.rule() != Rule.SIG102;
      if (isOfLoader && isStop(finding) && !finding.image().isEmpty()) {
        refused.putIfAbsent(finding.image(), finding);
      }
    }
    Map<String, List<Requirements>> byName = new HashMap<>();
    for (Requirements image : judged.judged()) {
      Stream.of(image.path(), image.installName())
          .map(Words::baseName)
          .distinct()
          .forEach(name -> byName.computeIfAbsent(name, _ -> new ArrayList<>()).add(image));
    }
    Map<String, Finding> stops = new LinkedHashMap<>();
    for (Requirements image : judged.judged()) {
      @Nullable Finding stop = refused.isEmpty() ? null : refused(image, refused, byName);
      if (stop == null) {
        stop = InstructionRules.stop(image, judged.machine(), findings);
      }
      if (stop != null) {
        stops.putIfAbsent(image.path(), stop);
      }
    }
    return stops;
  }

  static boolean isStop(Finding finding) {
    return switch (finding.verdict()) {
      case FAILS_TO_LOAD, CRASHES, REFUSES -> finding.stage().compareTo(Stage.IMPORT) <= 0;
      case RUNS, UNKNOWN, MAY_CRASH, NOT_INSTALLABLE -> false;
    };
  }

  /** What the loader refuses of an image or of a library that it loads. */
  private static @Nullable Finding refused(
      Requirements image, Map<String, Finding> refused, Map<String, List<Requirements>> byName) {
    var queue = new ArrayDeque<Requirements>();
    Set<String> seen = new HashSet<>();
    queue.add(image);
    while (!queue.isEmpty()) {
      Requirements next = queue.remove();
      if (!seen.add(next.path())) {
        continue;
      }
      @Nullable Finding finding = refused.get(next.path());
      if (finding != null) {
        return finding;
      }
      for (Needed needed : next.needed()) {
        if (!needed.isOptional()) {
          byName.getOrDefault(Words.baseName(needed.name()), List.of()).stream()
              .filter(
                  other ->
                      other.format() == image.format()
                          && other.architecture() == image.architecture())
              .forEach(queue::add);
        }
      }
    }
    return null;
  }
}
