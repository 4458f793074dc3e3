package dev.sigill.image.macho;

/**
 * A name that another image must define.
 *
 * @param name the symbol's name as the file writes it
 * @param library the library that must define it, as in {@link dev.sigill.image.Needed}, or empty
 *     where any image may
 * @param isWeak whether it may stay unresolved
 */
public record MachOImport(String name, String library, boolean isWeak) {}
