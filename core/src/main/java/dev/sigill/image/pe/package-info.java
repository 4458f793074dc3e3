/**
 * PE images as Windows loads them: PE32 and PE32+ for AMD64, ARM64 (with its hybrids ARM64EC and
 * ARM64X), I386 and ARMNT.
 *
 * <p>In: {@link dev.sigill.bytes.Bytes}. Out: {@link dev.sigill.image.pe.PeImage}, the {@link
 * dev.sigill.image.Image} of one file. The words are those of "PE Format" (Microsoft, Win32 API
 * documentation, revision 11 and later) and of {@code winnt.h}; "RVA" is an address relative to the
 * image base. Addresses that leave this package are preferred image base + RVA.
 *
 * <p>Opening reads headers, section table, import lists and the small directories. The tables that
 * grow with the code (base relocations, exports, {@code .pdata}, COFF symbols) are read in place or
 * on first use, and checked when {@link dev.sigill.image.pe.PeImage#problems()} is asked for.
 *
 * <pre>
 * PeImage ::= PeHeaders PeMapping PeImports PeRelocations PeExports PeFunctions CoffSymbols LoadConfig
 * </pre>
 */
@NullMarked
package dev.sigill.image.pe;

import org.jspecify.annotations.NullMarked;
