package dev.sigill.image.elf;

import dev.sigill.bytes.Bytes;

/**
 * {@code .eh_frame}: call frame information (LSB Core, "Exception Frames"; DWARF 5 section 6.4).
 * Reads single entries in place; addresses are virtual addresses.
 */
final class EhFrame {
  /** {@code DW_EH_PE_omit}: no value. */
  static final int DW_EH_PE_OMIT = 0xff;

  private static final int DW_EH_PE_ABSPTR = 0x00;
  private static final int DW_EH_PE_UDATA2 = 0x02;
  private static final int DW_EH_PE_UDATA4 = 0x03;
  private static final int DW_EH_PE_UDATA8 = 0x04;
  private static final int DW_EH_PE_SDATA2 = 0x0a;
  private static final int DW_EH_PE_SDATA4 = 0x0b;
  private static final int DW_EH_PE_SDATA8 = 0x0c;
  private static final int DW_EH_PE_PCREL = 0x10;
  private static final int DW_EH_PE_DATAREL = 0x30;

  private final ElfBytes file;
  // The common information entry met last and its pointer encoding, as offset << 8 | encoding.
  private volatile long lastCie = -1;

  EhFrame(ElfBytes file) {
    this.file = file;
  }

  /** The size of a value in an encoding of fixed size, or 0. */
  static int fixedSize(int encoding, int wordSize) {
    return switch (encoding & 0x0f) {
      case DW_EH_PE_ABSPTR -> wordSize;
      case DW_EH_PE_UDATA2, DW_EH_PE_SDATA2 -> 2;
      case DW_EH_PE_UDATA4, DW_EH_PE_SDATA4 -> 4;
      case DW_EH_PE_UDATA8, DW_EH_PE_SDATA8 -> 8;
      default -> 0;
    };
  }

  /**
   * A value of fixed size, with what it is relative to added.
   *
   * @param offset where it lies in the file; {@link #fixedSize} bytes must be there
   * @param address the virtual address of that place, for {@code DW_EH_PE_pcrel}
   * @param base the virtual address that {@code DW_EH_PE_datarel} means
   */
  long fixed(int encoding, long offset, long address, long base) {
    long value =
        switch (encoding & 0x0f) {
          case DW_EH_PE_ABSPTR -> file.word(offset);
          case DW_EH_PE_UDATA2 -> file.u16(offset);
          case DW_EH_PE_SDATA2 -> (short) file.u16(offset);
          case DW_EH_PE_UDATA4 -> file.u32(offset);
          case DW_EH_PE_SDATA4 -> file.i32(offset);
          default -> file.i64(offset);
        };
    return relative(encoding, value, address, base);
  }

  private long relative(int encoding, long value, long address, long base) {
    long sum =
        switch (encoding & 0x70) {
          case DW_EH_PE_PCREL -> value + address;
          case DW_EH_PE_DATAREL -> value + base;
          default -> value;
        };
    return file.is64() ? sum : sum & 0xffff_ffffL;
  }

  /** One entry, as far as function bounds need it. */
  static final class Entry {
    /** Where the next entry begins, or -1 at the end. */
    long next;

    /** Whether it describes a function; else it is common information. */
    boolean isFunction;

    long start;
    long size;
  }

  /**
   * Reads the entry at a file offset.
   *
   * @param address the virtual address of that place
   * @param end where the entries end at the latest
   * @return whether it could be read; {@code into.next} is set where its length could be
   */
  boolean read(long offset, long address, long end, Entry into) {
    into.next = -1;
    into.isFunction = false;
    if (offset < 0 || offset > end - 4) {
      return false;
    }
    long length = file.u32(offset);
    long at = offset + 4;
    if (length == 0xffff_ffffL && at <= end - 8) {
      length = file.i64(at);
      at += 8;
    }
    if (length < 4 || length > end - at) {
      return false;
    }
    into.next = at + length;
    long cie = file.u32(at);
    if (cie == 0) {
      return true;
    }
    int encoding = pointerEncoding(at - cie);
    int wordSize = file.wordSize();
    int size = encoding < 0 ? 0 : fixedSize(encoding, wordSize);
    long place = at + 4;
    if (size == 0 || place + 2L * size > into.next) {
      return false;
    }
    into.isFunction = true;
    into.start = fixed(encoding, place, address + (place - offset), 0);
    long range = fixed(encoding & 0x0f, place + size, 0, 0);
    // A length is never negative, whatever the encoding's sign.
    into.size =
        switch (encoding & 0x0f) {
          case DW_EH_PE_SDATA4 -> range & 0xffff_ffffL;
          case DW_EH_PE_SDATA2 -> range & 0xffff;
          default -> range;
        };
    return true;
  }

  /** The encoding of addresses in the entries of one CIE, or -1. */
  private int pointerEncoding(long cieOffset) {
    long last = lastCie;
    if (last >>> 8 == cieOffset && last >= 0) {
      return (int) last & 0xff;
    }
    int encoding = readPointerEncoding(cieOffset);
    if (encoding >= 0 && cieOffset < 1L << 54) {
      lastCie = cieOffset << 8 | encoding;
    }
    return encoding;
  }

  private int readPointerEncoding(long cieOffset) {
    Bytes bytes = file.bytes();
    if (cieOffset < 0 || !bytes.has(cieOffset, 16)) {
      return -1;
    }
    long length = file.u32(cieOffset);
    long at = cieOffset + 4;
    if (length == 0xffff_ffffL) {
      length = file.i64(at);
      at += 8;
    }
    if (length < 8 || !bytes.has(at, length) || file.u32(at) != 0) {
      return -1;
    }
    long end = at + length;
    int version = file.u8(at + 4);
    at += 5;
    long augmentation = at;
    while (at < end && file.u8(at) != 0) {
      at++;
    }
    long augmentationEnd = at++;
    if (augmentationEnd == augmentation) {
      return DW_EH_PE_ABSPTR;
    }
    if (file.u8(augmentation) == 'e') {
      // "eh", before version 3 of GCC: a pointer follows, addresses are plain.
      return DW_EH_PE_ABSPTR;
    }
    if (file.u8(augmentation) != 'z') {
      return -1;
    }
    if (version >= 4) {
      at += 2;
    }
    at = skipLeb(at, end);
    at = skipLeb(at, end);
    at = version == 1 ? at + 1 : skipLeb(at, end);
    at = skipLeb(at, end);
    for (long i = augmentation + 1; i < augmentationEnd; i++) {
      if (at >= end) {
        return -1;
      }
      switch (file.u8(i)) {
        case 'R' -> {
          return file.u8(at);
        }
        case 'P' -> {
          int encoding = file.u8(at++);
          int size = fixedSize(encoding, file.wordSize());
          at = size != 0 ? at + size : skipLeb(at, end);
        }
        case 'L' -> at++;
        case 'S', 'B', 'G' -> {}
        default -> {
          return -1;
        }
      }
    }
    return DW_EH_PE_ABSPTR;
  }

  private long skipLeb(long at, long end) {
    long next = at;
    while (next < end && (file.u8(next) & 0x80) != 0) {
      next++;
    }
    return next + 1;
  }
}
