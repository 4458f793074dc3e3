package dev.sigill.accuracy;

/** How a run ended. */
enum Outcome {
  /** It did all that was asked. */
  OK("ok"),
  /** It died of an illegal instruction. */
  SIGILL("SIGILL"),
  /** Its own CPU check ended it: a Python error or a message that speaks of the processor. */
  REFUSES("refuses"),
  /** It ended in another error, here but not on this computer's own processor. */
  ERROR("error"),
  /** It took longer than it was given. */
  TIMEOUT("timeout");

  private final String id;

  Outcome(String id) {
    this.id = id;
  }

  String id() {
    return id;
  }
}
