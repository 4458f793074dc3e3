package dev.sigill.verdict;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sigill.analysis.Certainty;
import dev.sigill.analysis.Stage;
import dev.sigill.isa.Feature;
import java.util.List;
import org.junit.jupiter.api.Test;

class InstructionRulesTest {
  private static final String WHEEL = "tensorflow_cpu-2.21.0-cp311-cp311-manylinux_2_27_x86_64.whl";

  @Test
  void loadTimeInstruction_beyondTheMachine_crashes() {
    Result result =
        TestTarget.wheel(WHEEL, TestImage.linux("tf/framework.so").reaches(3, Feature.AVX))
            .on(TestMachine.nehalem());

    assertThat(result.verdict()).isEqualTo(Verdict.CRASHES);
    assertThat(result.stage()).isEqualTo(Stage.LOAD);
    Finding finding = result.findings().getFirst();
    assertThat(finding.rule()).isEqualTo(Rule.SIG101);
    assertThat(finding.missing()).containsExactly("avx");
    assertThat(finding.summary()).isEqualTo("needs AVX, which this CPU does not have");
    assertThat(finding.offers()).isEqualTo("up to SSE4.2");
    assertThat(finding.proof().instruction()).isEqualTo("vxorps xmm0, xmm0, xmm0");
    assertThat(finding.details())
        .contains("Python cannot catch it: \"Illegal instruction\", exit status 132 (SIGILL)");
    assertThat(finding.fixes()).isNotEmpty().noneMatch(Fix::verified);
  }

  @Test
  void loadTimeInstruction_thatTheMachineHas_isNoFinding() {
    Result result =
        TestTarget.wheel(WHEEL, TestImage.linux("tf/framework.so").reaches(3, Feature.AVX))
            .on(TestMachine.haswell());

    assertThat(result.findings()).isEmpty();
    assertThat(result.verdict()).isEqualTo(Verdict.UNKNOWN);
    assertThat(result.coverage().notAnalysed()).isNotEmpty();
  }

  @Test
  void faultBeforeTheOwnCheck_decidesAndBothAreReported() {
    Result result =
        TestTarget.wheel(
                WHEEL,
                TestImage.linux("tf/framework.so").reaches(0, Feature.AVX).checks(672, Feature.AVX))
            .on(TestMachine.nehalem());

    assertThat(result.verdict()).isEqualTo(Verdict.CRASHES);
    assertThat(result.findings())
        .extracting(Finding::rule)
        .containsExactly(Rule.SIG101, Rule.SIG102);
    assertThat(result.findings().getFirst().details())
        .contains("No CPU check comes before it (its own is .init_array entry 672 of 920)");
  }

  @Test
  void ownCheckBeforeTheFault_refuses() {
    Result result =
        TestTarget.wheel(
                WHEEL,
                TestImage.linux("tf/framework.so").reaches(40, Feature.AVX).checks(2, Feature.AVX))
            .on(TestMachine.nehalem());

    assertThat(result.verdict()).isEqualTo(Verdict.REFUSES);
    assertThat(result.findings())
        .extracting(Finding::rule)
        .containsExactly(Rule.SIG102, Rule.SIG101);
    assertThat(result.findings().getLast().details())
        .contains("The program's own CPU check ends it before this is reached");
  }

  @Test
  void sameLibrary_underRosettaOfDifferentMacos_crashesOrRefuses() {
    TestTarget target =
        TestTarget.wheel(
            "tensorflow-2.16.2-cp311-cp311-macosx_10_15_x86_64.whl",
            TestImage.macos("tf/framework.dylib")
                .minimum("10.15")
                .reaches(0, Feature.AVX)
                .checks(40, Feature.AVX));

    assertThat(target.on(TestMachine.rosetta("13")).verdict()).isEqualTo(Verdict.CRASHES);
    Result later = target.on(TestMachine.rosetta("15"));
    assertThat(later.verdict()).isEqualTo(Verdict.REFUSES);
    assertThat(later.findings()).extracting(Finding::rule).containsExactly(Rule.SIG102);
    assertThat(later.findings().getFirst().fixes())
        .anySatisfy(fix -> assertThat(fix.commands()).contains("export ROSETTA_ADVERTISE_AVX=1"));
  }

  @Test
  void ownCheck_thatTheMachinePasses_isNoFinding() {
    Result result =
        TestTarget.wheel(
                WHEEL, TestImage.linux("a.so").checks(2, Feature.AVX).contains(Feature.AVX))
            .on(TestMachine.haswell());

    assertThat(result.findings()).isEmpty();
    assertThat(result.verdict()).isEqualTo(Verdict.RUNS);
  }

  @Test
  void featureThatOnlyUsersVouchFor_leavesTheVerdictOpen() {
    Result result =
        TestTarget.file(TestImage.macos("a.dylib").reaches(1, Feature.FMA))
            .on(TestMachine.rosetta("15"));

    assertThat(result.verdict()).isEqualTo(Verdict.UNKNOWN);
    assertThat(result.findings().getFirst().summary()).contains("probably executes");
  }

  @Test
  void sameInstructionInALibraryOfManyImages_isOneFinding() {
    TestImage library =
        TestImage.linux("libs/core.so").installName("core.so").reaches(1, Feature.AVX);
    TestImage a =
        TestImage.linux("a.so")
            .needs("core.so")
            .entry("PyInit_a")
            .reaches(Stage.LOAD, Certainty.REACHABLE, 1, "libs/core.so", Feature.AVX);
    TestImage b =
        TestImage.linux("b.so")
            .needs("core.so")
            .entry("PyInit_b")
            .reaches(Stage.LOAD, Certainty.REACHABLE, 1, "libs/core.so", Feature.AVX);

    Result result = TestTarget.wheel(WHEEL, a, b, library).on(TestMachine.nehalem());

    assertThat(result.findings()).hasSize(1);
    assertThat(result.findings().getFirst().image()).isEqualTo("libs/core.so");
    assertThat(result.findings().getFirst().details()).contains("Reached when a.so is loaded");
  }

  @Test
  void needAtUse_mayCrashUnlessItIsOnEveryPath() {
    TestImage reachable =
        TestImage.linux("a.so").reaches(Stage.USE, Certainty.REACHABLE, 1, "a.so", Feature.AVX);
    TestImage certain =
        TestImage.linux("a.so").reaches(Stage.USE, Certainty.CERTAIN, 1, "a.so", Feature.AVX);

    assertThat(TestTarget.file(reachable).on(TestMachine.nehalem()).verdict())
        .isEqualTo(Verdict.MAY_CRASH);
    assertThat(TestTarget.file(certain).on(TestMachine.nehalem()).verdict())
        .isEqualTo(Verdict.CRASHES);
  }

  @Test
  void needAtImport_crashesAndAWrongCheckMayCrash() {
    TestImage reached =
        TestImage.linux("a.so").reaches(Stage.IMPORT, Certainty.REACHABLE, 1, "a.so", Feature.AVX);
    TestImage wronglyGuarded =
        TestImage.linux("a.so")
            .reaches(Stage.IMPORT, Certainty.WRONGLY_GUARDED, 1, "a.so", Feature.AVX2);

    Result crash = TestTarget.file(reached).on(TestMachine.nehalem());
    assertThat(crash.verdict()).isEqualTo(Verdict.CRASHES);
    assertThat(crash.stage()).isEqualTo(Stage.IMPORT);
    Result maybe = TestTarget.file(wronglyGuarded).on(TestMachine.nehalem());
    assertThat(maybe.verdict()).isEqualTo(Verdict.MAY_CRASH);
    assertThat(maybe.findings().getFirst().summary()).contains("does not imply it");
  }

  @Test
  void decidingFinding_comesFirst_earlierStageBeforeLater() {
    TestImage image =
        TestImage.linux("a.so")
            .reaches(Stage.USE, Certainty.CERTAIN, 1, "a.so", Feature.AVX512F)
            .reaches(Stage.IMPORT, Certainty.REACHABLE, 5, "a.so", Feature.AVX2)
            .reaches(Stage.LOAD, Certainty.REACHABLE, 9, "a.so", Feature.AVX);

    assertThat(TestTarget.file(image).on(TestMachine.nehalem()).findings())
        .extracting(Finding::missing)
        .containsExactly(List.of("avx"), List.of("avx2"), List.of("avx512f"));
  }

  @Test
  void laterNeeds_areNamedOnTheDecidingFindingAndHaveNoFixesOfTheirOwn() {
    TestImage image =
        TestImage.linux("a.so")
            .reaches(1, Feature.BMI2)
            .reaches(2, Feature.AVX)
            .reaches(3, Feature.AVX2);

    List<Finding> findings = TestTarget.file(image).on(TestMachine.nehalem()).findings();

    assertThat(findings).hasSize(3);
    assertThat(findings.getFirst().details()).anyMatch(d -> d.contains("AVX2 besides"));
    assertThat(findings.getFirst().fixes().getFirst().summary()).contains("x86-64-v3");
    assertThat(findings.get(1).details())
        .anyMatch(d -> d.startsWith("This machine stops before that"));
    assertThat(findings.get(1).fixes()).isEmpty();
  }
}
