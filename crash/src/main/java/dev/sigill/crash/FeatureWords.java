package dev.sigill.crash;

import dev.sigill.isa.Feature;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** CPU features as messages write them: {@code SSE4.1}, {@code AVX512_SKX}, {@code x86-64-v3}. */
final class FeatureWords {
  private static final Pattern LEVEL = Pattern.compile("(?i)(?:x86[-_]64[-_]|x86_|\\b)v([234])\\b");
  private static final Pattern WORD = Pattern.compile("[A-Za-z][A-Za-z0-9_.+-]*");

  /** Spellings that no table of features has. */
  private static final Map<String, List<String>> SPELLINGS =
      Map.ofEntries(
          Map.entry("fma3", List.of("fma")),
          Map.entry("sse41", List.of("sse4_1")),
          Map.entry("sse42", List.of("sse4_2")),
          Map.entry("sse4", List.of("sse4_1", "sse4_2")),
          Map.entry("bmi", List.of("bmi1")),
          Map.entry("avx512", List.of("avx512f")),
          Map.entry(
              "avx512_skx", List.of("avx512f", "avx512cd", "avx512bw", "avx512dq", "avx512vl")),
          Map.entry("avx512_clx", List.of("avx512f", "avx512_vnni")),
          Map.entry("avx512vnni", List.of("avx512_vnni")),
          Map.entry("pclmul", List.of("pclmulqdq")),
          Map.entry("cmpxchg16b", List.of("cx16")),
          Map.entry("lse", List.of("FEAT_LSE")),
          Map.entry("atomics", List.of("FEAT_LSE")),
          Map.entry("sve", List.of("FEAT_SVE")),
          Map.entry("asimddp", List.of("FEAT_DotProd")),
          Map.entry("dotprod", List.of("FEAT_DotProd")));

  private FeatureWords() {}

  /** Ids of the features named in a text, in its order. */
  static List<String> ids(String text) {
    var ids = new LinkedHashSet<String>();
    Matcher level = LEVEL.matcher(text);
    while (level.find()) {
      String wanted = "v" + level.group(1);
      for (Feature feature : Feature.values()) {
        if (feature.level().equals(wanted)) {
          ids.add(feature.id());
        }
      }
    }
    Matcher word = WORD.matcher(text);
    while (word.find()) {
      String plain = word.group().toLowerCase(Locale.ROOT).replaceAll("[.+-]+$", "");
      if (plain.length() < 3) {
        continue;
      }
      List<String> spelled =
          SPELLINGS.getOrDefault(
              plain, SPELLINGS.getOrDefault(plain.replaceAll("[-.]", ""), List.of()));
      if (!spelled.isEmpty()) {
        ids.addAll(spelled);
        continue;
      }
      for (String form :
          List.of(
              plain, plain.replace('.', '_'), plain.replace("-", ""), plain.replace('-', '_'))) {
        Feature feature = Feature.find(form);
        if (feature != null) {
          ids.add(feature.id());
          break;
        }
        if (Feature.ofLinuxName(form).size() == 1) {
          ids.add(Feature.ofLinuxName(form).getFirst().id());
          break;
        }
      }
    }
    return List.copyOf(ids);
  }
}
