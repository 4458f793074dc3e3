package dev.sigill.analysis;

import dev.sigill.isa.Feature;
import dev.sigill.isa.FeatureSet;
import dev.sigill.isa.FeatureTerm;
import dev.sigill.isa.x86.X86Terms;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Goes from roots through all that calls and addresses given away lead to, with the checks that
 * stand on each way. A function reached in several ways keeps those ways of which none asks for
 * less than another. Functions and tables whose address is given away (stored, passed to code
 * outside, left in an object that is) are roots of the stage of use.
 */
final class UseWalk {
  /** The most ways kept apart for one function; further ones count as checks of unknown meaning. */
  private static final int MOST_WAYS = 6;

  /** The most functions of one path that a report shows. */
  private static final int MOST_PATH = 24;

  private final Interpretation interpretation;
  private final Guards guards;
  private final DataObjects objects;
  private final CheckPlaces places;
  private final PossibleBlocks possible;
  private final UseScope scope;
  private final Map<AnalysedFunction, List<Way>> ways = new LinkedHashMap<>();
  private final ArrayDeque<Way> work = new ArrayDeque<>();
  private final Map<Long, List<Integer>> reachedObjects = new HashMap<>();

  /** Found needs by holder image and key; the first found stays. */
  private final Map<LoadedImage, Map<Key, Site>> sites = new HashMap<>();

  /** The instructions that some way leads to without a check that is enough. */
  private final Map<LoadedImage, Set<Long>> unprotected = new HashMap<>();

  /** Functions that only an address given away leads to, not interpreted yet. */
  private final List<Pending> pending = new ArrayList<>();

  private final List<Root> roots = new ArrayList<>();
  private final List<Pending> useRoots = new ArrayList<>();

  private int order;

  /** One way in which a function is reached. */
  record Way(AnalysedFunction function, int guard, Stage stage, @Nullable Way from, String title) {}

  private record Root(AnalysedFunction function, Stage stage, String title) {}

  private record Pending(long place, int guard, Stage stage, @Nullable Way from, String title) {}

  private record Key(int term, int guard, Stage stage) {}

  private record Site(int order, Way way, long address) {}

  UseWalk(Interpretation interpretation, DataObjects objects, UseScope scope) {
    this.interpretation = interpretation;
    this.scope = scope;
    this.guards = interpretation.guards;
    this.objects = objects;
    this.places = new CheckPlaces(interpretation, false);
    this.possible = new PossibleBlocks(interpretation);
  }

  /** Adds a root that is interpreted already. */
  void root(@Nullable AnalysedFunction function, Stage stage, String title) {
    if (function != null) {
      roots.add(new Root(function, stage, title));
      add(function, Guards.NONE, stage, null, title);
    }
  }

  /** Adds a root of the stage of use, by its place. */
  void root(long place, String title) {
    if (scope.leads(place)) {
      var root = new Pending(place, Guards.NONE, Stage.USE, null, title);
      useRoots.add(root);
      pending.add(root);
    }
  }

  /**
   * Goes through everything once more, now that everything is interpreted: what was found before a
   * check's result was known to be stored somewhere is found anew.
   */
  void again() {
    ways.clear();
    sites.clear();
    unprotected.clear();
    reachedObjects.clear();
    order = 0;
    for (Root root : roots) {
      add(root.function(), Guards.NONE, root.stage(), null, root.title());
    }
    pending.addAll(useRoots);
    run();
  }

  /** Whether a function was reached. */
  boolean isReached(AnalysedFunction function) {
    return ways.containsKey(function);
  }

  /** Follows everything until nothing new is reached or the interpretation gives up. */
  void run() {
    while (!interpretation.isExhausted()) {
      while (!work.isEmpty()) {
        process(work.poll());
      }
      if (pending.isEmpty()) {
        // What is reached is looked at once before anything is looked at again: most changes of
        // what callers pass come from callers that were not met before.
        interpretation.settle();
        if (!isStale()) {
          return;
        }
        continue;
      }
      List<Pending> now = List.copyOf(pending);
      pending.clear();
      var fresh = new ArrayList<AnalysedFunction>();
      for (Pending next : now) {
        int image = Interpretation.imageNumberOf(next.place());
        AnalysedFunction function =
            interpretation.function(image, interpretation.virtualAddressOf(next.place()));
        if (function == null) {
          continue;
        }
        if (next.stage() != Stage.USE) {
          interpretation.enterFreely(function);
        } else if (interpretation.callFromOutside(function)) {
          fresh.add(function);
        }
        add(function, next.guard(), next.stage(), next.from(), next.title());
      }
      for (AnalysedFunction function : fresh) {
        interpretation.visit(function);
      }
    }
  }

  /** Functions that were interpreted again since they were gone through are gone through again. */
  private boolean isStale() {
    boolean any = false;
    for (Map.Entry<AnalysedFunction, List<Way>> entry : ways.entrySet()) {
      AnalysedFunction function = entry.getKey();
      if (function.walked != function.visits) {
        work.addAll(entry.getValue());
        any = true;
      }
    }
    return any;
  }

  private void add(
      AnalysedFunction function, int guard, Stage stage, @Nullable Way from, String title) {
    List<Way> known = ways.computeIfAbsent(function, _ -> new ArrayList<>(1));
    for (Way way : known) {
      if (guards.isAtMost(way.guard(), guard)) {
        return;
      }
    }
    int kept = guard;
    if (known.size() >= MOST_WAYS && guard != Guards.NONE) {
      kept = Guards.UNKNOWN;
      for (Way way : known) {
        if (way.guard() == kept) {
          return;
        }
      }
    }
    int least = kept;
    known.removeIf(way -> guards.isAtMost(least, way.guard()));
    Way way = new Way(function, kept, stage, from, title);
    known.add(way);
    work.add(way);
  }

  private void process(Way way) {
    AnalysedFunction function = way.function();
    function.walked = function.visits;
    FunctionGraph graph = function.graph;
    for (int block = 0; block < graph.blockCount(); block++) {
      if (!function.isReached[block]) {
        continue;
      }
      int guard = guards.both(way.guard(), function.blockGuard[block]);
      int end = graph.firstEvent[block + 1];
      for (int event = graph.firstEvent[block]; event < end; event++) {
        if (!function.isEventReached[event]) {
          break;
        }
        event(way, block, event, guard);
      }
    }
    for (AnalysedFunction.Passed escape : function.escapes) {
      int guard = guards.both(way.guard(), function.blockGuard[escape.block()]);
      give(escape.value(), guard, way);
    }
  }

  private void event(Way way, int block, int event, int guard) {
    AnalysedFunction function = way.function();
    FunctionGraph graph = function.graph;
    switch (graph.kinds[event]) {
      case FunctionGraph.NEED ->
          need((int) graph.values[event], guard, way, block, graph.address(event));
      case FunctionGraph.CALL, FunctionGraph.JUMP -> {
        call(interpretation.known(function.imageNumber, graph.values[event]), guard, way);
        callbacks(way, event, guard);
      }
      case FunctionGraph.CALL_SLOT,
          FunctionGraph.CALL_UNKNOWN,
          FunctionGraph.JUMP_SLOT,
          FunctionGraph.JUMP_UNKNOWN -> {
        follow(function.target(event), guard, way);
        callbacks(way, event, guard);
      }
      default -> {}
    }
  }

  private void call(@Nullable AnalysedFunction callee, int guard, Way way) {
    // What was never interpreted is not followed: it does not matter.
    if (callee != null && callee.visits > 0) {
      add(callee, guard, way.stage(), way, "");
    }
  }

  private void callbacks(Way way, int event, int guard) {
    for (AnalysedFunction.Passed passed : way.function().callbacks) {
      if (passed.event() == event) {
        follow(passed.value(), guard, way);
      }
    }
  }

  private void follow(long target, int guard, Way way) {
    switch (Values.kind(target)) {
      case Values.ADDRESS, Values.SET -> {
        for (long element : interpretation.values.elements(target)) {
          if (Values.kind(element) == Values.ADDRESS) {
            call(at(Values.payload(element)), guards.both(guard, Values.guard(element)), way);
          }
        }
      }
      case Values.ENTRY -> {
        int behind = guards.both(guard, Values.guard(target));
        for (long place : objects.code(Values.payload(target))) {
          pend(place, behind, way.stage(), way, "");
        }
      }
      default -> {}
    }
  }

  private @Nullable AnalysedFunction at(long place) {
    int image = Interpretation.imageNumberOf(place);
    return image >= Interpretation.THREAD_LOCAL
        ? null
        : interpretation.known(image, interpretation.virtualAddressOf(place));
  }

  /** An address is given away: a function, or an object with what it leads to. */
  private void give(long value, int guard, Way way) {
    int kind = Values.kind(value);
    int behind = guards.both(guard, Values.guard(value));
    long place = Values.payload(value);
    if (kind == Values.FRAME) {
      giveFrame(place, behind, way);
      return;
    }
    if (kind != Values.ADDRESS && kind != Values.OBJECT) {
      return;
    }
    if (objects.isCode(place)) {
      if (kind == Values.ADDRESS && objects.mayBeFunction(place)) {
        pend(place, behind, Stage.USE, way, "address given away");
      }
      return;
    }
    if (!isNews(place, behind)) {
      return;
    }
    for (long function : objects.reachable(place)) {
      pend(function, behind, Stage.USE, way, "pointer in an object given away");
    }
  }

  /** An object in a function's frame is given away: what was stored in it is. */
  private void giveFrame(long place, int guard, Way way) {
    if (!isNews(place | 1L << 62, guard)) {
      return;
    }
    for (int offset = 0; offset < MOST_FRAME_BYTES; offset += 8) {
      long stored = interpretation.memory.peek(Memory.FRAMES, place + offset, 8);
      for (long element : interpretation.values.elements(stored)) {
        if (Values.kind(element) == Values.ADDRESS || Values.kind(element) == Values.FRAME) {
          give(element, guard, way);
        }
      }
    }
  }

  private static final int MOST_FRAME_BYTES = 256;

  private boolean isNews(long place, int guard) {
    List<Integer> known = reachedObjects.computeIfAbsent(place, _ -> new ArrayList<>(1));
    for (int before : known) {
      if (guards.isAtMost(before, guard)) {
        return false;
      }
    }
    known.add(guard);
    return true;
  }

  private void pend(long place, int guard, Stage stage, @Nullable Way from, String title) {
    AnalysedFunction function = at(place);
    if ((function == null || function.visits == 0) && !scope.leads(place)) {
      return;
    }
    if (function != null) {
      for (Way way : ways.getOrDefault(function, List.of())) {
        if (guards.isAtMost(way.guard(), guard)) {
          return;
        }
      }
    }
    pending.add(new Pending(place, guard, stage, from, title));
  }

  private void need(int term, int guard, Way way, int block, long address) {
    for (int alternative : guards.alternatives(guard)) {
      needBehind(term, alternative, way, block, address);
    }
  }

  private void needBehind(int term, int guard, Way way, int block, long address) {
    switch (standing(term, guard)) {
      case IMPLIED, ENVIRONMENT, NOT_UNDERSTOOD -> {}
      case NO_CHECK, SHORT -> {
        if (!X86Terms.term(term).isMetBy(guards.closure(guard)) && !isOlder(term, guard)) {
          unprotected.computeIfAbsent(way.function().image, _ -> new HashSet<>()).add(address);
        }
        // What is reached at load and import without a check was found there.
        if (guard == Guards.NONE && way.stage() != Stage.USE) {
          return;
        }
        Map<Key, Site> found =
            sites.computeIfAbsent(way.function().image, _ -> new LinkedHashMap<>());
        var key = new Key(term, guard, way.stage());
        order++;
        if (!found.containsKey(key) && possible.mayRun(way.function(), block)) {
          found.put(key, new Site(order, way, address));
        }
      }
    }
  }

  /** How what a guard asks stands to what an instruction needs. */
  enum Standing {
    NO_CHECK,
    IMPLIED,
    /** It asks for less. */
    SHORT,
    /** It asks for something else, or for what is not understood. */
    NOT_UNDERSTOOD,
    /** A variable of the environment asks for it. */
    ENVIRONMENT
  }

  Standing standing(int term, int guard) {
    return switch (guard) {
      case Guards.NONE -> Standing.NO_CHECK;
      case Guards.UNKNOWN -> Standing.NOT_UNDERSTOOD;
      case Guards.ENVIRONMENT -> Standing.ENVIRONMENT;
      default -> {
        if (X86Terms.term(term).isMetBy(guards.closure(guard)) && hasState(term, guard)) {
          yield Standing.IMPLIED;
        }
        boolean isOpen =
            guards.asksForSomeChoice(guard) || guards.asksForMore(guard) && !isOlder(term, guard);
        yield isOpen ? Standing.NOT_UNDERSTOOD : Standing.SHORT;
      }
    };
  }

  /** The ways in which each function is reached. */
  Map<AnalysedFunction, List<Way>> ways() {
    return ways;
  }

  /**
   * Where a check also asks what is not understood, it is only blamed for what processors had
   * before what it does ask for: an FMA instruction behind a check of AVX2, neither a BMI2
   * instruction there, which is of the same age and as likely asked for, nor an AVX2 instruction
   * behind one of AVX and the processor's model.
   */
  private boolean isOlder(int term, int guard) {
    int asked = 0;
    for (Feature feature : guards.features(guard).toList()) {
      asked = Math.max(asked, firstGeneration(feature));
    }
    for (Feature feature : X86Terms.term(term).anyOf().getFirst().toList()) {
      int needed = generation(feature);
      if (needed == 0 || needed >= asked) {
        return false;
      }
    }
    return true;
  }

  /**
   * The generation of x86-64 processors by which both makers had a feature, counted along what
   * Intel and AMD added since; 0 for those of one maker, or apart.
   */
  private static int generation(Feature feature) {
    return switch (feature) {
      case SSE3 -> 1;
      case SSSE3 -> 2;
      case SSE4_1 -> 3;
      case SSE4_2, POPCNT -> 4;
      case AVX -> 5;
      case F16C -> 6;
      case FMA, BMI1, LZCNT -> 7;
      case AVX2, BMI2, MOVBE -> 8;
      case AVX512F, AVX512CD, AVX512BW, AVX512DQ, AVX512VL -> 9;
      default -> 0;
    };
  }

  /**
   * The generation by which one of them had it: AMD's K10 counted bits, Intel's first Atom swapped
   * bytes.
   */
  private static int firstGeneration(Feature feature) {
    return switch (feature) {
      case POPCNT, LZCNT -> 1;
      case MOVBE -> 2;
      default -> generation(feature);
    };
  }

  /** Whether a check that lets AVX code run asks the operating system too. */
  private boolean hasState(int term, int guard) {
    FeatureSet features = X86Terms.term(term).anyOf().getFirst();
    for (Feature feature : features.toList()) {
      if (feature == Feature.AVX512F || feature.closure().contains(Feature.AVX512F)) {
        return guards.impliesState(guard, Guards.STATE_AVX512)
            || guards.impliesState(guard, Guards.STATE_AVX);
      }
      if (feature == Feature.AVX || feature.closure().contains(Feature.AVX)) {
        return guards.impliesState(guard, Guards.STATE_AVX);
      }
    }
    return true;
  }

  /** How many functions were gone through. */
  int functions() {
    return ways.size();
  }

  /** What was found in the code of one image, without what is doubtful. */
  List<InstructionNeed> needs(LoadedImage image, AskedFeatures asked) {
    var ordered = new TreeMap<Integer, InstructionNeed>();
    sites
        .getOrDefault(image, Map.of())
        .forEach(
            (key, site) -> {
              if (!isDoubtful(key, site, asked)) {
                ordered.put(site.order(), describe(key, site));
              }
            });
    return List.copyOf(ordered.values());
  }

  /**
   * What code of one image needs at use without a check that was seen, although an image on the way
   * to it asks the processor for it elsewhere, or a function on that way asks the processor for
   * something.
   */
  List<FeatureTerm> doubts(LoadedImage image, AskedFeatures asked) {
    return sites.getOrDefault(image, Map.of()).entrySet().stream()
        .filter(site -> isDoubtful(site.getKey(), site.getValue(), asked))
        .map(site -> X86Terms.term(site.getKey().term()))
        .distinct()
        .toList();
  }

  private boolean isDoubtful(Key key, Site site, AskedFeatures asked) {
    if (key.guard() != Guards.NONE || key.stage() != Stage.USE) {
      return false;
    }
    FeatureSet all = FeatureSet.empty();
    LoadedImage last = null;
    Way at = site.way();
    for (int i = 0; at != null && i < MOST_PATH; i++) {
      if (at.from() != null && scope.learns(at.function())) {
        return true;
      }
      LoadedImage image = at.function().image;
      if (image != last) {
        all = all.with(asked.of(image));
        last = image;
      }
      at = at.from();
    }
    return X86Terms.term(key.term()).isMetBy(all);
  }

  private InstructionNeed describe(Key key, Site site) {
    return ExecutionWalk.describe(
        site.way().function().image,
        key.term(),
        key.stage(),
        key.guard() == Guards.NONE ? Certainty.REACHABLE : Certainty.WRONGLY_GUARDED,
        key.guard() == Guards.NONE
            ? CpuCheck.NONE
            : guards
                .check(key.guard())
                .at(places.before(site.way(), site.address(), X86Terms.term(key.term()))),
        site.order(),
        site.address(),
        path(site.way()));
  }

  static List<String> path(Way last) {
    var out = new ArrayList<String>();
    Way at = last;
    for (int i = 0; at != null && i < MOST_PATH; i++) {
      Way from = at.from();
      String name = ExecutionWalk.step(at.function(), from == null ? null : from.function());
      out.addFirst(name);
      if (!at.title().isEmpty() && !at.title().equals(name)) {
        out.addFirst(at.title());
      }
      at = at.from();
    }
    if (at != null) {
      out.addFirst("…");
    }
    return out;
  }

  /**
   * Which of some addresses lie in code that was gone through.
   *
   * @param addresses of one image, ascending
   */
  BitSet covered(LoadedImage image, long[] addresses) {
    var out = new BitSet();
    for (AnalysedFunction function : ways.keySet()) {
      if (function.image != image) {
        continue;
      }
      FunctionGraph graph = function.graph;
      for (int block = 0; block < graph.blockCount(); block++) {
        long start = graph.blockStart[block];
        long end = start + graph.blockLength[block];
        int at = Arrays.binarySearch(addresses, start);
        for (int i = at >= 0 ? at : -at - 1; i < addresses.length && addresses[i] < end; i++) {
          if (addresses[i] >= start) {
            out.set(i);
          }
        }
      }
    }
    return out;
  }

  /**
   * Which of some addresses some way leads to without a check that is enough.
   *
   * @param addresses of one image
   */
  BitSet unprotected(LoadedImage image, long[] addresses) {
    Set<Long> known = unprotected.getOrDefault(image, Set.of());
    var out = new BitSet();
    for (int i = 0; i < addresses.length; i++) {
      if (known.contains(addresses[i])) {
        out.set(i);
      }
    }
    return out;
  }
}
