package dev.sigill.analysis;

/** How sure it is that the program reaches what a finding names. */
public enum Certainty {
  /** On every path. */
  CERTAIN("certain"),
  /** On some path with no CPU check on it. */
  REACHABLE("reachable"),
  /** Behind a check that does not imply it. */
  WRONGLY_GUARDED("wrongly-guarded");

  private final String id;

  Certainty(String id) {
    this.id = id;
  }

  /** The word in reports and JSON. */
  public String id() {
    return id;
  }
}
