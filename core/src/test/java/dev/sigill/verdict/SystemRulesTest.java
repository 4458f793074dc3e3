package dev.sigill.verdict;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sigill.analysis.Certainty;
import java.util.List;
import org.junit.jupiter.api.Test;

class SystemRulesTest {
  private static List<Rule> rules(Result result) {
    return result.findings().stream().map(Finding::rule).toList();
  }

  @Test
  void libraryForANewerMacos_isTooNew() {
    TestTarget target = TestTarget.file(TestImage.macos("a.dylib").minimum("14.0"));

    Result older = target.on(TestMachine.haswell().macos("13.6"));
    assertThat(rules(older)).containsExactly(Rule.SIG301);
    assertThat(older.verdict()).isEqualTo(Verdict.MAY_CRASH);
    assertThat(older.findings().getFirst().certainty()).isEqualTo(Certainty.REACHABLE);
    assertThat(rules(target.on(TestMachine.haswell().macos("14")))).isEmpty();
    assertThat(rules(target.on(TestMachine.haswell().macos("15.1")))).isEmpty();
  }

  @Test
  void majorVersionAlone_meansItsNewestUpdate() {
    TestTarget target = TestTarget.file(TestImage.macos("a.dylib").minimum("14.4"));

    assertThat(rules(target.on(TestMachine.haswell().macos("14")))).isEmpty();
    assertThat(rules(target.on(TestMachine.haswell().macos("14.2")))).containsExactly(Rule.SIG301);
  }

  @Test
  void programForANewerMacos_isCertain() {
    Result result =
        TestTarget.file(TestImage.macos("tool").program().minimum("12.0"))
            .on(TestMachine.haswell().macos("11"));

    assertThat(result.findings().getFirst().certainty()).isEqualTo(Certainty.CERTAIN);
  }

  @Test
  void newerGlibcNeeded_failsToLoadAndNamesTheHighest() {
    TestTarget target =
        TestTarget.wheel(
            "a-1.0-cp311-cp311-linux_x86_64.whl",
            TestImage.linux("a.so").version("libc.so.6", "GLIBC_2.34"),
            TestImage.linux("b.so").version("libm.so.6", "GLIBC_2.38"),
            TestImage.linux("c.so").version("libc.so.6", "GLIBC_2.17"));

    Result result = target.on(TestMachine.haswell().glibc("2.31"));
    assertThat(rules(result)).containsExactly(Rule.SIG302);
    Finding finding = result.findings().getFirst();
    assertThat(finding.image()).isEqualTo("b.so");
    assertThat(finding.needs()).isEqualTo("GLIBC_2.38");
    assertThat(finding.details())
        .containsExactly(
            "The loader says: version `GLIBC_2.38' not found", "Likewise a.so (GLIBC_2.34)");
    assertThat(rules(target.on(TestMachine.haswell().glibc("2.39")))).isEmpty();
    assertThat(rules(target.on(TestMachine.haswell()))).isEmpty();
  }

  @Test
  void versionsOfOtherLibrariesAndWeakOnes_areNotGlibcs() {
    TestTarget target =
        TestTarget.file(
            TestImage.linux("a.so")
                .version("libgcc_s.so.1", "GLIBC_2.99")
                .version("libc.so.6", "GLIBC_PRIVATE")
                .weakVersion("libc.so.6", "GLIBC_2.99"));

    assertThat(rules(target.on(TestMachine.haswell().glibc("2.31")))).isEmpty();
  }

  @Test
  void packedRelocations_needTheGlibcThatKnowsThem() {
    TestTarget target =
        TestTarget.file(TestImage.linux("a.so").version("libc.so.6", "GLIBC_ABI_DT_RELR"));

    assertThat(rules(target.on(TestMachine.haswell().glibc("2.35")))).containsExactly(Rule.SIG302);
    assertThat(rules(target.on(TestMachine.haswell().glibc("2.36")))).isEmpty();
  }
}
