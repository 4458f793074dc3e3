package dev.sigill.source;

import dev.sigill.bytes.Bytes;
import java.io.InputStream;

/**
 * Bytes that are at hand already: a part of a mapping, or something unpacked.
 *
 * @param bytes the bytes, which live as long as their source
 * @param identity see {@link Member#identity()}
 */
record MemoryContent(Bytes bytes, String identity) implements Content {
  @Override
  public long size() {
    return bytes.length();
  }

  @Override
  public Bytes head(int size) {
    return bytes.slice(0, Math.min(size, bytes.length()));
  }

  @Override
  public Bytes bytes(Room room) {
    return bytes;
  }

  @Override
  public InputStream stream() {
    return new SegmentInputStream(bytes);
  }

  @Override
  public Content keep(Room room) {
    return this;
  }
}
