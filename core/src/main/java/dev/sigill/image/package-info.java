/**
 * Native images: ELF, Mach-O and PE files as loaders see them.
 *
 * <p>In: {@link dev.sigill.bytes.Bytes}. Out: an {@link dev.sigill.image.Image}, the view that the
 * rest of the tool shares, in plain words; each format keeps its own details, in its
 * specification's words, in {@code elf}, {@code macho} and {@code pe}. Instructions are not known
 * here. Read {@link dev.sigill.image.Image} first; {@link dev.sigill.image.Images} opens one.
 *
 * <pre>
 * Image ::= Section* Segment* CodeRange* FunctionTable SymbolTable Needed* Initialiser* Slot(address)*
 * </pre>
 */
@NullMarked
package dev.sigill.image;

import org.jspecify.annotations.NullMarked;
