package dev.sigill.analysis;

import dev.sigill.isa.FeatureTerm;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * What is reached in one stage of a program's life, of one image: at load, when the loader runs the
 * initialisers of the image and of the libraries it loads; at import, when a host starts it as an
 * extension; at use, when its functions are called.
 *
 * @param isAnalysed whether this was analysed at all; where not, {@code gaps} says why
 * @param instructions the first instruction, in the order of execution, of each different need; in
 *     that order
 * @param selfChecks CPU checks on the way that end the program with a message, in the same order
 * @param functions how many functions were followed
 * @param decodedBytes how many bytes of instructions were decoded for it
 * @param unexplained what instructions of the image need that nothing followed leads to, guarded or
 *     not; only told of the stage of use
 * @param gaps what could not be followed, one sentence each without full stop
 */
public record StageRequirements(
    boolean isAnalysed,
    List<InstructionNeed> instructions,
    List<SelfCheck> selfChecks,
    int functions,
    long decodedBytes,
    List<FeatureTerm> unexplained,
    List<String> gaps) {
  public StageRequirements {
    instructions = List.copyOf(instructions);
    selfChecks = List.copyOf(selfChecks);
    unexplained = List.copyOf(unexplained);
    gaps = List.copyOf(gaps);
  }

  /** Nothing to reach: an image that no host starts, for instance, at import. */
  public static StageRequirements none() {
    return new StageRequirements(true, List.of(), List.of(), 0, 0, List.of(), List.of());
  }

  /** Not analysed, for a reason. */
  public static StageRequirements notAnalysed(String reason) {
    return new StageRequirements(false, List.of(), List.of(), 0, 0, List.of(), List.of(reason));
  }

  /**
   * The same without instructions that need what an earlier stage already needs: a machine that
   * lacks it never gets here.
   */
  StageRequirements after(StageRequirements earlier) {
    List<FeatureTerm> met = earlier.instructions().stream().map(InstructionNeed::term).toList();
    return new StageRequirements(
        isAnalysed,
        instructions.stream()
            .filter(need -> !need.check().isNone() || !met.contains(need.term()))
            .toList(),
        selfChecks,
        functions,
        decodedBytes,
        unexplained,
        gaps);
  }

  /** The same with further instructions, found in another way. */
  StageRequirements with(List<InstructionNeed> more) {
    if (more.isEmpty()) {
      return this;
    }
    var all = new ArrayList<>(instructions);
    all.addAll(more);
    return new StageRequirements(
        isAnalysed, all, selfChecks, functions, decodedBytes, unexplained, gaps);
  }

  /** The same with each instruction replaced. */
  StageRequirements mapped(UnaryOperator<InstructionNeed> change) {
    return new StageRequirements(
        isAnalysed,
        instructions.stream().map(change).toList(),
        selfChecks,
        functions,
        decodedBytes,
        unexplained,
        gaps);
  }
}
