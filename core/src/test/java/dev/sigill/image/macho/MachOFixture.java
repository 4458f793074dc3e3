package dev.sigill.image.macho;

import dev.sigill.bytes.Bytes;
import dev.sigill.bytes.Limits;
import dev.sigill.bytes.Problem;
import dev.sigill.image.Image;
import dev.sigill.image.Images;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The bytes of a thin little-endian file, to be read as they are or changed first. */
final class MachOFixture {
  final byte[] bytes;
  private final ByteBuffer buffer;

  private MachOFixture(byte[] bytes) {
    this.bytes = bytes;
    this.buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  static MachOFixture of(String name) {
    try {
      return new MachOFixture(Files.readAllBytes(Path.of("src/test/fixtures/macho", name)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static MachOFixture of(byte[] bytes) {
    return new MachOFixture(bytes);
  }

  static MachOImage image(String name) {
    return of(name).image();
  }

  Images.Read read() {
    return Images.read(Bytes.of(bytes, "fixture"), Limits.standard());
  }

  MachOImage image() {
    List<Image> images = read().images();
    if (images.size() != 1) {
      throw new AssertionError("no image: " + read().problems());
    }
    return (MachOImage) images.getFirst();
  }

  /** The fields that the image's problems name. */
  List<String> problemFields() {
    return image().problems().stream().map(Problem::field).toList();
  }

  /** The file offset of the first load command of a kind. */
  int command(int cmd) {
    int at = i32(0) == MachO.MH_MAGIC_64 ? 32 : 28;
    for (int i = 0; i < i32(16); i++) {
      if (i32(at) == cmd) {
        return at;
      }
      at += i32(at + 4);
    }
    throw new AssertionError("no load command " + Integer.toHexString(cmd));
  }

  int i32(int offset) {
    return buffer.getInt(offset);
  }

  long i64(int offset) {
    return buffer.getLong(offset);
  }

  MachOFixture put8(int offset, int value) {
    buffer.put(offset, (byte) value);
    return this;
  }

  MachOFixture put16(int offset, int value) {
    buffer.putShort(offset, (short) value);
    return this;
  }

  MachOFixture put32(int offset, int value) {
    buffer.putInt(offset, value);
    return this;
  }

  MachOFixture put64(int offset, long value) {
    buffer.putLong(offset, value);
    return this;
  }

  MachOFixture put(int offset, byte[] value) {
    buffer.put(offset, value);
    return this;
  }
}
