package dev.sigill.source;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The parts of a wheel's file name (binary distribution format, "File name convention").
 *
 * @param name the package's name, normalised
 * @param version its version
 * @param tags its tags, compressed sets expanded (platform compatibility tags)
 */
record WheelName(String name, String version, List<String> tags) {
  private static final int MOST_TAGS = 1000;

  WheelName {
    tags = List.copyOf(tags);
  }

  /** The parts of a name, or null where it is not a wheel's. */
  static @Nullable WheelName of(String fileName) {
    if (!ArchiveNames.isWheel(fileName)) {
      return null;
    }
    String[] parts = fileName.substring(0, fileName.length() - ".whl".length()).split("-");
    // A build number begins with a digit, a Python tag does not; PEP 825 puts a variant last.
    int first =
        parts.length > 5 && !parts[2].isEmpty() && Character.isDigit(parts[2].charAt(0)) ? 3 : 2;
    if (parts.length < first + 3) {
      return null;
    }
    var tags = new ArrayList<String>();
    for (String python : parts[first].split("\\.")) {
      for (String abi : parts[first + 1].split("\\.")) {
        for (String platform : parts[first + 2].split("\\.")) {
          if (tags.size() < MOST_TAGS) {
            tags.add(python + "-" + abi + "-" + platform);
          }
        }
      }
    }
    return new WheelName(MetadataFiles.normalise(parts[0]), parts[1], tags);
  }
}
