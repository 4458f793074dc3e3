package dev.sigill.accuracy;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What happened when a package was run on an emulated processor: a line of {@code runs.jsonl}.
 *
 * @param name the distribution's name
 * @param version the version that was installed
 * @param action {@code import} or {@code use}
 * @param cpu QEMU's name of the processor; {@code native} for this computer's own
 * @param outcome how it ended
 * @param stage the stage at which it died: {@code load} where loading the image alone dies at the
 *     same instruction, {@code import} or {@code use}; empty where it did not die
 * @param fault where it died; null where it did not
 * @param loaded images of the environment that were in memory at the end, as paths within it
 * @param children programs that it started: they ran on this computer's own processor
 * @param detail the last line of the error, or empty
 * @param seconds how long it took
 */
record Run(
    String name,
    String version,
    String action,
    String cpu,
    Outcome outcome,
    String stage,
    @Nullable Fault fault,
    List<String> loaded,
    List<String> children,
    String detail,
    double seconds) {
  static final String NATIVE = "native";
  static final String IMPORT = "import";
  static final String USE = "use";

  Run {
    loaded = List.copyOf(loaded);
    children = List.copyOf(children);
  }

  Run withStage(String newStage) {
    return new Run(
        name, version, action, cpu, outcome, newStage, fault, loaded, children, detail, seconds);
  }
}
