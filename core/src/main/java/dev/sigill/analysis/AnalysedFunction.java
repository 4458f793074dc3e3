package dev.sigill.analysis;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One function of the target with what the interpretation knows of it. */
final class AnalysedFunction {
  /** Arguments in registers, at most. */
  static final int REGISTER_ARGUMENTS = 6;

  /** Arguments that are told apart: after those in registers the first on the stack. */
  static final int MOST_ARGUMENTS = REGISTER_ARGUMENTS + 8;

  final int number;
  final int imageNumber;
  final LoadedImage image;

  /** The function as it was decoded. */
  final FunctionGraph decoded;

  /** The same, or with a loop laid out; {@link LoopLayout}. */
  FunctionGraph graph;

  /** Whether a loop was laid out once. */
  boolean wasLaidOut;

  /** What callers pass in argument registers and then on the stack: all {@link #passed} joined. */
  final long[] argument = new long[MOST_ARGUMENTS];

  /** What each call passes, by the number of the calling instruction, without unknown ends. */
  final LongMap<long[]> passed = new LongMap<>();

  int passedCount;
  long[] passedSite = {};

  /** The checks behind which calls stand, by the same numbers; null while all stand behind none. */
  private @Nullable LongMap<Integer> siteGuard;

  /** The check behind which every call stands. */
  private int entryGuard = Guards.NONE;

  /** Whether something other than a call that was seen enters it. */
  private boolean isEnteredFreely;

  /** What it leaves in RAX and RDX; BOTTOM until it is known to return. */
  long result = Values.BOTTOM;

  long secondResult = Values.BOTTOM;
  boolean returns;

  /** Which blocks are reached. */
  boolean[] isReached;

  /** The guard of each block; {@link Guards#NONE} where no check stands before it. */
  int[] blockGuard;

  /** See {@link #target}; null while all are BOTTOM. */
  private long @Nullable [] eventTarget;

  /** Whether each event is reached: nothing before it in its block stops. */
  boolean[] isEventReached;

  /** Functions that a call has called at once, by event number. */
  final List<Passed> callbacks = new ArrayList<>();

  /** Module definitions that a call hands to Python, by event number. */
  final List<Passed> moduleDefinitions = new ArrayList<>();

  /** Addresses that unguarded blocks give away: stored, passed on or returned. */
  final List<Passed> escapes = new ArrayList<>();

  /**
   * A value handed on by a call.
   *
   * @param block the block of the call
   * @param event the number of the call's event, or -1 for a plain instruction
   * @param value the value
   */
  record Passed(int block, int event, long value) {}

  /** Checks that end the program on one side. */
  List<Refusal> refusals = List.of();

  /** The same of callees, evaluated for the arguments of one call. */
  final List<CallRefusal> callRefusals = new ArrayList<>();

  /**
   * A check that a call makes.
   *
   * @param event the number of the call's event
   * @param callee the function that holds the check
   * @param refusal the check
   */
  record CallRefusal(int event, AnalysedFunction callee, Refusal refusal) {}

  /** Whether its address is known outside the target, so that it may be called with anything. */
  boolean isCalledFromOutside;

  boolean isQueued;
  boolean isRunning;
  int visits;

  /** Whether it was not interpreted: all of its code runs when it is called. */
  boolean isPlain;

  /** Results of checks that it stores in fields of objects, by displacement and size. */
  final LongMap<Long> ownFields = new LongMap<>();

  /** Whether it leaves what it learnt of the processor where its callers may read it. */
  boolean tells;

  /**
   * Whether it looks up what checks decided: small, and what it answers may depend on what each
   * caller asks for.
   */
  boolean looksUp;

  /** What {@link PlainFlow#readsStackArguments} found; null where it was not asked. */
  @Nullable Boolean readsStackArguments;

  /** What {@link ArgumentUse} found; negative where it was not asked. */
  int overwritten = -1;

  /** What {@link AnswerUse} found, by event; null where it was not asked. */
  byte @Nullable [] answerUse;

  /** What {@link Returning} found; 0 where it was not asked. */
  byte returning;

  /** How often it had been interpreted when {@link UseWalk} last went through it. */
  int walked = -1;

  /**
   * By the numbers of instructions that store in variables, the checks without which the function
   * overwrites that again; null where there are none.
   */
  @Nullable LongMap<Integer> lasting;

  /** What calls of it with arguments of their own were found to do, by those. */
  final Map<List<Long>, CallContext> alone = new HashMap<>(0);

  /** Functions that call it. */
  final FunctionNumbers callers = new FunctionNumbers();

  /** Those of them that use what it answers, or may. */
  final FunctionNumbers readers = new FunctionNumbers();

  AnalysedFunction(int number, int imageNumber, LoadedImage image, FunctionGraph graph) {
    this.number = number;
    this.imageNumber = imageNumber;
    this.image = image;
    this.decoded = graph;
    this.graph = graph;
    this.isReached = new boolean[graph.blockCount()];
    this.blockGuard = new int[graph.blockCount()];
    this.isEventReached = new boolean[graph.kinds.length];
  }

  /**
   * Replaces its blocks by others of the same code, before anything is said of them: what is kept
   * by their numbers is forgotten.
   */
  void layOut(FunctionGraph other) {
    graph = other;
    wasLaidOut = true;
    isReached = new boolean[other.blockCount()];
    blockGuard = new int[other.blockCount()];
    isEventReached = new boolean[other.kinds.length];
    answerUse = null;
    lasting = null;
  }

  /** The check behind which this runs, whoever calls it. */
  int entryGuard() {
    return isEnteredFreely || isCalledFromOutside ? Guards.NONE : entryGuard;
  }

  /**
   * Says that something other than a call that was seen enters it.
   *
   * @return whether that changes behind which check it runs
   */
  boolean enterFreely() {
    boolean isNews = entryGuard() != Guards.NONE;
    isEnteredFreely = true;
    return isNews;
  }

  /**
   * Says behind which check a call stands, once it is in {@link #passed}. Where that is not known,
   * it counts as none.
   *
   * @param isSettled whether the check may only become less from now on
   * @return whether that changes behind which check this runs
   */
  boolean callBehind(long site, int check, boolean isSettled, Guards guards) {
    int guard = check > Guards.ENVIRONMENT ? check : Guards.NONE;
    if (siteGuard == null) {
      if (guard == Guards.NONE && entryGuard == Guards.NONE) {
        return false;
      }
      siteGuard = new LongMap<>();
    }
    siteGuard.put(site, guard);
    int all = isSettled ? guards.either(entryGuard, guard) : guard;
    for (int i = 0; i < passedCount && all != Guards.NONE; i++) {
      Integer known = siteGuard.get(passedSite[i]);
      all = guards.either(all, known == null ? Guards.NONE : known);
    }
    all = all > Guards.ENVIRONMENT ? all : Guards.NONE;
    int before = entryGuard();
    entryGuard = all;
    return entryGuard() != before;
  }

  /** What a call or jump event leads to; BOTTOM where it was not reached or is direct. */
  long target(int event) {
    return eventTarget == null ? Values.BOTTOM : eventTarget[event];
  }

  void setTarget(int event, long value) {
    if (eventTarget == null) {
      if (value == Values.BOTTOM) {
        return;
      }
      eventTarget = new long[graph.kinds.length];
    }
    eventTarget[event] = value;
  }

  void forgetTargets() {
    eventTarget = null;
  }

  /**
   * A number of one of its instructions.
   *
   * @param block the block that it is met in, one of several where a loop is laid out
   */
  long site(long address, int block) {
    // Instructions of one function lie within 128 MB of one another.
    long copy = Math.max(0, graph.copy(block) - 1);
    long distance = address - graph.entry ^ copy << COPY_SHIFT;
    return (long) number << 32 | distance & 0xffff_ffffL;
  }

  private static final int COPY_SHIFT = 27;

  /** A number of the call that an event at an instruction stands for. */
  long callSite(long address, int block, int event) {
    return site(address, block) << 8 >>> 8 | (long) (event & 0xff) << 56;
  }

  @Override
  public String toString() {
    return image.path() + "!0x" + Long.toHexString(graph.entry);
  }
}
