package dev.sigill.analysis;

import dev.sigill.image.FunctionTable;
import dev.sigill.image.Symbol;
import dev.sigill.isa.FeatureTerm;
import dev.sigill.isa.x86.X86Terms;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What stands before the instructions of an image that need more than the processors asked about
 * have: for each different check how many functions run behind it, with examples; and those that
 * nothing leads to.
 */
final class Protections {
  /** The most examples of one kind. */
  private static final int MOST_EXAMPLES = 3;

  private final Interpretation interpretation;
  private final UseWalk walk;
  private final CheckPlaces places;

  Protections(Interpretation interpretation, UseWalk walk) {
    this.interpretation = interpretation;
    this.walk = walk;
    this.places = new CheckPlaces(interpretation, true);
  }

  /** One line of the answer: what checks of one meaning stand before. */
  private record Key(Protection.Kind kind, int guard) {}

  private static final class Group {
    final BitSet terms = new BitSet();
    final List<Protection.Example> examples = new ArrayList<>();
    int functions;
  }

  /** The ways of one function of an image. */
  private record Walked(AnalysedFunction function, List<UseWalk.Way> ways) {}

  /**
   * What stands before the instructions of one image.
   *
   * @param sweep every instruction of interest in its code
   */
  List<Protection> of(LoadedImage image, CodeSweep.Part sweep) {
    var interest = new BitSet();
    for (int i = 0; i < sweep.needCount(); i++) {
      interest.set(sweep.needTerm(i));
    }
    var groups = new LinkedHashMap<Key, Group>();
    var walked = new ArrayList<Walked>();
    walk.ways()
        .forEach(
            (function, ways) -> {
              if (function.image == image) {
                walked.add(new Walked(function, ways));
              }
            });
    for (Walked each : walked) {
      reached(each, interest, groups);
    }
    unreached(image, sweep, covered(walked), groups);
    var out = new ArrayList<Protection>();
    groups.forEach(
        (key, group) ->
            out.add(
                new Protection(
                    key.kind(),
                    key.guard() == Guards.NONE
                        ? CpuCheck.NONE
                        : interpretation.guards.check(key.guard()),
                    group.terms.stream().mapToObj(X86Terms::term).toList(),
                    group.functions,
                    group.examples)));
    return out;
  }

  private record Found(int term, long address, UseWalk.Way way) {}

  private void reached(Walked walked, BitSet interest, Map<Key, Group> groups) {
    AnalysedFunction function = walked.function();
    FunctionGraph graph = function.graph;
    var own = new LinkedHashMap<Key, Found>();
    var terms = new LinkedHashMap<Key, BitSet>();
    for (int block = 0; block < graph.blockCount(); block++) {
      for (int event = graph.firstEvent[block]; event < graph.firstEvent[block + 1]; event++) {
        int term = (int) graph.values[event];
        if (graph.kinds[event] != FunctionGraph.NEED || !interest.get(term)) {
          continue;
        }
        Key key = new Key(Protection.Kind.UNREACHED, Guards.NONE);
        UseWalk.Way way = walked.ways().getFirst();
        if (function.isReached[block] && function.isEventReached[event]) {
          way = decisive(walked.ways(), function.blockGuard[block], term);
          if (way == null) {
            continue;
          }
          int guard = interpretation.guards.both(way.guard(), function.blockGuard[block]);
          key = key(walk.standing(term, guard), guard);
        }
        own.putIfAbsent(key, new Found(term, graph.address(event), way));
        terms.computeIfAbsent(key, _ -> new BitSet()).set(term);
      }
    }
    own.forEach(
        (key, found) -> {
          Group group = groups.computeIfAbsent(key, _ -> new Group());
          group.functions++;
          group.terms.or(terms.get(key));
          if (group.examples.size() < MOST_EXAMPLES) {
            group.examples.add(example(key, function, found));
          }
        });
  }

  private Protection.Example example(Key key, AnalysedFunction function, Found found) {
    CodePlace code = place(function.image, found.address());
    if (key.kind() == Protection.Kind.UNREACHED) {
      return new Protection.Example(CodePlace.NONE, code, List.of());
    }
    FeatureTerm term = X86Terms.term(found.term());
    return new Protection.Example(
        places.before(found.way(), found.address(), term), code, UseWalk.path(found.way()));
  }

  private static CodePlace place(LoadedImage image, long address) {
    return new CodePlace(
        image.path(),
        ExecutionWalk.nameWithOffset(image, address),
        address,
        ExecutionWalk.text(image, address));
  }

  private static Key key(UseWalk.Standing standing, int guard) {
    return switch (standing) {
      case IMPLIED -> new Key(Protection.Kind.GUARDED, guard);
      case ENVIRONMENT -> new Key(Protection.Kind.ENVIRONMENT, Guards.NONE);
      case NOT_UNDERSTOOD -> new Key(Protection.Kind.UNDECIDED, guard);
      case SHORT -> new Key(Protection.Kind.INSUFFICIENT, guard);
      case NO_CHECK -> throw new IllegalArgumentException("that is a finding");
    };
  }

  /**
   * The way that decides what is to be said of an instruction: the worst of all; null where one of
   * them has no check.
   */
  private UseWalk.@org.jspecify.annotations.Nullable Way decisive(
      List<UseWalk.Way> ways, int blockGuard, int term) {
    var by = new EnumMap<UseWalk.Standing, UseWalk.Way>(UseWalk.Standing.class);
    for (UseWalk.Way way : ways) {
      by.putIfAbsent(walk.standing(term, interpretation.guards.both(way.guard(), blockGuard)), way);
    }
    if (by.containsKey(UseWalk.Standing.NO_CHECK)) {
      return null;
    }
    for (UseWalk.Standing standing :
        List.of(
            UseWalk.Standing.SHORT,
            UseWalk.Standing.NOT_UNDERSTOOD,
            UseWalk.Standing.IMPLIED,
            UseWalk.Standing.ENVIRONMENT)) {
      if (by.containsKey(standing)) {
        return by.get(standing);
      }
    }
    throw new IllegalStateException("a function without a way to it");
  }

  /** The code that was gone through: pairs of start and end, joined and ascending. */
  private static long[] covered(List<Walked> walked) {
    var starts = new ArrayList<long[]>();
    for (Walked each : walked) {
      FunctionGraph graph = each.function().graph;
      for (int block = 0; block < graph.blockCount(); block++) {
        if (graph.blockLength[block] > 0) {
          long start = graph.blockStart[block];
          starts.add(new long[] {start, start + graph.blockLength[block]});
        }
      }
    }
    starts.sort((a, b) -> Long.compare(a[0], b[0]));
    var out = new long[starts.size() * 2];
    int count = 0;
    for (long[] next : starts) {
      if (count > 0 && next[0] <= out[count - 1]) {
        out[count - 1] = Math.max(out[count - 1], next[1]);
      } else {
        out[count++] = next[0];
        out[count++] = next[1];
      }
    }
    return Arrays.copyOf(out, count);
  }

  private void unreached(
      LoadedImage image, CodeSweep.Part sweep, long[] covered, Map<Key, Group> groups) {
    var key =
        new Key(
            interpretation.isExhausted() ? Protection.Kind.UNDECIDED : Protection.Kind.UNREACHED,
            Guards.NONE);
    Set<Long> functions = new HashSet<>();
    FunctionTable.Range range = FunctionTable.Range.NONE;
    for (int i = 0; i < sweep.needCount(); i++) {
      long address = sweep.needAddress(i);
      int at = Arrays.binarySearch(covered, address);
      // An even insertion point lies before a start: outside.
      boolean isCovered = at >= 0 ? (at & 1) == 0 : (-at - 1 & 1) == 1;
      if (isCovered) {
        continue;
      }
      Group group = groups.computeIfAbsent(key, _ -> new Group());
      group.terms.set(sweep.needTerm(i));
      if (address >= range.start() && address < range.end()) {
        continue;
      }
      range = image.image().functions().containing(address);
      if (range.isNone()) {
        Symbol symbol = image.image().symbols().containing(address);
        long start = symbol == null ? address : symbol.address();
        long end = symbol == null ? address + UNNAMED : symbol.address() + symbol.size();
        range = new FunctionTable.Range(start, Math.max(end, address + 1));
      }
      if (functions.add(range.start())) {
        group.functions++;
        if (group.examples.size() < MOST_EXAMPLES) {
          group.examples.add(
              new Protection.Example(CodePlace.NONE, place(image, address), List.of()));
        }
      }
    }
  }

  /** How much code without any sign of a function counts as one. */
  private static final long UNNAMED = 4096;
}
