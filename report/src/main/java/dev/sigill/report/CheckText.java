package dev.sigill.report;

import dev.sigill.analysis.CodePlace;
import dev.sigill.analysis.Protection;
import dev.sigill.analysis.Stage;
import dev.sigill.bytes.Problem;
import dev.sigill.verdict.Contained;
import dev.sigill.verdict.Coverage;
import dev.sigill.verdict.Finding;
import dev.sigill.verdict.Fix;
import dev.sigill.verdict.PackageAnswer;
import dev.sigill.verdict.Proof;
import dev.sigill.verdict.Result;
import dev.sigill.verdict.Verdict;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The answer of {@code check} for people: one line for each target and machine, then for each
 * different story the proof and what helps, then how much was looked at.
 *
 * <p>Machines on which the same thing happens share one story. In a story every package shows the
 * finding that decides in full, up to {@value #FULL_PACKAGES} packages; what is alike is counted.
 */
public final class CheckText {
  private static final int FULL_PACKAGES = 3;
  private static final int BRIEF_LINES = 10;
  private static final int NAMED_IMAGES = 3;
  private static final int PATH_STEPS = 6;
  private static final int FIXES = 3;
  private static final int GAPS = 4;
  private static final int NAMED_PACKAGES = 6;
  private static final int NOTES = 6;
  private static final int DETAILS = 2;

  private final List<Result> results;
  private final boolean isExplained;
  private final Page page;

  private CheckText(List<Result> results, boolean isExplained, Style style) {
    this.results = results;
    this.isExplained = isExplained;
    this.page = new Page(style);
  }

  /** The report as text, with a line feed at its end. */
  public static String render(List<Result> results, Style style) {
    return new CheckText(results, false, style).render();
  }

  /** The same with every step of the ways to instructions. */
  public static String renderExplained(List<Result> results, Style style) {
    return new CheckText(results, true, style).render();
  }

  private String render() {
    answers();
    for (Story story : stories()) {
      new StoryText(story).write();
    }
    summary();
    return page.toString();
  }

  // The answers: a line for each result.

  private void answers() {
    boolean severalTargets = targets().size() > 1;
    int targetWidth = severalTargets ? widest(results, this::targetName) : 0;
    int machineWidth = widest(results, r -> r.machine().name());
    int verdictWidth = widest(results, r -> Words.verdict(r.verdict(), r.stage()));
    targetWidth = Math.min(targetWidth, Math.max(20, page.style().width() / 3));
    for (Result result : results) {
      Mark mark = Mark.of(result.verdict());
      var head = new StringBuilder(page.mark(mark)).append(' ');
      if (severalTargets) {
        String name = page.shortened(targetName(result), targetWidth);
        head.append(Page.padded(name, targetWidth)).append("   ");
      }
      head.append(page.strong(Page.padded(result.machine().name(), machineWidth))).append("   ");
      String verdict = Page.padded(Words.verdict(result.verdict(), result.stage()), verdictWidth);
      head.append(page.inColorOf(mark, verdict)).append("   ");
      List<String> rule =
          result.findings().isEmpty() || result.verdict() == Verdict.RUNS
              ? List.of()
              : List.of(result.findings().getFirst().rule().id());
      page.wrapped(head.toString(), headline(result), rule);
    }
  }

  /** What decides the answer, in one line. */
  private static String headline(Result result) {
    Coverage coverage = result.coverage();
    if (result.verdict() == Verdict.RUNS) {
      if (coverage.images() == 0) {
        return coverage.skipped() == 0
            ? "no native code in it"
            : "no native code for this machine in it, "
                + Words.number(coverage.skipped())
                + " for others";
      }
      return result.findings().isEmpty()
          ? isAllBehindChecks(result)
              ? "all that needs more than this machine has stands behind CPU checks"
              : "nothing in it needs more than this machine has"
          : result.findings().getFirst().summary();
    }
    if (isOpen(result)) {
      return openHeadline(result);
    }
    if (result.findings().isEmpty()) {
      String found =
          coverage.codeBytes() > 0 && coverage.decodedBytes() < coverage.codeBytes()
              ? "no findings in "
                  + Words.percent(coverage.decodedBytes(), coverage.codeBytes())
                  + " of the code"
              : "no findings, but not all that can run was followed";
      return found;
    }
    Finding first = result.findings().getFirst();
    var names = new Packages(result);
    Set<String> packages = new HashSet<>();
    for (Finding finding : result.findings()) {
      String label = names.label(finding.image());
      // What concerns the target as a whole belongs to no package.
      if (isFailing(finding) && !label.isEmpty()) {
        packages.add(label);
      }
    }
    if (packages.size() < 2) {
      return first.summary();
    }
    String name = names.label(first.image());
    return (name.isEmpty() ? "" : name + " ")
        + first.summary()
        + "; "
        + Words.count(packages.size() - 1, "more package", "more packages");
  }

  private static boolean isAllBehindChecks(Result result) {
    return !result.contained().isEmpty()
        && result.contained().stream()
            .allMatch(
                c ->
                    c.kind() == Protection.Kind.GUARDED
                        || c.kind() == Protection.Kind.INSUFFICIENT);
  }

  /** Whether nothing was found that stops it, and not all was decided. */
  private static boolean isOpen(Result result) {
    return result.verdict() == Verdict.UNKNOWN
        && result.stage() != null
        && result.stage().compareTo(Stage.LOAD) > 0;
  }

  private static String openHeadline(Result result) {
    Coverage coverage = result.coverage();
    for (Finding finding : result.findings()) {
      if (finding.verdict() == Verdict.UNKNOWN && !finding.missing().isEmpty()) {
        return "a part of it that may not be loaded " + finding.summary();
      }
    }
    String where = result.stage() == Stage.USE ? "in use" : "when it is imported";
    // A few bytes between functions that are no instructions are not what leaves it open.
    return coverage.decodedBytes() < coverage.codeBytes() / 2
        ? "nothing stops it until then; what happens " + where + " was not followed"
        : "nothing stops it until then; what happens " + where + " is left open";
  }

  private static boolean isFailing(Finding finding) {
    return finding.verdict() != Verdict.RUNS && finding.verdict() != Verdict.UNKNOWN;
  }

  private Collection<String> targets() {
    return results.stream().map(Result::target).distinct().toList();
  }

  private String targetName(Result result) {
    boolean isUnique =
        results.stream()
                .filter(r -> r.artifact().equals(result.artifact()))
                .map(Result::target)
                .distinct()
                .count()
            == 1;
    return isUnique && !result.artifact().isEmpty() ? result.artifact() : result.target();
  }

  private static <T> int widest(List<T> items, Function<T, String> text) {
    return items.stream().mapToInt(item -> Page.width(text.apply(item))).max().orElse(0);
  }

  // The stories: what happens, where, and what helps.

  /** Results of one target in which the same finding decides. */
  private record Story(Result first, List<String> machines) {
    boolean isToldByItsLine() {
      return first.findings().isEmpty()
          && first.contained().isEmpty()
          && first.coverage().unreadable().isEmpty()
          && first.coverage().notAnalysed().isEmpty();
    }
  }

  private record StoryKey(
      String target,
      Verdict verdict,
      @Nullable Object rule,
      @Nullable Object stage,
      String image,
      @Nullable Proof proof,
      String needs,
      int findings,
      List<Contained> contained) {}

  private List<Story> stories() {
    var stories = new LinkedHashMap<StoryKey, Story>();
    for (Result result : results) {
      Finding deciding = result.findings().isEmpty() ? null : result.findings().getFirst();
      var key =
          new StoryKey(
              result.target(),
              result.verdict(),
              deciding == null ? null : deciding.rule(),
              deciding == null ? null : deciding.stage(),
              deciding == null ? "" : deciding.image(),
              deciding == null ? null : deciding.proof(),
              deciding == null || deciding.proof() != null ? "" : deciding.needs(),
              result.findings().size(),
              result.contained());
      stories
          .computeIfAbsent(key, _ -> new Story(result, new ArrayList<>()))
          .machines()
          .add(result.machine().name());
    }
    return stories.values().stream().filter(s -> !s.isToldByItsLine()).toList();
  }

  /** Findings that differ in nothing but the image. */
  private record Kind(
      Object rule, Verdict verdict, Object stage, Object certainty, String summary) {
    static Kind of(Finding finding) {
      return new Kind(
          finding.rule(),
          finding.verdict(),
          finding.stage(),
          finding.certainty(),
          finding.summary());
    }
  }

  /** Writes one story. */
  private final class StoryText {
    private final Story story;
    private final Result result;
    private final Packages names;
    private final Set<String> fixesTold = new HashSet<>();
    private final Set<String> detailsTold = new HashSet<>();

    StoryText(Story story) {
      this.story = story;
      this.result = story.first();
      this.names = new Packages(result);
    }

    void write() {
      page.gap();
      if (results.size() > 1) {
        String target = targets().size() > 1 ? targetName(result) + " on " : "";
        page.wrapped("", page.strong(target + Words.list(story.machines())) + ":");
        page.gap();
      }
      var packages = new LinkedHashMap<String, List<Finding>>();
      var notes = new ArrayList<Finding>();
      for (Finding finding : result.findings()) {
        if (isFailing(finding)) {
          packages
              .computeIfAbsent(names.label(finding.image()), _ -> new ArrayList<>())
              .add(finding);
        } else {
          notes.add(finding);
        }
      }
      packages(packages);
      dependents(packages.keySet());
      boolean isFolded = !packages.isEmpty() && !page.style().unfolded();
      if (!isFolded) {
        notes(notes);
      }
      new ContainedText(page).write(result.contained(), Words.list(story.machines()));
      if (isFolded) {
        besides(notes, result.coverage());
      } else {
        gaps(result.coverage());
      }
    }

    /** What is not decided or only noted, in one line: it must not drown what is wrong. */
    private void besides(List<Finding> notes, Coverage coverage) {
      long kinds = notes.stream().map(Kind::of).distinct().count();
      long unread = lost(coverage);
      var parts = new ArrayList<String>();
      if (kinds > 0) {
        parts.add(Words.count(kinds, "note on something else", "notes on other things"));
      }
      if (unread > 0) {
        parts.add(Words.count(unread, "defect", "defects") + " in files");
      }
      if (!coverage.notAnalysed().isEmpty()) {
        int open = coverage.notAnalysed().size();
        parts.add(Words.count(open, "point", "points") + " left open");
      }
      if (!parts.isEmpty()) {
        page.gap();
        page.wrapped(
            "  " + page.mark(Mark.NOTE) + " ",
            Words.list(parts) + page.faint(" (`--all` shows everything)"));
      }
    }

    private void packages(Map<String, List<Finding>> packages) {
      int nameWidth =
          packages.keySet().stream()
              .skip(FULL_PACKAGES)
              .limit(BRIEF_LINES)
              .mapToInt(Page::width)
              .max()
              .orElse(0);
      int index = 0;
      int brief = 0;
      for (var entry : packages.entrySet()) {
        if (page.style().unfolded()) {
          for (Finding finding : entry.getValue()) {
            full(finding);
            fixes(finding.fixes());
          }
        } else if (index < FULL_PACKAGES) {
          decidingThenRest(entry.getValue());
        } else if (brief < BRIEF_LINES) {
          if (brief++ == 0) {
            page.gap();
          }
          briefly(entry.getKey(), entry.getValue(), nameWidth);
        }
        index++;
      }
      int hidden = packages.size() - FULL_PACKAGES - BRIEF_LINES;
      if (hidden > 0 && !page.style().unfolded()) {
        page.line("  and " + Words.count(hidden, "more package", "more packages") + hint());
      }
    }

    /** Packages in which nothing is wrong but what they import or require. */
    private void dependents(Set<String> told) {
      List<PackageAnswer> stopped =
          result.answers().stream()
              .filter(a -> a.isStopped() && a.cause() != null)
              .filter(a -> !told.contains(Packages.label(a.distribution())))
              .toList();
      if (!stopped.isEmpty()) {
        page.gap();
        int width = widest(stopped, a -> Packages.label(a.distribution())) + 3;
        int most = page.style().unfolded() ? stopped.size() : BRIEF_LINES;
        for (PackageAnswer each : stopped.subList(0, Math.min(most, stopped.size()))) {
          String way = each.chain().isEmpty() ? "" : " (" + way(each.chain()) + ")";
          page.wrapped(
              "  "
                  + page.mark(Mark.of(each.verdict()))
                  + " "
                  + page.strong(Page.padded(Packages.label(each.distribution()), width)),
              Words.verdict(each.verdict(), each.stage()) + ": " + each.because() + way);
        }
        if (stopped.size() > most) {
          page.line(
              "  and "
                  + Words.count(stopped.size() - most, "more package", "more packages")
                  + hint());
        }
      }
      List<String> requiring =
          result.answers().stream()
              .filter(a -> !a.isStopped() && a.cause() != null)
              .filter(a -> a.verdict() == Verdict.MAY_CRASH)
              .map(a -> Packages.label(a.distribution()))
              .toList();
      if (!requiring.isEmpty()) {
        page.gap();
        page.wrapped(
            "  " + page.mark(Mark.MAYBE) + " ",
            (page.style().unfolded()
                    ? Words.list(requiring)
                    : Words.some(requiring, NAMED_PACKAGES))
                + (requiring.size() == 1 ? " requires" : " require")
                + " what fails here, and may crash in use.");
      }
    }

    /** The modules on the way to what stops a program: the first, the last two. */
    private String way(List<String> chain) {
      String arrow = page.style().unicode() ? " → " : " > ";
      if (chain.size() <= 4 || page.style().unfolded()) {
        return String.join(arrow, chain);
      }
      return chain.getFirst()
          + arrow
          + (page.style().unicode() ? "…" : "...")
          + arrow
          + String.join(arrow, chain.subList(chain.size() - 2, chain.size()));
    }

    private String hint() {
      return page.faint(" (`--all` shows everything)");
    }

    private void decidingThenRest(List<Finding> findings) {
      Finding deciding = findings.getFirst();
      full(deciding);
      var kinds = new LinkedHashMap<Kind, List<Finding>>();
      for (Finding finding : findings.subList(1, findings.size())) {
        kinds.computeIfAbsent(Kind.of(finding), _ -> new ArrayList<>()).add(finding);
      }
      List<Finding> alike = kinds.remove(Kind.of(deciding));
      // What stops the same library later on is told with what stops it first.
      kinds
          .values()
          .removeIf(
              others ->
                  others.stream()
                      .allMatch(
                          f ->
                              f.rule() == deciding.rule()
                                  && f.verdict() == deciding.verdict()
                                  && f.image().equals(deciding.image())));
      if (alike != null) {
        page.wrapped("    ", "The same in " + images(alike) + (isCut(alike) ? hint() : "") + ".");
      }
      fixes(deciding.fixes());
      if (!kinds.isEmpty()) {
        page.gap();
      }
      int told = 0;
      for (var others : kinds.values()) {
        if (told++ == BRIEF_LINES) {
          int more = kinds.size() - BRIEF_LINES;
          page.line("    and " + Words.count(more, "other finding", "other findings") + hint());
          break;
        }
        Finding one = others.getFirst();
        page.wrapped(
            "    " + page.mark(Mark.of(one.verdict())) + " ",
            Words.verdict(one.verdict(), one.stage())
                + ": "
                + images(others)
                + (others.size() > 1 ? ": " : " ")
                + one.summary(),
            List.of(one.rule().id()));
      }
    }

    private static boolean isCut(List<Finding> findings) {
      return findings.stream().map(Finding::image).distinct().count() > NAMED_IMAGES;
    }

    private static String images(List<Finding> findings) {
      List<String> names =
          findings.stream()
              .map(f -> baseName(f.image()))
              .filter(n -> !n.isEmpty())
              .distinct()
              .toList();
      if (names.size() <= NAMED_IMAGES) {
        return names.isEmpty() ? "the whole of it" : Words.list(names);
      }
      return String.join(", ", names.subList(0, NAMED_IMAGES))
          + " and "
          + Words.count(names.size() - NAMED_IMAGES, "more file", "more files");
    }

    private void briefly(String name, List<Finding> findings, int nameWidth) {
      Finding deciding = findings.getFirst();
      Mark mark = Mark.of(deciding.verdict());
      long images = findings.stream().map(Finding::image).distinct().count();
      page.wrapped(
          "  "
              + page.mark(mark)
              + " "
              + page.strong(
                  Page.padded(name.isEmpty() ? baseName(deciding.image()) : name, nameWidth))
              + "   ",
          Words.verdict(deciding.verdict(), deciding.stage())
              + ": "
              + deciding.summary()
              + (images > 1 ? " (" + Words.count(images, "library", "libraries") + ")" : ""),
          List.of(deciding.rule().id()));
    }

    /** One finding with its proof, its details and what helps. */
    private void full(Finding finding) {
      page.gap();
      boolean isDeciding = finding.equals(result.findings().getFirst());
      if (!finding.image().isEmpty()) {
        page.line("  " + page.strong(finding.image()));
      }
      if (!isDeciding) {
        page.wrapped(
            "    " + page.mark(Mark.of(finding.verdict())) + " ",
            Words.verdict(finding.verdict(), finding.stage()) + ": " + finding.summary(),
            List.of(finding.rule().id()));
      }
      Proof proof = finding.proof();
      if (proof != null) {
        proof(proof, finding);
      } else if (!finding.needs().isEmpty()) {
        String offers = finding.offers().isEmpty() ? "" : "; this machine: " + finding.offers();
        page.wrapped("    ", "It needs " + finding.needs() + offers + ".");
      }
      for (String detail : finding.details()) {
        if (detailsTold.add(detail) || page.style().unfolded()) {
          page.wrapped("    ", sentence(detail));
        }
      }
    }

    private void proof(Proof proof, Finding finding) {
      String holder = proof.function();
      List<String> path = new ArrayList<>(proof.path());
      if (!holder.isEmpty()) {
        String name = nameOf(holder);
        // The last step may say besides which library it lies in.
        String elsewhere = name + " in ";
        String last = path.isEmpty() ? "" : path.getLast();
        if (last.equals(name) || last.startsWith(elsewhere)) {
          path.removeLast();
        }
        path.add(last.startsWith(elsewhere) ? holder + last.substring(name.length()) : holder);
      }
      int depth = 0;
      List<String> shown = page.style().unfolded() || isExplained ? path : folded(path);
      for (String step : shown) {
        String branch = depth == 0 ? "" : page.style().unicode() ? "└─ " : "`- ";
        int indent = 4 + 3 * Math.max(0, depth - 1);
        int room = Math.max(30, page.style().width() - indent - 3);
        String text = page.style().unfolded() ? step : page.shortened(step, room);
        page.line(" ".repeat(indent) + page.faint(branch) + text);
        depth++;
      }
      int indent = 4 + 3 * Math.max(0, depth - 1) + 2;
      CodePlace check = proof.check().place();
      if (!check.isNone()) {
        String where =
            check.function().isEmpty() || nameOf(check.function()).equals(nameOf(holder))
                ? ""
                : " in " + page.shortened(check.function(), 60);
        page.line(
            " ".repeat(indent)
                + page.faint(Long.toHexString(check.address()) + "   " + check.instruction())
                + "   the check"
                + where);
      }
      String address = Long.toHexString(proof.address());
      page.line(
          " ".repeat(indent)
              + page.faint(address + "   " + Words.spaced(proof.bytes()))
              + "   "
              + page.strong(proof.instruction())
              + "   needs "
              + (finding.needs().isEmpty()
                  ? String.join(" ", finding.missing())
                  : finding.needs()));
    }

    /** The function's name without the offset in it. */
    private static String nameOf(String function) {
      return function.replaceFirst("\\+0x[0-9a-f]+$", "");
    }

    private static List<String> folded(List<String> path) {
      if (path.size() <= PATH_STEPS) {
        return path;
      }
      int head = PATH_STEPS / 2;
      int tail = PATH_STEPS - head - 1;
      var out = new ArrayList<>(path.subList(0, head));
      out.add(
          Words.count(path.size() - head - tail, "more call", "more calls")
              + " (`--all` shows everything)");
      out.addAll(path.subList(path.size() - tail, path.size()));
      return out;
    }

    private void fixes(List<Fix> fixes) {
      List<Fix> fresh = fixes.stream().filter(f -> fixesTold.add(f.summary())).toList();
      if (fresh.isEmpty()) {
        return;
      }
      page.gap();
      int most = page.style().unfolded() ? fresh.size() : Math.min(FIXES, fresh.size());
      for (int i = 0; i < most; i++) {
        Fix fix = fresh.get(i);
        String head = "  " + (i == 0 ? page.strong("Fix") : " or") + "   ";
        page.wrapped(head, fix.summary() + (fix.verified() ? " (checked)" : ""));
        for (String command : fix.commands()) {
          page.line("          " + command);
        }
      }
      if (fresh.size() > most) {
        page.line("        " + Words.count(fresh.size() - most, "more way", "more ways") + hint());
      }
    }

    /**
     * What is open first, then mere notes; each kind in a line, with evidence where all is shown.
     */
    private void notes(List<Finding> notes) {
      var kinds = new LinkedHashMap<Kind, List<Finding>>();
      for (Finding note : notes) {
        kinds.computeIfAbsent(Kind.of(note), _ -> new ArrayList<>()).add(note);
      }
      page.gap();
      if (page.style().unfolded()) {
        notes.forEach(this::note);
        return;
      }
      boolean isAlone = kinds.size() == 1;
      int told = 0;
      for (List<Finding> alike : kinds.values()) {
        if (told++ == NOTES) {
          page.line(
              "  and " + Words.count(kinds.size() - NOTES, "more note", "more notes") + hint());
          return;
        }
        Finding first = alike.getFirst();
        note(first, images(alike), isAlone || first.verdict() != Verdict.RUNS);
      }
    }

    private void note(Finding note) {
      note(note, note.image().isEmpty() ? "the whole of it" : note.image(), true);
    }

    private void note(Finding note, String where, boolean hasEvidence) {
      Mark mark = note.verdict() == Verdict.RUNS ? Mark.NOTE : Mark.OPEN;
      String subject = note.image().isEmpty() ? "" : where + ": ";
      page.wrapped(
          "  " + page.mark(mark) + " ", subject + note.summary(), List.of(note.rule().id()));
      if (!hasEvidence) {
        return;
      }
      int most = page.style().unfolded() ? note.details().size() : DETAILS;
      note.details().stream()
          .limit(most)
          .forEach(detail -> page.wrapped("      ", sentence(detail)));
      if (page.style().unfolded() || note.fixes().stream().anyMatch(f -> !f.commands().isEmpty())) {
        fixes(note.fixes());
      }
    }

    private void gaps(Coverage coverage) {
      gaps(
          "Not read:",
          coverage.unreadable().stream()
              .filter(p -> p.effect() != Problem.Effect.NOTHING_LOST || page.style().unfolded())
              .map(Problem::message)
              .toList());
      gaps("Left open:", coverage.notAnalysed());
    }

    private void gaps(String heading, List<String> gaps) {
      if (gaps.isEmpty()) {
        return;
      }
      page.gap();
      page.line("  " + heading);
      int most = page.style().unfolded() ? gaps.size() : Math.min(GAPS, gaps.size());
      for (String gap : gaps.subList(0, most)) {
        page.wrapped("    " + page.mark(Mark.OPEN) + " ", gap);
      }
      if (gaps.size() > most) {
        page.line("    and " + Words.number(gaps.size() - most) + " more" + hint());
      }
    }
  }

  // The summary.

  private void summary() {
    page.gap();
    long failing = results.stream().filter(r -> isFailing(r.verdict())).count();
    long open = results.stream().filter(r -> r.verdict() == Verdict.UNKNOWN).count();
    int all = results.size();
    String thing =
        targets().size() == 1 ? "machine" : all == targets().size() ? "target" : "answer";
    var text = new StringBuilder();
    if (all > 1) {
      if (failing > 0) {
        text.append(failing).append(" of ").append(all).append(' ').append(thing).append("s ");
        text.append(thing.equals("answer") ? "says no. " : failing == 1 ? "fails. " : "fail. ");
      } else if (open == 0) {
        text.append("None of ").append(all).append(' ').append(thing).append("s fails. ");
      }
      if (open > 0) {
        text.append(open).append(" of ").append(all).append(" not decided. ");
      }
    }
    text.append(packages());
    text.append(coverage());
    page.style().took().ifPresent(t -> text.append(" (").append(Words.seconds(t)).append(')'));
    page.wrapped("", text.append('.').toString());
  }

  /** How the packages of an environment fare; nothing where there are few, or several answers. */
  private String packages() {
    if (results.size() != 1 || results.getFirst().answers().size() < 2) {
      return "";
    }
    var counts = new TreeMap<Integer, Map<String, Integer>>();
    for (PackageAnswer each : results.getFirst().answers()) {
      int rank =
          switch (each.verdict()) {
            case NOT_INSTALLABLE, FAILS_TO_LOAD, CRASHES, REFUSES -> 0;
            case MAY_CRASH -> 1;
            case UNKNOWN -> 2;
            case RUNS -> 3;
          };
      counts
          .computeIfAbsent(rank, _ -> new TreeMap<>())
          .merge(each.verdict() == Verdict.RUNS ? "" : verdict(each), 1, Integer::sum);
    }
    var parts = new ArrayList<String>();
    counts
        .values()
        .forEach(
            group ->
                group.forEach(
                    (what, count) ->
                        parts.add(
                            Words.number(count)
                                + " "
                                + (what.isEmpty()
                                    ? count == 1 ? "runs" : "run"
                                    : count == 1 ? what : plural(what)))));
    return Words.count(results.getFirst().answers().size(), "package", "packages")
        + ": "
        + Words.list(parts)
        + ". ";
  }

  private static String verdict(PackageAnswer each) {
    return Words.verdict(each.verdict(), each.stage());
  }

  /** The verb of an answer as several have it: {@code crash at load}. */
  private static String plural(String answer) {
    return answer
        .replaceFirst("^crashes", "crash")
        .replaceFirst("^refuses", "refuse")
        .replaceFirst("^fails", "fail")
        .replaceFirst("^loads and imports", "load and import")
        .replaceFirst("^loads", "load");
  }

  static boolean isFailing(Verdict verdict) {
    return verdict != Verdict.RUNS && verdict != Verdict.UNKNOWN;
  }

  /** What was looked at in all targets; of several machines, the one for which most was. */
  private String coverage() {
    Map<String, Coverage> widest = new LinkedHashMap<>();
    for (Result result : results) {
      widest.merge(
          result.target(),
          result.coverage(),
          (a, b) -> Long.compare(b.images(), a.images()) > 0 ? b : a);
    }
    long images = widest.values().stream().mapToLong(Coverage::images).sum();
    long skipped = widest.values().stream().mapToLong(Coverage::skipped).sum();
    long code = widest.values().stream().mapToLong(Coverage::codeBytes).sum();
    long decoded = widest.values().stream().mapToLong(Coverage::decodedBytes).sum();
    long unreadable = widest.values().stream().mapToLong(c -> lost(c)).sum();
    var text = new StringBuilder();
    text.append(Words.count(images, "native file", "native files")).append(", ");
    text.append(decoded < code ? Words.percent(decoded, code) + " of " : "");
    text.append(Words.bytes(code));
    text.append(" of code decoded");
    if (skipped > 0) {
      text.append(", ").append(Words.number(skipped)).append(" for other platforms skipped");
    }
    if (unreadable > 0) {
      text.append(", ").append(Words.count(unreadable, "defect", "defects")).append(" met");
    }
    return text.toString();
  }

  private static long lost(Coverage coverage) {
    return coverage.unreadable().stream()
        .filter(p -> p.effect() != Problem.Effect.NOTHING_LOST)
        .count();
  }

  static String sentence(String text) {
    return text.isEmpty() || ".!?:".indexOf(text.charAt(text.length() - 1)) >= 0
        ? text
        : text + ".";
  }

  static String baseName(String path) {
    return path.substring(path.lastIndexOf('/') + 1);
  }
}
