package dev.sigill.analysis;

import java.util.BitSet;

/**
 * Whether functions come back to their callers, told from their graphs alone: cheaper than
 * interpreting them, and all that a caller needs of one that does not matter otherwise.
 */
final class Returning {
  /** Calls are looked into so deep; beyond, a callee is taken to return. */
  private static final int MOST_DEPTH = 12;

  private static final byte YES = 1;
  private static final byte NO = 2;

  private final Interpretation interpretation;

  Returning(Interpretation interpretation) {
    this.interpretation = interpretation;
  }

  boolean returns(AnalysedFunction function) {
    return returns(function, 0);
  }

  private boolean returns(AnalysedFunction function, int depth) {
    if (function.returning == 0) {
      if (depth > MOST_DEPTH) {
        return true;
      }
      // A call that leads back to itself returns if any other way does.
      function.returning = YES;
      function.returning = search(function, depth) ? YES : NO;
    }
    return function.returning == YES;
  }

  /** The blocks that are reached from the entry, as far as the graph alone says. */
  BitSet reached(AnalysedFunction function) {
    returns(function);
    var seen = new BitSet();
    walk(function, 0, seen, true);
    return seen;
  }

  private boolean search(AnalysedFunction function, int depth) {
    return walk(function, depth, new BitSet(), false);
  }

  /**
   * Goes through a function's blocks from its entry.
   *
   * @param seen gets the blocks that are reached
   * @param isWhole whether to go on when a way back to the caller is found
   * @return whether there is one
   */
  private boolean walk(AnalysedFunction function, int depth, BitSet seen, boolean isWhole) {
    FunctionGraph graph = function.graph;
    var stack = new int[graph.blockCount() + 1];
    int size = 0;
    boolean comesBack = false;
    stack[size++] = 0;
    seen.set(0);
    while (size > 0 && (isWhole || !comesBack)) {
      int block = stack[--size];
      boolean goesOn = true;
      int end = graph.firstEvent[block + 1];
      for (int event = graph.firstEvent[block]; event < end && goesOn; event++) {
        goesOn = goesOn(function, event, depth);
        comesBack |= leaves(function, event, depth);
      }
      for (int s = graph.firstSuccessor[block];
          goesOn && s < graph.firstSuccessor[block + 1];
          s++) {
        int next = graph.successors[s];
        if (!seen.get(next)) {
          seen.set(next);
          stack[size++] = next;
        }
      }
    }
    return comesBack;
  }

  /** Whether control goes on in the function after an event. */
  boolean goesOn(AnalysedFunction function, int event, int depth) {
    FunctionGraph graph = function.graph;
    return switch (graph.kinds[event]) {
      case FunctionGraph.CALL -> direct(function, graph.values[event], depth);
      case FunctionGraph.CALL_SLOT -> slot(function, graph.values[event], depth);
      case FunctionGraph.RETURN,
          FunctionGraph.JUMP,
          FunctionGraph.JUMP_SLOT,
          FunctionGraph.JUMP_UNKNOWN,
          FunctionGraph.TRAP,
          FunctionGraph.UNDECODABLE ->
          false;
      default -> true;
    };
  }

  /** Whether an event is a way back to the caller. */
  private boolean leaves(AnalysedFunction function, int event, int depth) {
    FunctionGraph graph = function.graph;
    return switch (graph.kinds[event]) {
      case FunctionGraph.RETURN, FunctionGraph.JUMP_UNKNOWN -> true;
      case FunctionGraph.JUMP -> direct(function, graph.values[event], depth);
      case FunctionGraph.JUMP_SLOT -> slot(function, graph.values[event], depth);
      default -> false;
    };
  }

  private boolean direct(AnalysedFunction caller, long target, int depth) {
    AnalysedFunction callee = interpretation.function(caller.imageNumber, target);
    return callee == null || returns(callee, depth + 1);
  }

  private boolean slot(AnalysedFunction caller, long slot, int depth) {
    long target = interpretation.loaderPointer(caller.imageNumber, slot);
    return switch (Values.kind(target)) {
      case Values.EXTERNAL -> !ForeignFunctions.neverReturns(interpretation.externalName(target));
      case Values.ADDRESS -> {
        long place = Values.payload(target);
        AnalysedFunction callee =
            interpretation.function(
                Interpretation.imageNumberOf(place), interpretation.virtualAddressOf(place));
        yield callee == null || returns(callee, depth + 1);
      }
      default -> true;
    };
  }
}
