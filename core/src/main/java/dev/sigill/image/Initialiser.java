package dev.sigill.image;

/**
 * Code that the loader calls when it loads the image, before anybody asks for anything.
 *
 * @param kind the mechanism
 * @param index its number among those of the same kind, from 0
 * @param count how many there are of that kind
 * @param address the virtual address of the code, as linked
 */
public record Initialiser(Kind kind, int index, int count, long address) {
  /** The mechanism by which the loader finds and calls it, in no particular order. */
  public enum Kind {
    /** ELF: resolver of an indirect function, run while relocations are applied. */
    IFUNC_RESOLVER("IFUNC resolver"),
    /** ELF: {@code DT_PREINIT_ARRAY}. */
    PREINIT_ARRAY(".preinit_array entry"),
    /** ELF: {@code DT_INIT}. */
    INIT("DT_INIT"),
    /** ELF: {@code DT_INIT_ARRAY}. */
    INIT_ARRAY(".init_array entry"),
    /** Mach-O: {@code init_address} of {@code LC_ROUTINES}. */
    ROUTINES("LC_ROUTINES initialiser"),
    /** Mach-O: {@code S_MOD_INIT_FUNC_POINTERS} or {@code S_INIT_FUNC_OFFSETS}. */
    MOD_INIT("initialiser"),
    /** Mach-O: an Objective-C {@code +load} method. */
    OBJC_LOAD("+load method"),
    /** Mach-O: {@code S_THREAD_LOCAL_INIT_FUNCTION_POINTERS}. */
    THREAD_INIT("thread-local initialiser"),
    /** PE: a TLS callback. */
    TLS_CALLBACK("TLS callback"),
    /**
     * PE: {@code AddressOfEntryPoint} of a DLL, which runs the C runtime's initialisers and {@code
     * DllMain}.
     */
    DLL_ENTRY("DLL entry point"),
    /** PE: an entry of the C runtime's initialiser tables ({@code .CRT$XI*}, {@code .CRT$XC*}). */
    CRT_INITIALISER("C runtime initialiser");

    private final String title;

    Kind(String title) {
      this.title = title;
    }

    /** The name as a report writes it, before the number. */
    public String title() {
      return title;
    }
  }
}
