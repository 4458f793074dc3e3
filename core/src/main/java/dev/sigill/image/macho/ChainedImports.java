package dev.sigill.image.macho;

/**
 * {@code dyld_chained_import}, {@code dyld_chained_import_addend} or {@code
 * dyld_chained_import_addend64}, read in place.
 *
 * @param at where the table begins in the file
 * @param entrySize 4, 8 or 16, which tells the three apart
 * @param names where names begin, relative to the command's data
 */
record ChainedImports(MachOBytes file, long at, int entrySize, int count, long names)
    implements ImportTable.Entries {

  private long entry(int number) {
    return at + (long) number * entrySize;
  }

  @Override
  public long nameOffset(int number) {
    long inNames = entrySize == 16 ? file.i64(entry(number)) >>> 32 : file.u32(entry(number)) >>> 9;
    return names + inNames;
  }

  @Override
  public int ordinal(int number) {
    if (entrySize == 16) {
      int library = (int) file.i64(entry(number)) & 0xffff;
      return library > 0xfff0 ? (short) library : library;
    }
    int library = file.i32(entry(number)) & 0xff;
    return library > 0xf0 ? (byte) library : library;
  }

  @Override
  public boolean isWeak(int number) {
    return entrySize == 16
        ? (file.i64(entry(number)) >>> 16 & 1) != 0
        : (file.i32(entry(number)) >>> 8 & 1) != 0;
  }

  @Override
  public long addend(int number) {
    return switch (entrySize) {
      case 8 -> file.i32(entry(number) + 4);
      case 16 -> file.i64(entry(number) + 8);
      default -> 0;
    };
  }

  /** Where the first entry lies whose name is not before an offset, or -1. */
  long firstNameNotBefore(long offset) {
    for (int i = 0; i < count; i++) {
      if (nameOffset(i) >= offset) {
        return entry(i);
      }
    }
    return -1;
  }
}
