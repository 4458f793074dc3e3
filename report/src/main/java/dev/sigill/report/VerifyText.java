package dev.sigill.report;

import dev.sigill.probe.Verification;
import dev.sigill.probe.Verification.Outcome;
import dev.sigill.probe.Verification.StepResult;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The answer of {@code verify} for people. */
public final class VerifyText {
  private static final int NAME = 18;
  private static final int MOST_ITEMS = 8;

  private VerifyText() {}

  /**
   * Results one after another.
   *
   * @param settings variables that force a path, as {@code NAME=value}
   */
  public static String render(List<Verification> results, List<String> settings, Style style) {
    var page = new Page(style);
    for (Verification result : results) {
      page.gap();
      result(page, result);
    }
    if (!settings.isEmpty()) {
      page.gap();
      page.wrapped(
          page.mark(Mark.MAYBE) + " ",
          "The environment sets "
              + Words.list(settings)
              + ": this was proven with it, and may be otherwise without.");
    }
    page.gap();
    page.line(summary(results));
    return page.toString();
  }

  private static String summary(List<Verification> results) {
    long failed = results.stream().filter(r -> r.outcome().isFailure()).count();
    long passed = results.stream().filter(r -> r.outcome() == Outcome.PASS).count();
    if (failed == 0 && passed == 0) {
      return "Nothing could be run.";
    }
    return failed == 0
        ? Words.count(passed, "workload passes.", "workloads pass.")
        : failed + " of " + (failed + passed) + " fail.";
  }

  private static void result(Page page, Verification result) {
    String reason = result.detail().isEmpty() ? "" : ": " + result.detail();
    page.wrapped(
        page.mark(mark(result.outcome())) + " ",
        page.strong(result.workload()) + "  " + result.environment() + reason,
        List.of(word(result.outcome())));
    if (!result.steps().isEmpty()) {
      page.gap();
    }
    // Those that were not run because the first one did not pass are named together.
    String obstacle =
        result.steps().isEmpty() ? "" : "the step " + result.steps().getFirst().step();
    var left = new ArrayList<String>();
    for (StepResult step : result.steps()) {
      if (step.outcome() == Outcome.SKIPPED && step.detail().startsWith(obstacle)) {
        left.add(step.step());
      } else {
        step(page, step);
      }
    }
    if (!left.isEmpty()) {
      page.wrapped(
          "  " + page.mark(Mark.NOTE) + " ",
          "not run, because " + obstacle + " did not pass: " + String.join(", ", left),
          List.of(word(Outcome.SKIPPED)));
    }
  }

  private static void step(Page page, StepResult step) {
    String right =
        step.outcome() == Outcome.SKIPPED
            ? word(step.outcome())
            : word(step.outcome()) + "  " + seconds(step.seconds());
    page.wrapped(
        "  " + page.mark(mark(step.outcome())) + " " + Page.padded(step.step(), NAME) + " ",
        step.title(),
        List.of(right));
    String indent = " ".repeat(NAME + 5);
    for (var entry : step.values().entrySet()) {
      String value = value(entry.getValue());
      int room = Math.max(24, page.style().width() - NAME - 6 - Page.width(entry.getKey()) - 2);
      page.line(indent + page.faint(entry.getKey() + "  " + page.shortened(value, room)));
    }
    if (!step.detail().isEmpty()) {
      page.wrapped(indent, oneLine(step.detail()));
    }
    if (step.explanation().isPresent()) {
      page.gap();
      // The explanation is a page of its own, set a little to the right.
      ExplainText.render(
              List.of(step.explanation().get()), page.style().withWidth(page.style().width() - 4))
          .lines()
          .forEach(line -> page.line("    " + line));
      page.gap();
    }
  }

  private static String oneLine(String text) {
    return text.replaceAll("\\p{Cntrl}+", " ");
  }

  private static String seconds(double seconds) {
    return Words.seconds(Duration.ofMillis((long) (seconds * 1000)));
  }

  private static String word(Outcome outcome) {
    return switch (outcome) {
      case CRASH -> "crash";
      case WRONG -> "wrong";
      case TIMEOUT -> "timeout";
      case ERROR -> "error";
      case PASS -> "pass";
      case SKIPPED -> "skipped";
    };
  }

  private static Mark mark(Outcome outcome) {
    return switch (outcome) {
      case CRASH, WRONG, TIMEOUT, ERROR -> Mark.BAD;
      case PASS -> Mark.GOOD;
      case SKIPPED -> Mark.NOTE;
    };
  }

  /** {@code [0.31, 0.55, 0.7]}: numbers with few digits, long lists cut. */
  private static String value(@Nullable Object value) {
    return switch (value) {
      case Double number -> number(number);
      case List<?> list -> {
        var parts = new ArrayList<String>();
        list.stream().limit(MOST_ITEMS).forEach(each -> parts.add(value(each)));
        if (list.size() > MOST_ITEMS) {
          parts.add("… (" + list.size() + ")");
        }
        yield "[" + String.join(", ", parts) + "]";
      }
      case null -> "nothing";
      default -> oneLine(value.toString());
    };
  }

  private static String number(double number) {
    if (number == Math.rint(number) && Math.abs(number) < 1e9) {
      return String.format(Locale.ROOT, "%.0f", number);
    }
    return String.format(Locale.ROOT, "%.5g", number);
  }
}
