package dev.sigill.source;

import dev.sigill.bytes.Bytes;
import dev.sigill.bytes.Place;
import java.io.IOException;
import java.io.InputStream;

/**
 * A single file that was packed by itself, such as {@code libx.so.xz}.
 *
 * @param packed the packed bytes
 * @param compression how they are packed
 * @param address of the unpacked file
 * @param identity see {@link Member#identity()}
 * @param budget bounds the unpacking
 */
record CompressedContent(
    Bytes packed, Compression compression, String address, String identity, Budget budget)
    implements Content {
  @Override
  public long size() {
    return -1;
  }

  @Override
  public Bytes head(int size) throws IOException {
    try (InputStream stream = stream()) {
      byte[] window = stream.readNBytes(size);
      return Bytes.of(window, address);
    }
  }

  @Override
  public Bytes bytes(Room room) throws IOException {
    try (InputStream stream = stream()) {
      return room.unpack(Unpacking.of(stream), -1, Place.of(address));
    }
  }

  @Override
  public InputStream stream() {
    return compression.open(packed, budget);
  }

  /** Unpacked now, as only that tells its size. */
  @Override
  public Content keep(Room room) throws IOException {
    return new MemoryContent(bytes(room), identity);
  }
}
