/**
 * Measures how often the answers are right: packages are run on emulated processors, the same
 * packages are checked without running them, and the two are compared.
 */
@NullMarked
package dev.sigill.accuracy;

import org.jspecify.annotations.NullMarked;
