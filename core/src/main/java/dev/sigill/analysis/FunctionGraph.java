package dev.sigill.analysis;

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
      int decodedBytes) {
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
  }

  /** The address of the instruction that an event stems from. */
  long address(int event) {
    return entry + distances[event];
  }

  int blockCount() {
    return firstEvent.length - 1;
  }
}
