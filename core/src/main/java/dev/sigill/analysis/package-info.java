/** Requirements: which instructions code reaches, when, and by which path. */
@NullMarked
package dev.sigill.analysis;

import org.jspecify.annotations.NullMarked;
