package dev.sigill.accuracy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sigill.accuracy.Answer.Said;
import java.util.List;
import org.junit.jupiter.api.Test;

class ComparisonTest {
  private static final Fault FAULT = new Fault("a/b.so", "f +0x1", "0x10", "vzeroupper", "avx");

  private static Run run(String action, Outcome outcome, String stage) {
    return new Run(
        "a",
        "1",
        action,
        "Nehalem",
        outcome,
        stage,
        outcome == Outcome.SIGILL ? FAULT : null,
        List.of("a/b.so"),
        List.of(),
        "",
        1);
  }

  private static Said said(String stage, String certainty, String image, String address) {
    return new Said("SIG101", stage, certainty, List.of("avx"), image, "f", address, "vzeroupper");
  }

  private static Answer answer(String scope, String verdict, Said... findings) {
    return new Answer(
        "a",
        "1",
        scope,
        "Nehalem",
        verdict,
        "",
        List.of(findings),
        List.of("avx"),
        List.of(),
        1,
        10,
        0.1);
  }

  private static List<Comparison.Judged> judged(Run run, Answer answer) {
    return new Comparison(List.of(run), List.of(answer)).judged();
  }

  @Test
  void aDeathAtLoad_foundThere_isFoundAndImportIsNotReached() {
    var all =
        judged(
            run("import", Outcome.SIGILL, "load"),
            answer("import", "crashes", said("load", "certain", "a/b.so", "0x10")));
    assertThat(all).hasSize(1);
    assertThat(all.getFirst().judgement()).isEqualTo(Judgement.FOUND);
    assertThat(all.getFirst().isSameInstruction()).isTrue();
  }

  @Test
  void aDeathAtImport_saidOfLoad_isFoundAtAnotherStageAndAccusedAtLoad() {
    var all =
        judged(
            run("import", Outcome.SIGILL, "import"),
            answer("import", "crashes", said("load", "certain", "a/b.so", "0x20")));
    assertThat(all)
        .extracting(Comparison.Judged::judgement)
        .containsExactly(Judgement.ACCUSED, Judgement.OTHER_STAGE);
    assertThat(all.getLast().isSameInstruction()).isFalse();
  }

  @Test
  void aDeathOfWhichNothingIsSaid_isMissed() {
    assertThat(judged(run("import", Outcome.SIGILL, "load"), answer("import", "unknown")))
        .extracting(Comparison.Judged::judgement)
        .containsExactly(Judgement.MISSED);
  }

  @Test
  void aUseThatRan_withAFinding_isAccusedUnlessItStandsBehindACheck() {
    assertThat(
            judged(
                run("use", Outcome.OK, ""),
                answer("use", "may-crash", said("use", "reachable", "a/b.so", "0x10"))))
        .extracting(Comparison.Judged::judgement)
        .containsExactly(Judgement.ACCUSED);
    assertThat(
            judged(
                run("use", Outcome.OK, ""),
                answer("use", "may-crash", said("use", "wrongly-guarded", "a/b.so", "0x10"))))
        .extracting(Comparison.Judged::judgement)
        .containsExactly(Judgement.OPEN);
  }

  @Test
  void aUseThatDied_takesTheFindingNearestToTheFault() {
    var all =
        judged(
            run("use", Outcome.SIGILL, "use"),
            answer(
                "use",
                "may-crash",
                said("use", "reachable", "a/other.so", "0x10"),
                said("use", "wrongly-guarded", "a/b.so", "0x10")));
    assertThat(all).hasSize(1);
    assertThat(all.getFirst().judgement()).isEqualTo(Judgement.FOUND);
    assertThat(all.getFirst().isSameInstruction()).isTrue();
  }

  @Test
  void aUseThatDiedOfLoadingALibrary_isADeathAtLoad() {
    var all =
        judged(
            run("use", Outcome.SIGILL, "load"),
            answer("use", "crashes", said("load", "certain", "a/b.so", "0x10")));
    assertThat(all).hasSize(1);
    assertThat(all.getFirst().stage()).isEqualTo("load");
    assertThat(all.getFirst().judgement()).isEqualTo(Judgement.FOUND);
  }

  @Test
  void aUseFindingInAnotherImage_isNoAnswerForADeathElsewhere() {
    assertThat(
            judged(
                run("use", Outcome.SIGILL, "use"),
                answer("use", "may-crash", said("use", "reachable", "a/other.so", "0x10"))))
        .extracting(Comparison.Judged::judgement)
        .containsExactly(Judgement.OPEN_DEATH);
  }

  @Test
  void runsThatRefuseOrFail_areNotCompared() {
    assertThat(judged(run("import", Outcome.REFUSES, ""), answer("import", "unknown"))).isEmpty();
    assertThat(judged(run("import", Outcome.ERROR, ""), answer("import", "unknown"))).isEmpty();
  }

  @Test
  void whatWasNotAsked_isListed() {
    Run run = run("import", Outcome.OK, "");
    assertThat(new Comparison(List.of(run), List.of()).unanswered()).containsExactly(run);
  }
}
