package dev.sigill.accuracy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Goes through packages: makes each one's environment, runs it on each processor, asks what is said
 * of it, and keeps both. What is known already is not done again.
 */
final class Measurement {
  private static final int IMPORT_SECONDS = 240;
  private static final int USE_SECONDS = 240;

  private final Path folder;

  /** Of this process alone: another one may measure other things at the same time. */
  private final Path work;

  private final String python;
  private final int threads;
  private final JsonLines<Run> runs;
  private final JsonLines<Answer> answers;
  private @Nullable Emulator emulator;

  /**
   * @param folder where results and environments lie
   * @param python the interpreter that makes environments
   * @param threads how many threads the analysis may use
   */
  Measurement(Path folder, String python, int threads) throws IOException {
    this.folder = Files.createDirectories(folder).toRealPath();
    this.work = this.folder.resolve("work-" + ProcessHandle.current().pid());
    this.python = python;
    this.threads = threads;
    this.runs = JsonLines.open(this.folder.resolve("runs.jsonl"), Run.class);
    Files.createDirectories(work);
    this.answers = JsonLines.open(this.folder.resolve("answers.jsonl"), Answer.class);
  }

  List<Run> runs() {
    return runs.rows();
  }

  List<Answer> answers() {
    return answers.rows();
  }

  /** Forgets what was said of packages, for a changed analysis to say it anew. */
  void forgetAnswers(List<PackageEntry> packages) throws IOException {
    List<String> names = packages.stream().map(PackageEntry::name).toList();
    answers.remove(answer -> names.contains(answer.name()));
  }

  /** Forgets runs of packages that ended in an error or took too long. */
  void forgetFailures(List<PackageEntry> packages) throws IOException {
    List<String> names = packages.stream().map(PackageEntry::name).toList();
    runs.remove(
        run ->
            names.contains(run.name())
                && (run.outcome() == Outcome.ERROR || run.outcome() == Outcome.TIMEOUT));
  }

  /**
   * Measures packages; how many of them could not be installed.
   *
   * @param packages which
   * @param isRunning whether to run what was not run yet
   * @param isChecking whether to ask about what was not asked yet
   */
  int measure(List<PackageEntry> packages, boolean isRunning, boolean isChecking)
      throws IOException, InterruptedException {
    int done = 0;
    int notInstalled = 0;
    try {
      for (PackageEntry entry : packages) {
        done++;
        boolean isRunDue = isRunning && !areRunsComplete(entry);
        boolean isAnswerDue = isChecking && (isRunDue || !unanswered(entry).isEmpty());
        if (isRunDue || isAnswerDue) {
          String head = done + "/" + packages.size() + " " + entry.name() + ":";
          try {
            measure(entry, isRunDue, isAnswerDue);
            System.err.println(head + summary(entry));
          } catch (PythonEnvironment.NotMade e) {
            notInstalled++;
            System.err.println(head + " not installed: " + e.getMessage());
          }
        }
      }
      return notInstalled;
    } finally {
      PythonEnvironment.delete(work);
    }
  }

  private void measure(PackageEntry entry, boolean isRunDue, boolean isAnswerDue)
      throws IOException, InterruptedException, PythonEnvironment.NotMade {
    PythonEnvironment environment = PythonEnvironment.make(python, entry, folder, work);
    if (isRunDue) {
      run(environment, entry);
    }
    if (isAnswerDue) {
      check(environment, entry);
    }
    environment.deleteIfLarge();
  }

  private String summary(PackageEntry entry) {
    return runsOf(entry)
        .filter(run -> !run.cpu().equals(Run.NATIVE))
        .map(run -> " " + run.action() + "@" + run.cpu() + "=" + run.outcome().id())
        .collect(Collectors.joining());
  }

  private Stream<Run> runsOf(PackageEntry entry) {
    return runs.rows().stream()
        .filter(
            run ->
                run.name().equals(entry.name())
                    && (entry.version().equals("-") || run.version().equals(entry.version())));
  }

  private @Nullable Run find(PackageEntry entry, String action, String cpu) {
    return runsOf(entry)
        .filter(run -> run.action().equals(action) && run.cpu().equals(cpu))
        .findFirst()
        .orElse(null);
  }

  private static List<String> actions(PackageEntry entry) {
    return entry.workload() ? List.of(Run.IMPORT, Run.USE) : List.of(Run.IMPORT);
  }

  /** A use run is asked for only where the import went well on the same processor. */
  private boolean areRunsComplete(PackageEntry entry) {
    for (String action : actions(entry)) {
      Run reference = find(entry, action, Run.NATIVE);
      if (reference == null) {
        return false;
      }
      if (reference.outcome() != Outcome.OK) {
        continue;
      }
      for (Processor processor : Processor.ALL) {
        if (find(entry, action, processor.model()) == null && isDue(entry, action, processor)) {
          return false;
        }
      }
    }
    return true;
  }

  private boolean isDue(PackageEntry entry, String action, Processor processor) {
    if (action.equals(Run.IMPORT)) {
      return true;
    }
    Run importing = find(entry, Run.IMPORT, processor.model());
    return importing == null || importing.outcome() == Outcome.OK;
  }

  private void run(PythonEnvironment environment, PackageEntry entry)
      throws IOException, InterruptedException {
    if (emulator == null) {
      emulator = new Emulator(work.resolve("scratch"));
    }
    for (String action : actions(entry)) {
      int seconds = action.equals(Run.USE) ? USE_SECONDS : IMPORT_SECONDS;
      // First on this computer: what fails here says nothing of processors. It also compiles
      // Python's own code, which the emulated runs then find done.
      Run reference = find(entry, action, Run.NATIVE);
      if (reference == null) {
        reference = emulator.run(environment, entry, action, null, seconds);
        runs.add(reference);
      }
      if (reference.outcome() != Outcome.OK) {
        System.err.println(
            entry.name() + ": " + action + " fails on this computer: " + reference.detail());
        continue;
      }
      for (Processor processor : Processor.ALL) {
        if (find(entry, action, processor.model()) == null && isDue(entry, action, processor)) {
          Run run = emulator.run(environment, entry, action, processor, seconds);
          Fault fault = run.fault();
          boolean dies =
              run.outcome() == Outcome.SIGILL
                  && fault != null
                  && emulator.diesWhenLoaded(environment, fault, processor, seconds);
          runs.add(dies ? run.withStage("load") : run);
        }
      }
    }
  }

  /** Runs of which nothing was asked yet. */
  private List<Run> unanswered(PackageEntry entry) {
    List<Run> out = new ArrayList<>();
    for (Run run : runsOf(entry).toList()) {
      boolean isEmulated = !run.cpu().equals(Run.NATIVE);
      boolean isKnown =
          answers.rows().stream()
              .anyMatch(
                  answer ->
                      answer.name().equals(run.name())
                          && answer.version().equals(run.version())
                          && answer.scope().equals(run.action())
                          && answer.cpu().equals(run.cpu()));
      if (isEmulated && !isKnown && !run.loaded().isEmpty()) {
        out.add(run);
      }
    }
    return out;
  }

  private void check(PythonEnvironment environment, PackageEntry entry) throws IOException {
    var checker = new Checker(work.resolve("scratch"), threads);
    List<Run> due = unanswered(entry);
    for (String action : List.of(Run.IMPORT, Run.USE)) {
      List<Run> ofAction = due.stream().filter(run -> run.action().equals(action)).toList();
      if (!ofAction.isEmpty()) {
        for (Answer answer : checker.aboutRuns(environment, ofAction)) {
          answers.add(answer);
        }
      }
    }
    boolean isEnvironmentKnown =
        answers.rows().stream()
            .anyMatch(
                a ->
                    a.name().equals(entry.name())
                        && a.version().equals(environment.versionOf(entry.name()))
                        && a.scope().equals(Answer.ENVIRONMENT));
    if (!isEnvironmentKnown) {
      for (Answer answer : checker.aboutEnvironment(environment, entry.name(), Processor.ALL)) {
        answers.add(answer);
      }
    }
  }
}
