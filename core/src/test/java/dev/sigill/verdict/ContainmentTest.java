package dev.sigill.verdict;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sigill.analysis.CpuCheck;
import dev.sigill.analysis.Protection;
import dev.sigill.isa.Feature;
import dev.sigill.isa.FeatureSet;
import dev.sigill.machine.Machine;
import dev.sigill.machine.Machines;
import java.util.List;
import org.junit.jupiter.api.Test;

class ContainmentTest {
  private static final CpuCheck AVX = new CpuCheck(FeatureSet.of(Feature.AVX), true, false, false);

  @Test
  void whatTheMachineLacks_isTold() {
    TestImage image =
        TestImage.linux("a.so").protects(Protection.Kind.GUARDED, AVX, Feature.AVX, Feature.SSE4_2);

    List<Contained> contained = of(image, Machines.named("nehalem"));

    assertThat(contained).hasSize(1);
    assertThat(contained.getFirst().features()).containsExactly("avx");
    assertThat(contained.getFirst().functions()).isEqualTo(7);
    assertThat(of(image, Machines.named("sandybridge"))).isEmpty();
  }

  @Test
  void whatIsRequired_isNotToldAgain() {
    TestImage image =
        TestImage.linux("a.so")
            .reaches(1, Feature.AVX)
            .protects(Protection.Kind.GUARDED, AVX, Feature.AVX);

    assertThat(of(image, Machines.named("nehalem"))).isEmpty();
  }

  @Test
  void checkThatAsksForLess_protectsOnlyWhereItDoesNotLetPass() {
    TestImage image =
        TestImage.linux("a.so").protects(Protection.Kind.INSUFFICIENT, AVX, Feature.FMA);

    assertThat(of(image, Machines.named("nehalem"))).hasSize(1);
    assertThat(of(image, Machines.named("sandybridge"))).isEmpty();
  }

  private static List<Contained> of(TestImage image, Machine machine) {
    return TestTarget.file(image).on(machine).contained();
  }
}
