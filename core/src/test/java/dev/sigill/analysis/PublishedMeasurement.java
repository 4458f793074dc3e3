package dev.sigill.analysis;

import dev.sigill.Options;
import dev.sigill.Sigill;
import dev.sigill.isa.FeatureSet;
import dev.sigill.machine.Machine;
import dev.sigill.machine.Machines;
import dev.sigill.verdict.Finding;
import dev.sigill.verdict.Result;
import dev.sigill.verdict.Rule;
import dev.sigill.verdict.Verdict;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.compressors.gzip.GzipCompressorInputStream;

/**
 * Compares what {@code check} says of published packages with what is known of them ({@code
 * published.tsv} beside this class): the tables of {@code docs/accuracy.md}. Not a test: {@code
 * java -cp … dev.sigill.analysis.PublishedMeasurement GROUP FOLDER…}, with the group {@code all}
 * for all rows and the folders that hold the artifacts.
 */
public final class PublishedMeasurement {
  private final Map<String, Map<String, Integer>> counts = new TreeMap<>();

  /**
   * What is known of one artifact on one machine.
   *
   * @param group what kind of artifact
   * @param artifact its file name
   * @param member the file inside it that was looked at alone, or "-"
   * @param root the image that was loaded first, alone with what it needs, or "-" for the whole
   * @param machine the machine
   * @param outcome a verdict's id; {@code os-too-old}, {@code tag-lies} for a finding of that rule;
   *     {@code undecided} where nothing is known, which is only printed
   * @param stage the stage in which it happened, or up to which all went well
   * @param image where it happened, or "-"
   * @param address the instruction that faulted, or "-"
   * @param basis how it is known
   */
  private record Row(
      String group,
      String artifact,
      String member,
      String root,
      String machine,
      String outcome,
      String stage,
      String image,
      String address,
      String basis) {
    String title() {
      return artifact
          + (member.equals("-") ? "" : " " + member)
          + (root.equals("-") ? "" : " (" + root + " first)");
    }
  }

  /** What was said. */
  private record Answer(String verdict, String stage, String image, String address, String why) {
    /** Whether nothing is said to go wrong up to a stage. */
    boolean isQuietUpTo(String last) {
      return verdict.equals("runs")
          || verdict.equals("unknown")
          || Stage.valueOf(stage.toUpperCase(Locale.ROOT))
                  .compareTo(Stage.valueOf(last.toUpperCase(Locale.ROOT)))
              > 0;
    }
  }

  private PublishedMeasurement() {}

  public static void main(String[] args) throws IOException {
    var measurement = new PublishedMeasurement();
    List<Path> folders = Stream.of(args).skip(1).map(Path::of).toList();
    for (Map.Entry<String, List<Row>> entry : rows(args[0]).entrySet()) {
      Path file =
          folders.stream()
              .map(folder -> folder.resolve(entry.getKey()))
              .filter(Files::exists)
              .findFirst()
              .orElse(null);
      if (file == null) {
        System.out.println("not there: " + entry.getKey());
      } else {
        measurement.compare(file, entry.getValue());
      }
    }
    System.out.println("| group | " + String.join(" | ", COLUMNS) + " |");
    measurement.counts.forEach(
        (group, counted) ->
            System.out.println(
                "| "
                    + group
                    + " | "
                    + String.join(
                        " | ",
                        Stream.of(COLUMNS)
                            .map(c -> String.valueOf(counted.getOrDefault(c, 0)))
                            .toList())
                    + " |"));
  }

  private static final String[] COLUMNS = {
    "rows", "agree", "stops, missed", "runs, accused", "otherwise", "same image", "same instruction"
  };

  private static Map<String, List<Row>> rows(String group) throws IOException {
    var out = new LinkedHashMap<String, List<Row>>();
    try (InputStream in = PublishedMeasurement.class.getResourceAsStream("published.tsv")) {
      for (String line : new String(in.readAllBytes(), StandardCharsets.UTF_8).split("\n")) {
        String[] c = line.split("\t");
        if (!line.startsWith("#") && (group.equals("all") || group.equals(c[0]))) {
          out.computeIfAbsent(c[1], _ -> new ArrayList<>())
              .add(new Row(c[0], c[1], c[2], c[3], c[4], c[5], c[6], c[7], c[8], c[9]));
        }
      }
    }
    return out;
  }

  private void compare(Path file, List<Row> rows) throws IOException {
    Path work = Files.createTempDirectory("measured");
    var targets = new LinkedHashMap<String, List<Row>>();
    rows.forEach(row -> targets.computeIfAbsent(row.member(), _ -> new ArrayList<>()).add(row));
    for (Map.Entry<String, List<Row>> entry : targets.entrySet()) {
      Path target = entry.getKey().equals("-") ? file : unpack(file, entry.getKey(), work);
      long start = System.nanoTime();
      boolean isUseKnown = entry.getValue().stream().anyMatch(r -> r.stage().equals("use"));
      var sigill = new Sigill(Options.standard().withUntil(isUseKnown ? Stage.USE : Stage.IMPORT));
      var whole = entry.getValue().stream().filter(r -> r.root().equals("-")).toList();
      List<Result> results =
          whole.isEmpty()
              ? List.of()
              : sigill.check(target, whole.stream().map(r -> Machines.named(r.machine())).toList());
      for (int i = 0; i < whole.size(); i++) {
        count(whole.get(i), answer(results.get(i)), results.get(i).findings());
      }
      if (whole.size() < entry.getValue().size()) {
        TargetRequirements known = sigill.requirements(target);
        for (Row row : entry.getValue()) {
          if (!row.root().equals("-")) {
            count(row, answer(row, known), List.of());
          }
        }
      }
      System.out.printf("%.1f s %s%n", (System.nanoTime() - start) / 1e9, file.getFileName());
    }
    try (Stream<Path> left = Files.walk(work)) {
      left.sorted(Comparator.reverseOrder()).forEach(path -> path.toFile().delete());
    }
  }

  private static Path unpack(Path archive, String member, Path folder) throws IOException {
    try (var in =
        new TarArchiveInputStream(new GzipCompressorInputStream(Files.newInputStream(archive)))) {
      TarArchiveEntry entry;
      while ((entry = in.getNextEntry()) != null) {
        if (entry.getName().equals("package/" + member)) {
          Path out = folder.resolve(Path.of(member).getFileName().toString());
          Files.copy(in, out, StandardCopyOption.REPLACE_EXISTING);
          return out;
        }
      }
    }
    throw new IOException(archive + " holds no " + member);
  }

  private static Answer answer(Result result) {
    Finding first = result.findings().isEmpty() ? null : result.findings().getFirst();
    return new Answer(
        result.verdict().id(),
        result.stage() == null ? "-" : word(result.stage()),
        first == null ? "-" : first.image(),
        first == null || first.proof() == null
            ? "-"
            : "0x" + Long.toHexString(first.proof().address()),
        first == null
            ? String.join("; ", result.coverage().notAnalysed())
            : first.rule() + " " + first.summary());
  }

  /** What happens first where one image is loaded alone, with the libraries it needs. */
  private static Answer answer(Row row, TargetRequirements known) {
    Machine machine = Machines.named(row.machine());
    Requirements root =
        known.images().stream()
            .filter(image -> baseName(image.path()).equals(row.root()))
            .filter(image -> image.architecture() == machine.architecture())
            .findFirst()
            .orElseThrow(() -> new IllegalArgumentException("no image " + row.root()));
    var stages = new ArrayList<>(List.of(root.load()));
    if (row.stage().equals("import")) {
      stages.add(root.importing());
    }
    for (StageRequirements stage : stages) {
      InstructionNeed fault =
          stage.instructions().stream()
              .filter(need -> !need.term().isMetBy(machine.executes()))
              .min(Comparator.comparingInt(InstructionNeed::order))
              .orElse(null);
      SelfCheck refusal =
          stage.selfChecks().stream()
              .filter(check -> !machine.advertised().containsAll(check.features()))
              .min(Comparator.comparingInt(SelfCheck::order))
              .orElse(null);
      if (fault != null && (refusal == null || fault.order() < refusal.order())) {
        return new Answer(
            Verdict.CRASHES.id(),
            word(fault.stage()),
            fault.image(),
            "0x" + Long.toHexString(fault.address()),
            fault.instruction() + " " + fault.path());
      }
      if (refusal != null) {
        FeatureSet asked = refusal.features().without(machine.advertised());
        return new Answer(
            Verdict.REFUSES.id(),
            word(refusal.stage()),
            refusal.image(),
            "-",
            asked + " " + refusal.path());
      }
    }
    return new Answer(Verdict.RUNS.id(), "-", "-", "-", "nothing found");
  }

  private void count(Row row, Answer answer, List<Finding> findings) {
    String how;
    boolean agrees =
        switch (row.outcome()) {
          case "runs" -> answer.isQuietUpTo(row.stage());
          case "os-too-old" -> has(findings, Rule.SIG301, row.image());
          case "tag-lies" -> has(findings, Rule.SIG702, "-");
          default ->
              answer.verdict().equals(row.outcome())
                  && (answer.stage().equals(row.stage())
                      // An import loads the images first.
                      || (row.stage().equals("import") && answer.stage().equals("load")));
        };
    if (row.outcome().equals("undecided")) {
      System.out.println("not known: " + row.title() + " on " + row.machine() + ": " + answer);
      return;
    }
    if (agrees) {
      how = "agree";
    } else if (row.outcome().equals("runs")) {
      how = "runs, accused";
    } else if (answer.verdict().equals("runs") || answer.verdict().equals("unknown")) {
      how = "stops, missed";
    } else {
      how = "otherwise";
    }
    add(row.group(), "rows");
    add(row.group(), how);
    boolean isSameImage = row.image().equals("-") || baseName(answer.image()).equals(row.image());
    boolean isSameAddress = row.address().equals("-") || row.address().equals(answer.address());
    if (agrees && !row.image().equals("-") && isSameImage) {
      add(row.group(), "same image");
    }
    if (agrees && !row.address().equals("-") && isSameAddress) {
      add(row.group(), "same instruction");
    }
    boolean isStrange =
        !agrees
            || (row.outcome().equals("crashes") && !(isSameImage && isSameAddress))
            || (row.outcome().equals("refuses") && !isSameImage);
    System.out.println(
        (isStrange ? "! " : "  ")
            + how
            + ": "
            + row.title()
            + " on "
            + row.machine()
            + ": known "
            + String.join(" ", row.outcome(), row.stage(), row.image(), row.address())
            + "; said "
            + answer);
  }

  private void add(String group, String column) {
    counts.computeIfAbsent(group, _ -> new TreeMap<>()).merge(column, 1, Integer::sum);
  }

  private static boolean has(List<Finding> findings, Rule rule, String image) {
    return findings.stream()
        .anyMatch(f -> f.rule() == rule && (image.equals("-") || f.image().endsWith(image)));
  }

  private static String word(Stage stage) {
    return stage.name().toLowerCase(Locale.ROOT);
  }

  private static String baseName(String path) {
    return path.substring(path.lastIndexOf('/') + 1);
  }
}
