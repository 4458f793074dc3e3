package dev.sigill.analysis;

import java.util.Arrays;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/**
 * How control leaves each block of a function, and on which checks that depends; from that, behind
 * which checks the blocks run.
 */
final class BlockEnds {
  private final FunctionGraph graph;
  private final Guards guards;

  /** The one successor that the block just run goes on to, or -1 where it may be any. */
  private int onlyWay = -1;

  private final boolean[] falls;
  private final boolean[] dependsOnCheck;

  /** What the two ways out of each block's branch imply: fall through, taken. */
  private final int[] throughGuard;

  private final int[] takenGuard;

  /**
   * The successor that a block only goes to where something else was chosen before, a variable of
   * the environment or a function by its address; or -1. The other successor depends on nothing.
   */
  private final int[] forcedWay;

  /** What that way implies. */
  private final int[] forcedGuard;

  /** Blocks that end by returning to the caller. */
  private final BitSet leavesByReturn = new BitSet();

  BlockEnds(FunctionGraph graph, Guards guards) {
    this.graph = graph;
    this.guards = guards;
    int blocks = graph.blockCount();
    this.falls = new boolean[blocks];
    this.dependsOnCheck = new boolean[blocks];
    this.throughGuard = new int[blocks];
    this.takenGuard = new int[blocks];
    this.forcedWay = new int[blocks];
    this.forcedGuard = new int[blocks];
  }

  /** Forgets on what branches depend. */
  void forget() {
    Arrays.fill(falls, false);
    Arrays.fill(dependsOnCheck, false);
    Arrays.fill(forcedWay, -1);
  }

  boolean hasWays(int block) {
    return graph.firstSuccessor[block] < graph.firstSuccessor[block + 1];
  }

  boolean hasTwoWays(int block) {
    return graph.firstSuccessor[block + 1] - graph.firstSuccessor[block] == 2;
  }

  /** Of two successors, the one behind a branch that is not taken. */
  int through(int block) {
    return graph.successors[graph.firstSuccessor[block]];
  }

  /** Of two successors, the one that a branch leads to. */
  int taken(int block) {
    return graph.successors[graph.firstSuccessor[block] + 1];
  }

  /** Says that the block run next may go on to any of its successors. */
  void goAnywhere() {
    onlyWay = -1;
  }

  /** Says that the block just run goes on to one of its successors alone. */
  void goOnlyTo(int successor) {
    onlyWay = successor;
  }

  /** Whether the block just run may go on to one of its successors. */
  boolean mayGoTo(int successor) {
    return onlyWay < 0 || successor == onlyWay;
  }

  /** Says whether control goes on from a block to its successors. */
  void fall(int block, boolean goesOn) {
    falls[block] = goesOn;
  }

  boolean falls(int block) {
    return falls[block];
  }

  void endByReturn(int block) {
    leavesByReturn.set(block);
  }

  boolean endsByReturn(int block) {
    return leavesByReturn.get(block);
  }

  /** Says whether the branch of a block depends on a check, and what its two ways imply then. */
  void depend(int block, boolean isOnCheck, int through, int taken) {
    dependsOnCheck[block] = isOnCheck;
    throughGuard[block] = through;
    takenGuard[block] = taken;
  }

  boolean dependsOnCheck(int block) {
    return dependsOnCheck[block];
  }

  int throughGuard(int block) {
    return throughGuard[block];
  }

  int takenGuard(int block) {
    return takenGuard[block];
  }

  /** Says which successor a block only goes to behind a check, or -1. */
  void force(int block, int way, int guard) {
    forcedWay[block] = way;
    forcedGuard[block] = guard;
  }

  /** What the way from a block to one of its successors implies by itself. */
  int edgeGuard(int block, int successor) {
    int edge = Guards.NONE;
    if (dependsOnCheck[block]) {
      edge =
          !hasTwoWays(block)
              ? Guards.UNKNOWN
              : successor == graph.firstSuccessor[block] ? throughGuard[block] : takenGuard[block];
    }
    return forcedWay[block] == graph.successors[successor]
        ? guards.both(edge, forcedGuard[block])
        : edge;
  }

  /**
   * The guard of every block, from the branches that depend on checks.
   *
   * @param in what is known before each block; null where it is not reached
   */
  int[] guards(@Nullable State[] in) {
    int blocks = graph.blockCount();
    var out = new int[blocks];
    boolean any = false;
    for (int b = 0; b < blocks; b++) {
      any |= (dependsOnCheck[b] || forcedWay[b] >= 0) && in[b] != null;
    }
    if (!any) {
      return out;
    }
    var reached = new boolean[blocks];
    for (int b = 0; b < blocks; b++) {
      reached[b] = in[b] != null;
    }
    boolean[] unguarded =
        new GuardedBlocks(graph, reached, falls).unguarded(dependsOnCheck, forcedWay);
    var known = new boolean[blocks];
    boolean changed = true;
    for (int b = 0; b < blocks; b++) {
      known[b] = unguarded[b];
    }
    for (int pass = 0; changed && pass < 20; pass++) {
      changed = false;
      var incoming = new int[blocks];
      Arrays.fill(incoming, -1);
      for (int b = 0; b < blocks; b++) {
        if (!reached[b] || !falls[b] || !known[b]) {
          continue;
        }
        int first = graph.firstSuccessor[b];
        int count = graph.firstSuccessor[b + 1] - first;
        for (int s = 0; s < count; s++) {
          int to = graph.successors[first + s];
          int edge = edgeGuard(b, first + s);
          int here = guards.both(out[b], edge);
          incoming[to] = incoming[to] < 0 ? here : guards.either(incoming[to], here);
        }
      }
      for (int b = 0; b < blocks; b++) {
        if (!unguarded[b] && incoming[b] >= 0) {
          int guardHere = Math.max(incoming[b], Guards.UNKNOWN);
          if (!known[b] || out[b] != guardHere) {
            known[b] = true;
            out[b] = guardHere;
            changed = true;
          }
        }
      }
    }
    for (int b = 0; b < blocks; b++) {
      if (!unguarded[b] && out[b] == Guards.NONE) {
        out[b] = Guards.UNKNOWN;
      }
    }
    return out;
  }
}
