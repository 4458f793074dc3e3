package dev.sigill.image.macho;

import dev.sigill.bytes.Bytes;
import java.nio.ByteOrder;

/** The bytes of one image with the byte order and the pointer size of its header. */
record MachOBytes(Bytes bytes, ByteOrder order, boolean is64) {
  boolean has(long offset, long size) {
    return bytes.has(offset, size);
  }

  long length() {
    return bytes.length();
  }

  int u8(long offset) {
    return bytes.u8(offset);
  }

  int u16(long offset) {
    return bytes.u16(offset, order);
  }

  int i32(long offset) {
    return bytes.i32(offset, order);
  }

  long u32(long offset) {
    return bytes.u32(offset, order);
  }

  long i64(long offset) {
    return bytes.i64(offset, order);
  }

  /** A pointer, zero-extended. */
  long word(long offset) {
    return is64 ? i64(offset) : u32(offset);
  }

  int wordSize() {
    return is64 ? 8 : 4;
  }

  /** A text of a fixed field, which ends at a NUL or with the field. */
  String text(long offset, int size) {
    return bytes.text(offset, size);
  }
}
