package dev.sigill.cli;

import dev.sigill.analysis.Certainty;
import dev.sigill.analysis.Stage;
import dev.sigill.isa.FeatureSet;
import dev.sigill.machine.Machine;
import dev.sigill.machine.SystemProfile;
import dev.sigill.machine.Translator;
import dev.sigill.platform.Architecture;
import dev.sigill.verdict.Coverage;
import dev.sigill.verdict.Finding;
import dev.sigill.verdict.Result;
import dev.sigill.verdict.Rule;
import dev.sigill.verdict.Verdict;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** A library that gives prepared answers. */
final class FakeEngine implements Engine {
  private Verdict verdict = Verdict.RUNS;
  private final List<Finding> findings = new ArrayList<>();
  private IOException failure;
  private RuntimeException fault;
  private int steps;
  private long stepMillis;
  final List<String> asked = Collections.synchronizedList(new ArrayList<>());
  private final List<LanguageRuntime> runtimes = new ArrayList<>();

  FakeEngine answers(Verdict newVerdict) {
    verdict = newVerdict;
    return this;
  }

  FakeEngine finds(Verdict what, Stage stage) {
    findings.add(
        new Finding(
            Rule.SIG101,
            what,
            stage,
            Certainty.REACHABLE,
            List.of("avx"),
            "lib.so",
            null,
            "needs AVX, which this CPU does not have",
            "avx",
            "up to SSE4.2",
            List.of(),
            List.of()));
    return this;
  }

  FakeEngine failsToOpen(IOException newFailure) {
    failure = newFailure;
    return this;
  }

  FakeEngine breaks(RuntimeException newFault) {
    fault = newFault;
    return this;
  }

  /** Tells its progress so many times. */
  FakeEngine takes(int newSteps, long millisEach) {
    steps = newSteps;
    stepMillis = millisEach;
    return this;
  }

  @Override
  public List<Result> check(
      String target,
      Path path,
      List<Machine> machines,
      Stage until,
      boolean isExplained,
      boolean isKept,
      ProgressLine progress)
      throws IOException {
    for (Machine machine : machines) {
      asked.add(target + " on " + machine.name());
    }
    if (failure != null) {
      throw failure;
    }
    if (fault != null) {
      throw fault;
    }
    for (int i = 1; i <= steps; i++) {
      progress.tell("reading native files", i, steps);
      try {
        Thread.sleep(stepMillis);
      } catch (InterruptedException e) {
        throw new IOException(e);
      }
    }
    Stage stage = findings.isEmpty() ? null : findings.getFirst().stage();
    return machines.stream()
        .map(
            machine ->
                new Result(
                    target,
                    path.getFileName().toString(),
                    machine,
                    verdict,
                    stage,
                    findings,
                    List.of(),
                    new Coverage(1, 0, 100, 100, List.of(), List.of())))
        .toList();
  }

  @Override
  public Machine machine(String name) {
    if (name.startsWith("no")) {
      throw new IllegalArgumentException("no machine is called '" + name + "'; near: nehalem");
    }
    return named(name);
  }

  @Override
  public Machine thisComputer() {
    return named("this");
  }

  @Override
  public List<Machine> catalog() {
    return List.of(named("haswell"), named("nehalem"));
  }

  @Override
  public List<SystemProfile> systems() {
    return List.of();
  }

  @Override
  public List<String> aliases(String name) {
    return List.of();
  }

  @Override
  public List<LanguageRuntime> runtimes(Path folder, ProgressLine progress) {
    return runtimes;
  }

  /** Finds a Python there. */
  FakeEngine has(Path path) {
    runtimes.add(
        new LanguageRuntime(
            "python", "Python 3.12.4", "3.12.4", "cpython", path, named("this"), List.of()));
    return this;
  }

  private static Machine named(String name) {
    return new Machine(
        name,
        "The machine " + name,
        Architecture.X86_64,
        FeatureSet.empty(),
        FeatureSet.empty(),
        FeatureSet.empty(),
        Translator.NONE,
        Architecture.X86_64,
        SystemProfile.ANY,
        4096,
        List.of());
  }
}
