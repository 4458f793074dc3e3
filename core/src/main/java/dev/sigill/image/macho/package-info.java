/** Placeholder room plate. */
@NullMarked
package dev.sigill.image.macho;

import org.jspecify.annotations.NullMarked;
