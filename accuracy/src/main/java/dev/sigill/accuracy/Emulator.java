package dev.sigill.accuracy;

import dev.sigill.crash.Explainer;
import dev.sigill.crash.Explanation;
import dev.sigill.crash.Fact;
import dev.sigill.crash.LoadedLibrary;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Runs Python programs of an environment on an emulated processor, by QEMU's user mode, and tells
 * how they end.
 *
 * <p>Three things would make false reports. The emulator shows the computer's own {@code
 * /proc/cpuinfo}: a file that fits the emulated processor is laid over it, in a mount namespace of
 * the program's own. Environment variables may force a choice of code: the program sees only those
 * given here. And programs that it starts run on the computer's own processor: they are noted.
 */
final class Emulator {
  private static final String QEMU = "qemu-x86_64";

  private static final Pattern OF_PROCESSORS =
      Pattern.compile(
          "\\b(cpus?|processors?|avx\\w*|sse[\\w.]*|ssse3|instructions?|x86[-_ ]?64[-_ ]v[234])\\b",
          Pattern.CASE_INSENSITIVE);

  private final Path scratch;
  private final List<String> unshare;
  private final Path probe;
  private final JsonMapper json = new JsonMapper();

  /** What the probe wrote down and how it ended. */
  private record Probed(
      Program.Ended ended,
      boolean isFinished,
      String error,
      List<String> loaded,
      List<String> children,
      @Nullable Explanation core) {}

  /**
   * @param scratch a folder for files that do not outlive a run
   * @throws IOException where this computer cannot do it; the message says what is missing
   */
  Emulator(Path scratch) throws IOException, InterruptedException {
    this.scratch = Files.createDirectories(scratch).toRealPath();
    this.probe = this.scratch.resolve("probe.py");
    Files.writeString(probe, Resources.text("probe.py"));
    this.unshare = unshare(this.scratch);
  }

  /** Why this computer cannot emulate; empty where it can. */
  static String obstacle() {
    Path here = Path.of(System.getProperty("java.io.tmpdir"));
    try {
      Program.run(List.of(QEMU, "--version"), here, null, 60);
    } catch (IOException e) {
      return QEMU + " is not on the PATH (Debian and Ubuntu: package qemu-user)";
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return "interrupted";
    }
    return "";
  }

  /** How to get a mount namespace here: as root plainly, else through a user namespace. */
  private static List<String> unshare(Path folder) throws IOException, InterruptedException {
    Path file = Files.writeString(folder.resolve("cpuinfo-test"), "test\n");
    for (List<String> way : List.of(List.of("unshare", "-m"), List.of("unshare", "-rm"))) {
      var command = new ArrayList<>(way);
      command.addAll(List.of("sh", "-c", "mount --bind \"$1\" /proc/cpuinfo", "sh"));
      command.add(file.toString());
      if (Program.run(command, folder, null, 60).status() == 0) {
        return way;
      }
    }
    throw new IOException(
        "the computer's own /proc/cpuinfo cannot be covered: unshare and mount are not allowed");
  }

  /**
   * Imports a package, and runs a program that uses it.
   *
   * @param environment where it is installed
   * @param entry the package
   * @param action {@link Run#IMPORT} or {@link Run#USE}
   * @param processor the processor; null for this computer's own, without the emulator
   * @param seconds the time it is given
   */
  Run run(
      PythonEnvironment environment,
      PackageEntry entry,
      String action,
      @Nullable Processor processor,
      int seconds)
      throws IOException, InterruptedException {
    var arguments = new ArrayList<>(List.of("run", String.join(",", entry.modules())));
    if (action.equals(Run.USE)) {
      Path program = Files.writeString(scratch.resolve("workload.py"), entry.program());
      arguments.add(program.toString());
    } else {
      arguments.add("-");
    }
    Probed probed = probe(environment, arguments, processor, seconds);
    Outcome outcome = outcome(probed);
    Fault fault = outcome == Outcome.SIGILL ? fault(environment, probed.core()) : null;
    String detail = detail(probed);
    return new Run(
        entry.name(),
        environment.versionOf(entry.name()),
        action,
        processor == null ? Run.NATIVE : processor.model(),
        outcome,
        outcome == Outcome.SIGILL ? action : "",
        fault,
        inside(environment, probed.loaded()),
        probed.children(),
        detail,
        probed.ended().seconds());
  }

  /** Whether loading an image alone dies at the same instruction: then it dies at load. */
  boolean diesWhenLoaded(
      PythonEnvironment environment, Fault fault, Processor processor, int seconds)
      throws IOException, InterruptedException {
    Path image = environment.root().resolve(fault.image());
    if (fault.image().isEmpty() || !Files.isRegularFile(image)) {
      return false;
    }
    Probed probed = probe(environment, List.of("load", image.toString()), processor, seconds);
    if (outcome(probed) != Outcome.SIGILL) {
      return false;
    }
    Fault alone = fault(environment, probed.core());
    return alone.image().equals(fault.image()) && alone.address().equals(fault.address());
  }

  private Probed probe(
      PythonEnvironment environment,
      List<String> arguments,
      @Nullable Processor processor,
      int seconds)
      throws IOException, InterruptedException {
    Path work = scratch.resolve("run");
    PythonEnvironment.delete(work);
    Files.createDirectories(work.resolve("home"));
    Path report = work.resolve("report.json");
    var command = new ArrayList<String>();
    if (processor != null) {
      Path cpuinfo = Files.writeString(work.resolve("cpuinfo"), processor.cpuinfo());
      command.addAll(List.of("nice", "-n", "15"));
      command.addAll(unshare);
      command.addAll(
          List.of(
              "sh",
              "-c",
              "mount --bind \"$1\" /proc/cpuinfo && ulimit -c unlimited && shift && exec \"$@\"",
              "sh",
              cpuinfo.toString(),
              QEMU,
              "-cpu",
              processor.model()));
    }
    command.addAll(
        List.of(environment.python().toString(), "-I", probe.toString(), report.toString()));
    command.addAll(arguments);
    Program.Ended ended = Program.run(command, work, variables(work), seconds);
    JsonNode state =
        json.readTree(Files.exists(report) ? Files.readString(report) : "{\"finished\":false}");
    var loaded = new ArrayList<String>();
    state.path("loaded").forEach(each -> loaded.add(each.asString("")));
    Explanation core = core(work);
    if (core != null && loaded.isEmpty()) {
      core.facts().libraries().stream().map(LoadedLibrary::path).forEach(loaded::add);
    }
    Path children = work.resolve("report.json.children");
    List<String> started =
        Files.exists(children) ? Files.readString(children).lines().distinct().toList() : List.of();
    boolean isFinished = state.path("finished").asBoolean(false);
    String error = state.path("error").asString("");
    PythonEnvironment.delete(work);
    return new Probed(ended, isFinished, error, loaded, started, core);
  }

  /** The only environment variables that a program sees. */
  private static Map<String, String> variables(Path work) {
    var variables = new LinkedHashMap<String, String>();
    variables.put("PATH", "/usr/local/bin:/usr/bin:/bin");
    variables.put("HOME", work.resolve("home").toString());
    variables.put("TMPDIR", work.toString());
    variables.put("LC_ALL", "C.UTF-8");
    variables.put("MPLBACKEND", "agg");
    // One thread is enough and makes runs repeatable.
    variables.put("OMP_NUM_THREADS", "1");
    variables.put("OPENBLAS_NUM_THREADS", "1");
    return variables;
  }

  private static @Nullable Explanation core(Path work) throws IOException {
    try (Stream<Path> files = Files.list(work)) {
      Path core =
          files.filter(f -> f.getFileName().toString().endsWith(".core")).findFirst().orElse(null);
      return core == null ? null : new Explainer(true).explain(core);
    }
  }

  private static Outcome outcome(Probed probed) {
    int status = probed.ended().status();
    if (probed.ended().isTimeout()) {
      return Outcome.TIMEOUT;
    }
    if (status == Program.SIGILL_STATUS) {
      return Outcome.SIGILL;
    }
    if (probed.isFinished() && status == 0) {
      return Outcome.OK;
    }
    boolean saysSomething = !probed.error().isEmpty() || status == Program.SIGABRT_STATUS;
    return saysSomething && OF_PROCESSORS.matcher(detail(probed)).find()
        ? Outcome.REFUSES
        : Outcome.ERROR;
  }

  private static String detail(Probed probed) {
    if (probed.isFinished() || probed.ended().status() == Program.SIGILL_STATUS) {
      return "";
    }
    String text = probed.error();
    if (text.isEmpty()) {
      // The emulator's own warnings say nothing of how the program ended.
      String last =
          probed
              .ended()
              .output()
              .lines()
              .filter(line -> !line.isBlank() && !line.startsWith(QEMU + ": warning"))
              .reduce("", (_, next) -> next.strip());
      text = "exit status " + probed.ended().status() + (last.isEmpty() ? "" : ": " + last);
    }
    String line = text.strip().replaceAll("\\s+", " ");
    return line.length() > 300 ? line.substring(0, 300) + "…" : line;
  }

  private static Fault fault(PythonEnvironment environment, @Nullable Explanation core) {
    if (core == null) {
      return Fault.unknown();
    }
    List<String> image = inside(environment, List.of(core.facts().get(Fact.IMAGE)));
    return new Fault(
        image.isEmpty() ? core.facts().get(Fact.IMAGE) : image.getFirst(),
        core.facts().get(Fact.FUNCTION),
        core.facts().get(Fact.IMAGE_OFFSET).toLowerCase(Locale.ROOT),
        core.facts().get(Fact.INSTRUCTION),
        core.facts().get(Fact.FEATURES).replace(" ", ""));
  }

  /** Those files that lie in the environment, as paths within it, sorted. */
  private static List<String> inside(PythonEnvironment environment, List<String> files) {
    return files.stream()
        .filter(f -> f.startsWith("/"))
        .map(Path::of)
        .map(Path::normalize)
        .filter(f -> f.startsWith(environment.root()) && Files.isRegularFile(f))
        .map(Emulator::real)
        .filter(f -> f.startsWith(environment.root()))
        .map(f -> environment.root().relativize(f).toString())
        .sorted()
        .distinct()
        .toList();
  }

  private static Path real(Path file) {
    try {
      return file.toRealPath();
    } catch (IOException e) {
      return file;
    }
  }
}
