package dev.sigill.machine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sigill.isa.Feature;
import dev.sigill.isa.FeatureSet;
import dev.sigill.machine.SystemProfile.Libc;
import dev.sigill.platform.Architecture;
import dev.sigill.platform.OperatingSystem;
import dev.sigill.platform.Version;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Laws that every machine of the catalog keeps, and facts about some. */
class CatalogTest {
  private static Stream<Machine> machines() {
    return Machines.catalog().stream();
  }

  private static Stream<SystemProfile> systems() {
    return Machines.systems().stream();
  }

  @Test
  void machine_ofCatalog_isWhole() {
    assertThat(machines()).allSatisfy(CatalogTest::isWhole);
  }

  private static void isWhole(Machine machine) {
    assertThat(machine.name()).matches("[a-z0-9.-]+");
    assertThat(machine.title()).isNotBlank().doesNotContain("{");
    assertThat(machine.sources()).isNotEmpty().allSatisfy(s -> assertThat(s).isNotBlank());
    assertThat(machine.architecture()).isIn(Architecture.X86_64, Architecture.ARM64);
    assertThat(machine.executes().containsAll(machine.uncertain()))
        .as("uncertain features are executed ones")
        .isTrue();
    for (FeatureSet set : List.of(machine.advertised(), machine.executes())) {
      for (Feature feature : set.toList()) {
        assertThat(feature.architecture()).isEqualTo(machine.architecture());
        assertThat(set.containsAll(feature.closure()))
            .as("%s has what %s implies", machine.name(), feature.id())
            .isTrue();
      }
    }
  }

  @Test
  void machine_withoutTranslator_advertisesWhatItExecutes() {
    assertThat(machines()).allSatisfy(CatalogTest::advertisesWhatItExecutes);
  }

  private static void advertisesWhatItExecutes(Machine machine) {
    if (machine.translator() == Translator.NONE) {
      assertThat(machine.advertised()).isEqualTo(machine.executes());
      assertThat(machine.hostArchitecture()).isEqualTo(machine.architecture());
      assertThat(machine.uncertain().isEmpty()).isTrue();
    } else {
      assertThat(machine.executes().containsAll(machine.advertised())).isTrue();
      assertThat(machine.hostArchitecture()).isNotEqualTo(machine.architecture());
    }
  }

  @Test
  void machine_named_isItself() {
    assertThat(machines()).allSatisfy(CatalogTest::isFoundByItsNames);
  }

  private static void isFoundByItsNames(Machine machine) {
    assertThat(Machines.named(machine.name())).isEqualTo(machine);
    for (String alias : Machines.aliases(machine.name())) {
      Machine same = Machines.named(alias);
      assertThat(same.name()).isEqualTo(alias);
      assertThat(same.executes()).isEqualTo(machine.executes());
      assertThat(same.system()).isEqualTo(machine.system());
    }
  }

  @Test
  void machine_ofCatalog_hasTheBaseOfItsArchitecture() {
    assertThat(machines()).allSatisfy(CatalogTest::hasTheBase);
  }

  private static void hasTheBase(Machine machine) {
    FeatureSet base =
        machine.architecture() == Architecture.X86_64
            ? level(1)
            : FeatureSet.of(Feature.FEAT_FP, Feature.FEAT_ADVSIMD);
    assertThat(machine.executes().containsAll(base)).isTrue();
    assertThat(machine.pageSize()).isIn(0, 4096, 16384, 65536);
    if (machine.architecture() == Architecture.X86_64) {
      assertThat(machine.pageSize()).isEqualTo(4096);
    }
  }

  @Test
  void system_ofCatalog_isWhole() {
    assertThat(systems()).allSatisfy(CatalogTest::isWholeSystem);
  }

  private static void isWholeSystem(SystemProfile system) {
    assertThat(system.name()).matches("[a-z0-9.-]+");
    assertThat(system.title()).isNotBlank();
    assertThat(system.system()).isNotEqualTo(OperatingSystem.UNKNOWN);
    assertThat(system.requiredLevel()).isIn(0, 2, 3);
    assertThat(system.libc() == Libc.NONE).isEqualTo(system.libcVersion().text().isEmpty());
    if (system.system() != OperatingSystem.LINUX) {
      assertThat(system.libc()).isEqualTo(Libc.NONE);
      assertThat(system.version().numbers()).isNotEmpty();
    }
    Machine machine = Machines.named(system.name());
    assertThat(machine.system()).isEqualTo(system);
    assertThat(machine.sources()).hasSizeGreaterThan(1);
  }

  @Test
  void catalog_namesAndTitles_areUnique() {
    var names = new HashSet<String>();
    var titles = new HashSet<String>();
    machines().forEach(m -> assertThat(names.add(m.name())).as(m.name()).isTrue());
    machines().forEach(m -> assertThat(titles.add(m.title())).as(m.title()).isTrue());
    systems().forEach(s -> assertThat(names.add(s.name())).as(s.name()).isTrue());
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4})
  void level_ofPsabi_isExactlyItsTable(int level) {
    Machine machine = Machines.named("x86-64-v" + level);
    assertThat(machine.executes()).isEqualTo(level(level));
  }

  /** Table 3.1 of the psABI, typed here a second time; CLFLUSH comes with SSE2. */
  @Test
  void level_ofPsabi_isAsTyped() {
    assertThat(ids("x86-64-v1"))
        .containsExactlyInAnyOrder("cmov", "cx8", "x87", "fxsr", "mmx", "sse", "sse2", "clflush");
    assertThat(added("x86-64-v2", "x86-64-v1"))
        .containsExactlyInAnyOrder(
            "cx16", "lahf_lm", "popcnt", "sse3", "sse4_1", "sse4_2", "ssse3");
    assertThat(added("x86-64-v3", "x86-64-v2"))
        .containsExactlyInAnyOrder(
            "avx", "avx2", "bmi1", "bmi2", "f16c", "fma", "lzcnt", "movbe", "xsave");
    assertThat(added("x86-64-v4", "x86-64-v3"))
        .containsExactlyInAnyOrder("avx512f", "avx512bw", "avx512cd", "avx512dq", "avx512vl");
  }

  /** Each line of processors only ever gained. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "core2duo penryn nehalem westmere sandybridge ivybridge haswell broadwell skylake"
            + " skylake-server cascadelake cooperlake",
        "skylake cannonlake icelake-client icelake-server sapphirerapids emeraldrapids"
            + " graniterapids graniterapids-d",
        "icelake-client tigerlake",
        "skylake alderlake raptorlake meteorlake arrowlake arrowlake-s lunarlake pantherlake",
        "alderlake sierraforest clearwaterforest",
        "core2duo bonnell silvermont goldmont goldmont-plus tremont gracemont",
        "k8 k8-sse3 k10",
        "bobcat jaguar",
        "bulldozer piledriver steamroller excavator",
        "zen zen2 zen3 zen4 zen5",
        "x86-64-v1 x86-64-v2 x86-64-v3 x86-64-v4 skylake-server",
        "x86-64-v1 kvm64 qemu64 x86-64-v2 x86-64-v2-aes westmere",
        "armv8-a armv8.1-a armv8.2-a armv8.3-a armv8.4-a armv8.5-a armv8.6-a ampereone",
        "armv8-a rpi4 cortex-a72 graviton graviton2 graviton3",
        "armv8.4-a m1 m2 m3",
        "graviton3:-ssbs,-sm3,-sm4 graviton4",
        "m1-rosetta-macos11 m1-rosetta-macos14 m1-rosetta-macos15 m1-rosetta-macos26"
            + " m1-rosetta-macos27",
        "snapdragon-x-prism-23h2 snapdragon-x-prism-24h2 snapdragon-x-prism"
      })
  void descendant_ofMachine_hasItsFeatures(String line) {
    String[] names = line.split(" ");
    for (int i = 1; i < names.length; i++) {
      FeatureSet before = Machines.named(names[i - 1]).executes();
      FeatureSet after = Machines.named(names[i]).executes();
      assertThat(before.without(after).ids())
          .as("what %s lacks of %s", names[i], names[i - 1])
          .isEmpty();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "core2duo, ssse3 cx16, sse4_1 popcnt avx",
    "penryn, sse4_1, sse4_2 popcnt avx",
    "nehalem, sse4_2 popcnt, aes avx",
    "westmere, aes pclmulqdq, avx",
    "sandybridge, avx xsave aes, avx2 f16c fma rdrand",
    "ivybridge, f16c rdrand, avx2 fma",
    "haswell, avx2 fma bmi1 bmi2 lzcnt movbe, adx avx512f",
    "broadwell, adx rdseed, avx512f",
    "skylake, clflushopt, avx512f sha_ni",
    "skylake-server, avx512f avx512vl avx512bw, avx512_vnni avx512ifma",
    "cascadelake, avx512_vnni, avx512_bf16",
    "cooperlake, avx512_bf16, avx512vbmi",
    "icelake-client, avx512vbmi gfni vaes sha_ni, amx_tile avx_vnni",
    "alderlake, avx_vnni vaes gfni, avx512f avx_ifma",
    "sapphirerapids, amx_tile avx512_fp16 avx_vnni, amx_fp16",
    "graniterapids, amx_fp16, avx10_2",
    "sierraforest, avx_ifma avx_vnni_int8, avx512f amx_tile",
    "goldmont, sha_ni aes, avx",
    "k8, 3dnow sse2, sse3 cx16",
    "k10, sse4a popcnt, ssse3 sse4_1",
    "jaguar, avx f16c bmi1, avx2 fma",
    "bulldozer, avx fma4 xop, fma avx2 bmi1",
    "piledriver, fma bmi1 tbm, avx2 bmi2",
    "excavator, avx2 bmi2, adx sha_ni",
    "zen, avx2 sha_ni adx, avx512f vaes fma4",
    "zen3, vaes vpclmulqdq, avx512f",
    "zen4, avx512f avx512_bf16 avx512_vnni, avx512_fp16 avx_vnni",
    "zen5, avx_vnni avx512_vp2intersect, avx512_fp16 amx_tile",
    "kvm64, sse3 cx16, ssse3 lahf_lm popcnt",
    "qemu64, sse3 lahf_lm, ssse3 popcnt",
    "x86-64-v2-aes, aes popcnt, avx pclmulqdq",
    "qemu-max, avx2 fma, avx512f sha_ni",
    "qemu-max-7.1, sse4_2 bmi2, avx fma",
    "cortex-a72, FEAT_AES FEAT_CRC32, FEAT_LSE FEAT_DotProd",
    "rpi3, FEAT_CRC32, FEAT_AES FEAT_PMULL FEAT_SHA1 FEAT_LSE",
    "rpi4, FEAT_CRC32, FEAT_AES FEAT_PMULL FEAT_SHA256 FEAT_LSE FEAT_FP16",
    "rpi5, FEAT_LSE FEAT_AES FEAT_DotProd FEAT_FP16, FEAT_SVE FEAT_I8MM",
    "graviton, FEAT_AES FEAT_CRC32, FEAT_LSE",
    "graviton2, FEAT_LSE FEAT_DotProd FEAT_FP16, FEAT_SVE FEAT_BF16 FEAT_I8MM",
    "graviton3, FEAT_SVE FEAT_BF16 FEAT_I8MM FEAT_RNG, FEAT_SVE2 FEAT_BTI",
    "graviton4, FEAT_SVE2 FEAT_BTI FEAT_RNG, FEAT_SVE2p1 FEAT_SME",
    "grace, FEAT_SVE2 FEAT_SVE_SM4, FEAT_RNG FEAT_SME",
    "ampere-altra, FEAT_LSE FEAT_DotProd, FEAT_SVE FEAT_BF16",
    "ampereone, FEAT_BF16 FEAT_I8MM FEAT_RNG, FEAT_SVE",
    "jetson-nano, FEAT_AES, FEAT_LSE FEAT_FP16",
    "jetson-xavier, FEAT_LSE FEAT_FP16, FEAT_DotProd",
    "jetson-orin, FEAT_DotProd FEAT_LRCPC2, FEAT_SVE FEAT_BF16",
    "snapdragon-x, FEAT_BF16 FEAT_I8MM FEAT_RNG, FEAT_SVE FEAT_SME",
    "a64fx, FEAT_SVE FEAT_FCMA, FEAT_DotProd FEAT_AES FEAT_BF16",
    "thunderx2, FEAT_LSE FEAT_RDM, FEAT_FP16 FEAT_DotProd",
    "m1, FEAT_LSE FEAT_DotProd FEAT_SHA3 FEAT_JSCVT, FEAT_BF16 FEAT_I8MM FEAT_BTI FEAT_SVE",
    "m2, FEAT_BF16 FEAT_I8MM FEAT_BTI, FEAT_SVE FEAT_SME",
    "m4, FEAT_SME FEAT_SME2 FEAT_WFxT, FEAT_SVE FEAT_SVE2 FEAT_SSBS FEAT_MTE",
    "m5, FEAT_SME FEAT_MTE FEAT_CSSC, FEAT_SVE FEAT_SVE2",
    "snapdragon-x-prism, avx2 fma movbe rdrand, avx512f sha_ni",
    "snapdragon-x-prism-23h2, sse4_2, avx"
  })
  void machine_fromManuals_hasAndLacks(String name, String has, String lacks) {
    assertThat(ids(name)).contains(has.split(" ")).doesNotContain(lacks.split(" "));
  }

  @ParameterizedTest
  @ValueSource(strings = {"11", "12", "13", "14"})
  void rosetta_beforeMacos15_hasNoAvx(String version) {
    Machine machine = Machines.named("m1-rosetta-macos" + version);
    assertThat(machine.executes().ids())
        .contains("sse4_2", "popcnt", "aes", "pclmulqdq")
        .doesNotContain("avx", "avx2", "fma", "bmi1", "xsave");
    assertThat(machine.advertised()).isEqualTo(machine.executes());
    assertThat(machine.system().version()).isEqualTo(new Version(version));
    assertThat(machine.architecture()).isEqualTo(Architecture.X86_64);
    assertThat(machine.hostArchitecture()).isEqualTo(Architecture.ARM64);
    assertThat(machine.translator()).isEqualTo(Translator.ROSETTA_2);
  }

  @ParameterizedTest
  @ValueSource(strings = {"15", "26", "27"})
  void rosetta_fromMacos15_executesAvxUnadvertised(String version) {
    Machine machine = Machines.named("m1-rosetta-macos" + version);
    assertThat(machine.executes().ids()).contains("avx", "avx2", "fma").doesNotContain("avx512f");
    assertThat(machine.advertised().ids()).doesNotContain("avx", "avx2", "xsave");
    assertThat(machine.uncertain().ids())
        .contains("fma", "bmi1", "bmi2", "f16c", "lzcnt", "movbe")
        .doesNotContain("avx", "avx2");
    Machine asked = Machines.named("m1-rosetta-macos" + version + "-advertise-avx");
    assertThat(asked.advertised().ids())
        .contains("avx", "avx2", "fma", "xsave")
        .doesNotContain("avx512f");
    assertThat(asked.executes()).isEqualTo(machine.executes());
  }

  @Test
  void rosetta_ofEachMac_beginsWithTheSystemItCameWith() {
    var first = new HashMap<String, String>();
    for (Machine machine : Machines.catalog()) {
      if (machine.translator() == Translator.ROSETTA_2) {
        String host = machine.name().substring(0, 2);
        first.merge(
            host,
            machine.system().version().text(),
            (a, b) -> new Version(a).isBelow(new Version(b)) ? a : b);
      }
    }
    assertThat(first)
        .containsOnly(
            java.util.Map.entry("m1", "11"),
            java.util.Map.entry("m2", "12"),
            java.util.Map.entry("m3", "13"),
            java.util.Map.entry("m4", "15"),
            java.util.Map.entry("m5", "26"));
  }

  @Test
  void systems_ofOneDistribution_riseWithItsVersions() {
    var lines = new HashMap<String, List<SystemProfile>>();
    systems()
        .filter(s -> s.system() == OperatingSystem.LINUX && !s.version().text().isEmpty())
        .forEach(
            s ->
                lines
                    .computeIfAbsent(s.name().replaceFirst("-[0-9].*", ""), _ -> new ArrayList<>())
                    .add(s));
    assertThat(lines).hasSizeGreaterThan(6);
    lines.forEach(
        (name, line) -> {
          for (int i = 1; i < line.size(); i++) {
            SystemProfile before = line.get(i - 1);
            SystemProfile after = line.get(i);
            assertThat(after.libcVersion().isBelow(before.libcVersion()))
                .as("%s after %s", after.name(), before.name())
                .isFalse();
            if (!after.glibcxx().text().isEmpty()) {
              assertThat(after.glibcxx().isBelow(before.glibcxx()))
                  .as("%s after %s", after.name(), before.name())
                  .isFalse();
            }
          }
        });
  }

  @ParameterizedTest
  @CsvSource({
    "ubuntu-14.04, 2.19, 3.4.19, 0",
    "ubuntu-20.04, 2.31, 3.4.28, 0",
    "ubuntu-22.04, 2.35, 3.4.30, 0",
    "debian-12, 2.36, 3.4.30, 0",
    "rhel-7, 2.17, 3.4.19, 0",
    "rhel-8, 2.28, 3.4.25, 0",
    "almalinux-9, 2.34, 3.4.29, 2",
    "centos-stream-10, 2.39, 3.4.33, 3",
    "amazon-linux-2, 2.26, 3.4.24, 0",
    "al2023, 2.34, 3.4.29, 2"
  })
  void system_ofDistribution_hasItsLibraries(String name, String glibc, String glibcxx, int level) {
    SystemProfile system = Machines.named(name).system();
    assertThat(system.libc()).isEqualTo(Libc.GLIBC);
    assertThat(system.libcVersion().text()).isEqualTo(glibc);
    assertThat(system.glibcxx().text()).isEqualTo(glibcxx);
    assertThat(system.requiredLevel()).isEqualTo(level);
  }

  @Test
  void everyFeature_thatALevelOrMacHas_isReached() {
    var used = new HashSet<String>();
    machines().forEach(m -> used.addAll(m.executes().ids()));
    assertThat(used).contains("avx512_fp16", "amx_complex", "FEAT_SME2p1", "FEAT_SVE_SM4", "tbm");
  }

  private static FeatureSet level(int level) {
    var features = new ArrayList<Feature>();
    for (Feature feature : Feature.of(Architecture.X86_64)) {
      if (!feature.level().isEmpty() && feature.level().charAt(1) - '0' <= level) {
        features.add(feature);
      }
    }
    return FeatureSet.of(features);
  }

  private static List<String> ids(String name) {
    return Machines.named(name).executes().ids();
  }

  private static List<String> added(String more, String less) {
    return Machines.named(more).executes().without(Machines.named(less).executes()).ids();
  }
}
