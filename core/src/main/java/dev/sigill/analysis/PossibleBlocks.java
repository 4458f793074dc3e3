package dev.sigill.analysis;

import java.util.Arrays;
import java.util.BitSet;
import java.util.IdentityHashMap;
import java.util.Map;

/**
 * Which blocks of a function may run at all, as far as its own instructions say. Kernels for
 * several processors share their code and tell the variants apart by a number that each entry
 * leaves on the stack. Asked only for what is about to be held against somebody.
 */
final class PossibleBlocks {
  private final Interpretation interpretation;
  private final Map<FunctionGraph, BitSet> known = new IdentityHashMap<>();

  PossibleBlocks(Interpretation interpretation) {
    this.interpretation = interpretation;
  }

  /** Whether a block may run. */
  boolean mayRun(AnalysedFunction function, int block) {
    BitSet possible = known.get(function.graph);
    if (possible == null) {
      var inputs = new long[AnalysedFunction.MOST_ARGUMENTS];
      Arrays.fill(inputs, Values.UNKNOWN);
      possible = new FunctionFlow(interpretation, function, inputs, 0).possible();
      known.put(function.graph, possible);
    }
    return possible.get(block);
  }
}
