package dev.sigill.analysis;

/** What a function leaves, or calls to all possible targets. */
final class Outcome {
  boolean returns;

  /** What RAX and RDX hold then; BOTTOM until it is known to return. */
  long result = Values.BOTTOM;

  long second = Values.BOTTOM;

  /** Adds one way to return. */
  void add(long first, long other, Values values) {
    returns = true;
    result = values.join(result, first);
    second = values.join(second, other);
  }
}
