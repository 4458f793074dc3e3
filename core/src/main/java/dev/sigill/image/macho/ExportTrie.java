package dev.sigill.image.macho;

import dev.sigill.bytes.Problem;
import dev.sigill.image.macho.LoadCommands.Part;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/**
 * The exports of {@code LC_DYLD_INFO} or {@code LC_DYLD_EXPORTS_TRIE}: a trie whose edges are texts
 * ({@code loader.h}, "export information"). Looked up in place.
 */
final class ExportTrie {
  private static final int EXPORT_SYMBOL_FLAGS_KIND_MASK = 0x03;
  private static final int EXPORT_SYMBOL_FLAGS_KIND_THREAD_LOCAL = 0x01;
  private static final int EXPORT_SYMBOL_FLAGS_KIND_ABSOLUTE = 0x02;
  private static final int EXPORT_SYMBOL_FLAGS_WEAK_DEFINITION = 0x04;
  private static final int EXPORT_SYMBOL_FLAGS_REEXPORT = 0x08;
  private static final int EXPORT_SYMBOL_FLAGS_STUB_AND_RESOLVER = 0x10;

  /** All names together may be this many times longer than the trie, which shares beginnings. */
  private static final int MOST_EXPANSION = 100;

  /** Edges without text on the way to one name; more lead in a circle. */
  private static final int MOST_EMPTY_EDGES = 64;

  private final MachOBytes file;
  private final long start;
  private final long end;
  private final MachOProblems problems;

  /**
   * What an export is.
   *
   * @param flags {@code EXPORT_SYMBOL_FLAGS_*}
   * @param offset the address relative to the image's header, or the resolver's; as it is where the
   *     kind is absolute; 0 for re-exports
   * @param ordinal the library of a re-export, else 0
   * @param importedName the re-export's name there, empty where it is the same
   */
  record Export(int flags, long offset, int ordinal, String importedName) {
    boolean isReexport() {
      return (flags & EXPORT_SYMBOL_FLAGS_REEXPORT) != 0;
    }

    boolean isWeak() {
      return (flags & EXPORT_SYMBOL_FLAGS_WEAK_DEFINITION) != 0;
    }

    boolean hasResolver() {
      return (flags & EXPORT_SYMBOL_FLAGS_STUB_AND_RESOLVER) != 0;
    }

    boolean isAbsolute() {
      return (flags & EXPORT_SYMBOL_FLAGS_KIND_MASK) == EXPORT_SYMBOL_FLAGS_KIND_ABSOLUTE;
    }

    boolean isThreadLocal() {
      return (flags & EXPORT_SYMBOL_FLAGS_KIND_MASK) == EXPORT_SYMBOL_FLAGS_KIND_THREAD_LOCAL;
    }
  }

  /** Takes an export and its name. */
  interface Action {
    void accept(String name, Export export);
  }

  ExportTrie(MachOBytes file, Part part, MachOProblems problems) {
    this.file = file;
    this.start = part.offset();
    this.end = part.offset() + part.size();
    this.problems = problems;
  }

  /** A place in the trie; reads past its end give 0 and are remembered. */
  private final class Place {
    long at;
    boolean isSound = true;

    int u8() {
      if (at >= end) {
        isSound = false;
        return 0;
      }
      return file.u8(at++);
    }

    long uleb() {
      long value = 0;
      for (int shift = 0; shift < 70; shift += 7) {
        int b = u8();
        if (shift < 64) {
          value |= (long) (b & 0x7f) << shift;
        }
        if ((b & 0x80) == 0) {
          return value;
        }
      }
      isSound = false;
      return 0;
    }

    /** Goes to a node and then to its children, past what it exports itself; its size. */
    long enter(long node) {
      if (node < 0 || node >= end - start) {
        isSound = false;
        return 0;
      }
      at = start + node;
      long size = uleb();
      if (size < 0 || size > end - at) {
        isSound = false;
        return 0;
      }
      at += size;
      return size;
    }
  }

  /** The export of a name, or null. */
  @Nullable Export find(String name) {
    byte[] wanted = name.getBytes(StandardCharsets.UTF_8);
    var place = new Place();
    long node = 0;
    int matched = 0;
    int emptyEdges = 0;
    while (true) {
      long size = place.enter(node);
      if (!place.isSound) {
        return null;
      }
      if (matched == wanted.length && size > 0) {
        return export(place.at - size, size);
      }
      long next = -1;
      int length = 0;
      for (int children = place.u8(); children > 0 && place.isSound; children--) {
        length = 0;
        boolean isEqual = true;
        for (int c = place.u8(); c != 0; c = place.u8()) {
          isEqual &= matched + length < wanted.length && (byte) c == wanted[matched + length];
          length++;
        }
        long child = place.uleb();
        if (isEqual && place.isSound) {
          next = child;
          break;
        }
      }
      // Some linkers write edges without text to what a name itself exports.
      if (next < 0 || length == 0 && ++emptyEdges > MOST_EMPTY_EDGES) {
        return null;
      }
      matched += length;
      node = next;
    }
  }

  private @Nullable Export export(long at, long size) {
    var place = new Place();
    place.at = at;
    int flags = (int) place.uleb();
    long offset = 0;
    int ordinal = 0;
    String importedName = "";
    if ((flags & EXPORT_SYMBOL_FLAGS_REEXPORT) != 0) {
      ordinal = Math.clamp(place.uleb(), -1, Integer.MAX_VALUE);
      int room = Math.clamp(at + size - place.at, 0, MachO.MOST_NAME);
      importedName = file.text(place.at, room);
    } else {
      offset = place.uleb();
      if ((flags & EXPORT_SYMBOL_FLAGS_STUB_AND_RESOLVER) != 0) {
        offset = place.uleb();
      }
    }
    return place.isSound && place.at <= at + size
        ? new Export(flags, offset, ordinal, importedName)
        : null;
  }

  /** All exports. */
  void forEach(Action action) {
    forEach("", action);
  }

  /** All exports whose names begin with a text; what cannot lead to one is passed over. */
  void forEach(String prefix, Action action) {
    if (start >= end) {
      return;
    }
    byte[] wanted = prefix.getBytes(StandardCharsets.UTF_8);
    var visited = new BitSet();
    // Of each node on the way: where its children go on, how many are left, and its name's length.
    var positions = new long[64];
    var left = new int[64];
    var lengths = new int[64];
    var name = new byte[256];
    long room = MOST_EXPANSION * (end - start) + (1 << 20);
    int depth = 0;
    int length = 0;
    long node = 0;
    var place = new Place();
    while (true) {
      if (node >= 0) {
        long size = node < end - start && isNew(visited, node) ? place.enter(node) : -1;
        if (size < 0 || !place.isSound) {
          lose(size < 0 ? Problem.Code.CYCLE : Problem.Code.OUT_OF_RANGE, node);
          place.isSound = true;
        } else {
          if (size > 0) {
            Export export = export(place.at - size, size);
            room -= length;
            if (length < wanted.length) {
              // Only the beginning of what is wanted.
            } else if (export == null || room < 0) {
              lose(export == null ? Problem.Code.BAD_VALUE : Problem.Code.LIMIT, node);
              if (room < 0) {
                return;
              }
            } else {
              action.accept(new String(name, 0, length, StandardCharsets.UTF_8), export);
            }
          }
          if (depth == positions.length) {
            positions = Arrays.copyOf(positions, depth * 2);
            left = Arrays.copyOf(left, depth * 2);
            lengths = Arrays.copyOf(lengths, depth * 2);
          }
          left[depth] = place.u8();
          positions[depth] = place.at;
          lengths[depth++] = length;
          place.isSound = true;
        }
      }
      while (depth > 0 && left[depth - 1] == 0) {
        depth--;
      }
      if (depth == 0) {
        return;
      }
      left[depth - 1]--;
      place.at = positions[depth - 1];
      length = lengths[depth - 1];
      for (int c = place.u8(); c != 0; c = place.u8()) {
        if (length == name.length) {
          name = Arrays.copyOf(name, length * 2);
        }
        if (length < MachO.MOST_NAME) {
          name[length++] = (byte) c;
        }
      }
      node = place.uleb();
      positions[depth - 1] = place.at;
      int shared = Math.min(length, wanted.length);
      boolean isWanted = Arrays.equals(name, 0, shared, wanted, 0, shared);
      if (!place.isSound || length == MachO.MOST_NAME) {
        lose(place.isSound ? Problem.Code.BAD_VALUE : Problem.Code.TRUNCATED, place.at - start);
        if (!place.isSound) {
          left[depth - 1] = 0;
          place.isSound = true;
        }
        node = -1;
      } else if (!isWanted) {
        node = -1;
      }
    }
  }

  private static boolean isNew(BitSet visited, long node) {
    if (node > Integer.MAX_VALUE - 1 || visited.get((int) node)) {
      return false;
    }
    visited.set((int) node);
    return true;
  }

  private void lose(Problem.Code code, long node) {
    problems.partLost(code, start, "export trie: node", node, end - start);
  }
}
