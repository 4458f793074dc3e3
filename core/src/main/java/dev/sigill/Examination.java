package dev.sigill;

import dev.sigill.analysis.AnalysisThreads;
import dev.sigill.analysis.ContainedCode;
import dev.sigill.analysis.Processor;
import dev.sigill.analysis.Requirements;
import dev.sigill.analysis.RequirementsAnalysis;
import dev.sigill.analysis.RequirementsAnalysis.PlacedImage;
import dev.sigill.analysis.TargetRequirements;
import dev.sigill.bytes.Place;
import dev.sigill.bytes.Problem;
import dev.sigill.image.Image;
import dev.sigill.image.Images;
import dev.sigill.python.ImportSearch;
import dev.sigill.python.PythonImports;
import dev.sigill.source.Distribution;
import dev.sigill.source.Member;
import dev.sigill.source.Source;
import dev.sigill.source.UnreadableException;
import dev.sigill.store.Key;
import dev.sigill.store.RequirementsStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One target on its way to its requirements. What the store holds is not looked at again: a file
 * that is unchanged is not even opened. For one thread.
 */
final class Examination implements AutoCloseable {
  private final Path target;
  private final Options options;
  private final Opener opener;
  private final List<Processor> processors;
  private final ExecutorService executor;
  private @Nullable Source source;
  private @Nullable Analysed analysed;
  private @Nullable TargetRequirements requirements;

  /** Whether what is known leaves out what does not matter on the processors asked about. */
  private boolean isPartial;

  /** Opens a target. */
  @FunctionalInterface
  interface Opener {
    Source open(Path target) throws IOException;
  }

  /** Images read from the target, and how they are analysed. */
  private record Analysed(
      List<PlacedImage> images, List<Problem> problems, RequirementsAnalysis analysis) {}

  /**
   * @param target the target
   * @param options how
   * @param opener opens it
   * @param processors the processors asked about; none to find out all
   */
  Examination(Path target, Options options, Opener opener, List<Processor> processors) {
    this.processors = List.copyOf(processors);
    this.target = target;
    this.options = options;
    this.opener = opener;
    this.executor = AnalysisThreads.executor(options.parallelism());
  }

  /** What the target requires, without the whole code of its images where that is not known yet. */
  TargetRequirements requirements() throws IOException {
    if (requirements == null) {
      Optional<Keys> keys = keys();
      Optional<TargetRequirements> kept = keys.flatMap(this::kept);
      if (kept.isPresent()) {
        requirements = kept.get();
      } else {
        requirements = analyse();
        keep(keys);
      }
    }
    return requirements;
  }

  /** The same with the whole code of some images decoded. */
  TargetRequirements decode(Collection<Integer> indices) throws IOException {
    TargetRequirements known = requirements();
    Optional<Keys> keys = keys();
    if (!isStill(known, analysed())) {
      // It changed between the store's entry and now.
      known = analyse();
    }
    var images = new ArrayList<>(known.images());
    var problems = new ArrayList<>(known.problems());
    int done = 0;
    for (int index : indices) {
      step(Progress.Step.DECODING, done++, indices.size());
      if (index < images.size()) {
        Requirements image = images.get(index);
        images.set(index, image.withContained(contained(index, image, problems)));
      }
    }
    step(Progress.Step.DECODING, done, indices.size());
    requirements =
        new TargetRequirements(
            known.target(),
            known.artifact(),
            known.kind(),
            known.distributions(),
            known.interpreter(),
            images,
            known.links(),
            problems);
    keep(keys);
    return requirements;
  }

  /**
   * How the target's Python code comes to load some of its images.
   *
   * @param paths of the images
   */
  PythonImports imports(Collection<String> paths) throws IOException {
    var facts = new ArrayList<String>();
    facts.add("imports");
    paths.stream().sorted().forEach(facts::add);
    if (!Files.isRegularFile(target)) {
      facts.add(source().pythonCode().stamp());
    }
    Optional<Key> key = keys().map(k -> RequirementsStore.narrowed(k.all(), facts));
    Optional<PythonImports> kept = key.flatMap(k -> options.store().orElseThrow().imports(k));
    if (kept.isPresent()) {
      return kept.get();
    }
    step(Progress.Step.IMPORTS, 0, 0);
    PythonImports found = ImportSearch.of(source(), paths);
    key.ifPresent(k -> options.store().orElseThrow().put(k, found));
    return found;
  }

  private TargetRequirements analyse() throws IOException {
    Source opened = source();
    Analysed read = analysed();
    var done = new AtomicInteger();
    int count = read.images().size();
    List<Requirements> found =
        cancellable(
            () ->
                read.analysis()
                    .analyse(
                        processors,
                        options.until(),
                        () -> step(Progress.Step.FOLLOWING, done.incrementAndGet(), count)));
    return new TargetRequirements(
        opened.target(),
        opened.artifact(),
        opened.kind(),
        opened.distributions(),
        opened.interpreter(),
        found,
        opened.links(),
        read.problems());
  }

  private Source source() throws IOException {
    if (source == null) {
      step(Progress.Step.OPENING, 0, 0);
      source = opener.open(target);
    }
    return source;
  }

  private Analysed analysed() throws IOException {
    if (analysed == null) {
      var problems = new ArrayList<>(source().problems());
      List<PlacedImage> images = readImages(problems);
      var analysis = new RequirementsAnalysis(images, source().links(), executor);
      analysed =
          new Analysed(images, problems, options.isExplained() ? analysis.explained() : analysis);
    }
    return analysed;
  }

  private static boolean isStill(TargetRequirements known, Analysed now) {
    List<String> before = known.images().stream().map(Requirements::path).toList();
    return before.equals(now.images().stream().map(PlacedImage::path).toList());
  }

  /**
   * Under what the results for a target are kept.
   *
   * @param all for those that hold for any processor
   * @param some for those that leave out what does not matter on the processors asked about
   */
  private record Keys(Key all, Key some) {}

  private Optional<TargetRequirements> kept(Keys keys) {
    RequirementsStore store = options.store().orElseThrow();
    Optional<TargetRequirements> found = store.get(keys.all());
    if (found.isEmpty()) {
      found = store.get(keys.some());
      isPartial = found.isPresent();
    }
    return found;
  }

  /**
   * The keys of the target as it lies there now. A file, be it an archive, counts as a whole; a
   * folder by the files with native code in it and by what was read of its packages.
   */
  private Optional<Keys> keys() throws IOException {
    if (options.store().isEmpty()) {
      return Optional.empty();
    }
    var files = new ArrayList<Path>();
    var facts = new ArrayList<String>();
    facts.add(options.limits().toString());
    facts.add(options.until().toString());
    facts.add(options.isExplained() ? "explained" : "");
    if (Files.isRegularFile(target)) {
      files.add(target);
    } else {
      Source opened = source();
      facts.add(opened.kind().toString());
      opened.distributions().forEach(each -> add(each, facts));
      facts.add(opened.interpreter().toString());
      facts.add(opened.links().toString());
      facts.add(opened.problems().toString());
      for (Member member : opened.members()) {
        String address = member.address();
        int nested = address.indexOf("!/");
        try {
          files.add(Path.of(nested < 0 ? address : address.substring(0, nested)));
        } catch (InvalidPathException e) {
          return Optional.empty();
        }
        facts.add(member.path());
      }
    }
    List<String> asked = processors.stream().map(Processor::toString).toList();
    return RequirementsStore.key(target.toString(), files, facts)
        .map(all -> new Keys(all, RequirementsStore.narrowed(all, asked)));
  }

  /** Spelled out, as the text of a record is made by code that has to be made first. */
  private static void add(Distribution each, List<String> facts) {
    facts.add(each.ecosystem() + "\t" + each.name() + "\t" + each.version());
    facts.add(each.location());
    for (List<String> list :
        List.of(
            each.tags(), each.fileNameTags(), each.members(), each.modules(), each.optional())) {
      facts.add(String.join("\t", list));
    }
    each.requires().forEach(need -> facts.add(need.name() + "\t" + need.condition()));
    facts.add("");
  }

  /** Keeps what is known now, unless the target changed while it was looked at. */
  private void keep(Optional<Keys> before) throws IOException {
    if (analysed != null && analysed.analysis().isShortOfMemory()) {
      // The next run may have more.
      return;
    }
    if (before.isPresent() && requirements != null && before.equals(keys())) {
      isPartial |= analysed != null && analysed.analysis().isCutShort();
      options.store().get().put(isPartial ? before.get().some() : before.get().all(), requirements);
    }
  }

  /** A fault met on one image leaves it undecoded, which no verdict takes for "runs". */
  private ContainedCode contained(int index, Requirements image, List<Problem> problems)
      throws IOException {
    RequirementsAnalysis analysis = analysed().analysis();
    try {
      return cancellable(() -> analysis.contained(index));
    } catch (CancellationException e) {
      throw e;
    } catch (RuntimeException e) {
      problems.add(
          new Problem(
              Problem.Code.FAULT,
              Place.of(image.path()),
              "decoding (" + e.getCause() + ")",
              -1,
              -1,
              Problem.Effect.PART_LOST));
      return ContainedCode.notDecoded(image.contained().codeBytes());
    }
  }

  private List<PlacedImage> readImages(List<Problem> problems) throws IOException {
    List<Member> members = source().members();
    var futures = new ArrayList<Future<Images.Read>>();
    var done = new AtomicInteger();
    for (Member member : members) {
      futures.add(
          executor.submit(
              () -> {
                Images.Read read = read(member);
                step(Progress.Step.READING, done.incrementAndGet(), members.size());
                return read;
              }));
    }
    var images = new ArrayList<PlacedImage>();
    for (int i = 0; i < members.size(); i++) {
      Future<Images.Read> future = futures.get(i);
      Images.Read read = cancellable(() -> join(future));
      problems.addAll(read.problems());
      for (Image image : read.images()) {
        images.add(new PlacedImage(members.get(i).path(), image));
      }
    }
    return images;
  }

  private Images.Read read(Member member) {
    Problem problem;
    try {
      return Images.read(member.bytes(), options.limits());
    } catch (UnreadableException e) {
      problem = e.problem();
    } catch (IOException e) {
      problem = problem(member, Problem.Code.UNREADABLE, "file (" + e.getMessage() + ")");
    } catch (InternalError e) {
      problem =
          problem(member, Problem.Code.UNREADABLE, "file (cut short while it was being read)");
    } catch (RuntimeException | StackOverflowError e) {
      problem = problem(member, Problem.Code.FAULT, "reading (" + e + ")");
    }
    return new Images.Read(List.of(), List.of(problem));
  }

  private static Problem problem(Member member, Problem.Code code, String field) {
    return new Problem(code, Place.of(member.address()), field, -1, -1, Problem.Effect.FILE_LOST);
  }

  private void step(Progress.Step step, int done, int total) {
    options.progress().at(step, done, total);
    if (options.progress().isCancelled()) {
      throw new CancellationException("cancelled");
    }
  }

  /** Cancellation met in a worker thread comes out as such. */
  private static <T> T cancellable(Supplier<T> work) {
    try {
      return work.get();
    } catch (IllegalStateException e) {
      if (e.getCause() instanceof CancellationException cancelled) {
        throw cancelled;
      }
      throw e;
    }
  }

  private static <T> T join(Future<T> future) {
    try {
      return future.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CancellationException("interrupted");
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    }
  }

  /** Ends the threads before the memory that they read is let go. */
  @Override
  public void close() {
    executor.shutdownNow();
    boolean isInterrupted = false;
    while (true) {
      try {
        if (executor.awaitTermination(1, TimeUnit.DAYS)) {
          break;
        }
      } catch (InterruptedException e) {
        isInterrupted = true;
      }
    }
    if (source != null) {
      source.close();
    }
    if (isInterrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
