package dev.sigill.accuracy;

import dev.sigill.accuracy.Answer.Said;
import dev.sigill.analysis.Certainty;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
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
    Map<String, int[]> deaths = new LinkedHashMap<>();
    for (String stage : Comparison.STAGES) {
      deaths.put(stage, new int[5]);
    }
    int ran = 0;
    int accusedEarly = 0;
    int used = 0;
    int accusedAtUse = 0;
    int unanswered = 0;
    var differences = new ArrayList<List<String>>();
    for (Recorded row : Recorded.releases()) {
      Answer answer = answer(row);
      if (answer == null) {
        unanswered++;
        continue;
      }
      if (row.isDeath()) {
        Judgement judgement = judgement(row, answer);
        int[] counts = deaths.get(row.stage());
        counts[0]++;
        counts[1] += judgement == Judgement.FOUND ? 1 : 0;
        counts[2] += judgement == Judgement.OTHER_STAGE ? 1 : 0;
        counts[3] += judgement == Judgement.OPEN_DEATH ? 1 : 0;
        boolean isSame =
            answer.findings().stream()
                .anyMatch(f -> row.isImage(f.image()) && f.address().equals(row.address()));
        counts[4] += isSame ? 1 : 0;
        if (judgement != Judgement.FOUND) {
          differences.add(
              Markdown.row(
                  row.stage() + ": " + judgement.title(),
                  shortName(row.wheel()),
                  row.machine(),
                  "`"
                      + PackageTables.file(row.image())
                      + "` "
                      + row.feature()
                      + " "
                      + row.address(),
                  reasons.of(answer.name(), row.stage(), row.image(), "")));
        }
      } else if (row.outcome().equals("ok")) {
        ran++;
        Said early = early(answer);
        if (early != null) {
          accusedEarly++;
          differences.add(accused(row, answer, early));
        }
        if (row.kind().equals("use-run")) {
          used++;
          accusedAtUse += atUse(answer) != null ? 1 : 0;
        }
      }
    }
    var rows = new ArrayList<List<String>>();
    deaths.forEach(
        (stage, c) ->
            rows.add(Markdown.row(stage, c[0], c[1], c[2], c[3], c[0] - c[1] - c[2] - c[3], c[4])));
    return Markdown.table(
            Markdown.row(
                "stage",
                "died",
                "found",
                "found at another stage",
                "undecided",
                "missed",
                "a finding names the very instruction"),
            rows)
        + "\nOf %s that ran, a finding at load or import accuses %s; of %d whose program ran, one at use (certain or reachable) %s.%s\n"
            .formatted(
                ran + " rows",
                Markdown.share(accusedEarly, ran),
                used,
                Markdown.share(accusedAtUse, used),
                unanswered == 0 ? "" : " " + unanswered + " rows were not asked about.")
        + (differences.isEmpty()
            ? ""
            : "\n"
                + Markdown.table(
                    Markdown.row("what", "wheel", "machine", "where", "why"), differences));
  }

  private List<String> accused(Recorded row, Answer answer, Said said) {
    return Markdown.row(
        said.stage() + ": runs, accused",
        shortName(row.wheel()),
        row.machine(),
        "`"
            + PackageTables.file(said.image())
            + "` `"
            + said.function()
            + "` `"
            + said.instruction()
            + "`",
        reasons.of(answer.name(), said.stage(), said.image(), said.function()));
  }

  private static Judgement judgement(Recorded row, Answer answer) {
    boolean isElsewhere = false;
    for (Said said : answer.findings()) {
      if (said.isInstruction() && row.isImage(said.image())) {
        if (said.stage().equals(row.stage())) {
          return Judgement.FOUND;
        }
        isElsewhere = true;
      }
    }
    if (isElsewhere) {
      return Judgement.OTHER_STAGE;
    }
    boolean isOpen = row.stage().equals("use") && answer.verdict().equals("unknown");
    return isOpen ? Judgement.OPEN_DEATH : Judgement.MISSED;
  }

  private static @Nullable Said early(Answer answer) {
    return answer.findings().stream()
        .filter(f -> f.isInstruction() && !f.stage().equals("use"))
        .findFirst()
        .orElse(null);
  }

  private static @Nullable Said atUse(Answer answer) {
    return answer.findings().stream()
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
    Set<String> quiet = new LinkedHashSet<>();
    Set<String> accusedEarly = new LinkedHashSet<>();
    Set<String> accusedAtUse = new LinkedHashSet<>();
    int foreign = 0;
    int unanswered = 0;
    Set<String> died = new LinkedHashSet<>();
    Recorded.gaps().stream().filter(Recorded::isDeath).forEach(r -> died.add(run(r)));
    for (Recorded row : Recorded.gaps()) {
      Answer answer = answer(row);
      if (answer == null) {
        unanswered++;
      } else if (row.isDeath()) {
        if (isForeign(row)) {
          foreign++;
          continue;
        }
        var defect = new Defect(row.wheel(), row.feature(), row.image(), row.kind());
        defects.merge(defect, found(row, answer), RecordedTables::better);
      } else if (!died.contains(run(row))) {
        quiet.add(run(row));
        if (early(answer) != null) {
          accusedEarly.add(run(row));
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
                    shortName(defect.wheel()),
                    "`" + PackageTables.file(defect.image()) + "`",
                    defect.feature(),
                    reasons.of(defect.wheel().split("-")[0], "use", defect.image(), "")));
          }
        });
    var rows = new ArrayList<List<String>>();
    table.forEach(
        (kind, counts) -> {
          int all = counts.values().stream().mapToInt(n -> n).sum();
          rows.add(
              Markdown.row(
                  kind,
                  all,
                  counts.getOrDefault(WRONGLY_GUARDED, 0),
                  counts.getOrDefault(OTHERWISE, 0),
                  counts.getOrDefault(MISSED, 0)));
        });
    return Markdown.table(
            Markdown.row(
                "what the check is like (package × feature × image)",
                "died",
                "found as `wrongly-guarded`",
                "found otherwise",
                "missed or undecided"),
            rows)
        + "\nOf %d runs that ended well, a finding at load or import accuses %s, one at use (certain or reachable) %s. %d rows died in another package's library and are judged with that package.%s\n"
            .formatted(
                quiet.size(),
                Markdown.share(accusedEarly.size(), quiet.size()),
                Markdown.share(accusedAtUse.size(), quiet.size()),
                foreign,
                unanswered == 0 ? "" : " " + unanswered + " rows were not asked about.")
        + (missed.isEmpty()
            ? ""
            : "\n"
                + Markdown.table(
                    Markdown.row("kind", "wheel", "image", "feature", "why missed"), missed));
  }

  private static final String WRONGLY_GUARDED = "wrongly guarded";
  private static final String OTHERWISE = "otherwise";
  private static final String MISSED = "missed";

  private static String run(Recorded row) {
    return row.wheel() + " " + row.machine();
  }

  /** Whether the image lies in the library folder of another package than the wheel's. */
  private static boolean isForeign(Recorded row) {
    int libs = row.image().indexOf(".libs/");
    if (libs < 0) {
      return false;
    }
    String owner = PythonEnvironment.normal(row.image().substring(0, libs));
    return !owner.equals(PythonEnvironment.normal(row.wheel().split("-")[0]));
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

  private static String shortName(String wheel) {
    String[] parts = wheel.split("-");
    return parts[0] + " " + parts[1] + " " + parts[parts.length - 3].replaceAll("\\..*", "");
  }
}
