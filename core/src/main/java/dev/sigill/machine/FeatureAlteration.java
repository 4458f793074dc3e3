package dev.sigill.machine;

import dev.sigill.isa.Feature;
import dev.sigill.isa.FeatureSet;
import dev.sigill.platform.Architecture;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A feature given to a machine or taken from it, as in {@code haswell:-fma}. Giving one also gives
 * what it implies ({@code +avx2} gives AVX and XSAVE); taking one also takes what implies it
 * ({@code -avx} takes FMA and AVX2), so that no machine has a feature without its base.
 *
 * @param isGiven whether it is given, not taken
 * @param features one feature, or the several that one word stands for
 */
record FeatureAlteration(boolean isGiven, List<Feature> features) {
  FeatureAlteration {
    features = List.copyOf(features);
  }

  /**
   * Reads {@code -fma} or {@code +popcnt}.
   *
   * @throws IllegalArgumentException where the sign is missing, or the architecture has no such
   *     feature
   */
  static FeatureAlteration parse(String text, Architecture architecture) {
    char sign = text.isEmpty() ? ' ' : text.charAt(0);
    if (sign != '+' && sign != '-') {
      throw new IllegalArgumentException(
          "an alteration is a sign and a feature, +avx2 or -avx2, not \"" + text + "\"");
    }
    String word = text.substring(1).strip();
    List<Feature> features = features(word, architecture);
    if (features.isEmpty()) {
      List<String> near =
          Spelling.near(word, Feature.of(architecture).stream().map(Feature::id).toList());
      throw new IllegalArgumentException(
          architecture.id()
              + " has no feature called \""
              + word
              + "\""
              + (near.isEmpty() ? "" : "; near it: " + String.join(", ", near)));
    }
    return new FeatureAlteration(sign == '+', features);
  }

  /** The features of an architecture that a word of the vendor, Linux or LLVM stands for. */
  static List<Feature> features(String word, Architecture architecture) {
    String key = key(word);
    if (key.equals("avx512") && architecture == Architecture.X86_64) {
      return List.of(Feature.AVX512F);
    }
    var byId = new ArrayList<Feature>();
    var byOther = new ArrayList<Feature>();
    for (Feature feature : Feature.of(architecture)) {
      String id = key(feature.id());
      if (id.equals(key) || id.equals("feat" + key)) {
        byId.add(feature);
      } else if (key(feature.linuxName()).equals(key) || key(feature.llvmName()).equals(key)) {
        byOther.add(feature);
      }
    }
    return byId.isEmpty() ? byOther : byId;
  }

  private static String key(String word) {
    return word.toLowerCase(Locale.ROOT)
        .replace(".", "")
        .replace("_", "")
        .replace("-", "")
        .replace(" ", "");
  }

  FeatureSet applyTo(FeatureSet set) {
    FeatureSet altered = set;
    for (Feature feature : features) {
      altered = isGiven ? altered.with(feature.closure()) : without(altered, feature);
    }
    return altered;
  }

  /**
   * The same of what a machine reports. An operating system that does not save AVX registers takes
   * OSXSAVE from what CPUID reports and nothing else: AVX's own bit stays (Intel SDM volume 1,
   * section 14.3).
   */
  FeatureSet applyToAdvertised(FeatureSet set) {
    if (isGiven || !features.contains(Feature.XSAVE)) {
      return applyTo(set);
    }
    FeatureSet altered = set;
    for (Feature feature : features) {
      altered =
          feature == Feature.XSAVE
              ? altered.without(
                  FeatureSet.of(Feature.XSAVE, Feature.XSAVEOPT, Feature.XSAVEC, Feature.XSAVES))
              : without(altered, feature);
    }
    return altered;
  }

  /** A set without a feature and all that imply it. */
  static FeatureSet without(FeatureSet set, Feature taken) {
    var gone = new ArrayList<Feature>();
    for (Feature feature : set.toList()) {
      if (feature.closure().contains(taken)) {
        gone.add(feature);
      }
    }
    return set.without(FeatureSet.of(gone));
  }

  /** As it is written in a machine's name. */
  String text() {
    return features.stream()
        .map(feature -> (isGiven ? "+" : "-") + feature.id())
        .reduce((a, b) -> a + "," + b)
        .orElse("");
  }
}
