/**
 * What Python code says without being run: which modules an import surely loads, which it loads
 * under a condition, and whether the conditions of requirements hold.
 */
@NullMarked
package dev.sigill.python;

import org.jspecify.annotations.NullMarked;
