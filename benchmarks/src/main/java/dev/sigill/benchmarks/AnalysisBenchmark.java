package dev.sigill.benchmarks;

import dev.sigill.analysis.AnalysisThreads;
import dev.sigill.analysis.Processor;
import dev.sigill.analysis.Requirements;
import dev.sigill.analysis.RequirementsAnalysis;
import dev.sigill.analysis.Stage;
import dev.sigill.bytes.Limits;
import dev.sigill.image.CodeRange;
import dev.sigill.image.Image;
import dev.sigill.image.Images;
import dev.sigill.isa.FeatureSet;
import dev.sigill.machine.Machines;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * How many MiB of a real library's code are decided in a second by one thread, as far as each
 * stage, for Nehalem, which has x86-64-v2. The library is named by the system property {@code
 * sigill.library}; reading its headers is not counted.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(1)
@Warmup(iterations = 2, time = 5)
@Measurement(iterations = 3, time = 5)
public class AnalysisBenchmark {
  private final Processor nehalem = processor();

  @Param({"LOAD", "IMPORT", "USE"})
  private Stage until = Stage.LOAD;

  private Arena arena = Arena.ofShared();
  private List<Image> images = List.of();
  private long codeBytes;
  private ExecutorService thread = AnalysisThreads.executor(1);

  /** The code that was decided, beside the number of analyses. */
  @AuxCounters(AuxCounters.Type.OPERATIONS)
  @State(Scope.Thread)
  public static class Code {
    /** MiB of code. */
    public double mebibytes;

    public Code() {}
  }

  public AnalysisBenchmark() {}

  private static Processor processor() {
    FeatureSet executes = Machines.named("nehalem").executes();
    return new Processor(executes, executes);
  }

  /** Reads the library's headers. */
  @Setup
  public void read() throws IOException {
    images = Images.read(MeasuredLibrary.content(arena), Limits.standard()).images();
    codeBytes = images.getFirst().code().stream().mapToLong(CodeRange::size).sum();
  }

  @TearDown
  public void close() {
    thread.close();
    arena.close();
  }

  /** What the library requires, up to a stage. */
  @Benchmark
  public List<Requirements> requirements(Code code) {
    var analysis =
        new RequirementsAnalysis(
            List.of(new RequirementsAnalysis.PlacedImage("library", images.getFirst())),
            Map.of(),
            thread);
    code.mebibytes += codeBytes / (double) (1 << 20);
    return analysis.analyse(List.of(nehalem), until, () -> {});
  }
}
