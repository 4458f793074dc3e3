package dev.sigill.verdict;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sigill.platform.Architecture;
import dev.sigill.source.Distribution.Ecosystem;
import dev.sigill.source.Source;
import java.util.List;
import org.junit.jupiter.api.Test;

class TagContentRulesTest {
  private static List<Finding> lies(Result result) {
    return result.findings().stream().filter(f -> f.rule() == Rule.SIG702).toList();
  }

  private static TestImage arm64(String path) {
    return TestImage.macos(path).architecture(Architecture.ARM64);
  }

  @Test
  void leastMacosOfTheContent_aboveTheTags_isTold() {
    // tensorflow 2.4.1: the name says 10.11, the content 10.14.
    Result result =
        TestTarget.wheel(
                "tensorflow-2.4.1-cp38-cp38-macosx_10_11_x86_64.whl",
                TestImage.macos("a.so").minimum("10.14"),
                TestImage.macos("b.so").minimum("10.11"))
            .on(TestMachine.haswell().macos("10.12"));

    assertThat(lies(result)).hasSize(1);
    assertThat(lies(result).getFirst().summary())
        .isEqualTo("promises macOS 10.11 and holds code for macOS 10.14");
    // The note decides nothing; what it means on this machine does.
    assertThat(result.findings().getFirst().rule()).isEqualTo(Rule.SIG301);
  }

  @Test
  void universalWheel_mayHaveItsArm64PartForMacos11() {
    Result result =
        TestTarget.wheel(
                "a-1.0-cp311-cp311-macosx_10_9_universal2.whl",
                TestImage.macos("a.so").minimum("10.9"),
                arm64("a.so").minimum("11.0"))
            .on(TestMachine.m1("14"));

    assertThat(lies(result)).isEmpty();
  }

  @Test
  void architectureOfTheContent_otherThanTheTags_isTold() {
    Result result =
        TestTarget.wheel(
                "a-1.0-cp311-cp311-macosx_11_0_universal2.whl", arm64("a.so").minimum("11.0"))
            .on(TestMachine.m1("14"));

    assertThat(lies(result)).hasSize(1);
    assertThat(lies(result).getFirst().summary()).isEqualTo("promises x86_64 and holds none of it");
  }

  @Test
  void wheelFileThatNamesAnotherPlatform_isTold() {
    // tensorflow_macos 2.12.0 arm64: its WHEEL file says x86_64.
    Result result =
        TestTarget.of(
                Source.Kind.WHEEL,
                "tensorflow_macos-2.12.0-cp311-cp311-macosx_12_0_arm64.whl",
                arm64("a.so").minimum("12.0"))
            .distribution(
                Ecosystem.PYTHON,
                "tensorflow-macos",
                "2.12.0",
                List.of("cp311-cp311-macosx_12_0_x86_64"))
            .on(TestMachine.m1("14"));

    assertThat(lies(result)).hasSize(1);
    assertThat(lies(result).getFirst().details())
        .containsExactly("File name: macosx_12_0_arm64", "WHEEL file: macosx_12_0_x86_64");
    assertThat(result.findings()).noneMatch(f -> f.rule() == Rule.SIG701);
  }

  @Test
  void glibcOfTheContent_isMeasuredByTheLeastOfSeveralTags() {
    TestImage image = TestImage.linux("a.so").version("libc.so.6", "GLIBC_2.28");

    assertThat(
            lies(
                TestTarget.wheel(
                        "a-1.0-cp311-cp311-manylinux_2_17_x86_64.manylinux2014_x86_64.whl", image)
                    .on(TestMachine.haswell())))
        .hasSize(1);
    assertThat(
            lies(
                TestTarget.wheel("a-1.0-cp311-cp311-manylinux_2_28_x86_64.whl", image)
                    .on(TestMachine.haswell())))
        .isEmpty();
  }

  @Test
  void anyPlatformWithNativeCode_isTold() {
    Result result =
        TestTarget.wheel("a-1.0-py3-none-any.whl", TestImage.linux("a.so").contains())
            .on(TestMachine.haswell());

    assertThat(lies(result)).hasSize(1);
    assertThat(result.verdict()).isEqualTo(Verdict.RUNS);
  }

  @Test
  void launchersForWindowsInAPureWheel_areNoLie() {
    Result result =
        TestTarget.wheel("distlib-1.0-py3-none-any.whl", TestImage.windows("t64.exe").program())
            .on(TestMachine.haswell());

    assertThat(lies(result)).isEmpty();
  }
}
