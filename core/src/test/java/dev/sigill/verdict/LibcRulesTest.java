package dev.sigill.verdict;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sigill.analysis.Certainty;
import java.util.List;
import org.junit.jupiter.api.Test;

class LibcRulesTest {
  private static List<Rule> rules(Result result) {
    return result.findings().stream().map(Finding::rule).toList();
  }

  @Test
  void newerLibstdcxx_isNamedWithItsGcc() {
    Result result =
        TestTarget.file(TestImage.linux("a.so").version("libstdc++.so.6", "GLIBCXX_3.4.32"))
            .on(TestMachine.haswell().glibc("2.36", "3.4.30"));

    assertThat(result.verdict()).isEqualTo(Verdict.FAILS_TO_LOAD);
    assertThat(result.findings().getFirst().details()).contains("It came with GCC 13.2.0");
  }

  @Test
  void cxxabiVersion_isComparedByTheLibraryThatBroughtIt() {
    TestTarget target =
        TestTarget.file(TestImage.linux("a.so").version("libstdc++.so.6", "CXXABI_1.3.15"));

    assertThat(rules(target.on(TestMachine.haswell().glibc("2.36", "3.4.30"))))
        .containsExactly(Rule.SIG303);
    assertThat(rules(target.on(TestMachine.haswell().glibc("2.39", "3.4.33")))).isEmpty();
  }

  @Test
  void bundledLibstdcxxUnderAnotherName_isNotTheSystems() {
    TestTarget target =
        TestTarget.file(
            TestImage.linux("a.so").version("libstdc++-1a2b3c4d.so.6.0.32", "GLIBCXX_3.4.32"));

    assertThat(rules(target.on(TestMachine.haswell().glibc("2.36", "3.4.30")))).isEmpty();
  }

  @Test
  void muslFileThatShowsAGlibcVersionOfAnotherLibrary_isMusl() {
    TestTarget target =
        TestTarget.file(
            TestImage.linux("a.so")
                .without("libc.so.6")
                .needs("libc.musl-x86_64.so.1")
                .version("libgcc_s.so.1", "GLIBC_2.0"));

    Result onGlibc = target.on(TestMachine.haswell().glibc("2.36"));
    assertThat(rules(onGlibc)).containsExactly(Rule.SIG304);
    assertThat(onGlibc.findings().getFirst().certainty()).isEqualTo(Certainty.CERTAIN);
    assertThat(rules(target.on(TestMachine.haswell().musl()))).isEmpty();
  }

  @Test
  void glibcFileOnMusl_failsForCertainOnlyWhereItAsksForGlibcsLoader() {
    Result plain = TestTarget.file(TestImage.linux("a.so")).on(TestMachine.haswell().musl());
    Result withLoader =
        TestTarget.file(TestImage.linux("a.so").needs("ld-linux-x86-64.so.2"))
            .on(TestMachine.haswell().musl());

    assertThat(rules(plain)).containsExactly(Rule.SIG304);
    assertThat(plain.findings().getFirst().certainty()).isEqualTo(Certainty.REACHABLE);
    assertThat(withLoader.findings().getFirst().certainty()).isEqualTo(Certainty.CERTAIN);
  }
}
