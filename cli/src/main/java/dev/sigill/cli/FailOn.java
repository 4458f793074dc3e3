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
    return results.stream().anyMatch(this::isOpen) ? ExitCode.INCONCLUSIVE : ExitCode.OK;
  }

  /** What happens after the last stage that counts may stay open. */
  private boolean isOpen(Result result) {
    return result.verdict() == Verdict.UNKNOWN
        && (result.stage() == null || result.stage().compareTo(last) <= 0);
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
