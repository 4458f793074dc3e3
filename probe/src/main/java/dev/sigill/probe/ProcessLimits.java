package dev.sigill.probe;

import java.time.Duration;

/**
 * What a step may cost.
 *
 * @param time until it is ended
 * @param memory resident memory of it and all that come of it together, in bytes
 */
public record ProcessLimits(Duration time, long memory) {
  /** Five minutes, 8 GiB. */
  public static ProcessLimits standard() {
    return new ProcessLimits(Duration.ofMinutes(5), 8L << 30);
  }
}
