package dev.sigill.accuracy;

/** How an answer and what happened agree, at one stage. */
enum Judgement {
  /** It died, and that was said of this stage. */
  FOUND("dies, found"),
  /** It died; a death was said of this stage, but in another image. */
  OTHER_IMAGE("dies, found in another image"),
  /** It died; a death was said, but of another stage. */
  OTHER_STAGE("dies, found at another stage"),
  /** It died; nothing was found, and the answer is not "runs" but "unknown". */
  OPEN_DEATH("dies, undecided"),
  /** It died, and nothing was found. */
  MISSED("dies, missed"),
  /** It did not die, and nothing was found. */
  QUIET("runs, quiet"),
  /** It did not die; nothing was found, and the answer is not "runs" but "unknown". */
  OPEN("runs, undecided"),
  /** It did not die, and a death was found. */
  ACCUSED("runs, accused");

  private final String title;

  Judgement(String title) {
    this.title = title;
  }

  String title() {
    return title;
  }
}
