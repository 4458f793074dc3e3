package dev.sigill.report;

import dev.sigill.source.Distribution;
import dev.sigill.verdict.Result;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which package an image belongs to: the one whose metadata lists it, or else the one that its path
 * shows. For the wording of reports only.
 */
final class Packages {
  private static final List<String> ROOTS =
      List.of("site-packages/", "dist-packages/", "node_modules/");

  private final Map<String, Distribution> owners = new HashMap<>();

  Packages(Result result) {
    for (Distribution each : result.packages()) {
      for (String member : each.members()) {
        owners.putIfAbsent(member, each);
      }
    }
  }

  /** The package whose metadata lists an image, or null. */
  @Nullable Distribution owner(String image) {
    return owners.get(image);
  }

  /** The package's name and version, or what the path shows, or empty. */
  String label(String image) {
    Distribution owner = owners.get(image);
    return owner == null ? fromPath(image) : label(owner);
  }

  static String label(Distribution distribution) {
    return distribution.version().isEmpty()
        ? distribution.name()
        : distribution.name() + " " + distribution.version();
  }

  private static String fromPath(String image) {
    int container = image.indexOf("!/");
    if (container > 0) {
      return image.substring(image.lastIndexOf('/', container) + 1, container);
    }
    String path = image;
    for (String root : ROOTS) {
      int at = path.lastIndexOf(root);
      if (at >= 0) {
        path = path.substring(at + root.length());
      }
    }
    int slash = path.indexOf('/');
    if (slash < 0) {
      return "";
    }
    String first = path.substring(0, slash);
    if (first.startsWith("@")) {
      int second = path.indexOf('/', slash + 1);
      return second < 0 ? path : path.substring(0, second);
    }
    // Repaired wheels carry their libraries in NAME.libs beside the package.
    return first.endsWith(".libs") ? first.substring(0, first.length() - 5) : first;
  }
}
