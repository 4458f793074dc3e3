package dev.sigill.analysis;

import dev.sigill.image.Format;
import dev.sigill.image.FunctionTable;
import dev.sigill.image.Image;
import dev.sigill.image.Symbol;
import dev.sigill.image.name.Demangler;
import dev.sigill.isa.FeatureSet;
import dev.sigill.isa.FeatureTerm;
import dev.sigill.isa.x86.X86Formatter;
import dev.sigill.isa.x86.X86Terms;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Goes through interpreted functions in the order in which a processor would, from roots that
 * follow one another, over edges with no CPU check on them, and keeps the first instruction of each
 * different need.
 */
final class ExecutionWalk {
  private static final Pattern SPEAKS_OF_CPU =
      Pattern.compile("\\b(instructions?|cpus?|processors?)\\b", Pattern.CASE_INSENSITIVE);

  private final Interpretation interpretation;
  private final Stage stage;
  private final Map<AnalysedFunction, Visit> visits = new HashMap<>();
  private final Map<Integer, Site> sites = new HashMap<>();
  private final List<SelfCheck> selfChecks = new ArrayList<>();
  private final Set<FeatureSet> refused = new HashSet<>();

  /** Functions of whose checks it is known what they insist on. */
  private final Set<AnalysedFunction> understood = new HashSet<>();

  private int order;
  private long decodedBytes;

  /** One function met on this walk, and who called it first. */
  private static final class Visit {
    final AnalysedFunction function;
    final @Nullable Visit caller;
    final String root;

    /** How often the function had been interpreted when it was gone through. */
    int version;

    Visit(AnalysedFunction function, @Nullable Visit caller, String root) {
      this.function = function;
      this.caller = caller;
      this.root = root;
    }

    AnalysedFunction function() {
      return function;
    }

    @Nullable Visit caller() {
      return caller;
    }

    String root() {
      return root;
    }
  }

  /** The first instruction of one need. */
  private record Site(int order, Visit visit, long address) {}

  ExecutionWalk(Interpretation interpretation, Stage stage) {
    this.interpretation = interpretation;
    this.stage = stage;
  }

  /** Goes through a root; its name begins the paths of what is found. */
  void walk(@Nullable AnalysedFunction root, String rootTitle) {
    if (root != null) {
      enter(root, null, rootTitle);
    }
  }

  /** The functions visited, in no particular order. */
  Set<AnalysedFunction> visited() {
    return visits.keySet();
  }

  int functions() {
    return visits.size();
  }

  long decodedBytes() {
    return decodedBytes;
  }

  int needCount() {
    return sites.size();
  }

  /** The different needs met so far. */
  List<FeatureTerm> terms() {
    return sites.keySet().stream().map(X86Terms::term).toList();
  }

  /** What was found, in the order of execution. */
  List<InstructionNeed> needs() {
    return sites.entrySet().stream()
        .sorted(Comparator.comparingInt(e -> e.getValue().order()))
        .map(e -> describe(e.getKey(), e.getValue()))
        .toList();
  }

  /** The checks on the way that end the program, in the order of execution. */
  List<SelfCheck> selfChecks() {
    return List.copyOf(selfChecks);
  }

  private void enter(AnalysedFunction function, @Nullable Visit caller, String root) {
    Visit known = visits.get(function);
    if (known != null && known.version == function.visits) {
      return;
    }
    Visit visit = known;
    if (visit == null) {
      visit = new Visit(function, caller, root);
      visits.put(function, visit);
      decodedBytes += function.graph.decodedBytes;
    }
    visit.version = function.visits;
    FunctionGraph graph = function.graph;
    for (int block = 0; block < graph.blockCount(); block++) {
      if (!function.isReached[block] || function.blockGuard[block] != Guards.NONE) {
        continue;
      }
      int end = graph.firstEvent[block + 1];
      boolean isStopped = false;
      for (int event = graph.firstEvent[block]; event < end; event++) {
        if (!function.isEventReached[event]) {
          isStopped = true;
          break;
        }
        event(visit, event);
      }
      if (!isStopped) {
        for (Refusal refusal : function.refusals) {
          if (refusal.block() == block) {
            refuse(visit, function, refusal);
          }
        }
      }
    }
  }

  private void event(Visit visit, int event) {
    AnalysedFunction function = visit.function();
    FunctionGraph graph = function.graph;
    switch (graph.kinds[event]) {
      case FunctionGraph.NEED -> {
        int term = (int) graph.values[event];
        order++;
        if (!sites.containsKey(term)) {
          sites.put(term, new Site(order, visit, graph.address(event)));
        }
      }
      case FunctionGraph.CALL, FunctionGraph.JUMP -> {
        AnalysedFunction callee = interpretation.known(function.imageNumber, graph.values[event]);
        for (AnalysedFunction.CallRefusal refusal : function.callRefusals) {
          if (refusal.event() == event) {
            refuse(visit, refusal.callee(), refusal.refusal());
          }
        }
        if (callee != null) {
          enter(callee, visit, visit.root());
        }
        callbacks(visit, event);
      }
      case FunctionGraph.CALL_SLOT,
          FunctionGraph.CALL_UNKNOWN,
          FunctionGraph.JUMP_SLOT,
          FunctionGraph.JUMP_UNKNOWN -> {
        follow(visit, function.target(event));
        callbacks(visit, event);
      }
      default -> {}
    }
  }

  private void refuse(Visit visit, AnalysedFunction holder, Refusal refusal) {
    FeatureSet features = interpretation.guards.features(refusal.implied());
    if (features.isEmpty()) {
      // A check of unknown meaning is one of the CPU where its own words say so; any assertion may
      // hang on something that was once read from it. Its callers may have told more.
      if (!SPEAKS_OF_CPU.matcher(refusal.message()).find() || understood.contains(holder)) {
        return;
      }
    } else {
      understood.add(holder);
    }
    if (!refused.add(features)) {
      return;
    }
    order++;
    List<String> path = path(visit);
    if (holder != visit.function()) {
      path.add(name(holder.image, holder.graph.entry));
    }
    selfChecks.add(
        new SelfCheck(
            features,
            stage,
            order,
            holder.image.path(),
            name(holder.image, holder.graph.entry),
            refusal.message(),
            path));
  }

  private void callbacks(Visit visit, int event) {
    for (AnalysedFunction.Passed passed : visit.function().callbacks) {
      if (passed.event() == event) {
        follow(visit, passed.value());
      }
    }
  }

  private void follow(Visit visit, long target) {
    for (AnalysedFunction callee : targets(interpretation, target)) {
      enter(callee, visit, visit.root());
    }
  }

  /** The functions that an encoded value may call without a check. */
  static List<AnalysedFunction> targets(Interpretation interpretation, long target) {
    var out = new ArrayList<AnalysedFunction>();
    switch (Values.kind(target)) {
      case Values.ADDRESS, Values.SET -> {
        for (long element : interpretation.values.elements(target)) {
          if (Values.kind(element) == Values.ADDRESS && !Values.isGuarded(element)) {
            add(interpretation, Values.payload(element), out);
          }
        }
      }
      case Values.ENTRY -> {
        if (!Values.isGuarded(target)) {
          for (long place : interpretation.tableEntries(Values.payload(target))) {
            add(interpretation, place, out);
          }
        }
      }
      default -> {}
    }
    return out;
  }

  private static void add(Interpretation interpretation, long place, List<AnalysedFunction> out) {
    int image = Interpretation.imageNumberOf(place);
    if (image >= Interpretation.THREAD_LOCAL) {
      return;
    }
    AnalysedFunction callee = interpretation.known(image, interpretation.virtualAddressOf(place));
    if (callee != null) {
      out.add(callee);
    }
  }

  private InstructionNeed describe(int term, Site site) {
    Visit visit = site.visit();
    return describe(
        visit.function().image,
        term,
        stage,
        Certainty.REACHABLE,
        CpuCheck.NONE,
        site.order(),
        site.address(),
        path(visit));
  }

  static InstructionNeed describe(
      LoadedImage loaded,
      int term,
      Stage stage,
      Certainty certainty,
      CpuCheck check,
      int order,
      long address,
      List<String> path) {
    byte[] code = codeAt(loaded.image(), address);
    int length = X86Formatter.length(code);
    return new InstructionNeed(
        X86Terms.term(term),
        stage,
        certainty,
        check,
        order,
        loaded.path(),
        nameWithOffset(loaded, address),
        address,
        HexFormat.of().formatHex(code, 0, Math.clamp(length, 0, code.length)),
        X86Formatter.format(code, 0, code.length, address),
        path);
  }

  /** The instruction at an address as text. */
  static String text(LoadedImage loaded, long address) {
    byte[] code = codeAt(loaded.image(), address);
    return X86Formatter.format(code, 0, code.length, address);
  }

  private static byte[] codeAt(Image image, long address) {
    long offset = image.fileOffset(address);
    int room = Math.clamp(image.bytes().length() - offset, 0, 15);
    return offset < 0 ? new byte[0] : image.bytes().array(offset, room);
  }

  private static List<String> path(Visit visit) {
    var out = new ArrayList<String>();
    for (Visit at = visit; at != null; at = at.caller()) {
      Visit caller = at.caller();
      out.addFirst(step(at.function(), caller == null ? null : caller.function()));
    }
    out.addFirst(visit.root());
    return out;
  }

  /** A function as a step of a path: with its image where the step before lies in another one. */
  static String step(AnalysedFunction function, @Nullable AnalysedFunction before) {
    String name = name(function.image, function.graph.entry);
    if (before == null || before.image == function.image) {
      return name;
    }
    String path = function.image.path();
    return name + " in " + path.substring(path.lastIndexOf('/') + 1);
  }

  static String name(LoadedImage image, long address) {
    Symbol symbol = image.image().symbols().containing(address);
    return symbol == null || symbol.address() != address
        ? "function at 0x" + Long.toHexString(address)
        : readable(image, symbol);
  }

  /** Mach-O writes an underscore before every C name. */
  private static String readable(LoadedImage image, Symbol symbol) {
    String name = symbol.name();
    boolean isPrefixed = image.image().format() == Format.MACH_O && name.startsWith("_");
    return Demangler.demangle(isPrefixed ? name.substring(1) : name);
  }

  /**
   * Whether a symbol names the function that an address lies in: where its size is not known, as of
   * the exports of a DLL, it may be the last one before many functions without a name.
   */
  private static boolean isOfFunction(Image image, Symbol symbol, long address) {
    if (symbol.size() > 0) {
      return true;
    }
    FunctionTable.Range range = image.functions().containing(address);
    if (!range.isNone()) {
      return symbol.address() >= range.start();
    }
    FunctionTable.Range own = image.functions().containing(symbol.address());
    return own.isNone() || address < own.end();
  }

  static String nameWithOffset(LoadedImage image, long address) {
    Symbol symbol = image.image().symbols().containing(address);
    if (symbol == null || !isOfFunction(image.image(), symbol, address)) {
      return "";
    }
    long offset = address - symbol.address();
    String name = readable(image, symbol);
    return offset == 0 ? name : name + "+0x" + Long.toHexString(offset);
  }
}
