package dev.sigill.analysis;

import dev.sigill.bytes.Problem;
import dev.sigill.image.Image;
import dev.sigill.image.elf.ElfImage;
import dev.sigill.image.macho.MachOImage;
import dev.sigill.image.pe.PeImage;
import dev.sigill.isa.x86.X86Terms;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;

/**
 * Turns the images of a target into their requirements. One instance is for one target; decoded
 * functions are shared between the images that reach them.
 */
public final class RequirementsAnalysis {
  private static final String NOT_ASKED_FOR = "it was not asked to follow code so far";
  private static final String ENDED = "no machine asked about gets so far";

  /** The most bytes of instructions that are interpreted for one group, repetitions included. */
  private static final long BUDGET_BYTES = 384L << 20;

  private final TargetImages target;
  private final ExecutorService executor;
  private volatile boolean isCutShort;
  private volatile boolean isShortOfMemory;
  private boolean isExplained;

  /**
   * An image and where it lies.
   *
   * @param path its path within the target
   * @param image the image
   */
  public record PlacedImage(String path, Image image) {}

  /**
   * @param images all images of the target
   * @param links other paths under which the loader finds an image: link path to image path
   * @param executor runs the parts of the work; its threads need deep stacks, as those of {@link
   *     AnalysisThreads#executor()} have
   */
  public RequirementsAnalysis(
      List<PlacedImage> images, Map<String, String> links, ExecutorService executor) {
    this.target =
        new TargetImages(
            images.stream().map(i -> new LoadedImage(i.path(), i.image())).toList(), links);
    this.executor = executor;
  }

  /** Has {@link #analyse} also find out why what is contained but not required is not. */
  public RequirementsAnalysis explained() {
    isExplained = true;
    return this;
  }

  /**
   * What each image requires, in the order given; the whole code is not decoded. Images that load
   * one another are analysed together, others in parallel.
   *
   * @param processors the processors asked about: where none of them gets any further, the analysis
   *     stops; none to have it go on to the end
   * @param until the last stage that is followed
   * @param afterEach called after each image, from several threads
   */
  public List<Requirements> analyse(List<Processor> processors, Stage until, Runnable afterEach) {
    var futures = new ArrayList<Future<Map<LoadedImage, Requirements>>>();
    for (List<LoadedImage> group : target.groups()) {
      futures.add(
          executor.submit(
              () -> {
                Map<LoadedImage, Requirements> found = analyse(group, processors, until);
                // No image of another group calls into this one: the memory is others' now.
                group.forEach(LoadedImage::forget);
                group.forEach(_ -> afterEach.run());
                return found;
              }));
    }
    var byImage = new IdentityHashMap<LoadedImage, Requirements>();
    join(futures).forEach(byImage::putAll);
    return target.images().stream().map(byImage::get).toList();
  }

  /** Whether something was left out because no processor asked about gets so far. */
  public boolean isCutShort() {
    return isCutShort;
  }

  /** Whether something was left out because Java had too little memory for it. */
  public boolean isShortOfMemory() {
    return isShortOfMemory;
  }

  /** A fault met on one group costs its instructions, and never those of the others. */
  private Map<LoadedImage, Requirements> analyse(
      List<LoadedImage> group, List<Processor> processors, Stage until) {
    var out = new IdentityHashMap<LoadedImage, Requirements>();
    var loadable = new ArrayList<LoadedImage>();
    for (LoadedImage image : group) {
      String reason = reasonNotToAnalyse(image.image());
      if (reason.isEmpty()) {
        loadable.add(image);
      } else {
        StageRequirements none = StageRequirements.notAnalysed(reason);
        out.put(image, requirements(image, none, none, none, image.image().problems()));
      }
    }
    if (loadable.isEmpty()) {
      return out;
    }
    try {
      var analysis = new GroupAnalysis(loadable, target, BUDGET_BYTES);
      Map<LoadedImage, StageRequirements> load =
          analysis.atLoad(processors.stream().map(Processor::executes).toList());
      var importing = new IdentityHashMap<LoadedImage, StageRequirements>();
      for (LoadedImage image : loadable) {
        importing.put(
            image,
            until.compareTo(Stage.IMPORT) < 0
                ? StageRequirements.notAnalysed(NOT_ASKED_FOR)
                : analysis.atImport(image, image.entryPoints()).after(load.get(image)));
      }
      finish(loadable, analysis, load, importing, processors, until, out);
      if (analysis.isCutShort()) {
        isCutShort = true;
      }
      if (analysis.isShortOfMemory()) {
        isShortOfMemory = true;
      }
    } catch (RuntimeException | StackOverflowError | InternalError e) {
      for (LoadedImage image : loadable) {
        var problems = new ArrayList<>(image.image().problems());
        problems.add(
            new Problem(
                Problem.Code.FAULT,
                image.image().place(),
                "analysis (" + e + ")",
                -1,
                -1,
                Problem.Effect.PART_LOST));
        StageRequirements none =
            StageRequirements.notAnalysed("the analysis met a fault of its own");
        out.put(image, requirements(image, none, none, none, problems));
      }
    }
    return out;
  }

  /** Adds what is reached at use, unless nobody who asks gets there or could be stopped there. */
  private void finish(
      List<LoadedImage> images,
      GroupAnalysis analysis,
      Map<LoadedImage, StageRequirements> load,
      Map<LoadedImage, StageRequirements> importing,
      List<Processor> processors,
      Stage until,
      Map<LoadedImage, Requirements> out) {
    var sweeps = new HashMap<LoadedImage, CodeSweep.Part>();
    boolean isBeyond = false;
    for (LoadedImage image : images) {
      if (until == Stage.USE && analysis.isAlive(image)) {
        CodeSweep.Part part =
            CodeSweep.of(
                image.image(),
                term ->
                    processors.isEmpty()
                        || processors.stream().anyMatch(p -> !p.surelyMeets(X86Terms.term(term))));
        sweeps.put(image, part);
        isBeyond |= part.needCount() > 0;
      }
    }
    UseAnalysis use = isBeyond ? analysis.atUse(sweeps) : null;
    var merged = new MergedFunctions(isExplained);
    var byPath = new HashMap<String, LoadedImage>();
    images.forEach(image -> byPath.put(image.path(), image));
    for (LoadedImage image : images) {
      StageRequirements atLoad = load.get(image);
      StageRequirements atImport = importing.get(image);
      StageRequirements atUse =
          StageRequirements.notAnalysed(until == Stage.USE ? ENDED : NOT_ASKED_FOR);
      ContainedCode contained = ContainedCode.notDecoded(codeBytes(image.image()));
      CodeSweep.Part part = sweeps.get(image);
      if (part != null) {
        contained = part.toContainedCode();
        if (use == null) {
          isCutShort |= !processors.isEmpty();
          atUse = StageRequirements.none();
        } else {
          atLoad = atLoad.with(use.wronglyGuarded(image, Stage.LOAD));
          atImport = atImport.with(use.wronglyGuarded(image, Stage.IMPORT));
          StageRequirements followed = use.requirements(image);
          if (!followed.gaps().isEmpty() || use.isDoubtful(image)) {
            followed = followed.with(new MergedKernels(image, part).find());
          }
          atUse = followed.after(atLoad).after(atImport);
          if (isExplained) {
            contained = contained.withProtections(use.protections(image));
          }
        }
      }
      out.put(
          image,
          requirements(
                  image,
                  merged.explain(atLoad, byPath),
                  merged.explain(atImport, byPath),
                  merged.explain(atUse, byPath),
                  image.image().problems())
              .withContained(contained));
    }
  }

  /** Why code of an image cannot be followed; empty where it can. */
  private static String reasonNotToAnalyse(Image image) {
    if (!FunctionDecoding.supports(image.architecture())) {
      return "instructions of " + image.architecture().id() + " are not analysed yet";
    }
    return switch (image.kind()) {
      case SHARED_LIBRARY, EXECUTABLE -> "";
      case OBJECT, CORE, DEBUG, OTHER -> "it is not loaded as it is";
    };
  }

  /** What the whole code of one image contains. */
  public ContainedCode contained(int index) {
    Image image = target.images().get(index).image();
    if (!FunctionDecoding.supports(image.architecture())) {
      return ContainedCode.notDecoded(codeBytes(image));
    }
    var futures = new ArrayList<Future<CodeSweep.Part>>();
    for (Callable<CodeSweep.Part> task : CodeSweep.tasks(image)) {
      futures.add(executor.submit(task));
    }
    return join(futures).stream()
        .reduce(CodeSweep.Part.empty(), CodeSweep.Part::with)
        .toContainedCode();
  }

  private static Requirements requirements(
      LoadedImage loaded,
      StageRequirements load,
      StageRequirements importing,
      StageRequirements use,
      List<Problem> problems) {
    Image image = loaded.image();
    long alignment = 0;
    boolean executableStack = false;
    int isaLevel = 0;
    String subtype = "";
    switch (image) {
      case ElfImage elf -> {
        alignment = elf.loadAlignment();
        executableStack = elf.hasExecutableStack();
        isaLevel = elf.isaLevelNeeded();
      }
      case MachOImage machO -> subtype = machO.subtype();
      case PeImage pe -> subtype = pe.subtype();
    }
    return new Requirements(
        loaded.path(),
        image.format(),
        image.architecture(),
        image.byteOrder() == java.nio.ByteOrder.BIG_ENDIAN,
        image.kind(),
        image.platform(),
        image.installName(),
        image.needed(),
        image.searchPaths(),
        image.versionNeeds(),
        alignment,
        executableStack,
        isaLevel,
        subtype,
        loaded.entryPoints().stream().map(EntryPoint::name).toList(),
        use.isAnalysed() ? offers(loaded) : List.of(),
        OpenMpRuntime.of(image),
        load,
        importing,
        use,
        ContainedCode.notDecoded(codeBytes(image)),
        problems);
  }

  /** What a small library that no host starts offers to whoever loads it. */
  private static List<String> offers(LoadedImage loaded) {
    var out = new ArrayList<String>();
    if (loaded.entryPoints().isEmpty() && codeBytes(loaded.image()) <= MOST_OFFERING_BYTES) {
      loaded
          .image()
          .symbols()
          .forEachExported(
              symbol -> {
                if (symbol.address() != 0 && out.size() < MOST_OFFERS) {
                  out.add(symbol.name());
                }
              });
    }
    return out;
  }

  private static final long MOST_OFFERING_BYTES = 4 << 20;
  private static final int MOST_OFFERS = 100;

  private static long codeBytes(Image image) {
    return image.code().stream().mapToLong(dev.sigill.image.CodeRange::size).sum();
  }

  private static <T> List<T> join(List<Future<T>> futures) {
    var out = new ArrayList<T>(futures.size());
    for (Future<T> future : futures) {
      try {
        out.add(future.get());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException("interrupted", e);
      } catch (ExecutionException e) {
        throw new IllegalStateException(e.getCause());
      }
    }
    return out;
  }
}
