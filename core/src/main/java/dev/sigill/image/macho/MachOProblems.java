package dev.sigill.image.macho;

import dev.sigill.bytes.Bytes;
import dev.sigill.bytes.Problem;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Collects what could not be read of one image, from whichever thread meets it, each once. */
final class MachOProblems {
  /** More than this tells nobody anything new. */
  private static final int MOST = 200;

  private final Bytes bytes;
  private final Set<Problem> problems = new LinkedHashSet<>();

  MachOProblems(Bytes bytes) {
    this.bytes = bytes;
  }

  /** A defect because of which something that matters was not read. */
  void partLost(Problem.Code code, long offset, String field, long actual, long limit) {
    add(code, offset, field, actual, limit, Problem.Effect.PART_LOST);
  }

  /** A defect that hides nothing. */
  void nothingLost(Problem.Code code, long offset, String field, long actual, long limit) {
    add(code, offset, field, actual, limit, Problem.Effect.NOTHING_LOST);
  }

  synchronized void add(
      Problem.Code code,
      long offset,
      String field,
      long actual,
      long limit,
      Problem.Effect effect) {
    if (problems.size() < MOST) {
      problems.add(
          new Problem(code, bytes.placeOf(Math.max(0, offset)), field, actual, limit, effect));
    }
  }

  synchronized List<Problem> list() {
    return List.copyOf(problems);
  }
}
