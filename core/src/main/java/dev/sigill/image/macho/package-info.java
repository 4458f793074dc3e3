/**
 * Mach-O files as dyld sees them.
 *
 * <p>In: the bytes of a file. Out: a {@link dev.sigill.image.macho.MachOImage} for each
 * architecture of it. Load commands are read at once; fixups, functions, initialisers and names
 * when they are first asked for, into bits and primitive arrays or searched in place. Debugging
 * information is not read, signatures are not checked.
 *
 * <p>Read {@code LoadCommands} first, then {@code MachOLayout} and {@code MachOImage}.
 * Specification: {@code mach-o/loader.h}, {@code nlist.h}, {@code reloc.h}, {@code fat.h} and
 * {@code fixup-chains.h} of Apple's open-source releases; names are theirs.
 */
@NullMarked
package dev.sigill.image.macho;

import org.jspecify.annotations.NullMarked;
