package dev.sigill.verdict;

import dev.sigill.analysis.ContainedCode;
import dev.sigill.analysis.Processor;
import dev.sigill.analysis.Requirements;
import dev.sigill.analysis.Stage;
import dev.sigill.isa.FeatureSet;
import dev.sigill.isa.FeatureTerm;
import dev.sigill.machine.Machine;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** When enough is known of an image to say that nothing in it is beyond a machine. */
final class Settlement {
  private Settlement() {}

  static Processor processor(Machine machine) {
    FeatureSet sure = machine.executes().without(machine.uncertain());
    return new Processor(machine.executes(), sure.without(sure.without(machine.advertised())));
  }

  /**
   * Whether all that runs of an image was followed, from load to use, without a gap, and every
   * instruction beyond a machine was met on the way.
   */
  static boolean isFullyFollowed(Requirements image, Machine machine) {
    return Stream.of(image.load(), image.importing(), image.use())
            .allMatch(stage -> stage.isAnalysed() && stage.gaps().isEmpty())
        && unexplained(image, machine).isEmpty();
  }

  /** The first stage in which it is open what an image does on a machine; null where none is. */
  static @Nullable Stage openFrom(Requirements image, Machine machine) {
    if (isFullyFollowed(image, machine) || isWithin(image.contained(), machine)) {
      return null;
    }
    if (!image.load().isAnalysed() || !image.load().gaps().isEmpty()) {
      return Stage.LOAD;
    }
    return image.importing().isAnalysed() && image.importing().gaps().isEmpty()
        ? Stage.USE
        : Stage.IMPORT;
  }

  /** What a machine lacks of what instructions need that nothing followed leads to. */
  static FeatureSet unexplained(Requirements image, Machine machine) {
    FeatureSet all = FeatureSet.empty();
    for (FeatureTerm term : image.use().unexplained()) {
      all = all.with(missing(term, machine));
    }
    return all;
  }

  /**
   * Whether all of the code was decoded and the machine executes every instruction, and reports
   * what they need, so that no check of the CPU can find it missing.
   */
  static boolean isWithin(ContainedCode contained, Machine machine) {
    return contained.isDecoded()
        && contained.terms().stream().allMatch(term -> missing(term, machine).isEmpty());
  }

  /** What a machine does not surely execute and report of what an instruction needs. */
  static FeatureSet missing(FeatureTerm term, Machine machine) {
    FeatureSet executes = term.missingFrom(machine.executes().without(machine.uncertain()));
    return executes.isEmpty() ? term.missingFrom(machine.advertised()) : executes;
  }
}
