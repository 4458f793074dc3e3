package dev.sigill.verdict;

import dev.sigill.isa.Feature;
import dev.sigill.isa.FeatureSet;
import java.util.List;

/** Phrases that several rules share. */
final class Words {
  /** The vector extensions that name what an x86-64 processor is good for, best first. */
  private static final List<Feature> X86_LADDER =
      List.of(
          Feature.AVX512F,
          Feature.AVX2,
          Feature.AVX,
          Feature.SSE4_2,
          Feature.SSE4_1,
          Feature.SSSE3,
          Feature.SSE3,
          Feature.SSE2);

  private Words() {}

  /** {@code AVX}, {@code AVX and FMA}, {@code AVX, FMA and F16C}. */
  static String titles(FeatureSet features) {
    return list(features.toList().stream().map(Feature::title).toList());
  }

  /** {@code a}, {@code a and b}, {@code a, b and c}. */
  static String list(List<String> words) {
    return switch (words.size()) {
      case 0 -> "";
      case 1 -> words.getFirst();
      default -> String.join(", ", words.subList(0, words.size() - 1)) + " and " + words.getLast();
    };
  }

  /** {@code a, b, c and 4 more}. */
  static String some(List<String> words, int most) {
    return words.size() <= most
        ? list(words)
        : String.join(", ", words.subList(0, most)) + " and " + (words.size() - most) + " more";
  }

  /** What a machine has in place of missing features: {@code up to SSE4.2}, {@code no LSE}. */
  static String instead(FeatureSet missing, FeatureSet available) {
    boolean isVector =
        missing.toList().stream().anyMatch(f -> X86_LADDER.contains(f) || f.id().startsWith("avx"));
    if (isVector) {
      for (Feature feature : X86_LADDER) {
        if (available.contains(feature)) {
          return "up to " + feature.title();
        }
      }
    }
    return "no " + titles(missing);
  }

  static String count(int number, String one, String many) {
    return number == 1 ? "1 " + one : number + " " + many;
  }

  static String baseName(String path) {
    return path.substring(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
  }
}
