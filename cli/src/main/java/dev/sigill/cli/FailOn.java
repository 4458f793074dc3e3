package dev.sigill.cli;

import dev.sigill.analysis.Stage;
import dev.sigill.verdict.Finding;
import dev.sigill.verdict.Result;
import dev.sigill.verdict.Verdict;
import java.util.List;

/** From where on findings make the command fail. */
enum FailOn {
  /** What stops a program until its libraries are loaded. */
  LOAD(Stage.LOAD),
  /** What stops it until its modules are imported. */
  IMPORT(Stage.IMPORT),
  /** What stops it, or may stop it, ever. */
  USE(Stage.USE),
  /** Every finding, notes included. */
  ANY(Stage.USE),
  /** No finding. */
  NEVER(Stage.USE);

  private final Stage last;

  FailOn(Stage last) {
    this.last = last;
  }

  /** The exit code for answers. */
  int exitCode(List<Result> results) {
    if (results.stream().flatMap(r -> r.findings().stream()).anyMatch(this::counts)) {
      return ExitCode.FINDINGS;
    }
    boolean isOpen = results.stream().anyMatch(r -> r.verdict() == Verdict.UNKNOWN);
    return isOpen ? ExitCode.INCONCLUSIVE : ExitCode.OK;
  }

  private boolean counts(Finding finding) {
    return switch (this) {
      case ANY -> true;
      case NEVER -> false;
      case LOAD, IMPORT, USE ->
          switch (finding.verdict()) {
            case RUNS, UNKNOWN -> false;
            case MAY_CRASH, REFUSES, CRASHES, FAILS_TO_LOAD, NOT_INSTALLABLE ->
                finding.stage().compareTo(last) <= 0;
          };
    };
  }
}
