package dev.sigill.analysis;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * One function as blocks of events in the order in which a processor meets them. Packed into
 * arrays: large libraries have hundreds of thousands of functions.
 *
 * <p>Blocks are numbered in reverse postorder, fall-through first, so the entry is block 0 and,
 * loops aside, a block comes after all that lead to it.
 */
final class FunctionGraph {
  /** An instruction that needs more than the base architecture; the value is the term's id. */
  static final int NEED = 0;

  /** A call of an address in the same image; the value is the address. */
  static final int CALL = 1;

  /** A call through a pointer-sized place with a known address; the value is that place. */
  static final int CALL_SLOT = 2;

  /** A call whose target was not found. */
  static final int CALL_UNKNOWN = 3;

  /** A jump to another function of the same image; the value is its address. */
  static final int JUMP = 4;

  /** A jump through a pointer-sized place with a known address; the value is that place. */
  static final int JUMP_SLOT = 5;

  /** A jump whose targets were not found. */
  static final int JUMP_UNKNOWN = 6;

  /** A return. */
  static final int RETURN = 7;

  /** An instruction that always faults on purpose. */
  static final int TRAP = 8;

  /** Bytes that are no instruction. */
  static final int UNDECODABLE = 9;

  final long entry;

  /**
   * The address of each block's first instruction; blocks that only stand for a jump out have none.
   */
  final long[] blockStart;

  /** The length of each block in bytes; 0 for blocks that only stand for a jump out. */
  final int[] blockLength;

  /** Index into the event arrays of each block's first event; one more entry than blocks. */
  final int[] firstEvent;

  /** Index into {@link #successors} of each block's first successor; one more entry than blocks. */
  final int[] firstSuccessor;

  /** Successor block numbers. */
  final int[] successors;

  final byte[] kinds;
  final long[] values;

  /** How far from the entry the instructions are that the events stem from, in bytes. */
  private final int[] distances;

  /** Whether it looks the processor up in {@code /proc/cpuinfo}; {@link ProcessorText}. */
  final boolean readsProcessorText;

  /** Whether it executes CPUID itself. */
  final boolean asksProcessor;

  /** How many bytes of instructions were decoded. */
  final int decodedBytes;

  /** See {@link #copy}; null where all blocks stand alone. */
  private final byte @Nullable [] copies;

  /**
   * @param copies by block, which copy of its instructions it is; null where all stand alone
   */
  FunctionGraph(
      long entry,
      long[] blockStart,
      int[] blockLength,
      int[] firstEvent,
      int[] firstSuccessor,
      int[] successors,
      byte[] kinds,
      long[] values,
      int[] distances,
      boolean readsProcessorText,
      boolean asksProcessor,
      int decodedBytes,
      byte @Nullable [] copies) {
    this.entry = entry;
    this.blockStart = blockStart;
    this.blockLength = blockLength;
    this.firstEvent = firstEvent;
    this.firstSuccessor = firstSuccessor;
    this.successors = successors;
    this.kinds = kinds;
    this.values = values;
    this.distances = distances;
    this.readsProcessorText = readsProcessorText;
    this.asksProcessor = asksProcessor;
    this.decodedBytes = decodedBytes;
    this.copies = copies;
  }

  /** The address of the instruction that an event stems from. */
  long address(int event) {
    return entry + distances[event];
  }

  int blockCount() {
    return firstEvent.length - 1;
  }

  /** The numbers of the blocks that a block may go on to. */
  int[] successorsOf(int block) {
    return Arrays.copyOfRange(successors, firstSuccessor[block], firstSuccessor[block + 1]);
  }

  /** By block, the numbers of the blocks that may go on to it, ascending. */
  int[][] predecessors() {
    var counts = new int[blockCount()];
    for (int to : successors) {
      counts[to]++;
    }
    var out = new int[blockCount()][];
    for (int b = 0; b < out.length; b++) {
      out[b] = new int[counts[b]];
    }
    for (int b = out.length - 1; b >= 0; b--) {
      for (int s = firstSuccessor[b]; s < firstSuccessor[b + 1]; s++) {
        int to = successors[s];
        out[to][--counts[to]] = b;
      }
    }
    return out;
  }

  /** Whether some of its instructions stand in several blocks; {@link LoopLayout}. */
  boolean isLaidOut() {
    return copies != null;
  }

  /** Which copy of its instructions a block is, from 1; 0 for one that stands alone. */
  int copy(int block) {
    return copies == null ? 0 : copies[block];
  }

  /**
   * The same function with blocks of which some stand several times, numbered anew.
   *
   * @param source by new block, the one of this graph that it is a copy of
   * @param copy by new block, which copy it is
   * @param next by new block, the new blocks that it may go on to
   */
  FunctionGraph withBlocks(int[] source, byte[] copy, int[][] next) {
    int[] order = reversePostorder(next, 0);
    var number = new int[source.length];
    for (int i = 0; i < order.length; i++) {
      number[order[i]] = i;
    }
    var start = new long[order.length];
    var length = new int[order.length];
    var copyOf = new byte[order.length];
    var firstEventOf = new int[order.length + 1];
    var firstSuccessorOf = new int[order.length + 1];
    var successorsOf = IntStream.builder();
    var events = IntStream.builder();
    for (int i = 0; i < order.length; i++) {
      int from = source[order[i]];
      start[i] = blockStart[from];
      length[i] = blockLength[from];
      copyOf[i] = copy[order[i]];
      IntStream.range(firstEvent[from], firstEvent[from + 1]).forEach(events::add);
      firstEventOf[i + 1] = firstEventOf[i] + firstEvent[from + 1] - firstEvent[from];
      Arrays.stream(next[order[i]]).map(to -> number[to]).forEach(successorsOf::add);
      firstSuccessorOf[i + 1] = firstSuccessorOf[i] + next[order[i]].length;
    }
    int[] event = events.build().toArray();
    var eventKinds = new byte[event.length];
    for (int e = 0; e < event.length; e++) {
      eventKinds[e] = kinds[event[e]];
    }
    return new FunctionGraph(
        entry,
        start,
        length,
        firstEventOf,
        firstSuccessorOf,
        successorsOf.build().toArray(),
        eventKinds,
        Arrays.stream(event).mapToLong(e -> values[e]).toArray(),
        Arrays.stream(event).map(e -> distances[e]).toArray(),
        readsProcessorText,
        asksProcessor,
        decodedBytes,
        copyOf);
  }

  /**
   * The order in which blocks are numbered, of those that the entry leads to.
   *
   * @param successors by block
   */
  static int[] reversePostorder(int[][] successors, int entry) {
    int blocks = successors.length;
    var order = new int[blocks];
    int filled = blocks;
    var seen = new boolean[blocks];
    var stack = new int[blocks];
    var cursor = new int[blocks];
    int depth = 0;
    stack[0] = entry;
    seen[entry] = true;
    // Successors are visited last to first: what falls through then comes earliest.
    cursor[0] = successors[entry].length;
    while (depth >= 0) {
      int block = stack[depth];
      if (cursor[depth] > 0) {
        int successor = successors[block][--cursor[depth]];
        if (!seen[successor]) {
          seen[successor] = true;
          depth++;
          stack[depth] = successor;
          cursor[depth] = successors[successor].length;
        }
      } else {
        order[--filled] = block;
        depth--;
      }
    }
    return Arrays.copyOfRange(order, filled, blocks);
  }
}
