package dev.sigill.accuracy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JsonLinesTest {
  @TempDir Path folder;

  private static Run run(String cpu, Outcome outcome) {
    Fault fault =
        outcome == Outcome.SIGILL ? new Fault("a.so", "f +0x1", "0x10", "vzeroupper", "avx") : null;
    return new Run(
        "a", "1", Run.IMPORT, cpu, outcome, "", fault, List.of("a.so"), List.of(), "", 1.5);
  }

  @Test
  void whatIsWritten_isReadBack() throws IOException {
    Path file = folder.resolve("runs.jsonl");
    JsonLines<Run> lines = JsonLines.open(file, Run.class);
    lines.add(run("Conroe", Outcome.SIGILL));
    lines.add(run("Haswell", Outcome.OK));
    assertThat(JsonLines.open(file, Run.class).rows()).isEqualTo(lines.rows());
  }

  @Test
  void aLineCutShort_isForgottenAndWrittenOnAfter() throws IOException {
    Path file = folder.resolve("runs.jsonl");
    JsonLines.open(file, Run.class).add(run("Conroe", Outcome.OK));
    Files.writeString(file, "{\"name\":\"b\",\"ver", StandardOpenOption.APPEND);
    JsonLines.open(file, Run.class).add(run("Haswell", Outcome.OK));
    assertThat(JsonLines.open(file, Run.class).rows())
        .extracting(Run::cpu)
        .containsExactly("Conroe", "Haswell");
  }

  @Test
  void whatIsRemoved_staysRemoved() throws IOException {
    Path file = folder.resolve("runs.jsonl");
    JsonLines<Run> lines = JsonLines.open(file, Run.class);
    lines.add(run("Conroe", Outcome.SIGILL));
    lines.add(run("Haswell", Outcome.OK));
    lines.remove(r -> r.outcome() == Outcome.SIGILL);
    assertThat(JsonLines.open(file, Run.class).rows())
        .extracting(Run::cpu)
        .containsExactly("Haswell");
  }
}
