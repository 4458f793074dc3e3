package dev.sigill.verdict;

import dev.sigill.analysis.ContainedCode;
import dev.sigill.analysis.Requirements;
import dev.sigill.isa.FeatureSet;
import dev.sigill.isa.FeatureTerm;
import dev.sigill.machine.Machine;

/** When enough is known of an image to say that nothing in it is beyond a machine. */
final class Settlement {
  private Settlement() {}

  /**
   * Whether all that runs of an image was followed, from load to use, without a gap. Import and use
   * are not followed yet, so none is.
   */
  static boolean isFullyFollowed(Requirements image) {
    return image.contained().codeBytes() == 0 && image.problems().isEmpty();
  }

  /**
   * Whether all of the code was decoded and the machine executes every instruction, and reports
   * what they need, so that no check of the CPU can find it missing.
   */
  static boolean isWithin(ContainedCode contained, Machine machine) {
    FeatureSet vouched = machine.executes().without(machine.uncertain());
    return contained.isDecoded()
        && contained.terms().stream()
            .allMatch(
                (FeatureTerm term) -> term.isMetBy(vouched) && term.isMetBy(machine.advertised()));
  }
}
