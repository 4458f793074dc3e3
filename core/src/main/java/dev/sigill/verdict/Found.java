package dev.sigill.verdict;

import java.util.Comparator;

/**
 * A finding with its place in the program's life.
 *
 * @param finding the finding
 * @param order its place among the events of its stage; what the loader refuses comes before what
 *     initialisers do
 */
record Found(Finding finding, long order) {
  /** Before any code of the image runs. */
  static final long BEFORE_CODE = -1;

  /**
   * What decides comes first: what surely stops the program, in the order of its life, then what
   * may, then what is not known, then mere notes.
   */
  static final Comparator<Found> BY_LIFE =
      Comparator.comparingInt((Found f) -> weight(f.finding.verdict()))
          .thenComparing(f -> f.finding.stage())
          .thenComparingLong(Found::order)
          .thenComparing(f -> f.finding.rule())
          .thenComparing(f -> f.finding.image())
          .thenComparing(f -> f.finding.needs());

  static Found beforeCode(Finding finding) {
    return new Found(finding, BEFORE_CODE);
  }

  static int weight(Verdict verdict) {
    return switch (verdict) {
      case NOT_INSTALLABLE, FAILS_TO_LOAD, CRASHES, REFUSES -> 0;
      case MAY_CRASH -> 1;
      case UNKNOWN -> 2;
      case RUNS -> 3;
    };
  }
}
