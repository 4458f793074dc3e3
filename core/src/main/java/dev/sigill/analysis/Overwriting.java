package dev.sigill.analysis;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is left of results of checks that a function stores in a variable and overwrites again
 * behind another check: a flag for AVX that is cleared where the system does not save the registers
 * is still set only where it does.
 */
final class Overwriting {
  /** More stores than these in one function are not compared. */
  private static final int MOST_STORES = 256;

  /** In functions with more blocks nothing is said. */
  private static final int MOST_BLOCKS = 2000;

  private final FunctionGraph graph;
  private final BlockEnds ends;
  private final Guards guards;
  private final Values values;
  private final @Nullable State[] in;

  /** A store to a variable at a known place. */
  record Store(int block, long place, int size, long site, long value) {}

  Overwriting(BlockVisit visit, BlockEnds ends, @Nullable State[] in) {
    this.graph = visit.graph;
    this.ends = ends;
    this.guards = visit.interpretation.guards;
    this.values = visit.values;
    this.in = in;
  }

  /**
   * By the number of a storing instruction, the check without which what it stores does not last.
   *
   * @param stores those of one pass through all blocks
   */
  LongMap<Integer> lasting(List<Store> stores) {
    var out = new LongMap<Integer>();
    if (stores.size() > MOST_STORES || graph.blockCount() > MOST_BLOCKS) {
      return out;
    }
    for (Store first : stores) {
      if (!values.tellsAny(first.value())) {
        continue;
      }
      var clearing = new BitSet();
      for (Store other : stores) {
        if (other.block() != first.block() && clears(first, other)) {
          clearing.set(other.block());
        }
      }
      if (!clearing.isEmpty()) {
        int guard = needed(first.block(), clearing);
        if (guard > Guards.UNKNOWN) {
          out.put(first.site(), guard);
        }
      }
    }
    return out;
  }

  /** Whether a store sets all of another to zero, or leaves bits out that the other may set. */
  private boolean clears(Store told, Store other) {
    boolean isCovered =
        other.place() <= told.place() && other.place() + other.size() >= told.place() + told.size();
    if (Values.isConstant(other.value())) {
      return isCovered && Values.number(other.value()) == 0;
    }
    boolean isSame = other.place() == told.place() && other.size() == told.size();
    if (!isSame
        || Values.kind(told.value()) != Values.BITS
        || Values.kind(other.value()) != Values.BITS) {
      return false;
    }
    int[] before = values.bits(told.value());
    int[] after = values.bits(other.value());
    for (int i = 0; i < Words.CLEAR; i++) {
      if (before[i] != Words.NEVER && after[i] == Words.NEVER) {
        return true;
      }
    }
    return false;
  }

  /** What all ways imply that lead from a block out of the function around some others. */
  private int needed(int from, BitSet around) {
    if (!leaves(from, around, -1)) {
      return Guards.NONE;
    }
    int guard = Guards.NONE;
    for (int b = 0; b < graph.blockCount(); b++) {
      if (in[b] == null || !ends.dependsOnCheck(b) || !ends.hasTwoWays(b)) {
        continue;
      }
      for (int s = graph.firstSuccessor[b]; s < graph.firstSuccessor[b + 1]; s++) {
        if (!leaves(from, around, s)) {
          guard = guards.both(guard, ends.edgeGuard(b, s));
        }
      }
    }
    return guard;
  }

  /** Whether a way leads out of the function around some blocks and without one of the edges. */
  private boolean leaves(int from, BitSet around, int without) {
    var seen = new BitSet(graph.blockCount());
    var stack = new ArrayList<Integer>();
    stack.add(from);
    seen.set(from);
    while (!stack.isEmpty()) {
      int b = stack.removeLast();
      if (ends.endsByReturn(b)) {
        return true;
      }
      if (!ends.falls(b)) {
        continue;
      }
      for (int s = graph.firstSuccessor[b]; s < graph.firstSuccessor[b + 1]; s++) {
        int next = graph.successors[s];
        if (s != without && !around.get(next) && !seen.get(next)) {
          seen.set(next);
          stack.add(next);
        }
      }
    }
    return false;
  }
}
