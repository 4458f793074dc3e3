package dev.sigill.image.elf;

/**
 * An {@code ElfN_Phdr} (gABI chapter 5, "Program Header").
 *
 * @param type {@code p_type}
 * @param flags {@code p_flags}
 * @param offset {@code p_offset}, relative to the image's first byte
 * @param virtualAddress {@code p_vaddr}
 * @param fileSize {@code p_filesz}, in bytes, as stated
 * @param memorySize {@code p_memsz}, in bytes
 * @param alignment {@code p_align}, in bytes
 */
public record ElfProgramHeader(
    int type,
    int flags,
    long offset,
    long virtualAddress,
    long fileSize,
    long memorySize,
    long alignment) {
  boolean isExecutable() {
    return (flags & Elf.PF_X) != 0;
  }

  boolean isWritable() {
    return (flags & Elf.PF_W) != 0;
  }

  /** Whether an address lies in the memory that the header describes. */
  boolean contains(long address) {
    return Long.compareUnsigned(address - virtualAddress, memorySize) < 0;
  }
}
