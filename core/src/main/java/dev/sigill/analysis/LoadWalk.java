package dev.sigill.analysis;

import dev.sigill.image.Image;
import dev.sigill.image.Initialiser;
import dev.sigill.image.Slot;
import dev.sigill.image.Symbol;
import dev.sigill.image.name.Demangler;
import dev.sigill.isa.x86.X86Formatter;
import dev.sigill.isa.x86.X86Terms;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Follows what the loader runs when it loads one image, in the order of execution, and keeps the
 * first instruction of each different need. Calls that never return end their block; which ones
 * those are is found on the way, optimistically, and corrected when a function turns out to return.
 */
final class LoadWalk {
  /** The most functions followed for one image. */
  private static final int MOST_FUNCTIONS = 2_000_000;

  private final LoadedImage root;
  private final LoadScope scope;
  private final Map<LoadedImage, Map<Long, Visit>> visits = new HashMap<>();
  private final List<Visit> corrections = new ArrayList<>();
  private final Map<Integer, Site> sites = new HashMap<>();
  private int order;
  private int functions;
  private long decodedBytes;
  private int unknownCalls;
  private boolean isCutShort;

  /** One function met on this walk. */
  private static final class Visit {
    final LoadedImage image;
    final FunctionGraph graph;
    final @Nullable Visit caller;
    final String root;
    boolean returns;
    final List<Visit> trustedNoReturn = new ArrayList<>();

    Visit(LoadedImage image, FunctionGraph graph, @Nullable Visit caller, String root) {
      this.image = image;
      this.graph = graph;
      this.caller = caller;
      this.root = root;
    }
  }

  /** The first instruction of one need. */
  private record Site(int order, Visit visit, long address) {}

  LoadWalk(LoadedImage root, LoadScope scope) {
    this.root = root;
    this.scope = scope;
  }

  /** Walks and reports. Deep call chains need the stack of {@link #withDeepStack}. */
  StageRequirements run() {
    // The loader relocates every image, and so runs the resolvers, before the first initialiser.
    for (LoadedImage image : scope.initialisationOrder()) {
      runInitialisers(image, true);
    }
    for (LoadedImage image : scope.initialisationOrder()) {
      runInitialisers(image, false);
    }
    List<InstructionNeed> needs =
        sites.entrySet().stream()
            .sorted(java.util.Comparator.comparingInt(e -> e.getValue().order()))
            .map(e -> describe(e.getKey(), e.getValue()))
            .toList();
    List<String> gaps =
        isCutShort
            ? List.of("more than " + MOST_FUNCTIONS + " functions are reached at load")
            : List.of();
    return new StageRequirements(true, needs, List.of(), functions, decodedBytes, gaps);
  }

  private void runInitialisers(LoadedImage image, boolean resolvers) {
    for (Initialiser initialiser : image.image().initialisers()) {
      boolean isResolver = initialiser.kind() == Initialiser.Kind.IFUNC_RESOLVER;
      if (isResolver == resolvers && image.isCode(initialiser.address())) {
        enter(image, initialiser.address(), null, title(image, initialiser));
        correct();
      }
    }
  }

  private String title(LoadedImage image, Initialiser initialiser) {
    String kind =
        initialiser.count() > 1
            ? initialiser.kind().title() + " " + initialiser.index() + " of " + initialiser.count()
            : initialiser.kind().title();
    return image == root ? kind : kind + " of " + image.path();
  }

  /** Functions that were taken not to return and do: what follows their calls is walked now. */
  private void correct() {
    while (!corrections.isEmpty()) {
      process(corrections.removeLast());
    }
  }

  private Visit enter(LoadedImage image, long entry, @Nullable Visit caller, String rootTitle) {
    Map<Long, Visit> known = visits.computeIfAbsent(image, _ -> new HashMap<>());
    Visit there = known.get(entry);
    if (there != null) {
      return there;
    }
    var visit = new Visit(image, image.function(entry), caller, rootTitle);
    known.put(entry, visit);
    if (++functions > MOST_FUNCTIONS) {
      isCutShort = true;
      return visit;
    }
    decodedBytes += visit.graph.decodedBytes;
    process(visit);
    return visit;
  }

  private void process(Visit visit) {
    FunctionGraph graph = visit.graph;
    var reached = new BitSet(graph.blockCount());
    reached.set(0);
    boolean returns = false;
    for (int block = 0; block < graph.blockCount(); block++) {
      if (!reached.get(block)) {
        continue;
      }
      boolean goesOn = true;
      int end = graph.firstEvent[block + 1];
      for (int event = graph.firstEvent[block]; event < end && goesOn; event++) {
        long value = graph.values[event];
        switch (graph.kinds[event]) {
          case FunctionGraph.NEED -> {
            int term = (int) value;
            order++;
            if (!sites.containsKey(term)) {
              sites.put(term, new Site(order, visit, graph.addresses[event]));
            }
          }
          case FunctionGraph.CALL -> {
            callArguments(visit, event, "");
            goesOn = call(visit, visit.image, value);
          }
          case FunctionGraph.CALL_SLOT -> goesOn = callSlot(visit, event, value);
          case FunctionGraph.CALL_UNKNOWN -> unknownCalls++;
          case FunctionGraph.JUMP -> {
            returns |= call(visit, visit.image, value);
            goesOn = false;
          }
          case FunctionGraph.JUMP_SLOT -> {
            returns |= callSlot(visit, event, value);
            goesOn = false;
          }
          case FunctionGraph.RETURN, FunctionGraph.JUMP_UNKNOWN -> returns = true;
          default -> {}
        }
      }
      if (goesOn) {
        for (int s = graph.firstSuccessor[block]; s < graph.firstSuccessor[block + 1]; s++) {
          reached.set(graph.successors[s]);
        }
      }
    }
    if (returns && !visit.returns) {
      visit.returns = true;
      corrections.addAll(visit.trustedNoReturn);
      visit.trustedNoReturn.clear();
    }
  }

  /** Follows a call; whether it comes back. */
  private boolean call(Visit caller, LoadedImage image, long address) {
    if (!image.isCode(address)) {
      return true;
    }
    Visit callee = enter(image, address, caller, caller.root);
    if (!callee.returns) {
      callee.trustedNoReturn.add(caller);
    }
    return callee.returns;
  }

  private boolean callSlot(Visit caller, int event, long slotAddress) {
    return switch (caller.image.slot(slotAddress)) {
      case Slot.Local local -> {
        callArguments(caller, event, "");
        yield call(caller, caller.image, local.address());
      }
      case Slot.Imported imported -> {
        LoadScope.Target target = scope.resolve(caller.image, imported);
        if (target.isNone()) {
          callArguments(caller, event, imported.name());
          yield !ForeignFunctions.neverReturns(imported.name());
        }
        callArguments(caller, event, imported.name());
        if (target.isIndirect()) {
          unknownCalls++;
          yield true;
        }
        yield call(caller, target.image(), target.address() + imported.addend());
      }
      case Slot.Resolved _, Slot.None _ -> {
        unknownCalls++;
        yield true;
      }
    };
  }

  /**
   * Functions whose address a call passes on: run by it where the callee is known to call its
   * argument at once, or where two arguments enclose a table of functions, as C runtimes'
   * initialisers are.
   */
  private void callArguments(Visit caller, int callEvent, String callee) {
    FunctionGraph graph = caller.graph;
    int first = callEvent;
    while (first > 0
        && graph.kinds[first - 1] == FunctionGraph.ARGUMENT
        && graph.addresses[first - 1] == graph.addresses[callEvent]) {
      first--;
    }
    if (first == callEvent) {
      return;
    }
    if (ForeignFunctions.callsItsArgument(callee)) {
      for (int i = first; i < callEvent; i++) {
        if (caller.image.isCode(graph.values[i])) {
          call(caller, caller.image, graph.values[i]);
        }
      }
    } else if (callEvent - first >= 2) {
      for (long function :
          InitialiserTables.between(caller.image, graph.values[first], graph.values[first + 1])) {
        call(caller, caller.image, function);
      }
    }
  }

  private InstructionNeed describe(int term, Site site) {
    Visit visit = site.visit();
    Image image = visit.image.image();
    long offset = image.fileOffset(site.address());
    int room = (int) Math.max(0, Math.min(15, image.bytes().length() - offset));
    byte[] code = offset < 0 ? new byte[0] : image.bytes().array(offset, room);
    int length = X86Formatter.length(code);
    return new InstructionNeed(
        X86Terms.term(term),
        Stage.LOAD,
        Certainty.REACHABLE,
        site.order(),
        visit.image.path(),
        nameWithOffset(visit.image, site.address()),
        site.address(),
        HexFormat.of().formatHex(code, 0, Math.min(length, code.length)),
        X86Formatter.format(code, 0, code.length, site.address()),
        path(visit));
  }

  private List<String> path(Visit visit) {
    var out = new ArrayList<String>();
    LoadedImage last = null;
    for (Visit at = visit; at != null; at = at.caller) {
      String name = name(at.image, at.graph.entry);
      out.addFirst(name);
      last = at.image;
    }
    // Functions of other images on the way are named with their image.
    if (last != null) {
      out.addFirst(visit.root);
    }
    return out;
  }

  private static String name(LoadedImage image, long address) {
    Symbol symbol = image.image().symbols().containing(address);
    return symbol == null || symbol.address() != address
        ? "function at 0x" + Long.toHexString(address)
        : Demangler.demangle(symbol.name());
  }

  private static String nameWithOffset(LoadedImage image, long address) {
    Symbol symbol = image.image().symbols().containing(address);
    if (symbol == null) {
      return "";
    }
    long offset = address - symbol.address();
    String name = Demangler.demangle(symbol.name());
    return offset == 0 ? name : name + "+0x" + Long.toHexString(offset);
  }
}
