package dev.sigill.analysis;

import dev.sigill.image.Format;
import dev.sigill.isa.x86.X86Decoder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Interprets one function once, from what its callers pass: to a fixpoint over its blocks, again
 * with the guards that this shows, and then a last time to say what it stores, passes on and
 * returns.
 */
final class FunctionFlow {
  /** How often guards may change the values that guards are found from. */
  private static final int MOST_ROUNDS = 4;

  /** A block visited more often than this has what changes in it widened. */
  private static final int WIDEN_AFTER = 4;

  /** A function interpreted more often than this adds to what it has stored in frames. */
  private static final int GROW_AFTER = 2;

  private final Interpretation interpretation;
  private final Values values;
  private final AnalysedFunction function;
  private final FunctionGraph graph;
  private final int imageNumber;
  private final boolean isWindows;

  /** What the argument registers hold at the entry. */
  private final long[] inputs;

  /** The check behind which all of it runs. */
  private final int entryGuard;

  /** How deep this is in an evaluation of one call with its own arguments; 0 for a shared one. */
  private final int context;

  private final @Nullable State[] in;
  private final byte @Nullable [][] blockCode;
  private final int[] blockVisits;
  private final boolean[] falls;
  private final boolean[] dependsOnCheck;

  /**
   * The successor that a block only goes to where something else was chosen before, a variable of
   * the environment or a function by its address; or -1. The other successor depends on nothing.
   */
  private final int[] forcedWay;

  /** What that way implies. */
  private final int[] forcedGuard;

  /** The variables from which it reads what checks decided. */
  private final Set<Long> toldPlaces = new HashSet<>();

  /** What the two ways out of each block's branch imply: fall through, taken. */
  private final int[] throughGuard;

  private final int[] takenGuard;
  private int[] guard;

  /** What the ways into each block imply that were met so far. */
  private final int[] inGuard;

  private final X86Decoder decoder = new X86Decoder();

  /** Whether this pass says what it stores, passes on and returns. */
  private boolean isSpeaking;

  /** Whether this pass gathers what the function returns. */
  private boolean isAnswering;

  /** Blocks that end by returning to the caller. */
  private final BitSet leavesByReturn = new BitSet();

  /** The one successor that the block just run goes on to, or -1 where it may be any. */
  private int onlyWay = -1;

  private boolean returns;
  private long result = Values.BOTTOM;
  private long secondResult = Values.BOTTOM;

  FunctionFlow(Interpretation interpretation, AnalysedFunction function) {
    this(interpretation, function, function.argument, 0, function.entryGuard());
  }

  /** Interprets a function for one call alone, with its arguments. */
  FunctionFlow(
      Interpretation interpretation, AnalysedFunction function, long[] inputs, int context) {
    this(interpretation, function, inputs, context, Guards.NONE);
  }

  private FunctionFlow(
      Interpretation interpretation,
      AnalysedFunction function,
      long[] inputs,
      int context,
      int entryGuard) {
    this.interpretation = interpretation;
    this.inputs = inputs;
    this.context = context;
    this.entryGuard = entryGuard;
    this.values = interpretation.values;
    this.function = function;
    this.graph = function.graph;
    this.imageNumber = function.imageNumber;
    this.isWindows = function.image.image().format() == Format.PE;
    int blocks = graph.blockCount();
    this.in = new State[blocks];
    this.blockCode = new byte[blocks][];
    this.blockVisits = new int[blocks];
    this.falls = new boolean[blocks];
    this.dependsOnCheck = new boolean[blocks];
    this.forcedWay = new int[blocks];
    this.forcedGuard = new int[blocks];
    this.throughGuard = new int[blocks];
    this.takenGuard = new int[blocks];
    this.guard = new int[blocks];
    this.inGuard = new int[blocks];
  }

  /** Interprets, and says what the function stores, passes on and returns. */
  void run() {
    interpret();
    speak();
  }

  /** Interprets for one call alone; nothing is said to others. */
  CallContext evaluate() {
    interpret();
    isAnswering = true;
    replay();
    return new CallContext(returns, result, secondResult, refusals());
  }

  /** The code of one block, read once. */
  private byte[] codeOf(int block, long start, int length) {
    byte[] known = blockCode[block];
    if (known == null) {
      known = function.image.code(start, length);
      blockCode[block] = known;
    }
    return known;
  }

  private void interpret() {
    int[] argumentRegisters = argumentRegisters();
    for (int round = 0; ; round++) {
      Arrays.fill(in, null);
      Arrays.fill(blockVisits, 0);
      Arrays.fill(falls, false);
      Arrays.fill(dependsOnCheck, false);
      Arrays.fill(forcedWay, -1);
      State entry = State.unknown();
      for (int i = 0; i < argumentRegisters.length; i++) {
        long argument = inputs[i];
        if (argument != Values.BOTTOM) {
          entry.register[argumentRegisters[i]] = argument;
        }
      }
      for (int i = AnalysedFunction.REGISTER_ARGUMENTS; i < inputs.length; i++) {
        if (Values.isGuarded(inputs[i])) {
          entry.setSlot(8 + stackArgument(i), 8, inputs[i]);
        }
      }
      entry.register[RSP] = Values.stack(0);
      in[0] = entry;
      settle();
      int[] next = guards();
      if (Arrays.equals(next, guard) || round == MOST_ROUNDS) {
        guard = next;
        break;
      }
      guard = next;
    }
  }

  /** Where an argument on the stack lies, from the first place that may hold one. */
  private int stackArgument(int index) {
    return (index - AnalysedFunction.REGISTER_ARGUMENTS) * 8 + (isWindows ? SHADOW_SPACE : 0);
  }

  /** Microsoft x64 calling convention: room for the register arguments. */
  private static final int SHADOW_SPACE = 32;

  private int[] argumentRegisters() {
    return isWindows ? WINDOWS_ARGUMENTS : SYSTEM_V_ARGUMENTS;
  }

  private void settle() {
    onlyWay = -1;
    var work = new BitSet(graph.blockCount());
    work.set(0);
    var state = new State();
    int block;
    while ((block = work.nextSetBit(0)) >= 0) {
      work.clear(block);
      blockVisits[block]++;
      interpretation.spend(graph.blockLength[block]);
      state.copyFrom(in[block]);
      onlyWay = -1;
      boolean goesOn = new Block(block, state).run();
      falls[block] = goesOn;
      if (!goesOn) {
        continue;
      }
      for (int s = graph.firstSuccessor[block]; s < graph.firstSuccessor[block + 1]; s++) {
        int next = graph.successors[s];
        if (onlyWay >= 0 && next != onlyWay) {
          continue;
        }
        State there = in[next];
        int edge = interpretation.guards.both(guard[block], edgeGuard(block, s));
        if (there == null) {
          there = new State();
          there.copyFrom(state);
          in[next] = there;
          inGuard[next] = edge;
          work.set(next);
        } else {
          int before = inGuard[next];
          inGuard[next] = interpretation.guards.either(before, edge);
          if (there.join(state, values, blockVisits[next] > WIDEN_AFTER, before, edge)) {
            work.set(next);
          }
        }
      }
    }
  }

  /** What the way from a block to one of its successors implies by itself. */
  private int edgeGuard(int block, int successor) {
    int first = graph.firstSuccessor[block];
    int edge = Guards.NONE;
    if (dependsOnCheck[block]) {
      edge =
          graph.firstSuccessor[block + 1] - first != 2
              ? Guards.UNKNOWN
              : successor == first ? throughGuard[block] : takenGuard[block];
    }
    return forcedWay[block] == graph.successors[successor]
        ? interpretation.guards.both(edge, forcedGuard[block])
        : edge;
  }

  /** The guard of every block, from the branches that depend on checks. */
  private int[] guards() {
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
          int here = interpretation.guards.both(out[b], edge);
          incoming[to] = incoming[to] < 0 ? here : interpretation.guards.either(incoming[to], here);
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

  private void speak() {
    isSpeaking = true;
    isAnswering = true;
    function.callbacks.clear();
    function.moduleDefinitions.clear();
    function.escapes.clear();
    function.forgetTargets();
    Arrays.fill(function.isEventReached, false);
    function.callRefusals.clear();
    for (int b = 0; b < graph.blockCount(); b++) {
      function.isReached[b] = in[b] != null;
      function.blockGuard[b] = guard[b];
    }
    replay();
    function.refusals = refusals();
    interpretation.answer(function, returns, result, secondResult);
  }

  private void replay() {
    var state = new State();
    for (int b = 0; b < graph.blockCount(); b++) {
      State there = in[b];
      if (there != null) {
        state.copyFrom(there);
        new Block(b, state).run();
      }
    }
  }

  /** Unguarded branches on a check one side of which never returns. */
  private List<Refusal> refusals() {
    boolean any = false;
    for (int b = 0; b < graph.blockCount(); b++) {
      any |= dependsOnCheck[b] && in[b] != null;
    }
    if (!any) {
      return List.of();
    }
    boolean[] comesBack = comesBack();
    var out = new ArrayList<Refusal>();
    for (int b = 0; b < graph.blockCount(); b++) {
      int first = graph.firstSuccessor[b];
      if (in[b] == null
          || !dependsOnCheck[b]
          || guard[b] != Guards.NONE && guard[b] != Guards.UNKNOWN
          || graph.firstSuccessor[b + 1] - first != 2) {
        continue;
      }
      int through = graph.successors[first];
      int taken = graph.successors[first + 1];
      if (in[through] == null || in[taken] == null || comesBack[through] == comesBack[taken]) {
        continue;
      }
      int implied = comesBack[through] ? throughGuard[b] : takenGuard[b];
      int end = comesBack[through] ? taken : through;
      out.add(new Refusal(b, implied, message(end, comesBack)));
    }
    return out;
  }

  /** Which blocks some way out by a return begins at. */
  private boolean[] comesBack() {
    var out = new boolean[graph.blockCount()];
    boolean changed = true;
    while (changed) {
      changed = false;
      for (int b = graph.blockCount() - 1; b >= 0; b--) {
        if (in[b] == null || out[b]) {
          continue;
        }
        boolean comes = leavesByReturn.get(b);
        if (falls[b]) {
          for (int s = graph.firstSuccessor[b]; s < graph.firstSuccessor[b + 1]; s++) {
            comes |= out[graph.successors[s]];
          }
        }
        if (comes) {
          out[b] = true;
          changed = true;
        }
      }
    }
    return out;
  }

  /** The texts that the blocks from one on use, which never come back. */
  private String message(int from, boolean[] comesBack) {
    var texts = new java.util.LinkedHashSet<String>();
    var seen = new BitSet();
    var stack = new java.util.ArrayDeque<Integer>();
    stack.push(from);
    while (!stack.isEmpty() && texts.size() < MOST_TEXTS) {
      int b = stack.pop();
      if (seen.get(b) || comesBack[b]) {
        continue;
      }
      seen.set(b);
      texts.addAll(textsOf(b));
      for (int s = graph.firstSuccessor[b]; s < graph.firstSuccessor[b + 1]; s++) {
        stack.push(graph.successors[s]);
      }
    }
    return String.join(" ", texts);
  }

  private List<String> textsOf(int b) {
    int length = graph.blockLength[b];
    long start = graph.blockStart[b];
    var image = function.image.image();
    byte[] code = codeOf(b, start, length);
    var out = new ArrayList<String>();
    for (int at = 0; at < length && code.length > 0; ) {
      int size = decoder.decode(code, at, code.length, start + at);
      if (size <= 0) {
        break;
      }
      if (decoder.hasMemory()
          && decoder.isRipRelative()
          && decoder.opcode() == 0x8d
          && decoder.map() == 0) {
        long address = decoder.memoryAddress();
        long where = image.fileOffset(address);
        if (where >= 0 && interpretation.isReadOnly(imageNumber, address)) {
          String text = image.bytes().text(where, MOST_TEXT_BYTES);
          if (text.length() >= 4 && text.chars().allMatch(FunctionFlow::isPrintable)) {
            out.add(text.strip());
          }
        }
      }
      at += size;
    }
    return out;
  }

  private static boolean isPrintable(int c) {
    return c >= 0x20 && c < 0x7f || c == '\n' || c == '\t';
  }

  private static final int MOST_TEXTS = 6;
  private static final int MOST_TEXT_BYTES = 400;

  /** Calls are evaluated with their own arguments no deeper than this. */
  private static final int MOST_CONTEXT = 5;

  /** Functions with more code than this are not evaluated for one call alone. */
  private static final int MOST_CONTEXT_BYTES = 6000;

  private static final int RAX = 0;
  private static final int RCX = 1;
  private static final int RDX = 2;
  private static final int RBX = 3;
  private static final int RSP = 4;
  private static final int RBP = 5;

  /** System V ABI, AMD64 supplement, 3.2.3: rdi, rsi, rdx, rcx, r8, r9. */
  private static final int[] SYSTEM_V_ARGUMENTS = {7, 6, 2, 1, 8, 9};

  /** Microsoft x64 calling convention: rcx, rdx, r8, r9. */
  private static final int[] WINDOWS_ARGUMENTS = {1, 2, 8, 9};

  private static final long UNKNOWN = Values.top(Guards.NONE);

  // What a memory operand is, found by Block.locate().
  private static final int PLACE_UNKNOWN = 0;
  private static final int PLACE_STACK = 1;
  private static final int PLACE_POINTER = 2;
  private static final int PLACE_FIELD = 3;

  /** The instructions of one block, applied to a state. */
  private final class Block {
    private final int block;
    private final State state;

    /** The check within the function behind which this block runs. */
    private final int here;

    /** The same with the one behind which the function is called. */
    private final int behind;

    private long position;
    private int event;

    private int placeKind;

    /** The stack offset, or the displacement of a field. */
    private long placeOffset;

    /** The pointer, with the displacement applied. */
    private long placePointer;

    /** Whether an unknown index is added to the pointer. */
    private boolean isIndexed;

    /** The check that the address depends on. */
    private int placeGuard;

    /** Whether the block ends by a jump to another function. */
    private boolean isTailCall;

    Block(int block, State state) {
      this.block = block;
      this.state = state;
      this.here = guard[block];
      this.behind = interpretation.guards.both(entryGuard, here);
    }

    /** Applies the block; whether control goes on to its successors. */
    boolean run() {
      event = graph.firstEvent[block];
      int length = graph.blockLength[block];
      if (length == 0) {
        return leave();
      }
      long start = graph.blockStart[block];
      byte[] code = codeOf(block, start, length);
      if (code.length == 0) {
        return false;
      }
      int at = 0;
      while (at < length) {
        position = start + at;
        int size = decoder.decode(code, at, code.length, position);
        if (size <= 0) {
          return false;
        }
        at += size;
        if (!step()) {
          return false;
        }
      }
      return graph.firstSuccessor[block] < graph.firstSuccessor[block + 1];
    }

    /** A block that stands for a direct jump to another function. */
    private boolean leave() {
      int end = graph.firstEvent[block + 1];
      for (int e = event; e < end; e++) {
        if (graph.kinds[e] == FunctionGraph.JUMP) {
          reach(e, BOTTOM_TARGET);
          tailCall(interpretation.address(imageNumber, graph.values[e]), e, graph.address(e));
        }
      }
      return false;
    }

    private void reach(int e, long target) {
      if (isSpeaking) {
        function.isEventReached[e] = true;
        function.setTarget(e, target);
      }
    }

    /** Marks the events of the current instruction; the index of its call or jump, or -1. */
    private int eventsHere() {
      int end = graph.firstEvent[block + 1];
      int found = -1;
      while (event < end && graph.address(event) == position) {
        if (isSpeaking) {
          function.isEventReached[event] = true;
        }
        if (graph.kinds[event] != FunctionGraph.NEED) {
          found = event;
        }
        event++;
      }
      return found;
    }

    // Registers.

    private boolean isHighByte(int register) {
      return register >= 4 && register < 8 && decoder.hasHighBytes();
    }

    private long read(int register, int size) {
      if (register < 0 || register > 15) {
        return UNKNOWN;
      }
      if (size == 1 && isHighByte(register)) {
        long shifted =
            values.compute(
                Values.Operation.SHIFT_RIGHT,
                state.register[register - 4],
                Values.constant(8, Guards.NONE),
                4);
        return values.truncated(shifted, 1);
      }
      return values.truncated(state.register[register], size);
    }

    private void write(int register, int size, long value) {
      if (register < 0 || register > 15) {
        return;
      }
      if (size == 1 && isHighByte(register)) {
        long old = state.register[register - 4];
        state.register[register - 4] = Values.top(values.anyTaint(old, value));
        return;
      }
      state.register[register] = values.chosen(value, here);
    }

    private void writeVector(int register, long low, long high) {
      writeVector(register, low, high, UNKNOWN, UNKNOWN);
    }

    private void writeVector(int register, long low, long high, long third, long fourth) {
      if (register >= 0 && register < State.VECTORS) {
        state.setVector(register, 0, element(low));
        state.setVector(register, 1, element(high));
        state.setVector(register, 2, element(third));
        state.setVector(register, 3, element(fourth));
      }
    }

    /**
     * A part of a vector that code behind a check computes. Numbers are what vectors are for, and
     * tell nothing of the check unless they are stored.
     */
    private long element(long value) {
      return Values.isConstant(value) ? value : values.chosen(value, here);
    }

    private long vector(int register, int half) {
      return register >= 0 && register < State.VECTORS ? state.vector(register, half) : UNKNOWN;
    }

    /** Whether some vector register of a set, one bit each, holds what tells of the processor. */
    private boolean isAnyVectorTold(int registers) {
      for (int v = 0; v < State.VECTORS; v++) {
        if ((registers >>> v & 1) != 0) {
          for (int half = 0; half < 4; half++) {
            long value = state.vector(v, half);
            if (Values.isTainted(value) && tellsAsNumber(value)) {
              return true;
            }
          }
        }
      }
      return false;
    }

    private static boolean tellsAsNumber(long value) {
      return switch (Values.kind(value)) {
        case Values.TOP, Values.BITS, Values.SET -> true;
        default -> false;
      };
    }

    // Memory.

    private void locate() {
      locate(decoder.memoryDisplacement());
    }

    private void locate(long displacement) {
      isIndexed = false;
      placeGuard = Guards.NONE;
      if (decoder.isRipRelative()) {
        placeKind = PLACE_POINTER;
        placePointer = interpretation.address(imageNumber, decoder.memoryAddress());
        if (isSpeaking) {
          interpretation.refer(Values.payload(placePointer));
        }
        return;
      }
      if (decoder.segment() >= FS) {
        placeKind = PLACE_UNKNOWN;
        return;
      }
      int baseRegister = decoder.memoryBase();
      int indexRegister = decoder.memoryIndex();
      long base = baseRegister < 0 ? Values.constant(0, 0) : state.register[baseRegister & 15];
      if (indexRegister >= 0) {
        long index = state.register[indexRegister & 15];
        int scale = decoder.memoryScale();
        if (Values.isConstant(index)) {
          base =
              values.compute(
                  Values.Operation.ADD,
                  base,
                  Values.constant(Values.number(index) * scale, Values.guard(index)),
                  8);
        } else if (scale == 1 && isPointer(index) && Values.isConstant(base)) {
          base = values.moved(index, Values.number(base));
        } else {
          if (Values.isTainted(index)) {
            placeGuard = Guards.UNKNOWN;
          }
          boolean isBaseUnknown =
              Values.kind(base) == Values.TOP || Values.kind(base) == Values.CONST;
          if (isBaseUnknown && scale == 1 && isPointer(index)) {
            base = index;
          } else if (isBaseUnknown && baseRegister < 0) {
            // table[index*8] in code linked at a fixed address
            base = Values.constant(0, 0);
          }
          isIndexed = true;
        }
      }
      if (Values.isConstant(base)) {
        long fixed = interpretation.fixedAddress(imageNumber, Values.number(base) + displacement);
        if (fixed != Values.BOTTOM) {
          placeKind = PLACE_POINTER;
          placePointer = fixed;
        } else {
          placeKind = PLACE_UNKNOWN;
        }
        return;
      }
      switch (Values.kind(base)) {
        case Values.STACK -> {
          placeKind = PLACE_STACK;
          placeOffset = Values.signed(base) + displacement;
        }
        case Values.ADDRESS, Values.FRAME, Values.OBJECT, Values.SET, Values.EXTERNAL -> {
          placeKind = PLACE_POINTER;
          placePointer = values.moved(base, displacement);
          if (Values.kind(base) == Values.EXTERNAL) {
            placePointer = base;
            placeOffset = displacement;
          } else if (Values.kind(placePointer) == Values.TOP) {
            placeKind = PLACE_UNKNOWN;
          }
        }
        default -> {
          placeKind = isIndexed ? PLACE_UNKNOWN : PLACE_FIELD;
          placeOffset = displacement;
        }
      }
      if (Values.isTainted(base) && Values.kind(base) != Values.SET) {
        placeGuard = interpretation.guards.both(placeGuard, Values.guard(base));
      }
    }

    private static boolean isPointer(long value) {
      return switch (Values.kind(value)) {
        case Values.ADDRESS, Values.STACK, Values.FRAME, Values.OBJECT -> true;
        default -> false;
      };
    }

    private long load(int size) {
      locate();
      return loadPlace(size);
    }

    private long loadPlace(int size) {
      if (size > 8 || size <= 0) {
        return UNKNOWN;
      }
      long loaded =
          switch (placeKind) {
            case PLACE_STACK -> loadStack((int) placeOffset, size);
            case PLACE_POINTER -> {
              long result = Values.BOTTOM;
              for (long element : values.elements(placePointer)) {
                result =
                    values.join(
                        result, values.guarded(loadThrough(element, size), Values.guard(element)));
              }
              yield result;
            }
            case PLACE_FIELD -> loadField(size);
            default -> UNKNOWN;
          };
      return values.guarded(loaded, placeGuard);
    }

    private long loadStack(int offset, int size) {
      if (isIndexed) {
        for (int i = 0; i < state.slots; i++) {
          if (state.slotOffset[i] < 0 && Values.isTainted(state.slotValue[i])) {
            return Values.top(Guards.UNKNOWN);
          }
        }
        return UNKNOWN;
      }
      long known = state.slot(offset, size, values);
      if (offset >= state.escapedFrom) {
        long shared =
            interpretation.memory.load(Memory.FRAMES, framePlace(offset), size, function.number);
        known = values.join(known, shared);
      }
      return known == Values.BOTTOM ? UNKNOWN : known;
    }

    private long framePlace(int offset) {
      return (long) function.number << 20 | offset + (1 << 19) & 0xf_ffff;
    }

    private long loadThrough(long pointer, int size) {
      long place = Values.payload(pointer);
      switch (Values.kind(pointer)) {
        case Values.ADDRESS -> {
          if (isIndexed) {
            return loadTable(pointer, size);
          }
          return loadGlobal(place, size);
        }
        case Values.OBJECT -> {
          return loadTable(pointer, size);
        }
        case Values.FRAME -> {
          if (isIndexed) {
            return UNKNOWN;
          }
          long stored = interpretation.memory.load(Memory.FRAMES, place, size, function.number);
          if (stored == Values.BOTTOM) {
            return isAllocated(place) ? zero() : UNKNOWN;
          }
          return stored;
        }
        case Values.EXTERNAL -> {
          return CpuCheckSources.load(
              values, interpretation.externalName(pointer), placeOffset, size);
        }
        default -> {
          return UNKNOWN;
        }
      }
    }

    /** Objects that a function has allocated lie above its frame. */
    private static boolean isAllocated(long framePlace) {
      return (framePlace & 0xf_ffff) >= ALLOCATED;
    }

    private long loadGlobal(long place, int size) {
      int number = Interpretation.imageNumberOf(place);
      long stored = interpretation.memory.load(Memory.IMAGES, place, size, function.number);
      if (number >= Interpretation.THREAD_LOCAL) {
        return stored == Values.BOTTOM ? UNKNOWN : values.join(stored, zero());
      }
      long address = interpretation.virtualAddressOf(place);
      if (size == 8) {
        long pointer = interpretation.loaderPointer(number, address, function);
        if (pointer != Values.BOTTOM) {
          return values.join(stored, pointer);
        }
      }
      if (stored != Values.BOTTOM) {
        if (Values.isTainted(stored)) {
          toldPlaces.add(place);
        }
        // A variable that starts as zero; other initial numbers mean "not yet computed".
        return Values.isTainted(stored) ? values.join(stored, zero()) : stored;
      }
      if (graph.asksProcessor
          && size < 8
          && context == 0
          && interpretation.isZeroAtStart(number, address, size)) {
        // What detection adds what it finds to, as libgcc's __cpu_indicator_init does.
        return zero();
      }
      if (interpretation.isReadOnly(number, address)) {
        long constant = interpretation.fileNumber(number, address, size);
        return constant == Values.BOTTOM ? UNKNOWN : constant;
      }
      return UNKNOWN;
    }

    private static long zero() {
      return Values.constant(0, Guards.NONE);
    }

    /** One entry of a table, which one is not known. */
    private long loadTable(long pointer, int size) {
      long place = Values.payload(pointer);
      int number = Interpretation.imageNumberOf(place);
      if (number >= Interpretation.THREAD_LOCAL) {
        return UNKNOWN;
      }
      if (size == 8) {
        long first =
            interpretation.loaderPointer(number, interpretation.virtualAddressOf(place), function);
        if (first != Values.BOTTOM || Values.kind(pointer) == Values.OBJECT) {
          return Values.encode(Values.ENTRY, Values.guard(pointer), place);
        }
      }
      return Values.top(
          Values.kind(pointer) == Values.ADDRESS && size < 8 && holdsChecks(place)
              ? Guards.UNKNOWN
              : Guards.NONE);
    }

    /** Whether results of checks were stored in a table of flags. */
    private boolean holdsChecks(long place) {
      boolean any = false;
      for (int offset = 0; offset < MOST_FLAG_BYTES && !any; offset += 8) {
        any =
            Values.isTainted(
                interpretation.memory.load(Memory.IMAGES, place + offset, 8, function.number));
      }
      return any;
    }

    /**
     * A field of an object whose address is not known: only whether a check's result was ever
     * stored in such a field of this image.
     */
    private long loadField(int size) {
      if (placeOffset < 0 || placeOffset > 0xffff) {
        return UNKNOWN;
      }
      Long own = function.ownFields.get(placeOffset << 4 | size);
      if (own != null) {
        // What the function itself stores there is what it means.
        return values.join(own, zero());
      }
      long stored = interpretation.memory.load(Memory.FIELDS, fieldPlace(), size, function.number);
      return Values.isTainted(stored) && !interpretation.memory.isBlurred(fieldPlace(), size)
          ? values.join(stored, zero())
          : UNKNOWN;
    }

    private long fieldPlace() {
      return (long) imageNumber << 32 | placeOffset & 0xffff_ffffL;
    }

    private void store(int size, long value) {
      locate();
      storePlace(size, value);
    }

    private void storePlace(int size, long value) {
      if (size <= 0) {
        return;
      }
      if (size > 8) {
        if (placeKind == PLACE_STACK && !isIndexed) {
          state.forgetSlots((int) placeOffset, (int) placeOffset + size);
        }
        return;
      }
      long chosen = values.guarded(values.chosen(value, keptBehind(value)), placeGuard);
      long guarded = placeKind == PLACE_STACK ? chosen : learnt(chosen);
      switch (placeKind) {
        case PLACE_STACK -> {
          if (isIndexed) {
            return;
          }
          int offset = (int) placeOffset;
          state.setSlot(offset, size, guarded);
          if (isSpeaking && offset >= state.escapedFrom) {
            publish(offset, size, guarded);
          }
        }
        case PLACE_POINTER -> {
          if (!isSpeaking) {
            return;
          }
          if (Values.kind(placePointer) == Values.ADDRESS && isWish(guarded)) {
            interpretation.memory.storesWish(site());
          }
          boolean isNewObject = false;
          for (long element : values.elements(placePointer)) {
            storeThrough(element, size, named(guarded));
            tell(guarded, Values.kind(element) != Values.ADDRESS);
            isNewObject |=
                Values.kind(element) == Values.FRAME && isAllocated(Values.payload(element));
          }
          if (isNewObject && isSmallResult(guarded)) {
            // Others meet the object without knowing where it comes from.
            placeOffset = decoder.memoryDisplacement();
            storeField(size, guarded);
          }
          escape(-1, value);
        }
        case PLACE_FIELD -> {
          if (isSpeaking) {
            storeField(size, guarded);
            tell(guarded, true);
            escape(-1, value);
          }
        }
        default -> {
          if (isSpeaking) {
            tell(guarded, true);
            escape(-1, value);
          }
        }
      }
    }

    /** Notes that what a check decided is left where callers may read it. */
    private void tell(long value, boolean isForCallers) {
      if (isForCallers && Values.isTainted(value) && !function.tells) {
        function.tells = true;
        interpretation.tells(function);
      }
    }

    private void storeField(int size, long value) {
      if (placeOffset < 0 || placeOffset > 0xffff) {
        return;
      }
      if (isSmallResult(value)) {
        long key = placeOffset << 4 | size;
        Long before = function.ownFields.get(key);
        long joined = before == null ? value : values.join(before, value);
        if (before == null || before != joined) {
          function.ownFields.put(key, joined);
          interpretation.changed(function.number);
        }
        interpretation.memory.store(
            Memory.FIELDS, fieldPlace(), size, site(), value, interpretation::changed);
      } else if (!(Values.isConstant(value) && Values.number(value) == 0)) {
        // A field that also holds other things says nothing.
        interpretation.memory.blur(fieldPlace(), size, site(), interpretation::changed);
      }
    }

    /** Whether a value is the result of a check of known meaning. */
    private boolean isSmallResult(long value) {
      return switch (Values.kind(value)) {
        case Values.SET, Values.BITS -> values.tellsAny(value);
        default -> false;
      };
    }

    /** A number of the call that an event stands for. */
    private long callSite(int atEvent) {
      return function.callSite(position, atEvent);
    }

    private long site() {
      return function.site(position);
    }

    private void publish(int offset, int size, long value) {
      storeInFrame(framePlace(offset), size, named(value));
    }

    /**
     * Stores in a frame. What a function reads there is often what it has stored itself, at another
     * place or before: without an end to it the two would chase each other. What a check found is
     * known better with each visit, and takes the place of what was known before.
     */
    private void storeInFrame(long place, int size, long value) {
      Memory memory = interpretation.memory;
      long stored = value;
      if (function.visits > GROW_AFTER && !Values.isTainted(value)) {
        long before = memory.stored(Memory.FRAMES, place, size, site());
        stored = Values.isTainted(before) ? value : values.join(before, value);
      }
      memory.store(Memory.FRAMES, place, size, site(), stored, interpretation::changed);
    }

    /**
     * A value as others know it: an address of this frame by a name, and what lies there shared.
     */
    private long named(long value) {
      if (Values.kind(value) != Values.STACK) {
        return value;
      }
      int offset = (int) Values.signed(value);
      if (offset >= 0 || offset <= -(1 << 18)) {
        return UNKNOWN;
      }
      if (offset < state.escapedFrom) {
        share(offset);
      }
      return Values.encode(Values.FRAME, Values.guard(value), framePlace(offset));
    }

    /**
     * The check behind which a value is stored. That of the callers counts where others find the
     * value: what is called, and numbers in variables. Other numbers are too many.
     */
    private int keptBehind(long value) {
      boolean isVariable =
          placeKind == PLACE_POINTER && Values.kind(placePointer) == Values.ADDRESS;
      boolean isKept = isVariable || placeKind != PLACE_STACK && !isNumber(value);
      return isKept ? behind : here;
    }

    /**
     * Whether what is stored in a variable is what somebody wishes, or the variable's own value
     * changed in a way that is not followed.
     */
    private boolean isWish(long value) {
      if (here == Guards.ENVIRONMENT || here != Guards.NONE && value == UNKNOWN) {
        return true;
      }
      return value == Values.top(Guards.UNKNOWN)
          && toldPlaces.contains(Values.payload(placePointer));
    }

    private void storeThrough(long pointer, int size, long value) {
      if (isIndexed) {
        return;
      }
      switch (Values.kind(pointer)) {
        case Values.ADDRESS ->
            interpretation.memory.store(
                Memory.IMAGES,
                Values.payload(pointer),
                size,
                site(),
                value,
                interpretation::changed);
        case Values.FRAME -> storeInFrame(Values.payload(pointer), size, value);
        default -> {}
      }
    }

    /** Notes an address that this block gives away. */
    private void escape(int atEvent, long value) {
      switch (Values.kind(value)) {
        case Values.ADDRESS, Values.SET, Values.OBJECT, Values.FRAME -> {
          for (long element : values.elements(value)) {
            int kind = Values.kind(element);
            if (kind == Values.ADDRESS) {
              interpretation.stored(
                  element, interpretation.guards.both(behind, Values.guard(element)));
            }
            if (kind == Values.ADDRESS || kind == Values.OBJECT || kind == Values.FRAME) {
              function.escapes.add(new AnalysedFunction.Passed(block, atEvent, element));
            }
          }
        }
        default -> {}
      }
    }

    // Flags.

    private void flagsOf(long value, int size) {
      state.flagKind = State.FLAGS_TEST;
      state.flagLeft = value;
      state.flagRight = 0;
      state.flagSize = size;
      state.flagTaint = Values.isTainted(value);
    }

    private void flagsCompare(long left, long right, int size) {
      state.flagKind = State.FLAGS_COMPARE;
      state.flagLeft = left;
      state.flagRight = right;
      state.flagSize = size;
      state.flagTaint = Values.isTainted(left) || Values.isTainted(right);
    }

    private void flagsOther(boolean isTainted) {
      state.flagKind = State.FLAGS_OTHER;
      state.flagLeft = 0;
      state.flagRight = 0;
      state.flagSize = 0;
      state.flagTaint = isTainted;
    }

    /** What holds where a condition is met; {@link Guards#NONE} where no check is involved. */
    private int implied(int condition) {
      if (!state.flagTaint) {
        return Guards.NONE;
      }
      int implied =
          switch (state.flagKind) {
            case State.FLAGS_TEST -> impliedByTest(condition, state.flagLeft, state.flagSize);
            case State.FLAGS_COMPARE ->
                impliedByCompare(condition, state.flagLeft, state.flagRight, state.flagSize);
            case State.FLAGS_BIT ->
                switch (condition) {
                  case CARRY -> values.impliedByBit(state.flagLeft, (int) state.flagRight);
                  case NOT_CARRY -> values.impliedByClearBit(state.flagLeft, (int) state.flagRight);
                  default -> Guards.UNKNOWN;
                };
            default -> Guards.UNKNOWN;
          };
      return Math.max(implied, Guards.UNKNOWN);
    }

    private int impliedByTest(int condition, long value, int size) {
      return switch (condition) {
        case NOT_EQUAL, ABOVE, GREATER -> values.impliedByNonZero(value, size);
        case EQUAL, BELOW_OR_EQUAL -> values.impliedByZero(value, size);
        case LESS_OR_EQUAL -> values.impliedWhere(value, x -> signed(x, size) <= 0);
        case SIGN, LESS -> values.impliedByBit(value, size * 8 - 1);
        case NOT_SIGN, GREATER_OR_EQUAL -> values.impliedByClearBit(value, size * 8 - 1);
        default -> Guards.UNKNOWN;
      };
    }

    private int impliedByCompare(int condition, long left, long right, int size) {
      if (!Values.isConstant(right)) {
        if (Values.isConstant(left)) {
          return switch (condition) {
            case EQUAL, NOT_EQUAL -> impliedByCompare(condition, right, left, size);
            default -> Guards.UNKNOWN;
          };
        }
        return Guards.UNKNOWN;
      }
      long number = Values.number(right);
      if (number == 0 && condition != SIGN && condition != LESS) {
        int zero = impliedByTest(condition, left, size);
        if (zero != Guards.UNKNOWN) {
          return zero;
        }
      }
      if (condition == EQUAL) {
        return values.impliedByEqual(left, number, size);
      }
      long unsignedRight = Values.mask(number, size);
      long signedRight = signed(number, size);
      return values.impliedWhere(
          left,
          x -> {
            long unsignedLeft = Values.mask(x, size);
            long signedLeft = signed(x, size);
            return switch (condition) {
              case NOT_EQUAL -> unsignedLeft != unsignedRight;
              case ABOVE -> Long.compareUnsigned(unsignedLeft, unsignedRight) > 0;
              case NOT_CARRY -> Long.compareUnsigned(unsignedLeft, unsignedRight) >= 0;
              case CARRY -> Long.compareUnsigned(unsignedLeft, unsignedRight) < 0;
              case BELOW_OR_EQUAL -> Long.compareUnsigned(unsignedLeft, unsignedRight) <= 0;
              case GREATER -> signedLeft > signedRight;
              case GREATER_OR_EQUAL -> signedLeft >= signedRight;
              case LESS -> signedLeft < signedRight;
              case LESS_OR_EQUAL -> signedLeft <= signedRight;
              default -> true;
            };
          });
    }

    private static long signed(long number, int size) {
      return switch (size) {
        case 1 -> (byte) number;
        case 2 -> (short) number;
        case 4 -> (int) number;
        default -> number;
      };
    }

    // Instructions.

    /** Applies one instruction; whether control goes on. */
    private boolean step() {
      switch (decoder.flow()) {
        case X86Decoder.FLOW_NEXT -> {
          eventsHere();
          apply();
          return true;
        }
        case X86Decoder.FLOW_BRANCH -> {
          eventsHere();
          branch();
          return true;
        }
        case X86Decoder.FLOW_JUMP -> {
          eventsHere();
          return true;
        }
        case X86Decoder.FLOW_CALL -> {
          int e = eventsHere();
          return call(interpretation.address(imageNumber, decoder.target()), e);
        }
        case X86Decoder.FLOW_CALL_INDIRECT -> {
          long target = operand(8);
          int e = eventsHere();
          if (e >= 0 && graph.kinds[e] == FunctionGraph.CALL) {
            target = interpretation.address(imageNumber, graph.values[e]);
          }
          return call(target, e);
        }
        case X86Decoder.FLOW_JUMP_INDIRECT -> {
          long target = operand(8);
          int e = eventsHere();
          if (graph.firstSuccessor[block] < graph.firstSuccessor[block + 1]) {
            // A jump table: which way it goes depends on the index.
            boolean isTainted = Values.isTainted(target) || placeGuard != Guards.NONE;
            dependsOnCheck[block] = isTainted;
            throughGuard[block] = Guards.UNKNOWN;
            takenGuard[block] = Guards.UNKNOWN;
            if (context > 0 && Values.kind(target) == Values.ADDRESS) {
              long to = interpretation.virtualAddressOf(Values.payload(target));
              for (int s = graph.firstSuccessor[block]; s < graph.firstSuccessor[block + 1]; s++) {
                if (graph.blockStart[graph.successors[s]] == to) {
                  onlyWay = graph.successors[s];
                }
              }
            }
            return true;
          }
          tailCall(target, e, position);
          return false;
        }
        case X86Decoder.FLOW_RETURN -> {
          eventsHere();
          answer(state.register[RAX], state.register[RDX]);
          return false;
        }
        default -> {
          eventsHere();
          return false;
        }
      }
    }

    private void answer(long first, long second) {
      leavesByReturn.set(block);
      if (!isAnswering) {
        return;
      }
      returns = true;
      long guardedFirst = learnt(values.chosen(first, here));
      result = values.join(result, guardedFirst);
      secondResult = values.join(secondResult, values.chosen(second, here));
      if (isSpeaking && function.isCalledFromOutside) {
        escape(-1, first);
      }
    }

    /**
     * What a function stores or answers that looks the processor up in a file of the system: the
     * result of a check, unless it is a pointer or nothing yet.
     */
    private long learnt(long value) {
      if (!graph.readsProcessorText) {
        return value;
      }
      return switch (Values.kind(value)) {
        case Values.CONST ->
            Values.number(value) == 0 ? value : values.guarded(value, Guards.UNKNOWN);
        case Values.TOP, Values.BITS -> values.guarded(value, Guards.UNKNOWN);
        default -> value;
      };
    }

    private void branch() {
      int condition = decoder.condition();
      if (condition < 0) {
        // LOOP and JRCXZ: the counter decides.
        boolean isTainted = Values.isTainted(state.register[RCX]);
        dependsOnCheck[block] = isTainted;
        throughGuard[block] = Guards.UNKNOWN;
        takenGuard[block] = Guards.UNKNOWN;
        return;
      }
      dependsOnCheck[block] = state.flagTaint;
      forcedWay[block] = forcedWay(condition);
      if (context > 0 && !state.flagTaint) {
        decide(condition);
      }
      if (Values.kind(state.flagLeft) == Values.HIGHEST_LEAF) {
        decideAboveZero(condition);
      }
      if (state.flagTaint) {
        takenGuard[block] = implied(condition);
        throughGuard[block] = implied(condition ^ 1);
      }
    }

    /**
     * The successor that is taken only where a variable of the environment is set; -1 for other
     * branches.
     */
    private int forcedWay(int condition) {
      int chosen = chosenFunction();
      if (chosen > Guards.UNKNOWN) {
        forcedGuard[block] = chosen;
        return equalWay(condition);
      }
      boolean isNullTest =
          state.flagKind == State.FLAGS_TEST
              || state.flagKind == State.FLAGS_COMPARE
                  && Values.isConstant(state.flagRight)
                  && Values.number(state.flagRight) == 0;
      if (!isNullTest
          || Values.kind(state.flagLeft) != Values.EXTERNAL
          || !interpretation.externalName(state.flagLeft).equals(CpuCheckSources.ENVIRONMENT)) {
        return -1;
      }
      forcedGuard[block] = Guards.ENVIRONMENT;
      return equalWay(condition ^ 1);
    }

    /** The successor for which a comparison found both sides equal, or -1. */
    private int equalWay(int condition) {
      int first = graph.firstSuccessor[block];
      if (graph.firstSuccessor[block + 1] - first != 2) {
        return -1;
      }
      return switch (condition) {
        case EQUAL -> graph.successors[first + 1];
        case NOT_EQUAL -> graph.successors[first];
        default -> -1;
      };
    }

    /**
     * Where something is compared with the address of a function: the check behind which that
     * address is stored wherever it is.
     */
    private int chosenFunction() {
      if (state.flagKind != State.FLAGS_COMPARE || state.flagTaint || state.flagSize != 8) {
        return Guards.NONE;
      }
      int left = interpretation.storedBehind(state.flagLeft, function.number);
      return left != Guards.NONE
          ? left
          : interpretation.storedBehind(state.flagRight, function.number);
    }

    /** A comparison of a number above zero with zero or one: takes the way that this decides. */
    private void decideAboveZero(int condition) {
      int first = graph.firstSuccessor[block];
      if (graph.firstSuccessor[block + 1] - first != 2) {
        return;
      }
      boolean isWithNumber =
          state.flagKind == State.FLAGS_COMPARE && Values.isConstant(state.flagRight);
      long right = isWithNumber ? Values.number(state.flagRight) : -1;
      if (state.flagKind == State.FLAGS_TEST || right == 0) {
        switch (condition) {
          case EQUAL, BELOW_OR_EQUAL, LESS_OR_EQUAL -> onlyWay = graph.successors[first];
          case NOT_EQUAL, ABOVE, GREATER -> onlyWay = graph.successors[first + 1];
          default -> {}
        }
      } else if (right == 1) {
        switch (condition) {
          case CARRY, LESS -> onlyWay = graph.successors[first];
          case NOT_CARRY, GREATER_OR_EQUAL -> onlyWay = graph.successors[first + 1];
          default -> {}
        }
      }
    }

    /** In the evaluation of one call: takes the way that known numbers decide. */
    private void decide(int condition) {
      boolean isDecided =
          Values.isConstant(state.flagLeft)
              && (state.flagKind == State.FLAGS_TEST
                  || state.flagKind == State.FLAGS_COMPARE && Values.isConstant(state.flagRight));
      int first = graph.firstSuccessor[block];
      if (!isDecided || graph.firstSuccessor[block + 1] - first != 2) {
        return;
      }
      int size = state.flagSize;
      long left = Values.number(state.flagLeft);
      long right = state.flagKind == State.FLAGS_TEST ? 0 : Values.number(state.flagRight);
      long unsignedLeft = Values.mask(left, size);
      long unsignedRight = Values.mask(right, size);
      int order = Long.compareUnsigned(unsignedLeft, unsignedRight);
      int signedOrder = Long.compare(signed(left, size), signed(right, size));
      int isMet =
          switch (condition) {
            case EQUAL -> order == 0 ? 1 : 0;
            case NOT_EQUAL -> order != 0 ? 1 : 0;
            case ABOVE -> order > 0 ? 1 : 0;
            case NOT_CARRY -> order >= 0 ? 1 : 0;
            case CARRY -> order < 0 ? 1 : 0;
            case BELOW_OR_EQUAL -> order <= 0 ? 1 : 0;
            case GREATER -> signedOrder > 0 ? 1 : 0;
            case GREATER_OR_EQUAL -> signedOrder >= 0 ? 1 : 0;
            case LESS -> signedOrder < 0 ? 1 : 0;
            case LESS_OR_EQUAL -> signedOrder <= 0 ? 1 : 0;
            default -> -1;
          };
      if (isMet >= 0) {
        onlyWay = graph.successors[first + isMet];
      }
    }

    /** The operand that ModRM's r/m field names: a register or memory. */
    private long operand(int size) {
      return decoder.hasMemory() ? load(size) : read(decoder.modrmRm(), size);
    }

    private void apply() {
      int encoding = decoder.encoding();
      if (encoding == X86Decoder.LEGACY) {
        switch (decoder.map()) {
          case 0 -> {
            applyOneByte(decoder.opcode());
            return;
          }
          case 1 -> {
            applyTwoByte(decoder.opcode());
            return;
          }
          default -> {}
        }
      }
      if (!vectorMove()) {
        applyOther();
      }
    }

    private void applyOneByte(int opcode) {
      int size = decoder.operandSize();
      if (opcode < 0x40 && (opcode & 7) < 6) {
        arithmeticForm(opcode, size);
        return;
      }
      switch (opcode) {
        case 0x50, 0x51, 0x52, 0x53, 0x54, 0x55, 0x56, 0x57 ->
            push(state.register[decoder.opcodeRegister()]);
        case 0x58, 0x59, 0x5a, 0x5b, 0x5c, 0x5d, 0x5e, 0x5f ->
            write(decoder.opcodeRegister(), 8, pop());
        case 0x68, 0x6a -> push(Values.constant(decoder.immediate(), Guards.NONE));
        case 0x63 -> write(decoder.modrmReg(), size, signExtended(operand(4), 4));
        case 0x80 -> group1(1);
        case 0x81, 0x83 -> group1(size);
        case 0x84 -> test(operand(1), read(decoder.modrmReg(), 1), 1);
        case 0x85 -> test(operand(size), read(decoder.modrmReg(), size), size);
        case 0x86, 0x87 -> exchange(opcode == 0x86 ? 1 : size);
        case 0x88 -> move(1);
        case 0x89 -> move(size);
        case 0x8a -> write(decoder.modrmReg(), 1, operand(1));
        case 0x8b -> write(decoder.modrmReg(), size, operand(size));
        case 0x8d -> loadAddress(size);
        case 0x8f -> {
          long value = pop();
          if (decoder.hasMemory()) {
            store(8, value);
          } else {
            write(decoder.modrmRm(), 8, value);
          }
        }
        case 0x90 -> {
          if (decoder.opcodeRegister() != RAX) {
            long other = state.register[decoder.opcodeRegister()];
            write(decoder.opcodeRegister(), size, state.register[RAX]);
            write(RAX, size, other);
          }
        }
        case 0x69, 0x6b -> multiply(operand(size), immediate(), size);
        case 0x98 -> write(RAX, size, signExtended(read(RAX, size / 2), size / 2));
        case 0x99 -> write(RDX, size, Values.top(Values.guard(state.register[RAX])));
        case 0xa8 -> test(read(RAX, 1), immediate(), 1);
        case 0xa9 -> test(read(RAX, size), immediate(), size);
        case 0xb0, 0xb1, 0xb2, 0xb3, 0xb4, 0xb5, 0xb6, 0xb7 ->
            write(decoder.opcodeRegister(), 1, immediateOf(1));
        case 0xb8, 0xb9, 0xba, 0xbb, 0xbc, 0xbd, 0xbe, 0xbf ->
            write(decoder.opcodeRegister(), size, immediateOf(size));
        case 0xc0, 0xc1, 0xd0, 0xd1, 0xd2, 0xd3 -> shift(opcode, size);
        case 0xc6 -> moveImmediate(1);
        case 0xc7 -> moveImmediate(size);
        case 0xc9 -> {
          state.register[RSP] = state.register[RBP];
          write(RBP, 8, pop());
        }
        case 0xf6 -> group3(1);
        case 0xf7 -> group3(size);
        case 0xfe -> group4(1);
        case 0xff -> group4(size);
        default -> applyOther();
      }
    }

    private long immediate() {
      return values.literal(decoder.immediate());
    }

    private long immediateOf(int size) {
      return values.literal(Values.mask(decoder.immediate(), size));
    }

    private void move(int size) {
      long value = read(decoder.modrmReg(), size);
      if (decoder.hasMemory()) {
        store(size, value);
      } else {
        write(decoder.modrmRm(), size, value);
      }
    }

    private void moveImmediate(int size) {
      long value = immediateOf(size);
      if (decoder.hasMemory()) {
        store(size, value);
      } else {
        write(decoder.modrmRm(), size, value);
      }
    }

    private void loadAddress(int size) {
      locate();
      long value =
          switch (placeKind) {
            case PLACE_STACK -> isIndexed ? UNKNOWN : Values.stack(placeOffset);
            case PLACE_POINTER -> {
              if (!isIndexed) {
                yield placePointer;
              }
              long moved =
                  values.compute(Values.Operation.ADD, placePointer, Values.top(placeGuard), 8);
              yield moved;
            }
            default -> addressArithmetic();
          };
      write(decoder.modrmReg(), size, values.truncated(value, size));
    }

    /** LEA used to add numbers. */
    private long addressArithmetic() {
      int base = decoder.memoryBase();
      int index = decoder.memoryIndex();
      long sum = Values.constant(decoder.memoryDisplacement(), Guards.NONE);
      if (base >= 0) {
        sum = values.compute(Values.Operation.ADD, state.register[base & 15], sum, 8);
      }
      if (index >= 0) {
        long scaled = state.register[index & 15];
        int by = Integer.numberOfTrailingZeros(decoder.memoryScale());
        if (by > 0) {
          scaled =
              values.compute(
                  Values.Operation.SHIFT_LEFT, scaled, Values.constant(by, Guards.NONE), 8);
        }
        sum = values.compute(Values.Operation.ADD, sum, scaled, 8);
      }
      return sum;
    }

    private void push(long value) {
      long pointer = values.moved(state.register[RSP], -8);
      state.register[RSP] = pointer;
      if (Values.kind(pointer) == Values.STACK) {
        state.setSlot((int) Values.signed(pointer), 8, value);
      }
    }

    private long pop() {
      long pointer = state.register[RSP];
      long value =
          Values.kind(pointer) == Values.STACK
              ? state.known((int) Values.signed(pointer), 8, values)
              : UNKNOWN;
      state.register[RSP] = values.moved(pointer, 8);
      return value;
    }

    private long signExtended(long value, int size) {
      return switch (Values.kind(value)) {
        case Values.CONST ->
            Values.constant(signed(Values.number(value), size), Values.guard(value));
        case Values.SET, Values.BITS -> value;
        default -> value;
      };
    }

    /** ADD, OR, ADC, SBB, AND, SUB, XOR, CMP in their six register and accumulator forms. */
    private void arithmeticForm(int opcode, int operandSize) {
      int operation = opcode >> 3 & 7;
      int form = opcode & 7;
      int size = (form & 1) == 0 ? 1 : operandSize;
      switch (form) {
        case 0, 1 -> arithmeticOnOperand(operation, size, read(decoder.modrmReg(), size), true);
        case 2, 3 -> {
          long right = operand(size);
          long left = read(decoder.modrmReg(), size);
          boolean isSame = !decoder.hasMemory() && decoder.modrmReg() == decoder.modrmRm();
          long value = arithmetic(operation, left, right, size, isSame);
          if (operation != 7) {
            write(decoder.modrmReg(), size, value);
          }
        }
        default -> {
          long left = read(RAX, size);
          long value = arithmetic(operation, left, immediateOf(size), size, false);
          if (operation != 7) {
            write(RAX, size, value);
          }
        }
      }
    }

    private void group1(int size) {
      arithmeticOnOperand(decoder.modrmReg() & 7, size, immediateOf(size), false);
    }

    private void arithmeticOnOperand(int operation, int size, long right, boolean isRegister) {
      boolean isSame =
          isRegister && !decoder.hasMemory() && decoder.modrmReg() == decoder.modrmRm();
      if (decoder.hasMemory()) {
        locate();
        long left = loadPlace(size);
        long value = arithmetic(operation, left, right, size, false);
        if (operation != 7) {
          storePlace(size, value);
        }
      } else {
        long left = read(decoder.modrmRm(), size);
        long value = arithmetic(operation, left, right, size, isSame);
        if (operation != 7) {
          write(decoder.modrmRm(), size, value);
        }
      }
    }

    private long arithmetic(int operation, long left, long right, int size, boolean isSame) {
      switch (operation) {
        case 7 -> {
          flagsCompare(left, right, size);
          return left;
        }
        case 2, 3 -> {
          // ADC and SBB take part of the flags along.
          boolean isTainted =
              state.flagTaint || !isSame && (Values.isTainted(left) || Values.isTainted(right));
          flagsOther(isTainted);
          return Values.top(isTainted ? Guards.UNKNOWN : Guards.NONE);
        }
        default -> {
          if (isSame && (operation == 6 || operation == 5)) {
            long zero = Values.constant(0, Guards.NONE);
            flagsOf(zero, size);
            return zero;
          }
          long value =
              isSame && (operation == 1 || operation == 4)
                  ? left
                  : values.compute(OPERATIONS[operation], left, right, size);
          if (operation == 5) {
            flagsCompare(left, right, size);
          } else {
            flagsOf(value, size);
          }
          return values.truncated(value, size);
        }
      }
    }

    private void test(long left, long right, int size) {
      boolean isSame =
          !decoder.hasMemory()
              && decoder.hasModrm()
              && decoder.modrmReg() == decoder.modrmRm()
              && (decoder.opcode() == 0x84 || decoder.opcode() == 0x85);
      long value =
          isSame
              ? left
              : values.compute(
                  Values.Operation.AND,
                  left,
                  Values.isConstant(right)
                      ? Values.constant(
                          Values.mask(Values.number(right), size), Values.guard(right))
                      : right,
                  size);
      flagsOf(value, size);
    }

    private void exchange(int size) {
      long register = read(decoder.modrmReg(), size);
      long other = operand(size);
      if (decoder.hasMemory()) {
        storePlace(size, register);
      } else {
        write(decoder.modrmRm(), size, register);
      }
      write(decoder.modrmReg(), size, other);
    }

    private void shift(int opcode, int operandSize) {
      int size = (opcode & 1) == 0 ? 1 : operandSize;
      long count =
          switch (opcode) {
            case 0xc0, 0xc1 -> Values.constant(decoder.immediate() & 63, Guards.NONE);
            case 0xd0, 0xd1 -> Values.constant(1, Guards.NONE);
            default -> read(RCX, 1);
          };
      int operation = decoder.modrmReg() & 7;
      if (decoder.hasMemory()) {
        locate();
      }
      long left = decoder.hasMemory() ? loadPlace(size) : read(decoder.modrmRm(), size);
      long value =
          switch (operation) {
            case 4, 6 -> values.compute(Values.Operation.SHIFT_LEFT, left, count, size);
            case 5 -> values.compute(Values.Operation.SHIFT_RIGHT, left, count, size);
            case 7 ->
                Values.kind(left) == Values.BITS || Values.kind(left) == Values.SET
                    ? values.compute(Values.Operation.SHIFT_RIGHT, left, count, size)
                    : Values.top(values.anyTaint(left, count));
            default -> Values.top(values.anyTaint(left, count));
          };
      flagsOf(value, size);
      if (decoder.hasMemory()) {
        storePlace(size, value);
      } else {
        write(decoder.modrmRm(), size, value);
      }
    }

    /** TEST, NOT, NEG, MUL, IMUL, DIV, IDIV. */
    private void group3(int size) {
      switch (decoder.modrmReg() & 7) {
        case 0, 1 -> {
          long left = operand(size);
          flagsOf(values.compute(Values.Operation.AND, left, immediateOf(size), size), size);
        }
        case 2, 3 -> {
          long old = operand(size);
          long value =
              (decoder.modrmReg() & 7) == 2
                  ? values.compute(
                      Values.Operation.XOR, old, values.literal(Values.mask(-1L, size)), size)
                  : Values.top(Values.guard(old));
          if (decoder.hasMemory()) {
            storePlace(size, value);
          } else {
            write(decoder.modrmRm(), size, value);
          }
          if ((decoder.modrmReg() & 7) == 3) {
            flagsOther(Values.isTainted(old));
          }
        }
        default -> {
          long old = operand(size);
          int taint = values.anyTaint(old, state.register[RAX]);
          write(RAX, size, Values.top(taint));
          if (size > 1) {
            write(RDX, size, Values.top(taint));
          }
          flagsOther(taint != Guards.NONE);
        }
      }
    }

    /** INC, DEC and PUSH of an operand. */
    private void group4(int size) {
      int operation = decoder.modrmReg() & 7;
      if (operation == 6) {
        push(operand(8));
        return;
      }
      if (operation > 1) {
        return;
      }
      long one = Values.constant(1, Guards.NONE);
      if (decoder.hasMemory()) {
        locate();
      }
      long left = decoder.hasMemory() ? loadPlace(size) : read(decoder.modrmRm(), size);
      long value =
          values.compute(
              operation == 0 ? Values.Operation.ADD : Values.Operation.SUBTRACT, left, one, size);
      flagsOf(value, size);
      if (decoder.hasMemory()) {
        storePlace(size, value);
      } else {
        write(decoder.modrmRm(), size, value);
      }
    }

    private void applyTwoByte(int opcode) {
      int size = decoder.operandSize();
      switch (opcode) {
        case 0xa2 -> cpuid();
        case 0x01 -> {
          if (decoder.lastByte() == 0xd0) {
            write(RAX, 4, values.enabledStates());
            write(RDX, 4, Values.top(Guards.UNKNOWN));
          } else {
            applyOther();
          }
        }
        case 0x40,
            0x41,
            0x42,
            0x43,
            0x44,
            0x45,
            0x46,
            0x47,
            0x48,
            0x49,
            0x4a,
            0x4b,
            0x4c,
            0x4d,
            0x4e,
            0x4f -> {
          long other = operand(size);
          long old = read(decoder.modrmReg(), size);
          int condition = opcode & 15;
          long value =
              state.flagTaint
                  ? values.join(
                      values.guarded(other, implied(condition)),
                      values.guarded(old, implied(condition ^ 1)))
                  : values.join(other, old);
          write(decoder.modrmReg(), size, value);
        }
        case 0x90,
            0x91,
            0x92,
            0x93,
            0x94,
            0x95,
            0x96,
            0x97,
            0x98,
            0x99,
            0x9a,
            0x9b,
            0x9c,
            0x9d,
            0x9e,
            0x9f -> {
          int condition = opcode & 15;
          long value =
              state.flagTaint
                  ? values.join(
                      Values.constant(1, implied(condition)),
                      Values.constant(0, implied(condition ^ 1)))
                  : UNKNOWN;
          if (decoder.hasMemory()) {
            store(1, value);
          } else {
            write(decoder.modrmRm(), 1, value);
          }
        }
        case 0xb6 -> write(decoder.modrmReg(), size, operand(1));
        case 0xb7 -> write(decoder.modrmReg(), size, operand(2));
        case 0xbe -> write(decoder.modrmReg(), size, signExtended(operand(1), 1));
        case 0xbf -> write(decoder.modrmReg(), size, signExtended(operand(2), 2));
        case 0xa3, 0xab, 0xb3, 0xbb -> bitTest(size, read(decoder.modrmReg(), size), opcode);
        case 0xba -> bitTest(size, immediate(), 0xa3 + ((decoder.modrmReg() & 3) << 3));
        case 0xb0, 0xb1 -> compareExchange(opcode == 0xb0 ? 1 : size);
        case 0xc0, 0xc1 -> {
          int width = opcode == 0xc0 ? 1 : size;
          long old = operand(width);
          long sum =
              values.compute(Values.Operation.ADD, old, read(decoder.modrmReg(), width), width);
          flagsOf(sum, width);
          if (decoder.hasMemory()) {
            storePlace(width, sum);
          } else {
            write(decoder.modrmRm(), width, sum);
          }
          write(decoder.modrmReg(), width, old);
        }
        case 0xaf -> multiply(operand(size), read(decoder.modrmReg(), size), size);
        default -> {
          if (!vectorMove()) {
            applyOther();
          }
        }
      }
    }

    /** IMUL into a register: code that was not optimised finds the elements of an array so. */
    private void multiply(long left, long right, int size) {
      long product =
          Values.isConstant(left) && Values.isConstant(right)
              ? Values.constant(
                  Values.mask(Values.number(left) * Values.number(right), size),
                  interpretation.guards.both(Values.guard(left), Values.guard(right)))
              : Values.top(values.anyTaint(left, right));
      write(decoder.modrmReg(), size, product);
      flagsOther(Values.isTainted(left) || Values.isTainted(right));
    }

    private void bitTest(int size, long bit, int opcode) {
      if (decoder.hasMemory() && !Values.isConstant(bit)) {
        // The bit may lie far from the address.
        locate();
        long word = loadPlace(size);
        flagsOther(Values.isTainted(word) || Values.isTainted(bit));
        return;
      }
      long word = operand(size);
      if (Values.isConstant(bit)) {
        state.flagKind = State.FLAGS_BIT;
        state.flagLeft = word;
        state.flagRight = Values.number(bit) & (size * 8L - 1);
        state.flagSize = size;
        state.flagTaint = values.tellsByBit(word, (int) state.flagRight);
      } else {
        flagsOther(Values.isTainted(word) || Values.isTainted(bit));
      }
      if (opcode != 0xa3) {
        long value;
        if (Values.isConstant(bit)) {
          long mask = 1L << (Values.number(bit) & (size * 8L - 1));
          value =
              switch (opcode) {
                case 0xab ->
                    values.compute(
                        Values.Operation.OR, word, Values.constant(mask, Guards.NONE), size);
                case 0xb3 ->
                    values.compute(
                        Values.Operation.AND,
                        word,
                        Values.constant(Values.mask(~mask, size), Guards.NONE),
                        size);
                default -> Values.top(Values.guard(word));
              };
        } else {
          value = Values.top(values.anyTaint(word, bit));
        }
        if (decoder.hasMemory()) {
          storePlace(size, value);
        } else {
          write(decoder.modrmRm(), size, value);
        }
      }
    }

    private void compareExchange(int size) {
      long old = operand(size);
      long replacement = read(decoder.modrmReg(), size);
      if (decoder.hasMemory()) {
        storePlace(size, values.join(old, replacement));
      } else {
        write(decoder.modrmRm(), size, values.join(old, replacement));
      }
      flagsCompare(read(RAX, size), old, size);
      write(RAX, size, old);
    }

    private void cpuid() {
      long leaf = state.register[RAX];
      long subleaf = state.register[RCX];
      long a = Values.top(Guards.UNKNOWN);
      long b = a;
      long c = a;
      long d = a;
      if (Values.isConstant(leaf)) {
        int number = (int) Values.number(leaf);
        if (CpuCheckSources.isDescription(number)) {
          a = UNKNOWN;
          b = a;
          c = a;
          d = a;
        } else {
          int sub = Values.isConstant(subleaf) ? (int) Values.number(subleaf) : 0;
          a =
              switch (number) {
                case 0, 0x80000000 -> Values.encode(Values.HIGHEST_LEAF, Guards.NONE, 0);
                case 1 -> a;
                default -> values.cpuid(number, sub, "EAX");
              };
          b = values.cpuid(number, sub, "EBX");
          c = values.cpuid(number, sub, "ECX");
          d = values.cpuid(number, sub, "EDX");
        }
      }
      write(RAX, 4, a);
      write(RBX, 4, b);
      write(RCX, 4, c);
      write(RDX, 4, d);
    }

    /** Replaces one of the four 32-bit parts of a vector register. */
    private void insert(int register, int source, long part, int index) {
      long low = vector(source, 0);
      long high = vector(source, 1);
      long half = index < 2 ? low : high;
      long changed = (index & 1) == 0 ? paired(part, upper(half)) : paired(half, part);
      writeVector(register, index < 2 ? changed : low, index < 2 ? high : changed);
    }

    /** Eight bytes of the low halves of two values. */
    private long paired(long low, long high) {
      long shifted =
          values.compute(
              Values.Operation.SHIFT_LEFT,
              values.truncated(high, 4),
              Values.constant(32, Guards.NONE),
              8);
      return values.compute(Values.Operation.OR, values.truncated(low, 4), shifted, 8);
    }

    /** The high half of eight bytes. */
    private long upper(long value) {
      return values.compute(
          Values.Operation.SHIFT_RIGHT, value, Values.constant(32, Guards.NONE), 8);
    }

    /** Moves of pointers through vector registers, legacy and VEX; false for anything else. */
    private boolean vectorMove() {
      int map = decoder.map();
      int opcode = decoder.opcode();
      int prefix = decoder.mandatoryPrefix();
      boolean isVex = decoder.encoding() == X86Decoder.VEX;
      if (!isVex && decoder.encoding() != X86Decoder.LEGACY) {
        return false;
      }
      int reg = decoder.modrmReg();
      int rm = decoder.modrmRm();
      if (map == 3 && opcode == 0x22 && prefix == PREFIX_66) {
        // PINSRQ/D
        int source = isVex ? decoder.vvvv() : reg;
        if (!decoder.isWide()) {
          insert(reg, source, operand(4), (int) decoder.immediate() & 3);
          return true;
        }
        long value = operand(8);
        boolean isHigh = (decoder.immediate() & 1) != 0;
        writeVector(reg, isHigh ? vector(source, 0) : value, isHigh ? value : vector(source, 1));
        return true;
      }
      if (map != 1) {
        return false;
      }
      switch (opcode) {
        case 0x6e -> {
          if (prefix != PREFIX_66) {
            return false;
          }
          writeVector(reg, operand(decoder.isWide() ? 8 : 4), Values.constant(0, 0));
        }
        case 0x7e -> {
          if (prefix == PREFIX_F3) {
            long low = decoder.hasMemory() ? load(8) : vector(rm, 0);
            writeVector(reg, low, Values.constant(0, 0));
          } else if (prefix == PREFIX_66) {
            int size = decoder.isWide() ? 8 : 4;
            long value = values.truncated(vector(reg, 0), size);
            if (decoder.hasMemory()) {
              store(size, value);
            } else {
              write(rm, size, value);
            }
          } else {
            return false;
          }
        }
        case 0xd6 -> {
          if (prefix != PREFIX_66) {
            return false;
          }
          if (decoder.hasMemory()) {
            store(8, vector(reg, 0));
          } else {
            writeVector(rm, vector(reg, 0), Values.constant(0, 0));
          }
        }
        case 0x10, 0x28, 0x6f -> {
          if (opcode == 0x10 && (prefix == PREFIX_F3 || prefix == PREFIX_F2)) {
            // MOVSS/MOVSD: numbers.
            if (prefix == PREFIX_F2 && decoder.hasMemory()) {
              writeVector(reg, load(8), Values.constant(0, 0));
              return true;
            }
            return false;
          }
          if (opcode == 0x6f && prefix == 0) {
            return false;
          }
          if (decoder.hasMemory()) {
            long low = loadPart(0);
            long high = loadPart(1);
            boolean isWide = isVex && decoder.vectorLength() > 16;
            writeVector(
                reg, low, high, isWide ? loadPart(2) : UNKNOWN, isWide ? loadPart(3) : UNKNOWN);
          } else {
            copyVector(reg, rm);
          }
        }
        case 0x11, 0x29, 0x7f -> {
          if (opcode == 0x11 && (prefix == PREFIX_F3 || prefix == PREFIX_F2)) {
            if (decoder.hasMemory()) {
              store(prefix == PREFIX_F2 ? 8 : 4, prefix == PREFIX_F2 ? vector(reg, 0) : UNKNOWN);
              return true;
            }
            return false;
          }
          if (opcode == 0x7f && prefix == 0) {
            return false;
          }
          if (decoder.hasMemory()) {
            int parts = isVex && decoder.vectorLength() > 16 ? 4 : 2;
            for (int part = 0; part < parts; part++) {
              long value = vector(reg, part);
              if (part < 2 || value != UNKNOWN) {
                locatePart(part);
                storePlace(8, value);
              } else {
                forgetPart(part);
              }
            }
          } else {
            copyVector(rm, reg);
          }
        }
        case 0x16 -> {
          // MOVHPS/MOVHPD from memory, MOVLHPS between registers
          int source = isVex ? decoder.vvvv() : reg;
          long high = decoder.hasMemory() ? load(8) : vector(rm, 0);
          writeVector(reg, vector(source, 0), high);
        }
        case 0x17 -> {
          if (!decoder.hasMemory()) {
            return false;
          }
          store(8, vector(reg, 1));
        }
        case 0x12 -> {
          if (!decoder.hasMemory() || prefix == PREFIX_F2 || prefix == PREFIX_F3) {
            return false;
          }
          int source = isVex ? decoder.vvvv() : reg;
          writeVector(reg, load(8), vector(source, 1));
        }
        case 0x13 -> store(8, vector(reg, 0));
        case 0x6c -> {
          // PUNPCKLQDQ
          if (prefix != PREFIX_66) {
            return false;
          }
          int source = isVex ? decoder.vvvv() : reg;
          long high = decoder.hasMemory() ? load(8) : vector(rm, 0);
          writeVector(reg, vector(source, 0), high);
        }
        case 0x62 -> {
          // PUNPCKLDQ
          if (prefix != PREFIX_66 || decoder.hasMemory()) {
            return false;
          }
          int source = isVex ? decoder.vvvv() : reg;
          long mine = vector(source, 0);
          long other = vector(rm, 0);
          writeVector(reg, paired(mine, other), paired(upper(mine), upper(other)));
        }
        case 0x57, 0xef -> {
          int source = isVex ? decoder.vvvv() : reg;
          boolean isZeroing =
              !decoder.hasMemory() && source == rm && (opcode == 0x57 || prefix == PREFIX_66);
          if (!isZeroing) {
            return false;
          }
          writeVector(reg, Values.constant(0, 0), Values.constant(0, 0));
        }
        default -> {
          return false;
        }
      }
      return true;
    }

    private void copyVector(int to, int from) {
      writeVector(to, vector(from, 0), vector(from, 1), vector(from, 2), vector(from, 3));
    }

    /** The place of the eight bytes with this number in the operand in memory. */
    private void locatePart(int part) {
      locate(decoder.memoryDisplacement() + part * 8L);
      if (decoder.isRipRelative()) {
        placePointer = values.moved(placePointer, part * 8L);
      }
    }

    private long loadPart(int part) {
      locatePart(part);
      return loadPlace(8);
    }

    /** Numbers are stored over the eight bytes with this number. */
    private void forgetPart(int part) {
      locatePart(part);
      if (placeKind == PLACE_STACK && !isIndexed) {
        state.forgetSlots((int) placeOffset, (int) placeOffset + 8);
      }
    }

    /** Any other instruction: what it writes becomes unknown, tainted where what it reads is. */
    private void applyOther() {
      int reads = decoder.gprReads();
      int writes = decoder.gprWrites();
      boolean isTainted = false;
      for (int r = 0; r < 16; r++) {
        isTainted |= (reads >>> r & 1) != 0 && Values.isTainted(state.register[r]);
      }
      isTainted |= isAnyVectorTold(decoder.vectorReads());
      if (decoder.readsFlags()) {
        isTainted |= state.flagTaint;
      }
      if (decoder.hasMemory() && (decoder.memoryAccess() & X86Decoder.READ) != 0) {
        int size = decoder.memoryBytes();
        if (size >= 1 && size <= 8) {
          isTainted |= Values.isTainted(load(size));
        }
      }
      if (decoder.hasMemory() && (decoder.memoryAccess() & X86Decoder.WRITE) != 0) {
        int size = decoder.memoryBytes();
        if (size > 0) {
          store(size, Values.top(isTainted ? Guards.UNKNOWN : Guards.NONE));
        }
      }
      long unknown = Values.top(isTainted ? Guards.UNKNOWN : Guards.NONE);
      for (int r = 0; r < 16; r++) {
        if ((writes >>> r & 1) != 0) {
          if (r == RSP && Values.kind(state.register[RSP]) == Values.STACK) {
            continue;
          }
          write(r, 8, unknown);
        }
      }
      int vectors = decoder.vectorWrites();
      for (int v = 0; v < 16; v++) {
        if ((vectors >>> v & 1) != 0) {
          writeVector(v, unknown, unknown, unknown, unknown);
        }
      }
      if (decoder.clearsUpperVectors()) {
        state.forgetUpperHalves();
      }
      if (decoder.writesFlags()) {
        flagsOther(isTainted);
      }
    }

    // Calls.

    /** A call; whether it comes back. */
    private boolean call(long target, int atEvent) {
      if (atEvent >= 0) {
        reach(atEvent, target);
      }
      var outcome = new Outcome();
      invoke(target, atEvent, outcome);
      if (!outcome.returns) {
        return false;
      }
      clobber();
      int use =
          Values.isGuarded(outcome.result) || Values.isGuarded(outcome.second)
              ? interpretation.answerUse.of(function, atEvent)
              : AnswerUse.FIRST | AnswerUse.SECOND;
      if ((use & AnswerUse.FIRST) != 0) {
        state.register[RAX] = values.chosen(outcome.result, here);
      }
      if ((use & AnswerUse.SECOND) != 0) {
        state.register[RDX] = values.chosen(outcome.second, here);
      }
      return true;
    }

    private void tailCall(long target, int atEvent, long at) {
      position = at;
      isTailCall = true;
      if (atEvent >= 0) {
        reach(atEvent, target);
      }
      var outcome = new Outcome();
      invoke(target, atEvent, outcome);
      if (outcome.returns) {
        answer(outcome.result, outcome.second);
      }
    }

    /** What calls to all possible targets leave. */
    private static final class Outcome {
      boolean returns;
      long result = Values.BOTTOM;
      long second = Values.BOTTOM;
    }

    private void invoke(long target, int atEvent, Outcome outcome) {
      long[] arguments = arguments();
      runTable(arguments[0], arguments[1], atEvent);
      switch (Values.kind(target)) {
        case Values.ADDRESS, Values.SET, Values.EXTERNAL -> {
          for (long element : values.elements(target)) {
            invokeOne(element, atEvent, arguments, outcome);
          }
        }
        default -> {
          giveAway(arguments, atEvent);
          outcome.returns = true;
          outcome.result = UNKNOWN;
          outcome.second = UNKNOWN;
          forgetEscaped();
        }
      }
    }

    /** Code that is not seen is given these. */
    private void giveAway(long[] arguments, int atEvent) {
      if (isSpeaking) {
        for (long argument : arguments) {
          escape(atEvent, argument);
        }
      }
    }

    /** Two arguments that enclose a table of functions, as C runtimes pass their initialisers. */
    private void runTable(long first, long last, int atEvent) {
      if (atEvent < 0
          || Values.kind(first) != Values.ADDRESS
          || Values.kind(last) != Values.ADDRESS
          || Values.isTainted(first)
          || Values.isTainted(last)) {
        return;
      }
      int image = Interpretation.imageNumberOf(Values.payload(first));
      if (image >= Interpretation.THREAD_LOCAL
          || image != Interpretation.imageNumberOf(Values.payload(last))) {
        return;
      }
      for (long address :
          InitialiserTables.between(
              interpretation.image(image),
              interpretation.virtualAddressOf(Values.payload(first)),
              interpretation.virtualAddressOf(Values.payload(last)))) {
        AnalysedFunction initialiser = interpretation.function(image, address);
        if (initialiser != null) {
          interpretation.enter(initialiser);
          if (isSpeaking) {
            function.callbacks.add(
                new AnalysedFunction.Passed(
                    block, atEvent, interpretation.address(image, address)));
          }
        }
      }
    }

    /**
     * The check behind which a call stands. While the checks are being found, what was found when
     * the function was interpreted last.
     */
    private int callGuard() {
      return isSpeaking
          ? behind
          : interpretation.guards.both(entryGuard, function.blockGuard[block]);
    }

    private void invokeOne(long element, int atEvent, long[] arguments, Outcome outcome) {
      int kind = Values.kind(element);
      if (kind == Values.EXTERNAL) {
        invokeExternal(element, atEvent, arguments, outcome);
        return;
      }
      if (kind != Values.ADDRESS
          || Interpretation.imageNumberOf(Values.payload(element)) >= Interpretation.THREAD_LOCAL) {
        giveAway(arguments, atEvent);
        unknownCall(outcome);
        return;
      }
      long place = Values.payload(element);
      AnalysedFunction callee =
          interpretation.function(
              Interpretation.imageNumberOf(place), interpretation.virtualAddressOf(place));
      if (callee == null) {
        giveAway(arguments, atEvent);
        unknownCall(outcome);
        return;
      }
      long foreign = foreignBehind(callee);
      if (foreign != Values.BOTTOM) {
        // The linkage stub is shared by all callers; what they pass and get is their own.
        if (context == 0) {
          interpretation.visit(callee);
        }
        invokeExternal(foreign, atEvent, arguments, outcome);
        return;
      }
      if (interpretation.isOpaque(callee)) {
        giveAway(arguments, atEvent);
        if (interpretation.comesBack(callee)) {
          unknownCall(outcome);
        }
        return;
      }
      if (context > 0) {
        if (callee.isPlain) {
          unknownCall(outcome);
        } else {
          invokeAlone(callee, arguments, outcome);
        }
        return;
      }
      callee.callers.add(function.number);
      interpretation.pass(callee, callSite(atEvent), arguments, callGuard());
      if (isSpeaking) {
        for (int i = 0; i < arguments.length; i++) {
          if (callee.isPlain || Values.kind(callee.argument[i]) == Values.TOP) {
            // What the callee does with this one cannot be told any more.
            if (i == 0 || !calledThrough(arguments[i - 1], arguments[i], atEvent)) {
              escape(atEvent, arguments[i]);
            }
          }
        }
      }
      interpretation.visit(callee);
      interpretation.useOfAnswer(function, atEvent, callee);
      if (isSpeaking && atEvent >= 0 && here == Guards.NONE && !callee.refusals.isEmpty()) {
        refuseAlone(callee, atEvent, arguments);
      }
      if (callee.returns) {
        outcome.returns = true;
        outcome.result = values.join(outcome.result, answerOf(callee, arguments));
        outcome.second =
            values.join(
                outcome.second,
                callee.secondResult == Values.BOTTOM ? UNKNOWN : callee.secondResult);
      }
      forgetEscaped();
    }

    /**
     * A trait object given to a callee that many give theirs: its methods are called with its data.
     *
     * @return whether this is one
     */
    private boolean calledThrough(long data, long table, int atEvent) {
      if (Values.kind(data) != Values.FRAME) {
        return false;
      }
      List<Long> methods = TraitObject.methods(interpretation, table);
      for (long place : methods) {
        AnalysedFunction method =
            interpretation.function(
                Interpretation.imageNumberOf(place), interpretation.virtualAddressOf(place));
        if (method == null) {
          continue;
        }
        var passed = new long[AnalysedFunction.MOST_ARGUMENTS];
        Arrays.fill(passed, UNKNOWN);
        passed[0] = data;
        method.callers.add(function.number);
        interpretation.pass(method, callSite(atEvent), passed, callGuard());
        interpretation.visit(method);
        function.callbacks.add(
            new AnalysedFunction.Passed(
                block, atEvent, Values.encode(Values.ADDRESS, Guards.NONE, place)));
      }
      return !methods.isEmpty();
    }

    /**
     * What a call of a function returns. A small function that looks a flag up by its number, or
     * one that asks the processor itself, is evaluated for this number.
     */
    private long answerOf(AnalysedFunction callee, long[] arguments) {
      long shared = callee.result;
      if (shared == Values.BOTTOM) {
        return UNKNOWN;
      }
      if (Values.isTainted(shared)
          && Values.isConstant(arguments[0])
          && callee.argument[0] != arguments[0]
          && answersByNumber(callee)) {
        long alone = interpretation.alone(callee, arguments, 1).result();
        if (Values.isTainted(alone)) {
          return alone;
        }
      }
      return shared;
    }

    /** The function outside the target that a linkage stub jumps to; BOTTOM for anything else. */
    private long foreignBehind(AnalysedFunction callee) {
      FunctionGraph stub = callee.graph;
      if (stub.blockCount() != 1
          || stub.kinds.length != 1
          || stub.kinds[0] != FunctionGraph.JUMP_SLOT) {
        return Values.BOTTOM;
      }
      long target = interpretation.loaderPointer(callee.imageNumber, stub.values[0], callee);
      return Values.kind(target) == Values.EXTERNAL ? target : Values.BOTTOM;
    }

    /**
     * A callee that ends the program on one side of a check: what it insists on when it is called
     * with these arguments.
     */
    private void refuseAlone(AnalysedFunction callee, int atEvent, long[] arguments) {
      boolean isKnown = true;
      for (Refusal refusal : callee.refusals) {
        isKnown &= refusal.implied() > Guards.UNKNOWN;
      }
      if (isKnown || callee.graph.decodedBytes > MOST_CONTEXT_BYTES) {
        return;
      }
      CallContext alone = interpretation.alone(callee, arguments, 1);
      for (Refusal refusal : alone.refusals()) {
        if (refusal.implied() > Guards.UNKNOWN) {
          function.callRefusals.add(new AnalysedFunction.CallRefusal(atEvent, callee, refusal));
        }
      }
    }

    private void invokeAlone(AnalysedFunction callee, long[] arguments, Outcome outcome) {
      boolean returnsHere = callee.returns;
      long first = callee.result;
      long second = callee.secondResult;
      if (context < MOST_CONTEXT && callee.graph.decodedBytes <= MOST_CONTEXT_BYTES) {
        CallContext alone = interpretation.alone(callee, arguments, context + 1);
        returnsHere = alone.returns();
        first = alone.result();
        second = alone.second();
      }
      if (returnsHere) {
        outcome.returns = true;
        outcome.result = values.join(outcome.result, first == Values.BOTTOM ? UNKNOWN : first);
        outcome.second = values.join(outcome.second, second == Values.BOTTOM ? UNKNOWN : second);
      }
      forgetEscaped();
    }

    private void unknownCall(Outcome outcome) {
      outcome.returns = true;
      outcome.result = values.join(outcome.result, UNKNOWN);
      outcome.second = values.join(outcome.second, UNKNOWN);
      forgetEscaped();
    }

    private void invokeExternal(long element, int atEvent, long[] arguments, Outcome outcome) {
      giveAway(arguments, atEvent);
      String name = interpretation.externalName(element);
      if (ForeignFunctions.neverReturns(name)) {
        return;
      }
      outcome.returns = true;
      if (CpuCheckSources.isThreadLocalAddress(name)) {
        long descriptor = arguments[0];
        if (Values.kind(descriptor) == Values.ADDRESS) {
          long place = Values.payload(descriptor);
          outcome.result =
              values.join(
                  outcome.result,
                  Values.encode(
                      Values.ADDRESS,
                      Guards.NONE,
                      place + ((long) Interpretation.THREAD_LOCAL << 32)));
        } else {
          outcome.result = UNKNOWN;
        }
        outcome.second = values.join(outcome.second, UNKNOWN);
        return;
      }
      long answer =
          ForeignFunctions.allocates(name)
              ? allocated(atEvent)
              : CpuCheckSources.readsEnvironment(name)
                  ? interpretation.external(CpuCheckSources.ENVIRONMENT)
                  : CpuCheckSources.call(values, interpretation.guards, name, arguments);
      outcome.result = values.join(outcome.result, answer);
      outcome.second = values.join(outcome.second, UNKNOWN);
      if (isSpeaking) {
        if (ForeignFunctions.callsItsArgument(name)) {
          for (long argument : arguments) {
            function.callbacks.add(new AnalysedFunction.Passed(block, atEvent, argument));
          }
        }
        if (ForeignFunctions.takesModuleDefinition(name)) {
          function.moduleDefinitions.add(new AnalysedFunction.Passed(block, atEvent, arguments[0]));
        }
      }
      if (ForeignFunctions.callsItsArgument(name)) {
        for (int i = 0; i < arguments.length; i++) {
          long argument = arguments[i];
          if (Values.kind(argument) == Values.ADDRESS
              && Interpretation.imageNumberOf(Values.payload(argument))
                  < Interpretation.THREAD_LOCAL) {
            long place = Values.payload(argument);
            AnalysedFunction callee =
                interpretation.function(
                    Interpretation.imageNumberOf(place), interpretation.virtualAddressOf(place));
            if (callee != null) {
              callBack(callee, atEvent, arguments, i);
              interpretation.visit(callee);
            }
          }
        }
      }
      if (CpuCheckSources.fillsItsArgument(name)) {
        for (long argument : arguments) {
          if (Values.kind(argument) == Values.FRAME && isSpeaking) {
            storeInFrame(Values.payload(argument), 8, Values.top(Guards.UNKNOWN));
          }
        }
      }
      forgetEscaped();
    }

    /**
     * A function given to another, with what it will be called with: what was given before it, as
     * to {@code __call_once} and {@code dispatch_once_f}, and after that what follows it, as to
     * {@code InitOnceExecuteOnce}.
     */
    private void callBack(AnalysedFunction callee, int atEvent, long[] given, int index) {
      if (context > 0) {
        return;
      }
      var passed = new long[AnalysedFunction.MOST_ARGUMENTS];
      Arrays.fill(passed, UNKNOWN);
      if (index > 0) {
        passed[0] = given[index - 1];
      }
      for (int i = index + 1; i < given.length; i++) {
        passed[i - index] = given[i];
      }
      callee.callers.add(function.number);
      interpretation.pass(callee, callSite(atEvent), passed, callGuard());
    }

    /**
     * A new object: all that one call allocates counts as one, at a place of its own above the
     * frame of the function that calls.
     */
    private long allocated(int atEvent) {
      long offset = ALLOCATED + (Math.max(0, atEvent) % MOST_ALLOCATED) * (long) ALLOCATED_BYTES;
      return Values.encode(Values.FRAME, Guards.NONE, (long) function.number << 20 | offset);
    }

    /** The values in argument registers; addresses of this frame are given a name for others. */
    private long[] arguments() {
      int[] registers = argumentRegisters();
      var out = new long[AnalysedFunction.MOST_ARGUMENTS];
      Arrays.fill(out, UNKNOWN);
      for (int i = 0; i < registers.length; i++) {
        long value = state.register[registers[i]];
        out[i] = values.passed(named(value));
      }
      long stack = state.register[RSP];
      if (Values.kind(stack) == Values.STACK) {
        // A call has yet to push its return address; a jump leaves the caller's in place.
        int first = (int) Values.signed(stack) + (isTailCall ? 8 : 0);
        for (int i = AnalysedFunction.REGISTER_ARGUMENTS; i < out.length; i++) {
          long value = state.known(first + stackArgument(i), 8, values);
          out[i] = isNumber(value) && Values.isGuarded(value) ? values.passed(value) : UNKNOWN;
        }
      }
      return out;
    }

    private static boolean isNumber(long value) {
      return switch (Values.kind(value)) {
        case Values.TOP, Values.CONST, Values.BITS, Values.SET -> true;
        default -> false;
      };
    }

    /** The frame from an offset on can be read and written by others from now on. */
    private void share(int from) {
      state.escapedFrom = Math.min(state.escapedFrom, from);
      if (isSpeaking) {
        for (int i = 0; i < state.slots; i++) {
          if (state.slotOffset[i] >= from && state.slotOffset[i] < 0) {
            publish(state.slotOffset[i], state.slotSize[i], state.slotValue[i]);
          }
        }
      }
    }

    /** What others may have overwritten is read from what they stored. */
    private void forgetEscaped() {
      if (state.escapedFrom != Integer.MAX_VALUE) {
        state.forgetSlots(state.escapedFrom, escapedEnd());
      }
    }

    /** A call writes to the object it is given, not to the saved registers above it. */
    private int escapedEnd() {
      return Math.min(0, state.escapedFrom + 128);
    }

    private void clobber() {
      for (int r = 0; r < 16; r++) {
        boolean isSaved =
            r == RBX || r == RSP || r == RBP || r >= 12 || isWindows && (r == 6 || r == 7);
        if (!isSaved) {
          state.register[r] = UNKNOWN;
        }
      }
      int kept = isWindows ? 6 : 0;
      for (int v = 0; v < 16; v++) {
        if (!(isWindows && v >= kept)) {
          state.register[State.VECTOR + v * 2] = UNKNOWN;
          state.register[State.VECTOR + v * 2 + 1] = UNKNOWN;
        }
      }
      state.forgetUpperHalves();
      flagsOther(false);
    }
  }

  /** Whether a function is one of those that may look something up by a number. */
  static boolean answersByNumber(AnalysedFunction function) {
    return function.graph.decodedBytes
        <= (function.graph.asksProcessor ? MOST_CONTEXT_BYTES : MOST_LOOKUP_BYTES);
  }

  private static final int MOST_LOOKUP_BYTES = 64;

  /** A table of flags is looked through so far. */
  private static final int MOST_FLAG_BYTES = 256;

  /** Where a function's allocated objects begin, in the numbering of {@code framePlace}. */
  private static final long ALLOCATED = 0x8_1000;

  private static final int ALLOCATED_BYTES = 0x1000;
  private static final int MOST_ALLOCATED = 126;

  /** Segment overrides from FS on are thread-local or system memory. */
  private static final int FS = 4;

  // Mandatory prefixes as the decoder numbers them.
  private static final int PREFIX_66 = 1;
  private static final int PREFIX_F3 = 2;
  private static final int PREFIX_F2 = 3;

  private static final long BOTTOM_TARGET = Values.BOTTOM;

  private static final Values.Operation[] OPERATIONS = {
    Values.Operation.ADD,
    Values.Operation.OR,
    Values.Operation.ADD,
    Values.Operation.SUBTRACT,
    Values.Operation.AND,
    Values.Operation.SUBTRACT,
    Values.Operation.XOR,
    Values.Operation.SUBTRACT
  };

  // Condition codes, Intel SDM volume 1, appendix B.
  private static final int CARRY = 2;
  private static final int NOT_CARRY = 3;
  private static final int EQUAL = 4;
  private static final int NOT_EQUAL = 5;
  private static final int BELOW_OR_EQUAL = 6;
  private static final int ABOVE = 7;
  private static final int SIGN = 8;
  private static final int NOT_SIGN = 9;
  private static final int LESS = 12;
  private static final int GREATER_OR_EQUAL = 13;
  private static final int LESS_OR_EQUAL = 14;
  private static final int GREATER = 15;
}
