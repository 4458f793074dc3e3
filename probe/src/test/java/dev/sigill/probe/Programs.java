package dev.sigill.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Small programs, compiled where the test runs; tests are skipped where that is not possible. */
final class Programs {
  private Programs() {}

  /** Skips the test with a line that says why. */
  static void skip(String reason) {
    System.out.println("skipped: " + reason);
    abort(reason);
  }

  /** The path of a program on the PATH; the test is skipped where there is none. */
  static Path needed(String program) {
    for (String folder : System.getenv().getOrDefault("PATH", "").split(":")) {
      Path file = Path.of(folder, program);
      if (Files.isExecutable(file)) {
        return file;
      }
    }
    skip("no " + program + " on the PATH");
    throw new IllegalStateException("unreachable");
  }

  static void neededLinux() {
    if (!Libc.isSupported() || !System.getProperty("os.arch").equals("amd64")) {
      skip("not Linux on x86-64");
    }
  }

  /** Compiles C. */
  static Path compile(Path folder, String name, String source, String... options)
      throws IOException, InterruptedException {
    Path compiler = needed("cc");
    Path file = folder.resolve(name + ".c");
    Files.writeString(file, source);
    Path program = folder.resolve(name);
    var command = new ArrayList<String>();
    command.addAll(List.of(compiler.toString(), "-O1", "-o", program.toString(), file.toString()));
    command.addAll(List.of(options));
    Process process = new ProcessBuilder(command).inheritIO().start();
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).isZero();
    return program;
  }
}
