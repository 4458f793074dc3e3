package dev.sigill.analysis;

import java.util.Arrays;
import java.util.List;

/** Calls: what a function passes to those that it may call, and what they leave to it. */
final class Calls {
  /** Calls are evaluated with their own arguments no deeper than this. */
  private static final int MOST_CONTEXT = 5;

  /** Functions with more code than this are not evaluated for one call alone. */
  private static final int MOST_CONTEXT_BYTES = 6000;

  /** Functions with more code than this do no more than look something up by a number. */
  private static final int MOST_LOOKUP_BYTES = 64;

  /** Objects that hold what was learnt of the processor are no larger. */
  private static final int MOST_OBJECT_BYTES = 128;

  private static final long[] NONE = {};

  /** Functions that hand out what CPUID answers are no larger. */
  private static final int MOST_ASKING_BYTES = 128;

  private final BlockVisit visit;
  private final Interpretation interpretation;
  private final Values values;
  private final AnalysedFunction function;
  private final CallingConvention convention;
  private final State state;
  private final OwnFrame frame;
  private final Flags flags;
  private final ForeignCalls foreign;

  Calls(BlockVisit visit, OwnFrame frame, Flags flags) {
    this.visit = visit;
    this.interpretation = visit.interpretation;
    this.values = visit.values;
    this.function = visit.function;
    this.convention = visit.convention;
    this.state = visit.state;
    this.frame = frame;
    this.flags = flags;
    this.foreign = new ForeignCalls(visit, frame);
  }

  /** Whether a function is one of those that may look something up by a number. */
  static boolean answersByNumber(AnalysedFunction function) {
    return function.graph.decodedBytes
        <= (function.graph.asksProcessor ? MOST_CONTEXT_BYTES : MOST_LOOKUP_BYTES);
  }

  /**
   * A call; whether it comes back.
   *
   * @param table the register with the table that the target was read from, or -1
   */
  boolean call(long target, int atEvent, int table) {
    if (atEvent >= 0) {
      visit.reach(atEvent, target);
    }
    var outcome = new Outcome();
    invoke(target, atEvent, outcome, arguments(table, false));
    if (!outcome.returns) {
      return false;
    }
    clobber();
    int use =
        Values.isGuarded(outcome.result) || Values.isGuarded(outcome.second)
            ? interpretation.answerUse.of(function, atEvent)
            : AnswerUse.FIRST | AnswerUse.SECOND;
    if ((use & AnswerUse.FIRST) != 0) {
      state.register[Registers.RAX] = values.chosen(outcome.result, visit.here);
    }
    if ((use & AnswerUse.SECOND) != 0) {
      state.register[Registers.RDX] = values.chosen(outcome.second, visit.here);
    }
    return true;
  }

  /**
   * A jump to another function: what that leaves to the caller.
   *
   * @param table the register with the table that the target was read from, or -1
   */
  Outcome tailCall(long target, int atEvent, int table) {
    if (atEvent >= 0) {
      visit.reach(atEvent, target);
    }
    var outcome = new Outcome();
    invoke(target, atEvent, outcome, arguments(table, true));
    return outcome;
  }

  /**
   * The values in argument registers; addresses of this frame are given a name for others. A table
   * that is called through is not passed on, though it may be in such a register.
   */
  private long[] arguments(int table, boolean isJump) {
    var out = new long[AnalysedFunction.MOST_ARGUMENTS];
    Arrays.fill(out, Values.UNKNOWN);
    for (int i = 0; i < convention.registerArguments(); i++) {
      int register = convention.argumentRegister(i);
      if (register != table) {
        out[i] = values.passed(frame.named(state.register[register]));
      }
    }
    long stack = state.register[Registers.RSP];
    if (Values.kind(stack) == Values.STACK) {
      // A call has yet to push its return address; a jump leaves the caller's in place.
      int first = (int) Values.signed(stack) + (isJump ? 8 : 0);
      for (int i = AnalysedFunction.REGISTER_ARGUMENTS; i < out.length; i++) {
        long value = state.known(first + convention.stackArgument(i), 8, values);
        out[i] =
            Values.mayBeNumber(value) && Values.isGuarded(value)
                ? values.passed(value)
                : Values.UNKNOWN;
      }
    }
    return out;
  }

  /** Calls all that a target may be. */
  private void invoke(long target, int atEvent, Outcome outcome, long[] arguments) {
    if (visit.isBlind) {
      unknownCall(outcome);
      return;
    }
    runTable(arguments[0], arguments[1], atEvent);
    switch (Values.kind(target)) {
      case Values.ADDRESS, Values.SET, Values.EXTERNAL -> {
        for (long element : values.elements(target)) {
          invokeOne(element, atEvent, arguments, outcome);
        }
      }
      default -> {
        visit.giveAway(arguments, atEvent);
        outcome.returns = true;
        outcome.result = Values.UNKNOWN;
        outcome.second = Values.UNKNOWN;
        frame.forgetShared();
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
        if (visit.isSpeaking) {
          function.callbacks.add(
              new AnalysedFunction.Passed(
                  visit.block, atEvent, interpretation.address(image, address)));
        }
      }
    }
  }

  private void invokeOne(long element, int atEvent, long[] arguments, Outcome outcome) {
    int kind = Values.kind(element);
    if (kind == Values.EXTERNAL) {
      foreign.call(element, atEvent, arguments, outcome);
      return;
    }
    if (kind != Values.ADDRESS
        || Interpretation.imageNumberOf(Values.payload(element)) >= Interpretation.THREAD_LOCAL) {
      visit.giveAway(arguments, atEvent);
      unknownCall(outcome);
      return;
    }
    long place = Values.payload(element);
    AnalysedFunction callee =
        interpretation.function(
            Interpretation.imageNumberOf(place), interpretation.virtualAddressOf(place));
    if (callee == null) {
      visit.giveAway(arguments, atEvent);
      unknownCall(outcome);
      return;
    }
    long outside = foreignBehind(callee);
    if (outside != Values.BOTTOM) {
      // The linkage stub is shared by all callers; what they pass and get is their own.
      if (visit.context == 0) {
        interpretation.visit(callee);
      }
      foreign.call(outside, atEvent, arguments, outcome);
      return;
    }
    if (interpretation.isOpaque(callee)) {
      visit.giveAway(arguments, atEvent);
      if (interpretation.comesBack(callee)) {
        unknownCall(outcome);
      }
      return;
    }
    if (visit.context > 0) {
      if (callee.isPlain) {
        unknownCall(outcome);
      } else {
        invokeAlone(callee, arguments, outcome);
      }
      return;
    }
    callee.callers.add(function.number);
    interpretation.pass(callee, visit.callSite(atEvent), arguments, visit.callGuard());
    if (visit.isSpeaking) {
      for (int i = 0; i < arguments.length; i++) {
        if (callee.isPlain || Values.kind(callee.argument[i]) == Values.TOP) {
          // What the callee does with this one cannot be told any more.
          boolean isOver = i > 0 && calledThrough(arguments[i - 1], arguments[i], atEvent);
          if (!isOver && mayUse(callee, i)) {
            visit.escape(atEvent, arguments[i]);
          }
        }
      }
    }
    interpretation.visit(callee);
    interpretation.useOfAnswer(function, atEvent, callee);
    if (visit.isSpeaking
        && atEvent >= 0
        && visit.here == Guards.NONE
        && !callee.refusals.isEmpty()) {
      refuseAlone(callee, atEvent, arguments);
    }
    if (callee.returns) {
      outcome.add(answerOf(callee, arguments), known(callee.secondResult), values);
    }
    frame.forgetShared();
    keepStores(callee, arguments);
  }

  private boolean mayUse(AnalysedFunction callee, int argument) {
    return argument >= convention.registerArguments()
        || interpretation.argumentUse.mayUse(callee, convention.argumentRegister(argument));
  }

  /**
   * Keeps what a small function that asks the processor stores in this frame. Each call gives it a
   * number of its own; what all calls together make it store says nothing.
   */
  private void keepStores(AnalysedFunction callee, long[] arguments) {
    boolean isAsking =
        callee.graph.asksProcessor
            && callee.graph.blockCount() == 1
            && callee.graph.decodedBytes <= MOST_ASKING_BYTES;
    if (!isAsking
        || Arrays.stream(arguments).noneMatch(Values::isConstant)
        || Arrays.stream(arguments).noneMatch(frame::isNamed)) {
      return;
    }
    interpretation.alone(callee, arguments, 1).stores().forEach(frame::keep);
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
      Arrays.fill(passed, Values.UNKNOWN);
      passed[0] = data;
      method.callers.add(function.number);
      interpretation.pass(method, visit.callSite(atEvent), passed, visit.callGuard());
      interpretation.visit(method);
      function.callbacks.add(
          new AnalysedFunction.Passed(
              visit.block, atEvent, Values.encode(Values.ADDRESS, Guards.NONE, place)));
    }
    return !methods.isEmpty();
  }

  /**
   * What a call of a function returns. A small function that looks a flag up by its number, be it
   * in a given object, or one that asks the processor itself, is evaluated for this number.
   */
  private long answerOf(AnalysedFunction callee, long[] arguments) {
    long shared = callee.result;
    if (shared == Values.BOTTOM) {
      return Values.UNKNOWN;
    }
    long[] asked = asked(callee, arguments);
    boolean mayTell = Values.isTainted(shared) || callee.looksUp;
    if (callee.looksUp) {
      visit.asks.set(visit.block);
    }
    if (asked.length > 0 && (mayTell || holdsChecks(asked[0]))) {
      long alone = interpretation.alone(callee, asked, 1).result();
      if (Values.isTainted(alone)) {
        return alone;
      }
    }
    return shared;
  }

  /** Whether what checks decided was stored in the object at an address. */
  private boolean holdsChecks(long object) {
    if (Values.kind(object) != Values.ADDRESS) {
      return false;
    }
    long place = Values.payload(object);
    return interpretation.memory.tells(place, MOST_OBJECT_BYTES, function.number);
  }

  /**
   * The arguments for which a call of a function is evaluated alone, the others unknown: what other
   * registers happen to hold does not matter to a lookup. None where it is not evaluated so.
   */
  private long[] asked(AnalysedFunction callee, long[] arguments) {
    boolean isByNumber = Values.isConstant(arguments[0]) && callee.argument[0] != arguments[0];
    boolean isInObject =
        Values.kind(arguments[0]) == Values.ADDRESS
            && Values.isConstant(arguments[1])
            && callee.argument[1] != arguments[1];
    if (!answersByNumber(callee) || !isByNumber && !isInObject) {
      return NONE;
    }
    if (callee.graph.asksProcessor) {
      return arguments;
    }
    var out = new long[arguments.length];
    Arrays.fill(out, Values.UNKNOWN);
    System.arraycopy(arguments, 0, out, 0, isByNumber ? 1 : 2);
    return out;
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

  /** In the evaluation of one call: a call within it, evaluated with its own arguments too. */
  private void invokeAlone(AnalysedFunction callee, long[] arguments, Outcome outcome) {
    boolean returnsHere = callee.returns;
    long first = callee.result;
    long second = callee.secondResult;
    if (visit.context < MOST_CONTEXT && callee.graph.decodedBytes <= MOST_CONTEXT_BYTES) {
      CallContext alone = interpretation.alone(callee, arguments, visit.context + 1);
      returnsHere = alone.returns();
      first = alone.result();
      second = alone.second();
    }
    if (returnsHere) {
      outcome.add(known(first), known(second), values);
    }
    frame.forgetShared();
  }

  /** A call of which nothing is known. */
  private void unknownCall(Outcome outcome) {
    outcome.add(Values.UNKNOWN, Values.UNKNOWN, values);
    frame.forgetShared();
  }

  /** What a callee that returns leaves; unknown where it never said. */
  private static long known(long answer) {
    return answer == Values.BOTTOM ? Values.UNKNOWN : answer;
  }

  /** Forgets what a call may overwrite. */
  private void clobber() {
    for (int r = 0; r < 16; r++) {
      if (!convention.keeps(r)) {
        state.register[r] = Values.UNKNOWN;
      }
    }
    for (int v = 0; v < State.VECTORS; v++) {
      if (!convention.keepsVector(v)) {
        state.setVector(v, 0, Values.UNKNOWN);
        state.setVector(v, 1, Values.UNKNOWN);
      }
    }
    state.forgetUpperHalves();
    flags.other(false);
  }
}
