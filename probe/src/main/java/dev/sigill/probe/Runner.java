package dev.sigill.probe;

import dev.sigill.crash.Explainer;
import dev.sigill.crash.Explanation;
import dev.sigill.crash.Fault;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;

/**
 * Runs a program in the tool's place and explains its death. Everything reaches the program as it
 * would without the tool: terminal, streams, signals, environment, folder.
 */
public final class Runner {
  private final boolean isWatched;

  /**
   * What came of it.
   *
   * @param status as shells tell it: 128 and the signal where one ended it
   * @param explanation what its death means; empty where it ended by itself without one
   * @param remark why it could not be watched, or empty
   */
  public record Outcome(int status, Optional<Explanation> explanation, String remark) {}

  /**
   * Makes a runner.
   *
   * @param isWatched whether the program is watched through the system's debugger interface
   */
  public Runner(boolean isWatched) {
    this.isWatched = isWatched;
  }

  /**
   * Runs a program to its end.
   *
   * @param folder the current folder
   * @throws NotStartedException where it cannot be started
   * @throws IOException where its end cannot be awaited
   */
  public Outcome run(Launch launch, Path folder) throws NotStartedException, IOException {
    Instant start = Instant.now();
    ErrorStream stream = ErrorStream.open();
    Ending ending = Libc.isSupported() ? onLinux(launch) : PlainProcess.run(launch);
    var remains = new Remains(ending, folder, launch.environment(), start);
    Optional<Explanation> explanation =
        ending.shellStatus() == 0
            ? Optional.empty()
            : explain(ending, remains, stream.written(), launch);
    return new Outcome(ending.shellStatus(), explanation, ending.remark());
  }

  private Ending onLinux(Launch launch) throws NotStartedException, IOException {
    var signals = new TerminalSignals(true);
    try {
      return LinuxProcess.start(launch, isWatched, signals).ending().get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    } catch (java.util.concurrent.ExecutionException e) {
      throw new IOException(e.getCause());
    } finally {
      signals.ended();
    }
  }

  private static Optional<Explanation> explain(
      Ending ending, Remains remains, String text, Launch launch) {
    var explainer = new Explainer(true);
    Optional<Path> report = remains.report();
    if (report.isPresent()) {
      try {
        return Optional.of(explainer.explain(report.get()));
      } catch (IOException e) {
        // It was there a moment ago; what was watched is still known.
      }
    }
    if (ending.fault().isPresent()) {
      return Optional.of(explainer.explain(ending.fault().get(), text));
    }
    if (ending.exitStatus() == LoaderTrace.REFUSED && text.isBlank()) {
      Optional<String> words = LoaderTrace.of(ending.program(), launch.environment());
      if (words.isPresent()) {
        return Optional.of(explainer.explain(words.get()));
      }
    }
    // An interrupted or killed program is not one that failed.
    int signal = Fault.isFatal(ending.signalTold()) ? ending.signalTold() : 0;
    if (ending.signal() != 0 && signal == 0 || signal == 0 && text.isBlank()) {
      return Optional.empty();
    }
    String told = signal == 0 ? "" : "\nexited with status " + (128 + signal) + "\n";
    Explanation explanation = explainer.explain(text + told);
    return signal == 0 && !explanation.isExplained() ? Optional.empty() : Optional.of(explanation);
  }
}
