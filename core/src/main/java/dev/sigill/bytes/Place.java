package dev.sigill.bytes;

/**
 * Where bytes lie: the address of a file (nested containers joined by {@code !/}, as in {@code
 * x.whl!/x/lib.so}), and an offset in it.
 *
 * @param file the file's address as a person would type or read it
 * @param offset byte offset from the start of that file, or -1 for the file as a whole
 */
public record Place(String file, long offset) {
  /** The file as a whole. */
  public static Place of(String file) {
    return new Place(file, -1);
  }

  /** The same file at a byte offset. */
  public Place at(long newOffset) {
    return new Place(file, newOffset);
  }

  @Override
  public String toString() {
    return offset < 0 ? file : file + " @0x" + Long.toHexString(offset);
  }
}
