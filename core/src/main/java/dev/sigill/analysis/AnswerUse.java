package dev.sigill.analysis;

import dev.sigill.isa.x86.X86Decoder;
import java.util.Arrays;

/**
 * Whether a function uses what the functions that it calls leave in RAX and RDX. Those that answer
 * nothing leave something there all the same, often what a check decided long before, and who calls
 * them writes over it. Told from the instructions alone: a register is used where one reads it
 * before anything writes to it.
 *
 * <p>A call may be given what lies there as an argument without it being moved, RDX as the third
 * one, so it counts as a reader.
 */
final class AnswerUse {
  static final int NONE = 0;

  /** RAX is read. */
  static final int FIRST_READ = 1;

  /** RAX is left as it is for the caller. */
  static final int FIRST_RETURNED = 2;

  /** RDX is read. */
  static final int SECOND_READ = 4;

  /** RDX is left as it is for the caller. */
  static final int SECOND_RETURNED = 8;

  /** A jump to another function leaves all that this one answers to the caller. */
  static final int RETURNED = FIRST_RETURNED | SECOND_RETURNED;

  static final int FIRST = FIRST_READ | FIRST_RETURNED;
  static final int SECOND = SECOND_READ | SECOND_RETURNED;

  private final X86Decoder decoder = new X86Decoder();

  /**
   * What each instruction of the block being read does: use in the low byte, what it ends above.
   */
  private int[] effect = new int[64];

  private long[] address = new long[64];

  /**
   * How a function uses the answers of the call that one of its events stands for.
   *
   * @param event the event's number; negative ones stand for calls without one
   */
  int of(AnalysedFunction function, int event) {
    if (event < 0) {
      return FIRST_READ | SECOND_READ;
    }
    return switch (function.graph.kinds[event]) {
      case FunctionGraph.JUMP, FunctionGraph.JUMP_SLOT, FunctionGraph.JUMP_UNKNOWN -> RETURNED;
      default -> {
        byte[] known = function.answerUse;
        if (known == null) {
          known = find(function);
          function.answerUse = known;
        }
        yield known[event];
      }
    };
  }

  private byte[] find(AnalysedFunction function) {
    FunctionGraph graph = function.graph;
    int blocks = graph.blockCount();
    // By block: what is used from its start on; and how it changes what is used after it.
    var atStart = new int[blocks];
    var uses = new int[blocks];
    var ends = new int[blocks];
    for (int block = 0; block < blocks; block++) {
      int count = read(function, block);
      int use = NONE;
      int ended = 0;
      for (int i = count - 1; i >= 0; i--) {
        use = before(i, use);
        ended |= effect[i] >>> 8;
      }
      uses[block] = use;
      ends[block] = ended;
    }
    for (boolean changed = true; changed; ) {
      changed = false;
      for (int block = blocks - 1; block >= 0; block--) {
        int use = uses[block] | after(graph, block, atStart) & ~ends[block];
        changed |= use != atStart[block];
        atStart[block] = use;
      }
    }
    var out = new byte[graph.kinds.length];
    Arrays.fill(out, (byte) (FIRST_READ | SECOND_READ));
    for (int block = 0; block < blocks; block++) {
      int use = after(graph, block, atStart);
      int event = graph.firstEvent[block + 1] - 1;
      for (int i = read(function, block) - 1; i >= 0; i--) {
        while (event >= graph.firstEvent[block]
            && Long.compareUnsigned(graph.address(event), address[i]) >= 0) {
          out[event--] = (byte) use;
        }
        use = before(i, use);
      }
    }
    return out;
  }

  private static int after(FunctionGraph graph, int block, int[] atStart) {
    int use = NONE;
    for (int s = graph.firstSuccessor[block]; s < graph.firstSuccessor[block + 1]; s++) {
      use |= atStart[graph.successors[s]];
    }
    return use;
  }

  /** What is used before an instruction, from what is used after it. */
  private int before(int instruction, int use) {
    return use & ~(effect[instruction] >>> 8) | effect[instruction] & 0xff;
  }

  /**
   * Reads the instructions of a block.
   *
   * @return how many there are
   */
  private int read(AnalysedFunction function, int block) {
    int length = function.graph.blockLength[block];
    long start = function.graph.blockStart[block];
    byte[] code = length == 0 ? new byte[0] : function.image.code(start, length);
    int count = 0;
    for (int at = 0; at < length && code.length > 0; ) {
      int size = decoder.decode(code, at, code.length, start + at);
      if (size <= 0) {
        break;
      }
      if (count == effect.length) {
        effect = Arrays.copyOf(effect, count * 2);
        address = Arrays.copyOf(address, count * 2);
      }
      address[count] = start + at;
      effect[count++] = effectOf();
      at += size;
    }
    return count;
  }

  private int effectOf() {
    if (decoder.flow() == X86Decoder.FLOW_RETURN) {
      return RETURNED | (FIRST | SECOND) << 8;
    }
    boolean isCall =
        decoder.flow() == X86Decoder.FLOW_CALL || decoder.flow() == X86Decoder.FLOW_CALL_INDIRECT;
    int reads = isCall ? -1 : isZeroing() ? 0 : decoder.gprReads();
    int writes = isCall ? -1 : decoder.gprWrites();
    int use = NONE;
    int ended = 0;
    if ((reads >>> Registers.RAX & 1) != 0) {
      use |= FIRST_READ;
    }
    if ((reads >>> Registers.RDX & 1) != 0) {
      use |= SECOND_READ;
    }
    if (((reads | writes) >>> Registers.RAX & 1) != 0) {
      ended |= FIRST;
    }
    if (((reads | writes) >>> Registers.RDX & 1) != 0) {
      ended |= SECOND;
    }
    return use | ended << 8;
  }

  /** XOR or SUB of a register with itself. */
  private boolean isZeroing() {
    return decoder.encoding() == X86Decoder.LEGACY
        && decoder.map() == 0
        && switch (decoder.opcode()) {
          case 0x29, 0x2b, 0x31, 0x33 ->
              !decoder.hasMemory() && decoder.modrmReg() == decoder.modrmRm();
          default -> false;
        };
  }
}
