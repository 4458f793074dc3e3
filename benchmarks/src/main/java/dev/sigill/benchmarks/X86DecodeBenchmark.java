package dev.sigill.benchmarks;

import dev.sigill.bytes.Bytes;
import dev.sigill.bytes.Limits;
import dev.sigill.image.CodeRange;
import dev.sigill.image.Image;
import dev.sigill.image.Images;
import dev.sigill.isa.x86.X86Decoder;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.util.Comparator;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * How many MiB of a real library's code are decoded in a second, by one thread. The library is
 * named by the system property {@code sigill.library}.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(3)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class X86DecodeBenchmark {
  /** One operation of the result is one of these many MiB. */
  private static final int MEBIBYTES = 8;

  private final X86Decoder decoder = new X86Decoder();
  private byte[] code = new byte[0];
  private long address;

  public X86DecodeBenchmark() {}

  /** Takes the first bytes of the library's largest stretch of code. */
  @Setup
  public void read() throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      Bytes content = MeasuredLibrary.content(arena);
      Image image = Images.read(content, Limits.standard()).images().getFirst();
      CodeRange range =
          image.code().stream().max(Comparator.comparingLong(CodeRange::size)).orElseThrow();
      if (range.size() < MEBIBYTES << 20) {
        throw new IOException(
            content.place() + " holds less than " + MEBIBYTES + " MiB of code in one piece");
      }
      address = range.start();
      code = content.array(range.fileOffset(), MEBIBYTES << 20);
    }
  }

  /** Length, flow and feature of every instruction. */
  @Benchmark
  @OperationsPerInvocation(MEBIBYTES)
  public int lengthFlowAndFeature() {
    int sum = 0;
    for (int at = 0; at < code.length; ) {
      int length = decoder.decode(code, at, code.length, address + at);
      if (length > 0) {
        sum += decoder.term() + decoder.flow();
        at += length;
      } else {
        at++;
      }
    }
    return sum;
  }
}
