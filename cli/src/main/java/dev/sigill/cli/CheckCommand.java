package dev.sigill.cli;

import dev.sigill.analysis.Certainty;
import dev.sigill.analysis.Stage;
import dev.sigill.bytes.Place;
import dev.sigill.bytes.Problem;
import dev.sigill.machine.Machine;
import dev.sigill.report.CheckJson;
import dev.sigill.report.CheckText;
import dev.sigill.report.Style;
import dev.sigill.verdict.Coverage;
import dev.sigill.verdict.Finding;
import dev.sigill.verdict.Result;
import dev.sigill.verdict.Rule;
import dev.sigill.verdict.Verdict;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParseResult;

/** {@code sigill check TARGET… [--on MACHINE…]}. */
final class CheckCommand implements Command {
  private static final int MOST_NEIGHBOURS = 5000;

  /** A scheme has two letters at least: {@code C:\x.dll} is a path. */
  private static final Pattern REGISTRY = Pattern.compile("([a-z][a-z0-9+.-]+):(?!/)(.+)");

  private static final Map<String, String> DOWNLOADS =
      Map.of(
          "pypi", "pip download --no-deps --only-binary=:all: ",
          "npm", "npm pack ",
          "maven", "mvn dependency:get -Dartifact=",
          "conda", "conda create --download-only -n x ",
          "docker", "docker save -o image.tar ",
          "oci", "skopeo copy --all docker://");

  @Override
  public CommandSpec spec() {
    CommandSpec spec = CommandSpec.create().name("check");
    spec.usageMessage()
        .description(
            "Whether a file, folder, environment or package runs on a machine, and if not, when it"
                + " stops, why, and what helps. Nothing of it is executed.")
        .footer(
            "",
            "Examples:",
            "  sigill check .venv",
            "  sigill check tensorflow_cpu-2.21.0-cp311-cp311-manylinux_2_27_x86_64.whl --on"
                + " nehalem",
            "  sigill check libfoo.so app.jar --on haswell,m1-rosetta-macos14 --on rpi4",
            "  sigill check dist/*.whl --on x86-64-v2+ubuntu-20.04 --fail-on import --format json");
    spec.addPositional(
        PositionalParamSpec.builder()
            .paramLabel("TARGET")
            .arity("1..*")
            .required(true)
            .type(List.class)
            .auxiliaryTypes(String.class)
            .description("A file, folder, environment, wheel, JAR or other archive.")
            .build());
    spec.addOption(
        OptionSpec.builder("--on")
            .paramLabel("MACHINE")
            .type(List.class)
            .auxiliaryTypes(String.class)
            .arity("1")
            .description(
                "The machine, or several with commas: a name, or a file that describes one (from"
                    + " `sigill machines --this`, /proc/cpuinfo, lscpu, sysctl -a). Default: this"
                    + " computer.")
            .build());
    spec.addOption(
        OptionSpec.builder("--until")
            .paramLabel("STAGE")
            .type(Until.class)
            .arity("1")
            .description(
                "How far to follow code: load, import or use. Less is faster and leaves more open."
                    + " Default: use.")
            .build());
    spec.addOption(
        OptionSpec.builder("--explain-path")
            .type(boolean.class)
            .initialValue(false)
            .description(
                "Show every step of the way to an instruction, and for code beyond the machine that"
                    + " is contained but not required the check that protects it, or that none was"
                    + " found.")
            .build());
    return spec;
  }

  /** How far code is followed. */
  private enum Until {
    LOAD(Stage.LOAD),
    IMPORT(Stage.IMPORT),
    USE(Stage.USE);

    private final Stage stage;

    Until(Stage stage) {
      this.stage = stage;
    }

    Stage stage() {
      return stage;
    }
  }

  @Override
  public int run(Session session, ParseResult parsed) throws UsageException, IOException {
    long start = System.nanoTime();
    List<String> names = parsed.matchedPositionalValue(0, List.<String>of());
    List<Path> paths = new ArrayList<>();
    for (String name : names) {
      paths.add(locate(session, name));
    }
    List<Machine> machines = machines(session, parsed.matchedOptionValue("--on", List.of()));
    Stage until = parsed.matchedOptionValue("--until", Until.USE).stage();
    boolean isExplained = parsed.matchedOptionValue("--explain-path", false);
    List<Result> results = new ArrayList<>();
    try (ProgressLine progress = session.progress()) {
      for (int i = 0; i < names.size(); i++) {
        if (names.size() > 1) {
          progress.tell("checking " + names.get(i), i + 1, names.size());
        }
        results.addAll(
            check(session, names.get(i), paths.get(i), machines, until, isExplained, progress));
      }
    }
    var took = Duration.ofNanos(System.nanoTime() - start);
    session.remark("done in " + took.toMillis() + " ms");
    if (session.isJson()) {
      CheckJson.write(results, isExplained, Version.text(), session.surroundings().out());
    } else {
      // Where nobody watches, the same input gives the same bytes.
      Style style = session.style();
      boolean isWatched = session.surroundings().terminal().isOut();
      Style chosen = isWatched ? style.withTook(took) : style;
      session
          .surroundings()
          .out()
          .print(
              isExplained
                  ? CheckText.renderExplained(results, chosen)
                  : CheckText.render(results, chosen));
    }
    return session.options().failOn().exitCode(results);
  }

  static List<Result> check(
      Session session,
      String name,
      Path path,
      List<Machine> machines,
      Stage until,
      boolean isExplained,
      ProgressLine progress) {
    try {
      return session
          .engine()
          .check(name, path, machines, until, isExplained, !session.options().noCache(), progress);
    } catch (IOException e) {
      progress.close();
      String reason =
          e instanceof AccessDeniedException ? "permission denied" : String.valueOf(e.getMessage());
      session.surroundings().err().println("sigill: " + name + ": " + reason);
      return machines.stream().map(m -> unreadable(name, path, m, reason)).toList();
    }
  }

  /** The answer for a target that could not be opened. */
  private static Result unreadable(String name, Path path, Machine machine, String reason) {
    var problem =
        new Problem(
            Problem.Code.UNREADABLE, Place.of(name), "file", -1, -1, Problem.Effect.FILE_LOST);
    var finding =
        new Finding(
            Rule.SIG902,
            Verdict.UNKNOWN,
            Stage.LOAD,
            Certainty.CERTAIN,
            List.of(),
            "",
            null,
            "it could not be opened: " + reason,
            "",
            "",
            List.of(),
            List.of());
    return new Result(
        name,
        String.valueOf(path.getFileName()),
        machine,
        Verdict.UNKNOWN,
        null,
        List.of(finding),
        List.of(),
        new Coverage(0, 0, 0, 0, List.of(), List.of(problem)));
  }

  private static List<Machine> machines(Session session, List<String> values)
      throws UsageException {
    var machines = new ArrayList<Machine>();
    for (String value : values) {
      for (String name : names(value)) {
        Machine machine = session.machine(name);
        if (!machines.contains(machine)) {
          machines.add(machine);
        }
      }
    }
    if (machines.isEmpty()) {
      machines.add(session.thisComputer());
    }
    return machines;
  }

  /** Names at commas; a comma before a sign belongs to the alterations of a name. */
  static List<String> names(String value) {
    return List.of(value.split(",(?![+-])")).stream()
        .map(String::strip)
        .filter(n -> !n.isEmpty())
        .toList();
  }

  private static Path locate(Session session, String name) throws UsageException {
    Path path;
    try {
      path = session.surroundings().folder().resolve(expandHome(session, name));
    } catch (InvalidPathException e) {
      throw new UsageException("'" + name + "' is no path: " + e.getReason(), e);
    }
    if (Files.exists(path)) {
      return path;
    }
    var registry = REGISTRY.matcher(name);
    if (registry.matches()) {
      String download = DOWNLOADS.get(registry.group(1));
      throw new UsageException(
          "'"
              + name
              + "' names a package in a registry; this version looks at files only.\n"
              + (download == null
                  ? "Download it first, then check the file."
                  : "Download it first, then check the file: " + download + registry.group(2)));
    }
    if (Files.isSymbolicLink(path)) {
      throw new UsageException("'" + name + "' is a link to something that does not exist.");
    }
    throw new UsageException(
        "there is no file or folder '"
            + name
            + "'"
            + near(path).map(n -> "; did you mean '" + n + "'?").orElse(".")
            + firstMissing(path));
  }

  private static String expandHome(Session session, String name) {
    String home = session.surroundings().environment().getOrDefault("HOME", "");
    return name.startsWith("~/") && !home.isEmpty() ? home + name.substring(1) : name;
  }

  /** Says which folder on the way is missing, where it is not the last part. */
  private static String firstMissing(Path path) {
    Path parent = path.toAbsolutePath().getParent();
    Path missing = null;
    while (parent != null && !Files.exists(parent)) {
      missing = parent;
      parent = parent.getParent();
    }
    return missing == null ? "" : "\nAlready " + missing + " does not exist.";
  }

  /** A neighbour whose name differs in little. */
  private static Optional<String> near(Path path) {
    Path folder = path.toAbsolutePath().getParent();
    if (folder == null || !Files.isDirectory(folder)) {
      return Optional.empty();
    }
    var names = new ArrayList<String>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
      for (Path entry : entries) {
        if (names.size() == MOST_NEIGHBOURS) {
          break;
        }
        names.add(entry.getFileName().toString());
      }
    } catch (IOException | DirectoryIteratorException e) {
      return Optional.empty();
    }
    return Names.nearest(String.valueOf(path.getFileName()), names);
  }
}
