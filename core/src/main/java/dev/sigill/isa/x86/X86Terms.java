package dev.sigill.isa.x86;

import dev.sigill.isa.FeatureSet;
import dev.sigill.isa.FeatureTerm;
import java.util.List;

/** Placeholder. */
public final class X86Terms {
  private X86Terms() {}

  public static FeatureTerm term(int id) {
    return new FeatureTerm(List.of(FeatureSet.empty()));
  }
}
