package dev.sigill.analysis;

import dev.sigill.isa.Feature;
import dev.sigill.isa.FeatureSet;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * What CPU checks imply, as small numbers. {@link #NONE} is the absence of a check; {@link
 * #UNKNOWN} a check whose meaning is not known; every other number stands for a set of features
 * (and of states that the operating system enabled) that are present whenever the check lets code
 * run.
 *
 * <p>Numbers are ordered by what they promise: {@code NONE} nothing, {@code UNKNOWN} that something
 * was asked, a set that its members are there.
 */
final class Guards {
  static final int NONE = 0;
  static final int UNKNOWN = 1;

  /** Runs only where somebody set an environment variable that asks for it. */
  static final int ENVIRONMENT = 2;

  /** Besides, one of several things was asked that are not told apart. */
  private static final int CHOICE = 250;

  /** Something of unknown meaning was asked besides. */
  static final int OTHER = 251;

  /** The operating system saves SSE, AVX and AVX-512 registers: bits of {@code XCR0}. */
  static final int STATE_SSE = 252;

  static final int STATE_AVX = 253;
  static final int STATE_AVX512 = 254;

  /** As many as fit the field for a guard in an encoded value. */
  private static final int MOST = 1 << 16;

  private static final Feature[] FEATURES = Feature.values();

  /** A set of up to 256 members. */
  private record Members(long a, long b, long c, long d) {
    Members with(Members o) {
      return new Members(a | o.a, b | o.b, c | o.c, d | o.d);
    }

    Members and(Members o) {
      return new Members(a & o.a, b & o.b, c & o.c, d & o.d);
    }

    boolean has(int bit) {
      long word = bit < 64 ? a : bit < 128 ? b : bit < 192 ? c : d;
      return (word >>> (bit & 63) & 1) != 0;
    }

    static Members of(int bit) {
      long word = 1L << (bit & 63);
      return new Members(
          bit < 64 ? word : 0,
          bit >= 64 && bit < 128 ? word : 0,
          bit >= 128 && bit < 192 ? word : 0,
          bit >= 192 ? word : 0);
    }
  }

  private static final Members EMPTY = new Members(0, 0, 0, 0);
  private static final Members SOME_CHOICE = Members.of(OTHER).with(Members.of(CHOICE));

  private final List<Members> byNumber = new ArrayList<>();
  private final Map<Members, Integer> numbers = new HashMap<>();
  private final LongMap<Integer> both = new LongMap<>();
  private final LongMap<Integer> either = new LongMap<>();

  /** Guards of which one of several was passed; what those share stands in {@link #byNumber}. */
  private final Map<List<Integer>, Integer> ofAlternatives = new HashMap<>();

  private final Map<Integer, int[]> alternatives = new HashMap<>();

  private final Map<Integer, FeatureSet> closures = new HashMap<>();

  Guards() {
    byNumber.add(EMPTY);
    byNumber.add(EMPTY);
    byNumber.add(EMPTY);
    numbers.put(EMPTY, UNKNOWN);
    if (FEATURES.length > CHOICE) {
      throw new IllegalStateException("more features than a guard can hold");
    }
  }

  /** The guard that implies one feature. */
  int of(Feature feature) {
    return number(Members.of(feature.ordinal()));
  }

  /** The guard that implies one enabled state, {@link #STATE_SSE} and its kin. */
  int ofState(int state) {
    return number(Members.of(state));
  }

  /** What holds where both guards were passed. */
  int both(int x, int y) {
    if (x == y || y == NONE) {
      return x;
    }
    if (x == NONE) {
      return y;
    }
    if (x == ENVIRONMENT || y == ENVIRONMENT) {
      return ENVIRONMENT;
    }
    long key = (long) Math.min(x, y) << 32 | Math.max(x, y);
    Integer known = both.get(key);
    if (known == null) {
      var all = new TreeSet<Integer>();
      for (int left : alternatives(x)) {
        for (int right : alternatives(y)) {
          Members members = byNumber.get(left).with(byNumber.get(right));
          all.add(number(x == UNKNOWN || y == UNKNOWN ? members.with(Members.of(OTHER)) : members));
        }
      }
      known = oneOf(all);
      both.put(key, known);
    }
    return known;
  }

  /** What holds where one or the other was passed. */
  int either(int x, int y) {
    if (x == y || y == ENVIRONMENT) {
      return x;
    }
    if (x == ENVIRONMENT) {
      return y;
    }
    if (x <= UNKNOWN || y <= UNKNOWN) {
      return Math.min(x, y);
    }
    long key = (long) Math.min(x, y) << 32 | Math.max(x, y);
    Integer known = either.get(key);
    if (known == null) {
      var all = new TreeSet<Integer>();
      for (int left : alternatives(x)) {
        all.add(left);
      }
      for (int right : alternatives(y)) {
        all.add(right);
      }
      known = oneOf(all);
      either.put(key, known);
    }
    return known;
  }

  /**
   * The guard of which one of several was passed. One that asks for all that another one asks for,
   * and more, says nothing besides it; unless only the lesser one also asks for what is not
   * understood: "AVX2, or AVX and a certain model" stays what it is. Where too many ask for
   * different things, what they share is less than what any of them lets run: {fma, avx2} or
   * {avx512f} is not "avx" but "avx and more".
   */
  private int oneOf(TreeSet<Integer> all) {
    TreeSet<Integer> kept = least(all, false);
    if (kept.size() > MOST_ALTERNATIVES) {
      kept = least(kept, true);
    }
    if (kept.size() == 1) {
      return kept.first();
    }
    Members common = byNumber.get(kept.first());
    boolean isDiffering = false;
    for (int each : kept) {
      Members members = byNumber.get(each);
      common = common.and(members);
      for (int other : kept) {
        Members shared = members.and(byNumber.get(other));
        isDiffering |= !shared.equals(members) && !shared.equals(byNumber.get(other));
      }
    }
    if (isDiffering) {
      common = common.with(SOME_CHOICE);
    }
    if (kept.size() > MOST_ALTERNATIVES) {
      return common.equals(SOME_CHOICE) ? UNKNOWN : number(common);
    }
    List<Integer> key = List.copyOf(kept);
    Integer known = ofAlternatives.get(key);
    if (known == null) {
      if (byNumber.size() >= MOST) {
        return UNKNOWN;
      }
      known = byNumber.size();
      byNumber.add(common);
      ofAlternatives.put(key, known);
      alternatives.put(known, key.stream().mapToInt(i -> i).toArray());
    }
    return known;
  }

  /**
   * Without those that ask for all that another one asks for.
   *
   * @param isVagueEnough whether one that also asks for what is not understood counts as asking for
   *     less than others that do
   */
  private TreeSet<Integer> least(TreeSet<Integer> all, boolean isVagueEnough) {
    var kept = new TreeSet<Integer>();
    for (int each : all) {
      Members members = byNumber.get(each);
      boolean isImplied = false;
      for (int other : all) {
        Members others = byNumber.get(other);
        isImplied |=
            other != each
                && members.and(others).equals(others)
                && (!others.has(OTHER) || isVagueEnough && members.has(OTHER));
      }
      if (!isImplied) {
        kept.add(each);
      }
    }
    return kept;
  }

  private static final int MOST_ALTERNATIVES = 4;

  /** The guards one of which was passed; the guard itself where it is no choice. */
  int[] alternatives(int guard) {
    int[] several = alternatives.get(guard);
    return several == null ? new int[] {guard} : several;
  }

  /** The features that a guard implies by itself, without what they imply in turn. */
  FeatureSet features(int guard) {
    Members members = byNumber.get(guard);
    var found = new ArrayList<Feature>();
    for (Feature feature : FEATURES) {
      if (members.has(feature.ordinal())) {
        found.add(feature);
      }
    }
    return FeatureSet.of(found);
  }

  /** Whether whoever passes the second guard passes the first one too: it asks for no more. */
  boolean isAtMost(int x, int y) {
    if (x == y || x == NONE || y == ENVIRONMENT) {
      return true;
    }
    if (x == UNKNOWN || x == ENVIRONMENT || y <= UNKNOWN) {
      return false;
    }
    for (int mine : alternatives(y)) {
      boolean isPassed = false;
      for (int theirs : alternatives(x)) {
        Members least = byNumber.get(theirs);
        isPassed |=
            mine == theirs
                || !least.has(OTHER) && least.with(byNumber.get(mine)).equals(byNumber.get(mine));
      }
      if (!isPassed) {
        return false;
      }
    }
    return true;
  }

  /** The features that a guard implies, with what those imply in turn. */
  FeatureSet closure(int guard) {
    FeatureSet known = closures.get(guard);
    if (known == null) {
      known = withImplied(features(guard));
      closures.put(guard, known);
    }
    return known;
  }

  /** Features with all that they imply. */
  static FeatureSet withImplied(FeatureSet features) {
    FeatureSet all = FeatureSet.empty();
    for (Feature feature : features.toList()) {
      all = all.with(feature.closure());
    }
    return all;
  }

  /** What a guard asks a machine for. */
  CpuCheck check(int guard) {
    return new CpuCheck(
        features(guard),
        impliesState(guard, STATE_AVX),
        impliesState(guard, STATE_AVX512),
        byNumber.get(guard).has(OTHER));
  }

  /** Whether something was asked besides that is not understood. */
  boolean asksForMore(int guard) {
    return byNumber.get(guard).has(OTHER);
  }

  /** Whether one of several things was asked besides, that may be more than is said. */
  boolean asksForSomeChoice(int guard) {
    return byNumber.get(guard).has(CHOICE);
  }

  boolean impliesState(int guard, int state) {
    return byNumber.get(guard).has(state);
  }

  private int number(Members members) {
    Integer known = numbers.get(members);
    if (known != null) {
      return known;
    }
    int next = byNumber.size();
    if (next >= MOST) {
      return UNKNOWN;
    }
    byNumber.add(members);
    numbers.put(members, next);
    return next;
  }
}
