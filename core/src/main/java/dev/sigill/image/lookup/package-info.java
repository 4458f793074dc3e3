/**
 * What the readers of all formats look things up in, for themselves only: addresses in order, and
 * values that are made when they are first asked for. No format is known here.
 */
@NullMarked
package dev.sigill.image.lookup;

import org.jspecify.annotations.NullMarked;
