/**
 * Bytes that a stranger wrote, and what is wrong with them.
 *
 * <p>In: a memory segment (mapped or in memory) with the place it came from. Out: checked reads,
 * and {@link dev.sigill.bytes.Problem}s that name file, offset, field and limit. No format and no
 * container is known here. Read {@link dev.sigill.bytes.Bytes} first, then {@link
 * dev.sigill.bytes.Cursor}.
 */
@NullMarked
package dev.sigill.bytes;

import org.jspecify.annotations.NullMarked;
