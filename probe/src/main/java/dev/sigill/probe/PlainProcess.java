package dev.sigill.probe;

import java.io.IOException;
import java.util.Optional;

/** A program started as Java does it, unwatched: for systems other than Linux. */
final class PlainProcess {
  private PlainProcess() {}

  static Process start(Launch launch) throws NotStartedException {
    var builder = new ProcessBuilder(launch.command());
    builder.environment().clear();
    builder.environment().putAll(launch.environment());
    Launch.Streams streams = launch.streams();
    if (streams.isInherited()) {
      builder.inheritIO();
    } else {
      builder
          .redirectOutput(java.util.Objects.requireNonNull(streams.out()).toFile())
          .redirectError(java.util.Objects.requireNonNull(streams.err()).toFile());
    }
    try {
      return builder.start();
    } catch (IOException e) {
      String reason = String.valueOf(e.getMessage());
      boolean isMissing = reason.contains("error=2") || reason.contains("No such file");
      throw new NotStartedException(
          launch.command().getFirst()
              + (isMissing ? ": command not found" : ": could not be started: " + reason),
          isMissing ? 127 : 126);
    }
  }

  static Ending run(Launch launch) throws NotStartedException, IOException {
    Process process = start(launch);
    try {
      int status = process.waitFor();
      return ending(process, status);
    } catch (InterruptedException e) {
      process.destroy();
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  /** Java tells a death by a signal as 128 and the signal, as shells do. */
  static Ending ending(Process process, int status) {
    return new Ending((int) process.pid(), status, 0, Optional.empty(), "", "");
  }
}
