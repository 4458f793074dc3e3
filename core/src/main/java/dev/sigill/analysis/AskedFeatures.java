package dev.sigill.analysis;

import dev.sigill.isa.FeatureSet;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;

/**
 * What the checks that stand before some code of each image ask for. Where code of an image is
 * reached without a check of what the image does ask for elsewhere, it is more likely that a check
 * was not seen through than that there is none: nobody asks for what he then uses unasked.
 */
final class AskedFeatures {
  private final Map<LoadedImage, FeatureSet> byImage = new HashMap<>();

  AskedFeatures(Interpretation interpretation) {
    var guards = new HashMap<LoadedImage, BitSet>();
    for (AnalysedFunction function : interpretation.functions()) {
      BitSet here = guards.computeIfAbsent(function.image, _ -> new BitSet());
      for (int guard : function.blockGuard) {
        here.set(guard);
      }
      for (int event = 0; event < function.graph.kinds.length; event++) {
        long target = function.target(event);
        if (Values.isTainted(target)) {
          for (long element : interpretation.values.elements(target)) {
            here.set(Values.guard(element));
          }
        }
      }
      tellCallers(interpretation, function, guards);
    }
    guards.forEach(
        (image, some) -> {
          FeatureSet all = FeatureSet.empty();
          for (int guard = some.nextSetBit(Guards.ENVIRONMENT + 1);
              guard >= 0;
              guard = some.nextSetBit(guard + 1)) {
            all = all.with(interpretation.guards.features(guard));
          }
          byImage.put(image, all);
        });
  }

  /** Who calls a function that answers what the processor has may ask the answer for it. */
  private static void tellCallers(
      Interpretation interpretation, AnalysedFunction function, Map<LoadedImage, BitSet> guards) {
    if (!interpretation.values.tellsAny(function.result)) {
      return;
    }
    BitSet told = interpretation.values.told(function.result);
    function.callers.forEach(
        caller -> {
          LoadedImage image = interpretation.functions().get(caller).image;
          if (image != function.image) {
            guards.computeIfAbsent(image, _ -> new BitSet()).or(told);
          }
        });
  }

  /** What checks of an image ask for, without what that implies. */
  FeatureSet of(LoadedImage image) {
    return byImage.getOrDefault(image, FeatureSet.empty());
  }
}
