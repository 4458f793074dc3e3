package dev.sigill.crash;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class MessagesTest {
  private final Explainer explainer = new Explainer(false);

  /** Lines of {@code causes<tab>message}; the first cause found must be one of them. */
  @TestFactory
  Stream<DynamicTest> message_ofEachKind_getsItsCause() throws IOException {
    String table;
    try (var in = MessagesTest.class.getResourceAsStream("messages.tsv")) {
      table = new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
    return table
        .lines()
        .filter(l -> !l.isBlank())
        .map(
            line -> {
              String[] parts = line.split("\t", 2);
              String message = parts[1].replace("\\n", "\n");
              return DynamicTest.dynamicTest(
                  parts[1],
                  () ->
                      assertThat(explainer.explain(message).causes().getFirst().cause().id())
                          .isIn((Object[]) parts[0].split(",")));
            });
  }

  @Test
  void text_thatSaysNothing_isUnknownAndNamesWhatToCollect() {
    Explanation found = explainer.explain("everything is fine");
    assertThat(found.isExplained()).isFalse();
    assertThat(found.causes()).hasSize(1);
    assertThat(found.causes().getFirst().checks()).hasSize(3);
  }

  @Test
  void severalHintsOfOneEvent_areLikelyNotCertain() {
    Explanation found =
        explainer.explain("Fatal Python error: Illegal instruction\nExited with exit code 132");
    assertThat(found.causes().getFirst().likelihood()).isEqualTo(Likelihood.LIKELY);
  }

  @Test
  void features_namedByASelfCheck_areMissing() {
    Explanation found =
        explainer.explain(
            "The TensorFlow library was compiled to use AVX2 FMA instructions, but these aren't"
                + " available on your machine.");
    assertThat(found.causes().getFirst().cause()).isEqualTo(Cause.SELF_CHECK_REFUSAL);
    assertThat(found.causes().getFirst().missing()).containsExactly("avx2", "fma");
  }

  @Test
  void everyCause_hasAdvice() {
    Facts none = new Facts.Collected().facts();
    for (Cause cause : Cause.values()) {
      assertThat(CauseTable.checks(cause, none)).as(cause.id()).isNotEmpty();
      if (cause != Cause.UNKNOWN) {
        assertThat(CauseTable.fixes(cause, none)).as(cause.id()).isNotEmpty();
      }
    }
  }

  @Test
  void everySign_saysWhatItMeansAndNamesItsWordsInThePatternsReach() {
    for (Sign sign : Signs.standard().all()) {
      assertThat(sign.says()).as(sign.name()).isNotBlank();
      assertThat(sign.words()).as(sign.name()).isNotEmpty().doesNotHaveDuplicates();
    }
  }

  @Test
  void commands_areParted_butNotWithinQuotes() {
    assertThat(Signs.fix("do it => rm -rf x; python -c \"import a; b()\"").commands())
        .containsExactly("rm -rf x", "python -c \"import a; b()\"");
  }

  @Test
  void redaction_hidesUsers() {
    Explanation found =
        Redaction.apply(
            explainer.explain(
                "dyld[1]: Library not loaded: /Users/jane/lib/libx.dylib\n"
                    + "  Referenced from: /home/joe/y"));
    assertThat(found.toString()).doesNotContain("jane").doesNotContain("joe").contains("<user>");
  }

  @Test
  void advice_neverQuotesAStrangersShellCode() {
    Explanation found =
        explainer.explain(
            "python[1] trap invalid opcode ip:7f4f02415979 sp:7ffdb51aa910 error:0 in"
                + " $(reboot).so[7f4f016a9000+1985000]");
    assertThat(found.facts().get(Fact.IMAGE)).isEqualTo("$(reboot).so");
    List<String> commands =
        found.causes().stream().flatMap(d -> d.checks().stream()).map(Check::command).toList();
    assertThat(commands).noneMatch(c -> c.contains("reboot"));
  }
}
