package dev.sigill.machine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sigill.isa.Feature;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ForcedPathTest {
  @Test
  void variable_thatNamesWhatIsMissing_isTold() {
    List<ForcedPath> paths =
        ForcedPath.of(
            Map.of("OPENBLAS_CORETYPE", "HASWELL", "PATH", "/bin"), Machines.named("nehalem"));

    assertThat(paths).hasSize(1);
    assertThat(paths.getFirst().variable()).isEqualTo("OPENBLAS_CORETYPE");
    assertThat(paths.getFirst().missing().toList())
        .containsExactlyInAnyOrder(Feature.AVX2, Feature.FMA);
  }

  @Test
  void variable_thatFitsOrSetsALimit_isNot() {
    var environment = Map.of("OPENBLAS_CORETYPE", "Haswell", "NPY_DISABLE_CPU_FEATURES", "AVX512F");

    assertThat(ForcedPath.of(environment, Machines.named("haswell"))).isEmpty();
    assertThat(ForcedPath.of(Map.of("OPENBLAS_CORETYPE", "?"), Machines.named("nehalem")))
        .isEmpty();
    assertThat(ForcedPath.of(Map.of(), Machines.named("core2duo"))).isEmpty();
  }
}
