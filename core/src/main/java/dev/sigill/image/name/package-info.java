/**
 * Names as compilers write them for linkers, made readable.
 *
 * <p>In: a symbol's name. Out: the same name as a programmer would write it, or unchanged where it
 * is of no known scheme. C++ of the Itanium ABI (GCC, Clang) and of Microsoft's compiler, and both
 * schemes of Rust. Names come from strangers: nesting, work and length are bounded. Read {@link
 * dev.sigill.image.name.Demangler} first.
 */
@NullMarked
package dev.sigill.image.name;

import org.jspecify.annotations.NullMarked;
