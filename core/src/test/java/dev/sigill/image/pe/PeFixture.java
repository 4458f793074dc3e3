package dev.sigill.image.pe;

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

/** A fixture's bytes, to be read as they are or changed first. */
final class PeFixture {
  final byte[] bytes;
  private final ByteBuffer buffer;

  private PeFixture(byte[] bytes) {
    this.bytes = bytes;
    this.buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  static PeFixture of(String name) {
    try {
      return new PeFixture(Files.readAllBytes(Path.of("src/test/fixtures/pe", name)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static PeImage image(String name) {
    return of(name).image();
  }

  Images.Read read() {
    return Images.read(Bytes.of(bytes, "fixture"), Limits.standard());
  }

  PeImage image() {
    List<Image> images = read().images();
    if (images.size() != 1) {
      throw new AssertionError("no image: " + read().problems());
    }
    return (PeImage) images.getFirst();
  }

  /** The fields that the image's problems name. */
  List<String> problemFields() {
    return image().problems().stream().map(Problem::field).toList();
  }

  int peHeader() {
    return buffer.getInt(0x3c);
  }

  /** The file offset of the optional header. */
  int optionalHeader() {
    return peHeader() + 24;
  }

  boolean isPe32Plus() {
    return buffer.getShort(optionalHeader()) == 0x20b;
  }

  /** The file offset of {@code NumberOfRvaAndSizes}. */
  int numberOfRvaAndSizes() {
    return optionalHeader() + (isPe32Plus() ? 108 : 92);
  }

  /** The file offset of a data directory. */
  int directory(int index) {
    return numberOfRvaAndSizes() + 4 + index * 8;
  }

  /** The file offset of a row of the section table. */
  int section(int index) {
    return optionalHeader() + u16(peHeader() + 20) + index * 40;
  }

  /** The file offset of what a data directory's RVA leads to. */
  int directoryContent(int index) {
    return offset(i32(directory(index)));
  }

  /** The file offset of an RVA. */
  int offset(int rva) {
    for (int i = 0; i < u16(peHeader() + 6); i++) {
      int start = i32(section(i) + 12);
      if (rva >= start && rva < start + i32(section(i) + 16)) {
        return i32(section(i) + 20) + rva - start;
      }
    }
    throw new AssertionError("RVA " + Integer.toHexString(rva) + " is not in the file");
  }

  int u16(int offset) {
    return buffer.getShort(offset) & 0xffff;
  }

  int i32(int offset) {
    return buffer.getInt(offset);
  }

  long i64(int offset) {
    return buffer.getLong(offset);
  }

  PeFixture put16(int offset, int value) {
    buffer.putShort(offset, (short) value);
    return this;
  }

  PeFixture put32(int offset, int value) {
    buffer.putInt(offset, value);
    return this;
  }

  PeFixture put64(int offset, long value) {
    buffer.putLong(offset, value);
    return this;
  }
}
