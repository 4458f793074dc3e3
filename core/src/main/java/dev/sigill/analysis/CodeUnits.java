package dev.sigill.analysis;

import dev.sigill.image.CodeRange;
import dev.sigill.image.FunctionTable;
import dev.sigill.image.Image;
import dev.sigill.image.Section;
import dev.sigill.isa.x86.X86Decoder;
import java.util.Arrays;
import java.util.Comparator;

/**
 * The code of one image cut into units by address: its functions, what lies between two of them,
 * and the single stubs of linkage tables. A unit is named by its number in the order of addresses.
 */
final class CodeUnits {
  /** Entries of {@code .plt} and its kin begin at multiples of this. */
  private static final int ELF_STUB = 8;

  /** Entries of Mach-O's {@code __stubs} on x86-64 have this size. */
  private static final int MACH_O_STUB = 6;

  private long[] starts = new long[1024];
  private int count;

  /** Where the last unit of each code range ends. */
  private final CodeRange[] ranges;

  CodeUnits(Image image) {
    ranges =
        image.code().stream()
            .sorted(Comparator.comparingLong(CodeRange::start))
            .toArray(CodeRange[]::new);
    FunctionTable functions = image.functions();
    int next = 0;
    int functionCount = functions.count();
    for (CodeRange range : ranges) {
      long at = range.start();
      add(at);
      long gap = at;
      while (next < functionCount) {
        FunctionTable.Range function = functions.at(next);
        if (function.start() >= range.end()) {
          break;
        }
        next++;
        if (function.start() >= at) {
          cut(image, range, gap, function.start());
          add(function.start());
          at = Math.max(at, function.end());
          gap = at;
          if (at < range.end()) {
            // What follows belongs to no function, unless the next one begins here.
            add(at);
          }
        }
      }
      cut(image, range, gap, range.end());
    }
    for (Section section : image.sections()) {
      int size =
          section.name().startsWith(".plt")
              ? ELF_STUB
              : section.name().endsWith("__stubs") ? MACH_O_STUB : 0;
      if (size > 0) {
        long end = section.virtualAddress() + Math.min(section.memorySize(), MOST_STUB_BYTES);
        for (long at = section.virtualAddress(); at < end; at += size) {
          add(at);
        }
      }
    }
    starts = Arrays.stream(starts, 0, count).sorted().distinct().toArray();
    count = starts.length;
  }

  private static final long MOST_STUB_BYTES = 16L << 20;

  /**
   * Cuts what no table of functions speaks of, such as libraries that were built without unwind
   * information: where an instruction after which nothing goes on is followed by padding up to an
   * alignment, something new begins.
   */
  private void cut(Image image, CodeRange range, long from, long to) {
    if (to - from < LEAST_CUT) {
      return;
    }
    var decoder = new X86Decoder();
    var window = new byte[WINDOW];
    long position = from;
    boolean isOver = false;
    while (position < to) {
      int size = (int) Math.min(WINDOW, to - position);
      long offset = range.fileOffset() + position - range.start();
      if (!image.bytes().has(offset, size)) {
        return;
      }
      image.bytes().read(offset, window, 0, size);
      int at = 0;
      int stop = position + size == to ? size : size - 15;
      while (at < stop) {
        int length = decoder.decode(window, at, size, position + at);
        if (isOver && !(length > 0 && isPadding(decoder))) {
          if ((position + at) % ALIGNMENT == 0) {
            add(position + at);
          }
          isOver = false;
        }
        if (length > 0) {
          isOver |=
              switch (decoder.flow()) {
                case X86Decoder.FLOW_JUMP,
                    X86Decoder.FLOW_JUMP_INDIRECT,
                    X86Decoder.FLOW_RETURN,
                    X86Decoder.FLOW_TRAP ->
                    true;
                default -> false;
              };
        }
        at += Math.max(1, length);
      }
      position += at;
    }
  }

  /** NOP, INT3 and the bytes of zero that linkers put between functions. */
  private static boolean isPadding(X86Decoder decoder) {
    int opcode = decoder.opcode();
    return decoder.encoding() == X86Decoder.LEGACY
        && (decoder.map() == 0 && (opcode == 0x90 || opcode == 0xcc || opcode == 0x00)
            || decoder.map() == 1 && opcode == 0x1f);
  }

  private static final int LEAST_CUT = 1024;
  private static final int WINDOW = 1 << 16;
  private static final int ALIGNMENT = 16;

  private void add(long start) {
    if (count == starts.length) {
      starts = Arrays.copyOf(starts, count * 2);
    }
    starts[count++] = start;
  }

  int count() {
    return count;
  }

  /** The number of the unit that an address of the image's code lies in; -1 for other addresses. */
  int unit(long address) {
    if (!isCode(address)) {
      return -1;
    }
    int at = Arrays.binarySearch(starts, address);
    return at >= 0 ? at : -at - 2;
  }

  long start(int unit) {
    return starts[unit];
  }

  /** The address after the last byte that may belong to a unit. */
  long end(int unit) {
    return unit + 1 < count ? starts[unit + 1] : Long.MAX_VALUE;
  }

  boolean isCode(long address) {
    for (CodeRange range : ranges) {
      if (address >= range.start() && address < range.end()) {
        return true;
      }
    }
    return false;
  }
}
