/**
 * What was found out before: results kept on disk, so that an unchanged target is not analysed
 * again.
 *
 * <p>In: requirements and a key of all that they depend on. Out: the same requirements, or nothing.
 * Never needed: a folder that cannot be written, a damaged entry or an old format only means that
 * the work is done again. Read {@link dev.sigill.store.RequirementsStore} first; {@code
 * docs/decisions/0001-result-store.md} says why it is made this way.
 */
@NullMarked
package dev.sigill.store;

import org.jspecify.annotations.NullMarked;
