package dev.sigill.accuracy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The command of this module:
 *
 * <pre>Accuracy FOLDER [--run | --check | --page FILE …] [--again] [--python PROGRAM] [PACKAGE…]
 * </pre>
 *
 * Without options it runs what was not run yet, asks what was not asked yet, and prints the
 * figures.
 */
public final class Accuracy {
  private static final String USAGE =
      """
      usage: accuracy FOLDER [options] [PACKAGE…]

      Runs packages on emulated processors, asks what is said of them without running them, and
      compares. FOLDER keeps all results; what is there is not done again.

        --run              only run
        --check            only ask
        --recorded         only ask about the wheels of recorded runs
        --figures          only compare
        --wheels WHEELS    keeps the wheels of recorded runs; asks about them too
        --page FILE        write the figures between the markers of this page, not to the output
        --again            forget what was said and ask anew
        --retry            forget runs that ended in an error or took too long
        --python PROGRAM   the Python that makes the environments (default: python3)
        --threads N        threads of the analysis (default: 1)
      """;

  /** Do one part of the work only. */
  private static final List<String> ONLY = List.of("--run", "--check", "--recorded", "--figures");

  private static final List<String> FURTHER = List.of("--again", "--retry");

  private static final List<String> WITH_VALUE =
      List.of("--python", "--threads", "--wheels", "--page");

  private Accuracy() {}

  /** Exit status 0 where all was measured, 2 where nothing could be, 3 where some could not. */
  public static void main(String[] args) throws IOException, InterruptedException {
    System.exit(run(List.of(args)));
  }

  private static int run(List<String> args) throws IOException, InterruptedException {
    Path folder = null;
    String python = "python3";
    int threads = 1;
    Path wheels = null;
    Path page = null;
    var options = new ArrayList<String>();
    var names = new ArrayList<String>();
    for (int i = 0; i < args.size(); i++) {
      String arg = args.get(i);
      if (WITH_VALUE.contains(arg) && i + 1 < args.size()) {
        String value = args.get(++i);
        switch (arg) {
          case "--python" -> python = value;
          case "--threads" -> threads = Integer.parseInt(value);
          case "--wheels" -> wheels = Path.of(value);
          default -> page = Path.of(value);
        }
      } else if (arg.startsWith("--")) {
        options.add(arg);
      } else if (folder == null) {
        folder = Path.of(arg);
      } else {
        names.add(arg);
      }
    }
    if (folder == null
        || options.stream().anyMatch(o -> !ONLY.contains(o) && !FURTHER.contains(o))) {
      System.err.print(USAGE);
      return 2;
    }
    List<PackageEntry> packages = chosen(names);
    boolean isAll = ONLY.stream().noneMatch(options::contains);
    boolean isRunning = isAll || options.contains("--run");
    boolean isChecking = isAll || options.contains("--check");
    boolean isRecorded = options.contains("--recorded") || (isAll && wheels != null);
    String obstacle = isRunning ? Emulator.obstacle() : "";
    if (!obstacle.isEmpty()) {
      System.err.println("accuracy: " + obstacle);
      return 2;
    }
    var measurement = new Measurement(folder, python, threads);
    var ofWheels = new WheelCheck(folder, wheels == null ? folder : wheels, python, threads);
    if (options.contains("--retry")) {
      measurement.forgetFailures(packages);
    }
    if (options.contains("--again") && (isRunning || isChecking)) {
      measurement.forgetAnswers(packages);
    }
    int notInstalled = measurement.measure(packages, isRunning, isChecking);
    if (isRecorded) {
      if (options.contains("--again")) {
        ofWheels.forget();
      }
      ofWheels.check(Recorded.releases());
      ofWheels.check(Recorded.gaps());
    }
    String figures =
        AccuracyPage.text(measurement.runs(), measurement.answers(), ofWheels.answers());
    if (page == null) {
      System.out.println(figures);
    } else {
      AccuracyPage.write(page, figures);
    }
    return notInstalled == 0 ? 0 : 3;
  }

  private static List<PackageEntry> chosen(List<String> names) {
    List<PackageEntry> all = PackageEntry.all();
    if (names.isEmpty()) {
      return all;
    }
    var chosen = new ArrayList<PackageEntry>();
    for (String name : names) {
      chosen.add(
          all.stream()
              .filter(
                  p -> PythonEnvironment.normal(p.name()).equals(PythonEnvironment.normal(name)))
              .findFirst()
              .orElseThrow(() -> new IllegalArgumentException(name + " is not in packages.tsv")));
    }
    return chosen;
  }
}
