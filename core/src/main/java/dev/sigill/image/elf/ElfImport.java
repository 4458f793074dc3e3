package dev.sigill.image.elf;

/**
 * A name that an image needs another one to define.
 *
 * @param name the symbol's name, without version
 * @param version the version it must have, or empty
 * @param library the library that its version belongs to, as in {@link dev.sigill.image.Needed}, or
 *     empty where any may define it
 * @param isWeak whether it may stay undefined
 */
public record ElfImport(String name, String version, String library, boolean isWeak) {}
