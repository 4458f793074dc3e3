package dev.sigill.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sigill.analysis.Stage;
import dev.sigill.verdict.Verdict;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExitCodeTest {
  @TempDir Path folder;

  @BeforeEach
  void target() throws IOException {
    Files.writeString(folder.resolve("x.whl"), "");
  }

  @ParameterizedTest(name = "{0} at {1}, --fail-on {2}: {3}")
  @CsvSource({
    "CRASHES, LOAD, load, 1",
    "CRASHES, LOAD, import, 1",
    "CRASHES, LOAD, use, 1",
    "CRASHES, LOAD, any, 1",
    "CRASHES, LOAD, never, 0",
    "CRASHES, IMPORT, load, 0",
    "CRASHES, IMPORT, import, 1",
    "CRASHES, IMPORT, use, 1",
    "REFUSES, IMPORT, load, 0",
    "REFUSES, IMPORT, import, 1",
    "NOT_INSTALLABLE, INSTALL, load, 1",
    "FAILS_TO_LOAD, LOAD, load, 1",
    "FAILS_TO_LOAD, IMPORT, load, 0",
    "MAY_CRASH, USE, load, 0",
    "MAY_CRASH, USE, import, 0",
    "MAY_CRASH, USE, use, 1",
    "MAY_CRASH, USE, never, 0",
    "RUNS, USE, use, 0",
    "RUNS, LOAD, load, 0",
    "RUNS, USE, any, 1",
    "UNKNOWN, LOAD, load, 3",
    "UNKNOWN, LOAD, use, 3",
    "UNKNOWN, LOAD, any, 1",
    "UNKNOWN, LOAD, never, 3",
  })
  void check_finding_failsFromTheStageOn(Verdict verdict, Stage stage, String failOn, int code) {
    var engine = new FakeEngine().answers(verdict).finds(verdict, stage);
    assertThat(new Trial(engine, folder).run("check", "x.whl", "--fail-on", failOn).code())
        .isEqualTo(code);
  }

  @Test
  void check_noFindings_isZero() {
    assertThat(new Trial(new FakeEngine(), folder).run("check", "x.whl").code()).isZero();
  }

  @Test
  void check_default_failsOnUse() {
    var engine = new FakeEngine().answers(Verdict.MAY_CRASH).finds(Verdict.MAY_CRASH, Stage.USE);
    assertThat(new Trial(engine, folder).run("check", "x.whl").code()).isEqualTo(1);
  }

  @Test
  void check_notDecidedWithoutFindings_isInconclusive() {
    var engine = new FakeEngine().answers(Verdict.UNKNOWN);
    assertThat(new Trial(engine, folder).run("check", "x.whl").code()).isEqualTo(3);
  }

  @Test
  void check_findingBesidesNote_isFinding() {
    var engine =
        new FakeEngine()
            .answers(Verdict.CRASHES)
            .finds(Verdict.CRASHES, Stage.LOAD)
            .finds(Verdict.UNKNOWN, Stage.USE);
    assertThat(new Trial(engine, folder).run("check", "x.whl").code()).isEqualTo(1);
  }

  @Test
  void check_unreadable_isInconclusiveAndInTheAnswer() {
    var engine = new FakeEngine().failsToOpen(new AccessDeniedException("x.whl"));
    Trial.Outcome outcome = new Trial(engine, folder).run("check", "x.whl", "--format", "json");
    assertThat(outcome.code()).isEqualTo(3);
    assertThat(outcome.err()).isEqualTo("sigill: x.whl: permission denied\n");
    assertThat(outcome.out()).contains("\"verdict\": \"unknown\"", "SIG902", "permission denied");
  }

  @Test
  void check_brokenLibrary_isInternalFault() {
    var engine = new FakeEngine().breaks(new IllegalStateException("index 7"));
    Trial.Outcome outcome = new Trial(engine, folder).run("check", "x.whl");
    assertThat(outcome.code()).isEqualTo(70);
    assertThat(outcome.out()).isEmpty();
    assertThat(outcome.err())
        .startsWith("sigill: internal fault: java.lang.IllegalStateException: index 7\n")
        .contains("Please report it", "at dev.sigill.cli.ExitCodeTest");
  }

  @Test
  void usage_wrong_isTwoWithNothingOnOut() {
    for (List<String> wrong :
        List.of(
            List.<String>of(),
            List.of("chekc", "x"),
            List.of("check"),
            List.of("check", "x.whl", "--onn", "nehalem"),
            List.of("check", "x.whl", "--on", "nosuch"),
            List.of("check", "missing.whl"),
            List.of("check", "pypi:tensorflow==2.11.0"),
            List.of("check", "x.whl", "--fail-on", "sometimes"),
            List.of("check", "x.whl", "--format", "xml"),
            List.of("machines", "nosuch"))) {
      Trial.Outcome outcome = new Trial(new FakeEngine(), folder).run(wrong.toArray(String[]::new));
      assertThat(outcome.code()).as("%s", wrong).isEqualTo(2);
      assertThat(outcome.out()).as("%s", wrong).isEmpty();
      assertThat(outcome.err()).as("%s", wrong).isNotEmpty();
    }
  }

  @Test
  void help_andVersion_areZeroOnOut() {
    for (List<String> asked :
        List.of(
            List.of("--help"),
            List.of("help"),
            List.of("help", "check"),
            List.of("check", "--help"),
            List.of("machines", "-h"),
            List.of("--version"),
            List.of("-v", "--version"))) {
      Trial.Outcome outcome = new Trial(new FakeEngine(), folder).run(asked.toArray(String[]::new));
      assertThat(outcome.code()).as("%s", asked).isZero();
      assertThat(outcome.err()).as("%s", asked).isEmpty();
      assertThat(outcome.out()).as("%s", asked).isNotEmpty();
    }
  }
}
