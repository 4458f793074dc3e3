package dev.sigill.crash;

import java.util.Map;
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
    return apply(explanation, Redaction::hidden);
  }

  /**
   * The same explanation without names of users, and without those of this computer.
   *
   * @param environment the variables that say them: {@code HOME}, {@code USER}, {@code HOSTNAME}
   * @param host this computer's name, or empty
   */
  public static Explanation apply(
      Explanation explanation, Map<String, String> environment, String host) {
    return apply(explanation, text -> hidden(text, environment, host));
  }

  /** A text without names of users, and without those of this computer. */
  public static String hidden(String text, Map<String, String> environment, String host) {
    String out = hidden(text);
    String home = environment.getOrDefault("HOME", "");
    if (home.length() > 1) {
      out = out.replaceAll(Pattern.quote(home) + "(?=/|\\b)", "~");
    }
    for (String variable : new String[] {"USER", "LOGNAME", "USERNAME"}) {
      out = without(out, environment.getOrDefault(variable, ""), "<user>");
    }
    out = without(out, environment.getOrDefault("COMPUTERNAME", ""), "<host>");
    return without(out, host, "<host>");
  }

  /** Names that are no one's, or too short to be told from words, stay. */
  private static String without(String text, String name, String mark) {
    return name.length() < 3 || name.equals("root") || name.equals("localhost")
        ? text
        : text.replaceAll("(?<![\\w-])" + Pattern.quote(name) + "(?![\\w-])", mark);
  }

  private static Explanation apply(Explanation explanation, UnaryOperator<String> hide) {
    return new Explanation(
        hide.apply(explanation.source()),
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
                            .map(c -> new Check(hide.apply(c.command()), c.answers()))
                            .toList(),
                        d.fixes().stream()
                            .map(
                                f ->
                                    new dev.sigill.verdict.Fix(
                                        hide.apply(f.summary()),
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
                        new dev.sigill.bytes.Place(
                            hide.apply(p.place().file()), p.place().offset()),
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
