package dev.sigill;

import dev.sigill.bytes.Limits;

/**
 * How {@link Sigill} works.
 *
 * @param limits what a target may cost
 * @param parallelism how many threads read and analyse, 1 or more
 * @param progress hears how far it has come
 */
public record Options(Limits limits, int parallelism, Progress progress) {
  public Options {
    if (parallelism < 1) {
      throw new IllegalArgumentException("parallelism must be 1 or more: " + parallelism);
    }
  }

  /** Standard limits, a thread for each processor, no word of progress. */
  public static Options standard() {
    return new Options(
        Limits.standard(), Runtime.getRuntime().availableProcessors(), Progress.NONE);
  }

  public Options withLimits(Limits newLimits) {
    return new Options(newLimits, parallelism, progress);
  }

  public Options withParallelism(int threads) {
    return new Options(limits, threads, progress);
  }

  public Options withProgress(Progress listener) {
    return new Options(limits, parallelism, listener);
  }
}
