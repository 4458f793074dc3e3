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
        --figures          only compare
        --again            forget what was said of these packages and ask anew
        --retry            forget runs that ended in an error or took too long
        --python PROGRAM   the Python that makes the environments (default: python3)
        --threads N        threads of the analysis (default: 1)
      """;

  private Accuracy() {}

  /** Exit status 0 where it did what was asked, 2 where it could not. */
  public static void main(String[] args) throws IOException, InterruptedException {
    System.exit(run(List.of(args)));
  }

  private static int run(List<String> args) throws IOException, InterruptedException {
    Path folder = null;
    String python = "python3";
    int threads = 1;
    var options = new ArrayList<String>();
    var names = new ArrayList<String>();
    for (int i = 0; i < args.size(); i++) {
      String arg = args.get(i);
      if ((arg.equals("--python") || arg.equals("--threads")) && i + 1 < args.size()) {
        String value = args.get(++i);
        if (arg.equals("--python")) {
          python = value;
        } else {
          threads = Integer.parseInt(value);
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
        || !List.of("--run", "--check", "--figures", "--again", "--retry").containsAll(options)) {
      System.err.print(USAGE);
      return 2;
    }
    List<PackageEntry> packages = chosen(names);
    boolean isRunning = !options.contains("--check") && !options.contains("--figures");
    boolean isChecking = !options.contains("--run") && !options.contains("--figures");
    String obstacle = isRunning ? Emulator.obstacle() : "";
    if (!obstacle.isEmpty()) {
      System.err.println("accuracy: " + obstacle);
      return 2;
    }
    var measurement = new Measurement(folder, python, threads);
    if (options.contains("--again")) {
      measurement.forgetAnswers(packages);
    }
    if (options.contains("--retry")) {
      measurement.forgetFailures(packages);
    }
    measurement.measure(packages, isRunning, isChecking);
    return 0;
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
