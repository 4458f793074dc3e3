package dev.sigill.cli;

/** What the process's status says. */
final class ExitCode {
  /** It runs, or the command did what it was asked. */
  static final int OK = 0;

  /** There are findings at or above {@code --fail-on}. */
  static final int FINDINGS = 1;

  /** Wrong usage, or the tool could not do what it was asked. */
  static final int USAGE = 2;

  /** Not decided: input unreadable or looked at in part only. */
  static final int INCONCLUSIVE = 3;

  /** A fault of the tool itself. */
  static final int INTERNAL = 70;

  private ExitCode() {}
}
