package dev.sigill.source;

import dev.sigill.bytes.Problem;
import java.io.IOException;

/** The bytes of one file could not be had; {@link #problem} says what was met and where. */
public final class UnreadableException extends IOException {
  private static final long serialVersionUID = 1L;

  private final transient Problem problem;

  /** An exception for one defect. */
  public UnreadableException(Problem problem) {
    super(problem.message());
    this.problem = problem;
  }

  /** The defect. */
  public Problem problem() {
    return problem;
  }
}
