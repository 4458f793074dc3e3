package dev.sigill.crash;

import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/** A stream whose bytes are made from another one's, some at a time. */
abstract class TranslatedStream extends InputStream {
  private byte[] bytes = new byte[0];
  private int at;

  /** Makes the next bytes, possibly none; null at the end. */
  abstract byte @Nullable [] next() throws IOException;

  private boolean fill() throws IOException {
    while (at == bytes.length) {
      byte[] made = next();
      if (made == null) {
        return false;
      }
      bytes = made;
      at = 0;
    }
    return true;
  }

  @Override
  public int read() throws IOException {
    return fill() ? bytes[at++] & 0xff : -1;
  }

  @Override
  public int read(byte[] target, int from, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    if (!fill()) {
      return -1;
    }
    int size = Math.min(length, bytes.length - at);
    System.arraycopy(bytes, at, target, from, size);
    at += size;
    return size;
  }
}
