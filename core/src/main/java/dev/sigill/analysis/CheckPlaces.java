package dev.sigill.analysis;

import dev.sigill.isa.FeatureTerm;
import dev.sigill.isa.x86.X86Decoder;
import dev.sigill.isa.x86.X86Formatter;
import java.util.ArrayDeque;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where the checks stand that the {@link UseWalk} met: the branch that decides whether an
 * instruction is reached, in its own function or in one that leads to it. Found again from the
 * guards of blocks, since no walk keeps it.
 */
final class CheckPlaces {
  /** How far back calls are followed. */
  private static final int MOST_CALLS = 64;

  private final Interpretation interpretation;
  private final Guards guards;
  private final boolean isThorough;
  private @Nullable PointerChoices choices;

  /**
   * @param isThorough whether to look through all code for where a pointer was chosen
   */
  CheckPlaces(Interpretation interpretation, boolean isThorough) {
    this.interpretation = interpretation;
    this.guards = interpretation.guards;
    this.isThorough = isThorough;
  }

  /** How a function leads to another: in which block, and what chose the pointer. */
  private record Lead(int block, int choice) {}

  /**
   * The nearest check before an instruction that implies what it needs; where none does, the
   * nearest that asks for a feature; where none does, the nearest of all.
   *
   * @param way how its function is reached
   * @param address its address
   * @param term what it needs
   */
  CodePlace before(UseWalk.Way way, long address, FeatureTerm term) {
    var best = new Best(term);
    UseWalk.Way at = way;
    int block = blockAt(way.function(), address);
    for (int i = 0; i < MOST_CALLS && !best.isImplying(); i++) {
      AnalysedFunction function = at.function();
      if (block >= 0 && function.blockGuard[block] != Guards.NONE) {
        best.offer(deciding(function, block), function.blockGuard[block]);
      }
      UseWalk.Way from = at.from();
      Lead lead = at.guard() == Guards.NONE || from == null ? null : lead(from, at);
      if (lead == null || from == null) {
        break;
      }
      if (lead.choice() != Guards.NONE && !best.isImplying()) {
        best.offer(choice(function), lead.choice());
      }
      block = lead.block();
      at = from;
    }
    return best.place;
  }

  /** The best place met so far. */
  private final class Best {
    private final FeatureTerm term;
    private CodePlace place = CodePlace.NONE;
    private int rank = -1;

    Best(FeatureTerm term) {
      this.term = term;
    }

    void offer(CodePlace found, int guard) {
      int worth =
          term.isMetBy(guards.closure(guard))
              ? 2
              : guards.features(guard).toList().isEmpty() ? 0 : 1;
      // A check of which only the place is missing stands nearer than those further out.
      if (worth > rank && (worth == 2 || !found.isNone())) {
        place = found;
        rank = worth;
      }
    }

    boolean isImplying() {
      return rank == 2;
    }
  }

  private static int blockAt(AnalysedFunction function, long address) {
    FunctionGraph graph = function.graph;
    for (int b = 0; b < graph.blockCount(); b++) {
      if (address >= graph.blockStart[b] && address < graph.blockStart[b] + graph.blockLength[b]) {
        return b;
      }
    }
    return -1;
  }

  /** How a way leads to the next one; null where it cannot be told. */
  private @Nullable Lead lead(UseWalk.Way from, UseWalk.Way to) {
    AnalysedFunction function = from.function();
    FunctionGraph graph = function.graph;
    AnalysedFunction target = to.function();
    long place = interpretation.place(target.imageNumber, target.graph.entry);
    Lead any = null;
    for (int block = 0; block < graph.blockCount(); block++) {
      if (!function.isReached[block]) {
        continue;
      }
      for (int e = graph.firstEvent[block]; e < graph.firstEvent[block + 1]; e++) {
        Lead lead =
            switch (graph.kinds[e]) {
              case FunctionGraph.CALL, FunctionGraph.JUMP ->
                  interpretation.known(function.imageNumber, graph.values[e]) == target
                      ? new Lead(block, Guards.NONE)
                      : null;
              case FunctionGraph.CALL_SLOT,
                  FunctionGraph.CALL_UNKNOWN,
                  FunctionGraph.JUMP_SLOT,
                  FunctionGraph.JUMP_UNKNOWN ->
                  Values.kind(function.target(e)) == Values.ENTRY
                      ? new Lead(block, Values.guard(function.target(e)))
                      : named(function.target(e), place, block);
              default -> null;
            };
        if (lead != null) {
          if (isExact(from, lead, to)) {
            return lead;
          }
          boolean isEntry = Values.kind(function.target(e)) == Values.ENTRY;
          any = any == null && !isEntry ? lead : any;
        }
      }
    }
    for (var handed : List.of(function.callbacks, function.escapes)) {
      for (AnalysedFunction.Passed passed : handed) {
        Lead lead = named(passed.value(), place, passed.block());
        if (lead != null) {
          if (isExact(from, lead, to)) {
            return lead;
          }
          any = any == null ? lead : any;
        }
      }
    }
    if (any != null) {
      return any;
    }
    // An object that leads to it was given away.
    for (AnalysedFunction.Passed passed : function.escapes) {
      var lead = new Lead(passed.block(), Values.guard(passed.value()));
      if (isExact(from, lead, to)) {
        return lead;
      }
    }
    return null;
  }

  private @Nullable Lead named(long value, long place, int block) {
    for (long element : interpretation.values.elements(value)) {
      if (Values.kind(element) == Values.ADDRESS && Values.payload(element) == place) {
        return new Lead(block, Values.guard(element));
      }
    }
    return null;
  }

  private boolean isExact(UseWalk.Way from, Lead lead, UseWalk.Way to) {
    int behind = guards.both(from.guard(), from.function().blockGuard[lead.block()]);
    return guards.both(behind, lead.choice()) == to.guard();
  }

  /** The branch from which a block is only reached on one side. */
  CodePlace deciding(AnalysedFunction function, int block) {
    FunctionGraph graph = function.graph;
    int[][] predecessors = predecessors(function);
    var seen = new BitSet();
    var queue = new ArrayDeque<Integer>();
    queue.add(block);
    seen.set(block);
    while (!queue.isEmpty()) {
      int at = queue.poll();
      for (int before : predecessors[at]) {
        if (seen.get(before) || !function.isReached[before]) {
          continue;
        }
        seen.set(before);
        boolean isBranch = graph.firstSuccessor[before + 1] - graph.firstSuccessor[before] > 1;
        if (isBranch
            && graph.blockLength[before] > 0
            && adds(function.blockGuard[before], function.blockGuard[block])) {
          return branch(function, before);
        }
        queue.add(before);
      }
    }
    return CodePlace.NONE;
  }

  /** Whether something is known behind a branch that is not known at it. */
  private boolean adds(int before, int behind) {
    return behind == Guards.UNKNOWN ? before == Guards.NONE : !guards.isAtMost(behind, before);
  }

  /** The blocks from which each block may be reached. */
  private int[][] predecessors(AnalysedFunction function) {
    if (function != lookedAt) {
      lookedAt = function;
      predecessorsThere = function.graph.predecessors();
    }
    return predecessorsThere;
  }

  /** Places in one function are asked for one after the other. */
  private @Nullable AnalysedFunction lookedAt;

  private int[][] predecessorsThere = {};

  /** The comparison and the branch at the end of a block. */
  private static CodePlace branch(AnalysedFunction function, int block) {
    long start = function.graph.blockStart[block];
    int length = function.graph.blockLength[block];
    byte[] code = function.image.code(start, length);
    if (code.length == 0) {
      return CodePlace.NONE;
    }
    var decoder = new X86Decoder();
    String comparison = "";
    int last = 0;
    for (int at = 0; at < length; ) {
      int size = decoder.decode(code, at, code.length, start + at);
      if (size <= 0) {
        break;
      }
      last = at;
      if (decoder.writesFlags() && at + size < length) {
        comparison = X86Formatter.format(decoder) + "; ";
      }
      at += size;
    }
    return new CodePlace(
        function.image.path(),
        ExecutionWalk.nameWithOffset(function.image, start + last),
        start + last,
        comparison + X86Formatter.format(code, last, length, start + last));
  }

  /** Where the address of a function, or of a table with it, is chosen by a check. */
  private CodePlace choice(AnalysedFunction function) {
    if (!isThorough) {
      return CodePlace.NONE;
    }
    if (choices == null) {
      choices = new PointerChoices(interpretation, this);
    }
    return choices.of(function);
  }
}
