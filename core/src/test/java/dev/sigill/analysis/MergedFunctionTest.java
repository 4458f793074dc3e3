package dev.sigill.analysis;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** One inline function of two objects, one of which is built for AVX2, whose copy was kept. */
final class MergedFunctionTest {
  @ParameterizedTest
  @CsvSource({
    "merged.so, WEAK_SYMBOL",
    "merged-hidden.so, NAME",
    "merged-hidden.stripped.so, STRIPPED",
    "merged.dylib, NAME",
    "merged.dll, STRIPPED"
  })
  void copyOfTheNewerObject_isNamedAsFarAsItsSymbolTells(String file, MergedFunction.Sign sign)
      throws IOException {
    List<InstructionNeed> needs = UseStageTest.analyse(file).importing().instructions();

    assertThat(needs).isNotEmpty();
    MergedFunction merged = needs.getFirst().merged();
    assertThat(merged.sign()).isEqualTo(sign);
    assertThat(merged.callersWith()).isEqualTo(1);
    assertThat(merged.callersWithout()).isEqualTo(1);
    assertThat(merged.with().address()).isNotEqualTo(merged.without().address());
    if (sign != MergedFunction.Sign.STRIPPED) {
      assertThat(merged.without().function()).isEqualTo("PyInit_merged");
      assertThat(merged.with().function()).isEqualTo("kernel(int const*, int)");
    }
  }

  @Test
  void copyOfTheBaselineObject_needsNothing() throws IOException {
    assertThat(UseStageTest.analyse("merged-not.so").importing().instructions()).isEmpty();
  }

  /** Reached without a check as well, but no function with callers of both kinds. */
  @Test
  void functionWithoutBothKindsOfCallers_isNotCalledMerged() throws IOException {
    for (String file : List.of("bare.so", "late.so", "use.so")) {
      Requirements image = UseStageTest.analyse(file);
      assertThat(image.instructions()).isNotEmpty().allMatch(need -> need.merged().isNone());
    }
  }
}
