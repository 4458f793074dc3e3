package dev.sigill.image.elf;

/**
 * An {@code ElfN_Shdr} (gABI chapter 4, "Sections").
 *
 * @param name the text that {@code sh_name} leads to
 * @param type {@code sh_type}
 * @param flags {@code sh_flags}
 * @param address {@code sh_addr}; in object files, which have no addresses, a made-up one that no
 *     other section shares
 * @param offset {@code sh_offset}
 * @param size {@code sh_size}
 * @param link {@code sh_link}
 * @param info {@code sh_info}
 * @param entrySize {@code sh_entsize}
 */
record ElfSectionHeader(
    String name,
    int type,
    long flags,
    long address,
    long offset,
    long size,
    int link,
    int info,
    long entrySize) {
  boolean isAllocated() {
    return (flags & Elf.SHF_ALLOC) != 0;
  }

  boolean isExecutable() {
    return (flags & Elf.SHF_EXECINSTR) != 0;
  }

  /** Whether it holds instructions: executable, in memory, with content of the program's own. */
  boolean holdsCode() {
    return isAllocated() && isExecutable() && type == Elf.SHT_PROGBITS;
  }

  /** How many bytes of the file belong to it. */
  long fileSize() {
    return type == Elf.SHT_NOBITS || type == Elf.SHT_NULL ? 0 : size;
  }
}
