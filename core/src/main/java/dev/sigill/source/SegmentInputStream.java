package dev.sigill.source;

import dev.sigill.bytes.Bytes;
import java.io.InputStream;

/** Reads a view in order. */
final class SegmentInputStream extends InputStream {
  private final Bytes bytes;
  private long position;

  SegmentInputStream(Bytes bytes) {
    this.bytes = bytes;
  }

  /** How many bytes were read or skipped. */
  long position() {
    return position;
  }

  @Override
  public int read() {
    return position < bytes.length() ? bytes.u8(position++) : -1;
  }

  @Override
  public int read(byte[] target, int offset, int length) {
    if (length == 0) {
      return 0;
    }
    int count = (int) Math.min(length, bytes.length() - position);
    if (count <= 0) {
      return -1;
    }
    bytes.read(position, target, offset, count);
    position += count;
    return count;
  }

  @Override
  public long skip(long count) {
    long skipped = Math.clamp(count, 0, bytes.length() - position);
    position += skipped;
    return skipped;
  }

  @Override
  public int available() {
    return (int) Math.min(Integer.MAX_VALUE, bytes.length() - position);
  }
}
