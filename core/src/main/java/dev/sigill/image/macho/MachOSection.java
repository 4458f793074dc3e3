package dev.sigill.image.macho;

/**
 * {@code section} or {@code section_64}, checked: it lies in its segment.
 *
 * @param number its number among all sections of the image, from 1, which symbols name it by
 * @param fileOffset where its content lies in the file
 * @param fileSize how much content the file holds, 0 for zero-filled sections
 */
record MachOSection(
    int number,
    String sectname,
    String segname,
    long addr,
    long size,
    long fileOffset,
    long fileSize,
    int flags,
    int reserved1,
    int reserved2) {
  String name() {
    return segname + "," + sectname;
  }

  int type() {
    return flags & MachO.SECTION_TYPE;
  }

  /**
   * Whether it holds instructions as they will run: what the loader writes itself ({@code
   * S_ATTR_SELF_MODIFYING_CODE}) is not in the file yet.
   */
  boolean holdsCode() {
    boolean isMarked =
        (flags & (MachO.S_ATTR_PURE_INSTRUCTIONS | MachO.S_ATTR_SOME_INSTRUCTIONS)) != 0;
    return (isMarked || type() == MachO.S_SYMBOL_STUBS)
        && (flags & MachO.S_ATTR_SELF_MODIFYING_CODE) == 0;
  }

  boolean isThreadLocal() {
    return type() >= MachO.S_THREAD_LOCAL_REGULAR && type() <= MachO.S_THREAD_LOCAL_VARIABLES;
  }

  static boolean isZeroFill(int type) {
    return type == MachO.S_ZEROFILL
        || type == MachO.S_GB_ZEROFILL
        || type == MachO.S_THREAD_LOCAL_ZEROFILL;
  }

  boolean contains(long address) {
    return Long.compareUnsigned(address - addr, size) < 0;
  }
}
