package dev.sigill.source.zstd;

import java.util.Arrays;

/** A decoding table of finite state entropy (RFC 8878, 4.1). */
final class FseTable {
  private static final int SMALLEST_LOG = 5;

  final int log;
  final byte[] symbol;
  final byte[] bits;
  final short[] baseline;

  private FseTable(int log) {
    this.log = log;
    this.symbol = new byte[1 << log];
    this.bits = new byte[1 << log];
    this.baseline = new short[1 << log];
  }

  /** A table that always gives one symbol without reading bits (3.1.1.3.2.1.1, RLE_Mode). */
  static FseTable always(int symbol) {
    var table = new FseTable(0);
    table.symbol[0] = (byte) symbol;
    return table;
  }

  /** What reading a table from a stream gives: the table and the position after it. */
  record Read(FseTable table, int end) {}

  /** Builds a table from probabilities, of which -1 means less than one (4.1.1). */
  static FseTable of(int log, int... counts) {
    var table = new FseTable(log);
    int size = 1 << log;
    int high = size;
    var next = new int[counts.length];
    for (int s = 0; s < counts.length; s++) {
      if (counts[s] == -1) {
        table.symbol[--high] = (byte) s;
        next[s] = 1;
      } else {
        next[s] = counts[s];
      }
    }
    int step = (size >>> 1) + (size >>> 3) + 3;
    int at = 0;
    for (int s = 0; s < counts.length; s++) {
      for (int i = 0; i < counts[s]; i++) {
        table.symbol[at] = (byte) s;
        do {
          at = (at + step) & (size - 1);
        } while (at >= high);
      }
    }
    for (int i = 0; i < size; i++) {
      int state = next[table.symbol[i] & 0xff]++;
      int count = log - (31 - Integer.numberOfLeadingZeros(state));
      table.bits[i] = (byte) count;
      table.baseline[i] = (short) ((state << count) - size);
    }
    return table;
  }

  /**
   * Reads the description of a table.
   *
   * @param mostLog the largest Accuracy_Log allowed
   * @param mostSymbol the largest symbol allowed
   */
  static Read read(byte[] data, int from, int to, int mostLog, int mostSymbol, String field)
      throws ZstandardException {
    long end = (long) to * 8;
    long at = (long) from * 8;
    int log = bits(data, at, 4, end) + SMALLEST_LOG;
    at += 4;
    if (log > mostLog || from >= to) {
      throw ZstandardException.corrupt(field + " Accuracy_Log");
    }
    int left = (1 << log) + 1;
    var counts = new int[mostSymbol + 1];
    int symbols = 0;
    while (left > 1 && symbols <= mostSymbol) {
      // Values up to "left" are written; small ones take one bit less.
      int width = 32 - Integer.numberOfLeadingZeros(left);
      int low = (1 << width) - 1 - left;
      int value = bits(data, at, width, end);
      if ((value & ((1 << (width - 1)) - 1)) < low) {
        value &= (1 << (width - 1)) - 1;
        at += width - 1;
      } else {
        if (value >= 1 << (width - 1)) {
          value -= low;
        }
        at += width;
      }
      int count = value - 1;
      counts[symbols++] = count;
      left -= Math.abs(count);
      if (count == 0) {
        int repeat;
        do {
          repeat = bits(data, at, 2, end);
          at += 2;
          symbols += repeat;
        } while (repeat == 3 && symbols <= mostSymbol);
      }
      if (at > end) {
        throw ZstandardException.corrupt(field + " table");
      }
    }
    if (left != 1 || symbols > mostSymbol + 1 || at > end) {
      throw ZstandardException.corrupt(field + " table");
    }
    return new Read(of(log, Arrays.copyOf(counts, symbols)), (int) ((at + 7) >>> 3));
  }

  /** Bits of a forward stream; those past its end are zeros. */
  private static int bits(byte[] data, long at, int count, long end) {
    int value = 0;
    for (int i = 0; i < count && at + i < end; i++) {
      value |= ((data[(int) ((at + i) >>> 3)] >>> ((at + i) & 7)) & 1) << i;
    }
    return value;
  }
}
