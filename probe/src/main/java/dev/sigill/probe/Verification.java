package dev.sigill.probe;

import dev.sigill.crash.Explanation;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What came of a workload.
 *
 * @param workload its name
 * @param title what people read
 * @param environment the environment it ran in
 * @param outcome the gravest outcome of its steps, or pass
 * @param detail why it was not run at all, or empty
 * @param steps what came of each, in order; empty where it was not run at all
 */
public record Verification(
    String workload,
    String title,
    String environment,
    Outcome outcome,
    String detail,
    List<StepResult> steps) {
  /** How a step may end; the gravest first, but for pass and skipped. */
  public enum Outcome {
    CRASH,
    WRONG,
    TIMEOUT,
    ERROR,
    PASS,
    SKIPPED;

    /** The word in the JSON answer. */
    public String id() {
      return name().toLowerCase(Locale.ROOT);
    }

    /** Whether something does not work. */
    public boolean isFailure() {
      return this != PASS && this != SKIPPED;
    }
  }

  /**
   * What came of a step.
   *
   * @param step its name
   * @param title what it does
   * @param outcome how it ended
   * @param seconds how long it took
   * @param values what it showed, in its order: texts, numbers, truths, null, lists and maps
   * @param detail why it did not pass, or empty
   * @param explanation what its death means, for crashes
   */
  public record StepResult(
      String step,
      String title,
      Outcome outcome,
      double seconds,
      Map<String, @Nullable Object> values,
      String detail,
      Optional<Explanation> explanation) {
    public StepResult {
      values = java.util.Collections.unmodifiableMap(new java.util.LinkedHashMap<>(values));
    }
  }

  public Verification {
    steps = List.copyOf(steps);
  }

  static Verification of(Workload workload, String environment, List<StepResult> steps) {
    Outcome gravest = Outcome.SKIPPED;
    var outcomes = new ArrayList<Outcome>();
    steps.forEach(s -> outcomes.add(s.outcome()));
    for (Outcome outcome : Outcome.values()) {
      if (outcomes.contains(outcome)) {
        gravest = outcome;
        break;
      }
    }
    return new Verification(workload.name(), workload.title(), environment, gravest, "", steps);
  }

  static Verification notRun(Workload workload, String environment, String reason) {
    return new Verification(
        workload.name(), workload.title(), environment, Outcome.SKIPPED, reason, List.of());
  }
}
