package dev.sigill.image.pe;

import dev.sigill.bytes.Bytes;
import dev.sigill.bytes.Limits;
import dev.sigill.bytes.Problem;
import dev.sigill.image.FunctionTable;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The function table ({@code .pdata}) of an image, searched in place. Its entries are sorted by
 * address, as the unwinder of Windows needs them. Parts of one function that follow each other
 * (chained unwind information, fragments) are one function here. Functions that call nothing and
 * keep no register have no entry.
 */
abstract sealed class PeFunctions implements FunctionTable {
  /** How many parts of one function are joined, before or after the one asked for. */
  private static final int MOST_PARTS = 1024;

  /** One in so many entries is copied to the heap, so that a search touches few pages. */
  private static final int SAMPLE_BITS = 6;

  final Bytes bytes;
  final PeMapping mapping;
  private final long imageBase;
  private final long start;
  private final int entrySize;
  private final int entries;
  private volatile int @Nullable [] sample;
  private volatile int @Nullable [] firstParts;

  private PeFunctions(
      Bytes bytes, PeMapping mapping, long imageBase, long start, int entrySize, int entries) {
    this.bytes = bytes;
    this.mapping = mapping;
    this.imageBase = imageBase;
    this.start = start;
    this.entrySize = entrySize;
    this.entries = entries;
  }

  /**
   * The table in a stretch of RVAs.
   *
   * @param machine whose form of entry it has, as in {@code Machine}; others have none known here
   */
  static FunctionTable read(
      Bytes bytes,
      PeMapping mapping,
      long imageBase,
      int machine,
      long tableRva,
      long tableSize,
      Limits limits,
      PeProblems problems) {
    int entrySize =
        switch (machine) {
          case PeHeaders.IMAGE_FILE_MACHINE_AMD64 -> 12;
          case PeHeaders.IMAGE_FILE_MACHINE_ARM64, PeHeaders.IMAGE_FILE_MACHINE_ARMNT -> 8;
          default -> 0;
        };
    if (entrySize == 0 || tableRva == 0 || tableSize < entrySize) {
      return EMPTY;
    }
    long room = mapping.room(tableRva);
    if (tableSize > room) {
      problems.partLost(
          Problem.Code.OUT_OF_RANGE,
          Math.max(0, mapping.fileOffset(tableRva)),
          "Exception Table Size",
          tableSize,
          room);
    }
    long present = Math.min(tableSize, room) / entrySize;
    int entries = (int) Math.min(present, limits.entries());
    if (entries < present) {
      problems.partLost(
          Problem.Code.LIMIT,
          mapping.fileOffset(tableRva),
          "Exception Table Size",
          present,
          limits.entries());
    }
    if (entries == 0) {
      return EMPTY;
    }
    long at = mapping.fileOffset(tableRva);
    return switch (machine) {
      case PeHeaders.IMAGE_FILE_MACHINE_AMD64 -> new X64(bytes, mapping, imageBase, at, entries);
      case PeHeaders.IMAGE_FILE_MACHINE_ARM64 -> new Arm64(bytes, mapping, imageBase, at, entries);
      default -> new Arm(bytes, mapping, imageBase, at, entries);
    };
  }

  /** The RVA at which an entry's code begins. */
  abstract long begin(int entry);

  /** The RVA after an entry's code. */
  abstract long end(int entry);

  /** Whether an entry that follows another without a gap goes on with the same function. */
  abstract boolean isPart(int entry);

  final long at(int entry, int field) {
    return bytes.u32(start + (long) entry * entrySize + field, ByteOrder.LITTLE_ENDIAN);
  }

  /** How many entries the table has, parts of functions counted each. */
  final int entries() {
    return entries;
  }

  private boolean continuesPrevious(int entry) {
    if (entry == 0 || end(entry - 1) != begin(entry)) {
      return false;
    }
    return begin(entry - 1) < begin(entry) && begin(entry) < end(entry) && isPart(entry);
  }

  @Override
  public final Range containing(long address) {
    long rva = address - imageBase;
    int entry = rva < 0 || rva >>> 32 != 0 ? -1 : find(rva);
    if (entry < 0 || rva >= end(entry)) {
      return Range.NONE;
    }
    int first = entry;
    while (entry - first < MOST_PARTS && continuesPrevious(first)) {
      first--;
    }
    return range(first, entry);
  }

  private Range range(int first, int known) {
    int last = known;
    while (last + 1 < entries && last - known < MOST_PARTS && continuesPrevious(last + 1)) {
      last++;
    }
    return new Range(imageBase + begin(first), imageBase + end(last));
  }

  /** The last entry that begins at or before an RVA, or -1. */
  private int find(long rva) {
    int[] index = sample();
    int low = 0;
    int high = index.length - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      if (Integer.compareUnsigned(index[middle], (int) rva) <= 0) {
        low = middle + 1;
      } else {
        high = middle - 1;
      }
    }
    if (high < 0) {
      return -1;
    }
    low = high << SAMPLE_BITS;
    high = Math.min(entries, low + (1 << SAMPLE_BITS)) - 1;
    while (low < high) {
      int middle = (low + high + 1) >>> 1;
      if (begin(middle) <= rva) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    return low;
  }

  private int[] sample() {
    int[] index = sample;
    if (index == null) {
      index = new int[((entries - 1) >>> SAMPLE_BITS) + 1];
      for (int i = 0; i < index.length; i++) {
        index[i] = (int) begin(i << SAMPLE_BITS);
      }
      // Two threads that race here compute the same.
      sample = index;
    }
    return index;
  }

  @Override
  public final int count() {
    return firstParts().length;
  }

  @Override
  public final Range at(int index) {
    int first = firstParts()[index];
    return range(first, first);
  }

  private int[] firstParts() {
    int[] firsts = firstParts;
    if (firsts == null) {
      synchronized (this) {
        firsts = firstParts;
        if (firsts == null) {
          firsts = new int[entries];
          int size = 0;
          int parts = 0;
          for (int i = 0; i < entries; i++) {
            parts = parts < MOST_PARTS && continuesPrevious(i) ? parts + 1 : 0;
            if (parts == 0) {
              firsts[size++] = i;
            }
          }
          firsts = Arrays.copyOf(firsts, size);
          firstParts = firsts;
        }
      }
    }
    return firsts;
  }

  /** Whether the entries are sorted and lie in the image; the first that does not is a problem. */
  final void check(PeProblems problems) {
    long last = 0;
    for (int i = 0; i < entries; i++) {
      long begin = begin(i);
      if (begin < last || !mapping.isMapped(begin)) {
        problems.partLost(
            begin < last ? Problem.Code.BAD_VALUE : Problem.Code.OUT_OF_RANGE,
            start + (long) i * entrySize,
            "BeginAddress",
            begin,
            begin < last ? last : mapping.end());
        return;
      }
      last = begin;
    }
  }

  /** {@code RUNTIME_FUNCTION} of x64 ("x64 exception handling": struct RUNTIME_FUNCTION). */
  private static final class X64 extends PeFunctions {
    private static final int UNW_FLAG_CHAININFO = 4;

    /** {@code UnwindInfoAddress} with this bit is the RVA of another entry. */
    private static final int RUNTIME_FUNCTION_INDIRECT = 1;

    private static final int DEEPEST_CHAIN = 32;

    X64(Bytes bytes, PeMapping mapping, long imageBase, long start, int entries) {
      super(bytes, mapping, imageBase, start, 12, entries);
    }

    @Override
    long begin(int entry) {
      return at(entry, 0);
    }

    @Override
    long end(int entry) {
      return at(entry, 4);
    }

    @Override
    boolean isPart(int entry) {
      long primary = primary(at(entry, 8));
      if (primary < 0) {
        return false;
      }
      long before = primary(at(entry - 1, 8));
      return primary == (before < 0 ? begin(entry - 1) : before);
    }

    /** Where the function begins whose part has this unwind information, or -1 where it is none. */
    private long primary(long unwindInfo) {
      long begin = -1;
      for (int depth = 0; depth < DEEPEST_CHAIN; depth++) {
        long chained;
        if ((unwindInfo & RUNTIME_FUNCTION_INDIRECT) != 0) {
          chained = mapping.fileOffset(unwindInfo & ~RUNTIME_FUNCTION_INDIRECT, 12);
        } else {
          long at = mapping.fileOffset(unwindInfo, 4);
          if (at < 0 || (bytes.u8(at) >>> 3 & UNW_FLAG_CHAININFO) == 0) {
            return begin;
          }
          // The entry chained to follows the unwind codes, of which there is an even number.
          int codes = (bytes.u8(at + 2) + 1) & ~1;
          chained = mapping.fileOffset(unwindInfo + 4 + 2L * codes, 12);
        }
        if (chained < 0) {
          return begin;
        }
        begin = bytes.u32(chained, ByteOrder.LITTLE_ENDIAN);
        unwindInfo = bytes.u32(chained + 8, ByteOrder.LITTLE_ENDIAN);
      }
      return begin;
    }
  }

  /** {@code .pdata} of ARM64 ("ARM64 exception handling": .pdata records, .xdata records). */
  private static final class Arm64 extends PeFunctions {
    private static final int UNWIND_END_C = 0xe5;

    Arm64(Bytes bytes, PeMapping mapping, long imageBase, long start, int entries) {
      super(bytes, mapping, imageBase, start, 8, entries);
    }

    @Override
    long begin(int entry) {
      return at(entry, 0);
    }

    @Override
    long end(int entry) {
      long unwind = at(entry, 4);
      return begin(entry)
          + switch ((int) unwind & 3) {
            case 0 -> (mapping.u32(unwind) & 0x3_ffff) * 4;
            case 1, 2 -> (unwind >>> 2 & 0x7ff) * 4;
            default -> 0;
          };
    }

    @Override
    boolean isPart(int entry) {
      long unwind = at(entry, 4);
      return switch ((int) unwind & 3) {
        case 0 -> firstUnwindCode(unwind) == UNWIND_END_C;
        case 2 -> true;
        default -> false;
      };
    }

    /** A fragment's unwind codes begin with {@code end_c}: its prolog is another part's. */
    private int firstUnwindCode(long xdata) {
      long header = mapping.u32(xdata);
      long epilogs = header >>> 22 & 0x1f;
      long codeWords = header >>> 27;
      boolean oneEpilogInHeader = (header >>> 21 & 1) != 0;
      long at = xdata + 4;
      if (epilogs == 0 && codeWords == 0) {
        epilogs = mapping.u32(at) & 0xffff;
        at += 4;
      }
      if (!oneEpilogInHeader) {
        at += epilogs * 4;
      }
      long offset = mapping.fileOffset(at, 1);
      return offset < 0 ? 0 : bytes.u8(offset);
    }
  }

  /** {@code .pdata} of ARMNT ("ARM exception handling": .pdata records, .xdata records). */
  private static final class Arm extends PeFunctions {
    Arm(Bytes bytes, PeMapping mapping, long imageBase, long start, int entries) {
      super(bytes, mapping, imageBase, start, 8, entries);
    }

    /** The lowest bit says Thumb. */
    @Override
    long begin(int entry) {
      return at(entry, 0) & ~1L;
    }

    @Override
    long end(int entry) {
      long unwind = at(entry, 4);
      return begin(entry)
          + switch ((int) unwind & 3) {
            case 0 -> (mapping.u32(unwind) & 0x3_ffff) * 2;
            case 1, 2 -> (unwind >>> 2 & 0x7ff) * 2;
            default -> 0;
          };
    }

    @Override
    boolean isPart(int entry) {
      long unwind = at(entry, 4);
      return switch ((int) unwind & 3) {
        case 0 -> (mapping.u32(unwind) >>> 22 & 1) != 0;
        case 2 -> true;
        default -> false;
      };
    }
  }
}
