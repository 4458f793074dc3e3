package dev.sigill.cli;

import dev.sigill.analysis.Stage;
import dev.sigill.machine.ForcedPath;
import dev.sigill.machine.Machine;
import dev.sigill.report.Diagnosis;
import dev.sigill.report.DoctorJson;
import dev.sigill.report.DoctorText;
import dev.sigill.report.Style;
import dev.sigill.verdict.Result;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** {@code sigill doctor}. */
final class DoctorCommand implements Command {
  /** How many runtimes are judged at a time; each uses several threads of its own. */
  private static final int AT_A_TIME = 2;

  @Override
  public CommandSpec spec() {
    CommandSpec spec = CommandSpec.create().name("doctor");
    spec.usageMessage()
        .description(
            "What cannot run on this computer, and why: looks for its Pythons and their"
                + " environments, its JVMs and its Node.js, and judges the native code installed"
                + " in each for the processes that load it. Nothing of it is executed.")
        .footer(
            "",
            "Examples:",
            "  sigill doctor",
            "  sigill doctor --all",
            "  sigill doctor --fail-on import --format json >doctor.json");
    return spec;
  }

  @Override
  public int run(Session session, ParseResult parsed) throws UsageException, IOException {
    long start = System.nanoTime();
    PrintStream out = session.surroundings().out();
    Style style = session.style();
    Machine computer = session.thisComputer();
    List<ForcedPath> forced =
        ForcedPath.of(session.surroundings().inheritedEnvironment(), computer);
    if (!session.isJson()) {
      out.print(DoctorText.head(computer, style));
      out.print(DoctorText.forced(forced, style));
      out.flush();
    }
    List<Diagnosis> diagnoses;
    try (ProgressLine progress = session.progress()) {
      List<LanguageRuntime> found =
          session.engine().runtimes(session.surroundings().folder().toAbsolutePath(), progress);
      diagnoses = judge(session, found, progress);
    }
    if (session.isJson()) {
      DoctorJson.write(computer, forced, diagnoses, Version.text(), out);
    } else {
      var took = Duration.ofNanos(System.nanoTime() - start);
      boolean isWatched = session.surroundings().terminal().isOut();
      out.print(DoctorText.tail(diagnoses, isWatched ? style.withTook(took) : style));
    }
    if (!forced.isEmpty() && session.options().failOn() != FailOn.NEVER) {
      return ExitCode.FINDINGS;
    }
    List<Result> results = diagnoses.stream().map(Diagnosis::result).toList();
    FailOn failOn = session.options().failOn();
    int code = failOn.exitCode(results);
    // What happens in use is not followed here, so that it is open makes nothing inconclusive.
    return code == ExitCode.INCONCLUSIVE && failOn == FailOn.USE
        ? FailOn.IMPORT.exitCode(results)
        : code;
  }

  /** Judges several at a time and tells each, in the order found, as soon as it is known. */
  private static List<Diagnosis> judge(
      Session session, List<LanguageRuntime> found, ProgressLine progress) throws IOException {
    Style style = session.style();
    var widths =
        DoctorText.Widths.of(
            found.stream().map(r -> place(session, r)).toList(),
            found.stream().map(r -> DoctorText.title(r.title(), r.machine())).toList(),
            style);
    var diagnoses = new ArrayList<Diagnosis>();
    var done = new AtomicInteger();
    ProgressLine quiet = ProgressLine.silent(session.surroundings().err());
    try (ExecutorService executor = Executors.newFixedThreadPool(AT_A_TIME)) {
      var futures = new ArrayList<Future<Diagnosis>>();
      for (LanguageRuntime runtime : found) {
        futures.add(
            executor.submit(
                () -> {
                  progress.tell("judging " + place(session, runtime), done.get(), found.size());
                  Diagnosis diagnosis = diagnose(session, runtime, quiet);
                  progress.tell("judged", done.incrementAndGet(), found.size());
                  return diagnosis;
                }));
      }
      for (Future<Diagnosis> future : futures) {
        Diagnosis diagnosis = join(future);
        diagnoses.add(diagnosis);
        if (!session.isJson()) {
          progress.close();
          session.surroundings().out().print(DoctorText.one(diagnosis, widths, style));
          session.surroundings().out().flush();
        }
      }
    }
    return diagnoses;
  }

  private static Diagnosis diagnose(
      Session session, LanguageRuntime runtime, ProgressLine progress) {
    String place = place(session, runtime);
    Result result =
        CheckCommand.check(
                session,
                place,
                runtime.path(),
                List.of(runtime.machine()),
                Stage.IMPORT,
                false,
                progress)
            .getFirst();
    return new Diagnosis(
        runtime.language(),
        runtime.title(),
        runtime.version(),
        runtime.implementation(),
        runtime.machine().architecture(),
        place,
        runtime.remarks(),
        result);
  }

  private static Diagnosis join(Future<Diagnosis> future) throws IOException {
    try {
      return future.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException fault) {
        throw fault;
      }
      throw new IllegalStateException(e.getCause());
    }
  }

  /** The path as people type it, with {@code ~} for the home folder. */
  private static String place(Session session, LanguageRuntime runtime) {
    String path = runtime.path().toString();
    String home = session.surroundings().environment().getOrDefault("HOME", "");
    if (home.length() > 1 && path.startsWith(home + "/")) {
      return "~" + path.substring(home.length());
    }
    return path;
  }
}
