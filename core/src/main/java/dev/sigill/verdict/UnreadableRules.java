package dev.sigill.verdict;

import dev.sigill.analysis.Certainty;
import dev.sigill.analysis.Requirements;
import dev.sigill.analysis.Stage;
import dev.sigill.bytes.Problem;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** SIG901 to SIG903: what could not be read, where that leaves the verdict open. */
final class UnreadableRules implements RuleCheck {
  /** The most defects of one file that a finding lists. */
  private static final int MOST_LISTED = 5;

  @Override
  public void check(Case judged, Consumer<Found> found) {
    for (Requirements image : judged.judged()) {
      report(image.path(), image.problems(), found);
    }
    Map<String, List<Problem>> byFile = new LinkedHashMap<>();
    for (Problem problem : judged.target().problems()) {
      byFile.computeIfAbsent(problem.place().file(), _ -> new ArrayList<>()).add(problem);
    }
    byFile.forEach((file, problems) -> report(file, problems, found));
  }

  private static void report(String path, List<Problem> problems, Consumer<Found> found) {
    Map<Rule, List<Problem>> byRule = new LinkedHashMap<>();
    for (Problem problem : problems) {
      if (problem.effect() != Problem.Effect.NOTHING_LOST) {
        byRule.computeIfAbsent(rule(problem), _ -> new ArrayList<>()).add(problem);
      }
    }
    byRule.forEach((rule, list) -> found.accept(Found.beforeCode(finding(rule, path, list))));
  }

  private static Rule rule(Problem problem) {
    return switch (problem.code()) {
      case LIMIT -> Rule.SIG903;
      case PATH_ESCAPE, CORRUPT -> Rule.SIG902;
      case FAULT -> Rule.SIG901;
      case TRUNCATED, OUT_OF_RANGE, BAD_MAGIC, BAD_VALUE, CYCLE, UNSUPPORTED, UNREADABLE ->
          isContainer(problem.place().file()) ? Rule.SIG902 : Rule.SIG901;
    };
  }

  private static boolean isContainer(String file) {
    String name = Words.baseName(file);
    int dot = name.lastIndexOf('.');
    return dot >= 0
        && switch (name.substring(dot + 1).toLowerCase(java.util.Locale.ROOT)) {
          case "whl",
              "jar",
              "war",
              "ear",
              "zip",
              "conda",
              "tar",
              "gz",
              "tgz",
              "bz2",
              "xz",
              "zst",
              "egg",
              "nupkg",
              "aar" ->
              true;
          default -> false;
        };
  }

  private static Finding finding(Rule rule, String path, List<Problem> problems) {
    var details = new ArrayList<String>();
    problems.stream().limit(MOST_LISTED).map(Problem::message).forEach(details::add);
    if (problems.size() > MOST_LISTED) {
      details.add((problems.size() - MOST_LISTED) + " more defects of this file");
    }
    boolean allLost = problems.stream().anyMatch(p -> p.effect() == Problem.Effect.FILE_LOST);
    String summary =
        switch (rule) {
          case SIG903 -> "a limit was reached, so not all of it was looked at";
          case SIG902 -> allLost ? "could not be unpacked" : "could be unpacked in part only";
          default -> allLost ? "could not be read" : "could be read in part only";
        };
    String fix =
        switch (rule) {
          case SIG903 -> "judge its parts one by one";
          default -> "fetch the file again and compare its checksum with the publisher's";
        };
    return new Finding(
        rule,
        Verdict.UNKNOWN,
        Stage.LOAD,
        Certainty.CERTAIN,
        List.of(),
        path,
        null,
        summary,
        "",
        "",
        details,
        List.of(new Fix(fix, List.of(), false)));
  }
}
