package dev.sigill.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Needs a python3 on the PATH. */
@DisabledOnOs(OS.WINDOWS)
class VerifyCommandTest {
  @TempDir Path folder;

  @BeforeEach
  void needsPython() {
    for (String each : System.getenv().getOrDefault("PATH", "").split(":")) {
      if (Files.isExecutable(Path.of(each, "python3"))) {
        return;
      }
    }
    System.out.println("skipped: no python3 on the PATH");
    Assumptions.abort("no python3 on the PATH");
  }

  private Trial.Outcome run(String... arguments) {
    return new Trial(new FakeEngine(), folder)
        .with(Map.of("PATH", System.getenv("PATH"), "LANG", "en_US.UTF-8", "QEMU_CPU", "max"))
        .run(arguments);
  }

  private void workload(String check) throws IOException {
    Files.writeString(
        folder.resolve("my.workload"),
        "workload: mine\nstep: sum\ntitle: a sum\npython:\n  show('sum', 1 + 2)\ncheck: "
            + check
            + "\n");
  }

  @Test
  void verify_fileThatPasses_exitsWithZero() throws IOException {
    workload("equals sum 3 within 0");
    Trial.Outcome outcome = run("verify", "my.workload");
    assertThat(outcome.err()).isEmpty();
    assertThat(outcome.code()).isEqualTo(ExitCode.OK);
    assertThat(outcome.out())
        .startsWith("✓ mine")
        .contains("sum  3", "QEMU_CPU=max")
        .endsWith("1 workload passes.\n");
  }

  @Test
  void verify_wrongNumbers_exitsWithOne() throws IOException {
    workload("equals sum 4 within 0");
    Trial.Outcome outcome = run("verify", "my.workload", "--format", "json");
    assertThat(outcome.code()).isEqualTo(ExitCode.FINDINGS);
    assertThat(outcome.out())
        .contains("\"outcome\": \"wrong\"", "\"sum\": 3", "sum is 3, should be 4");
  }

  @Test
  void verify_nothingInstalled_isInconclusive() throws IOException {
    Files.writeString(
        folder.resolve("my.workload"),
        "workload: mine\nneeds: no-such-distribution\nstep: s\npython:\n  pass\n");
    Trial.Outcome outcome = run("verify", "my.workload");
    assertThat(outcome.code()).isEqualTo(ExitCode.INCONCLUSIVE);
    assertThat(outcome.out()).contains("no-such-distribution is not installed");
  }

  @Test
  void verify_mistakes_nameTheNextStep() throws IOException {
    assertThat(run("verify", "tensorfloww").err()).contains("no workload is called", "tensorflow");
    assertThat(run("verify", "--in", "nowhere").err()).contains("there is no", "--in ENV");
    workload("odd");
    Trial.Outcome outcome = run("verify", "my.workload");
    assertThat(outcome.code()).isEqualTo(ExitCode.USAGE);
    assertThat(outcome.err()).contains("my.workload, line 6");
    assertThat(run("verify", "my.workload", "--timeout", "0").code()).isEqualTo(ExitCode.USAGE);
  }
}
