package dev.sigill;

import dev.sigill.analysis.AnalysisThreads;
import dev.sigill.analysis.ContainedCode;
import dev.sigill.analysis.Requirements;
import dev.sigill.analysis.RequirementsAnalysis;
import dev.sigill.analysis.RequirementsAnalysis.PlacedImage;
import dev.sigill.analysis.TargetRequirements;
import dev.sigill.bytes.Place;
import dev.sigill.bytes.Problem;
import dev.sigill.image.Image;
import dev.sigill.image.Images;
import dev.sigill.source.Member;
import dev.sigill.source.Source;
import dev.sigill.source.Sources;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** One opened target on its way to its requirements. For one thread. */
final class Examination implements AutoCloseable {
  private final Source source;
  private final Options options;
  private final ExecutorService executor;
  private @Nullable RequirementsAnalysis analysis;
  private @Nullable TargetRequirements requirements;

  private Examination(Source source, Options options) {
    this.source = source;
    this.options = options;
    this.executor = AnalysisThreads.executor(options.parallelism());
  }

  static Examination open(Path target, Options options) throws IOException {
    options.progress().at(Progress.Step.OPENING, 0, 0);
    return new Examination(Sources.open(target, options.limits()), options);
  }

  /** What the target requires as far as load goes. */
  TargetRequirements requirements() {
    if (requirements == null) {
      var problems = new ArrayList<>(source.problems());
      List<PlacedImage> images = readImages(problems);
      analysis = new RequirementsAnalysis(images, Map.of(), executor);
      var done = new AtomicInteger();
      List<Requirements> found =
          cancellable(
              () ->
                  analysis.atLoad(
                      () -> step(Progress.Step.FOLLOWING, done.incrementAndGet(), images.size())));
      requirements =
          new TargetRequirements(
              source.target(),
              source.artifact(),
              source.kind(),
              source.distributions(),
              source.interpreter(),
              found,
              problems);
    }
    return requirements;
  }

  /** The same with the whole code of some images decoded. */
  TargetRequirements decode(Collection<Integer> indices) {
    TargetRequirements known = requirements();
    var images = new ArrayList<>(known.images());
    int done = 0;
    for (int index : indices) {
      step(Progress.Step.DECODING, done++, indices.size());
      images.set(index, images.get(index).withContained(contained(index, images.get(index))));
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
            known.problems());
    return requirements;
  }

  /** A fault met on one image leaves it undecoded, which no verdict takes for "runs". */
  private ContainedCode contained(int index, Requirements image) {
    try {
      return cancellable(() -> analysis.contained(index));
    } catch (CancellationException e) {
      throw e;
    } catch (RuntimeException e) {
      return ContainedCode.notDecoded(image.contained().codeBytes());
    }
  }

  private List<PlacedImage> readImages(List<Problem> problems) {
    List<Member> members = source.members();
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
    } catch (IOException e) {
      problem = problem(member, Problem.Code.UNREADABLE, "file (" + e.getMessage() + ")");
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

  private interface Work<T> {
    T run();
  }

  /** Cancellation met in a worker thread comes out as such. */
  private static <T> T cancellable(Work<T> work) {
    try {
      return work.run();
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
    source.close();
    if (isInterrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
