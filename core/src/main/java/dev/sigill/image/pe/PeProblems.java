package dev.sigill.image.pe;

import dev.sigill.bytes.Bytes;
import dev.sigill.bytes.Problem;
import java.util.ArrayList;
import java.util.List;

/** The defects met in one image, in the order met; more than a fixed number are not kept. */
final class PeProblems {
  private static final int MOST = 256;

  private final Bytes bytes;
  private final List<Problem> list = new ArrayList<>();

  PeProblems(Bytes bytes) {
    this.bytes = bytes;
  }

  /** A defect because of which something that matters was not read. */
  void partLost(Problem.Code code, long fileOffset, String field, long actual, long limit) {
    add(code, fileOffset, field, actual, limit, Problem.Effect.PART_LOST);
  }

  /** A defect that hides nothing. */
  void nothingLost(Problem.Code code, long fileOffset, String field, long actual, long limit) {
    add(code, fileOffset, field, actual, limit, Problem.Effect.NOTHING_LOST);
  }

  synchronized void add(
      Problem.Code code,
      long fileOffset,
      String field,
      long actual,
      long limit,
      Problem.Effect effect) {
    if (list.size() < MOST) {
      list.add(
          new Problem(code, bytes.placeOf(Math.max(0, fileOffset)), field, actual, limit, effect));
    }
  }

  synchronized List<Problem> list() {
    return List.copyOf(list);
  }
}
