package dev.sigill.cli;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Runs typical commands in one process, so that the ahead-of-time cache made from it knows the
 * classes they load. What they look at are the native libraries of the JDK that runs this.
 */
final class Training {
  private static final long LARGEST = 4 << 20;

  private Training() {}

  public static void main(String[] arguments) throws IOException {
    Path folder = Files.createTempDirectory("sigill-training");
    Path archive = folder.resolve("libraries.zip");
    try {
      List<Path> libraries = libraries();
      pack(libraries, archive);
      for (List<String> command : commands(libraries, archive)) {
        run(command, folder);
      }
    } finally {
      Files.deleteIfExists(archive);
      Files.deleteIfExists(folder);
    }
    System.exit(0);
  }

  private static List<List<String>> commands(List<Path> libraries, Path archive) {
    var commands = new ArrayList<List<String>>();
    commands.add(List.of("--version"));
    commands.add(List.of("--help"));
    commands.add(List.of("check", "--help"));
    commands.add(List.of("doctor", "--help"));
    commands.add(List.of("chekc", "x"));
    commands.add(List.of("check", "missing.so"));
    commands.add(List.of("rule", "SIG101"));
    commands.add(List.of("machines"));
    commands.add(List.of("machines", "haswell", "nehalem"));
    commands.add(List.of("machines", "nosuchmachine"));
    commands.add(List.of("machines", "--this"));
    commands.add(List.of("machines", "--this", "--format", "json"));
    for (Path library : libraries) {
      commands.add(List.of("check", library.toString()));
    }
    commands.add(List.of("check", archive.toString(), "--on", "nehalem,haswell"));
    commands.add(
        List.of("check", archive.toString(), "--on", "nehalem", "--format", "json", "--all"));
    return commands;
  }

  private static void run(List<String> command, Path folder) {
    var sink = new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
    var surroundings =
        new Surroundings(
            new ByteArrayInputStream(new byte[0]),
            sink,
            sink,
            Main.surroundings().environment(),
            folder,
            new Terminal(true, true, 100));
    new Cli(new Core()).run(command, surroundings);
  }

  /** A few small native libraries that every JDK has. */
  private static List<Path> libraries() throws IOException {
    Path home = Path.of(System.getProperty("java.home"));
    var found = new ArrayList<Path>();
    for (String folder : new String[] {"lib", "bin"}) {
      try (Stream<Path> files = Files.list(home.resolve(folder))) {
        files
            .filter(
                f ->
                    f.getFileName().toString().matches("(lib)?(java|zip|net|nio)\\.(so|dylib|dll)"))
            .filter(f -> f.toFile().length() < LARGEST)
            .sorted()
            .forEach(found::add);
      }
    }
    return found;
  }

  private static void pack(List<Path> files, Path archive) throws IOException {
    try (OutputStream out = Files.newOutputStream(archive);
        var zip = new ZipOutputStream(out)) {
      for (Path file : files) {
        zip.putNextEntry(new ZipEntry(file.getFileName().toString()));
        Files.copy(file, zip);
        zip.closeEntry();
      }
    }
  }
}
