package dev.sigill.image.elf;

import dev.sigill.platform.Architecture;
import java.nio.ByteOrder;

/**
 * The {@code ElfN_Ehdr} (gABI chapter 4, "ELF Header").
 *
 * @param osAbi {@code e_ident[EI_OSABI]}
 * @param type {@code e_type}
 * @param machine {@code e_machine}
 * @param entry {@code e_entry}
 * @param phoff {@code e_phoff}
 * @param shoff {@code e_shoff}
 * @param flags {@code e_flags}
 * @param phentsize {@code e_phentsize}
 * @param phnum {@code e_phnum}
 * @param shentsize {@code e_shentsize}
 * @param shnum {@code e_shnum}
 * @param shstrndx {@code e_shstrndx}
 */
record ElfHeader(
    int osAbi,
    int type,
    int machine,
    long entry,
    long phoff,
    long shoff,
    int flags,
    int phentsize,
    int phnum,
    int shentsize,
    int shnum,
    int shstrndx) {

  /** How many bytes the header has. */
  static int size(boolean is64) {
    return is64 ? 64 : 52;
  }

  /** Reads the header; the file must have {@link #size} bytes. */
  static ElfHeader read(ElfBytes file) {
    int word = file.wordSize();
    long rest = 24 + 3L * word;
    return new ElfHeader(
        file.u8(7),
        file.u16(16),
        file.u16(18),
        file.word(24),
        file.word(24 + word),
        file.word(24 + 2L * word),
        file.i32(rest),
        file.u16(rest + 6),
        file.u16(rest + 8),
        file.u16(rest + 10),
        file.u16(rest + 12),
        file.u16(rest + 14));
  }

  Architecture architecture(ByteOrder order, boolean is64) {
    boolean isLittle = order == ByteOrder.LITTLE_ENDIAN;
    return switch (machine) {
      // A 32-bit file for x86-64 is x32, for AArch64 ILP32: process kinds that are not modelled.
      case Elf.EM_X86_64 -> is64 ? Architecture.X86_64 : Architecture.OTHER;
      case Elf.EM_386, Elf.EM_486 -> Architecture.I386;
      case Elf.EM_AARCH64 -> is64 ? Architecture.ARM64 : Architecture.OTHER;
      case Elf.EM_ARM -> Architecture.ARM;
      case Elf.EM_RISCV -> is64 ? Architecture.RISCV64 : Architecture.OTHER;
      case Elf.EM_PPC64 -> isLittle ? Architecture.PPC64LE : Architecture.PPC64;
      case Elf.EM_PPC -> Architecture.PPC;
      case Elf.EM_S390 -> is64 ? Architecture.S390X : Architecture.OTHER;
      case Elf.EM_MIPS -> is64 ? Architecture.MIPS64 : Architecture.MIPS;
      case Elf.EM_LOONGARCH -> is64 ? Architecture.LOONGARCH64 : Architecture.OTHER;
      case Elf.EM_SPARCV9 -> Architecture.SPARC;
      case Elf.EM_CUDA, Elf.EM_AMDGPU, Elf.EM_INTELGT -> Architecture.GPU;
      default -> Architecture.OTHER;
    };
  }
}
