package dev.sigill.source;

import dev.sigill.bytes.Limits;
import dev.sigill.bytes.Place;
import dev.sigill.bytes.Problem;
import java.util.concurrent.atomic.AtomicLong;

/** How much unpacking a target may still cost. */
final class Budget {
  /** Below this size any rate of expansion is harmless. */
  static final long FREE_EXPANSION = 1L << 20;

  private final Limits limits;
  private final AtomicLong unpacked = new AtomicLong();

  Budget(Limits limits) {
    this.limits = limits;
  }

  Limits limits() {
    return limits;
  }

  /** Counts bytes that came out of a decoder. */
  void spend(long bytes, Place place) throws UnreadableException {
    long total = unpacked.addAndGet(bytes);
    if (total > limits.totalBytes()) {
      throw beyond(place, "unpacked bytes of the whole target", total, limits.totalBytes());
    }
  }

  /** Refuses a file for its size, or for growing out of proportion. */
  void check(long packed, long unpacked, Place place) throws UnreadableException {
    if (unpacked > limits.memberBytes()) {
      throw beyond(place, "uncompressed size", unpacked, limits.memberBytes());
    }
    if (isBomb(packed, unpacked)) {
      throw beyond(place, "rate of expansion", unpacked / Math.max(packed, 1), limits.expansion());
    }
  }

  boolean isBomb(long packed, long unpacked) {
    return unpacked > FREE_EXPANSION && unpacked / Math.max(packed, 1) > limits.expansion();
  }

  static UnreadableException beyond(Place place, String field, long actual, long limit) {
    return new UnreadableException(
        new Problem(Problem.Code.LIMIT, place, field, actual, limit, Problem.Effect.FILE_LOST));
  }
}
