package dev.sigill.verdict;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class LinkRulesTest {
  private static final String WHEEL = "a-1.0-cp311-cp311-manylinux_2_17_x86_64.whl";

  private static List<Rule> rules(Result result) {
    return result.findings().stream().map(Finding::rule).toList();
  }

  @Test
  void libraryOfAnotherPackage_leavesTheVerdictOpen() {
    Result result =
        TestTarget.wheel(WHEEL, TestImage.linux("a.so").entry("PyInit_a").needs("libcudart.so.12"))
            .on(TestMachine.haswell());

    assertThat(result.verdict()).isEqualTo(Verdict.UNKNOWN);
    assertThat(result.findings().getFirst().summary())
        .isEqualTo("needs libcudart.so.12, which must come from elsewhere");
  }

  @Test
  void libraryThatThisComputerHas_isNotMissed() {
    TestTarget target =
        TestTarget.wheel(
            WHEEL,
            TestImage.linux("a.so")
                .entry("PyInit_a")
                .needs("libcudart.so.12")
                .needs("libX11.so.6"));

    assertThat(rules(target.on(TestMachine.haswell().installed("libX11.so.6"))))
        .containsExactly(Rule.SIG401);
    assertThat(rules(target.on(TestMachine.haswell().installed("libX11.so.6", "libcudart.so.12"))))
        .isEmpty();
  }

  @Test
  void bundledCopyThatIsNotThere_isLost() {
    Result result =
        TestTarget.wheel(
                WHEEL, TestImage.linux("a.so").entry("PyInit_a").needs("libz-1a2b3c4d.so.1.2.11"))
            .on(TestMachine.haswell());

    assertThat(result.verdict()).isEqualTo(Verdict.FAILS_TO_LOAD);
    assertThat(rules(result)).containsExactly(Rule.SIG401);
  }

  @Test
  void bundledCopyForAnotherArchitecture_doesNotCount() {
    Result result =
        TestTarget.wheel(
                WHEEL,
                TestImage.linux("a.so").entry("PyInit_a").needs("libz-1a2b3c4d.so.1.2.11"),
                TestImage.linux("a.libs/libz-1a2b3c4d.so.1.2.11")
                    .architecture(dev.sigill.platform.Architecture.ARM64))
            .on(TestMachine.haswell());

    assertThat(rules(result)).containsExactly(Rule.SIG401);
  }

  @Test
  void plugInThatNobodyLoads_isNotAccused() {
    Result result =
        TestTarget.environment(
                TestImage.linux("qt/core.so").entry("PyInit_core"),
                TestImage.linux("qt/plugins/libqsqlmysql.so").needs("libmysqlclient.so.21"))
            .on(TestMachine.haswell());

    assertThat(result.findings()).isEmpty();
  }

  @Test
  void desktopLibrary_isANote() {
    Result result =
        TestTarget.wheel(
                WHEEL, TestImage.linux("cv2.so").entry("PyInit_cv2").needs("libGL.so.1").contains())
            .on(TestMachine.haswell());

    assertThat(result.verdict()).isEqualTo(Verdict.RUNS);
    assertThat(result.findings().getFirst().fixes().getFirst().commands())
        .containsExactly("apt-get install libgl1");
  }

  @Test
  void systemLibrariesOfMacosAndWindows_areKnownByPathAndWithoutCase() {
    assertThat(
            rules(
                TestTarget.file(
                        TestImage.macos("a.dylib")
                            .needs("/usr/lib/libSystem.B.dylib")
                            .needs("/System/Library/Frameworks/Metal.framework/Versions/A/Metal"))
                    .on(TestMachine.haswell())))
        .isEmpty();
    assertThat(
            rules(
                TestTarget.file(
                        TestImage.windows("a.pyd")
                            .needs("KERNEL32.dll")
                            .needs("api-ms-win-crt-runtime-l1-1-0.dll")
                            .needs("VCRUNTIME140.dll")
                            .needs("python311.dll"))
                    .on(TestMachine.haswell())))
        .isEmpty();
  }

  @Test
  void runtimesOfOneFamilyUnderTwoNames_mayEndTheProcess() {
    TestTarget target =
        TestTarget.environment(
            TestImage.linux("mkl/libiomp5.so").openMp("libiomp5").contains(),
            TestImage.linux("torch/libomp.so").openMp("libomp").contains());

    assertThat(target.on(TestMachine.haswell()).verdict()).isEqualTo(Verdict.MAY_CRASH);
  }

  @Test
  void copiesOfGnusRuntime_areANote() {
    TestTarget target =
        TestTarget.environment(
            TestImage.linux("sklearn.libs/libgomp-1.so").openMp("libgomp").contains(),
            TestImage.linux("torch/libgomp-2.so").openMp("libgomp").contains());

    Result result = target.on(TestMachine.haswell());
    assertThat(rules(result)).containsExactly(Rule.SIG402);
    assertThat(result.verdict()).isEqualTo(Verdict.RUNS);
  }

  @Test
  void libraryOfAnExtraModule_isANote() {
    // numba: one of its threading layers needs TBB, the others do not.
    Result result =
        TestTarget.wheel(
                WHEEL,
                TestImage.linux("workqueue.so").entry("PyInit_workqueue").contains(),
                TestImage.linux("tbbpool.so")
                    .entry("PyInit_tbbpool")
                    .needs("libtbb.so.12")
                    .contains())
            .on(TestMachine.haswell());

    assertThat(result.verdict()).isEqualTo(Verdict.RUNS);
    assertThat(result.findings().getFirst().details()).anyMatch(d -> d.contains("an extra"));
  }

  @Test
  void libraryNeededByALibraryOfEveryModule_leavesTheVerdictOpen() {
    Result result =
        TestTarget.wheel(
                WHEEL,
                TestImage.linux("a.so").entry("PyInit_a").needs("libcore.so"),
                TestImage.linux("b.so").entry("PyInit_b").needs("libcore.so"),
                TestImage.linux("libcore.so").needs("libcudart.so.12"))
            .on(TestMachine.haswell());

    assertThat(result.verdict()).isEqualTo(Verdict.UNKNOWN);
    assertThat(result.findings().getFirst().image()).isEqualTo("libcore.so");
  }

  @Test
  void everyModuleMissingAnotherLibrary_leavesTheVerdictOpen() {
    // mpi4py: a module for each implementation of MPI, and neither of them in the wheel.
    Result result =
        TestTarget.wheel(
                WHEEL,
                TestImage.linux("MPI.mpich.so").entry("PyInit_MPI").needs("libmpi.so.12"),
                TestImage.linux("MPI.openmpi.so").entry("PyInit_MPI").needs("libmpi.so.40"))
            .on(TestMachine.haswell());

    assertThat(result.verdict()).isEqualTo(Verdict.UNKNOWN);
    assertThat(rules(result)).containsExactly(Rule.SIG401, Rule.SIG401);
  }

  @Test
  void libraryUnderALinksName_isThere() {
    TestTarget target =
        TestTarget.wheel(
            WHEEL, TestImage.linux("a.so").needs("libfoo.so.3"), TestImage.linux("libfoo.so.3.1"));

    assertThat(rules(target.on(TestMachine.haswell()))).containsExactly(Rule.SIG401);
    assertThat(rules(target.link("libfoo.so.3", "libfoo.so.3.1").on(TestMachine.haswell())))
        .isEmpty();
  }
}
