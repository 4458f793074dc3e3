package dev.sigill.accuracy;

import dev.sigill.accuracy.Answer.Said;
import dev.sigill.accuracy.Comparison.Judged;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** What the page says of packages that were run here. */
final class PackageTables {
  private final List<Run> runs;
  private final List<Answer> answers;
  private final Comparison comparison;
  private final Reasons reasons;

  PackageTables(List<Run> runs, List<Answer> answers, Reasons reasons) {
    this.runs = runs.stream().filter(run -> !run.cpu().equals(Run.NATIVE)).toList();
    this.answers = answers;
    this.comparison = new Comparison(runs, answers);
    this.reasons = reasons;
  }

  /** All of it, as Markdown. */
  String text() {
    return summary()
        + "\n"
        + matrix()
        + "\n"
        + images()
        + "\n"
        + instructions()
        + "\n### What scanners say of the same runs\n\n"
        + "A scanner that reports what an image contains takes every instruction beyond the"
        + " processor for a death.\n\n"
        + contains()
        + "\n### Whole environments\n\n"
        + "The package with all that pip installed for it, as `sigill check ENVIRONMENT` judges it,"
        + " beside what importing the package did.\n\n"
        + environments()
        + "\n### Every disagreement on these runs\n\n"
        + disagreements()
        + "\n### Checks that refuse, and runs that are not compared\n\n"
        + others();
  }

  private String summary() {
    long packages = runs.stream().map(Run::name).distinct().count();
    long imports = runs.stream().filter(run -> run.action().equals(Run.IMPORT)).count();
    long uses = runs.size() - imports;
    long workloads =
        runs.stream().filter(run -> run.action().equals(Run.USE)).map(Run::name).distinct().count();
    return "%d packages were imported (%d runs) and %d of them used by a small program (%d runs; only"
            .formatted(packages, imports, workloads, uses)
        + " where the import went well).\n"
        + "Asked about were the images of the environment that were in memory at the end of the"
        + " run.\n"
        + "\"Undecided\" means that nothing was found and that the answer is `unknown` rather than"
        + " `runs`.\n";
  }

  private String matrix() {
    var rows = new ArrayList<List<String>>();
    for (String stage : Comparison.STAGES) {
      for (Processor processor : Processor.ALL) {
        Predicate<Judged> here =
            j -> j.stage().equals(stage) && j.run().cpu().equals(processor.model());
        var row = new ArrayList<String>(List.of(stage, processor.model()));
        long quiet = count(here, Judgement.QUIET) + count(here, Judgement.OPEN);
        long accused = count(here, Judgement.ACCUSED);
        row.add("" + count(here, Judgement.FOUND));
        row.add("" + count(here, Judgement.OTHER_STAGE));
        row.add("" + count(here, Judgement.OPEN_DEATH));
        row.add("" + count(here, Judgement.MISSED));
        row.add("" + count(here, Judgement.QUIET));
        row.add("" + count(here, Judgement.OPEN));
        row.add(Markdown.share(accused, accused + quiet));
        rows.add(row);
      }
    }
    return Markdown.table(
        Markdown.row(
            "stage",
            "processor",
            "dies, found",
            "dies, found at another stage",
            "dies, undecided",
            "dies, missed",
            "runs, quiet",
            "runs, undecided",
            "runs, accused"),
        rows);
  }

  private long count(Predicate<Judged> which, Judgement judgement) {
    return comparison.judged().stream()
        .filter(j -> j.judgement() == judgement)
        .filter(which)
        .count();
  }

  /** Many packages load the same library; here each counts once a processor. */
  private String images() {
    var rows = new ArrayList<List<String>>();
    for (String stage : Comparison.STAGES) {
      var quiet = new TreeSet<String>();
      var accused = new TreeSet<String>();
      for (Judged each : comparison.judged()) {
        boolean dies = each.run().stage().equals(stage);
        if (each.stage().equals(stage) && !dies) {
          each.run().loaded().forEach(image -> quiet.add(each.run().cpu() + " " + image));
          if (each.finding() != null) {
            accused.add(each.run().cpu() + " " + each.finding().image());
          }
        }
      }
      rows.add(Markdown.row(stage, Markdown.share(accused.size(), quiet.size())));
    }
    return Markdown.table(
        Markdown.row("stage", "of the images that ran, each counted once a processor, accused"),
        rows);
  }

  private String instructions() {
    var rows = new ArrayList<List<String>>();
    for (String stage : Comparison.STAGES) {
      List<Judged> found =
          comparison.judged().stream()
              .filter(j -> j.stage().equals(stage) && j.run().outcome() == Outcome.SIGILL)
              .filter(
                  j -> j.judgement() == Judgement.FOUND || j.judgement() == Judgement.OTHER_STAGE)
              .toList();
      long same = found.stream().filter(Judged::isSameInstruction).count();
      long image =
          found.stream()
              .filter(
                  j ->
                      j.finding() != null
                          && j.run().fault() != null
                          && j.finding().image().equals(j.run().fault().image()))
              .count();
      rows.add(
          Markdown.row(
              stage, Markdown.share(same, found.size()), Markdown.share(image, found.size())));
    }
    return Markdown.table(
        Markdown.row(
            "stage", "instruction named is the one that faulted", "image named is the one"),
        rows);
  }

  private String contains() {
    var rows = new ArrayList<List<String>>();
    for (String action : List.of(Run.IMPORT, Run.USE)) {
      int deathsContaining = 0;
      int deaths = 0;
      int quietContaining = 0;
      int quiet = 0;
      int accused = 0;
      int found = 0;
      Map<String, List<Judged>> byRun = new LinkedHashMap<>();
      for (Judged each : comparison.judged()) {
        if (each.run().action().equals(action)) {
          byRun
              .computeIfAbsent(each.run().name() + " " + each.run().cpu(), _ -> new ArrayList<>())
              .add(each);
        }
      }
      for (List<Judged> stages : byRun.values()) {
        boolean dies = stages.getFirst().run().outcome() == Outcome.SIGILL;
        boolean isContained = !stages.getFirst().answer().contains().isEmpty();
        boolean isSaid = stages.stream().anyMatch(j -> j.finding() != null);
        deaths += dies ? 1 : 0;
        deathsContaining += dies && isContained ? 1 : 0;
        found += dies && isSaid ? 1 : 0;
        quiet += dies ? 0 : 1;
        quietContaining += !dies && isContained ? 1 : 0;
        accused += !dies && isSaid ? 1 : 0;
      }
      rows.add(
          Markdown.row(
              action,
              "contains the feature",
              Markdown.share(deathsContaining, deaths),
              Markdown.share(quietContaining, quiet)));
      rows.add(
          Markdown.row(
              action,
              "Sigill's findings",
              Markdown.share(found, deaths),
              Markdown.share(accused, quiet)));
    }
    return Markdown.table(
        Markdown.row(
            "run", "what is asked", "of those that died, found", "of those that ran, accused"),
        rows);
  }

  private String environments() {
    Map<String, Answer> ofWhole = new HashMap<>();
    for (Answer answer : answers) {
      if (answer.scope().equals(Answer.ENVIRONMENT)) {
        ofWhole.put(answer.name() + " " + answer.version() + " " + answer.cpu(), answer);
      }
    }
    Map<String, Map<String, Integer>> counts = new TreeMap<>();
    Map<String, List<String>> accused = new TreeMap<>();
    var verdicts = new TreeSet<String>();
    for (Run run : runs) {
      Answer answer = ofWhole.get(run.name() + " " + run.version() + " " + run.cpu());
      if (run.action().equals(Run.IMPORT) && answer != null) {
        String said = answer.verdict() + (answer.stage().isEmpty() ? "" : " at " + answer.stage());
        verdicts.add(said);
        counts
            .computeIfAbsent(run.outcome().id(), _ -> new HashMap<>())
            .merge(said, 1, Integer::sum);
        boolean isAccused = answer.verdict().equals("crashes") && !answer.stage().equals("use");
        if (run.outcome() == Outcome.OK && isAccused) {
          String image = answer.findings().isEmpty() ? "" : answer.findings().getFirst().image();
          accused.computeIfAbsent(file(image), _ -> new ArrayList<>()).add(run.name());
        }
      }
    }
    var head = new ArrayList<>(List.of("import"));
    head.addAll(verdicts);
    var rows = new ArrayList<List<String>>();
    counts.forEach(
        (outcome, said) -> {
          var row = new ArrayList<>(List.of(outcome));
          verdicts.forEach(v -> row.add("" + said.getOrDefault(v, 0)));
          rows.add(row);
        });
    var images = new ArrayList<List<String>>();
    accused.forEach(
        (image, names) -> images.add(Markdown.row("`" + image + "`", Markdown.some(names, 8))));
    return Markdown.table(head, rows)
        + (images.isEmpty()
            ? ""
            : "\n"
                + "Where the import went well, these images accuse the environment; the import"
                + " may never have loaded them:\n\n"
                + Markdown.table(Markdown.row("image", "environments of"), images));
  }

  /** Disagreements of the same kind in the same function are one line. */
  private record Difference(String what, String stage, String image, String place, String reason) {}

  private String disagreements() {
    Map<Difference, List<Judged>> groups = new LinkedHashMap<>();
    for (Judged each : comparison.judged()) {
      Difference difference = difference(each);
      if (difference != null) {
        groups.computeIfAbsent(difference, _ -> new ArrayList<>()).add(each);
      }
    }
    if (groups.isEmpty()) {
      return "None.\n";
    }
    var rows = new ArrayList<List<String>>();
    groups.entrySet().stream()
        .sorted((a, b) -> b.getValue().size() - a.getValue().size())
        .forEach(
            group -> {
              List<Judged> all = group.getValue();
              Difference d = group.getKey();
              rows.add(
                  Markdown.row(
                      d.stage() + ": " + d.what(),
                      Markdown.some(all.stream().map(j -> j.run().name()).toList(), 6),
                      Markdown.some(all.stream().map(j -> j.run().cpu()).toList(), 4),
                      "`" + d.image() + "` " + d.place(),
                      d.reason()));
            });
    return Markdown.table(Markdown.row("what", "packages", "processors", "where", "why"), rows);
  }

  private @Nullable Difference difference(Judged each) {
    Fault fault = each.run().fault();
    Said finding = each.finding();
    String name = each.run().name();
    return switch (each.judgement()) {
      case QUIET, OPEN -> null;
      case FOUND -> {
        if (each.isSameInstruction() || fault == null || finding == null) {
          yield null;
        }
        yield new Difference(
            "another instruction named",
            each.stage(),
            file(fault.image()),
            at(fault.function(), fault.instruction())
                + ", named "
                + at(finding.function(), finding.instruction()),
            reasons.of(name, each.stage(), each.judgement(), fault.image(), fault.function()));
      }
      case OTHER_IMAGE, OTHER_STAGE, MISSED, OPEN_DEATH -> {
        Fault known = fault == null ? Fault.unknown() : fault;
        yield new Difference(
            each.judgement().title(),
            each.stage(),
            file(known.image()),
            at(known.function(), known.instruction()),
            reasons.ofOpen(
                name,
                each.stage(),
                each.judgement(),
                known.image(),
                known.function(),
                each.answer()));
      }
      case ACCUSED -> {
        Said said = Objects.requireNonNull(finding);
        yield new Difference(
            each.judgement().title(),
            each.stage(),
            file(said.image()),
            at(said.function(), said.instruction()),
            reasons.of(name, each.stage(), each.judgement(), said.image(), said.function()));
      }
    };
  }

  private static String at(String function, String instruction) {
    return (function.isEmpty() ? "" : "`" + function.replace(" +0x", "+0x") + "` ")
        + "`"
        + instruction
        + "`";
  }

  /** The file's name without what auditwheel put into it. */
  static String file(String image) {
    return image.substring(image.lastIndexOf('/') + 1).replaceAll("-[0-9a-f]{8}(?=[-.])", "");
  }

  private String others() {
    var rows = new ArrayList<List<String>>();
    for (Run run : runs) {
      boolean isRefusal = run.outcome() == Outcome.REFUSES;
      if (!isRefusal && run.outcome() != Outcome.ERROR && run.outcome() != Outcome.TIMEOUT) {
        continue;
      }
      String said = "not asked";
      for (Answer answer : answers) {
        if (answer.name().equals(run.name())
            && answer.scope().equals(run.action())
            && answer.cpu().equals(run.cpu())) {
          boolean refuses = answer.findings().stream().anyMatch(Said::isRefusal);
          said = answer.verdict() + (refuses ? ", its check is found" : "");
        }
      }
      rows.add(
          Markdown.row(
              run.name(), run.action(), run.cpu(), run.outcome().id(), run.detail(), said));
    }
    long children =
        runs.stream().filter(r -> !r.children().isEmpty()).map(Run::name).distinct().count();
    List<String> starters =
        runs.stream().filter(r -> !r.children().isEmpty()).map(Run::name).distinct().toList();
    String note =
        children == 0
            ? ""
            : "\nPrograms that a run starts run on the measuring computer's own processor. Runs of "
                + children
                + " packages started some: "
                + String.join(", ", starters)
                + ".\n";
    return (rows.isEmpty()
            ? "None.\n"
            : Markdown.table(
                Markdown.row("package", "run", "processor", "outcome", "last line", "said"), rows))
        + note;
  }
}
