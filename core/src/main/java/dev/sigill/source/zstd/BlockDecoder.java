package dev.sigill.source.zstd;

import org.jspecify.annotations.Nullable;

/** Decodes Compressed_Blocks (RFC 8878, 3.1.1.3); keeps what one hands to the next in a frame. */
final class BlockDecoder {
  private static final int LARGEST_BLOCK = 1 << 17;

  private static final FseTable LITERALS_LENGTH =
      FseTable.of(
          6, 4, 3, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 1, 1, 1, 2, 2, 2, 2, 2, 2, 2, 2, 2, 3, 2, 1, 1,
          1, 1, 1, -1, -1, -1, -1);
  private static final FseTable MATCH_LENGTH =
      FseTable.of(
          6, 1, 4, 3, 2, 2, 2, 2, 2, 2, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,
          1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, -1, -1, -1, -1, -1, -1, -1);
  private static final FseTable OFFSET =
      FseTable.of(
          5, 1, 1, 1, 1, 1, 1, 2, 2, 2, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, -1, -1, -1, -1,
          -1);

  /** Extra bits of Literals_Length_Codes from 16, and of Match_Length_Codes from 32. */
  private static final int[] LITERALS_BITS = {
    1, 1, 1, 1, 2, 2, 3, 3, 4, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16
  };

  private static final int[] MATCH_BITS = {
    1, 1, 1, 1, 2, 2, 3, 3, 4, 4, 5, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16
  };
  private static final int[] LITERALS_BASE = new int[36];
  private static final int[] LITERALS_EXTRA = new int[36];
  private static final int[] MATCH_BASE = new int[53];
  private static final int[] MATCH_EXTRA = new int[53];

  static {
    lengths(LITERALS_BASE, LITERALS_EXTRA, 16, 0, LITERALS_BITS);
    lengths(MATCH_BASE, MATCH_EXTRA, 32, 3, MATCH_BITS);
  }

  private static final int MOST_OFFSET_CODE = 31;

  private final BackwardBits bits = new BackwardBits();
  private final byte[] literals = new byte[LARGEST_BLOCK + 8];
  private int literalsSize;
  private @Nullable HuffmanTable huffman;
  private @Nullable FseTable literalsLength;
  private @Nullable FseTable offset;
  private @Nullable FseTable matchLength;
  private int repeat1 = 1;
  private int repeat2 = 4;
  private int repeat3 = 8;

  private static void lengths(int[] base, int[] extra, int simple, int first, int[] bits) {
    int next = first;
    for (int code = 0; code < base.length; code++) {
      base[code] = next;
      extra[code] = code < simple ? 0 : bits[code - simple];
      next += 1 << extra[code];
    }
  }

  /**
   * Decodes one block to the end of the window.
   *
   * @param block the block's bytes, with 8 bytes of room behind them
   * @param size how many they are
   * @param most how many bytes it may unpack to
   */
  void decode(byte[] block, int size, int most, Window window) throws ZstandardException {
    int at = literals(block, size, most);
    sequences(block, at, size, most, window);
  }

  /** Literals_Section (3.1.1.3.1). */
  private int literals(byte[] block, int size, int most) throws ZstandardException {
    if (size < 2) {
      throw bad("Literals_Section_Header");
    }
    int first = block[0] & 0xff;
    int format = first >>> 2 & 3;
    boolean isPacked = (first & 3) >= 2;
    int headerSize = isPacked ? Math.max(format + 2, 3) : format == 1 ? 2 : format == 3 ? 3 : 1;
    if (size < headerSize) {
      throw bad("Literals_Section_Header");
    }
    long header = 0;
    for (int i = 0; i < headerSize; i++) {
      header |= (block[i] & 0xffL) << 8 * i;
    }
    if (!isPacked) {
      int count = (int) (header >>> (headerSize == 1 ? 3 : 4));
      checkLiterals(count, most);
      literalsSize = count;
      if ((first & 3) == 0) {
        if (count > size - headerSize) {
          throw bad("Regenerated_Size");
        }
        System.arraycopy(block, headerSize, literals, 0, count);
        return headerSize + count;
      }
      if (size < headerSize + 1) {
        throw bad("RLE_Literals_Block");
      }
      java.util.Arrays.fill(literals, 0, count, block[headerSize]);
      return headerSize + 1;
    }
    int width = headerSize == 3 ? 10 : headerSize == 4 ? 14 : 18;
    int mask = (1 << width) - 1;
    int count = (int) (header >>> 4) & mask;
    int packed = (int) (header >>> (4 + width)) & mask;
    checkLiterals(count, most);
    int end = headerSize + packed;
    if (end > size) {
      throw bad("Compressed_Size");
    }
    int at = headerSize;
    if ((first & 3) == 2) {
      HuffmanTable.Read read = HuffmanTable.read(block, at, end, bits);
      huffman = read.table();
      at = read.end();
    }
    if (huffman == null) {
      throw bad("Treeless_Literals_Block");
    }
    literalsSize = count;
    if (format == 0) {
      bits.open(block, at, end, "Huffman-coded stream");
      huffman.decode(bits, literals, 0, count);
    } else {
      fourStreams(huffman, block, at, end, count);
    }
    return end;
  }

  private void fourStreams(HuffmanTable table, byte[] block, int from, int end, int count)
      throws ZstandardException {
    int at = from + 6;
    int share = (count + 3) / 4;
    if (at > end || 3 * share > count) {
      throw bad("Jump_Table");
    }
    for (int stream = 0; stream < 4; stream++) {
      int size =
          stream == 3
              ? end - at
              : (block[from + 2 * stream] & 0xff) | (block[from + 2 * stream + 1] & 0xff) << 8;
      if (size > end - at) {
        throw bad("Jump_Table");
      }
      bits.open(block, at, at + size, "Huffman-coded stream");
      table.decode(bits, literals, stream * share, stream == 3 ? count : (stream + 1) * share);
      at += size;
    }
  }

  private static void checkLiterals(int count, int most) throws ZstandardException {
    if (count > most) {
      throw bad("Regenerated_Size");
    }
  }

  /** Sequences_Section (3.1.1.3.2), and their execution (3.1.1.4). */
  private void sequences(byte[] block, int from, int size, int most, Window window)
      throws ZstandardException {
    int at = from;
    if (at >= size) {
      throw bad("Sequences_Section_Header");
    }
    int count = block[at++] & 0xff;
    if (count >= 128) {
      int more = count == 255 ? 2 : 1;
      if (size - at < more) {
        throw bad("Number_of_Sequences");
      }
      count =
          more == 2
              ? (block[at] & 0xff) + ((block[at + 1] & 0xff) << 8) + 0x7f00
              : (count - 128 << 8) + (block[at] & 0xff);
      at += more;
    }
    if (count == 0) {
      if (at != size) {
        throw bad("Sequences_Section");
      }
      window.append(literals, 0, literalsSize);
      return;
    }
    if (at >= size) {
      throw bad("Symbol_Compression_Modes");
    }
    int modes = block[at++] & 0xff;
    if ((modes & 3) != 0) {
      throw bad("Symbol_Compression_Modes");
    }
    FseTable.Read read =
        table(
            modes >>> 6,
            block,
            at,
            size,
            9,
            35,
            LITERALS_LENGTH,
            literalsLength,
            "Literals_Length");
    literalsLength = read.table();
    read =
        table(
            modes >>> 4 & 3,
            block,
            read.end(),
            size,
            8,
            MOST_OFFSET_CODE,
            OFFSET,
            offset,
            "Offset");
    offset = read.table();
    read =
        table(
            modes >>> 2 & 3,
            block,
            read.end(),
            size,
            9,
            52,
            MATCH_LENGTH,
            matchLength,
            "Match_Length");
    matchLength = read.table();
    bits.open(block, read.end(), size, "sequences bitstream");
    execute(count, literalsLength, offset, matchLength, most, window);
  }

  private static FseTable.Read table(
      int mode,
      byte[] block,
      int at,
      int end,
      int mostLog,
      int mostSymbol,
      FseTable predefined,
      @Nullable FseTable former,
      String field)
      throws ZstandardException {
    return switch (mode) {
      case 0 -> new FseTable.Read(predefined, at);
      case 1 -> {
        if (at >= end || (block[at] & 0xff) > mostSymbol) {
          throw bad(field + " RLE_Mode");
        }
        yield new FseTable.Read(FseTable.always(block[at]), at + 1);
      }
      case 2 -> FseTable.read(block, at, end, mostLog, mostSymbol, field);
      default -> {
        if (former == null) {
          throw bad(field + " Repeat_Mode");
        }
        yield new FseTable.Read(former, at);
      }
    };
  }

  private void execute(
      int count,
      FseTable literalsTable,
      FseTable offsets,
      FseTable matches,
      int most,
      Window window)
      throws ZstandardException {
    int literalsState = bits.read(literalsTable.log);
    int offsetState = bits.read(offsets.log);
    int matchState = bits.read(matches.log);
    int taken = 0;
    int left = most;
    for (int i = 0; i < count; i++) {
      int offsetCode = offsets.symbol[offsetState];
      long value = (1L << offsetCode) + (bits.read(offsetCode) & 0xffff_ffffL);
      int matchCode = matches.symbol[matchState];
      int matchSize = MATCH_BASE[matchCode] + bits.read(MATCH_EXTRA[matchCode]);
      int literalsCode = literalsTable.symbol[literalsState];
      int literalsCount = LITERALS_BASE[literalsCode] + bits.read(LITERALS_EXTRA[literalsCode]);
      if (i < count - 1) {
        literalsState =
            literalsTable.baseline[literalsState] + bits.read(literalsTable.bits[literalsState]);
        matchState = matches.baseline[matchState] + bits.read(matches.bits[matchState]);
        offsetState = offsets.baseline[offsetState] + bits.read(offsets.bits[offsetState]);
      }
      if (bits.left() < 0 || literalsCount > literalsSize - taken) {
        throw bad("sequences bitstream");
      }
      left -= literalsCount + matchSize;
      if (left < 0) {
        throw bad("Block_Maximum_Size");
      }
      window.append(literals, taken, literalsCount);
      taken += literalsCount;
      window.repeat(offset(value, literalsCount), matchSize);
    }
    if (bits.left() != 0 || literalsSize - taken > left) {
      throw bad("sequences bitstream");
    }
    window.append(literals, taken, literalsSize - taken);
  }

  /** Repeat offsets (3.1.1.5). */
  private int offset(long value, int literalsCount) throws ZstandardException {
    int result;
    if (value > 3) {
      if (value - 3 > Integer.MAX_VALUE) {
        throw bad("Offset_Value");
      }
      result = (int) (value - 3);
      repeat3 = repeat2;
      repeat2 = repeat1;
    } else {
      int which = (int) value + (literalsCount == 0 ? 1 : 0);
      switch (which) {
        case 1 -> {
          return repeat1;
        }
        case 2 -> {
          result = repeat2;
          repeat2 = repeat1;
        }
        default -> {
          result = which == 3 ? repeat3 : repeat1 - 1;
          repeat3 = repeat2;
          repeat2 = repeat1;
        }
      }
    }
    repeat1 = result;
    return result;
  }

  private static ZstandardException bad(String field) {
    return ZstandardException.corrupt(field);
  }
}
