package dev.sigill.crash;

import java.util.Locale;

/** How sure a cause is, as far as the text alone goes. */
public enum Likelihood {
  /** The text or the instruction itself says so. */
  CERTAIN,
  LIKELY,
  POSSIBLE,
  UNLIKELY;

  /** The word for a weight between 0 and 1. */
  static Likelihood of(double weight) {
    if (weight >= 0.97) {
      return CERTAIN;
    }
    if (weight >= 0.6) {
      return LIKELY;
    }
    return weight >= 0.25 ? POSSIBLE : UNLIKELY;
  }

  /** The name that reports and programs use. */
  public String id() {
    return name().toLowerCase(Locale.ROOT);
  }
}
