/** The x86-64 instruction set. */
@NullMarked
package dev.sigill.isa.x86;

import org.jspecify.annotations.NullMarked;
