package dev.sigill.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sigill.isa.Feature;
import dev.sigill.isa.FeatureSet;
import dev.sigill.platform.Architecture;
import dev.sigill.platform.OperatingSystem;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.Chars;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MachineNameTest {
  @ParameterizedTest
  @CsvSource({
    "Nehalem, nehalem",
    "Sandy_Bridge, sandybridge",
    "sandy bridge, sandybridge",
    "SNB, snb",
    "x86_64_v3, x86-64-v3",
    "X86-64-V2, x86-64-v2",
    "Core 2 Duo, core2duo",
    "M1, m1",
    "m1_pro, m1-pro",
    "m1-rosetta-macos-14, m1-rosetta-macos14",
    "m1-max-rosetta-macos14, m1-max-rosetta-macos14",
    "M1 Rosetta macOS 14.5, m1-rosetta-macos14.5",
    "raspberry pi 4, raspberry-pi-4",
    "RPi4, rpi4",
    "Skylake-Server, skylake-server",
    "Cascadelake-Server, cascadelake-server",
    "Ubuntu 22.04, ubuntu-22.04",
    "ubuntu_22.04, ubuntu-22.04",
    "macOS 14.5, macos-14.5",
    "manylinux_2_28, manylinux_2_28",
    "AArch64, aarch64"
  })
  void name_howeverTyped_isFound(String typed, String name) {
    assertThat(Machines.named(typed).name()).isEqualTo(name);
  }

  @Test
  void processor_alone_takesAnySystem() {
    assertThat(Machines.named("haswell").system().isAny()).isTrue();
    assertThat(Machines.named("aarch64").system().isAny()).isTrue();
  }

  @Test
  void mac_alone_isNativeOnTheNewestMacos() {
    Machine m1 = Machines.named("m1");
    assertThat(m1.translator()).isEqualTo(Translator.NONE);
    assertThat(m1.architecture()).isEqualTo(Architecture.ARM64);
    String newest =
        Machines.systems().stream()
            .filter(s -> s.system() == OperatingSystem.MACOS)
            .map(SystemProfile::version)
            .max(java.util.Comparator.naturalOrder())
            .orElseThrow()
            .text();
    assertThat(m1.system().version().text()).isEqualTo(newest);
    assertThat(m1.pageSize()).isEqualTo(16384);
  }

  @Test
  void system_alone_takesTheWeakestProcessorItStartsOn() {
    assertThat(Machines.named("ubuntu-20.04").executes())
        .isEqualTo(Machines.named("x86-64-v1").executes());
    assertThat(Machines.named("rhel-9").executes())
        .isEqualTo(Machines.named("x86-64-v2").executes());
    assertThat(Machines.named("rhel-10").executes())
        .isEqualTo(Machines.named("x86-64-v3").executes());
    assertThat(Machines.named("macos-13").architecture()).isEqualTo(Architecture.ARM64);
    assertThat(Machines.named("macos-10.14").executes().contains(Feature.SSE4_1)).isTrue();
    assertThat(Machines.named("windows-10").executes())
        .isEqualTo(Machines.named("x86-64-v1").executes());
  }

  @Test
  void composition_inEitherOrder_joinsProcessorAndSystem() {
    Machine machine = Machines.named("nehalem+ubuntu-22.04");
    assertThat(machine.name()).isEqualTo("nehalem+ubuntu-22.04");
    assertThat(machine.title()).isEqualTo("Intel Nehalem (2008), Ubuntu 22.04 (glibc 2.35)");
    assertThat(machine.executes()).isEqualTo(Machines.named("nehalem").executes());
    assertThat(machine.system().libcVersion().text()).isEqualTo("2.35");
    assertThat(Machines.named("ubuntu-22.04 + nehalem")).isEqualTo(machine);
  }

  @Test
  void composition_withArmSystem_takesItsPages() {
    assertThat(Machines.named("graviton2").pageSize()).isEqualTo(4096);
    assertThat(Machines.named("graviton2+rhel-8").pageSize()).isEqualTo(65536);
    assertThat(Machines.named("graviton2+rhel-9").pageSize()).isEqualTo(4096);
    assertThat(Machines.named("nehalem+rhel-8").pageSize()).isEqualTo(4096);
    assertThat(Machines.named("m1+macos-14").pageSize()).isEqualTo(16384);
  }

  @Test
  void removal_ofFeature_takesWhatImpliesItFromBothSets() {
    Machine machine = Machines.named("haswell:-fma");
    assertThat(machine.name()).isEqualTo("haswell:-fma");
    assertThat(Machines.named("haswell").executes().without(machine.executes()))
        .isEqualTo(FeatureSet.of(Feature.FMA));
    assertThat(machine.advertised()).isEqualTo(machine.executes());

    assertThat(Machines.named("haswell:-avx").executes().ids())
        .contains("sse4_2", "bmi2", "xsave")
        .doesNotContain("avx", "avx2", "fma", "f16c");
  }

  @Test
  void addition_ofFeature_givesWhatItImplies() {
    assertThat(Machines.named("nehalem:+avx2").executes().ids()).contains("avx2", "avx", "xsave");
    assertThat(Machines.named("core2duo:+popcnt").advertised().contains(Feature.POPCNT)).isTrue();
    assertThat(Machines.named("rpi4:+lse").executes().contains(Feature.FEAT_LSE)).isTrue();
  }

  @Test
  void addition_ofUncertainFeature_makesItCertain() {
    assertThat(Machines.named("m1-rosetta-macos15:+fma").uncertain().ids())
        .contains("bmi1")
        .doesNotContain("fma");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "haswell:-fma,-bmi1 | haswell:-fma,-bmi1",
        "haswell:-fma:-bmi1 | haswell:-fma,-bmi1",
        "haswell:-fma, -BMI1 | haswell:-fma,-bmi1",
        "haswell:-fma,+adx | haswell:-fma,+adx",
        "haswell : -fma | haswell:-fma",
        "nehalem:+popcnt+ubuntu-22.04 | nehalem:+popcnt+ubuntu-22.04",
        "nehalem+ubuntu-22.04:+aes | nehalem:+aes+ubuntu-22.04",
        "nehalem:+sse4.2 | nehalem:+sse4_2",
        "graviton2:-atomics | graviton2:-FEAT_LSE",
        "graviton2:-FEAT_LSE | graviton2:-FEAT_LSE",
        "zen4:-avx512 | zen4:-avx512f",
        "ubuntu-22.04:+avx2 | ubuntu-22.04:+avx2"
      })
  void alterations_howeverWritten_areNamedOneWay(String typed, String name) {
    Machine machine = Machines.named(typed);
    assertThat(machine.name()).isEqualTo(name);
    assertThat(Machines.named(name)).isEqualTo(machine);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "nehalm | near it: nehalem",
        "sandybrige | near it: sandybridge",
        "ubuntu-22.4 | near it: ubuntu-22.04",
        "skylakeserver2 | skylake-server",
        "nehalem+popcnt | nehalem:+popcnt",
        "avx2 | is a feature",
        "nehalem+haswell | two computers",
        "ubuntu-20.04+ubuntu-22.04 | two systems",
        "haswell:fma | sign",
        "haswell:-fmaa | near it: fma",
        "haswell:-neon | x86_64 has no feature",
        "haswell: | after \":\"",
        "nehalem+ | no machine",
        "./no-such-file | no file",
        "m1-rosetta-macos14+ubuntu-22.04 | does not exist on Ubuntu",
        "m1-rosetta-macos14+macos-15 | does not exist on macOS 15",
        "snapdragon-x-prism+ubuntu-22.04 | does not exist on"
      })
  void name_withoutMeaning_saysWhatIsWrongAndNear(String typed, String said) {
    assertThatThrownBy(() -> Machines.named(typed))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(said);
  }

  @Test
  void name_empty_isRefused() {
    assertThatThrownBy(() -> Machines.named("  ")).isInstanceOf(IllegalArgumentException.class);
  }

  @Property(tries = 500)
  void name_ofAnyText_isAMachineOrRefused(
      @ForAll
          @StringLength(max = 30)
          @Chars({'+', '-', ':', ',', '/', '.', ' ', '{', '}', '\u0000', 'é'})
          @CharRange(from = 'a', to = 'z')
          @CharRange(from = '0', to = '9')
          String text) {
    try {
      assertThat(Machines.named(text)).isNotNull();
    } catch (IllegalArgumentException e) {
      assertThat(e.getMessage()).isNotBlank();
    }
  }

  @ParameterizedTest
  @CsvSource({"kitten, sitting, 3", "abc, abc, 0", "ab, ba, 1", "nehalm, nehalem, 1"})
  void distance_ofWords_countsTheirEdits(String a, String b, int edits) {
    assertThat(Spelling.distance(a, b, 5)).isEqualTo(edits);
    assertThat(Spelling.distance(b, a, 5)).isEqualTo(edits);
    if (edits > 0) {
      assertThat(Spelling.distance(a, b, edits - 1)).isGreaterThan(edits - 1);
    }
  }
}
