package dev.sigill.image.elf;

import dev.sigill.image.Image;

/** Placeholder. */
public abstract non-sealed class ElfImage implements Image {
  /** The least alignment of the loadable segments, in bytes, in file and memory. */
  public abstract long loadAlignment();

  /**
   * Whether PT_GNU_STACK asks for an executable stack (a missing one does on x86, not on Arm64).
   */
  public abstract boolean hasExecutableStack();

  /** The x86-64 level, 1 to 4, that GNU_PROPERTY_X86_ISA_1_NEEDED demands, or 0. */
  public abstract int isaLevelNeeded();
}
