package dev.sigill.probe;

import java.util.List;

/**
 * A ladder of small programs that show whether a library works.
 *
 * @param name what people type: {@code tensorflow}
 * @param title what people read
 * @param needs distributions it needs: one of each list
 * @param steps in order; where the first does not pass, the others are not run
 */
public record Workload(String name, String title, List<List<String>> needs, List<Step> steps) {
  /**
   * One program.
   *
   * @param name its name within the workload
   * @param title what it does, in a few words
   * @param source Python
   * @param needs further distributions: one of each list
   * @param checks what its values must be
   */
  public record Step(
      String name, String title, String source, List<List<String>> needs, List<Check> checks) {
    public Step {
      needs = List.copyOf(needs);
      checks = List.copyOf(checks);
    }
  }

  /** One thing that a step's values must fulfil, as written. */
  public static final class Check {
    private final String text;
    private final Expectation expectation;

    Check(String text) {
      this.text = text;
      this.expectation = Expectation.parse(text);
    }

    Expectation expectation() {
      return expectation;
    }

    @Override
    public String toString() {
      return text;
    }
  }

  public Workload {
    needs = List.copyOf(needs);
    steps = List.copyOf(steps);
  }
}
