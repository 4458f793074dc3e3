package dev.sigill.analysis;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Graphs of blocks alone, one byte each, at the addresses of their numbers. */
class LoopLayoutTest {
  /** The entry, a loop of two blocks, and what comes after it. */
  private static final int[][] LOOP = {{1}, {2, 3}, {1}, {}};

  @Test
  void loop_isCopiedOneAfterTheOther() {
    FunctionGraph laidOut = LoopLayout.around(graph(LOOP), 2, blocks(1));

    var way = new ArrayList<Long>();
    int block = 0;
    for (int i = 0; i < 7; i++) {
      way.add(laidOut.blockStart[block]);
      block = laidOut.successorsOf(block)[0];
    }
    assertThat(laidOut.isLaidOut()).isTrue();
    assertThat(way).containsExactly(0L, 1L, 2L, 1L, 2L, 1L, 2L);
    assertThat(laidOut.copy(0)).isZero();
    assertThat(laidOut.copy(block)).isEqualTo(4);
  }

  @Test
  void eachCopy_mayLeaveTheLoopAndTheLastOneIsALoop() {
    FunctionGraph laidOut = LoopLayout.around(graph(LOOP), 2, blocks(1));

    List<Integer> exits = blocksAt(laidOut, 3);
    assertThat(exits).hasSize(1);
    List<Integer> heads = blocksAt(laidOut, 1);
    assertThat(heads).hasSizeGreaterThan(2);
    assertThat(heads)
        .allSatisfy(b -> assertThat(laidOut.successorsOf(b)).contains(exits.getFirst()));
    int last = heads.getLast();
    int back = laidOut.successorsOf(last)[0];
    assertThat(laidOut.successorsOf(back)).containsExactly(last);
  }

  @Test
  void numbers_areInReversePostorder() {
    FunctionGraph laidOut = LoopLayout.around(graph(LOOP), 2, blocks(1));

    int backward = 0;
    for (int b = 0; b < laidOut.blockCount(); b++) {
      for (int next : laidOut.successorsOf(b)) {
        backward += next <= b ? 1 : 0;
      }
    }
    assertThat(backward).isEqualTo(1);
  }

  @Test
  void onlyTheInnermostLoop_isLaidOut() {
    int[][] nested = {{1}, {2}, {3}, {2, 4}, {1, 5}, {}};

    FunctionGraph laidOut = LoopLayout.around(graph(nested), 3, blocks(0, 1, 2, 3, 4, 5));

    assertThat(blocksAt(laidOut, 1)).hasSize(1);
    assertThat(blocksAt(laidOut, 2)).hasSizeGreaterThan(1);
  }

  @Test
  void loopWithTwoEntries_staysAsItIs() {
    FunctionGraph graph = graph(new int[][] {{1, 2}, {2}, {1, 3}, {}});

    assertThat(LoopLayout.around(graph, 2, blocks(0, 1, 2, 3, 4, 5))).isSameAs(graph);
  }

  @Test
  void loopThatAsksForNothing_staysAsItIs() {
    FunctionGraph graph = graph(LOOP);

    assertThat(LoopLayout.around(graph, 2, blocks())).isSameAs(graph);
  }

  @Test
  void blockOutsideLoops_leavesAllAsItIs() {
    FunctionGraph graph = graph(LOOP);

    assertThat(LoopLayout.around(graph, 3, blocks(0, 1, 2, 3, 4, 5))).isSameAs(graph);
  }

  private static BitSet blocks(int... numbers) {
    var out = new BitSet();
    for (int number : numbers) {
      out.set(number);
    }
    return out;
  }

  private static List<Integer> blocksAt(FunctionGraph graph, long address) {
    var out = new ArrayList<Integer>();
    for (int b = 0; b < graph.blockCount(); b++) {
      if (graph.blockStart[b] == address) {
        out.add(b);
      }
    }
    return out;
  }

  private static FunctionGraph graph(int[][] successors) {
    int blocks = successors.length;
    var start = new long[blocks];
    var length = new int[blocks];
    var firstSuccessor = new int[blocks + 1];
    var all = new ArrayList<Integer>();
    for (int b = 0; b < blocks; b++) {
      start[b] = b;
      length[b] = 1;
      for (int next : successors[b]) {
        all.add(next);
      }
      firstSuccessor[b + 1] = all.size();
    }
    return new FunctionGraph(
        0,
        start,
        length,
        new int[blocks + 1],
        firstSuccessor,
        all.stream().mapToInt(Integer::intValue).toArray(),
        new byte[0],
        new long[0],
        new int[0],
        false,
        false,
        blocks,
        null);
  }
}
