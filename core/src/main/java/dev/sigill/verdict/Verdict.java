package dev.sigill.verdict;

/** The answer for one target on one machine. */
public enum Verdict {
  /** All of it was decoded and nothing beyond the machine is required. */
  RUNS("runs"),
  /** Not decided, and why is said. */
  UNKNOWN("unknown"),
  /** Such an instruction is reachable at use, or its check does not imply it. */
  MAY_CRASH("may-crash"),
  /** Its own check ends it with a message. */
  REFUSES("refuses"),
  /** An instruction beyond the machine is reached at load or import, or on every path at use. */
  CRASHES("crashes"),
  /** The loader would refuse it: architecture, operating system, libc, library, symbol. */
  FAILS_TO_LOAD("fails-to-load"),
  /** An installer would refuse it, or nothing is published. */
  NOT_INSTALLABLE("not-installable");

  private final String id;

  Verdict(String id) {
    this.id = id;
  }

  /** The word in reports and JSON. */
  public String id() {
    return id;
  }
}
