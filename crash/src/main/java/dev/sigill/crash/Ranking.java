package dev.sigill.crash;

import dev.sigill.isa.Feature;
import dev.sigill.verdict.Fix;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;

/**
 * Weighs what signs and facts say for and against causes. Independent signs for one cause add up as
 * chances do: {@code 1 - (1 - a)(1 - b)}; a sign against it takes its share of what is left.
 */
final class Ranking {
  private static final int MOST_CAUSES = 5;
  private static final int MOST_REASONS = 6;

  /** Causes weaker than this are not told. */
  private static final double LEAST = 0.12;

  /** A reason of this weight says by itself what happened. */
  private static final double PROOF = 0.95;

  private final Map<Cause, Double> doubt = new EnumMap<>(Cause.class);
  private final Map<Cause, Double> against = new EnumMap<>(Cause.class);
  private final Map<Cause, Double> strongest = new EnumMap<>(Cause.class);
  private final Map<Cause, Map<String, Double>> reasons = new EnumMap<>(Cause.class);
  private final Map<Cause, List<Signs.Seen>> signs = new EnumMap<>(Cause.class);

  /** Adds a sign that was seen. */
  void add(Signs.Seen seen) {
    String reason = "“" + seen.quote() + "”: " + seen.sign().says();
    seen.sign()
        .weights()
        .forEach(
            (cause, weight) -> {
              add(cause, weight, reason);
              signs.computeIfAbsent(cause, c -> new ArrayList<>()).add(seen);
            });
    seen.sign().against().forEach((cause, weight) -> oppose(cause, weight));
  }

  /** Adds a reason for a cause. */
  void add(Cause cause, double weight, String reason) {
    doubt.merge(cause, 1 - weight, (a, b) -> a * b);
    strongest.merge(cause, weight, Math::max);
    reasons.computeIfAbsent(cause, c -> new LinkedHashMap<>()).merge(reason, weight, Math::max);
  }

  /** Adds a reason against a cause. */
  void oppose(Cause cause, double weight) {
    against.merge(cause, 1 - weight, (a, b) -> a * b);
  }

  /** How strongly everything speaks for a cause, 0 to 1. */
  double weight(Cause cause) {
    return (1 - doubt.getOrDefault(cause, 1.0)) * against.getOrDefault(cause, 1.0);
  }

  /** The causes, most likely first; {@link Cause#UNKNOWN} alone where nothing speaks for any. */
  List<Diagnosis> diagnoses(Facts facts) {
    List<Cause> order =
        doubt.keySet().stream()
            .filter(c -> weight(c) >= LEAST)
            .sorted(Comparator.comparingDouble((Cause c) -> -weight(c)).thenComparing(c -> c))
            .limit(MOST_CAUSES)
            .toList();
    if (order.isEmpty()) {
      return List.of(
          new Diagnosis(
              Cause.UNKNOWN,
              Likelihood.POSSIBLE,
              List.of("no message that is known, no signal and no exit status stands in it"),
              List.of(),
              CauseTable.checks(Cause.UNKNOWN, facts),
              List.of(),
              List.of()));
    }
    return order.stream().map(c -> diagnosis(c, facts)).toList();
  }

  private Diagnosis diagnosis(Cause cause, Facts facts) {
    var checks = new LinkedHashSet<Check>();
    var fixes = new LinkedHashSet<Fix>();
    var links = new LinkedHashSet<String>();
    for (Signs.Seen seen : signs.getOrDefault(cause, List.of())) {
      // A sign's own advice belongs to the cause that it speaks for most.
      if (isMain(seen.sign(), cause)) {
        checks.addAll(seen.sign().checks());
        fixes.addAll(seen.sign().fixes());
      }
      links.addAll(seen.sign().links());
    }
    checks.addAll(CauseTable.checks(cause, facts));
    fixes.addAll(CauseTable.fixes(cause, facts));
    links.addAll(CauseTable.links(cause, facts));
    var quotes = new HashSet<String>();
    List<String> because =
        reasons.get(cause).entrySet().stream()
            .sorted(Comparator.comparingDouble((Map.Entry<String, Double> e) -> -e.getValue()))
            .map(Map.Entry::getKey)
            // Two signs of the same words are one reason.
            .filter(r -> !r.startsWith("“") || quotes.add(r.substring(0, r.indexOf('”') + 1)))
            .limit(MOST_REASONS)
            .toList();
    return new Diagnosis(
        cause,
        likelihood(cause),
        because,
        missing(cause, facts),
        List.copyOf(checks),
        withoutTwins(fixes),
        List.copyOf(links));
  }

  /** Of several fixes with the same commands the first. */
  private static List<Fix> withoutTwins(Collection<Fix> fixes) {
    var commands = new HashSet<List<String>>();
    return fixes.stream()
        .filter(f -> f.commands().isEmpty() || commands.add(f.commands()))
        .toList();
  }

  /** Several hints of one event are no proof: only a reason that is one by itself makes certain. */
  private Likelihood likelihood(Cause cause) {
    Likelihood sum = Likelihood.of(weight(cause));
    boolean isProven = strongest.get(cause) >= PROOF;
    return sum == Likelihood.CERTAIN && !isProven ? Likelihood.LIKELY : sum;
  }

  private static boolean isMain(Sign sign, Cause cause) {
    double own = sign.weights().get(cause);
    return sign.weights().values().stream().allMatch(w -> w <= own + 0.1);
  }

  private static List<String> missing(Cause cause, Facts facts) {
    return switch (cause) {
      case ISA_MISSING, SELF_CHECK_REFUSAL, JIT_CODE ->
          List.of(facts.get(Fact.FEATURES).split(", ")).stream()
              .filter(f -> Feature.find(f) != null)
              .toList();
      default -> List.of();
    };
  }
}
