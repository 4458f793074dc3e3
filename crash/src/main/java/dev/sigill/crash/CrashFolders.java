package dev.sigill.crash;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Where systems keep crash reports, and which files are some. */
public final class CrashFolders {
  private static final Pattern REPORT =
      Pattern.compile(
          "(?i).*\\.(?:ips|crash|core|dmp\\.txt|wer|panic)(?:\\.(?:zst|xz|gz|lz4))?"
              + "|hs_err_pid.*\\.log|core(?:\\.\\d+)?|core\\..*|.*\\.core\\.\\d+|.*\\.crash"
              + "|.*(?:error|crash|fault|stderr|dmesg|log).*\\.(?:txt|log|out|err)|.*\\.(?:log|txt)");

  private static final Pattern SURE =
      Pattern.compile("(?i).*\\.(?:ips|crash|wer)|hs_err_pid.*\\.log|core(?:\\.\\d+)?|core\\..*");

  private static final int MOST_FILES = 20_000;

  private CrashFolders() {}

  /** The folders of this system, those of the user first. */
  static List<Path> ofThisSystem(Map<String, String> environment) {
    var folders = new ArrayList<Path>();
    String home = environment.getOrDefault("HOME", "");
    if (!home.isEmpty()) {
      folders.add(Path.of(home, "Library", "Logs", "DiagnosticReports"));
    }
    folders.add(Path.of("/Library/Logs/DiagnosticReports"));
    folders.add(Path.of("/var/lib/systemd/coredump"));
    folders.add(Path.of("/var/crash"));
    folders.add(Path.of("/var/spool/abrt"));
    String data = environment.getOrDefault("LOCALAPPDATA", "");
    if (!data.isEmpty()) {
      folders.add(Path.of(data, "CrashDumps"));
    }
    for (String variable : List.of("LOCALAPPDATA", "PROGRAMDATA", "ProgramData")) {
      String folder = environment.getOrDefault(variable, "");
      for (String kind : List.of("ReportArchive", "ReportQueue")) {
        if (!folder.isEmpty()) {
          folders.add(Path.of(folder, "Microsoft", "Windows", "WER", kind));
        }
      }
    }
    return folders;
  }

  /**
   * The newest crash report of this computer: in the system's folders, and in the one given.
   *
   * @param folder where the user is: JVMs and kernels leave theirs there
   */
  public static Optional<Path> newest(Path folder, Map<String, String> environment) {
    var found = new ArrayList<Path>();
    for (Path each : ofThisSystem(environment)) {
      found.addAll(files(each, 3, SURE));
    }
    found.addAll(files(folder, 1, SURE));
    return found.stream().max(Comparator.comparing(CrashFolders::time));
  }

  /**
   * The reports in a folder, newest first.
   *
   * @throws IOException where the folder cannot be read
   */
  static List<Path> reportsIn(Path folder, int depth, int most) throws IOException {
    if (!Files.isReadable(folder)) {
      throw new IOException(folder + " cannot be read");
    }
    return files(folder, depth, REPORT).stream()
        .sorted(
            Comparator.comparing(CrashFolders::time)
                .reversed()
                .thenComparing(Comparator.naturalOrder()))
        .limit(most)
        .toList();
  }

  private static List<Path> files(Path folder, int depth, Pattern names) {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.walk(folder, depth)) {
      return files
          .limit(MOST_FILES)
          .filter(f -> names.matcher(f.getFileName().toString()).matches())
          .filter(f -> Files.isRegularFile(f, LinkOption.NOFOLLOW_LINKS))
          .toList();
    } catch (IOException | java.io.UncheckedIOException e) {
      return List.of();
    }
  }

  private static FileTime time(Path file) {
    try {
      return Files.getLastModifiedTime(file);
    } catch (IOException e) {
      return FileTime.fromMillis(0);
    }
  }
}
