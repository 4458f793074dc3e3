package dev.sigill.analysis;

import dev.sigill.isa.FeatureSet;
import dev.sigill.isa.FeatureTerm;

/**
 * A processor that an analysis is made for, so that what does not matter on it is left out.
 *
 * @param executes the features whose instructions run without a fault
 * @param vouched the features that it surely executes and also reports
 */
public record Processor(FeatureSet executes, FeatureSet vouched) {
  /** Whether no doubt is left that it executes, and reports, what an instruction needs. */
  boolean surelyMeets(FeatureTerm term) {
    return term.isMetBy(vouched);
  }
}
