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
 * @param stage when it stops; of {@link Verdict#UNKNOWN} the first stage that is not decided; null
 *     where it does not stop
 * @param findings all findings, the deciding one first
 * @param packages the packages in the target, each with the paths of its native files
 * @param answers the answer for each package, in the same order
 * @param contained what is contained for features that the machine lacks but not required there;
 *     empty unless that was asked for
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
    List<PackageAnswer> answers,
    List<Contained> contained,
    Coverage coverage) {
  public Result {
    findings = List.copyOf(findings);
    packages = List.copyOf(packages);
    answers = List.copyOf(answers);
    contained = List.copyOf(contained);
  }

  /** An answer without those of its packages, that says nothing of what is merely contained. */
  public Result(
      String target,
      String artifact,
      Machine machine,
      Verdict verdict,
      @Nullable Stage stage,
      List<Finding> findings,
      List<Distribution> packages,
      Coverage coverage) {
    this(
        target, artifact, machine, verdict, stage, findings, packages, List.of(), List.of(),
        coverage);
  }

  /** The same answer for a target asked in other words. */
  public Result withTarget(String newTarget) {
    return new Result(
        newTarget, artifact, machine, verdict, stage, findings, packages, answers, contained,
        coverage);
  }
}
