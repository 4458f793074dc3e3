package dev.sigill.source.zstd;

/** A decoding table of Huffman codes for literals (RFC 8878, 4.2). */
final class HuffmanTable {
  private static final int MOST_BITS = 11;
  private static final int MOST_WEIGHT_LOG = 6;

  private final int log;

  /** For each beginning of a code: the symbol, and the length of its code above 8 bits. */
  private final short[] entries;

  private HuffmanTable(int log, short[] entries) {
    this.log = log;
    this.entries = entries;
  }

  /** What reading a tree gives: the table and the position after it. */
  record Read(HuffmanTable table, int end) {}

  /** Reads a Huffman_Tree_Description (4.2.1). */
  static Read read(byte[] data, int from, int to, BackwardBits bits) throws ZstandardException {
    if (from >= to) {
      throw bad();
    }
    var weights = new int[256];
    int header = data[from] & 0xff;
    int count;
    int end;
    if (header >= 128) {
      count = header - 127;
      end = from + 1 + (count + 1) / 2;
      if (end > to) {
        throw bad();
      }
      for (int i = 0; i < count; i++) {
        int pair = data[from + 1 + i / 2] & 0xff;
        weights[i] = i % 2 == 0 ? pair >>> 4 : pair & 15;
      }
    } else {
      end = from + 1 + header;
      if (end > to) {
        throw bad();
      }
      FseTable.Read read =
          FseTable.read(data, from + 1, end, MOST_WEIGHT_LOG, 15, "Huffman weights");
      bits.open(data, read.end(), end, "Huffman weights");
      count = weights(read.table(), bits, weights);
    }
    return new Read(of(weights, count), end);
  }

  /** Two states take turns until the stream is used up (4.2.1.2). */
  private static int weights(FseTable table, BackwardBits bits, int[] weights)
      throws ZstandardException {
    int one = bits.read(table.log);
    int two = bits.read(table.log);
    if (bits.left() < 0) {
      throw bad();
    }
    int count = 0;
    while (true) {
      if (count > 253) {
        throw bad();
      }
      weights[count++] = table.symbol[one];
      int width = table.bits[one];
      one = table.baseline[one] + bits.read(width);
      if (bits.left() < 0) {
        weights[count++] = table.symbol[two];
        return count;
      }
      weights[count++] = table.symbol[two];
      width = table.bits[two];
      two = table.baseline[two] + bits.read(width);
      if (bits.left() < 0) {
        weights[count++] = table.symbol[one];
        return count;
      }
    }
  }

  /** The last weight is what makes the sum a power of two (4.2.1.3). */
  private static HuffmanTable of(int[] weights, int count) throws ZstandardException {
    int sum = 0;
    for (int i = 0; i < count; i++) {
      if (weights[i] > MOST_BITS + 1) {
        throw bad();
      }
      sum += weights[i] == 0 ? 0 : 1 << (weights[i] - 1);
    }
    if (sum == 0 || count > 255) {
      throw bad();
    }
    int log = 32 - Integer.numberOfLeadingZeros(sum);
    int rest = (1 << log) - sum;
    if (log > MOST_BITS || Integer.bitCount(rest) != 1) {
      throw bad();
    }
    weights[count++] = Integer.numberOfTrailingZeros(rest) + 1;
    var entries = new short[1 << log];
    int at = 0;
    for (int weight = 1; weight <= log; weight++) {
      for (int s = 0; s < count; s++) {
        if (weights[s] == weight) {
          int room = 1 << (weight - 1);
          short entry = (short) (s | (log + 1 - weight) << 8);
          if (at + room > entries.length) {
            throw bad();
          }
          java.util.Arrays.fill(entries, at, at + room, entry);
          at += room;
        }
      }
    }
    if (at != entries.length) {
      throw bad();
    }
    return new HuffmanTable(log, entries);
  }

  /** Decodes one stream, which must be used up exactly (4.2.2). */
  void decode(BackwardBits bits, byte[] target, int from, int to) throws ZstandardException {
    for (int i = from; i < to; i++) {
      int entry = entries[bits.peek(log)];
      target[i] = (byte) entry;
      bits.skip(entry >>> 8);
    }
    if (bits.left() != 0) {
      throw ZstandardException.corrupt("Huffman-coded stream");
    }
  }

  private static ZstandardException bad() {
    return ZstandardException.corrupt("Huffman_Tree_Description");
  }
}
