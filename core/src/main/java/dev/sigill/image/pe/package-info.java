/** Placeholder room plate. */
@NullMarked
package dev.sigill.image.pe;

import org.jspecify.annotations.NullMarked;
