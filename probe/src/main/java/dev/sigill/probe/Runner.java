package dev.sigill.probe;

import dev.sigill.crash.Explainer;
import dev.sigill.crash.Explanation;
import dev.sigill.crash.Fault;
import dev.sigill.crash.Likelihood;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

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
    boolean isFollowed = isWatched && Libc.isSupported() && launch.streams().isInherited();
    ErrorWrites writes = isFollowed ? ErrorWrites.ofThisProcess().orElse(null) : null;
    Ending ending = Libc.isSupported() ? onLinux(launch, writes) : PlainProcess.run(launch);
    String text = writes == null ? stream.written() : writes.written();
    var remains = new Remains(ending, folder, launch.environment(), start);
    Optional<Explanation> explanation =
        ending.shellStatus() == 0 ? Optional.empty() : explain(ending, remains, text, launch);
    boolean isBlind =
        !Libc.isSupported()
            && explanation.filter(e -> e.kind().equals("text") && text.isBlank()).isPresent();
    String remark =
        isBlind
            ? "programs are not watched on this system, and it wrote no crash report within 3"
                + " seconds"
            : ending.remark();
    return new Outcome(ending.shellStatus(), explanation, remark);
  }

  private Ending onLinux(Launch launch, @Nullable ErrorWrites writes)
      throws NotStartedException, IOException {
    var signals = new TerminalSignals(true);
    try {
      return LinuxProcess.start(launch, isWatched, signals, writes).ending().get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    } catch (java.util.concurrent.ExecutionException e) {
      throw new IOException(e.getCause());
    } finally {
      signals.ended();
    }
  }

  /**
   * What an ending means.
   *
   * @param text what the program wrote, as far as that is known
   */
  static Optional<Explanation> explain(Ending ending, Remains remains, String text, Launch launch) {
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
    if (ending.isWindowsException()) {
      return Optional.of(
          explainer.explain(text + "\nexited with code " + ending.exitStatus() + "\n"));
    }
    // An interrupted or killed program is not one that failed.
    int signal = Fault.isFatal(ending.signalTold()) ? ending.signalTold() : 0;
    if (ending.signal() != 0 && signal == 0 || signal == 0 && text.isBlank()) {
      return Optional.empty();
    }
    if (signal != 0) {
      String told = "\nexited with status " + (128 + signal) + "\n";
      return Optional.of(explainer.explain(text + told));
    }
    return Optional.of(explainer.explain(LastWords.of(text))).filter(Runner::isTelling);
  }

  /** A program that ended by itself is only explained where its words leave little doubt. */
  private static boolean isTelling(Explanation explanation) {
    return explanation.isExplained()
        && explanation.causes().getFirst().likelihood().compareTo(Likelihood.LIKELY) <= 0;
  }
}
