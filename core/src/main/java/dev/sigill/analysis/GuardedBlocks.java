package dev.sigill.analysis;

import java.util.Arrays;

/**
 * Which blocks of a function run only when a CPU check let them, by control dependence: a block is
 * unguarded if it is reached from the entry by walking, from every branch that depends on a check,
 * straight to the branch's immediate postdominator. What comes after the two sides have met again
 * is unguarded. A call that never returns counts as a way out of the function.
 */
final class GuardedBlocks {
  private final boolean[] reached;
  private final int[][] ways;
  private final int blocks;
  private final int exit;

  /** See {@link #meeting}. */
  private final int[] postdominator;

  /**
   * @param reached which blocks can run at all
   * @param ways by block, the blocks that it may go on to; none where its end is not reached
   */
  GuardedBlocks(boolean[] reached, int[][] ways) {
    this.reached = reached;
    this.ways = ways;
    this.blocks = ways.length;
    this.exit = blocks;
    this.postdominator = immediatePostdominators();
  }

  /**
   * The block in which all ways out of one meet again; -1 where they do not within the function.
   */
  int meeting(int block) {
    return postdominator[block] == exit ? -1 : postdominator[block];
  }

  /**
   * The blocks that are unguarded.
   *
   * @param dependsOnCheck which blocks end in a branch that depends on a check
   * @param forcedWay by block, the successor that is not taken by itself, or -1
   */
  boolean[] unguarded(boolean[] dependsOnCheck, int[] forcedWay) {
    var unguarded = new boolean[blocks];
    var stack = new int[blocks + 1];
    int depth = 0;
    stack[depth++] = 0;
    unguarded[0] = true;
    while (depth > 0) {
      int block = stack[--depth];
      if (isExit(block)) {
        continue;
      }
      if (dependsOnCheck[block]) {
        int next = meeting(block);
        if (next >= 0 && !unguarded[next]) {
          unguarded[next] = true;
          stack[depth++] = next;
        }
        continue;
      }
      for (int next : ways[block]) {
        if (reached[next] && !unguarded[next] && next != forcedWay[block]) {
          unguarded[next] = true;
          stack[depth++] = next;
        }
      }
    }
    return unguarded;
  }

  /**
   * Immediate postdominators by the iterative algorithm of Cooper, Harvey and Kennedy ("A Simple,
   * Fast Dominance Algorithm", 2001) on the reversed graph with one virtual exit; -1 where no way
   * leads out.
   */
  private int[] immediatePostdominators() {
    // Postorder numbers of the reversed graph, from the exit.
    int[][] predecessors = predecessors();
    var order = new int[blocks + 1];
    var number = new int[blocks + 1];
    Arrays.fill(number, -1);
    int count = 0;
    var seen = new boolean[blocks + 1];
    var stack = new int[blocks + 1];
    var cursor = new int[blocks + 1];
    int depth = 0;
    stack[0] = exit;
    seen[exit] = true;
    while (depth >= 0) {
      int node = stack[depth];
      if (cursor[depth] < predecessors[node].length) {
        int next = predecessors[node][cursor[depth]++];
        if (!seen[next]) {
          seen[next] = true;
          depth++;
          stack[depth] = next;
          cursor[depth] = 0;
        }
      } else {
        number[node] = count;
        order[count++] = node;
        depth--;
      }
    }
    var dominator = new int[blocks + 1];
    Arrays.fill(dominator, -1);
    dominator[exit] = exit;
    boolean changed = true;
    while (changed) {
      changed = false;
      for (int i = count - 2; i >= 0; i--) {
        int node = order[i];
        int best = -1;
        if (isExit(node)) {
          best = exit;
        }
        for (int next : ways[node]) {
          if (number[next] >= 0 && dominator[next] >= 0) {
            best = best < 0 ? next : intersect(best, next, dominator, number);
          }
        }
        if (best != dominator[node]) {
          dominator[node] = best;
          changed = true;
        }
      }
    }
    dominator[exit] = -1;
    return dominator;
  }

  private static int intersect(int a, int b, int[] dominator, int[] number) {
    int x = a;
    int y = b;
    while (x != y) {
      while (number[x] < number[y]) {
        x = dominator[x];
      }
      while (number[y] < number[x]) {
        y = dominator[y];
      }
    }
    return x;
  }

  /** Whether a block leaves the function: no successor, or control stops in it. */
  private boolean isExit(int block) {
    return ways[block].length == 0;
  }

  private int[][] predecessors() {
    var counts = new int[blocks + 1];
    for (int b = 0; b < blocks; b++) {
      if (!reached[b]) {
        continue;
      }
      if (isExit(b)) {
        counts[exit]++;
      } else {
        for (int next : ways[b]) {
          counts[next]++;
        }
      }
    }
    var out = new int[blocks + 1][];
    for (int b = 0; b <= blocks; b++) {
      out[b] = new int[counts[b]];
    }
    var filled = new int[blocks + 1];
    for (int b = 0; b < blocks; b++) {
      if (!reached[b]) {
        continue;
      }
      if (isExit(b)) {
        out[exit][filled[exit]++] = b;
      } else {
        for (int next : ways[b]) {
          out[next][filled[next]++] = b;
        }
      }
    }
    return out;
  }
}
