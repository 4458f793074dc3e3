package dev.sigill.analysis;

import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Interprets one function once, from what its callers pass: to a fixpoint over its blocks, again
 * with the guards that this shows, and then a last time to say what it stores, passes on and
 * returns.
 */
final class FunctionFlow {
  /** How often guards may change the values that guards are found from. */
  private static final int MOST_ROUNDS = 4;

  /** A block visited more often than this has what changes in it widened. */
  private static final int WIDEN_AFTER = 4;

  private final Interpretation interpretation;
  private final AnalysedFunction function;
  private final FunctionGraph graph;

  /** What the argument registers hold at the entry. */
  private final long[] inputs;

  private final BlockVisit visit;
  private final BlockEnds ends;
  private final BlockFlow blocks;

  /** What is known before each block; null where none was reached yet. */
  private final @Nullable State[] in;

  private final int[] blockVisits;

  /** The check behind which each block runs. */
  private int[] guard;

  /** What the ways into each block imply that were met so far. */
  private final int[] inGuard;

  FunctionFlow(Interpretation interpretation, AnalysedFunction function) {
    this(interpretation, function, function.argument, 0, function.entryGuard());
  }

  /** Interprets a function for one call alone, or for all that there may be. */
  FunctionFlow(
      Interpretation interpretation, AnalysedFunction function, long[] inputs, int context) {
    this(interpretation, function, inputs, context, Guards.NONE);
  }

  private FunctionFlow(
      Interpretation interpretation,
      AnalysedFunction function,
      long[] inputs,
      int context,
      int entryGuard) {
    this.interpretation = interpretation;
    this.function = function;
    this.graph = function.graph;
    this.inputs = inputs;
    this.visit = new BlockVisit(interpretation, function, context, entryGuard);
    this.ends = new BlockEnds(graph, interpretation.guards);
    this.blocks = new BlockFlow(visit, ends);
    int blockCount = graph.blockCount();
    this.in = new State[blockCount];
    this.blockVisits = new int[blockCount];
    this.guard = new int[blockCount];
    this.inGuard = new int[blockCount];
  }

  /** Interprets, and says what the function stores, passes on and returns. */
  void run() {
    interpret();
    FunctionGraph laidOut = layOut();
    if (laidOut == graph) {
      speak();
    } else {
      function.layOut(laidOut);
      new FunctionFlow(interpretation, function).run();
    }
  }

  /**
   * The graph with a loop laid out that walks over pointers and asks for something, if any. Where
   * the last copy is reached too, it is not known where the table ends, and all was in vain.
   */
  private FunctionGraph layOut() {
    if (graph.isLaidOut()) {
      return isLastCopyReached() ? function.decoded : graph;
    }
    BitSet walks = visit.walks;
    if (walks.isEmpty() || function.wasLaidOut) {
      return graph;
    }
    BitSet asks = visit.asks;
    for (int b = 0; b < graph.blockCount(); b++) {
      if (ends.dependsOnCheck(b)) {
        asks.set(b);
      }
    }
    for (int b = walks.nextSetBit(0); b >= 0 && !asks.isEmpty(); b = walks.nextSetBit(b + 1)) {
      FunctionGraph laidOut = LoopLayout.around(graph, b, asks);
      if (laidOut != graph) {
        return laidOut;
      }
    }
    return graph;
  }

  private boolean isLastCopyReached() {
    for (int b = 0; b < graph.blockCount(); b++) {
      if (in[b] != null && graph.copy(b) == LoopLayout.MOST_COPIES) {
        return true;
      }
    }
    return false;
  }

  /** The blocks that may run, whatever callers pass and memory holds. */
  BitSet possible() {
    visit.isBlind = true;
    interpret();
    var out = new BitSet(graph.blockCount());
    for (int b = 0; b < graph.blockCount(); b++) {
      out.set(b, in[b] != null);
    }
    return out;
  }

  /** Interprets for one call alone; nothing is said to others. */
  CallContext evaluate() {
    interpret();
    visit.callerStores.clear();
    replay();
    Outcome answer = blocks.answer();
    return new CallContext(
        answer.returns, answer.result, answer.second, refusals(), visit.callerStores);
  }

  private void interpret() {
    for (int round = 0; ; round++) {
      Arrays.fill(in, null);
      Arrays.fill(blockVisits, 0);
      ends.forget();
      visit.arrays.forget();
      blocks.forgetStores();
      in[0] = entry();
      settle();
      int[] next = ends.guards(in);
      if (Arrays.equals(next, guard) || round == MOST_ROUNDS) {
        guard = next;
        break;
      }
      guard = next;
    }
  }

  /** What is known at the entry. */
  private State entry() {
    CallingConvention convention = visit.convention;
    State entry = State.unknown();
    for (int i = 0; i < convention.registerArguments(); i++) {
      long argument = inputs[i];
      if (argument != Values.BOTTOM) {
        entry.register[convention.argumentRegister(i)] = argument;
      }
    }
    for (int i = AnalysedFunction.REGISTER_ARGUMENTS; i < inputs.length; i++) {
      if (Values.isGuarded(inputs[i])) {
        entry.setSlot(8 + convention.stackArgument(i), 8, inputs[i]);
      }
    }
    entry.register[Registers.RSP] = Values.stack(0);
    return entry;
  }

  /** Goes through blocks until nothing changes any more. */
  private void settle() {
    var work = new BitSet(graph.blockCount());
    work.set(0);
    State state = visit.state;
    int block;
    while ((block = work.nextSetBit(0)) >= 0) {
      work.clear(block);
      blockVisits[block]++;
      interpretation.spend(graph.blockLength[block]);
      state.copyFrom(in[block]);
      boolean goesOn = blocks.run(block, guard[block]);
      ends.fall(block, goesOn);
      visit.arrays.drainTo(work);
      if (!goesOn) {
        continue;
      }
      for (int s = graph.firstSuccessor[block]; s < graph.firstSuccessor[block + 1]; s++) {
        int next = graph.successors[s];
        if (!ends.mayGoTo(next)) {
          continue;
        }
        State there = in[next];
        int edge = interpretation.guards.both(guard[block], ends.edgeGuard(block, s));
        if (there == null) {
          there = new State();
          there.copyFrom(state);
          in[next] = there;
          inGuard[next] = edge;
          work.set(next);
        } else {
          int before = inGuard[next];
          inGuard[next] = interpretation.guards.either(before, edge);
          if (there.join(
              state, interpretation.values, blockVisits[next] > WIDEN_AFTER, before, edge)) {
            work.set(next);
          }
        }
      }
    }
  }

  private void speak() {
    visit.isSpeaking = true;
    function.callbacks.clear();
    function.moduleDefinitions.clear();
    function.escapes.clear();
    function.forgetTargets();
    Arrays.fill(function.isEventReached, false);
    function.callRefusals.clear();
    for (int b = 0; b < graph.blockCount(); b++) {
      function.isReached[b] = in[b] != null;
      function.blockGuard[b] = guard[b];
    }
    replay();
    sayWhatLasts();
    function.refusals = refusals();
    Outcome answer = blocks.answer();
    interpretation.answer(function, answer.returns, answer.result, answer.second);
  }

  private void sayWhatLasts() {
    LongMap<Integer> lasting = new Overwriting(visit, ends, in).lasting(visit.stores);
    LongMap<Integer> before = function.lasting;
    boolean isSame = before == null ? lasting.size() == 0 : lasting.holdsSame(before);
    if (!isSame) {
      function.lasting = lasting;
      interpretation.changed(function.number);
    }
  }

  /** Goes through each block once more, and gathers what the function returns. */
  private void replay() {
    blocks.gatherAnswer();
    for (int b = 0; b < graph.blockCount(); b++) {
      State there = in[b];
      if (there != null) {
        visit.state.copyFrom(there);
        blocks.run(b, guard[b]);
      }
    }
  }

  private List<Refusal> refusals() {
    return interpretation.tellsRefusals() ? new Refusals(visit, ends, in, guard).find() : List.of();
  }
}
