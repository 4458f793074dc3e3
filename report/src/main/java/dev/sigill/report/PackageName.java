package dev.sigill.report;

import java.util.List;

/** The package that a path within a target seems to belong to, for grouping lines of a report. */
final class PackageName {
  private static final List<String> ROOTS =
      List.of("site-packages/", "dist-packages/", "node_modules/");

  private PackageName() {}

  /** The package's name, or empty where the path shows none. */
  static String of(String image) {
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
