package dev.sigill.image.elf;

/**
 * A dynamic relocation, as the file writes it.
 *
 * @param type {@code ELFN_R_TYPE(r_info)}, numbered by the architecture
 * @param symbol the name of the symbol that it refers to, or empty
 * @param addend {@code r_addend}, or 0 where the addend lies in the relocated place
 */
public record ElfRelocation(int type, String symbol, long addend) {}
