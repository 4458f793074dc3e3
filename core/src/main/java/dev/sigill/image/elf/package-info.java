/** Placeholder room plate. */
@NullMarked
package dev.sigill.image.elf;

import org.jspecify.annotations.NullMarked;
