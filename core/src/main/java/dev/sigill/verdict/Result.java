package dev.sigill.verdict;

import dev.sigill.analysis.Stage;
import dev.sigill.machine.Machine;
import dev.sigill.source.Distribution;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The answer for one target on one machine.
 *
 * @param target the target as asked
 * @param artifact the file or folder name
 * @param machine the machine
 * @param verdict the answer
 * @param stage when it stops; null where it does not or is not known
 * @param findings all findings, the deciding one first
 * @param packages the packages in the target, each with the paths of its native files
 * @param coverage how much was looked at
 */
public record Result(
    String target,
    String artifact,
    Machine machine,
    Verdict verdict,
    @Nullable Stage stage,
    List<Finding> findings,
    List<Distribution> packages,
    Coverage coverage) {
  public Result {
    findings = List.copyOf(findings);
    packages = List.copyOf(packages);
  }

  /** The same answer for a target asked in other words. */
  public Result withTarget(String newTarget) {
    return new Result(newTarget, artifact, machine, verdict, stage, findings, packages, coverage);
  }
}
