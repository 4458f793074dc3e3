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
 * @param place the branch that decides; {@link CodePlace#NONE} where it was not found
 */
public record CpuCheck(
    FeatureSet features,
    boolean asksForAvxState,
    boolean asksForAvx512State,
    boolean asksForMore,
    CodePlace place) {
  /** No check on the way. */
  public static final CpuCheck NONE = new CpuCheck(FeatureSet.empty(), false, false, false);

  /** A check whose place is not known. */
  public CpuCheck(
      FeatureSet features,
      boolean asksForAvxState,
      boolean asksForAvx512State,
      boolean asksForMore) {
    this(features, asksForAvxState, asksForAvx512State, asksForMore, CodePlace.NONE);
  }

  public boolean isNone() {
    return equals(NONE);
  }

  /** The same check, at a place. */
  CpuCheck at(CodePlace newPlace) {
    return new CpuCheck(features, asksForAvxState, asksForAvx512State, asksForMore, newPlace);
  }
}
