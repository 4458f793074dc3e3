/**
 * ELF files as loaders of Linux, Android and the BSDs see them.
 *
 * <p>In: the bytes of a file. Out: an {@link dev.sigill.image.elf.ElfImage}. Program headers and
 * the dynamic section are the truth, section headers an aid that may be missing or wrong. Headers
 * are read at once; relocations, functions and symbols are searched in place or sorted into
 * primitive arrays when first asked for. Debugging information is not read.
 *
 * <p>Read {@code ElfLayout} first, then {@code ElfFile}. Specification: System V gABI, chapters 4
 * and 5, with the Linux Standard Base and the processor supplements; names are theirs.
 */
@NullMarked
package dev.sigill.image.elf;

import org.jspecify.annotations.NullMarked;
