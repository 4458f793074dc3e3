/**
 * Reports: verdicts and machines as text for people and as JSON for programs.
 *
 * <p>In: {@link dev.sigill.verdict.Result}s and {@link dev.sigill.machine.Machine}s. Out: text in a
 * {@link dev.sigill.report.Style}, or JSON whose schemas lie beside these classes ({@code
 * check.schema.json}, {@code machines.schema.json}). Nothing is read, judged or measured here; the
 * same input gives the same bytes. Read {@link dev.sigill.report.CheckText} first.
 */
@NullMarked
package dev.sigill.report;

import org.jspecify.annotations.NullMarked;
