package dev.sigill.verdict;

import dev.sigill.isa.Feature;
import dev.sigill.isa.FeatureSet;
import dev.sigill.platform.Architecture;
import java.util.ArrayList;
import java.util.List;

/** The micro-architecture levels of the x86-64 psABI, section 3.1.1. */
final class Levels {
  private static final List<FeatureSet> LEVELS = List.of(upTo(1), upTo(2), upTo(3), upTo(4));

  private Levels() {}

  /** Everything that a level and those below it take for granted. */
  static FeatureSet features(int level) {
    return LEVELS.get(Math.clamp(level, 1, 4) - 1);
  }

  /** The highest level met in full, 0 where not even the first is. */
  static int of(FeatureSet available) {
    int level = 0;
    while (level < 4 && available.containsAll(features(level + 1))) {
      level++;
    }
    return level;
  }

  private static FeatureSet upTo(int level) {
    var features = new ArrayList<Feature>();
    for (Feature feature : Feature.of(Architecture.X86_64)) {
      String own = feature.level();
      if (own.length() == 2 && own.charAt(0) == 'v' && own.charAt(1) - '0' <= level) {
        features.add(feature);
      }
    }
    return FeatureSet.of(features);
  }
}
