package dev.sigill.image.elf;

import java.util.List;

/**
 * The {@code NT_GNU_PROPERTY_TYPE_0} notes (Linux Extensions to gABI, "Program Property").
 *
 * @param x86IsaNeeded the bits of {@code GNU_PROPERTY_X86_ISA_1_NEEDED}: 1 baseline, 2, 4 and 8 for
 *     the levels 2 to 4. Number 0xc0008000, which binutils wrote before 2.36 with a bit for each
 *     feature, is not read by loaders and not here.
 * @param features the bits of {@code GNU_PROPERTY_X86_FEATURE_1_AND} (1 IBT, 2 SHSTK) or {@code
 *     GNU_PROPERTY_AARCH64_FEATURE_1_AND} (1 BTI, 2 PAC)
 */
record GnuProperties(int x86IsaNeeded, int features) {
  static GnuProperties of(ElfBytes file, int machine, List<ElfNote> notes) {
    boolean isX86 = machine == Elf.EM_X86_64 || machine == Elf.EM_386;
    int needed = 0;
    int features = 0;
    for (ElfNote note : notes) {
      if (note.type() != Elf.NT_GNU_PROPERTY_TYPE_0 || !note.name().equals("GNU")) {
        continue;
      }
      long end = note.content().length();
      long at = 0;
      while (at <= end - 8) {
        int type = note.content().i32(at, file.order());
        long size = note.content().u32(at + 4, file.order());
        if (size > end - at - 8) {
          break;
        }
        if (size >= 4) {
          int value = note.content().i32(at + 8, file.order());
          if (isX86 && type == Elf.GNU_PROPERTY_X86_ISA_1_NEEDED) {
            needed |= value;
          } else if (isX86 && type == Elf.GNU_PROPERTY_X86_FEATURE_1_AND
              || machine == Elf.EM_AARCH64 && type == Elf.GNU_PROPERTY_AARCH64_FEATURE_1_AND) {
            features |= value;
          }
        }
        long mask = file.is64() ? 7 : 3;
        at += 8 + (size + mask & ~mask);
      }
    }
    return new GnuProperties(needed, features);
  }

  /** The x86-64 level, 1 to 4, or 0 where the note asks for none. */
  int x86Level() {
    if ((x86IsaNeeded & 8) != 0) {
      return 4;
    }
    if ((x86IsaNeeded & 4) != 0) {
      return 3;
    }
    if ((x86IsaNeeded & 2) != 0) {
      return 2;
    }
    return x86IsaNeeded & 1;
  }
}
