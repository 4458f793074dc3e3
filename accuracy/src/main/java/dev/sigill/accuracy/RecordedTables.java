package dev.sigill.accuracy;

import dev.sigill.accuracy.Answer.Said;
import dev.sigill.analysis.Certainty;
import dev.sigill.verdict.Verdict;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What the page says of runs that were recorded elsewhere. */
final class RecordedTables {
  private final Map<String, Answer> byWheel = new HashMap<>();
  private final Reasons reasons;

  RecordedTables(List<Answer> ofWheels, Reasons reasons) {
    ofWheels.forEach(answer -> byWheel.put(answer.scope() + "\t" + answer.cpu(), answer));
    this.reasons = reasons;
  }

  private @Nullable Answer answer(Recorded row) {
    return byWheel.get(row.wheel() + "\t" + row.machine());
  }

  /** How runs that were recorded elsewhere and made here again agree. */
  static String agreement(List<Run> runs) {
    int same = 0;
    var differing = new ArrayList<List<String>>();
    for (String[] row : Recorded.runs()) {
      for (Run run : runs) {
        if (PythonEnvironment.normal(run.name()).equals(row[0])
            && (row[1].isEmpty() || run.version().equals(row[1]))
            && run.action().equals(row[2])
            && run.cpu().equals(row[3])) {
          if (run.outcome().id().equals(row[4])) {
            same++;
          } else {
            differing.add(
                Markdown.row(
                    run.name() + " " + run.version(),
                    run.action(),
                    run.cpu(),
                    row[4],
                    run.outcome().id(),
                    run.fault() == null ? run.detail() : PackageTables.file(run.fault().image())));
          }
        }
      }
    }
    return "Of runs that were recorded elsewhere, %d were made here again: %d ended the same. Packages are of the same version, what they depend on may be newer.\n"
            .formatted(same + differing.size(), same)
        + (differing.isEmpty()
            ? ""
            : "\n"
                + Markdown.table(
                    Markdown.row("package", "run", "processor", "recorded", "here", "where"),
                    differing));
  }

  /** Published releases that were faulty, and their neighbours. */
  String releases() {
    Map<String, Map<Judgement, Integer>> deaths = new LinkedHashMap<>();
    Comparison.STAGES.forEach(stage -> deaths.put(stage, new EnumMap<>(Judgement.class)));
    Map<String, Integer> same = new HashMap<>();
    int ran = 0;
    int accusedEarly = 0;
    int used = 0;
    int accusedAtUse = 0;
    int unanswered = 0;
    var differences = new Differences();
    for (Recorded row : Recorded.releases()) {
      Answer answer = answer(row);
      if (answer == null) {
        unanswered++;
      } else if (row.isDeath()) {
        Judgement judgement = judgement(row, answer);
        deaths.get(row.stage()).merge(judgement, 1, Integer::sum);
        if (answer.findings().stream()
            .anyMatch(f -> row.isImage(f.image()) && f.address().equals(row.address()))) {
          same.merge(row.stage(), 1, Integer::sum);
        }
        if (judgement != Judgement.FOUND) {
          differences.add(
              row.stage() + ": " + judgement.title(),
              row,
              PackageTables.file(row.image()),
              reasons.ofOpen(answer.name(), row.stage(), judgement, row.image(), "", answer));
        }
      } else if (row.outcome().equals("ok")) {
        ran++;
        Said early = early(answer);
        accusedEarly += early == null ? 0 : 1;
        if (early != null) {
          accused(differences, row, answer, early);
        }
        if (row.kind().equals("use-run")) {
          used++;
          accusedAtUse += atUse(answer) == null ? 0 : 1;
        }
      }
    }
    var rows = new ArrayList<List<String>>();
    deaths.forEach(
        (stage, counts) -> {
          var row = new ArrayList<>(List.of(stage));
          row.add("" + counts.values().stream().mapToInt(n -> n).sum());
          for (Judgement each : OF_DEATHS) {
            row.add("" + counts.getOrDefault(each, 0));
          }
          row.add("" + same.getOrDefault(stage, 0));
          rows.add(row);
        });
    var head = new ArrayList<>(List.of("stage", "died"));
    OF_DEATHS.forEach(each -> head.add(each.title().replace("dies, ", "")));
    head.add("a finding names the very instruction");
    return Markdown.table(head, rows)
        + "\nOf %d rows that ran, a finding at load or import accuses %s; of those whose program ran, one at use (certain or reachable) %s.%s\n"
            .formatted(
                ran,
                Markdown.share(accusedEarly, ran),
                Markdown.share(accusedAtUse, used),
                notAsked(unanswered))
        + differences.table();
  }

  private static String notAsked(int rows) {
    return rows == 0 ? "" : " " + rows + " rows were not asked about.";
  }

  private void accused(Differences differences, Recorded row, Answer answer, Said said) {
    differences.add(
        said.stage() + ": runs, accused",
        row,
        PackageTables.file(said.image()) + " " + said.function() + " " + said.instruction(),
        reasons.of(answer.name(), said.stage(), Judgement.ACCUSED, said.image(), said.function()));
  }

  private static final List<Judgement> OF_DEATHS =
      List.of(
          Judgement.FOUND,
          Judgement.OTHER_IMAGE,
          Judgement.OTHER_STAGE,
          Judgement.OPEN_DEATH,
          Judgement.MISSED);

  private static Judgement judgement(Recorded row, Answer answer) {
    Judgement best = Judgement.MISSED;
    for (Said said : answer.findings()) {
      if (said.isInstruction()) {
        boolean isHere = said.stage().equals(row.stage());
        Judgement now =
            isHere && row.isImage(said.image())
                ? Judgement.FOUND
                : isHere ? Judgement.OTHER_IMAGE : Judgement.OTHER_STAGE;
        best = now.compareTo(best) < 0 ? now : best;
      }
    }
    boolean isOpen = row.stage().equals("use") && answer.verdict().equals("unknown");
    return best == Judgement.MISSED && isOpen ? Judgement.OPEN_DEATH : best;
  }

  /** Differences of one kind in one package are one line. */
  private static final class Differences {
    private record Key(String what, String name, String where, String why) {}

    private final Map<Key, List<Recorded>> groups = new LinkedHashMap<>();

    void add(String what, Recorded row, String where, String why) {
      groups
          .computeIfAbsent(
              new Key(what, row.wheel().split("-")[0], where, why), _ -> new ArrayList<>())
          .add(row);
    }

    String table() {
      var rows = new ArrayList<List<String>>();
      groups.forEach(
          (key, all) ->
              rows.add(
                  Markdown.row(
                      key.what(),
                      key.name()
                          + " "
                          + Markdown.some(
                              all.stream().map(r -> r.wheel().split("-")[1]).toList(), 9),
                      Markdown.some(all.stream().map(Recorded::machine).toList(), 9),
                      "`" + key.where() + "`",
                      key.why())));
      return rows.isEmpty()
          ? ""
          : "\n" + Markdown.table(Markdown.row("what", "wheel", "machines", "where", "why"), rows);
    }
  }

  private static @Nullable Said early(Answer answer) {
    return accusing(answer)
        .filter(f -> f.isInstruction() && !f.stage().equals("use"))
        .findFirst()
        .orElse(null);
  }

  /** Where the answer is left open, as it is for modules that Python chooses, nobody is accused. */
  private static Stream<Said> accusing(Answer answer) {
    return answer.verdict().equals(Verdict.UNKNOWN.id())
        ? Stream.empty()
        : answer.findings().stream();
  }

  private static @Nullable Said atUse(Answer answer) {
    return accusing(answer)
        .filter(f -> f.isInstruction() && f.stage().equals("use"))
        .filter(f -> !f.certainty().equals(Certainty.WRONGLY_GUARDED.id()))
        .findFirst()
        .orElse(null);
  }

  /** One defect: a package, a feature and an image, whatever the machines it showed on. */
  private record Defect(String wheel, String feature, String image, String kind) {}

  /** Checks that do not imply what their code uses. */
  String gaps() {
    Map<Defect, String> defects = new LinkedHashMap<>();
    Map<Defect, String> whyMissed = new HashMap<>();
    Set<String> quiet = new LinkedHashSet<>();
    Set<String> accusedEarly = new LinkedHashSet<>();
    Set<String> accusedAtUse = new LinkedHashSet<>();
    int foreign = 0;
    int unanswered = 0;
    List<Recorded> all = Recorded.gaps();
    Set<String> names = new HashSet<>();
    Set<String> died = new HashSet<>();
    for (Recorded row : all) {
      names.add(PythonEnvironment.normal(row.wheel().split("-")[0]));
      if (row.isDeath()) {
        died.add(run(row));
      }
    }
    Map<Judgement, Integer> early = new EnumMap<>(Judgement.class);
    var differences = new Differences();
    for (Recorded row : all) {
      Answer answer = answer(row);
      if (answer == null) {
        unanswered++;
      } else if (row.isDeath()) {
        if (isForeign(row, names)) {
          foreign++;
        } else {
          var defect = new Defect(row.wheel(), row.feature(), row.image(), row.kind());
          defects.merge(defect, found(row, answer), RecordedTables::better);
          if (!row.stage().equals("use")) {
            early.merge(judgement(row, answer), 1, Integer::sum);
          }
          whyMissed.put(
              defect,
              row.kind().equals(IMPLIED_FEATURE)
                  ? NO_SUCH_PROCESSOR
                  : reasons.ofOpen(
                      answer.name(), row.stage(), judgement(row, answer), row.image(), "", answer));
        }
      } else if (!died.contains(run(row)) && quiet.add(run(row))) {
        Said accusing = early(answer);
        if (accusing != null) {
          accusedEarly.add(run(row));
          accused(differences, row, answer, accusing);
        }
        if (atUse(answer) != null) {
          accusedAtUse.add(run(row));
        }
      }
    }
    Map<String, Map<String, Integer>> table = new LinkedHashMap<>();
    var missed = new ArrayList<List<String>>();
    defects.forEach(
        (defect, how) -> {
          table.computeIfAbsent(defect.kind(), _ -> new HashMap<>()).merge(how, 1, Integer::sum);
          if (how.equals(MISSED)) {
            missed.add(
                Markdown.row(
                    defect.kind(),
                    defect.wheel().replaceFirst("^([^-]*)-([^-]*)-.*", "$1 $2"),
                    "`" + PackageTables.file(defect.image()) + "`",
                    defect.feature(),
                    whyMissed.get(defect)));
          }
        });
    var rows = new ArrayList<List<String>>();
    table.forEach(
        (kind, counts) ->
            rows.add(
                Markdown.row(
                    kind,
                    counts.values().stream().mapToInt(n -> n).sum(),
                    counts.getOrDefault(WRONGLY_GUARDED, 0),
                    counts.getOrDefault(OTHERWISE, 0),
                    counts.getOrDefault(MISSED, 0))));
    return Markdown.table(
            Markdown.row(
                "what the check is like (package × feature × image)",
                "died",
                "found as `wrongly-guarded`",
                "found otherwise",
                "missed or undecided"),
            rows)
        + "\nOf the rows that died before use, a death at load or import is said of %s.\n"
            .formatted(
                Markdown.share(
                    early.values().stream().mapToInt(n -> n).sum()
                        - early.getOrDefault(Judgement.MISSED, 0),
                    early.values().stream().mapToInt(n -> n).sum()))
        + "Of %d runs that ended well, a finding at load or import accuses %s, one at use (certain or reachable) %s. %d rows died in another package's library and are judged with that package.%s\n"
            .formatted(
                quiet.size(),
                Markdown.share(accusedEarly.size(), quiet.size()),
                Markdown.share(accusedAtUse.size(), quiet.size()),
                foreign,
                notAsked(unanswered))
        + differences.table()
        + (missed.isEmpty()
            ? ""
            : "\n"
                + Markdown.table(
                    Markdown.row("kind", "wheel", "image", "feature", "why missed"), missed));
  }

  /** Code behind a check of a feature that no processor has without the one that it needs. */
  private static final String IMPLIED_FEATURE = "implied feature";

  private static final String NO_SUCH_PROCESSOR =
      "what the check asks for implies it: no processor has the one without the other";

  private static final String WRONGLY_GUARDED = "wrongly guarded";
  private static final String OTHERWISE = "otherwise";
  private static final String MISSED = "missed";

  private static String run(Recorded row) {
    return row.wheel() + " " + row.machine();
  }

  /** Whether the image lies in a folder of another measured package than the wheel's. */
  private static boolean isForeign(Recorded row, Set<String> names) {
    String owner = PythonEnvironment.normal(row.image().replaceFirst("(\\.libs)?/.*", ""));
    return names.contains(owner)
        && !owner.equals(PythonEnvironment.normal(row.wheel().split("-")[0]));
  }

  private static String found(Recorded row, Answer answer) {
    String best = MISSED;
    for (Said said : answer.findings()) {
      if (said.isInstruction()
          && row.isImage(said.image())
          && said.missing().contains(row.feature())) {
        boolean isWrong = said.certainty().equals(Certainty.WRONGLY_GUARDED.id());
        best = better(best, isWrong ? WRONGLY_GUARDED : OTHERWISE);
      }
    }
    return best;
  }

  private static String better(String one, String other) {
    List<String> order = List.of(WRONGLY_GUARDED, OTHERWISE, MISSED);
    return order.indexOf(one) <= order.indexOf(other) ? one : other;
  }
}
