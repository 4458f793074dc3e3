package dev.sigill.verdict;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sigill.analysis.Stage;
import dev.sigill.source.Distribution.Ecosystem;
import dev.sigill.source.Source;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class InstallRulesTest {
  private static Result check(String wheel, TestMachine machine) {
    return TestTarget.wheel(wheel).on(machine);
  }

  private static List<Rule> rules(Result result) {
    return result.findings().stream().map(Finding::rule).toList();
  }

  @ParameterizedTest
  @CsvSource({
    "manylinux1_x86_64, true",
    "manylinux2014_x86_64, true",
    "manylinux_2_31_x86_64, true",
    "manylinux_2_34_x86_64, false",
    "manylinux_2_17_x86_64.manylinux2014_x86_64, true",
    "manylinux_2_34_x86_64.manylinux_2_17_x86_64, true",
    "manylinux_2_17_aarch64, false",
    "musllinux_1_2_x86_64, false",
    "linux_x86_64, true",
    "macosx_11_0_arm64, false",
    "win_amd64, false",
    "any, true"
  })
  void tag_onUbuntu2004_isTakenOrRefused(String platform, boolean isTaken) {
    Result result =
        check("a-1.0-cp311-cp311-" + platform + ".whl", TestMachine.haswell().glibc("2.31"));

    assertThat(rules(result).isEmpty()).isEqualTo(isTaken);
  }

  @ParameterizedTest
  @CsvSource({
    "macosx_10_9_x86_64, false, true",
    "macosx_11_0_arm64, true, false",
    "macosx_10_9_universal2, true, true",
    "macosx_14_0_arm64, true, false",
    "macosx_15_0_arm64, false, false",
    "macosx_10_9_intel, false, true"
  })
  void tag_onMacos14_isTakenByArchitectureAndVersion(
      String platform, boolean natively, boolean translated) {
    String wheel = "a-1.0-cp311-cp311-" + platform + ".whl";

    assertThat(rules(check(wheel, TestMachine.m1("14"))).isEmpty()).isEqualTo(natively);
    assertThat(rules(check(wheel, TestMachine.rosetta("14"))).isEmpty()).isEqualTo(translated);
  }

  @Test
  void refusedTag_isNotInstallable_beforeAnythingElse() {
    Result result =
        TestTarget.wheel(
                "tensorflow-2.11.0-cp39-cp39-macosx_10_14_x86_64.whl", TestImage.macos("a.so"))
            .on(TestMachine.m1("14"));

    assertThat(result.verdict()).isEqualTo(Verdict.NOT_INSTALLABLE);
    assertThat(result.stage()).isEqualTo(Stage.INSTALL);
    assertThat(rules(result)).containsExactly(Rule.SIG701, Rule.SIG201);
    assertThat(result.findings().getFirst().summary())
        .isEqualTo("an installer refuses its tag macosx_10_14_x86_64: it is for x86_64");
  }

  @Test
  void processorAlone_takesTheWheelsOwnSystem() {
    assertThat(rules(check("a-1.0-cp311-cp311-manylinux_2_39_x86_64.whl", TestMachine.haswell())))
        .isEmpty();
    assertThat(rules(check("a-1.0-cp311-cp311-manylinux_2_39_aarch64.whl", TestMachine.haswell())))
        .containsExactly(Rule.SIG701);
  }

  @Test
  void variantLabelAndBuildNumber_areNotTakenForTags() {
    assertThat(WheelTag.ofFileName("numpy-2.3.2-1-cp313-cp313t-musllinux_1_2_x86_64.whl"))
        .containsExactly(new WheelTag("cp313", "cp313t", "musllinux_1_2_x86_64"));
    assertThat(WheelTag.ofFileName("numpy-2.3.2-cp313-cp313t-musllinux_1_2_x86_64-x86_64_v3.whl"))
        .containsExactly(new WheelTag("cp313", "cp313t", "musllinux_1_2_x86_64"));
  }

  @ParameterizedTest
  @CsvSource({
    "os=linux cpu=x64, true",
    "os=linux cpu=arm64, false",
    "os=darwin, false",
    "os=!win32, true",
    "os=!linux, false",
    "libc=glibc, true",
    "libc=musl, false",
    "cpu=x64 cpu=arm64, true"
  })
  void npmPackage_isTakenByItsOwnWords(String tags, boolean isTaken) {
    Result result =
        TestTarget.of(Source.Kind.TAR, "a.tgz")
            .declares(Ecosystem.NPM, List.of(tags.split(" ")), List.of())
            .on(TestMachine.haswell().glibc("2.31"));

    assertThat(rules(result).isEmpty()).isEqualTo(isTaken);
  }

  @ParameterizedTest
  @CsvSource({
    "linux-64, true",
    "linux-aarch64, false",
    "osx-64, false",
    "win-64, false",
    "noarch, true",
    "odd-thing, true"
  })
  void condaPackage_isTakenByItsPlatform(String subdir, boolean isTaken) {
    Result result =
        TestTarget.of(Source.Kind.CONDA_PACKAGE, "a.conda")
            .declares(Ecosystem.CONDA, List.of(subdir), List.of())
            .on(TestMachine.haswell().glibc("2.31"));

    assertThat(rules(result).isEmpty()).isEqualTo(isTaken);
  }

  @Test
  void nameTagsOfTheSource_decideBeforeMetadata() {
    Result result =
        TestTarget.of(Source.Kind.WHEEL, "renamed.zip")
            .declares(
                Ecosystem.PYTHON,
                List.of("cp311-cp311-manylinux_2_17_x86_64"),
                List.of("cp311-cp311-manylinux_2_17_aarch64"))
            .on(TestMachine.haswell().glibc("2.31"));

    assertThat(rules(result)).contains(Rule.SIG701, Rule.SIG702);
  }
}
