package dev.sigill.probe;

import dev.sigill.crash.CrashFolders;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a death left on disk: a JVM's error log, a core file, a system's crash report.
 *
 * @param ending how the program ended
 * @param folder the folder it ran in
 * @param environment its variables
 * @param start when it was started; what is older is not its own
 */
record Remains(Ending ending, Path folder, Map<String, String> environment, Instant start) {
  /** How long systems take to write a report after the death, in milliseconds. */
  private static final int PATIENCE = 3000;

  /** The file that explains it best, if there is one. */
  Optional<Path> report() {
    Optional<Path> log = errorLog();
    if (log.isPresent()) {
      return log;
    }
    boolean isCrash = ending.signalTold() != 0 || ending.isWindowsException();
    if (ending.fault().isPresent() || !isCrash) {
      return Optional.empty();
    }
    boolean isLinux = System.getProperty("os.name", "").equals("Linux");
    long deadline = System.nanoTime() + (isLinux ? 0 : PATIENCE * 1_000_000L);
    while (true) {
      Optional<Path> newest =
          CrashFolders.newest(folder.toAbsolutePath(), environment).filter(this::isOwn);
      if (newest.isPresent() || System.nanoTime() >= deadline) {
        return newest;
      }
      try {
        Thread.sleep(100);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return Optional.empty();
      }
    }
  }

  /** {@code hs_err_pidN.log} in the program's folder, or in the one for temporary files. */
  private Optional<Path> errorLog() {
    var logs = new ArrayList<Path>();
    for (Path each : List.of(folder.toAbsolutePath(), Path.of("/tmp"))) {
      try (var files = Files.newDirectoryStream(each, "hs_err_pid*.log")) {
        files.forEach(logs::add);
      } catch (IOException | java.nio.file.DirectoryIteratorException e) {
        continue;
      }
    }
    return logs.stream().filter(this::isOwn).findFirst();
  }

  private boolean isOwn(Path file) {
    try {
      return !Files.getLastModifiedTime(file).toInstant().isBefore(start.minusMillis(50));
    } catch (IOException e) {
      return false;
    }
  }
}
