package dev.sigill.source;

import dev.sigill.bytes.Bytes;
import dev.sigill.bytes.Place;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A plain file.
 *
 * @param file its path in the file system
 * @param address as people write it
 * @param attributes what the file system said when it was listed
 */
record FileContent(Path file, String address, BasicFileAttributes attributes) implements Content {
  @Override
  public long size() {
    return attributes.size();
  }

  @Override
  public String identity() {
    Instant modified = attributes.lastModifiedTime().toInstant();
    @Nullable Object key = attributes.fileKey();
    return file.toAbsolutePath().normalize()
        + "|"
        + attributes.size()
        + "|"
        + modified.getEpochSecond()
        + "."
        + modified.getNano()
        + "|"
        + (key == null ? "" : key);
  }

  @Override
  public Bytes head(int size) throws IOException {
    var window = new byte[(int) Math.min(size, Math.max(attributes.size(), 0))];
    ByteBuffer buffer = ByteBuffer.wrap(window);
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      while (buffer.hasRemaining() && channel.read(buffer) >= 0) {}
    }
    return Bytes.of(window, address).slice(0, buffer.position());
  }

  @Override
  public Bytes bytes(Room room) throws IOException {
    Place place = Place.of(address);
    return Bytes.of(room.map(file, place, attributes.size()), place);
  }

  @Override
  public InputStream stream() throws IOException {
    return Files.newInputStream(file);
  }

  @Override
  public Content keep(Room room) {
    return this;
  }
}
