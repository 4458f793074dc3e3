package dev.sigill.cli;

import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Starts the command line in a process of its own. */
public final class Main {
  private Main() {}

  /** Runs the command that the arguments name and ends the process with its exit code. */
  public static void main(String[] arguments) {
    Surroundings surroundings = surroundings();
    int code = new Cli(new Core()).run(List.of(arguments), surroundings);
    surroundings.out().flush();
    System.exit(code);
  }

  /** The process's own streams, variables and folder. */
  static Surroundings surroundings() {
    Map<String, String> environment = System.getenv();
    var out =
        new PrintStream(
            new BufferedOutputStream(new FileOutputStream(FileDescriptor.out), 1 << 16),
            false,
            StandardCharsets.UTF_8);
    var err =
        new PrintStream(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8);
    return new Surroundings(
        System.in, out, err, environment, Path.of(""), Terminal.of(environment));
  }
}
