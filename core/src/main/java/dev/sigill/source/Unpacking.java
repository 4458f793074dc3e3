package dev.sigill.source;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;

/** Bytes that come out of a decoder in order. */
interface Unpacking {
  /**
   * Puts the next bytes into a buffer that has room.
   *
   * @return how many, at least 1, or -1 where there are no more
   */
  int fill(ByteBuffer target) throws IOException;

  /** The bytes of a stream. */
  static Unpacking of(InputStream stream) {
    var window = new byte[1 << 16];
    return target -> {
      int count = stream.read(window, 0, Math.min(window.length, target.remaining()));
      if (count > 0) {
        target.put(window, 0, count);
      }
      return count;
    };
  }
}
