package dev.sigill.analysis;

import java.util.BitSet;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which functions of a group of images matter for the stage of use: those from which a way leads to
 * an instruction that somebody may lack, and those that learn what the processor can do, or read
 * what was learnt. Nothing else needs to be followed.
 */
final class UseScope {
  /**
   * How many calls above an instruction that asks the processor its answer may be stored. Helpers
   * ask for one leaf, a detection calls them, and somebody stores what it says.
   */
  private static final int MOST_STORING = 3;

  private final ReferenceGraph graph;
  private final Interpretation interpretation;
  private final BitSet leading;
  private final BitSet valued;

  /** What asks the processor, by itself or by calling what does. */
  private final BitSet learning;

  /** What asks the processor or for variables of the environment. */
  private final BitSet asking;

  UseScope(Interpretation interpretation, Map<LoadedImage, CodeSweep.Part> sweeps) {
    this.interpretation = interpretation;
    this.graph =
        new ReferenceGraph(
            interpretation,
            sweeps,
            name -> CpuCheckSources.isSource(name) || CpuCheckSources.readsEnvironment(name));
    var needs = new BitSet();
    var checks = new BitSet();
    sweeps.forEach(
        (image, part) -> {
          int number = interpretation.imageNumber(image);
          for (int i = 0; i < part.needCount(); i++) {
            set(needs, graph.node(number, part.needAddress(i)));
          }
          for (long address : part.checks()) {
            set(checks, graph.node(number, address));
          }
        });
    checks.or(graph.noted(CpuCheckSources::isSource));
    needs.or(checks);
    leading = graph.leadingTo(needs);
    learning = graph.calling(checks, MOST_STORING);
    BitSet data = graph.variablesOf(learning);
    data.or(checks);
    valued = graph.leadingTo(data);
    asking = graph.calling(graph.noted(_ -> true), 1);
    asking.or(checks);
  }

  private static void set(BitSet nodes, int node) {
    if (node >= 0) {
      nodes.set(node);
    }
  }

  /**
   * Whether a way may lead from a place of code or data to an instruction that somebody lacks, or
   * to one that asks the processor.
   */
  boolean leads(long place) {
    return has(leading, place);
  }

  /**
   * Whether nothing leads to some instructions that somebody lacks: no code and no data names what
   * they lie in, nor what names that.
   *
   * @param roots places that others find by themselves, the same each time
   * @param places of the instructions
   * @return by index of those
   */
  BitSet unused(List<Long> roots, List<Long> places) {
    BitSet live = reachedFrom(roots);
    var candidates = new BitSet();
    places.forEach(place -> set(candidates, node(place)));
    candidates.andNot(live);
    if (!candidates.isEmpty()) {
      BitSet dead = graph.leadingTo(candidates);
      dead.andNot(live);
      BitSet more = graph.inRelativeTables(dead);
      if (!more.isEmpty()) {
        candidates.andNot(graph.reachableFrom(more));
      }
    }
    var out = new BitSet();
    for (int i = 0; i < places.size(); i++) {
      int node = node(places.get(i));
      out.set(i, node >= 0 && candidates.get(node));
    }
    return out;
  }

  /** What roots lead to, found once. */
  private BitSet reachedFrom(List<Long> roots) {
    if (reached == null) {
      var starts = new BitSet();
      roots.forEach(place -> set(starts, node(place)));
      reached = graph.reachableFrom(starts);
    }
    return reached;
  }

  private @Nullable BitSet reached;

  private int node(long place) {
    return graph.node(Interpretation.imageNumberOf(place), interpretation.virtualAddressOf(place));
  }

  /** Whether a function does not ask for anything itself, the processor or the environment. */
  boolean asksNothing(AnalysedFunction function) {
    int node = graph.node(function.imageNumber, function.graph.entry);
    return node >= 0 && !asking.get(node);
  }

  /** Whether a function asks the processor, by itself or by calling what does. */
  boolean learns(AnalysedFunction function) {
    return learns(function.imageNumber, function.graph.entry);
  }

  /** Whether a function that asks the processor begins at an address. */
  boolean learns(int imageNumber, long address) {
    return graph.beginsUnit(imageNumber, address) && learning.get(graph.node(imageNumber, address));
  }

  /** Whether what a function does or answers may tell something of the processor. */
  boolean matters(AnalysedFunction function) {
    long place = interpretation.place(function.imageNumber, function.graph.entry);
    return has(leading, place) || has(valued, place);
  }

  private boolean has(BitSet nodes, long place) {
    int node = node(place);
    return node < 0 || nodes.get(node);
  }
}
