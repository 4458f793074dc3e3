/** The library's front door. */
@NullMarked
package dev.sigill;

import org.jspecify.annotations.NullMarked;
