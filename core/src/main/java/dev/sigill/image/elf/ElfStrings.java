package dev.sigill.image.elf;

import java.nio.charset.StandardCharsets;

/**
 * A string table (gABI chapter 4, "String Table"), read in place.
 *
 * @param file the file, or null for an empty table
 * @param offset where it begins in the file
 * @param size its size in bytes, all of it in the file
 */
record ElfStrings(ElfBytes file, long offset, long size) {
  /**
   * Names longer than this are cut: the longest C++ names met have some ten thousand characters.
   */
  private static final int LONGEST = 1 << 16;

  static final ElfStrings EMPTY =
      new ElfStrings(
          new ElfBytes(
              dev.sigill.bytes.Bytes.of(new byte[0], ""), java.nio.ByteOrder.LITTLE_ENDIAN, true),
          0,
          0);

  /** The table at a place, as far as it lies in the file. */
  static ElfStrings of(ElfBytes file, long offset, long size) {
    if (offset < 0 || offset >= file.length()) {
      return EMPTY;
    }
    long room = file.length() - offset;
    return new ElfStrings(file, offset, size < 0 || size > room ? room : size);
  }

  /** The text at an index, empty where the index is outside. */
  String text(long index) {
    if (index < 0 || index >= size) {
      return "";
    }
    return file.bytes().text(offset + index, (int) Math.min(LONGEST, size - index));
  }

  /** Whether the text at an index begins with this one. */
  boolean startsWith(long index, byte[] text) {
    if (index < 0 || index > size - text.length) {
      return false;
    }
    long at = offset + index;
    for (int i = 0; i < text.length; i++) {
      if ((byte) file.u8(at + i) != text[i]) {
        return false;
      }
    }
    return true;
  }

  /** Whether the text at an index begins with one of several. */
  boolean startsWithOne(long index, byte[][] texts) {
    for (byte[] text : texts) {
      if (startsWith(index, text)) {
        return true;
      }
    }
    return false;
  }

  /** Whether the text at an index is this one. */
  boolean isText(long index, byte[] text) {
    return index < size - text.length
        && startsWith(index, text)
        && file.u8(offset + index + text.length) == 0;
  }

  static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
