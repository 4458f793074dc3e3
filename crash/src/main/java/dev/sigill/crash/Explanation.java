package dev.sigill.crash;

import dev.sigill.bytes.Problem;
import java.util.List;

/**
 * What a text or report means.
 *
 * @param source where it was read: a path, {@code -} for standard input
 * @param kind what it is: {@code macOS crash report}, {@code core file}, {@code text} …
 * @param signal the signal's name ({@code SIGILL}), or empty
 * @param causes most likely first, never empty
 * @param facts what the text says
 * @param problems what could not be read
 */
public record Explanation(
    String source,
    String kind,
    String signal,
    List<Diagnosis> causes,
    Facts facts,
    List<Problem> problems) {
  public Explanation {
    causes = List.copyOf(causes);
    problems = List.copyOf(problems);
  }

  /** Whether a cause was found. */
  public boolean isExplained() {
    return causes.getFirst().cause() != Cause.UNKNOWN;
  }
}
