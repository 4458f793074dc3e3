package dev.sigill.analysis;

import dev.sigill.isa.x86.X86Decoder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Goes through one function that decides nothing that matters: nothing that it reads tells of the
 * processor, so all of its code may run whenever it is called. What it calls is called with
 * anything, and the addresses that it takes are given away. Needs one look at each instruction,
 * where an interpretation needs many.
 */
final class PlainFlow {
  private static final int LOAD_ADDRESS = 0x8d;
  private static final int MOST_FIELD = 0xffff;

  /** An object whose address is taken is looked through so far for what was told. */
  private static final int MOST_OBJECT_BYTES = 256;

  private final Interpretation interpretation;
  private final Returning returning;
  private final UseScope scope;
  private final X86Decoder decoder = new X86Decoder();

  /** Whether the function read last compares pointers. */
  private boolean isComparing;

  /** Whether it calls what it is not known to call. */
  private boolean callsPointers;

  /** What {@link #pointer} found for the current instruction, once that was asked for. */
  private long pointer;

  private boolean isPointerKnown;

  PlainFlow(Interpretation interpretation, Returning returning, UseScope scope) {
    this.interpretation = interpretation;
    this.returning = returning;
    this.scope = scope;
  }

  /**
   * Goes through a function.
   *
   * @return whether it is plain indeed: false where something that it reads, or that it calls,
   *     tells of the processor
   */
  boolean run(AnalysedFunction function) {
    BitSet reached = returning.reached(function);
    isComparing = false;
    callsPointers = callsPointers(function, reached);
    var taken = new ArrayList<AnalysedFunction.Passed>();
    for (int block = reached.nextSetBit(0); block >= 0; block = reached.nextSetBit(block + 1)) {
      if (!read(function, block, taken)) {
        return false;
      }
    }
    if (isComparing && taken.stream().anyMatch(t -> isCode(t.value()))) {
      return false;
    }
    for (AnalysedFunction.Passed passed : taken) {
      if (isTellingObject(function, passed.value())) {
        return false;
      }
    }
    function.callbacks.clear();
    function.moduleDefinitions.clear();
    function.escapes.clear();
    function.escapes.addAll(taken);
    function.callRefusals.clear();
    function.forgetTargets();
    Arrays.fill(function.isEventReached, false);
    Arrays.fill(function.isReached, false);
    Arrays.fill(function.blockGuard, Guards.NONE);
    for (int block = reached.nextSetBit(0); block >= 0; block = reached.nextSetBit(block + 1)) {
      function.isReached[block] = true;
      if (!call(function, block)) {
        return false;
      }
    }
    for (AnalysedFunction.Passed passed : taken) {
      interpretation.stored(passed.value(), function.entryGuard());
    }
    return true;
  }

  /** Whether a function calls what it is not known to call. */
  private static boolean callsPointers(AnalysedFunction function, BitSet reached) {
    FunctionGraph graph = function.graph;
    for (int block = reached.nextSetBit(0); block >= 0; block = reached.nextSetBit(block + 1)) {
      for (int e = graph.firstEvent[block]; e < graph.firstEvent[block + 1]; e++) {
        if (graph.kinds[e] == FunctionGraph.CALL_UNKNOWN
            || graph.kinds[e] == FunctionGraph.JUMP_UNKNOWN) {
          return true;
        }
      }
    }
    return false;
  }

  /** Whether an address is the table of an object whose methods leave what they learn in it. */
  private boolean isTellingObject(AnalysedFunction function, long table) {
    boolean any = false;
    for (long place : TraitObject.methods(interpretation, table)) {
      AnalysedFunction method =
          interpretation.function(
              Interpretation.imageNumberOf(place), interpretation.virtualAddressOf(place));
      if (method != null) {
        method.callers.add(function.number);
        interpretation.visit(method);
        any |= method.tells;
      }
    }
    return any;
  }

  /**
   * Whether a function reads arguments that callers leave on the stack. What lies there is a local
   * variable of the caller otherwise. Told from the size of the frame that the entry makes.
   */
  boolean readsStackArguments(AnalysedFunction function) {
    if (function.readsStackArguments == null) {
      function.readsStackArguments = findStackArguments(function);
    }
    return function.readsStackArguments;
  }

  private boolean findStackArguments(AnalysedFunction function) {
    FunctionGraph graph = function.graph;
    long frame = 0;
    long frameOfBase = -1;
    for (int block = 0; block < graph.blockCount(); block++) {
      long start = graph.blockStart[block];
      byte[] code = function.image.code(start, graph.blockLength[block]);
      for (int at = 0; at < graph.blockLength[block] && code.length > 0; ) {
        int size = decoder.decode(code, at, code.length, start + at);
        if (size <= 0) {
          break;
        }
        at += size;
        if (decoder.encoding() == X86Decoder.LEGACY && decoder.map() == 0 && block == 0) {
          int opcode = decoder.opcode();
          if (opcode >= PUSH && opcode < PUSH + 8) {
            frame += 8;
          } else if ((opcode == 0x81 || opcode == 0x83)
              && !decoder.hasMemory()
              && decoder.modrmRm() == Registers.RSP
              && (decoder.modrmReg() & 7) == 5) {
            frame += decoder.immediate();
          } else if ((opcode == 0x89 || opcode == 0x8b) && !decoder.hasMemory()) {
            boolean isOfStack =
                opcode == 0x89
                    ? decoder.modrmReg() == Registers.RSP && decoder.modrmRm() == Registers.RBP
                    : decoder.modrmRm() == Registers.RSP && decoder.modrmReg() == Registers.RBP;
            frameOfBase = isOfStack ? frame : frameOfBase;
          }
        }
        if (decoder.hasMemory() && (decoder.memoryAccess() & X86Decoder.READ) != 0) {
          long displacement = decoder.memoryDisplacement();
          if (decoder.memoryBase() == Registers.RSP && displacement >= frame + 8
              || decoder.memoryBase() == Registers.RBP
                  && frameOfBase >= 0
                  && displacement >= frameOfBase + 8) {
            return true;
          }
        }
      }
    }
    return false;
  }

  private static final int PUSH = 0x50;

  /** Reads the instructions of a block for the addresses they take; false for a telling field. */
  private boolean read(AnalysedFunction function, int block, List<AnalysedFunction.Passed> taken) {
    FunctionGraph graph = function.graph;
    int length = graph.blockLength[block];
    long start = graph.blockStart[block];
    byte[] code = function.image.code(start, length);
    for (int at = 0; at < length && code.length > 0; ) {
      int size = decoder.decode(code, at, code.length, start + at);
      if (size <= 0) {
        return true;
      }
      at += size;
      isPointerKnown = false;
      isComparing |= isPointerComparison();
      if (!decoder.hasMemory()) {
        continue;
      }
      if (decoder.isRipRelative() ? tells(function) : isTellingField(function)) {
        return false;
      }
      if (callsPointers && decoder.isRipRelative() && isQuestion(function)) {
        return false;
      }
      if (decoder.isRipRelative()) {
        take(function, block, taken);
      }
    }
    return true;
  }

  /** CMP of 64 bits with a register: addresses of functions are told apart so. */
  private boolean isPointerComparison() {
    return decoder.encoding() == X86Decoder.LEGACY
        && decoder.map() == 0
        && (decoder.opcode() == 0x39 || decoder.opcode() == 0x3b)
        && decoder.operandSize() == 8;
  }

  /** Whether an instruction reads a variable in which something told of the processor may be. */
  private boolean tells(AnalysedFunction function) {
    long place = interpretation.place(function.imageNumber, decoder.memoryAddress());
    // Nobody stores in what does not change; a pointer there may lead to what is stored.
    boolean isFixed = interpretation.isReadOnly(function.imageNumber, decoder.memoryAddress());
    if (isAddressOnly()) {
      return !isFixed && interpretation.memory.tells(place, MOST_OBJECT_BYTES, function.number);
    }
    if (!isTransfer() && (decoder.memoryAccess() & X86Decoder.READ) == 0) {
      return false;
    }
    int size = isTransfer() ? 8 : Math.max(1, Math.min(64, decoder.memoryBytes()));
    return !isFixed && interpretation.memory.tells(place, size, function.number)
        || size == 8 && !isTransfer() && isTellingVariable(function, pointer(function));
  }

  /** The pointer that the loader leaves in the place that an instruction names, as in the GOT. */
  private long pointer(AnalysedFunction function) {
    if (!isPointerKnown) {
      pointer =
          interpretation.loaderPointer(function.imageNumber, decoder.memoryAddress(), function);
      isPointerKnown = true;
    }
    return pointer;
  }

  private boolean isTellingVariable(AnalysedFunction function, long address) {
    return Values.kind(address) == Values.ADDRESS
        && interpretation.memory.tells(Values.payload(address), MOST_OBJECT_BYTES, function.number);
  }

  /** A call or jump through the pointer in memory. */
  private boolean isTransfer() {
    return decoder.flow() == X86Decoder.FLOW_CALL_INDIRECT
        || decoder.flow() == X86Decoder.FLOW_JUMP_INDIRECT;
  }

  private boolean isAddressOnly() {
    return decoder.encoding() == X86Decoder.LEGACY
        && decoder.map() == 0
        && decoder.opcode() == LOAD_ADDRESS;
  }

  private boolean isTellingField(AnalysedFunction function) {
    long displacement = decoder.memoryDisplacement();
    return decoder.memoryBase() >= 0
        && decoder.memoryIndex() < 0
        && displacement >= 0
        && displacement <= MOST_FIELD
        && (decoder.memoryAccess() & X86Decoder.READ) != 0
        && interpretation.memory.tellsInField(
            (long) function.imageNumber << 32 | displacement, function.number);
  }

  private void take(AnalysedFunction function, int block, List<AnalysedFunction.Passed> taken) {
    long place = interpretation.place(function.imageNumber, decoder.memoryAddress());
    if (isAddressOnly()) {
      interpretation.refer(place);
      if (scope.leads(place)) {
        taken.add(new AnalysedFunction.Passed(block, -1, address(place)));
      }
      return;
    }
    if (!isTransfer() && decoder.memoryBytes() >= 8 && scope.leads(place)) {
      for (int part = 0; part < decoder.memoryBytes(); part += 8) {
        long leftThere =
            part == 0
                ? pointer(function)
                : interpretation.loaderPointer(
                    function.imageNumber, decoder.memoryAddress() + part, function);
        if (Values.kind(leftThere) == Values.ADDRESS && scope.leads(Values.payload(leftThere))) {
          taken.add(new AnalysedFunction.Passed(block, -1, leftThere));
        }
      }
    }
  }

  /**
   * Whether the place that an instruction names holds a pointer to a function that asks the
   * processor, or the address of a variable that does.
   */
  private boolean isQuestion(AnalysedFunction function) {
    if (isAddressOnly()) {
      return asks(function.imageNumber, decoder.memoryAddress());
    }
    if (isTransfer() || decoder.memoryBytes() != 8) {
      return false;
    }
    long leftThere = pointer(function);
    if (Values.kind(leftThere) != Values.ADDRESS) {
      return false;
    }
    int image = Interpretation.imageNumberOf(Values.payload(leftThere));
    long address = interpretation.virtualAddressOf(Values.payload(leftThere));
    return isCode(leftThere) ? scope.learns(image, address) : asks(image, address);
  }

  /** Whether a variable holds a pointer to a function that asks the processor. */
  private boolean asks(int imageNumber, long address) {
    long leftThere = interpretation.loaderPointer(imageNumber, address);
    return Values.kind(leftThere) == Values.ADDRESS
        && isCode(leftThere)
        && scope.learns(
            Interpretation.imageNumberOf(Values.payload(leftThere)),
            interpretation.virtualAddressOf(Values.payload(leftThere)));
  }

  private static long address(long place) {
    return Values.encode(Values.ADDRESS, Guards.NONE, place);
  }

  private boolean isCode(long address) {
    long place = Values.payload(address);
    return interpretation
        .image(Interpretation.imageNumberOf(place))
        .isCode(interpretation.virtualAddressOf(place));
  }

  /**
   * Marks the events of a block and calls what they call.
   *
   * @return whether none of those tells of the processor
   */
  private boolean call(AnalysedFunction function, int block) {
    FunctionGraph graph = function.graph;
    boolean goesOn = true;
    boolean isPlain = true;
    for (int e = graph.firstEvent[block]; e < graph.firstEvent[block + 1] && goesOn; e++) {
      function.isEventReached[e] = true;
      switch (graph.kinds[e]) {
        case FunctionGraph.CALL, FunctionGraph.JUMP ->
            isPlain &=
                call(function, e, interpretation.function(function.imageNumber, graph.values[e]));
        case FunctionGraph.CALL_SLOT, FunctionGraph.JUMP_SLOT -> {
          long target =
              interpretation.loaderPointer(function.imageNumber, graph.values[e], function);
          function.setTarget(e, target);
          isPlain &= !Values.isGuarded(target);
          for (long element : interpretation.values.elements(target)) {
            if (Values.kind(element) == Values.ADDRESS) {
              long place = Values.payload(element);
              isPlain &=
                  call(
                      function,
                      e,
                      interpretation.function(
                          Interpretation.imageNumberOf(place),
                          interpretation.virtualAddressOf(place)));
            }
          }
        }
        case FunctionGraph.CALL_UNKNOWN, FunctionGraph.JUMP_UNKNOWN ->
            function.setTarget(e, Values.UNKNOWN);
        default -> {}
      }
      goesOn = returning.goesOn(function, e, 0);
    }
    return isPlain;
  }

  private boolean call(AnalysedFunction function, int event, @Nullable AnalysedFunction callee) {
    if (callee == null || interpretation.isOpaque(callee)) {
      return true;
    }
    callee.callers.add(function.number);
    var arguments = new long[AnalysedFunction.MOST_ARGUMENTS];
    Arrays.fill(arguments, Values.UNKNOWN);
    interpretation.pass(
        callee,
        function.callSite(function.graph.address(event), 0, event),
        arguments,
        function.entryGuard());
    interpretation.visit(callee);
    return !callee.tells && !callee.looksUp && !learns(function, event, callee);
  }

  /** Whether a function uses an answer that tells of the processor, or answers the same. */
  private boolean learns(AnalysedFunction function, int event, AnalysedFunction callee) {
    int use = interpretation.useOfAnswer(function, event, callee);
    return tells(function, callee.result) && (use & AnswerUse.FIRST) != 0
        || tells(function, callee.secondResult) && (use & AnswerUse.SECOND) != 0;
  }

  /** Whether an answer tells of the processor, or the variable does whose address it is. */
  private boolean tells(AnalysedFunction function, long answer) {
    if (Values.isGuarded(answer)) {
      return true;
    }
    boolean any = false;
    for (long element : interpretation.values.elements(answer)) {
      any |= isTellingVariable(function, element);
    }
    return any;
  }
}
