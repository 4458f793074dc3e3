package dev.sigill.image;

/**
 * What the loader leaves in a pointer-sized place of an image: relocations, fixups, import tables.
 */
public sealed interface Slot {
  /**
   * An address in the same image.
   *
   * @param address the virtual address, as linked
   */
  record Local(long address) implements Slot {}

  /**
   * An address found by name, in whichever image of the process defines it.
   *
   * @param name the symbol's name as the file writes it, without version
   * @param library the library that must define it, as in {@link Needed} (two-level namespaces of
   *     Mach-O, PE), or empty where any may (ELF)
   * @param addend what is added to the symbol's address
   * @param isWeak whether it may stay unresolved
   */
  record Imported(String name, String library, long addend, boolean isWeak) implements Slot {}

  /**
   * The answer of a resolver that the loader calls (ELF {@code R_*_IRELATIVE}).
   *
   * @param resolver the resolver's virtual address
   */
  record Resolved(long resolver) implements Slot {}

  /** Nothing: the place holds what the file says, or is not known to hold a pointer. */
  record None() implements Slot {
    public static final None INSTANCE = new None();
  }
}
