package dev.sigill.isa;

import java.util.List;

/**
 * What an instruction needs: at least one of several sets, each of which must be present as a
 * whole. {@code vpaddd zmm} needs {@code [avx512f] or [avx10_1]}; an instruction of the base
 * architecture needs one empty set.
 *
 * @param anyOf the alternatives, never empty; the first is the usual one and the one that reports
 *     name
 */
public record FeatureTerm(List<FeatureSet> anyOf) {
  public FeatureTerm {
    anyOf = List.copyOf(anyOf);
    if (anyOf.isEmpty()) {
      throw new IllegalArgumentException("a term needs at least one alternative");
    }
  }

  /** Whether a machine with these features executes it. */
  public boolean isMetBy(FeatureSet available) {
    return anyOf.stream().anyMatch(available::containsAll);
  }

  /** What is missing of the usual alternative; empty where the term is met. */
  public FeatureSet missingFrom(FeatureSet available) {
    return isMetBy(available) ? FeatureSet.empty() : anyOf.getFirst().without(available);
  }
}
