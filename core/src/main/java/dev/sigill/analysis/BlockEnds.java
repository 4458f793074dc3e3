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

  /** The same for each block when it was run last. */
  private final int[] onlyWays;

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
    this.onlyWays = new int[blocks];
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
    leavesByReturn.clear();
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
    onlyWays[block] = onlyWay;
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
    var guarded = new GuardedBlocks(reached, ways());
    boolean[] unguarded = guarded.unguarded(dependsOnCheck, forcedWay);
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
        for (int s = graph.firstSuccessor[b]; s < graph.firstSuccessor[b + 1]; s++) {
          int to = graph.successors[s];
          if (goes(b, to)) {
            comeIn(incoming, to, guards.both(out[b], edgeGuard(b, s)));
          }
        }
        int meeting = dependsOnCheck[b] ? guarded.meeting(b) : -1;
        if (meeting >= 0) {
          // Where the ways meet again, it does not matter what the check found.
          comeIn(incoming, meeting, out[b]);
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

  private void comeIn(int[] incoming, int block, int guard) {
    incoming[block] = incoming[block] < 0 ? guard : guards.either(incoming[block], guard);
  }

  /** Whether a block may go on to one of its successors. */
  private boolean goes(int block, int successor) {
    return falls[block] && (onlyWays[block] < 0 || onlyWays[block] == successor);
  }

  /** By block, the blocks that it may go on to. */
  private int[][] ways() {
    var out = new int[graph.blockCount()][];
    for (int b = 0; b < out.length; b++) {
      int from = b;
      out[b] = graph.successorsOf(b);
      if (!falls[b] || onlyWays[b] >= 0) {
        out[b] = Arrays.stream(out[b]).filter(to -> goes(from, to)).toArray();
      }
    }
    return out;
  }
}
