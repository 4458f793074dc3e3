package dev.sigill.image.pe;

/**
 * A function or variable that an image takes from another.
 *
 * @param library the DLL's name as the file writes it
 * @param name the name asked for, or {@code #12} for the export of ordinal 12
 * @param slot the virtual address of its entry in the import address table
 * @param isDelayed whether it is looked up at the first call rather than at load
 */
public record PeImport(String library, String name, long slot, boolean isDelayed) {}
