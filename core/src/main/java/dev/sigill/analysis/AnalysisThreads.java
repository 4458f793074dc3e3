package dev.sigill.analysis;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/** Threads for analyses: as many as processors, with stacks deep enough for long call chains. */
public final class AnalysisThreads {
  /** Address space only: pages of a stack are used when they are first written. */
  private static final long STACK_BYTES = 1L << 30;

  private AnalysisThreads() {}

  /** A pool to be closed by who opens it. */
  public static ExecutorService executor() {
    return executor(Runtime.getRuntime().availableProcessors());
  }

  /** A pool of so many threads, to be closed by who opens it. */
  public static ExecutorService executor(int threads) {
    var number = new AtomicInteger();
    return Executors.newFixedThreadPool(
        threads,
        task -> {
          var thread = new Thread(null, task, "analysis-" + number.getAndIncrement(), STACK_BYTES);
          thread.setDaemon(true);
          return thread;
        });
  }
}
