package dev.sigill.crash;

/** The general registers as Linux keeps them ({@code user_regs_struct}), by their DWARF numbers. */
public final class LinuxRegisters {
  /** Places in the kernel's order of rax, rdx, rcx, rbx, rsi, rdi, rbp, rsp and r8 to r15. */
  private static final int[] X86_64 = {10, 12, 11, 5, 13, 14, 4, 19, 9, 8, 7, 6, 3, 2, 1, 0};

  private static final int X86_64_WORDS = 27;

  /** x0 to x30 and the stack pointer come first. */
  private static final int ARM64 = 32;

  private LinuxRegisters() {}

  /**
   * Sorts them.
   *
   * @param architecture {@code x86_64} or {@code arm64}; of others there are none
   * @param words the structure's words
   */
  public static long[] dwarf(String architecture, long[] words) {
    if (architecture.equals("arm64") && words.length > ARM64) {
      return java.util.Arrays.copyOf(words, ARM64);
    }
    if (!architecture.equals("x86_64") || words.length < X86_64_WORDS) {
      return new long[0];
    }
    var sorted = new long[X86_64.length];
    for (int i = 0; i < sorted.length; i++) {
      sorted[i] = words[X86_64[i]];
    }
    return sorted;
  }
}
