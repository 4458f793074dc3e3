package dev.sigill.cli;

import dev.sigill.probe.ProcessLimits;
import dev.sigill.probe.PythonEnvironment;
import dev.sigill.probe.Verification;
import dev.sigill.probe.Verifier;
import dev.sigill.probe.Workload;
import dev.sigill.probe.Workloads;
import dev.sigill.report.ExplainText;
import dev.sigill.report.VerifyJson;
import dev.sigill.report.VerifyText;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParseResult;

/** {@code sigill verify [WORKLOAD…] [--in ENV]}. */
final class VerifyCommand implements Command {
  @Override
  public CommandSpec spec() {
    CommandSpec spec = CommandSpec.create().name("verify");
    spec.usageMessage()
        .description(
            "Prove that an installation works: run its real programs step by step, each in a"
                + " process of its own, and check what they compute.")
        .footer(
            "",
            "Workloads: " + String.join(", ", Workloads.names()) + ".",
            "",
            "Examples:",
            "  sigill verify                       everything known that is installed here",
            "  sigill verify tensorflow --in .venv",
            "  sigill verify my.workload --in ~/bin/python-under-emulator",
            "",
            "Exit status: 0 nothing failed; 1 something did; 2 wrong usage; 3 nothing could be"
                + " run.");
    spec.addPositional(
        PositionalParamSpec.builder()
            .paramLabel("WORKLOAD")
            .arity("0..*")
            .type(List.class)
            .auxiliaryTypes(String.class)
            .description(
                "Names of workloads, or paths of workload files. Default: all that the environment"
                    + " has the packages for.")
            .build());
    spec.addOption(
        OptionSpec.builder("--in")
            .paramLabel("ENV")
            .type(String.class)
            .description(
                "An environment's folder, or a Python interpreter. Default: the active one"
                    + " (VIRTUAL_ENV, CONDA_PREFIX, else python3 on the PATH).")
            .build());
    spec.addOption(
        OptionSpec.builder("--timeout")
            .paramLabel("SECONDS")
            .type(int.class)
            .initialValue(300)
            .description("End a step that takes longer (default: 300).")
            .build());
    spec.addOption(
        OptionSpec.builder("--memory")
            .paramLabel("MB")
            .type(int.class)
            .initialValue(8192)
            .description("End a step that uses more memory (default: 8192; on Linux).")
            .build());
    spec.addOption(
        OptionSpec.builder("--data")
            .paramLabel("FILE")
            .type(String.class)
            .description("Digits to train with: MNIST as .npz. Default: generated ones.")
            .build());
    return spec;
  }

  @Override
  public int run(Session session, ParseResult parsed) throws UsageException, IOException {
    List<String> names = parsed.matchedPositionalValue(0, List.of());
    int seconds = parsed.matchedOptionValue("--timeout", 300);
    int memory = parsed.matchedOptionValue("--memory", 8192);
    if (seconds < 1 || memory < 1) {
      throw new UsageException("--timeout and --memory must be 1 or more.");
    }
    Optional<Path> data =
        Optional.ofNullable(parsed.<String>matchedOptionValue("--data", null))
            .map(d -> session.surroundings().folder().resolve(d));
    if (data.isPresent() && !Files.isReadable(data.get())) {
      throw new UsageException("there is no readable file '" + data.get() + "'.");
    }
    List<Workload> asked = new ArrayList<>();
    for (String name : names) {
      asked.add(workload(session, name));
    }
    Map<String, String> variables = session.surroundings().inheritedEnvironment();
    String place = parsed.matchedOptionValue("--in", "");
    var limits = new ProcessLimits(Duration.ofSeconds(seconds), (long) memory << 20);
    ProgressLine progress = session.progress();
    try (var verifier = new Verifier(variables, limits, data)) {
      PythonEnvironment environment;
      try {
        Path interpreter =
            place.isEmpty()
                ? PythonEnvironment.active(variables)
                : PythonEnvironment.interpreter(located(session, place));
        progress.tell("asking " + interpreter);
        environment = verifier.survey(interpreter);
      } catch (PythonEnvironment.UnusableException e) {
        progress.close();
        e.explanation()
            .ifPresent(
                x ->
                    session
                        .surroundings()
                        .err()
                        .print(ExplainText.render(List.of(x), session.errorStyle())));
        throw new UsageException(
            e.getMessage() + ".\n--in ENV names a folder or an interpreter.", e);
      }
      if (asked.isEmpty()) {
        for (String name : Workloads.names()) {
          Workload each = Workloads.named(name);
          if (Verifier.fits(each, environment)) {
            asked.add(each);
          }
        }
      }
      String shown = place.isEmpty() ? environment.interpreter().toString() : place;
      var results = new ArrayList<Verification>();
      for (Workload each : asked) {
        results.add(
            verifier.verify(
                each,
                environment,
                shown,
                (w, step) -> progress.tell(w.name() + ": " + step.title())));
      }
      progress.close();
      return tell(session, results, environment, PythonEnvironment.forcing(variables));
    }
  }

  private static int tell(
      Session session,
      List<Verification> results,
      PythonEnvironment environment,
      List<String> settings)
      throws IOException {
    if (session.isJson()) {
      VerifyJson.write(results, settings, Version.text(), session.surroundings().out());
    } else {
      session.remark(
          "Python "
              + environment.version()
              + " ("
              + environment.machine()
              + "), "
              + environment.interpreter());
      session.surroundings().out().print(VerifyText.render(results, settings, session.style()));
      if (results.isEmpty()) {
        session
            .surroundings()
            .err()
            .println(
                "sigill verify: nothing that a workload is known for is installed in "
                    + environment.interpreter());
      }
    }
    if (results.stream().anyMatch(r -> r.outcome().isFailure())) {
      return ExitCode.FINDINGS;
    }
    return results.stream().anyMatch(r -> r.outcome() == Verification.Outcome.PASS)
        ? ExitCode.OK
        : ExitCode.INCONCLUSIVE;
  }

  private static Workload workload(Session session, String name) throws UsageException {
    if (Workloads.names().contains(name)) {
      return Workloads.named(name);
    }
    Path file = located(session, name);
    if (!Files.isRegularFile(file)) {
      throw new UsageException(
          "no workload is called '"
              + name
              + "', and there is no such file.\nKnown are "
              + String.join(", ", Workloads.names())
              + ".");
    }
    try {
      return Workloads.read(file);
    } catch (IllegalArgumentException e) {
      throw new UsageException(String.valueOf(e.getMessage()), e);
    } catch (CharacterCodingException e) {
      throw new UsageException("'" + file + "' is no workload: it is not text in UTF-8.", e);
    } catch (IOException e) {
      throw new UsageException("'" + file + "' could not be read: " + e.getMessage(), e);
    }
  }

  private static Path located(Session session, String name) throws UsageException {
    String home = session.surroundings().environment().getOrDefault("HOME", "");
    String expanded = name.startsWith("~/") && !home.isEmpty() ? home + name.substring(1) : name;
    try {
      return session.surroundings().folder().resolve(expanded);
    } catch (InvalidPathException e) {
      throw new UsageException("'" + name + "' is no path: " + e.getReason(), e);
    }
  }
}
