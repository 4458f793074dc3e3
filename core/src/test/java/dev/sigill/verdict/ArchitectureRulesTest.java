package dev.sigill.verdict;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sigill.isa.Feature;
import dev.sigill.machine.Translator;
import dev.sigill.platform.Architecture;
import dev.sigill.source.Distribution.Ecosystem;
import dev.sigill.source.Source;
import java.util.List;
import org.junit.jupiter.api.Test;

class ArchitectureRulesTest {
  private static TestImage arm64(TestImage image) {
    return image.architecture(Architecture.ARM64);
  }

  private static List<Rule> rules(Result result) {
    return result.findings().stream().map(Finding::rule).toList();
  }

  @Test
  void x86LibraryOnArm64Mac_failsToLoadWithDyldsWords() {
    Result result = TestTarget.file(TestImage.macos("a.dylib")).on(TestMachine.m1("14"));

    assertThat(result.verdict()).isEqualTo(Verdict.FAILS_TO_LOAD);
    assertThat(rules(result)).containsExactly(Rule.SIG201);
    assertThat(result.findings().getFirst().summary())
        .isEqualTo("x86_64 code cannot be loaded into an arm64 process");
    assertThat(result.findings().getFirst().details())
        .anyMatch(d -> d.contains("(have 'x86_64', need 'arm64')"));
    assertThat(result.findings().getFirst().fixes())
        .anyMatch(f -> f.summary().contains("Rosetta 2"));
  }

  @Test
  void universalFile_isJudgedByTheSliceOfTheProcess() {
    TestTarget target =
        TestTarget.file(
            TestImage.macos("a.dylib").reaches(0, Feature.AVX), arm64(TestImage.macos("a.dylib")));

    assertThat(rules(target.on(TestMachine.m1("14")))).isEmpty();
    Result translated = target.on(TestMachine.rosetta("13"));
    assertThat(rules(translated)).containsExactly(Rule.SIG101);
    assertThat(translated.coverage().images()).isEqualTo(1);
    assertThat(translated.coverage().skipped()).isZero();
  }

  @Test
  void haswellSlice_isRefusedByRosettaAndByOlderIntel() {
    TestTarget only = TestTarget.file(TestImage.macos("a.dylib").subtype("x86_64h"));

    Result translated = only.on(TestMachine.rosetta("15"));
    assertThat(rules(translated)).containsExactly(Rule.SIG201);
    assertThat(translated.findings().getFirst().summary()).contains("x86_64h", "Rosetta 2");
    assertThat(rules(only.on(TestMachine.nehalem().macos("12")))).containsExactly(Rule.SIG201);
    assertThat(rules(only.on(TestMachine.haswell().macos("12")))).isEmpty();
  }

  @Test
  void haswellSlice_isTakenBeforeThePlainOneWhereItRuns() {
    TestTarget both =
        TestTarget.file(
            TestImage.macos("a.dylib").reaches(1, Feature.AVX512F),
            TestImage.macos("a.dylib").subtype("x86_64h").contains(Feature.AVX2));

    assertThat(both.on(TestMachine.haswell().macos("12")).verdict()).isEqualTo(Verdict.RUNS);
    assertThat(both.on(TestMachine.nehalem().macos("12")).verdict()).isEqualTo(Verdict.CRASHES);
  }

  @Test
  void arm64eLibrary_inAnArm64Process_isItsOwnRule() {
    TestTarget only = TestTarget.file(TestImage.macos("a.dylib").architecture(Architecture.ARM64E));
    TestTarget both =
        TestTarget.file(
            TestImage.macos("a.dylib").architecture(Architecture.ARM64E),
            arm64(TestImage.macos("a.dylib")));

    assertThat(rules(only.on(TestMachine.m1("14")))).containsExactly(Rule.SIG202);
    assertThat(rules(both.on(TestMachine.m1("14")))).isEmpty();
  }

  @Test
  void library32Bit_in64BitProcess_isAnotherClass() {
    TestTarget target = TestTarget.file(TestImage.linux("a.so").architecture(Architecture.I386));

    Result result = target.on(TestMachine.nehalem().glibc("2.31"));
    assertThat(rules(result)).containsExactly(Rule.SIG203);
    assertThat(result.findings().getFirst().details())
        .contains("The loader says: wrong ELF class: ELFCLASS32");
  }

  @Test
  void program32Bit_isAProcessOfItsOwn() {
    TestTarget target =
        TestTarget.file(TestImage.linux("tool").program().architecture(Architecture.I386));

    assertThat(rules(target.on(TestMachine.nehalem().glibc("2.31")))).isEmpty();
  }

  @Test
  void moduleOfAnotherArchitecture_besideFittingOnes_isMixed() {
    TestTarget target =
        TestTarget.environment(
                arm64(TestImage.macos("numpy/core.so")).entry("PyInit_core"),
                TestImage.macos("tensorflow/fw.so").entry("PyInit_fw"))
            .distribution(Ecosystem.PYTHON, "numpy", "2.0", List.of(), "numpy/core.so")
            .distribution(Ecosystem.PYTHON, "tensorflow", "2.11", List.of(), "tensorflow/fw.so");

    Result result = target.on(TestMachine.m1("14"));
    assertThat(rules(result)).containsExactly(Rule.SIG204);
    assertThat(result.findings().getFirst().image()).isEqualTo("tensorflow/fw.so");
    assertThat(result.findings().getFirst().fixes().getFirst().commands())
        .containsExactly(
            "pip install --force-reinstall --no-cache-dir --only-binary :all: tensorflow");
  }

  @Test
  void modulesOfOneArchitecture_areNotMixed() {
    TestTarget target =
        TestTarget.environment(
            arm64(TestImage.macos("a.so")).entry("PyInit_a"),
            arm64(TestImage.macos("b.so")).entry("PyInit_b"));

    assertThat(rules(target.on(TestMachine.m1("14")))).isEmpty();
  }

  @Test
  void strayModuleWithinAPackage_isMixed() {
    TestTarget target =
        TestTarget.environment(
                arm64(TestImage.macos("p/a.so")).entry("PyInit_a"),
                TestImage.macos("p/b.so").entry("PyInit_b"))
            .distribution(Ecosystem.PYTHON, "p", "1", List.of(), "p/a.so", "p/b.so");

    assertThat(rules(target.on(TestMachine.m1("14")))).containsExactly(Rule.SIG204);
  }

  @Test
  void wholeEnvironmentOfAnotherArchitecture_isOneFinding() {
    TestTarget target =
        TestTarget.environment(
                TestImage.macos("a/a.so").entry("PyInit_a"),
                TestImage.macos("b/b.so").entry("PyInit_b"))
            .distribution(Ecosystem.PYTHON, "a", "1", List.of(), "a/a.so")
            .distribution(Ecosystem.PYTHON, "b", "1", List.of(), "b/b.so");

    Result result = target.on(TestMachine.m1("14"));
    assertThat(rules(result)).containsExactly(Rule.SIG201);
    assertThat(result.findings().getFirst().details()).anyMatch(d -> d.contains("2 packages"));
  }

  @Test
  void windowsLaunchersInALinuxEnvironment_areNotJudged() {
    TestTarget target =
        TestTarget.environment(TestImage.windows("distlib/t64.exe").program())
            .distribution(Ecosystem.PYTHON, "distlib", "1", List.of(), "distlib/t64.exe");

    Result result = target.on(TestMachine.nehalem().glibc("2.31"));
    assertThat(result.findings()).isEmpty();
    assertThat(result.coverage().skipped()).isEqualTo(1);
  }

  @Test
  void libraryOfAnotherSystem_isSaidSo() {
    Result result =
        TestTarget.file(TestImage.macos("a.dylib")).on(TestMachine.nehalem().glibc("2.31"));

    assertThat(rules(result)).containsExactly(Rule.SIG205);
    assertThat(result.findings().getFirst().summary())
        .isEqualTo("is code for macOS; this machine runs Linux");
    assertThat(rules(TestTarget.file(TestImage.macos("a.dylib")).on(TestMachine.nehalem())))
        .isEmpty();
  }

  @Test
  void jarWithManyNatives_isJudgedByThoseOfTheMachine() {
    TestTarget jar =
        TestTarget.jar(
            "jni.jar",
            TestImage.linux("linux/x86_64/a.so").reaches(0, Feature.AVX),
            arm64(TestImage.linux("linux/arm64/a.so")),
            TestImage.macos("mac/x86_64/a.dylib"),
            arm64(TestImage.macos("mac/arm64/a.dylib")),
            TestImage.windows("win/a.dll"));

    Result linux = jar.on(TestMachine.nehalem().glibc("2.31"));
    assertThat(rules(linux)).containsExactly(Rule.SIG101);
    assertThat(linux.coverage().images()).isEqualTo(1);
    assertThat(linux.coverage().skipped()).isEqualTo(4);
    assertThat(rules(jar.on(TestMachine.m1("14")))).isEmpty();
    // Without an operating system, those of every system are judged.
    assertThat(jar.on(TestMachine.nehalem()).coverage().images()).isEqualTo(3);
  }

  @Test
  void jarWithNothingForTheMachine_saysWhatItHas() {
    TestTarget jar =
        TestTarget.jar("sqlite.jar", TestImage.linux("linux/a.so"), TestImage.macos("mac/a.dylib"));

    Result result = jar.on(TestMachine.m1("14"));
    assertThat(rules(result)).containsExactly(Rule.SIG703);
    assertThat(result.verdict()).isEqualTo(Verdict.FAILS_TO_LOAD);
    assertThat(result.findings().getFirst().details().getFirst())
        .contains("Linux x86_64", "macOS x86_64");
  }

  @Test
  void optionalHelpersOfAPurePythonWheel_leaveItOpen() {
    TestTarget wheel =
        TestTarget.wheel(
            "debugpy-1.8.0-py2.py3-none-any.whl",
            TestImage.linux("attach_linux.so"),
            TestImage.windows("attach.dll"));

    Result result = wheel.on(TestMachine.m1("14"));
    assertThat(rules(result)).containsExactly(Rule.SIG703, Rule.SIG702);
    assertThat(result.verdict()).isEqualTo(Verdict.UNKNOWN);
  }

  @Test
  void nativesForMuslAndGlibc_areChosenByTheMachines() {
    TestTarget jar =
        TestTarget.jar(
            "jline.jar",
            TestImage.linux("Linux/a.so"),
            TestImage.linux("Linux-musl/a.so")
                .without("libc.so.6")
                .needs("libc.musl-x86_64.so.1")
                .reaches(1, Feature.AVX));

    assertThat(rules(jar.on(TestMachine.nehalem().glibc("2.31")))).isEmpty();
    assertThat(rules(jar.on(TestMachine.nehalem().musl()))).containsExactly(Rule.SIG101);
  }

  @Test
  void arm64ecLibrary_loadsUnderWindowsEmulationOnly() {
    TestTarget target =
        TestTarget.file(TestImage.windows("a.dll").architecture(Architecture.ARM64EC));

    assertThat(
            rules(
                target.on(
                    TestMachine.nehalem()
                        .windows("11")
                        .translator(Translator.PRISM, Architecture.ARM64))))
        .isEmpty();
    assertThat(rules(target.on(TestMachine.nehalem().windows("11")))).containsExactly(Rule.SIG201);
  }

  @Test
  void packageCopiedFromAnotherSystem_isReportedInAnEnvironment() {
    TestTarget target =
        TestTarget.of(
                Source.Kind.NODE_MODULES,
                "node_modules",
                TestImage.macos("esbuild/a.node"),
                TestImage.linux("sharp/b.node"))
            .distribution(Ecosystem.NPM, "esbuild", "1", List.of(), "esbuild/a.node")
            .distribution(Ecosystem.NPM, "sharp", "1", List.of(), "sharp/b.node");

    Result result = target.on(TestMachine.nehalem().glibc("2.31"));
    assertThat(rules(result)).containsExactly(Rule.SIG205);
    assertThat(result.findings().getFirst().image()).isEqualTo("esbuild/a.node");
    assertThat(result.findings().getFirst().fixes().getFirst().commands()).contains("npm ci");
  }

  @Test
  void processorAlone_takesTheUsualSystemsOfAPackage() {
    TestTarget jar =
        TestTarget.jar(
            "jna.jar",
            TestImage.linux("linux/a.so"),
            TestImage.linux("freebsd/a.so")
                .system(dev.sigill.platform.OperatingSystem.FREEBSD)
                .reaches(1, Feature.AVX));
    TestTarget only =
        TestTarget.file(
            TestImage.linux("a.so")
                .system(dev.sigill.platform.OperatingSystem.FREEBSD)
                .reaches(1, Feature.AVX));

    assertThat(rules(jar.on(TestMachine.nehalem()))).isEmpty();
    assertThat(rules(only.on(TestMachine.nehalem()))).containsExactly(Rule.SIG101);
  }

  @Test
  void npmPackagesForSeveralPlatforms_areFineWhereOneFits() {
    var parent =
        new dev.sigill.source.Distribution(
            Ecosystem.NPM,
            "esbuild",
            "1",
            "",
            List.of(),
            List.of(),
            List.of(),
            List.of(),
            List.of(),
            List.of("@esbuild/linux-x64", "@esbuild/darwin-arm64"));
    TestTarget target =
        TestTarget.of(
                Source.Kind.NODE_MODULES,
                "node_modules",
                TestImage.linux("linux/a.node"),
                arm64(TestImage.macos("darwin/a.node")))
            .distribution(Ecosystem.NPM, "@esbuild/linux-x64", "1", List.of(), "linux/a.node")
            .distribution(Ecosystem.NPM, "@esbuild/darwin-arm64", "1", List.of(), "darwin/a.node")
            .distribution(parent);

    assertThat(rules(target.on(TestMachine.m1("14")))).isEmpty();
    assertThat(rules(target.on(TestMachine.haswell().windows("11"))))
        .containsExactly(Rule.SIG205, Rule.SIG205);
  }
}
