package dev.sigill.report;

import dev.sigill.crash.Cause;
import dev.sigill.crash.Check;
import dev.sigill.crash.Diagnosis;
import dev.sigill.crash.Explanation;
import dev.sigill.crash.Fact;
import dev.sigill.crash.Facts;
import dev.sigill.crash.Likelihood;
import dev.sigill.verdict.Fix;
import java.util.List;
import java.util.regex.Pattern;

/** The answer of {@code explain} for people. */
public final class ExplainText {
  private static final int MOST_CHECKS = 3;
  private static final int MOST_FIXES = 3;
  private static final int MOST_REASONS = 3;

  /** Facts that say where it happened, in the order in which they are told. */
  private static final List<Fact> PLACE =
      List.of(
          Fact.PROCESS,
          Fact.IMAGE,
          Fact.PACKAGE,
          Fact.FUNCTION,
          Fact.INSTRUCTION,
          Fact.BYTES,
          Fact.STAGE,
          Fact.CALLERS,
          Fact.ADDRESS,
          Fact.FAULT_ADDRESS,
          Fact.PROCESS_ARCH,
          Fact.TRANSLATOR,
          Fact.RUNTIME,
          Fact.OS,
          Fact.CPU,
          Fact.LIBRARY,
          Fact.SYMBOL,
          Fact.VERSION,
          Fact.HAVE,
          Fact.NEED,
          Fact.DEVICE);

  /** Instructions that compilers place where a program must not go on. */
  private static final Pattern TRAP = Pattern.compile("ud[012]\\b.*|int3|int1|brk .*|udf .*");

  private ExplainText() {}

  /** Explanations one after another. */
  public static String render(List<Explanation> explanations, Style style) {
    var page = new Page(style);
    for (Explanation explanation : explanations) {
      page.gap();
      one(page, explanation, explanations.size() > 1);
    }
    if (explanations.size() > 1) {
      page.gap();
      long explained = explanations.stream().filter(Explanation::isExplained).count();
      page.line(explained + " of " + explanations.size() + " reports explained.");
    }
    return page.toString();
  }

  private static void one(Page page, Explanation explanation, boolean isNamed) {
    if (isNamed) {
      page.line(page.strong(explanation.source()));
    }
    Diagnosis first = explanation.causes().getFirst();
    head(page, explanation, first);
    facts(page, explanation);
    reasons(page, first);
    advice(page, first);
    boolean isUnfolded = page.style().unfolded();
    List<Diagnosis> others = explanation.causes().subList(1, explanation.causes().size());
    if (!others.isEmpty()) {
      page.gap();
      page.line("  Also possible");
      for (Diagnosis other : others) {
        page.wrapped(
            "    " + page.mark(Mark.NOTE) + " ",
            other.cause().title()
                + " ("
                + other.cause().id()
                + ", "
                + other.likelihood().id()
                + ")");
        if (isUnfolded) {
          reasons(page, other);
          advice(page, other);
        }
      }
      if (!isUnfolded) {
        page.line(page.faint("    `--all` shows their reasons, checks and fixes."));
      }
    }
    explanation.problems().stream()
        .limit(5)
        .forEach(p -> page.wrapped("  " + page.mark(Mark.MAYBE) + " ", p.message()));
  }

  private static void head(Page page, Explanation explanation, Diagnosis first) {
    boolean isKnown = first.cause() != Cause.UNKNOWN;
    Mark mark =
        !isKnown ? Mark.OPEN : first.likelihood() == Likelihood.POSSIBLE ? Mark.MAYBE : Mark.BAD;
    String what =
        isKnown ? what(first, explanation.facts()) : "the cause is not known from this text";
    String right = first.likelihood().id() + "  " + first.cause().id();
    String signal = explanation.signal().isEmpty() ? "" : explanation.signal() + ": ";
    page.wrapped(page.mark(mark) + " ", signal + what, List.of(right));
  }

  /** What is wrong, with the names that are known. */
  private static String what(Diagnosis first, Facts facts) {
    String image = facts.get(Fact.IMAGE);
    String file = image.substring(Math.max(image.lastIndexOf('/'), image.lastIndexOf('\\')) + 1);
    String missing = String.join(", ", first.missing());
    return switch (first.cause()) {
      case ISA_MISSING ->
          missing.isEmpty() || file.isEmpty()
              ? first.cause().title() + (missing.isEmpty() ? "" : " (" + missing + ")")
              : oneLine(file)
                  + " needs "
                  + missing
                  + ", which this processor or translator does not execute";
      case MISSING_LIBRARY ->
          facts.get(Fact.LIBRARY).isEmpty()
              ? first.cause().title()
              : first.cause().title() + ": " + oneLine(facts.get(Fact.LIBRARY));
      case NOT_AN_ISA_PROBLEM ->
          TRAP.matcher(facts.get(Fact.INSTRUCTION)).matches()
              ? "a trap of the program's own ("
                  + oneLine(facts.get(Fact.INSTRUCTION))
                  + "), not a missing instruction"
              : first.cause().title();
      default -> first.cause().title() + (missing.isEmpty() ? "" : " (" + missing + ")");
    };
  }

  private static void facts(Page page, Explanation explanation) {
    boolean isFirst = true;
    for (Fact fact : PLACE) {
      String value = explanation.facts().get(fact);
      if (!value.isEmpty()) {
        if (isFirst) {
          page.gap();
          isFirst = false;
        }
        String offset = explanation.facts().get(Fact.IMAGE_OFFSET);
        String text =
            fact == Fact.IMAGE && !offset.isEmpty() ? value + " +" + offset : oneLine(value);
        if (fact == Fact.CALLERS) {
          page.wrapped("    " + Page.padded(fact.title(), 18), text);
          continue;
        }
        page.line(
            "    "
                + Page.padded(fact.title(), 18)
                + page.shortened(text, Math.max(24, page.style().width() - 24)));
      }
    }
  }

  /** A stranger's text must not move the terminal's cursor. */
  private static String oneLine(String value) {
    return value.replaceAll("\\p{Cntrl}+", " ");
  }

  private static void reasons(Page page, Diagnosis diagnosis) {
    page.gap();
    page.line("  Because");
    int most = page.style().unfolded() ? Integer.MAX_VALUE : MOST_REASONS;
    diagnosis.because().stream().limit(most).forEach(b -> page.wrapped("    ", oneLine(b)));
  }

  private static void advice(Page page, Diagnosis diagnosis) {
    boolean isUnfolded = page.style().unfolded();
    if (!diagnosis.checks().isEmpty()) {
      page.gap();
      page.line(diagnosis.cause() == Cause.UNKNOWN ? "  To collect" : "  To make sure");
    }
    for (Check check :
        diagnosis.checks().stream().limit(isUnfolded ? Integer.MAX_VALUE : MOST_CHECKS).toList()) {
      page.wrapped("    ", oneLine(check.command()));
      check.answers().forEach(a -> page.wrapped("        ", a));
    }
    if (!diagnosis.fixes().isEmpty()) {
      page.gap();
      page.line("  Fix");
      for (Fix fix :
          diagnosis.fixes().stream().limit(isUnfolded ? Integer.MAX_VALUE : MOST_FIXES).toList()) {
        page.wrapped("    " + page.mark(Mark.NOTE) + " ", fix.summary());
        fix.commands().forEach(c -> page.line("        " + oneLine(c)));
      }
    }
    diagnosis.links().stream()
        .limit(isUnfolded ? Integer.MAX_VALUE : 2)
        .forEach(l -> page.line(page.faint("    " + l)));
  }
}
