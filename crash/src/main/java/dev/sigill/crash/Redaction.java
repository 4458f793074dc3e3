package dev.sigill.crash;

import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

/** Hides names of users and their folders, so that an explanation can be passed on. */
public final class Redaction {
  private static final Pattern HOME =
      Pattern.compile("((?:/Users|/home)/|[A-Za-z]:\\\\Users\\\\)[^/\\\\\\s'\":)]+");
  private static final Pattern TEMPORARY =
      Pattern.compile("/(?:private/)?var/folders/[\\w+]{2}/[\\w+]+/");
  private static final Pattern PROMPT = Pattern.compile("\\b[\\w.-]+@[\\w.-]+(?=[:~ ])");

  private Redaction() {}

  /** The same explanation without names of users. */
  public static Explanation apply(Explanation explanation) {
    UnaryOperator<String> hide = Redaction::hidden;
    return new Explanation(
        hidden(explanation.source()),
        explanation.kind(),
        explanation.signal(),
        explanation.causes().stream()
            .map(
                d ->
                    new Diagnosis(
                        d.cause(),
                        d.likelihood(),
                        d.because().stream().map(hide).toList(),
                        d.missing(),
                        d.checks().stream()
                            .map(c -> new Check(hidden(c.command()), c.answers()))
                            .toList(),
                        d.fixes().stream()
                            .map(
                                f ->
                                    new dev.sigill.verdict.Fix(
                                        hidden(f.summary()),
                                        f.commands().stream().map(hide).toList(),
                                        f.verified()))
                            .toList(),
                        d.links()))
            .toList(),
        explanation.facts().rewritten(hide),
        explanation.problems().stream()
            .map(
                p ->
                    new dev.sigill.bytes.Problem(
                        p.code(),
                        new dev.sigill.bytes.Place(hidden(p.place().file()), p.place().offset()),
                        p.field(),
                        p.actual(),
                        p.limit(),
                        p.effect()))
            .toList());
  }

  static String hidden(String text) {
    String out = HOME.matcher(text).replaceAll("$1<user>");
    out = TEMPORARY.matcher(out).replaceAll("/var/folders/<user>/");
    return PROMPT.matcher(out).replaceAll("<user>@<host>");
  }
}
