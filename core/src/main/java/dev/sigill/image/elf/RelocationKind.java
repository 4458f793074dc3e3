package dev.sigill.image.elf;

/**
 * What a dynamic relocation does, whatever its number on one architecture. Sources: psABI of
 * x86-64, i386, AArch64 (AAELF64), Arm (AAELF32), Power, s390x, RISC-V, LoongArch and SPARC.
 */
enum RelocationKind {
  /** Nothing that matters to an address-sized place, or a form that is not known. */
  OTHER,
  /** The load address plus the addend: {@code R_*_RELATIVE}. */
  RELATIVE,
  /** A symbol's address plus the addend: {@code R_X86_64_64}, {@code R_AARCH64_ABS64}. */
  SYMBOLIC,
  /** A symbol's address in the global offset table: {@code R_*_GLOB_DAT}. */
  GLOB_DAT,
  /** A symbol's address, perhaps found on the first call: {@code R_*_JUMP_SLOT}. */
  JUMP_SLOT,
  /** What the resolver at load address plus addend returns: {@code R_*_IRELATIVE}. */
  IRELATIVE,
  /** The content of another image's variable: {@code R_*_COPY}. */
  COPY,
  /** A module number, offset or descriptor of thread-local storage. */
  THREAD_LOCAL;

  /** Whether it puts a symbol's address into a place. */
  boolean refersToSymbol() {
    return this == SYMBOLIC || this == GLOB_DAT || this == JUMP_SLOT;
  }

  /** The kind of a relocation type of one machine. */
  static RelocationKind of(int machine, boolean is64, int type) {
    return switch (machine) {
      case Elf.EM_X86_64 ->
          switch (type) {
            case 1 -> is64 ? SYMBOLIC : OTHER;
            case 10 -> is64 ? OTHER : SYMBOLIC;
            case 5 -> COPY;
            case 6 -> GLOB_DAT;
            case 7 -> JUMP_SLOT;
            case 8, 38 -> RELATIVE;
            case 16, 17, 18, 36 -> THREAD_LOCAL;
            case 37 -> IRELATIVE;
            default -> OTHER;
          };
      case Elf.EM_386, Elf.EM_486 ->
          switch (type) {
            case 1 -> SYMBOLIC;
            case 5 -> COPY;
            case 6 -> GLOB_DAT;
            case 7 -> JUMP_SLOT;
            case 8 -> RELATIVE;
            case 14, 35, 36, 37, 41 -> THREAD_LOCAL;
            case 42 -> IRELATIVE;
            default -> OTHER;
          };
      case Elf.EM_AARCH64 ->
          switch (type) {
            // 0x244 and 0x411 sign the pointer besides (PAuth ABI extension).
            case 257, 0x244 -> SYMBOLIC;
            case 1024 -> COPY;
            case 1025 -> GLOB_DAT;
            case 1026 -> JUMP_SLOT;
            case 1027, 0x411 -> RELATIVE;
            case 1028, 1029, 1030, 1031 -> THREAD_LOCAL;
            case 1032 -> IRELATIVE;
            default -> OTHER;
          };
      case Elf.EM_ARM ->
          switch (type) {
            case 2 -> SYMBOLIC;
            case 13, 17, 18, 19 -> THREAD_LOCAL;
            case 20 -> COPY;
            case 21 -> GLOB_DAT;
            case 22 -> JUMP_SLOT;
            case 23 -> RELATIVE;
            case 160 -> IRELATIVE;
            default -> OTHER;
          };
      case Elf.EM_RISCV ->
          switch (type) {
            case 1 -> is64 ? OTHER : SYMBOLIC;
            case 2 -> is64 ? SYMBOLIC : OTHER;
            case 3 -> RELATIVE;
            case 4 -> COPY;
            case 5 -> JUMP_SLOT;
            case 6, 7, 8, 9, 10, 11, 12 -> THREAD_LOCAL;
            case 58 -> IRELATIVE;
            default -> OTHER;
          };
      case Elf.EM_LOONGARCH ->
          switch (type) {
            case 1 -> is64 ? OTHER : SYMBOLIC;
            case 2 -> is64 ? SYMBOLIC : OTHER;
            case 3 -> RELATIVE;
            case 4 -> COPY;
            case 5 -> JUMP_SLOT;
            case 6, 7, 8, 9, 10, 11, 13, 14 -> THREAD_LOCAL;
            case 12 -> IRELATIVE;
            default -> OTHER;
          };
      case Elf.EM_PPC64 ->
          switch (type) {
            case 38, 43 -> SYMBOLIC;
            case 19 -> COPY;
            case 20 -> GLOB_DAT;
            case 21 -> JUMP_SLOT;
            case 22 -> RELATIVE;
            case 68, 73, 78 -> THREAD_LOCAL;
            case 248 -> IRELATIVE;
            default -> OTHER;
          };
      case Elf.EM_PPC ->
          switch (type) {
            case 1, 24 -> SYMBOLIC;
            case 19 -> COPY;
            case 20 -> GLOB_DAT;
            case 21 -> JUMP_SLOT;
            case 22 -> RELATIVE;
            case 68, 73, 78 -> THREAD_LOCAL;
            case 248 -> IRELATIVE;
            default -> OTHER;
          };
      case Elf.EM_S390 ->
          switch (type) {
            case 4 -> is64 ? OTHER : SYMBOLIC;
            case 22 -> is64 ? SYMBOLIC : OTHER;
            case 9 -> COPY;
            case 10 -> GLOB_DAT;
            case 11 -> JUMP_SLOT;
            case 12 -> RELATIVE;
            case 54, 55, 56 -> THREAD_LOCAL;
            case 61 -> IRELATIVE;
            default -> OTHER;
          };
      case Elf.EM_SPARCV9 ->
          switch (type & 0xff) {
            case 19 -> COPY;
            case 20 -> GLOB_DAT;
            case 21 -> JUMP_SLOT;
            case 22 -> RELATIVE;
            case 32 -> SYMBOLIC;
            case 249 -> IRELATIVE;
            default -> OTHER;
          };
      default -> OTHER;
    };
  }
}
