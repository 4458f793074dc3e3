package dev.sigill.analysis;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.BitSet;

/**
 * Lays out a loop that walks over a table: a copy of its blocks for each element, one after the
 * other, so that what is known of one element (a level, the function that belongs to it) is not
 * mixed with what is known of the others. What runs after the last copy stays a loop.
 */
final class LoopLayout {
  /** Tables with more elements than these are walked over in the last copy. */
  static final int MOST_COPIES = 12;

  /** The most blocks that a graph may have once a loop is laid out. */
  private static final int MOST_BLOCKS = 1500;

  private final FunctionGraph graph;
  private final int blocks;
  private final int[][] predecessors;

  private LoopLayout(FunctionGraph graph) {
    this.graph = graph;
    this.blocks = graph.blockCount();
    this.predecessors = graph.predecessors();
  }

  /**
   * A graph with the innermost loop around a block laid out; the same one where there is no such
   * loop, or no check in it, or it has other entries than its head, or too many blocks.
   *
   * @param asks which blocks ask for something, or end in a branch that depends on a check
   */
  static FunctionGraph around(FunctionGraph graph, int block, BitSet asks) {
    return graph.blockCount() > MOST_BLOCKS ? graph : new LoopLayout(graph).layOut(block, asks);
  }

  private FunctionGraph layOut(int block, BitSet asks) {
    var body = new BitSet();
    int head = -1;
    for (int candidate = 0; candidate <= block; candidate++) {
      BitSet loop = loopOf(candidate);
      boolean isInner = head < 0 || loop.cardinality() < body.cardinality();
      if (loop.get(block) && isInner) {
        body = loop;
        head = candidate;
      }
    }
    long size = blocks + (MOST_COPIES - 1L) * body.cardinality();
    boolean isPossible = head >= 0 && size <= MOST_BLOCKS && isEnteredAt(head, body);
    return isPossible && body.intersects(asks) ? copied(head, body) : graph;
  }

  /** The blocks of the loop that begins with one; none where nothing leads back to it. */
  private BitSet loopOf(int head) {
    var body = new BitSet();
    var work = new ArrayDeque<Integer>();
    for (int before : predecessors[head]) {
      // Blocks are numbered so that only what closes a loop leads to an earlier one.
      if (before >= head) {
        body.set(head);
        add(before, body, work);
      }
    }
    while (!work.isEmpty()) {
      for (int before : predecessors[work.pop()]) {
        add(before, body, work);
      }
    }
    return body;
  }

  private static void add(int block, BitSet body, ArrayDeque<Integer> work) {
    if (!body.get(block)) {
      body.set(block);
      work.push(block);
    }
  }

  private boolean isEnteredAt(int head, BitSet body) {
    if (head > 0 && body.get(0)) {
      return false;
    }
    for (int b = body.nextSetBit(0); b >= 0; b = body.nextSetBit(b + 1)) {
      for (int before : predecessors[b]) {
        if (b != head && !body.get(before)) {
          return false;
        }
      }
    }
    return true;
  }

  private FunctionGraph copied(int head, BitSet body) {
    int[] members = body.stream().toArray();
    int all = blocks + (MOST_COPIES - 1) * members.length;
    var source = new int[all];
    var copy = new byte[all];
    for (int b = 0; b < blocks; b++) {
      source[b] = b;
    }
    for (int c = 1; c <= MOST_COPIES; c++) {
      for (int m = 0; m < members.length; m++) {
        int number = number(members, m, c);
        source[number] = members[m];
        copy[number] = (byte) c;
      }
    }
    var successors = new int[all][];
    for (int b = 0; b < all; b++) {
      successors[b] = graph.successorsOf(source[b]);
      for (int s = 0; s < successors[b].length; s++) {
        int to = successors[b][s];
        if (body.get(source[b]) && body.get(to)) {
          int in = to == head ? Math.min(copy[b] + 1, MOST_COPIES) : copy[b];
          successors[b][s] = number(members, Arrays.binarySearch(members, to), in);
        }
      }
    }
    return graph.withBlocks(source, copy, successors);
  }

  /** The number of a copy of one of the blocks of the loop; the first are the blocks themselves. */
  private int number(int[] members, int member, int copy) {
    return copy == 1 ? members[member] : blocks + (copy - 2) * members.length + member;
  }
}
