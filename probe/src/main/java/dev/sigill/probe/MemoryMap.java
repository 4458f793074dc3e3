package dev.sigill.probe;

import dev.sigill.crash.LoadedLibrary;
import java.util.ArrayList;
import java.util.List;

/** The mappings of a process, from {@code /proc/PID/maps} (proc(5)). */
record MemoryMap(List<MemoryMap.Mapping> mappings) {
  private static final int MOST = 65_536;

  /**
   * One mapping.
   *
   * @param start first address
   * @param end the address after the last byte
   * @param permissions as the kernel writes them: {@code r-xp}
   * @param offset the offset in the file of what lies at {@code start}
   * @param path the file, {@code [stack]} and its kind, or empty
   */
  record Mapping(long start, long end, String permissions, long offset, String path) {
    boolean contains(long address) {
      return Long.compareUnsigned(address, start) >= 0 && Long.compareUnsigned(address, end) < 0;
    }

    boolean isFile() {
      return path.startsWith("/");
    }
  }

  MemoryMap {
    mappings = List.copyOf(mappings);
  }

  static MemoryMap parse(String text) {
    var mappings = new ArrayList<Mapping>();
    for (String line : text.split("\n")) {
      String[] parts = line.split("\\s+", 6);
      int dash = parts[0].indexOf('-');
      if (parts.length < 5 || dash < 0 || mappings.size() == MOST) {
        continue;
      }
      try {
        String path = parts.length > 5 ? parts[5].strip() : "";
        mappings.add(
            new Mapping(
                Long.parseUnsignedLong(parts[0].substring(0, dash), 16),
                Long.parseUnsignedLong(parts[0].substring(dash + 1), 16),
                parts[1],
                Long.parseUnsignedLong(parts[2], 16),
                path.endsWith(" (deleted)") ? path.substring(0, path.length() - 10) : path));
      } catch (NumberFormatException e) {
        // Not a line of this kind.
        continue;
      }
    }
    return new MemoryMap(mappings);
  }

  /** The files mapped, as crash reports give them. */
  List<LoadedLibrary> libraries() {
    return mappings.stream()
        .filter(Mapping::isFile)
        .map(m -> new LoadedLibrary(m.path(), m.start(), m.end(), m.offset(), ""))
        .toList();
  }
}
