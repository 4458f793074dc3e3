package dev.sigill.accuracy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sigill.machine.Machine;
import dev.sigill.machine.Machines;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProcessorTest {
  /** Code that chooses by that file must choose what the emulated processor has. */
  @ParameterizedTest
  @ValueSource(strings = {"Conroe", "Nehalem", "SandyBridge", "Haswell"})
  void cpuinfo_readBack_isTheProcessor(String model) {
    Processor processor = Processor.ofModel(model);
    Machine read = Machines.parse(processor.cpuinfo(), model);
    assertThat(read.advertised().containsAll(processor.inCatalog().advertised())).isTrue();
    assertThat(processor.inCatalog().advertised().containsAll(read.advertised())).isTrue();
  }

  @Test
  void cpuinfo_ofConroe_hasNoPopcnt() {
    assertThat(Processor.ofModel("Conroe").cpuinfo())
        .contains(" ssse3")
        .doesNotContain("popcnt")
        .doesNotContain("avx");
  }
}
