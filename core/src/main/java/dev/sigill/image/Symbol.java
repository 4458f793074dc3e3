package dev.sigill.image;

/**
 * A named address of an image.
 *
 * @param name the name as the file writes it, without version
 * @param address the virtual address, as linked
 * @param size its size in bytes, or 0 where unknown
 * @param kind what it names
 * @param isExported whether other images can bind to it
 * @param isWeak whether it is one of several equal definitions of which the linker or loader keeps
 *     any one: an inline function or the instance of a template, as a rule
 */
public record Symbol(
    String name, long address, long size, Kind kind, boolean isExported, boolean isWeak) {
  /** The only definition of its name. */
  public Symbol(String name, long address, long size, Kind kind, boolean isExported) {
    this(name, address, size, kind, isExported, false);
  }

  /** What a symbol names. */
  public enum Kind {
    FUNCTION,
    /** A function whose address a resolver chooses at load time; the address is the resolver's. */
    INDIRECT_FUNCTION,
    DATA,
    THREAD_LOCAL,
    /**
     * An export that another library answers (Mach-O re-export, PE forwarder); the address is 0.
     */
    FORWARD,
    OTHER
  }
}
