package dev.sigill.source.zstd;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Reads a bit stream from its end to its start (RFC 8878, 4.1 and 4.2.2). The array must have 8
 * bytes more than the stream.
 */
final class BackwardBits {
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private byte[] data = new byte[8];
  private int start;

  /** How many bits are left; below 0 where more were read than there are. */
  private int left;

  /** Starts at the end of a stream: its last byte's highest bit only marks the end. */
  void open(byte[] bytes, int from, int to, String field) throws ZstandardException {
    if (from >= to || bytes[to - 1] == 0) {
      throw ZstandardException.corrupt(field);
    }
    data = bytes;
    start = from;
    int last = bytes[to - 1] & 0xff;
    left = (to - from) * 8 - (Integer.numberOfLeadingZeros(last) - 24) - 1;
  }

  int left() {
    return left;
  }

  /** The next bits without taking them, 1 to 24 of them; zeros follow the start of the stream. */
  int peek(int count) {
    int at = left - count;
    if (at >= 0) {
      long word = (long) LONG.get(data, start + (at >>> 3));
      return (int) (word >>> (at & 7)) & ((1 << count) - 1);
    }
    if (left <= 0) {
      return 0;
    }
    long word = (long) LONG.get(data, start);
    return (int) ((word & ((1L << left) - 1)) << -at);
  }

  void skip(int count) {
    left -= count;
  }

  /** The next bits, up to 31 of them. */
  int read(int count) {
    if (count == 0) {
      return 0;
    }
    left -= count;
    if (left >= 0) {
      long word = (long) LONG.get(data, start + (left >>> 3));
      return (int) (word >>> (left & 7)) & (int) ((1L << count) - 1);
    }
    int inside = left + count;
    if (inside <= 0) {
      return 0;
    }
    long word = (long) LONG.get(data, start);
    return (int) ((word & ((1L << inside) - 1)) << (count - inside));
  }
}
