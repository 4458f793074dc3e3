package dev.sigill.verdict;

import dev.sigill.analysis.Certainty;
import dev.sigill.analysis.InstructionNeed;
import dev.sigill.analysis.Protection;
import dev.sigill.analysis.Requirements;
import dev.sigill.isa.Feature;
import dev.sigill.isa.FeatureSet;
import dev.sigill.isa.FeatureTerm;
import dev.sigill.machine.Machine;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** What the judged images contain beyond a machine without requiring it there. */
final class Containment {
  private static final List<String> ASKING = List.of(Feature.XSAVE.id());

  private Containment() {}

  static List<Contained> of(Case judged) {
    var out = new ArrayList<Contained>();
    for (Requirements image : judged.judged()) {
      out.addAll(of(image, judged.machine()));
    }
    return List.copyOf(out);
  }

  private static List<Contained> of(Requirements image, Machine machine) {
    FeatureSet required = required(image, machine);
    var out = new ArrayList<Contained>();
    for (Protection protection : image.contained().protections()) {
      FeatureSet missing = FeatureSet.empty();
      for (FeatureTerm need : protection.needs()) {
        missing = missing.with(need.missingFrom(machine.executes()));
      }
      // Where such a check lets code run, that is a finding.
      boolean isFinding =
          protection.kind() == Protection.Kind.INSUFFICIENT
              && InstructionRules.letsPass(protection.check(), machine);
      if (!missing.isEmpty() && !required.containsAll(missing) && !isFinding) {
        out.add(
            new Contained(
                image.path(),
                protection.kind(),
                missing.ids(),
                missing.toList().stream().map(Feature::title).toList(),
                protection.check(),
                protection.functions(),
                protection.examples()));
      }
    }
    // Asking the operating system is what a check does.
    out.sort(
        Comparator.comparing((Contained c) -> c.features().equals(ASKING))
            .thenComparing(Contained::kind)
            .thenComparing(Comparator.comparingInt(Contained::functions).reversed()));
    return out;
  }

  /** What is missing for instructions of an image that are reached without a check. */
  private static FeatureSet required(Requirements image, Machine machine) {
    FeatureSet all = FeatureSet.empty();
    for (InstructionNeed need : image.instructions()) {
      if (need.certainty() != Certainty.WRONGLY_GUARDED) {
        all = all.with(need.term().missingFrom(machine.executes()));
      }
    }
    return all;
  }
}
