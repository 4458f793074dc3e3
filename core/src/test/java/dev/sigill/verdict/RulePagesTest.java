package dev.sigill.verdict;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RulePagesTest {
  private static final Path FOLDER = Path.of("../docs/rules");

  @ParameterizedTest
  @EnumSource(Rule.class)
  void page_ofEveryRule_hasItsTitleAndTheFixedHeadings(Rule rule) {
    RulePage page = RulePages.page(rule);

    assertThat(page.markdown()).startsWith("# " + rule.id() + ": " + rule.title() + "\n");
    assertThat(page.sections())
        .extracting(RulePage.Section::heading)
        .containsExactlyElementsOf(RulePage.HEADINGS);
    assertThat(page.sections()).noneMatch(s -> s.body().isEmpty());
  }

  @Test
  void folder_holdsAPageForEveryRuleAndNoOther() throws IOException {
    List<String> names;
    try (Stream<Path> files = Files.list(FOLDER)) {
      names = files.map(f -> f.getFileName().toString()).sorted().toList();
    }

    assertThat(names)
        .containsExactlyElementsOf(
            Arrays.stream(Rule.values())
                .map(r -> r.id() + "-" + r.slug() + ".md")
                .sorted()
                .toList());
  }

  @Test
  void bundledPage_isTheFileOfTheFolder() throws IOException {
    assertThat(RulePages.page(Rule.SIG101).markdown())
        .isEqualTo(Files.readString(FOLDER.resolve("SIG101-instruction-beyond-machine.md")));
  }

  @Test
  void pageWithoutAHeading_showsInItsSections() {
    RulePage page = RulePages.parse(Rule.SIG101, "# SIG101\n\n## Fix\n\na\n\n## Since\n\n0.1.0\n");

    assertThat(page.section("Fix")).isEqualTo("a");
    assertThat(page.section("Why it matters")).isEmpty();
  }

  @Test
  void find_takesIdsAndSlugsInAnyCase() {
    assertThat(RulePages.find("sig305")).contains(Rule.SIG305);
    assertThat(RulePages.find("page-size")).contains(Rule.SIG305);
    assertThat(RulePages.find("SIG999")).isEmpty();
  }
}
