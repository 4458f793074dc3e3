package dev.sigill.image.elf;

import dev.sigill.bytes.Bytes;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * The bytes of an ELF file together with the class and byte order that {@code e_ident} states.
 *
 * @param bytes the whole file
 * @param order {@code EI_DATA}
 * @param is64 whether {@code EI_CLASS} is {@code ELFCLASS64}
 */
record ElfBytes(Bytes bytes, ByteOrder order, boolean is64) {
  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  long length() {
    return bytes.length();
  }

  boolean has(long offset, long size) {
    return bytes.has(offset, size);
  }

  /** The size of an address, in bytes. */
  int wordSize() {
    return is64 ? 8 : 4;
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

  /** An {@code ElfN_Addr}, {@code ElfN_Off} or {@code ElfN_Xword}, zero-extended. */
  long word(long offset) {
    return is64 ? i64(offset) : u32(offset);
  }

  /** An {@code ElfN_Sxword} or {@code Elf32_Sword}. */
  long signedWord(long offset) {
    return is64 ? i64(offset) : i32(offset);
  }

  /** Copies some address-sized values, zero-extended; the range must lie in the file. */
  void words(long offset, long[] into, int count) {
    if (is64) {
      MemorySegment.copy(bytes.segment(), LONG, offset, into, 0, count);
      if (order == ByteOrder.BIG_ENDIAN) {
        for (int i = 0; i < count; i++) {
          into[i] = Long.reverseBytes(into[i]);
        }
      }
      return;
    }
    int[] narrow = ints(offset, count);
    for (int i = 0; i < count; i++) {
      into[i] = narrow[i] & 0xffff_ffffL;
    }
  }

  /** A heap copy of some 32-bit values; the range must lie in the file. */
  int[] ints(long offset, int count) {
    int[] out = bytes.ints(offset, count);
    if (order == ByteOrder.BIG_ENDIAN) {
      for (int i = 0; i < out.length; i++) {
        out[i] = Integer.reverseBytes(out[i]);
      }
    }
    return out;
  }
}
