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
    tellReaders(interpretation);
  }

  /**
   * Who reads what a function of another image found out by asking the processor may ask for all
   * that is asked there, and for what that implies: flags are handed out as one word.
   */
  private void tellReaders(Interpretation interpretation) {
    var own = new HashMap<LoadedImage, FeatureSet>();
    byImage.forEach((image, asked) -> own.put(image, Guards.withImplied(asked)));
    for (AnalysedFunction function : interpretation.functions()) {
      FeatureSet asked = own.get(function.image);
      if (asked == null || !Values.isTainted(function.result)) {
        continue;
      }
      function.readers.forEach(
          reader -> {
            LoadedImage image = interpretation.functions().get(reader).image;
            if (image != function.image) {
              byImage.merge(image, asked, FeatureSet::with);
            }
          });
    }
  }

  /** What checks of an image ask for, without what that implies. */
  FeatureSet of(LoadedImage image) {
    return byImage.getOrDefault(image, FeatureSet.empty());
  }
}
