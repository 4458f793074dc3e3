package dev.sigill.verdict;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sigill.analysis.Stage;
import dev.sigill.bytes.Place;
import dev.sigill.bytes.Problem;
import dev.sigill.isa.Feature;
import dev.sigill.platform.Architecture;
import org.junit.jupiter.api.Test;

class VerdictTest {
  private static Problem problem(Problem.Code code, Problem.Effect effect) {
    return new Problem(code, Place.of("a.so"), "e_shnum", 5, 4, effect);
  }

  @Test
  void wholeCodeWithinTheMachine_runs() {
    Result result =
        TestTarget.file(TestImage.linux("a.so").contains(Feature.SSE4_2)).on(TestMachine.nehalem());

    assertThat(result.verdict()).isEqualTo(Verdict.RUNS);
    assertThat(result.coverage().notAnalysed()).isEmpty();
    assertThat(result.coverage().decodedBytes()).isEqualTo(1000);
  }

  @Test
  void wholeCodeHoldsMoreThanTheMachineHas_isUnknownAndSaysWhat() {
    Result result =
        TestTarget.file(TestImage.linux("a.so").contains(Feature.AVX2)).on(TestMachine.nehalem());

    assertThat(result.verdict()).isEqualTo(Verdict.UNKNOWN);
    assertThat(result.stage()).isEqualTo(Stage.IMPORT);
    assertThat(result.coverage().notAnalysed())
        .contains("a.so holds code for AVX2, and not all that can reach it was followed");
  }

  @Test
  void allStagesFollowedWithoutAFinding_runs_whateverTheCodeHolds() {
    TestImage image = TestImage.linux("a.so").contains(Feature.AVX512F).followed();

    Result result = TestTarget.file(image).on(TestMachine.nehalem());

    assertThat(result.verdict()).isEqualTo(Verdict.RUNS);
    assertThat(Rules.worthDecoding(TestTarget.file(image).build(), result)).isEmpty();
  }

  @Test
  void wholeCodeExecutedButNotReported_isUnknown() {
    Result result =
        TestTarget.file(TestImage.macos("a.dylib").contains(Feature.AVX))
            .on(TestMachine.rosetta("15"));

    assertThat(result.verdict()).isEqualTo(Verdict.UNKNOWN);
  }

  @Test
  void imageNotAnalysed_isUnknownWithTheReason() {
    Result result =
        TestTarget.file(
                TestImage.linux("a.so")
                    .architecture(Architecture.ARM64)
                    .notAnalysed("instructions of arm64 are not analysed yet"))
            .on(TestMachine.arm64());

    assertThat(result.verdict()).isEqualTo(Verdict.UNKNOWN);
    assertThat(result.coverage().notAnalysed())
        .contains("a.so: instructions of arm64 are not analysed yet");
  }

  @Test
  void unreadablePart_isUnknown_evenIfTheRestIsClean() {
    Result result =
        TestTarget.file(
                TestImage.linux("a.so")
                    .contains(Feature.SSE2)
                    .problem(problem(Problem.Code.OUT_OF_RANGE, Problem.Effect.PART_LOST)))
            .on(TestMachine.nehalem());

    assertThat(result.verdict()).isEqualTo(Verdict.UNKNOWN);
    assertThat(result.findings()).extracting(Finding::rule).containsExactly(Rule.SIG901);
    assertThat(result.coverage().unreadable()).hasSize(1);
  }

  @Test
  void defectWithoutLoss_doesNotTouchTheVerdict() {
    Result result =
        TestTarget.file(
                TestImage.linux("a.so")
                    .contains(Feature.SSE2)
                    .problem(problem(Problem.Code.BAD_VALUE, Problem.Effect.NOTHING_LOST)))
            .on(TestMachine.nehalem());

    assertThat(result.verdict()).isEqualTo(Verdict.RUNS);
    assertThat(result.findings()).isEmpty();
  }

  @Test
  void unreadableFile_besideACrash_leavesTheCrashFirst() {
    Result result =
        TestTarget.file(TestImage.linux("a.so").reaches(1, Feature.AVX))
            .problem(problem(Problem.Code.TRUNCATED, Problem.Effect.FILE_LOST))
            .on(TestMachine.nehalem());

    assertThat(result.verdict()).isEqualTo(Verdict.CRASHES);
    assertThat(result.findings())
        .extracting(Finding::rule)
        .containsExactly(Rule.SIG101, Rule.SIG901);
  }

  @Test
  void limitReached_isItsOwnRule() {
    Result result =
        TestTarget.file(TestImage.linux("a.so").contains(Feature.SSE2))
            .problem(problem(Problem.Code.LIMIT, Problem.Effect.PART_LOST))
            .on(TestMachine.nehalem());

    assertThat(result.findings()).extracting(Finding::rule).containsExactly(Rule.SIG903);
  }

  @Test
  void damagedContainer_isItsOwnRule() {
    Result result =
        TestTarget.wheel("a-1-py3-none-any.whl")
            .problem(
                new Problem(
                    Problem.Code.CORRUPT,
                    Place.of("a-1-py3-none-any.whl"),
                    "local file header",
                    -1,
                    -1,
                    Problem.Effect.PART_LOST))
            .on(TestMachine.nehalem());

    assertThat(result.findings()).extracting(Finding::rule).containsExactly(Rule.SIG902);
    assertThat(result.verdict()).isEqualTo(Verdict.UNKNOWN);
  }

  @Test
  void targetWithoutNativeCode_runs() {
    Result result = TestTarget.wheel("a-1-py3-none-any.whl").on(TestMachine.nehalem());

    assertThat(result.verdict()).isEqualTo(Verdict.RUNS);
    assertThat(result.coverage().images()).isZero();
  }

  @Test
  void worthDecoding_namesImagesOnlyWhileNothingElseDecides() {
    TestTarget clean =
        TestTarget.file(TestImage.linux("a.so"), TestImage.linux("b.so").contains(Feature.SSE2));
    TestTarget crashing = TestTarget.file(TestImage.linux("a.so").reaches(1, Feature.AVX));

    assertThat(Rules.worthDecoding(clean.build(), clean.on(TestMachine.nehalem())))
        .containsExactly(0);
    assertThat(Rules.worthDecoding(crashing.build(), crashing.on(TestMachine.nehalem()))).isEmpty();
  }
}
