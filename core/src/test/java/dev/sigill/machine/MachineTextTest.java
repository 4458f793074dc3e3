package dev.sigill.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sigill.machine.SystemProfile.Libc;
import dev.sigill.platform.Architecture;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MachineTextTest {
  private static final String CPUINFO =
      """
      processor	: 0
      vendor_id	: GenuineIntel
      cpu family	: 6
      model		: 37
      model name	: Intel(R) Core(TM) i5 CPU       M 520  @ 2.40GHz
      flags		: fpu cx8 cmov clflush mmx fxsr sse sse2 lm pni pclmulqdq ssse3 cx16 sse4_1 sse4_2 popcnt aes lahf_lm
      """;

  private static final String LSCPU =
      """
      Architecture:                x86_64
        CPU op-mode(s):            32-bit, 64-bit
        Byte Order:                Little Endian
      CPU(s):                      8
      Vendor ID:                   AuthenticAMD
        Model name:                AMD Ryzen 7 5800X 8-Core Processor
          CPU family:              25
          Model:                   33
          Flags:                   fpu cx8 cmov clflush mmx fxsr sse sse2 lm pni pclmulqdq ssse3 fma cx16 sse4_1 sse4_2 movbe popcnt aes xsave avx f16c rdrand lahf_lm abm sse4a bmi1 avx2 bmi2 rdseed adx sha_ni vaes vpclmulqdq
      Virtualization features:
        Virtualization:            AMD-V
      """;

  private static final String LSCPU_IN_GERMAN =
      """
      Architektur:                             aarch64
      Bytereihenfolge:                         Little Endian
      Anbieterkennung:                         ARM
      Markierungen:                            fp asimd evtstrm aes pmull sha1 sha2 crc32 atomics fphp asimdhp cpuid asimd
                                               rdm lrcpc dcpop asimddp
                                               ssbs
      Modellname:                              Neoverse-N1
      """;

  private static final String LSCPU_JSON =
      """
      {"lscpu": [
        {"field": "Architecture:", "data": "aarch64", "children": [
          {"field": "CPU op-mode(s):", "data": "32-bit, 64-bit"}]},
        {"field": "Vendor ID:", "data": "ARM", "children": [
          {"field": "Model name:", "data": "Cortex-A72", "children": [
            {"field": "Flags:", "data": "fp asimd evtstrm crc32 cpuid"}]}]}
      ]}
      """;

  private static final String SYSCTL_M3 =
      """
      hw.ncpu: 16
      hw.optional.arm.FEAT_LSE: 1
      hw.optional.arm.FEAT_DotProd: 1
      hw.optional.arm.FEAT_BF16: 1
      hw.optional.arm.FEAT_I8MM: 1
      hw.optional.arm.FEAT_SME: 0
      hw.optional.AdvSIMD: 1
      hw.optional.arm64: 1
      hw.cputype: 16777228
      hw.cpufamily: 1912690738
      hw.pagesize: 16384
      """;

  private static final String SYSCTL_ROSETTA =
      """
      hw.machine: x86_64
      hw.optional.arm64: 1
      machdep.cpu.brand_string: Apple M2
      machdep.cpu.features: FPU CX8 CMOV CLFSH MMX FXSR SSE SSE2 SSE3 PCLMULQDQ SSSE3 CX16 SSE4.1 SSE4.2 AES
      kern.osproductversion: 13.6.1
      sysctl.proc_translated: 1
      """;

  private static final String COREINFO =
      """
      Coreinfo v3.6 - Dump information on system CPU and memory topology
      Copyright (C) 2008-2022 Mark Russinovich

      Intel(R) Core(TM) i7-3770 CPU @ 3.40GHz
      Intel64 Family 6 Model 58 Stepping 9, GenuineIntel
      HTT       	*	Hyperthreading enabled
      SSE3      	*	Supports Streaming SIMD Extensions 3
      SSSE3     	*	Supports Supplemental SIMD Extensions 3
      SSE4.1    	*	Supports Streaming SIMD Extensions 4.1
      SSE4.2    	*	Supports Streaming SIMD Extensions 4.2
      AES       	*	Supports AES extensions
      AVX       	*	Supports AVX instruction extensions
      AVX2      	-	Supports AVX2 instruction extensions
      FMA       	-	Supports FMA extensions using YMM state
      CMPXCHG16B	*	Supports CMPXCHG16B instruction
      POPCNT    	*	Supports POPCNT instruction
      F16C      	*	Supports half-precision instruction
      """;

  private static final String SYSTEMINFO =
      """
      Host Name:                 DESKTOP
      OS Name:                   Microsoft Windows 10 Pro
      OS Version:                10.0.19045 N/A Build 19045
      System Type:               x64-based PC
      Processor(s):              1 Processor(s) Installed.
                                 [01]: Intel64 Family 6 Model 42 Stepping 7 GenuineIntel ~3401 Mhz
      """;

  /** Leaves 0, 1, 7 and 0x80000001 of a processor with SSE4.2, AVX, AVX2 and LZCNT. */
  private static final String RAW_CPUID =
      """
      CPU:
         0x00000000 0x00: eax=0x0000000d ebx=0x756e6547 ecx=0x6c65746e edx=0x49656e69
         0x00000001 0x00: eax=0x000306c3 ebx=0x00100800 ecx=0x7ffafbff edx=0xbfebfbff
         0x00000007 0x00: eax=0x00000000 ebx=0x000027ab ecx=0x00000000 edx=0x00000000
         0x80000001 0x00: eax=0x00000000 ebx=0x00000000 ecx=0x00000021 edx=0x2c100800
      """;

  private static final List<String> ALL =
      List.of(
          CPUINFO,
          LSCPU,
          LSCPU_IN_GERMAN,
          LSCPU_JSON,
          SYSCTL_M3,
          SYSCTL_ROSETTA,
          COREINFO,
          SYSTEMINFO,
          RAW_CPUID);

  @Test
  void cpuinfo_ofWestmere_isRead() {
    Machine machine = Machines.parse(CPUINFO, "server");
    assertThat(machine.name()).isEqualTo("server");
    assertThat(machine.title()).isEqualTo("Intel Core i5 M 520 (Westmere)");
    assertThat(machine.executes().ids()).contains("aes", "sse4_2").doesNotContain("avx");
    assertThat(machine.advertised()).isEqualTo(machine.executes());
    assertThat(machine.system().isAny()).isTrue();
    assertThat(machine.pageSize()).isEqualTo(4096);
  }

  @Test
  void cpuinfo_withOsReleaseAndLdd_hasTheSystem() {
    Machine machine =
        Machines.parse(
            CPUINFO
                + "PRETTY_NAME=\"Ubuntu 22.04.4 LTS\"\nID=ubuntu\nVERSION_ID=\"22.04\"\n"
                + "ldd (Ubuntu GLIBC 2.35-0ubuntu3.6) 2.35\n",
            "server");
    assertThat(machine.system().name()).isEqualTo("ubuntu-22.04");
    assertThat(machine.system().libc()).isEqualTo(Libc.GLIBC);
    assertThat(machine.system().libcVersion().text()).isEqualTo("2.35");
    assertThat(machine.title())
        .isEqualTo("Intel Core i5 M 520 (Westmere), Ubuntu 22.04.4 LTS (glibc 2.35)");
  }

  @Test
  void cpuinfo_ofProcessOf32BitArm_isNoArm64() {
    Machine machine =
        Machines.parse(
            "processor : 0\nFeatures : half thumb fastmult vfp edsp neon vfpv3 crc32\n", "pi");
    assertThat(machine.architecture()).isEqualTo(Architecture.ARM);
    assertThat(machine.executes().isEmpty()).isTrue();
  }

  @Test
  void lscpu_asTable_isRead() {
    Machine machine = Machines.parse(LSCPU, "desk");
    assertThat(machine.title()).isEqualTo("AMD Ryzen 7 5800X 8-Core Processor (Zen 3)");
    assertThat(machine.executes().ids())
        .contains("avx2", "vaes", "lzcnt")
        .doesNotContain("avx512f");
  }

  @Test
  void lscpu_translatedAndCutInWords_isRead() {
    Machine machine = Machines.parse(LSCPU_IN_GERMAN, "cloud");
    assertThat(machine.architecture()).isEqualTo(Architecture.ARM64);
    assertThat(machine.executes()).isEqualTo(Machines.named("neoverse-n1").executes());
  }

  @Test
  void lscpu_asJson_isRead() {
    Machine machine = Machines.parse(LSCPU_JSON, "pi");
    assertThat(machine.architecture()).isEqualTo(Architecture.ARM64);
    assertThat(machine.title()).isEqualTo("Cortex-A72");
    assertThat(machine.executes()).isEqualTo(Machines.named("rpi4").executes());
  }

  @Test
  void flags_alone_areEnough() {
    Machine machine = Machines.parse("Features\t: fp asimd evtstrm crc32 atomics\n", "some");
    assertThat(machine.executes().ids()).contains("FEAT_LSE", "FEAT_CRC32");
  }

  @Test
  void sysctl_ofMac_isTheMacOfItsFamily() {
    Machine machine = Machines.parse(SYSCTL_M3, "mac");
    assertThat(machine.title()).startsWith("Apple M3");
    assertThat(machine.executes()).isEqualTo(Machines.named("m3").executes());
    assertThat(machine.pageSize()).isEqualTo(16384);
  }

  @Test
  void sysctl_ofTranslatedShell_isRosetta() {
    Machine machine = Machines.parse(SYSCTL_ROSETTA, "mac");
    assertThat(machine.name()).isEqualTo("mac");
    assertThat(machine.translator()).isEqualTo(Translator.ROSETTA_2);
    assertThat(machine.architecture()).isEqualTo(Architecture.X86_64);
    assertThat(machine.title()).isEqualTo("Apple M2 under Rosetta 2, macOS 13.6.1");
    assertThat(machine.executes().ids()).contains("sse4_2").doesNotContain("avx");
  }

  @Test
  void coreinfo_ofIvyBridge_isRead() {
    Machine machine = Machines.parse(COREINFO, "pc");
    assertThat(machine.title()).isEqualTo("Intel Ivy Bridge (2012)");
    assertThat(machine.executes().ids())
        .contains("avx", "f16c", "popcnt", "cx16", "sse2")
        .doesNotContain("avx2", "fma");
  }

  @Test
  void systeminfo_ofWindows_takesFeaturesOfTheCatalog() {
    Machine machine = Machines.parse(SYSTEMINFO, "pc");
    assertThat(machine.executes()).isEqualTo(Machines.named("sandybridge").executes());
    assertThat(machine.system().version().text()).isEqualTo("10.0.19045");
    assertThat(machine.title())
        .isEqualTo("Intel Sandy Bridge (2011), Windows 10 22H2 (10.0.19045)");
  }

  @Test
  void cpuid_raw_isReadByItsBits() {
    Machine machine = Machines.parse(RAW_CPUID, "raw");
    assertThat(machine.title()).isEqualTo("Intel Haswell (2013)");
    assertThat(machine.executes().ids())
        .contains("avx", "avx2", "bmi1", "bmi2", "lzcnt", "lahf_lm", "movbe", "f16c", "fma")
        .doesNotContain("avx512f", "sha_ni", "adx");
  }

  @Test
  void json_ofThisProgram_isTheSameMachineAgain() {
    String json =
        """
        {"version": 1, "tool": {"name": "sigill", "version": "1"}, "machines": [{
          "name": "m1-rosetta-macos15", "title": "Apple M1 under Rosetta 2, macOS 15",
          "architecture": "x86_64", "hostArchitecture": "arm64", "translator": "rosetta-2",
          "advertised": ["sse", "sse2"], "executes": ["sse", "sse2", "avx", "fma"],
          "uncertain": ["fma"],
          "system": {"name": "macos-15", "title": "macOS 15", "system": "macos", "version": "15",
            "libc": "none", "libcVersion": "", "glibcxx": ""},
          "pageSize": 4096, "sources": ["a document"]}]}
        """;
    Machine machine = Machines.parse(json, "file");
    assertThat(machine.name()).isEqualTo("m1-rosetta-macos15");
    assertThat(machine.translator()).isEqualTo(Translator.ROSETTA_2);
    assertThat(machine.hostArchitecture()).isEqualTo(Architecture.ARM64);
    assertThat(machine.advertised().ids()).containsExactly("sse", "sse2");
    assertThat(machine.executes().ids()).containsExactly("sse", "sse2", "avx", "fma");
    assertThat(machine.uncertain().ids()).containsExactly("fma");
    assertThat(machine.system()).isEqualTo(Machines.named("macos-15").system());
    assertThat(machine.pageSize()).isEqualTo(4096);
    assertThat(machine.sources()).containsExactly("a document");
  }

  @Test
  void json_ofAnotherComputersThis_takesTheNameOfTheFile() {
    String json = "{\"name\": \"this\", \"architecture\": \"arm64\", \"executes\": [\"FEAT_LSE\"]}";
    assertThat(Machines.parse(json, "bug-report").name()).isEqualTo("bug-report");
    assertThat(Machines.parse(json, "bug-report").advertised().ids()).containsExactly("FEAT_LSE");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\'',
      value = {
        "' ' | is empty",
        "hello | describes no machine",
        "processor : 0 | describes no machine",
        "{ | is no JSON",
        "{} | no architecture",
        "{\"machines\": []} | holds no machine",
        "{\"machines\": 3} | no architecture",
        "{\"lscpu\": []} | shows no flags",
        "{\"architecture\": \"x86_64\"} | needs \"executes\"",
        "{\"architecture\": \"x86_64\", \"executes\": [\"avxx\"]} | near it: avx",
        "{\"architecture\": \"x86_64\", \"executes\": [\"FEAT_LSE\"]} | no feature of x86_64",
        "{\"architecture\": \"x86_64\", \"executes\": 7} | no list",
        "{\"architecture\": \"x86_64\", \"executes\": [], \"pageSize\": 5} | no page",
        "{\"architecture\": \"x86_64\", \"executes\": [], \"translator\": \"q\"} | no translator",
        "{\"architecture\": \"x86_64\", \"executes\": [], \"system\": \"q\"} | no system",
        "{\"architecture\": \"x86_64\", \"executes\": []} x | is no JSON"
      })
  void text_withoutMachine_saysWhatIsMissing(String text, String said) {
    assertThatThrownBy(() -> Machines.parse(text, "file"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(said)
        .hasMessageContaining("file");
  }

  @Test
  void json_nestedBeyondReason_isRefused() {
    assertThatThrownBy(() -> Machines.parse("{\"a\":" + "[".repeat(100_000), "deep"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void file_byPathOrName_isAMachine(@TempDir Path folder) throws IOException {
    Path file = Files.writeString(folder.resolve("old-server.txt"), CPUINFO);
    assertThat(Machines.read(file).name()).isEqualTo("old-server");
    assertThat(Machines.named(file.toString())).isEqualTo(Machines.read(file));
    Machine altered = Machines.named(file + ":-aes+ubuntu-20.04");
    assertThat(altered.executes().ids()).contains("sse4_2").doesNotContain("aes");
    assertThat(altered.system().libcVersion().text()).isEqualTo("2.31");
  }

  @Test
  void file_inUtf16_isRead(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("pc.txt");
    byte[] text = SYSTEMINFO.getBytes(StandardCharsets.UTF_16LE);
    byte[] marked = new byte[text.length + 2];
    marked[0] = (byte) 0xff;
    marked[1] = (byte) 0xfe;
    System.arraycopy(text, 0, marked, 2, text.length);
    Files.write(file, marked);
    assertThat(Machines.read(file).executes()).isEqualTo(Machines.named("sandybridge").executes());
  }

  @Test
  void file_absentOrTooLong_isRefused(@TempDir Path folder) throws IOException {
    assertThatThrownBy(() -> Machines.read(folder.resolve("none")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("cannot be read");
    assertThatThrownBy(() -> Machines.read(folder)).isInstanceOf(IllegalArgumentException.class);
    Path file = Files.write(folder.resolve("long"), new byte[MachineText.LIMIT + 1]);
    assertThatThrownBy(() -> Machines.read(file))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("too long");
  }

  @Property(tries = 600)
  void text_changedAnywhere_isReadOrRefused(
      @ForAll @IntRange(max = 8) int which,
      @ForAll @IntRange(max = 2000) int from,
      @ForAll @IntRange(max = 40) int length,
      @ForAll char put) {
    String whole = ALL.get(which);
    int start = from % whole.length();
    int end = Math.min(whole.length(), start + length);
    String text = whole.substring(0, start) + put + whole.substring(end);
    try {
      Machine machine = Machines.parse(text, "changed");
      assertThat(machine.executes().containsAll(machine.uncertain())).isTrue();
      assertThat(machine.name()).isNotBlank();
    } catch (IllegalArgumentException e) {
      assertThat(e.getMessage()).contains("changed");
    }
  }

  @Property(tries = 300)
  void text_ofAnyCharacters_isReadOrRefused(@ForAll String text) {
    for (String start : List.of("", "{", "processor : 0\nflags : ", "hw.optional.arm64: ")) {
      try {
        assertThat(Machines.parse(start + text, "any")).isNotNull();
      } catch (IllegalArgumentException e) {
        assertThat(e.getMessage()).isNotBlank();
      }
    }
  }

  @Test
  void cpuinfo_withHugeNumbers_isReadWithoutThem() {
    Machine machine =
        Machines.parse(
            CPUINFO.replace(": 37", ": 99999999999999999999").replace(": 6", ": 0x"), "odd");
    assertThat(machine.title()).isEqualTo("Intel Core i5 M 520");
  }
}
