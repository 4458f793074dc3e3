package dev.sigill.probe;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/**
 * A program in a process group of its own, with limits. It and all that come of it are ended at the
 * end, whatever the end is.
 */
final class Supervised {
  private static final int SIGKILL = 9;

  /** How often memory is looked at, in milliseconds. */
  private static final int PERIOD = 250;

  /** What ended it. */
  enum Limit {
    NONE,
    TIME,
    MEMORY
  }

  /**
   * How it went.
   *
   * @param ending how it ended
   * @param limit which limit it met
   */
  record Result(Ending ending, Limit limit) {}

  private final Launch launch;
  private final ProcessLimits limits;

  Supervised(Launch launch, ProcessLimits limits) {
    this.launch = launch;
    this.limits = limits;
  }

  Result run() throws NotStartedException, IOException {
    if (Libc.isSupported()) {
      LinuxProcess process = LinuxProcess.start(launch, true, new TerminalSignals(false), null);
      return await(process.pid(), process.ending(), () -> Libc.kill(-process.pid(), SIGKILL));
    }
    Process process = PlainProcess.start(launch);
    Future<Ending> ending = process.onExit().thenApply(p -> PlainProcess.ending(p, p.exitValue()));
    return await((int) process.pid(), ending, process::destroyForcibly);
  }

  private Result await(int pid, Future<Ending> ending, Runnable kill) throws IOException {
    Runnable killAll =
        () -> {
          ProcessHandle.of(pid)
              .ifPresent(p -> p.descendants().forEach(ProcessHandle::destroyForcibly));
          kill.run();
        };
    var hook = new Thread(killAll);
    Runtime.getRuntime().addShutdownHook(hook);
    long deadline = System.nanoTime() + limits.time().toNanos();
    Limit limit = Limit.NONE;
    try {
      while (true) {
        long left = deadline - System.nanoTime();
        try {
          long wait = limit == Limit.NONE ? Math.min(PERIOD * 1_000_000L, left) : 5_000_000_000L;
          return new Result(ending.get(Math.max(1, wait), TimeUnit.NANOSECONDS), limit);
        } catch (TimeoutException e) {
          if (limit != Limit.NONE) {
            throw new IOException("process " + pid + " does not end", e);
          }
          if (System.nanoTime() >= deadline) {
            limit = Limit.TIME;
          } else if (memory(pid) > limits.memory()) {
            limit = Limit.MEMORY;
          }
          if (limit != Limit.NONE) {
            killAll.run();
          }
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    } catch (ExecutionException e) {
      throw new IOException(e.getCause());
    } finally {
      killAll.run();
      try {
        Runtime.getRuntime().removeShutdownHook(hook);
      } catch (IllegalStateException e) {
        // The tool itself is being ended, and the hook runs.
      }
    }
  }

  /** Resident memory of a process and all that come of it, in bytes; 0 where nothing says it. */
  private static long memory(int pid) {
    return ProcessHandle.of(pid).stream()
        .flatMap(p -> Stream.concat(Stream.of(p), p.descendants()))
        .mapToLong(p -> memoryOf(p.pid()))
        .sum();
  }

  private static long memoryOf(long pid) {
    try {
      // Pages: all, resident, … (proc(5)).
      String[] pages = Files.readString(Path.of("/proc", "" + pid, "statm")).split(" ");
      return Long.parseLong(pages[1]) * 4096;
    } catch (IOException | NumberFormatException e) {
      return 0;
    }
  }
}
