package dev.sigill.analysis;

import dev.sigill.bytes.Problem;
import dev.sigill.image.Image;
import dev.sigill.image.Symbol;
import dev.sigill.image.elf.ElfImage;
import dev.sigill.image.macho.MachOImage;
import dev.sigill.image.pe.PeImage;
import dev.sigill.platform.Architecture;
import java.util.ArrayList;
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
  private static final String NOT_ANALYSED_YET = "what is reached after load is not analysed";

  private final TargetImages target;
  private final ExecutorService executor;

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

  /** What each image requires at load, in the order given; the whole code is not decoded. */
  public List<Requirements> atLoad() {
    return atLoad(() -> {});
  }

  /**
   * The same, with word of its progress.
   *
   * @param afterEach called after each image, from several threads
   */
  public List<Requirements> atLoad(Runnable afterEach) {
    var futures = new ArrayList<Future<Requirements>>();
    for (LoadedImage image : target.images()) {
      futures.add(
          executor.submit(
              () -> {
                Requirements found = requirements(image);
                afterEach.run();
                return found;
              }));
    }
    return join(futures);
  }

  /** A fault met on one image costs its instructions, and never those of the others. */
  private Requirements requirements(LoadedImage image) {
    try {
      return requirements(image, load(image), image.image().problems());
    } catch (RuntimeException | StackOverflowError | InternalError e) {
      var problems = new ArrayList<>(image.image().problems());
      problems.add(
          new Problem(
              Problem.Code.FAULT,
              image.image().place(),
              "analysis (" + e + ")",
              -1,
              -1,
              Problem.Effect.PART_LOST));
      return requirements(
          image, StageRequirements.notAnalysed("the analysis met a fault of its own"), problems);
    }
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

  private StageRequirements load(LoadedImage image) {
    Architecture architecture = image.image().architecture();
    if (!FunctionDecoding.supports(architecture)) {
      return StageRequirements.notAnalysed(
          "instructions of " + architecture.id() + " are not analysed yet");
    }
    if (image.image().kind() != Image.Kind.SHARED_LIBRARY
        && image.image().kind() != Image.Kind.EXECUTABLE) {
      return StageRequirements.notAnalysed("it is not loaded as it is");
    }
    return new LoadWalk(image, target.scopeOf(image)).run();
  }

  private static Requirements requirements(
      LoadedImage loaded, StageRequirements load, List<Problem> problems) {
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
        entryPoints(image),
        OpenMpRuntime.of(image),
        load,
        StageRequirements.notAnalysed(NOT_ANALYSED_YET),
        StageRequirements.notAnalysed(NOT_ANALYSED_YET),
        ContainedCode.notDecoded(codeBytes(image)),
        problems);
  }

  /** Exported functions by which Python, a JVM or Node.js starts an extension. */
  private static List<String> entryPoints(Image image) {
    var found = new ArrayList<String>();
    image
        .symbols()
        .forEachExported(
            (Symbol symbol) -> {
              String name = symbol.name();
              String plain = name.startsWith("_") ? name.substring(1) : name;
              if (plain.startsWith("PyInit_")
                  || name.startsWith("PyInit_")
                  || plain.equals("JNI_OnLoad")
                  || name.equals("JNI_OnLoad")
                  || plain.startsWith("napi_register_module_v")
                  || name.startsWith("napi_register_module_v")) {
                found.add(name.startsWith("_") ? plain : name);
              }
            });
    return found.stream().sorted().distinct().toList();
  }

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
