/**
 * Explains crashes: from a report, a core file, a log or one line to its causes.
 *
 * <p>In: a file, a stream or a text of any size and content. Out: an {@link
 * dev.sigill.crash.Explanation}: what the text says ({@link dev.sigill.crash.Facts}) and the causes
 * it supports, most likely first ({@link dev.sigill.crash.Diagnosis}).
 *
 * <p>A report is read in three steps. A reader of its format, where it has one, states facts. The
 * signs in {@code signs/*.signs} recognise messages; <em>that is where a new message is added</em>.
 * Then the instruction that faulted is decoded, where its bytes are known or its file lies on this
 * computer. What each cause means, what would settle it and what helps is in {@code causes.table}.
 * Nothing that a report names is executed. Read {@link dev.sigill.crash.Explainer} first.
 */
@NullMarked
package dev.sigill.crash;

import org.jspecify.annotations.NullMarked;
