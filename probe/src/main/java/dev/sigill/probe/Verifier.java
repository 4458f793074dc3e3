package dev.sigill.probe;

import dev.sigill.crash.Explainer;
import dev.sigill.crash.Explanation;
import dev.sigill.probe.Verification.Outcome;
import dev.sigill.probe.Verification.StepResult;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * Runs workloads in an environment, each step in a process of its own, and judges what they tell.
 * The environment's variables are the user's own: they are part of what is proven.
 */
public final class Verifier implements AutoCloseable {
  private static final Pattern EXCEPTION = Pattern.compile("[\\w.]{0,100}(?:Error|Exception): ");

  /** How much a step may tell, in bytes. */
  private static final int MOST_TOLD = 1 << 26;

  private final Map<String, String> variables;
  private final ProcessLimits limits;
  private final Optional<Path> data;
  private final Path folder;
  private final Path harness;

  /** Hears of each step before and after it is run. */
  public interface Listener {
    /** A step begins. */
    void begins(Workload workload, Workload.Step step);
  }

  /**
   * Makes a verifier.
   *
   * @param variables the environment's variables for every process
   * @param data a file for steps that read one
   * @throws IOException where the folder for temporary files cannot be written to
   */
  public Verifier(Map<String, String> variables, ProcessLimits limits, Optional<Path> data)
      throws IOException {
    this.variables = Map.copyOf(variables);
    this.limits = limits;
    this.data = data.map(Path::toAbsolutePath);
    this.folder = Files.createTempDirectory("sigill-verify-");
    this.harness = resource("harness.py");
  }

  private Path resource(String name) throws IOException {
    Path file = folder.resolve(name);
    try (InputStream in = Verifier.class.getResourceAsStream(name)) {
      Files.write(file, java.util.Objects.requireNonNull(in, name).readAllBytes());
    }
    return file;
  }

  /**
   * What an interpreter is and has installed, as it says itself.
   *
   * @throws PythonEnvironment.UnusableException where it does not start or does not answer
   */
  public PythonEnvironment survey(Path interpreter)
      throws PythonEnvironment.UnusableException, IOException {
    Path answer = folder.resolve("survey.json");
    Files.deleteIfExists(answer);
    var command =
        List.of(interpreter.toString(), resource("survey.py").toString(), answer.toString());
    Path err = folder.resolve("survey.err");
    Supervised.Result result;
    try {
      result = run(command, folder.resolve("survey.out"), err);
    } catch (NotStartedException e) {
      throw new PythonEnvironment.UnusableException(
          String.valueOf(e.getMessage()), Optional.empty());
    }
    if (result.ending().shellStatus() != 0 || !Files.exists(answer)) {
      String text = ErrorStream.of(err);
      Optional<Explanation> explanation = death(result.ending(), text);
      String how =
          explanation.isPresent()
              ? "died of " + explanation.get().signal()
              : result.limit() == Supervised.Limit.TIME
                  ? "did not answer within " + seconds(limits.time())
                  : "ended with status " + result.ending().shellStatus() + lastError(text);
      throw new PythonEnvironment.UnusableException("'" + interpreter + "' " + how, explanation);
    }
    try {
      return PythonEnvironment.of(interpreter, Files.readString(answer));
    } catch (JacksonException e) {
      throw new PythonEnvironment.UnusableException(
          "'" + interpreter + "' did not answer as a Python does", Optional.empty());
    }
  }

  /** Whether an environment has what a workload needs. */
  public static boolean fits(Workload workload, PythonEnvironment environment) {
    return environment.missing(workload.needs()).isEmpty();
  }

  /**
   * Runs a workload.
   *
   * @param name what to call the environment
   * @throws IOException where the folder for temporary files cannot be used
   */
  public Verification verify(
      Workload workload, PythonEnvironment environment, String name, Listener listener)
      throws IOException {
    Optional<String> missing = environment.missing(workload.needs());
    if (missing.isPresent()) {
      return Verification.notRun(workload, name, missing.get());
    }
    var results = new ArrayList<StepResult>();
    String obstacle = "";
    for (Workload.Step step : workload.steps()) {
      Optional<String> lack = environment.missing(step.needs());
      if (!obstacle.isEmpty() || lack.isPresent()) {
        results.add(skipped(step, obstacle.isEmpty() ? lack.orElseThrow() : obstacle));
        continue;
      }
      listener.begins(workload, step);
      StepResult result = run(step, environment);
      results.add(result);
      if (results.size() == 1 && result.outcome().isFailure()) {
        obstacle = "the step " + step.name() + " did not pass";
      }
    }
    return Verification.of(workload, name, results);
  }

  private static StepResult skipped(Workload.Step step, String reason) {
    return new StepResult(
        step.name(), step.title(), Outcome.SKIPPED, 0, Map.of(), reason, Optional.empty());
  }

  private StepResult run(Workload.Step step, PythonEnvironment environment) throws IOException {
    Path source = folder.resolve("step.py");
    Path told = folder.resolve("told.jsonl");
    Path err = folder.resolve("step.err");
    Files.writeString(source, step.source());
    Files.writeString(told, "");
    var command = new ArrayList<String>();
    command.add(environment.interpreter().toString());
    command.addAll(List.of(harness.toString(), source.toString(), told.toString()));
    data.ifPresent(d -> command.add(d.toString()));
    long start = System.nanoTime();
    Supervised.Result result;
    try {
      result = run(command, folder.resolve("step.out"), err);
    } catch (NotStartedException e) {
      return new StepResult(
          step.name(),
          step.title(),
          Outcome.ERROR,
          0,
          Map.of(),
          String.valueOf(e.getMessage()),
          Optional.empty());
    }
    double seconds = Math.round((System.nanoTime() - start) / 1e6) / 1e3;
    return judge(step, result, Told.read(told), ErrorStream.of(err), seconds);
  }

  private Supervised.Result run(List<String> command, Path out, Path err)
      throws NotStartedException, IOException {
    var launch = new Launch(command, variables, new Launch.Streams(out, err));
    return new Supervised(launch, limits).run();
  }

  private StepResult judge(
      Workload.Step step, Supervised.Result result, Told told, String err, double seconds) {
    Outcome outcome;
    String detail = "";
    Optional<Explanation> explanation = Optional.empty();
    Ending ending = result.ending();
    switch (result.limit()) {
      case TIME -> {
        outcome = Outcome.TIMEOUT;
        detail = "not done within " + seconds(limits.time());
      }
      case MEMORY -> {
        outcome = Outcome.ERROR;
        detail = "used more than " + (limits.memory() >> 20) + " MB of memory and was ended";
      }
      case NONE -> {
        explanation = death(ending, err);
        if (ending.signalTold() != 0) {
          outcome = Outcome.CRASH;
          detail = "ended by " + signal(ending, explanation);
        } else if (ending.shellStatus() != 0) {
          outcome = Outcome.ERROR;
          detail = "status " + ending.shellStatus() + lastLine(err);
          explanation = explained(err);
        } else if (told.skipped().isPresent()) {
          outcome = Outcome.SKIPPED;
          detail = told.skipped().get();
        } else {
          detail = complaints(step, told);
          outcome = detail.isEmpty() ? Outcome.PASS : Outcome.WRONG;
        }
      }
      default -> throw new IllegalStateException();
    }
    return new StepResult(
        step.name(), step.title(), outcome, seconds, told.shown(), detail, explanation);
  }

  private static String complaints(Workload.Step step, Told told) {
    var complaints = new ArrayList<String>();
    for (Workload.Check check : step.checks()) {
      check
          .expectation()
          .complaint(told.all())
          .ifPresent(c -> complaints.add(c + " (" + check + ")"));
    }
    return String.join("; ", complaints);
  }

  private static String signal(Ending ending, Optional<Explanation> explanation) {
    return explanation
        .map(Explanation::signal)
        .filter(s -> !s.isEmpty())
        .orElse("signal " + ending.signalTold());
  }

  private static Optional<Explanation> death(Ending ending, String err) {
    if (ending.fault().isPresent() && ending.shellStatus() != 0) {
      return Optional.of(new Explainer(true).explain(ending.fault().get(), err));
    }
    return ending.signalTold() == 0
        ? Optional.empty()
        : Optional.of(
            new Explainer(true)
                .explain(err + "\nexited with status " + (128 + ending.signalTold()) + "\n"));
  }

  /** What an error's text means, where it is known. */
  private static Optional<Explanation> explained(String err) {
    Explanation found = new Explainer(true).explain(err);
    return found.isExplained() ? Optional.of(found) : Optional.empty();
  }

  /** The last line that names an error; Python that cannot start writes others after it. */
  private static String lastError(String text) {
    return text.lines()
        .map(String::strip)
        .filter(l -> EXCEPTION.matcher(l).lookingAt())
        .reduce((a, b) -> b)
        .map(Verifier::lastLine)
        .orElseGet(() -> lastLine(text));
  }

  private static String lastLine(String text) {
    return text.lines()
        .map(String::strip)
        .filter(l -> !l.isEmpty())
        .reduce((a, b) -> b)
        .map(l -> ": " + (l.length() > 300 ? l.substring(0, 300) + " …" : l))
        .orElse("");
  }

  private static String seconds(Duration time) {
    return String.format(Locale.ROOT, "%.6g s", time.toMillis() / 1e3)
        .replaceFirst("\\.?0+ s", " s");
  }

  /** Deletes what was written. */
  @Override
  public void close() throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }

  /**
   * What a step told.
   *
   * @param all every value
   * @param shown those that people see
   * @param skipped why the step could not be done here, where it said so
   */
  private record Told(
      Map<String, Object> all, Map<String, @Nullable Object> shown, Optional<String> skipped) {
    static Told read(Path file) throws IOException {
      var all = new LinkedHashMap<String, Object>();
      var shown = new LinkedHashMap<String, @Nullable Object>();
      Optional<String> skipped = Optional.empty();
      if (Files.size(file) > MOST_TOLD) {
        return new Told(all, shown, skipped);
      }
      for (String line : new String(Files.readAllBytes(file), StandardCharsets.UTF_8).split("\n")) {
        try {
          if (line.isBlank()
              || !(JsonMapper.shared().readValue(line, Object.class) instanceof List<?> parts)
              || parts.size() != 3) {
            continue;
          }
          String name = String.valueOf(parts.get(1));
          switch (String.valueOf(parts.get(0))) {
            case "skip" -> skipped = Optional.of(String.valueOf(parts.get(2)));
            case "show" -> {
              shown.put(name, parts.get(2));
              all.put(name, parts.get(2));
            }
            default -> all.put(name, parts.get(2));
          }
        } catch (JacksonException e) {
          // Cut off by a crash.
          continue;
        }
      }
      return new Told(all, shown, skipped);
    }
  }
}
