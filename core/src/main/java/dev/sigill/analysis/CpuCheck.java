package dev.sigill.analysis;

import dev.sigill.isa.FeatureSet;

/**
 * What a check of the processor on the way to an instruction asks for, all of which a machine must
 * report for the check to let it pass.
 *
 * @param features the features asked for; empty where no check stands on the way
 * @param asksForAvxState whether it asks (XGETBV) if the operating system saves AVX registers
 * @param asksForAvx512State the same of AVX-512 registers
 * @param asksForMore whether something is asked besides whose meaning is not known, such as a
 *     processor's maker or model
 */
public record CpuCheck(
    FeatureSet features, boolean asksForAvxState, boolean asksForAvx512State, boolean asksForMore) {
  /** No check on the way. */
  public static final CpuCheck NONE = new CpuCheck(FeatureSet.empty(), false, false, false);

  public boolean isNone() {
    return equals(NONE);
  }
}
