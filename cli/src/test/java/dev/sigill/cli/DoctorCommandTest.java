package dev.sigill.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sigill.analysis.Stage;
import dev.sigill.verdict.Verdict;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DoctorCommandTest {
  @TempDir Path folder;

  private static FakeEngine failing() {
    return new FakeEngine().answers(Verdict.CRASHES).finds(Verdict.CRASHES, Stage.LOAD);
  }

  @Test
  void doctor_nothingFound_saysSo() {
    Trial.Outcome outcome = new Trial(new FakeEngine(), folder).run("doctor");
    assertThat(outcome.out())
        .startsWith("The machine this · programs run natively (x86_64)\n")
        .endsWith("No Python, Java or Node.js was found on this computer.\n");
    assertThat(outcome.code()).isZero();
  }

  @Test
  void doctor_problem_isFindingAndTold() {
    var engine = failing().has(folder.resolve("b")).has(folder.resolve("a"));
    Trial.Outcome outcome =
        new Trial(engine, folder)
            .with(Map.of("LANG", "C.UTF-8", "HOME", folder.toString()))
            .run("doctor");
    assertThat(outcome.code()).isEqualTo(1);
    assertThat(outcome.out())
        .containsSubsequence(
            "✗ ~/b   Python 3.12.4 (x86_64)   1 problem",
            "`sigill check ~/b` shows the proof.",
            "✗ ~/a   Python 3.12.4 (x86_64)   1 problem",
            "2 of 2 have problems. Looked at: 2 Pythons; ");
  }

  @Test
  void doctor_manyRuntimes_areToldInOrder() {
    var engine = new FakeEngine().takes(1, 3);
    var places = new StringBuilder();
    for (int i = 0; i < 20; i++) {
      engine.has(folder.resolve("env" + i));
      places.append("env").append(i).append(' ');
    }
    String out = new Trial(engine, folder).run("doctor").out();
    assertThat(out.lines().filter(l -> l.startsWith("✓")).toList()).hasSize(20);
    assertThat(out.replaceAll("(?s)[^\n]*/(env[0-9]+) [^\n]*\n", "$1 ")).contains(places);
  }

  @Test
  void doctor_json_isOneDocumentWithoutProse() {
    Trial.Outcome outcome = new Trial(failing().has(folder), folder).run("doctor", "--format=json");
    assertThat(outcome.out()).startsWith("{\n").contains("\"installation\": {");
    assertThat(outcome.err()).isEmpty();
    assertThat(outcome.code()).isEqualTo(1);
  }

  @Test
  void doctor_oneUnreadable_isInconclusiveAndTheOthersAreTold() {
    var engine = new FakeEngine().failsToOpen(new IOException("disk fell off")).has(folder);
    Trial.Outcome outcome = new Trial(engine, folder).run("doctor");
    assertThat(outcome.code()).isEqualTo(3);
    assertThat(outcome.out()).contains("it could not be opened: disk fell off");
    assertThat(outcome.err()).contains("disk fell off");
  }
}
