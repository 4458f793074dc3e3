package dev.sigill.machine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sigill.isa.Feature;
import dev.sigill.isa.FeatureSet;
import dev.sigill.platform.Architecture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ThisComputerTest {
  private static final Path COMPUTERS = Path.of("src/test/resources/dev/sigill/machine/computers");

  @TempDir Path root;

  static Stream<String> computers() throws IOException {
    try (var files = Files.list(COMPUTERS)) {
      return files.map(f -> f.getFileName().toString()).sorted().toList().stream();
    }
  }

  /** Each file says beside the computer what is to be found out about it. */
  @ParameterizedTest
  @MethodSource("computers")
  void detection_ofDescribedComputer_findsWhatIsThere(String file) {
    var host = DescribedHost.read(COMPUTERS.resolve(file), root);
    ThisComputer computer = Detection.of(host);
    Machine machine = computer.machine();
    assertThat(host.expected()).containsKeys("title", "architecture", "translated", "own");
    for (Map.Entry<String, String> line : host.expected().entrySet()) {
      String value = line.getValue();
      String label = line.getKey();
      switch (label) {
        case "title" -> {
          assertThat(machine.title()).isEqualTo(value);
          assertThat(computer.title()).isEqualTo(value);
        }
        case "architecture" -> assertThat(machine.architecture().id()).isEqualTo(value);
        case "system" -> assertThat(machine.system().name()).isEqualTo(value);
        case "libc" ->
            assertThat(
                    (machine.system().libc().name().toLowerCase(Locale.ROOT)
                            + " "
                            + machine.system().libcVersion())
                        .strip())
                .isEqualTo(value);
        case "glibcxx" -> assertThat(machine.system().glibcxx().text()).isEqualTo(value);
        case "page" -> assertThat(machine.pageSize()).isEqualTo(Integer.parseInt(value));
        case "has" -> assertThat(machine.executes().ids()).contains(value.split(" "));
        case "lacks" -> assertThat(machine.executes().ids()).doesNotContain(value.split(" "));
        case "advertises" -> assertThat(machine.advertised().ids()).contains(value.split(" "));
        case "does not advertise" ->
            assertThat(machine.advertised().ids()).doesNotContain(value.split(" "));
        case "advertises the same" ->
            assertThat(machine.advertised()).isEqualTo(machine.executes());
        case "same as" ->
            assertThat(machine.executes().ids()).isEqualTo(Machines.named(value).executes().ids());
        case "translated" ->
            assertThat(computer.translated().map(Machine::name).orElse("none")).isEqualTo(value);
        case "translated title" ->
            assertThat(computer.translated().orElseThrow().title()).isEqualTo(value);
        case "translated has" ->
            assertThat(computer.translated().orElseThrow().executes().ids())
                .contains(value.split(" "));
        case "translated lacks" ->
            assertThat(computer.translated().orElseThrow().executes().ids())
                .doesNotContain(value.split(" "));
        case "translated advertises" ->
            assertThat(computer.translated().orElseThrow().advertised().ids())
                .contains(value.split(" "));
        case "translated uncertain" ->
            assertThat(computer.translated().orElseThrow().uncertain().ids())
                .containsAll(value.equals("none") ? List.of() : List.of(value.split(" ")));
        case "own" -> assertThat(computer.ownProcess().name()).isEqualTo(value);
        case "signs" -> assertThat(String.join("; ", computer.signs())).isEqualTo(value);
        default -> throw new AssertionError("no expectation is called " + label);
      }
    }
    assertThat(computer.isTranslated()).isEqualTo(!computer.ownProcess().name().equals("this"));
    assertThat(machine.executes().containsAll(machine.uncertain())).isTrue();
    assertThat(machine.sources()).isNotEmpty();
    assertThat(machine.name()).isEqualTo("this");
  }

  /** Any file of a computer may be cut off or damaged; detection says less and does not fail. */
  @ParameterizedTest
  @MethodSource("computers")
  void detection_ofDamagedFiles_neverFails(String file) throws IOException {
    var host = DescribedHost.read(COMPUTERS.resolve(file), root);
    try (var files = Files.walk(root)) {
      for (Path damaged : files.filter(Files::isRegularFile).toList()) {
        byte[] whole = Files.readAllBytes(damaged);
        for (int length : new int[] {0, whole.length / 3, whole.length - 1}) {
          if (length < 0) {
            continue;
          }
          byte[] part = java.util.Arrays.copyOf(whole, length);
          for (int i = 7; i < part.length; i += 31) {
            part[i] ^= (byte) 0x80;
          }
          Files.write(damaged, part);
          assertThat(Detection.of(host).signs())
              .allSatisfy(sign -> assertThat(sign).doesNotContain("failed"));
        }
        Files.write(damaged, whole);
      }
    }
  }

  @Test
  void installedLibraries_areThoseThatTheLoaderFinds() throws IOException {
    var host = DescribedHost.read(COMPUTERS.resolve("linux-ubuntu-nehalem.computer"), root);
    for (String file :
        new String[] {
          "usr/lib64/ld-linux-x86-64.so.2",
          "usr/lib/libonly32.so.1",
          "usr/lib/x86_64-linux-gnu/libdbus-1.so.3",
          "opt/vendor/libvendor.so.5"
        }) {
      Files.createDirectories(root.resolve(file).getParent());
      Files.write(root.resolve(file), new byte[0]);
    }
    Files.createDirectories(root.resolve("etc/ld.so.conf.d"));
    Files.writeString(root.resolve("etc/ld.so.conf.d/vendor.conf"), "# of a vendor\n/opt/vendor\n");

    assertThat(Detection.of(host).machine().system().libraries())
        .contains("libdbus-1.so.3", "libvendor.so.5", "ld-linux-x86-64.so.2")
        .doesNotContain("libonly32.so.1");
  }

  @Test
  void look_onThisVeryComputer_agreesWithTheRuntime() {
    ThisComputer computer = ThisComputer.look();
    assertThat(computer.ownProcess().architecture())
        .isEqualTo(Architecture.of(System.getProperty("os.arch")));
    assertThat(computer.signs()).noneMatch(sign -> sign.contains("failed"));
    assertThat(Machines.named("this")).isEqualTo(computer.machine());
    assertThat(Machines.thisComputer()).isEqualTo(computer.machine());
  }

  @Test
  void machineFor_architecture_isNativeTranslatedOrNone() {
    var host = DescribedHost.read(COMPUTERS.resolve("macos-14-m1.computer"), root);
    ThisComputer computer = Detection.of(host);
    assertThat(computer.machineFor(Architecture.ARM64)).contains(computer.machine());
    assertThat(computer.machineFor(Architecture.ARM64E)).contains(computer.machine());
    assertThat(computer.machineFor(Architecture.X86_64)).isEqualTo(computer.translated());
    assertThat(computer.machineFor(Architecture.I386)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"macos-14-m1", "macos-15-m1-advertised", "macos-14-m1-translated"})
  void translatedMachine_ofMac_isFoundByItsName(String file) {
    var host = DescribedHost.read(COMPUTERS.resolve(file + ".computer"), root);
    Machine translated = Detection.of(host).translated().orElseThrow();
    Machine named = Machines.named(translated.name());
    assertThat(named.executes()).isEqualTo(translated.executes());
    assertThat(named.advertised()).isEqualTo(translated.advertised());
    assertThat(named.system()).isEqualTo(translated.system());
  }

  @Test
  void cores_ofDifferentKinds_haveInCommonWhatAllHave(@TempDir Path folder) throws IOException {
    Files.createDirectories(folder.resolve("proc"));
    var lines = new ArrayList<String>();
    lines.add("processor : 0");
    lines.add("Features : fp asimd aes crc32 atomics");
    lines.add("processor : 1");
    lines.add("Features : fp asimd crc32 atomics asimddp");
    Observed seen = LinuxText.cpuinfo(String.join("\n", lines));
    assertThat(seen).isNotNull();
    assertThat(seen.features())
        .isEqualTo(
            FeatureSet.of(
                Feature.FEAT_FP, Feature.FEAT_ADVSIMD, Feature.FEAT_CRC32, Feature.FEAT_LSE));
  }
}
