package dev.sigill.report;

import dev.sigill.analysis.Stage;
import dev.sigill.isa.Feature;
import dev.sigill.machine.ForcedPath;
import dev.sigill.machine.Machine;
import dev.sigill.machine.Translator;
import dev.sigill.verdict.Coverage;
import dev.sigill.verdict.Finding;
import dev.sigill.verdict.Fix;
import dev.sigill.verdict.PackageAnswer;
import dev.sigill.verdict.Result;
import dev.sigill.verdict.Verdict;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;

/**
 * The answer of {@code doctor} for people, in parts that can be written as they become known: the
 * computer, each runtime with what cannot run in it and why, and the sum.
 */
public final class DoctorText {
  private static final int PACKAGES = 8;
  private static final int FIXES = 2;
  private static final int REASONS = 2;

  private DoctorText() {}

  /** The computer that is looked at. */
  public static String head(Machine machine, Style style) {
    var page = new Page(style);
    String how =
        machine.translator() == Translator.NONE
            ? "programs run natively (" + machine.architecture().id() + ")"
            : machine.architecture().id()
                + " programs run under "
                + machine.translator().title()
                + " on "
                + machine.hostArchitecture().id();
    String separator = style.unicode() ? " · " : " - ";
    page.wrapped("", page.strong(machine.title()) + separator + how);
    page.gap();
    return page.toString();
  }

  /** The variables set here that force code for another processor; nothing where none does. */
  public static String forced(List<ForcedPath> paths, Style style) {
    if (paths.isEmpty()) {
      return "";
    }
    var page = new Page(style);
    for (ForcedPath path : paths) {
      String titles =
          String.join(" and ", path.missing().toList().stream().map(Feature::title).toList());
      page.wrapped(
          page.mark(Mark.of(Verdict.CRASHES)) + " ",
          page.strong(path.variable() + "=" + path.value())
              + " is set here: "
              + path.software()
              + " then runs code for "
              + titles
              + " without asking the CPU, which does not have it.");
      page.wrapped("    ", "Type `unset " + path.variable() + "`.");
    }
    page.gap();
    return page.toString();
  }

  /**
   * One runtime.
   *
   * @param widths the columns that all runtimes share
   */
  public static String one(Diagnosis diagnosis, Widths widths, Style style) {
    var page = new Page(style);
    Result result = diagnosis.result();
    Map<String, List<Finding>> packages = failing(result);
    Mark mark = isOpenInUse(result) ? Mark.NOTE : Mark.of(result.verdict());
    page.wrapped(
        page.mark(mark)
            + " "
            + page.strong(Page.padded(diagnosis.place(), widths.place()))
            + "   "
            + Page.padded(title(diagnosis), widths.title())
            + "   ",
        sum(result, packages));
    for (String remark : diagnosis.remarks()) {
      page.wrapped("    ", CheckText.sentence(remark));
    }
    if (result.verdict() == Verdict.UNKNOWN && (!isOpenInUse(result) || style.unfolded())) {
      why(page, result);
    }
    packages(page, packages, result);
    notes(page, result);
    fixes(page, packages);
    if (!packages.isEmpty()) {
      page.wrapped(
          "    ", page.faint("`sigill check " + quoted(diagnosis.place()) + "` shows the proof."));
    }
    return page.toString();
  }

  /**
   * Columns that the lines of all runtimes share.
   *
   * @param place for where they lie
   * @param title for what they are
   */
  public record Widths(int place, int title) {
    /**
     * Wide enough for places and titles, and never so wide that nothing is left for the answer.
     *
     * @param titles as {@link DoctorText#title} gives them
     */
    public static Widths of(List<String> places, List<String> titles, Style style) {
      int most = style.width() * 2 / 5;
      return new Widths(widest(places, most), widest(titles, most));
    }

    private static int widest(List<String> texts, int most) {
      return Math.min(most, texts.stream().mapToInt(Page::width).max().orElse(0));
    }
  }

  /** What a runtime is, with the architecture of its processes. */
  public static String title(Diagnosis diagnosis) {
    return title(diagnosis.title(), diagnosis.result().machine());
  }

  /** What a runtime is, with the architecture of its processes. */
  public static String title(String title, Machine machine) {
    String translator =
        machine.translator() == Translator.NONE ? "" : ", under " + machine.translator().title();
    return title + " (" + machine.architecture().id() + translator + ")";
  }

  /** How many of all have problems, and what was looked at. */
  public static String tail(List<Diagnosis> all, Style style) {
    var page = new Page(style);
    page.line("");
    if (all.isEmpty()) {
      page.wrapped("", "No Python, Java or Node.js was found on this computer.");
      return page.toString();
    }
    long bad = all.stream().filter(d -> CheckText.isFailing(d.result().verdict())).count();
    long inUse = all.stream().filter(d -> isOpenInUse(d.result())).count();
    long open = all.stream().filter(d -> d.result().verdict() == Verdict.UNKNOWN).count() - inUse;
    var text = new StringBuilder();
    if (bad > 0) {
      text.append(bad).append(" of ").append(all.size());
      text.append(bad == 1 ? " has problems. " : " have problems. ");
    } else if (open == 0 && inUse == 0) {
      text.append("Nothing was found that cannot run here. ");
    } else if (open == 0) {
      text.append("Nothing was found that stops a program here when it loads or imports it. ");
    } else {
      text.append("Nothing was found that surely cannot run here. ");
    }
    if (open > 0) {
      text.append(open).append(" of ").append(all.size()).append(" not decided. ");
    }
    long images = 0;
    long code = 0;
    long packages = 0;
    for (Diagnosis each : all) {
      Coverage coverage = each.result().coverage();
      images += coverage.images();
      code += coverage.decodedBytes();
      packages += nativePackages(each.result());
    }
    if (inUse > 0) {
      text.append("What happens in use is not followed: `sigill check FOLDER` does. ");
    }
    text.append("Looked at: ").append(Words.list(kinds(all))).append("; ");
    text.append(Words.count(packages, "native package", "native packages")).append(", ");
    text.append(Words.count(images, "native file", "native files")).append(", ");
    text.append(Words.bytes(code)).append(" of code decoded");
    style.took().ifPresent(t -> text.append(" (").append(Words.seconds(t)).append(')'));
    page.wrapped("", text.append('.').toString());
    return page.toString();
  }

  private static List<String> kinds(List<Diagnosis> all) {
    Map<String, Integer> counts = new LinkedHashMap<>();
    all.forEach(each -> counts.merge(each.language(), 1, Integer::sum));
    return counts.entrySet().stream().map(e -> kind(e.getKey(), e.getValue())).toList();
  }

  private static String kind(String language, int count) {
    return switch (language) {
      case "python" -> Words.count(count, "Python", "Pythons");
      case "java" -> Words.count(count, "JVM", "JVMs");
      case "node" -> Words.count(count, "Node.js", "Node.js");
      default -> count + " " + language;
    };
  }

  /** Whether nothing stops it at load and import; what happens in use is not followed here. */
  private static boolean isOpenInUse(Result result) {
    return result.verdict() == Verdict.UNKNOWN && result.stage() == Stage.USE;
  }

  private static String sum(Result result, Map<String, List<Finding>> packages) {
    if (!packages.isEmpty()) {
      int stopped = dependents(result).size();
      return Words.count(packages.size(), "problem", "problems")
          + (stopped == 0 ? "" : ", " + Words.count(stopped, "package", "packages") + " more hit");
    }
    Coverage coverage = result.coverage();
    int looked = nativePackages(result);
    String what =
        looked > 0
            ? Words.count(looked, "native package", "native packages")
            : coverage.images() > 0
                ? Words.count(coverage.images(), "native file", "native files")
                : "no native code of its own";
    return switch (result.verdict()) {
      case UNKNOWN ->
          isOpenInUse(result)
              ? what + (looked == 1 ? " loads and imports" : " load and import")
              : what + ", not decided";
      case RUNS -> coverage.images() == 0 ? what : what + (looked == 1 ? ", fits" : ", all fit");
      case MAY_CRASH, REFUSES, CRASHES, FAILS_TO_LOAD, NOT_INSTALLABLE ->
          Words.verdict(result.verdict(), result.stage());
    };
  }

  /** What keeps the answer open; the first of each kind of reason. */
  private static void why(Page page, Result result) {
    String head = "    " + page.mark(Mark.OPEN) + " ";
    var told = new LinkedHashSet<String>();
    for (Finding finding : result.findings()) {
      if (finding.verdict() == Verdict.UNKNOWN && told.add(finding.summary())) {
        if (told.size() > REASONS && !page.style().unfolded()) {
          page.line("    more is open" + page.faint(" (`--all` shows everything)"));
          return;
        }
        String image = CheckText.baseName(finding.image());
        page.wrapped(
            head,
            (image.isEmpty() ? "" : image + ": ") + finding.summary(),
            List.of(finding.rule().id()));
      }
    }
    if (told.isEmpty()) {
      Coverage coverage = result.coverage();
      if (!coverage.notAnalysed().isEmpty()) {
        page.wrapped(head, coverage.notAnalysed().getFirst());
      } else if (!coverage.unreadable().isEmpty()) {
        page.wrapped(head, coverage.unreadable().getFirst().message());
      }
    }
  }

  private static int nativePackages(Result result) {
    return (int)
        result.packages().stream()
            .filter(p -> !p.members().isEmpty())
            .map(Packages::label)
            .distinct()
            .count();
  }

  /** The findings that stop something, by package. */
  private static Map<String, List<Finding>> failing(Result result) {
    var names = new Packages(result);
    Map<String, List<Finding>> packages = new LinkedHashMap<>();
    for (Finding finding : result.findings()) {
      if (CheckText.isFailing(finding.verdict())) {
        String label = names.label(finding.image());
        packages
            .computeIfAbsent(
                label.isEmpty() ? CheckText.baseName(finding.image()) : label,
                _ -> new ArrayList<>())
            .add(finding);
      }
    }
    return packages;
  }

  /** The packages in which nothing is wrong, and whose import stops the program all the same. */
  private static List<PackageAnswer> dependents(Result result) {
    return result.answers().stream().filter(a -> a.isStopped() && a.cause() != null).toList();
  }

  private static void packages(Page page, Map<String, List<Finding>> packages, Result result) {
    own(page, packages);
    List<PackageAnswer> dependents = dependents(result);
    int most = page.style().unfolded() ? dependents.size() : Math.min(PACKAGES, dependents.size());
    for (PackageAnswer each : dependents.subList(0, most)) {
      page.wrapped(
          "    "
              + page.mark(Mark.of(each.verdict()))
              + " "
              + Packages.label(each.distribution())
              + "   "
              + page.inColorOf(Mark.of(each.verdict()), Words.verdict(each.verdict(), each.stage()))
              + "   ",
          each.because());
    }
    if (dependents.size() > most) {
      page.line(
          "    and "
              + Words.count(dependents.size() - most, "more package", "more packages")
              + " that import them"
              + page.faint(" (`--all` shows everything)"));
    }
  }

  private static void own(Page page, Map<String, List<Finding>> packages) {
    int most = page.style().unfolded() ? packages.size() : PACKAGES;
    int nameWidth =
        Math.min(
            page.style().width() / 3,
            packages.keySet().stream().limit(most).mapToInt(Page::width).max().orElse(0));
    int verdictWidth =
        packages.values().stream()
            .limit(most)
            .mapToInt(f -> Page.width(verdict(f.getFirst())))
            .max()
            .orElse(0);
    int told = 0;
    for (var entry : packages.entrySet()) {
      if (told++ == most) {
        page.line(
            "    and "
                + Words.count(packages.size() - most, "more package", "more packages")
                + page.faint(" (`--all` shows everything)"));
        return;
      }
      Finding deciding = entry.getValue().getFirst();
      Mark mark = Mark.of(deciding.verdict());
      page.wrapped(
          "    "
              + page.mark(mark)
              + " "
              + Page.padded(entry.getKey(), nameWidth)
              + "   "
              + page.inColorOf(mark, Page.padded(verdict(deciding), verdictWidth))
              + "   ",
          deciding.summary(),
          List.of(deciding.rule().id()));
    }
  }

  private static String verdict(Finding finding) {
    return Words.verdict(finding.verdict(), finding.stage());
  }

  /** What was noted without stopping anything: each kind once where all is wanted, else a count. */
  private static void notes(Page page, Result result) {
    Map<String, Finding> notes = new LinkedHashMap<>();
    for (Finding finding : result.findings()) {
      if (finding.verdict() == Verdict.RUNS) {
        notes.putIfAbsent(finding.summary(), finding);
      }
    }
    if (notes.isEmpty()) {
      return;
    }
    if (!page.style().unfolded()) {
      page.line(
          page.faint(
              "    " + Words.count(notes.size(), "note", "notes") + " (`--all` shows everything)"));
      return;
    }
    for (Finding note : notes.values()) {
      page.wrapped("    " + page.mark(Mark.NOTE) + " ", note.summary(), List.of(note.rule().id()));
    }
  }

  private static void fixes(Page page, Map<String, List<Finding>> packages) {
    Map<String, Fix> fixes = new LinkedHashMap<>();
    for (List<Finding> findings : packages.values()) {
      for (Fix fix : findings.getFirst().fixes()) {
        fixes.putIfAbsent(fix.summary(), fix);
      }
    }
    int told = 0;
    for (Fix fix : fixes.values()) {
      if (told == FIXES && !page.style().unfolded()) {
        page.line(
            "          "
                + Words.count(fixes.size() - told, "more way", "more ways")
                + page.faint(" (`--all` shows everything)"));
        return;
      }
      String head = told++ == 0 ? page.strong("Fix") : " or";
      page.wrapped("    " + head + "   ", fix.summary() + (fix.verified() ? " (checked)" : ""));
      for (String command : fix.commands()) {
        page.line("            " + command);
      }
    }
  }

  private static String quoted(String place) {
    return place.matches("[A-Za-z0-9_./~@%+=:,-]+")
        ? place
        : "'" + place.replace("'", "'\\''") + "'";
  }
}
