package dev.sigill.verdict;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sigill.isa.Feature;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Libraries side by side of which a program loads one. */
class TwinsTest {
  private static TestImage library(String path, String... offers) {
    return TestImage.linux(path).offers(offers);
  }

  private static boolean areTwins(TestImage one, TestImage other) {
    return Twins.of(one.build(), List.of(other.build())) != null;
  }

  @Test
  void sameFunctionsButForTheWordsOfTheNames_areTwins() {
    assertThat(
            areTwins(
                library("c/_hash_clmul.so", "hash_clmul", "hash_expand_clmul", "_init"),
                library("c/_hash_portable.so", "hash_portable", "hash_expand_portable", "_init")))
        .isTrue();
    assertThat(
            areTwins(
                library("c/_raw_aesni.so", "AESNI_start", "AESNI_stop"),
                library("c/_raw_aes.so", "AES_start", "AES_stop")))
        .isTrue();
  }

  @Test
  void otherFunctionsOrAnotherFolder_areNone() {
    TestImage fast = library("c/_sum_fast.so", "sum_start", "sum_stop", "sum_all");
    assertThat(areTwins(fast, library("c/_sum.so", "sum_start", "draw", "paint"))).isFalse();
    assertThat(areTwins(fast, library("d/_sum.so", "sum_start", "sum_stop", "sum_all"))).isFalse();
    assertThat(areTwins(fast, library("c/_sum_fast.so", "sum_start", "sum_stop"))).isFalse();
    assertThat(areTwins(library("c/a.so", "_init", "_fini"), library("c/b.so", "_init", "_fini")))
        .isFalse();
  }

  @Test
  void libraryWhoseTwinNeedsLess_isLeftOpen() {
    TestImage fast = library("c/_sum_fast.so", "sum_start", "sum_stop").reaches(1, Feature.AVX);
    TestImage plain = library("c/_sum.so", "sum_start", "sum_stop");

    assertThat(verdict(TestTarget.environment(fast, plain))).isEqualTo(Verdict.UNKNOWN);
    assertThat(verdict(TestTarget.environment(fast))).isEqualTo(Verdict.CRASHES);
  }

  private static Verdict verdict(TestTarget target) {
    return Rules.judge(target.build(), TestMachine.nehalem().build())
        .findings()
        .getFirst()
        .verdict();
  }
}
