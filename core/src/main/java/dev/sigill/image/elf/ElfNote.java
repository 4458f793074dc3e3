package dev.sigill.image.elf;

import dev.sigill.bytes.Bytes;

/**
 * A note (gABI chapter 5, "Note Section"): what a vendor attached to an image or, in a core file,
 * what the kernel wrote about the process.
 *
 * @param name who defines its meaning: {@code GNU}, {@code CORE}, {@code LINUX}, {@code Android}
 * @param type what it is, numbered by that name ({@code NT_PRSTATUS}, {@code NT_GNU_BUILD_ID})
 * @param content {@code desc}, in the image's byte order
 */
public record ElfNote(String name, int type, Bytes content) {}
