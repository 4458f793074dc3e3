package dev.sigill.analysis;

import dev.sigill.isa.x86.X86Decoder;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where the interpretation of a function is: the block that it goes through, behind which checks,
 * and what is known there. One object serves for all blocks, one after the other.
 */
final class BlockVisit {
  final Interpretation interpretation;
  final Values values;
  final AnalysedFunction function;
  final FunctionGraph graph;
  final int imageNumber;
  final CallingConvention convention;

  /** The check behind which all of the function runs. */
  final int entryGuard;

  /** How deep this is in an evaluation of one call with its own arguments; 0 for a shared one. */
  final int context;

  final X86Decoder decoder = new X86Decoder();

  /** What is known before the current instruction. */
  final State state = new State();

  /** The pointers in arrays of the frame. */
  final FrameArrays arrays = new FrameArrays();

  /** What one call that is evaluated alone always stores in frames of its callers. */
  final List<CallContext.Store> callerStores = new ArrayList<>(0);

  /** What is stored in variables at known places, as far as it is said to others. */
  final List<Overwriting.Store> stores = new ArrayList<>(0);

  /** Blocks that read one of several elements of tables that do not change. */
  final BitSet walks = new BitSet();

  /** Blocks that call what looks up what checks decided. */
  final BitSet asks = new BitSet();

  private final byte @Nullable [][] code;

  /** Whether this pass says what the function stores, passes on and returns. */
  boolean isSpeaking;

  /** Whether only what the function's own instructions say is believed; {@link PossibleBlocks}. */
  boolean isBlind;

  int block;

  /** The check within the function behind which the block runs. */
  int here;

  /** The same with the one behind which the function is called. */
  int behind;

  /** The address of the current instruction. */
  long position;

  BlockVisit(
      Interpretation interpretation, AnalysedFunction function, int context, int entryGuard) {
    this.interpretation = interpretation;
    this.values = interpretation.values;
    this.function = function;
    this.graph = function.graph;
    this.imageNumber = function.imageNumber;
    this.convention = CallingConvention.of(function.image.image().format());
    this.entryGuard = entryGuard;
    this.context = context;
    this.code = new byte[graph.blockCount()][];
  }

  /**
   * Begins with a block.
   *
   * @param guard the check within the function behind which it runs
   */
  void enter(int next, int guard) {
    block = next;
    here = guard;
    behind = interpretation.guards.both(entryGuard, guard);
    position = graph.blockStart[next];
  }

  /** The code of a block, read once. */
  byte[] code(int of) {
    byte[] known = code[of];
    if (known == null) {
      known = function.image.code(graph.blockStart[of], graph.blockLength[of]);
      code[of] = known;
    }
    return known;
  }

  /** Notes that a call or jump is reached, and where it leads. */
  void reach(int event, long target) {
    if (isSpeaking) {
      function.isEventReached[event] = true;
      function.setTarget(event, target);
    }
  }

  /** A number of the call that an event stands for. */
  long callSite(int atEvent) {
    return function.callSite(position, block, atEvent);
  }

  /** A number of the current instruction. */
  long site() {
    return function.site(position, block);
  }

  /**
   * The check behind which a call stands. While the checks are being found, what was found when the
   * function was interpreted last.
   */
  int callGuard() {
    return isSpeaking ? behind : interpretation.guards.both(entryGuard, function.blockGuard[block]);
  }

  /**
   * What a function stores or answers that looks the processor up in a file of the system: the
   * result of a check, unless it is a pointer or nothing yet.
   */
  long learnt(long value) {
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

  /**
   * Whether the way out of a branch is taken that known numbers decide. They are those of one call,
   * of one element of a table that does not change, or of the code itself; others may still become
   * other ones.
   */
  boolean decides() {
    return isBlind || context > 0 || graph.copy(block) > 0;
  }

  /** Notes an address that this block gives away. */
  void escape(int atEvent, long value) {
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

  /** Code that is not seen is given these. */
  void giveAway(long[] arguments, int atEvent) {
    if (isSpeaking) {
      for (long argument : arguments) {
        escape(atEvent, argument);
      }
    }
  }
}
