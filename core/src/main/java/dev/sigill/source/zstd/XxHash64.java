package dev.sigill.source.zstd;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** XXH64 with seed 0, the Content_Checksum of a frame (RFC 8878, 3.1.1). */
final class XxHash64 {
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long P1 = 0x9e3779b185ebca87L;
  private static final long P2 = 0xc2b2ae3d27d4eb4fL;
  private static final long P3 = 0x165667b19e3779f9L;
  private static final long P4 = 0x85ebca77c2b2ae63L;
  private static final long P5 = 0x27d4eb2f165667c5L;
  private static final int STRIPE = 32;

  /** {@code P1 + P2}, which is meant to wrap. */
  private long a = 0x60ea27eeadc0b5d6L;

  private long b = P2;
  private long c;
  private long d = -P1;
  private final byte[] rest = new byte[STRIPE];
  private int restSize;
  private long total;

  void update(byte[] data, int from, int to) {
    total += to - from;
    int at = from;
    if (restSize > 0) {
      int part = Math.min(STRIPE - restSize, to - at);
      System.arraycopy(data, at, rest, restSize, part);
      restSize += part;
      at += part;
      if (restSize < STRIPE) {
        return;
      }
      stripe(rest, 0);
      restSize = 0;
    }
    for (; to - at >= STRIPE; at += STRIPE) {
      stripe(data, at);
    }
    System.arraycopy(data, at, rest, 0, to - at);
    restSize = to - at;
  }

  private void stripe(byte[] data, int at) {
    a = round(a, (long) LONG.get(data, at));
    b = round(b, (long) LONG.get(data, at + 8));
    c = round(c, (long) LONG.get(data, at + 16));
    d = round(d, (long) LONG.get(data, at + 24));
  }

  private static long round(long lane, long input) {
    return Long.rotateLeft(lane + input * P2, 31) * P1;
  }

  private static long merge(long hash, long lane) {
    return (hash ^ round(0, lane)) * P1 + P4;
  }

  long digest() {
    long hash;
    if (total >= STRIPE) {
      hash =
          Long.rotateLeft(a, 1)
              + Long.rotateLeft(b, 7)
              + Long.rotateLeft(c, 12)
              + Long.rotateLeft(d, 18);
      hash = merge(merge(merge(merge(hash, a), b), c), d);
    } else {
      hash = P5;
    }
    hash += total;
    int at = 0;
    for (; restSize - at >= 8; at += 8) {
      hash = Long.rotateLeft(hash ^ round(0, (long) LONG.get(rest, at)), 27) * P1 + P4;
    }
    if (restSize - at >= 4) {
      hash = Long.rotateLeft(hash ^ ((int) INT.get(rest, at) & 0xffff_ffffL) * P1, 23) * P2 + P3;
      at += 4;
    }
    for (; at < restSize; at++) {
      hash = Long.rotateLeft(hash ^ (rest[at] & 0xff) * P5, 11) * P1;
    }
    hash = (hash ^ hash >>> 33) * P2;
    hash = (hash ^ hash >>> 29) * P3;
    return hash ^ hash >>> 32;
  }
}
