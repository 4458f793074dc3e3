/**
 * Containers: where native files lie, without knowing what is in them.
 *
 * <p>In: a path. Out: a {@link dev.sigill.source.Source}: the native files found by content ({@link
 * dev.sigill.source.Member}), the packages they belong to ({@link dev.sigill.source.Distribution}),
 * and for an environment its interpreter. Formats of native code are known only by their first
 * bytes. Read {@link dev.sigill.source.Source} first; {@link dev.sigill.source.Sources} opens one.
 */
@NullMarked
package dev.sigill.source;

import org.jspecify.annotations.NullMarked;
