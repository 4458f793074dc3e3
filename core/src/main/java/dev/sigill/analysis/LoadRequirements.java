package dev.sigill.analysis;

import java.util.List;

/**
 * What is reached when the loader runs the initialisers of an image and of the libraries it loads.
 *
 * @param isAnalysed whether this was analysed at all; where not, {@code gaps} says why
 * @param instructions the first instruction, in the order of execution, of each different need; in
 *     that order
 * @param selfChecks CPU checks among the initialisers that end the program with a message, in the
 *     same order
 * @param functions how many functions were followed
 * @param decodedBytes how many bytes of instructions were decoded for it
 * @param gaps what could not be followed, one sentence each without full stop
 */
public record LoadRequirements(
    boolean isAnalysed,
    List<InstructionNeed> instructions,
    List<SelfCheck> selfChecks,
    int functions,
    long decodedBytes,
    List<String> gaps) {
  public LoadRequirements {
    instructions = List.copyOf(instructions);
    selfChecks = List.copyOf(selfChecks);
    gaps = List.copyOf(gaps);
  }

  /** Not analysed, for a reason. */
  public static LoadRequirements notAnalysed(String reason) {
    return new LoadRequirements(false, List.of(), List.of(), 0, 0, List.of(reason));
  }
}
