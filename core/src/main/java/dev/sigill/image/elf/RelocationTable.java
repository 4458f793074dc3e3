package dev.sigill.image.elf;

/**
 * An array of {@code ElfN_Rel} or {@code ElfN_Rela} (gABI chapter 4, "Relocation"), read in place.
 *
 * @param file where it lies
 * @param offset its first byte in the file
 * @param count how many entries it has, all of them in the file
 * @param hasAddends whether it is {@code Rela}
 */
record RelocationTable(ElfBytes file, long offset, int count, boolean hasAddends) {
  private static final int CHUNK = 4096;

  static int entrySize(boolean is64, boolean hasAddends) {
    return (is64 ? 8 : 4) * (hasAddends ? 3 : 2);
  }

  private long at(int entry) {
    return offset + (long) entry * entrySize(file.is64(), hasAddends);
  }

  /** {@code r_offset}: in linked files, a virtual address. */
  long address(int entry) {
    return file.word(at(entry));
  }

  /** {@code ELFN_R_TYPE(r_info)}. */
  int type(int entry) {
    return type(file.is64(), file.word(at(entry) + file.wordSize()));
  }

  /** {@code ELFN_R_SYM(r_info)}. */
  int symbol(int entry) {
    return symbol(file.is64(), file.word(at(entry) + file.wordSize()));
  }

  /** {@code r_addend}; only where the table has addends. */
  long addend(int entry) {
    return file.signedWord(at(entry) + 2L * file.wordSize());
  }

  private static int type(boolean is64, long info) {
    return is64 ? (int) info : (int) info & 0xff;
  }

  private static int symbol(boolean is64, long info) {
    return (int) (is64 ? info >>> 32 : info >>> 8);
  }

  /** Receives the numbers of a relocation during {@link #scan}. */
  interface Visitor {
    void visit(int entry, long address, int type, int symbol);
  }

  /** Shows every entry in the file's order, by bulk reads. */
  void scan(Visitor visitor) {
    int words = hasAddends ? 3 : 2;
    boolean is64 = file.is64();
    for (int first = 0; first < count; first += CHUNK) {
      int part = Math.min(CHUNK, count - first);
      long[] values = file.words(at(first), part * words);
      for (int i = 0; i < part; i++) {
        long info = values[i * words + 1];
        visitor.visit(first + i, values[i * words], type(is64, info), symbol(is64, info));
      }
    }
  }
}
