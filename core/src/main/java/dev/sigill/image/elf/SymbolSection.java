package dev.sigill.image.elf;

import java.nio.ByteOrder;

/**
 * A symbol table (gABI chapter 4, "Symbol Table"), read in place: an array of {@code ElfN_Sym} and
 * the strings that {@code st_name} leads into.
 */
final class SymbolSection {
  private static final int CHUNK = 4096;

  private final ElfBytes file;
  private final long offset;
  private final int count;
  private final ElfStrings strings;
  private final int size;

  /** The table at a place; {@code count} symbols must lie in the file. */
  SymbolSection(ElfBytes file, long offset, int count, ElfStrings strings) {
    this.file = file;
    this.offset = offset;
    this.count = count;
    this.strings = strings;
    this.size = size(file.is64());
  }

  static int size(boolean is64) {
    return is64 ? 24 : 16;
  }

  int count() {
    return count;
  }

  ElfStrings strings() {
    return strings;
  }

  /** {@code st_name}. */
  long nameIndex(int symbol) {
    return file.u32(at(symbol));
  }

  String name(int symbol) {
    return strings.text(nameIndex(symbol));
  }

  /** {@code ELF_ST_TYPE(st_info)}. */
  int type(int symbol) {
    return file.u8(at(symbol) + (file.is64() ? 4 : 12)) & 0xf;
  }

  /** {@code ELF_ST_BIND(st_info)}. */
  int binding(int symbol) {
    return file.u8(at(symbol) + (file.is64() ? 4 : 12)) >> 4;
  }

  /** {@code ELF_ST_VISIBILITY(st_other)}. */
  int visibility(int symbol) {
    return file.u8(at(symbol) + (file.is64() ? 5 : 13)) & 3;
  }

  /** {@code st_shndx}. */
  int sectionIndex(int symbol) {
    return file.u16(at(symbol) + (file.is64() ? 6 : 14));
  }

  /** {@code st_value}. */
  long value(int symbol) {
    return file.word(at(symbol) + (file.is64() ? 8 : 4));
  }

  /** {@code st_size}. */
  long size(int symbol) {
    return file.word(at(symbol) + (file.is64() ? 16 : 8));
  }

  boolean isDefined(int symbol) {
    return sectionIndex(symbol) != Elf.SHN_UNDEF;
  }

  private long at(int symbol) {
    return offset + (long) symbol * size;
  }

  /** Receives the numbers of a symbol during {@link #scan}. */
  interface Visitor {
    void visit(int symbol, int type, int binding, int sectionIndex, long value);
  }

  /** Shows every symbol but the first, which is no symbol, by bulk reads. */
  void scan(Visitor visitor) {
    boolean isLittle = file.order() == ByteOrder.LITTLE_ENDIAN;
    long[] words = new long[file.is64() ? 3 * Math.min(CHUNK, count) : 0];
    for (int first = 0; first < count; first += CHUNK) {
      int part = Math.min(CHUNK, count - first);
      if (file.is64()) {
        file.words(at(first), words, part * 3);
        for (int i = first == 0 ? 1 : 0; i < part; i++) {
          long head = words[3 * i];
          int info = (int) (isLittle ? head >>> 32 : head >>> 24) & 0xff;
          int section = (int) (isLittle ? head >>> 48 : head) & 0xffff;
          visitor.visit(first + i, info & 0xf, info >> 4, section, words[3 * i + 1]);
        }
      } else {
        int[] narrow = file.ints(at(first), part * 4);
        for (int i = first == 0 ? 1 : 0; i < part; i++) {
          int tail = narrow[4 * i + 3];
          int info = (isLittle ? tail : tail >>> 24) & 0xff;
          int section = (isLittle ? tail >>> 16 : tail) & 0xffff;
          visitor.visit(
              first + i, info & 0xf, info >> 4, section, narrow[4 * i + 1] & 0xffff_ffffL);
        }
      }
    }
  }
}
