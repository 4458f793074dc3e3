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
  /** How many entries to copy at a time. */
  static final int CHUNK = 4096;

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

  /** {@code ELFN_R_TYPE} of an {@code r_info}. */
  static int type(boolean is64, long info) {
    return is64 ? (int) info : (int) info & 0xff;
  }

  /** {@code ELFN_R_SYM} of an {@code r_info}. */
  static int symbol(boolean is64, long info) {
    return (int) (is64 ? info >>> 32 : info >>> 8);
  }

  /** How many words an entry has: {@code r_offset}, {@code r_info} and perhaps {@code r_addend}. */
  int words() {
    return hasAddends ? 3 : 2;
  }

  /** A buffer for {@link #copy}. */
  long[] buffer() {
    return new long[Math.min(count, CHUNK) * words()];
  }

  /** Copies some entries, at most {@link #CHUNK}, as words, for those who look at all of them. */
  void copy(int first, int entries, long[] into) {
    file.words(at(first), into, entries * words());
  }
}
