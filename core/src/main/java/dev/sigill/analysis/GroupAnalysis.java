package dev.sigill.analysis;

import dev.sigill.image.Format;
import dev.sigill.image.Initialiser;
import dev.sigill.isa.FeatureSet;
import dev.sigill.isa.FeatureTerm;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Analyses images that load one another, in one interpretation: what each one's initialisers reach,
 * and then what its module initialisation reaches.
 */
final class GroupAnalysis {
  /** Offsets in {@code struct PyModuleDef} of 64-bit CPython; Include/moduleobject.h. */
  private static final int MODULE_SLOTS = 72;

  /** {@code Py_mod_create} and {@code Py_mod_exec}; Include/moduleobject.h. */
  private static final int SLOT_CREATE = 1;

  private static final int SLOT_EXECUTE = 2;

  private static final int MOST_MODULE_SLOTS = 64;

  /** Instructions applied for the stage of use of one group of images, in bytes. */
  private static final long MOST_USE_BYTES = 768L << 20;

  private final TargetImages target;
  private final Map<LoadedImage, LoadScope> scopes = new HashMap<>();
  private final List<LoadedImage> images;
  private final Interpretation interpretation;
  private final Map<LoadedImage, ExecutionWalk> resolvers = new HashMap<>();
  private final Map<LoadedImage, ExecutionWalk> initialisers = new HashMap<>();

  /** The images in whose process none of the processors asked about gets any further. */
  private final Set<LoadedImage> ended = new HashSet<>();

  /** Creation and execution functions of module definitions found so far. */
  private final Set<Long> moduleFunctions = new LinkedHashSet<>();

  private boolean isCutShort;

  GroupAnalysis(List<LoadedImage> images, TargetImages target, long budgetBytes) {
    this.images = images;
    this.target = target;
    for (LoadedImage image : images) {
      scopes.put(image, target.lookupScopeOf(image));
    }
    this.interpretation = new Interpretation(images, scopes, budgetBytes);
  }

  /**
   * What each image requires at load. Interprets in the order in which the loader would run things,
   * and stops for an image as soon as none of the processors asked about gets any further.
   *
   * @param processors what the processors asked about execute; none to go on to the end
   */
  Map<LoadedImage, StageRequirements> atLoad(List<FeatureSet> processors) {
    List<LoadedImage> order = initialisationOrder();
    var users = usersOf(order);
    for (boolean isResolver : List.of(true, false)) {
      for (LoadedImage image : order) {
        run(image, isResolver, processors, users);
      }
    }
    var out = new LinkedHashMap<LoadedImage, StageRequirements>();
    for (LoadedImage image : images) {
      out.put(image, composed(image));
    }
    return out;
  }

  /** The images in whose process each image's initialisers run: those that load it, and itself. */
  private Map<LoadedImage, List<LoadedImage>> usersOf(List<LoadedImage> order) {
    var out = new HashMap<LoadedImage, List<LoadedImage>>();
    for (LoadedImage image : order) {
      for (LoadedImage loaded : target.scopeOf(image).initialisationOrder()) {
        out.computeIfAbsent(loaded, _ -> new ArrayList<>()).add(image);
      }
    }
    return out;
  }

  /** Interprets and walks the initialisers of one image, unless nobody would get to them. */
  private void run(
      LoadedImage image,
      boolean isResolverRun,
      List<FeatureSet> processors,
      Map<LoadedImage, List<LoadedImage>> users) {
    ExecutionWalk walk = new ExecutionWalk(interpretation, Stage.LOAD);
    (isResolverRun ? resolvers : initialisers).put(image, walk);
    if (!isResolverRun && image.image().format() == Format.PE) {
      // TLS callbacks run before the entry point, and call memcpy(): it reads what Microsoft's
      // start-up code behind the entry point will have asked the processor.
      for (Initialiser initialiser : image.image().initialisers()) {
        interpretation.run(image, initialiser.address());
      }
    }
    for (Initialiser initialiser : image.image().initialisers()) {
      boolean isResolver = initialiser.kind() == Initialiser.Kind.IFUNC_RESOLVER;
      if (isResolver != isResolverRun) {
        continue;
      }
      if (ended.containsAll(users.getOrDefault(image, List.of(image)))) {
        isCutShort = true;
        return;
      }
      AnalysedFunction root = interpretation.run(image, initialiser.address());
      int before = walk.needCount();
      walk.walk(root, title(initialiser));
      if (walk.needCount() > before && !processors.isEmpty() && endsAll(walk, processors)) {
        ended.addAll(users.getOrDefault(image, List.of(image)));
      }
    }
  }

  private static boolean endsAll(ExecutionWalk walk, List<FeatureSet> processors) {
    return processors.stream()
        .allMatch(processor -> walk.terms().stream().anyMatch(term -> !term.isMetBy(processor)));
  }

  /** Dependencies first, over all images of the group. */
  private List<LoadedImage> initialisationOrder() {
    var done = new LinkedHashSet<LoadedImage>();
    for (LoadedImage image : images) {
      done.addAll(target.scopeOf(image).initialisationOrder());
    }
    return new ArrayList<>(done);
  }

  private static String title(Initialiser initialiser) {
    return initialiser.count() > 1
        ? initialiser.kind().title() + " " + initialiser.index() + " of " + initialiser.count()
        : initialiser.kind().title();
  }

  /** The first instruction of each need over everything that loading one image runs. */
  private StageRequirements composed(LoadedImage root) {
    var first = new LinkedHashMap<FeatureTerm, InstructionNeed>();
    var checks = new LinkedHashMap<FeatureSet, SelfCheck>();
    int functions = 0;
    long decodedBytes = 0;
    int order = 0;
    int last = 0;
    List<LoadedImage> inOrder = target.scopeOf(root).initialisationOrder();
    for (Map<LoadedImage, ExecutionWalk> part : List.of(resolvers, initialisers)) {
      for (LoadedImage image : inOrder) {
        ExecutionWalk walked = part.get(image);
        if (walked == null) {
          continue;
        }
        functions += walked.functions();
        decodedBytes += walked.decodedBytes();
        String suffix = image == root ? "" : " of " + image.path();
        for (InstructionNeed need : walked.needs()) {
          first.putIfAbsent(need.term(), need.placed(order + need.order(), suffix));
          last = Math.max(last, order + need.order());
        }
        for (SelfCheck check : walked.selfChecks()) {
          checks.putIfAbsent(check.features(), check.placed(order + check.order(), suffix));
          last = Math.max(last, order + check.order());
        }
        order = last;
      }
    }
    return new StageRequirements(
        true,
        List.copyOf(first.values()),
        List.copyOf(checks.values()),
        functions,
        decodedBytes,
        List.of(),
        interpretation.gaps());
  }

  /** What module initialisation of one image reaches. */
  StageRequirements atImport(LoadedImage image, List<EntryPoint> entryPoints) {
    if (entryPoints.isEmpty()) {
      return StageRequirements.none();
    }
    if (ended.contains(image)) {
      return StageRequirements.notAnalysed("no machine asked about gets so far");
    }
    int number = interpretation.imageNumber(image);
    var walk = new ExecutionWalk(interpretation, Stage.IMPORT);
    for (EntryPoint entry : entryPoints) {
      AnalysedFunction function = interpretation.run(image, entry.address());
      List<Long> slots = moduleSlots(function);
      moduleFunctions.addAll(slots);
      for (long place : slots) {
        interpretation.run(
            interpretation.image(Interpretation.imageNumberOf(place)),
            interpretation.virtualAddressOf(place));
      }
      walk.walk(interpretation.known(number, entry.address()), entry.name());
      for (long place : slots) {
        walk.walk(
            interpretation.known(
                Interpretation.imageNumberOf(place), interpretation.virtualAddressOf(place)),
            "module execution slot");
      }
    }
    return new StageRequirements(
        true,
        walk.needs(),
        walk.selfChecks(),
        walk.functions(),
        walk.decodedBytes(),
        List.of(),
        interpretation.gaps());
  }

  /** Whether a process that loads an image gets on after its load, for someone who asks. */
  boolean isAlive(LoadedImage image) {
    return !ended.contains(image);
  }

  /**
   * What is reached when the images are used: from functions that others import or that can be
   * asked for by name, and from what was given away at load and import.
   *
   * @param sweeps what was found by decoding the images' whole code
   */
  UseAnalysis atUse(Map<LoadedImage, CodeSweep.Part> sweeps) {
    interpretation.allow(MOST_USE_BYTES);
    var use = new UseAnalysis(interpretation, sweeps);
    for (LoadedImage image : images) {
      if (isAlive(image)) {
        use.addEarlier(image, image.image().initialisers(), image.entryPoints());
        use.addExports(image, target.isNeeded(image), target.images().size() == 1);
      }
    }
    for (long place : moduleFunctions) {
      use.addModuleFunction(place);
    }
    use.run();
    return use;
  }

  /** The creation and execution functions of the module definitions that a function hands over. */
  private List<Long> moduleSlots(@Nullable AnalysedFunction entry) {
    var out = new ArrayList<Long>();
    if (entry == null) {
      return out;
    }
    var seen = new HashSet<AnalysedFunction>();
    var stack = new ArrayDeque<AnalysedFunction>();
    stack.push(entry);
    while (!stack.isEmpty()) {
      AnalysedFunction function = stack.pop();
      if (!seen.add(function)) {
        continue;
      }
      for (AnalysedFunction.Passed passed : function.moduleDefinitions) {
        for (long element : interpretation.values.elements(passed.value())) {
          if (Values.kind(element) == Values.ADDRESS) {
            slotsOf(Values.payload(element), out);
          }
        }
      }
      FunctionGraph graph = function.graph;
      for (int event = 0; event < graph.kinds.length; event++) {
        switch (graph.kinds[event]) {
          case FunctionGraph.CALL, FunctionGraph.JUMP -> {
            AnalysedFunction callee =
                interpretation.known(function.imageNumber, graph.values[event]);
            if (callee != null) {
              stack.push(callee);
            }
          }
          default ->
              ExecutionWalk.targets(interpretation, function.target(event)).forEach(stack::push);
        }
      }
    }
    return out;
  }

  private void slotsOf(long definition, List<Long> out) {
    for (long table : interpretation.values.elements(pointerAt(definition + MODULE_SLOTS))) {
      if (Values.kind(table) != Values.ADDRESS) {
        continue;
      }
      long slot = Values.payload(table);
      for (int i = 0; i < MOST_MODULE_SLOTS; i++, slot += 16) {
        long id = numberAt(slot);
        if (!Values.isConstant(id) || Values.number(id) == 0) {
          break;
        }
        if (Values.number(id) == SLOT_CREATE || Values.number(id) == SLOT_EXECUTE) {
          for (long function : interpretation.values.elements(pointerAt(slot + 8))) {
            if (Values.kind(function) == Values.ADDRESS) {
              out.add(Values.payload(function));
            }
          }
        }
      }
    }
  }

  private long pointerAt(long place) {
    long stored = interpretation.memory.peek(Memory.IMAGES, place, 8);
    long loader =
        interpretation.loaderPointer(
            Interpretation.imageNumberOf(place), interpretation.virtualAddressOf(place));
    return interpretation.values.join(stored, loader);
  }

  private long numberAt(long place) {
    long stored = interpretation.memory.peek(Memory.IMAGES, place, 4);
    return stored != Values.BOTTOM
        ? stored
        : interpretation.fileNumber(
            Interpretation.imageNumberOf(place), interpretation.virtualAddressOf(place), 4);
  }

  /** Whether something was left out because no processor asked about gets so far. */
  boolean isCutShort() {
    return isCutShort;
  }

  /** Whether more memory would have told more. */
  boolean isShortOfMemory() {
    return interpretation.isShortOfMemory();
  }
}
