package dev.sigill.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExplainCommandTest {
  @TempDir Path folder;

  private Trial.Outcome run(String... arguments) {
    return new Trial(new FakeEngine(), folder).run(arguments);
  }

  @Test
  void explain_file_namesTheCauseFirst() throws IOException {
    Files.writeString(folder.resolve("out.txt"), "zsh: illegal hardware instruction  python");
    Trial.Outcome outcome = run("explain", "out.txt");
    assertThat(outcome.code()).isEqualTo(ExitCode.OK);
    assertThat(outcome.out()).startsWith("✗ SIGILL: an instruction that this processor");
    assertThat(outcome.out().lines().findFirst().orElse("")).endsWith("isa-missing");
  }

  @Test
  void explain_textThatSaysNothing_isInconclusive() throws IOException {
    Files.writeString(folder.resolve("out.txt"), "all is well");
    Trial.Outcome outcome = run("explain", "out.txt", "--format", "json");
    assertThat(outcome.code()).isEqualTo(ExitCode.INCONCLUSIVE);
    assertThat(outcome.out()).contains("\"cause\": \"unknown\"").contains("\"signal\": null");
  }

  @Test
  void explain_folder_tellsEveryReport() throws IOException {
    Files.writeString(folder.resolve("a.crash"), "Exited (132)");
    Files.writeString(folder.resolve("b.crash"), "all is well");
    Trial.Outcome outcome = run("explain", ".");
    assertThat(outcome.code()).isEqualTo(ExitCode.OK);
    assertThat(outcome.out()).contains("a.crash").contains("1 of 2 reports explained.");
    assertThat(run("explain", ".", "--format", "json").out()).contains("\"results\": [");
  }

  @Test
  void explain_redacted_hidesUsers() throws IOException {
    Files.writeString(
        folder.resolve("out.txt"), "dyld[1]: Library not loaded: /Users/jane/lib/libx.dylib");
    assertThat(run("explain", "out.txt", "--redact").out())
        .doesNotContain("jane")
        .contains("/Users/<user>/lib/libx.dylib");
  }

  @Test
  void explain_missingFile_tellsHowToPipeAText() {
    Trial.Outcome outcome = run("explain", "zsh: killed");
    assertThat(outcome.code()).isEqualTo(ExitCode.USAGE);
    assertThat(outcome.err()).contains("echo 'zsh: killed' | sigill explain -");
  }

  @Test
  void explain_emptyInput_isInconclusive() {
    assertThat(run("explain", "-").code()).isEqualTo(ExitCode.INCONCLUSIVE);
  }
}
