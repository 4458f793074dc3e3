/**
 * Requirements: what an image needs of a machine, when, and the proof.
 *
 * <p>In: {@link dev.sigill.image.Image}s that load into one process. Out: {@link
 * dev.sigill.analysis.Requirements}, independent of any machine: facts from the file's tables, and
 * the first instruction of each kind that its initialisers reach, with the path to it. Machines and
 * rules are not known here. Read {@link dev.sigill.analysis.Requirements} first.
 */
@NullMarked
package dev.sigill.analysis;

import org.jspecify.annotations.NullMarked;
