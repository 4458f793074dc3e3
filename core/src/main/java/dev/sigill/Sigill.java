package dev.sigill;

import dev.sigill.analysis.Processor;
import dev.sigill.analysis.TargetRequirements;
import dev.sigill.machine.Machine;
import dev.sigill.python.PythonImports;
import dev.sigill.source.Sources;
import dev.sigill.verdict.Result;
import dev.sigill.verdict.Rules;
import dev.sigill.verdict.Verdict;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.CancellationException;

/**
 * The library's front door: the command line's verbs for Java programs. Nothing that is looked at
 * is executed. Safe for use by several threads.
 */
public final class Sigill {
  private final Options options;

  /** With {@link Options#standard()}. */
  public Sigill() {
    this(Options.standard());
  }

  public Sigill(Options options) {
    this.options = options;
  }

  /**
   * Whether a target runs on machines: one result for each machine, in their order.
   *
   * @throws IOException where the target does not exist or cannot be opened at all; anything wrong
   *     inside is among the findings
   * @throws CancellationException where the progress listener asks for it
   */
  public List<Result> check(Path target, List<Machine> machines) throws IOException {
    List<Processor> processors = machines.stream().map(Rules::processor).toList();
    try (var examined = examine(target, processors)) {
      TargetRequirements requirements = examined.requirements();
      var results = new ArrayList<Result>(machines.size());
      var stopping = new TreeSet<String>();
      for (Machine machine : machines) {
        Result result = Rules.judge(requirements, machine);
        results.add(result);
        stopping.addAll(Rules.stopping(requirements, result));
      }
      PythonImports imports =
          stopping.isEmpty() ? PythonImports.unknown() : examined.imports(stopping);
      if (imports.isKnown()) {
        results.replaceAll(result -> Rules.judge(requirements, result.machine(), imports));
      }
      var undecoded = new TreeSet<Integer>();
      results.forEach(result -> undecoded.addAll(Rules.worthDecoding(requirements, result)));
      if (!undecoded.isEmpty()) {
        TargetRequirements decoded = examined.decode(undecoded);
        results.replaceAll(
            result ->
                result.verdict() == Verdict.UNKNOWN
                    ? Rules.judge(decoded, result.machine(), imports)
                    : result);
      }
      return results;
    }
  }

  /**
   * What a target requires of any machine; {@link Rules#judge} compares it with one. The whole code
   * is not decoded.
   *
   * @throws IOException as {@link #check} does
   * @throws CancellationException where the progress listener asks for it
   */
  public TargetRequirements requirements(Path target) throws IOException {
    try (var examined = examine(target, List.of())) {
      return examined.requirements();
    }
  }

  private Examination examine(Path target, List<Processor> processors) {
    return new Examination(
        target, options, path -> Sources.open(path, options.limits()), processors);
  }
}
