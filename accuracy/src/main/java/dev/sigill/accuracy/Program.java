package dev.sigill.accuracy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Starts other programs and waits for them, with a limit. */
final class Program {
  /** As shells say it: 128 and the signal's number. */
  static final int SIGABRT_STATUS = 134;

  static final int SIGILL_STATUS = 132;

  private static final int MOST_OUTPUT = 200_000;

  /**
   * How a program ended.
   *
   * @param status its exit status; -1 where it took too long
   * @param output what it wrote to either stream, the beginning of it
   * @param seconds how long it took
   */
  record Ended(int status, String output, double seconds) {
    boolean isTimeout() {
      return status == -1;
    }

    /** The last line that is not blank, or empty. */
    String lastLine() {
      return output.lines().filter(line -> !line.isBlank()).reduce("", (_, last) -> last.strip());
    }
  }

  private Program() {}

  /**
   * Runs a program to its end.
   *
   * @param command the program and its arguments
   * @param folder where it works
   * @param environment the only variables that it sees; null for this process's own
   * @param seconds the time it is given
   * @throws IOException where it cannot be started
   */
  static Ended run(
      List<String> command, Path folder, @Nullable Map<String, String> environment, int seconds)
      throws IOException, InterruptedException {
    Path output = Files.createTempFile(folder, "output", ".txt");
    try {
      var builder = new ProcessBuilder(command);
      builder.directory(folder.toFile());
      builder.redirectErrorStream(true);
      builder.redirectOutput(output.toFile());
      builder.redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()));
      if (environment != null) {
        builder.environment().clear();
        builder.environment().putAll(environment);
      }
      long start = System.nanoTime();
      Process process = builder.start();
      boolean isDone;
      try {
        isDone = process.waitFor(seconds, TimeUnit.SECONDS);
      } finally {
        if (process.isAlive()) {
          process.descendants().forEach(ProcessHandle::destroyForcibly);
          process.destroyForcibly();
        }
      }
      process.waitFor();
      double took = Math.round((System.nanoTime() - start) / 1e7) / 100.0;
      return new Ended(isDone ? process.exitValue() : -1, read(output), took);
    } finally {
      Files.deleteIfExists(output);
    }
  }

  private static String read(Path file) throws IOException {
    try (var in = Files.newInputStream(file)) {
      return new String(in.readNBytes(MOST_OUTPUT), StandardCharsets.UTF_8);
    }
  }
}
