package dev.sigill.analysis;

import dev.sigill.isa.x86.X86Decoder;

/** Goes through the instructions of one block and applies them to what is known before it. */
final class BlockFlow {
  private final BlockVisit visit;
  private final Interpretation interpretation;
  private final Values values;
  private final AnalysedFunction function;
  private final FunctionGraph graph;
  private final X86Decoder decoder;
  private final State state;
  private final BlockEnds ends;
  private final MemoryOperand memory;
  private final Operands operands;
  private final Instructions instructions;
  private final Branches branches;
  private final Calls calls;

  /** What the function returns, as far as this was gathered. */
  private final Outcome answer = new Outcome();

  /** Whether this pass gathers what the function returns. */
  private boolean isAnswering;

  /** The next event of the block. */
  private int event;

  BlockFlow(BlockVisit visit, BlockEnds ends) {
    this.visit = visit;
    this.interpretation = visit.interpretation;
    this.values = visit.values;
    this.function = visit.function;
    this.graph = visit.graph;
    this.decoder = visit.decoder;
    this.state = visit.state;
    this.ends = ends;
    var frame = new OwnFrame(visit);
    var flags = new Flags(visit);
    this.memory = new MemoryOperand(visit, frame);
    this.operands = new Operands(visit, memory);
    var vectors = new VectorMoves(visit, operands, memory);
    this.instructions = new Instructions(visit, operands, memory, vectors, flags);
    this.branches = new Branches(visit, flags, ends);
    this.calls = new Calls(visit, frame, flags);
  }

  /** Forgets what earlier rounds stored. */
  void forgetStores() {
    memory.forgetStores();
  }

  /** From now on what the function returns is gathered. */
  void gatherAnswer() {
    isAnswering = true;
  }

  /** What it returns, once that was gathered. */
  Outcome answer() {
    return answer;
  }

  /**
   * Applies a block to {@link BlockVisit#state}; whether control goes on to its successors.
   *
   * @param guard the check within the function behind which it runs
   */
  boolean run(int block, int guard) {
    visit.enter(block, guard);
    ends.goAnywhere();
    memory.forgetPlace();
    event = graph.firstEvent[block];
    int length = graph.blockLength[block];
    if (length == 0) {
      leave();
      return false;
    }
    long start = graph.blockStart[block];
    byte[] code = visit.code(block);
    if (code.length == 0) {
      return false;
    }
    int at = 0;
    while (at < length) {
      long position = start + at;
      visit.position = position;
      int size = decoder.decode(code, at, code.length, position);
      if (size <= 0) {
        return false;
      }
      at += size;
      if (!step()) {
        return false;
      }
    }
    return ends.hasWays(block);
  }

  /** A block that stands for a direct jump to another function. */
  private void leave() {
    int end = graph.firstEvent[visit.block + 1];
    for (int e = event; e < end; e++) {
      if (graph.kinds[e] == FunctionGraph.JUMP) {
        visit.position = graph.address(e);
        tailCall(interpretation.address(visit.imageNumber, graph.values[e]), e, -1);
      }
    }
  }

  /** Marks the events of the current instruction; the index of its call or jump, or -1. */
  private int eventsHere() {
    int end = graph.firstEvent[visit.block + 1];
    int found = -1;
    while (event < end && graph.address(event) == visit.position) {
      if (visit.isSpeaking) {
        function.isEventReached[event] = true;
      }
      if (graph.kinds[event] != FunctionGraph.NEED) {
        found = event;
      }
      event++;
    }
    return found;
  }

  /** Applies one instruction; whether control goes on. */
  private boolean step() {
    switch (decoder.flow()) {
      case X86Decoder.FLOW_NEXT -> {
        eventsHere();
        instructions.apply();
        return true;
      }
      case X86Decoder.FLOW_BRANCH -> {
        eventsHere();
        branches.branch();
        return true;
      }
      case X86Decoder.FLOW_JUMP -> {
        eventsHere();
        return true;
      }
      case X86Decoder.FLOW_CALL -> {
        int e = eventsHere();
        return calls.call(interpretation.address(visit.imageNumber, decoder.target()), e, -1);
      }
      case X86Decoder.FLOW_CALL_INDIRECT -> {
        long target = operands.modrm(8);
        int table = memory.tableRegister();
        int e = eventsHere();
        if (e >= 0 && graph.kinds[e] == FunctionGraph.CALL) {
          target = interpretation.address(visit.imageNumber, graph.values[e]);
        }
        return calls.call(target, e, table);
      }
      case X86Decoder.FLOW_JUMP_INDIRECT -> {
        long target = operands.modrm(8);
        int table = memory.tableRegister();
        int e = eventsHere();
        if (ends.hasWays(visit.block)) {
          chooseFromTable(target);
          return true;
        }
        tailCall(target, e, table);
        return false;
      }
      case X86Decoder.FLOW_RETURN -> {
        eventsHere();
        answer(state.register[Registers.RAX], state.register[Registers.RDX]);
        return false;
      }
      default -> {
        eventsHere();
        return false;
      }
    }
  }

  /** A jump table: which way it goes depends on the index. */
  private void chooseFromTable(long target) {
    int block = visit.block;
    boolean isTainted = Values.isTainted(target) || memory.guard() != Guards.NONE;
    ends.depend(block, isTainted, Guards.UNKNOWN, Guards.UNKNOWN);
    if (visit.decides() && Values.kind(target) == Values.ADDRESS) {
      long to = interpretation.virtualAddressOf(Values.payload(target));
      for (int s = graph.firstSuccessor[block]; s < graph.firstSuccessor[block + 1]; s++) {
        if (graph.blockStart[graph.successors[s]] == to) {
          ends.goOnlyTo(graph.successors[s]);
        }
      }
    }
  }

  private void tailCall(long target, int atEvent, int table) {
    Outcome outcome = calls.tailCall(target, atEvent, table);
    if (outcome.returns) {
      answer(outcome.result, outcome.second);
    }
  }

  private void answer(long first, long second) {
    ends.endByReturn(visit.block);
    if (!isAnswering) {
      return;
    }
    answer.returns = true;
    answer.result = values.join(answer.result, visit.learnt(values.chosen(first, visit.here)));
    answer.second = values.join(answer.second, values.chosen(second, visit.here));
    if (visit.isSpeaking && function.isCalledFromOutside) {
      visit.escape(-1, first);
    }
  }
}
