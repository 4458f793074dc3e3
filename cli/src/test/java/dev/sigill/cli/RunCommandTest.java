package dev.sigill.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The commands write nothing: what they are given are this process's own streams. */
@DisabledOnOs(OS.WINDOWS)
class RunCommandTest {
  @TempDir Path folder;

  private Trial.Outcome run(String... arguments) {
    return new Trial(new FakeEngine(), folder)
        .with(Map.of("PATH", System.getenv("PATH"), "LANG", "en_US.UTF-8", "USER", "janedoe"))
        .run(arguments);
  }

  @Test
  void run_exitStatus_isPassedOn() {
    Trial.Outcome outcome = run("run", "--", "sh", "-c", "exit 41");
    assertThat(outcome.code()).isEqualTo(41);
    assertThat(outcome.out()).isEmpty();
    assertThat(outcome.err()).isEmpty();
    assertThat(run("run", "--", "sh", "-c", "exit 0").code()).isZero();
  }

  @Test
  void run_optionsAfterTheCommand_areTheCommands() {
    assertThat(run("run", "sh", "-c", "test \"$1\" = --redact && exit 9", "sh", "--redact").code())
        .isEqualTo(9);
  }

  @Test
  void run_death_isExplainedOnTheErrorStream() {
    Trial.Outcome outcome = run("run", "--", "sh", "-c", "kill -ILL $$");
    assertThat(outcome.code()).isEqualTo(132);
    assertThat(outcome.out()).isEmpty();
    assertThat(outcome.err()).contains("SIGILL: ");
    Trial.Outcome json = run("run", "--format", "json", "--", "sh", "-c", "kill -ILL $$");
    assertThat(json.code()).isEqualTo(132);
    assertThat(json.err()).contains("\"signal\": \"SIGILL\"");
  }

  @Test
  void run_redacted_hidesUserAndHome() {
    String[] command = {"sh", "-c", "kill -SEGV $$", "/home/anna/janedoe/x"};
    Trial.Outcome open = run("run", "--", command[0], command[1], command[2], command[3]);
    Trial.Outcome hidden =
        run("run", "--redact", "--", command[0], command[1], command[2], command[3]);
    assertThat(hidden.code()).isEqualTo(139);
    assertThat(hidden.err()).contains("SIGSEGV").doesNotContain("anna", "janedoe");
    assertThat(open.err()).contains("SIGSEGV");
  }

  @Test
  void run_noSuchCommand_isToldAsShellsDo() {
    Trial.Outcome outcome = run("run", "--", "no-such-command-anywhere");
    assertThat(outcome.code()).isEqualTo(127);
    assertThat(outcome.err()).contains("no-such-command-anywhere: command not found");
  }

  @Test
  void run_nothing_isWrongUsage() {
    Trial.Outcome outcome = run("run");
    assertThat(outcome.code()).isEqualTo(ExitCode.USAGE);
    assertThat(outcome.err()).contains("sigill run -- COMMAND");
  }
}
