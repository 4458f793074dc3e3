package dev.sigill.cli;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Runs a command in this process and keeps what it writes. */
final class Trial {
  private final Engine engine;
  private final Path folder;
  private Map<String, String> environment = Map.of("LANG", "en_US.UTF-8");
  private Terminal terminal = Terminal.NONE;

  /**
   * What came of it.
   *
   * @param code the exit code
   * @param out what was written as a result
   * @param err what was written besides
   */
  record Outcome(int code, String out, String err) {}

  Trial(Engine engine, Path folder) {
    this.engine = engine;
    this.folder = folder;
  }

  Trial with(Map<String, String> newEnvironment) {
    environment = newEnvironment;
    return this;
  }

  Trial on(Terminal newTerminal) {
    terminal = newTerminal;
    return this;
  }

  Outcome run(String... arguments) {
    var out = new ByteArrayOutputStream();
    var err = new ByteArrayOutputStream();
    int code =
        new Cli(engine)
            .run(
                List.of(arguments),
                new Surroundings(
                    new ByteArrayInputStream(new byte[0]),
                    new PrintStream(out, false, StandardCharsets.UTF_8),
                    new PrintStream(err, false, StandardCharsets.UTF_8),
                    environment,
                    folder,
                    terminal));
    return new Outcome(
        code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }
}
