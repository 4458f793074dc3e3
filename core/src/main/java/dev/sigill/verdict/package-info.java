/**
 * What follows when images meet a machine: findings and the verdict.
 *
 * <p>In: a source's images and their requirements, and a machine. Out: a {@link
 * dev.sigill.verdict.Result} with its {@link dev.sigill.verdict.Finding}s. Output formats are not
 * known here. Read {@link dev.sigill.verdict.Result} first; each {@link dev.sigill.verdict.Rule}
 * has a page under {@code docs/rules}.
 */
@NullMarked
package dev.sigill.verdict;

import org.jspecify.annotations.NullMarked;
