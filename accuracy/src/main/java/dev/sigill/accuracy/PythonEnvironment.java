package dev.sigill.accuracy;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * A virtual environment with one package and what it needs, made by the user's own pip. What was
 * installed is written down beside it, and the next time the very same is installed.
 *
 * @param root its folder, without symbolic links in the path
 * @param installed {@code name==version} of each distribution
 */
record PythonEnvironment(Path root, List<String> installed) {
  private static final int SECONDS = 1800;
  private static final long MOST_BYTES_KEPT = 400L << 20;

  /** Lies in an environment that is complete, and says what is installed in it. */
  private static final String MARKER = "installed.txt";

  /** It could not be made; the message is pip's last line. */
  static final class NotMade extends Exception {
    private static final long serialVersionUID = 1;

    NotMade(String message) {
      super(message);
    }
  }

  PythonEnvironment {
    installed = List.copyOf(installed);
  }

  Path python() {
    return root.resolve("bin/python");
  }

  /** The version of a distribution here, or {@code -}. */
  String versionOf(String name) {
    String wanted = normal(name);
    for (String each : installed) {
      String[] parts = each.split("==", 2);
      if (parts.length == 2 && normal(parts[0]).equals(wanted)) {
        return parts[1];
      }
    }
    return "-";
  }

  /** Names as indexes compare them. */
  static String normal(String name) {
    return name.toLowerCase(Locale.ROOT).replaceAll("[-_.]+", "-");
  }

  /**
   * The environment of a package: the one that was kept, or a new one.
   *
   * @param python the interpreter to make it with
   * @param entry the package
   * @param folder where environments and lists of what was installed are kept
   * @param work where to make a new one
   * @throws NotMade where pip finds or installs something not
   */
  static PythonEnvironment make(String python, PackageEntry entry, Path folder, Path work)
      throws IOException, InterruptedException, NotMade {
    Path kept = folder.resolve("environments").resolve(entry.name());
    Path list = folder.resolve("installed").resolve(entry.name() + ".txt");
    if (isWrittenDown(entry, kept.resolve(MARKER))) {
      return new PythonEnvironment(kept.toRealPath(), Files.readAllLines(kept.resolve(MARKER)));
    }
    Path made = work.resolve(entry.name());
    delete(made);
    Files.createDirectories(kept.getParent());
    Files.createDirectories(list.getParent());
    run(work, List.of(python, "-m", "venv", "--without-pip", made.toString()));
    List<String> pip = List.of(python, "-m", "pip", "--python", made.toString());
    var install = new ArrayList<>(pip);
    install.addAll(List.of("install", "--quiet", "--no-compile", "--only-binary", ":all:"));
    install.add("--disable-pip-version-check");
    if (isWrittenDown(entry, list)) {
      install.addAll(List.of("--no-deps", "-r", list.toString()));
    } else {
      install.addAll(entry.pipArguments());
    }
    run(work, install);
    var ask = new ArrayList<>(pip);
    ask.addAll(List.of("list", "--format", "freeze", "--disable-pip-version-check"));
    List<String> installed =
        run(work, ask).lines().filter(line -> line.matches("\\S+==\\S+")).sorted().toList();
    Files.write(list, installed);
    Files.write(made.resolve(MARKER), installed);
    delete(kept);
    Files.move(made, kept, StandardCopyOption.ATOMIC_MOVE);
    return new PythonEnvironment(kept.toRealPath(), installed);
  }

  /** Deletes an environment after use where it is large: it is quickly made again. */
  void deleteIfLarge() throws IOException {
    long bytes = 0;
    try (Stream<Path> files = Files.walk(root)) {
      for (Path file : (Iterable<Path>) files::iterator) {
        bytes += Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS) ? Files.size(file) : 0;
      }
    }
    if (bytes > MOST_BYTES_KEPT) {
      delete(root);
    }
  }

  /** Whether the list says what this entry installs: of another version or with other needs, no. */
  private static boolean isWrittenDown(PackageEntry entry, Path list) throws IOException {
    if (!Files.exists(list)) {
      return false;
    }
    var known = new PythonEnvironment(list, Files.readAllLines(list));
    boolean hasAll =
        entry.requirements().stream()
            .allMatch(
                r -> {
                  String[] parts = r.split("==", 2);
                  String version = known.versionOf(parts[0].replaceFirst("[<>\\[].*", ""));
                  return !version.equals("-") && (parts.length == 1 || version.equals(parts[1]));
                });
    String version = known.versionOf(entry.name());
    return hasAll
        && !version.equals("-")
        && (entry.version().equals("-") || entry.version().equals(version));
  }

  private static String run(Path folder, List<String> command)
      throws IOException, InterruptedException, NotMade {
    Program.Ended ended = Program.run(command, folder, null, SECONDS);
    if (ended.status() != 0) {
      throw new NotMade(ended.lastLine());
    }
    return ended.output();
  }

  /** Deletes a folder with all in it; links are deleted, not followed. */
  static void delete(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    Files.walkFileTree(
        folder,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.delete(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path each, IOException error)
              throws IOException {
            Files.delete(each);
            return FileVisitResult.CONTINUE;
          }
        });
  }
}
