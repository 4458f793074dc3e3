package dev.sigill.analysis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sigill.isa.Feature;
import java.util.List;
import org.junit.jupiter.api.Test;

class GuardsTest {
  private final Guards guards = new Guards();
  private final int avx = guards.of(Feature.AVX);
  private final int avx2 = guards.both(avx, guards.of(Feature.AVX2));
  private final int avxAndMore = guards.both(avx, Guards.UNKNOWN);
  private final int avx2AndMore = guards.both(avx2, Guards.UNKNOWN);

  @Test
  void either_ofMoreAndLess_isLess() {
    assertThat(guards.either(avx, avx2)).isEqualTo(avx);
    assertThat(guards.alternatives(avx)).containsExactly(avx);
  }

  @Test
  void either_whereTheLesserAlsoAsksForWhatIsNotUnderstood_keepsBoth() {
    int either = guards.either(avxAndMore, avx2AndMore);

    assertThat(guards.alternatives(either)).containsExactlyInAnyOrder(avxAndMore, avx2AndMore);
    assertThat(guards.features(either).toList()).containsExactly(Feature.AVX);
    assertThat(guards.asksForMore(either)).isTrue();
  }

  @Test
  void either_ofDifferentThings_keepsBoth() {
    int fma = guards.both(avx2, guards.of(Feature.FMA));
    int avx512 = guards.both(avx, guards.of(Feature.AVX512F));
    int either = guards.either(fma, avx512);

    assertThat(guards.alternatives(either)).containsExactlyInAnyOrder(fma, avx512);
    assertThat(guards.features(either).toList()).containsExactly(Feature.AVX);
    assertThat(guards.asksForSomeChoice(either)).isTrue();
    assertThat(guards.asksForSomeChoice(fma)).isFalse();
  }

  @Test
  void either_ofTooManyDifferentThings_isWhatTheyShareAndSomethingElse() {
    int either = avx2;
    for (Feature feature : List.of(Feature.FMA, Feature.F16C, Feature.AVX512F, Feature.VAES)) {
      either = guards.either(either, guards.both(avx, guards.of(feature)));
    }

    assertThat(guards.alternatives(either)).containsExactly(either);
    assertThat(guards.features(either).toList()).containsExactly(Feature.AVX);
    assertThat(guards.asksForSomeChoice(either)).isTrue();
    assertThat(guards.asksForMore(either)).isTrue();
  }

  @Test
  void either_ofDifferentThingsThatShareNothing_isJudgedForEach() {
    int either = guards.either(guards.of(Feature.POPCNT), guards.of(Feature.LZCNT));

    int[] each = guards.alternatives(guards.both(either, avx));
    assertThat(each).hasSize(2);
    for (int alternative : each) {
      assertThat(guards.features(alternative).toList()).hasSize(2).contains(Feature.AVX);
    }
  }

  @Test
  void both_withAChoice_holdsForEachAlternative() {
    int either = guards.either(avxAndMore, avx2AndMore);

    assertThat(guards.both(either, Guards.UNKNOWN)).isEqualTo(either);
    int[] each = guards.alternatives(guards.both(either, guards.of(Feature.FMA)));
    assertThat(each).hasSize(2);
    for (int alternative : each) {
      assertThat(guards.features(alternative).toList()).contains(Feature.FMA);
    }
  }

  @Test
  void isAtMost_whatAsksForUnknownThings_isPassedByNobodyElse() {
    assertThat(guards.isAtMost(avx, avx2)).isTrue();
    assertThat(guards.isAtMost(avxAndMore, avx2AndMore)).isFalse();
    assertThat(guards.isAtMost(avx, guards.either(avxAndMore, avx2AndMore))).isTrue();
    assertThat(guards.isAtMost(Guards.NONE, avxAndMore)).isTrue();
  }

  @Test
  void wishMaskedWithWhatThereIs_impliesWhatThereIs() {
    var values = new Values(guards);
    int[] bits = Words.noBits();
    bits[3] = avx2;
    bits[Words.CLEAR + 3] = Guards.UNKNOWN;
    long supported = values.word(bits);
    long wished = Values.top(Guards.NONE);

    long chosen = values.compute(Values.Operation.AND, wished, supported, 8);

    assertThat(values.impliedByBit(chosen, 3)).isEqualTo(avx2);
    assertThat(values.impliedByClearBit(chosen, 3)).isEqualTo(Guards.UNKNOWN);
  }
}
