package dev.sigill.accuracy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sigill.accuracy.Answer.Said;
import dev.sigill.isa.Feature;
import dev.sigill.machine.Machines;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class AccuracyPageTest {
  @Test
  void figures_replaceWhatStoodBetweenTheMarkers() {
    String page = "before\n" + AccuracyPage.BEGIN + "\nold\n" + AccuracyPage.END + "\nafter\n";
    String once = AccuracyPage.within(page, "new\n");
    assertThat(once)
        .startsWith("before\n")
        .endsWith("\nafter\n")
        .contains("new")
        .doesNotContain("old");
    assertThat(AccuracyPage.within(once, "new\n")).isEqualTo(once);
  }

  @Test
  void aPageWithoutMarkers_isLeftAlone() {
    assertThatThrownBy(() -> AccuracyPage.within("no markers", "new"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("markers");
  }

  @Test
  void thePublishedPage_hasTheMarkers() throws IOException {
    String page = Files.readString(Path.of("../docs/accuracy.md"));
    assertThat(AccuracyPage.within(page, "x")).contains(AccuracyPage.BEGIN + "\n\nx");
  }

  @Test
  void aDisagreement_isListedWithItsReason() {
    var fault = new Fault("lib/a.libs/libx-0123abcd.so.1", "f +0x1", "0x10", "vzeroupper", "avx");
    var run =
        new Run(
            "a",
            "1",
            "import",
            "Nehalem",
            Outcome.SIGILL,
            "load",
            fault,
            List.of(),
            List.of(),
            "",
            1);
    var answer =
        new Answer(
            "a",
            "1",
            "import",
            "Nehalem",
            "unknown",
            "",
            List.<Said>of(),
            List.of("avx"),
            List.of(),
            1,
            1,
            1);
    var unexplained = new PackageTables(List.of(run), List.of(answer), new Reasons(""));
    assertThat(unexplained.text())
        .contains("| load: dies, missed | a | Nehalem | `libx.so.1` `f+0x1` `vzeroupper` |")
        .contains(Reasons.UNEXPLAINED);
    var explained =
        new PackageTables(
            List.of(run), List.of(answer), new Reasons("*\tload\tlibx\t*\tbecause of this\n"));
    assertThat(explained.text()).contains("because of this").doesNotContain(Reasons.UNEXPLAINED);
  }

  @Test
  void everyReasonFile_isSound() {
    assertThat(Reasons.standard().of("no such", "load", Judgement.MISSED, "x", "y"))
        .isEqualTo(Reasons.UNEXPLAINED);
    assertThatThrownBy(() -> new Reasons("a\tb\n")).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void everyRecordedRow_namesAMachineAndAFeatureThatExist() {
    for (List<Recorded> rows : List.of(Recorded.releases(), Recorded.gaps())) {
      assertThat(rows).hasSizeGreaterThan(100);
      for (Recorded row : rows) {
        assertThat(Machines.named(row.machine())).isNotNull();
        assertThat(row.wheel()).endsWith(".whl");
        assertThat(row.isDeath() && row.stage().isEmpty()).as(row.toString()).isFalse();
        for (String feature : row.feature().split("\\+")) {
          assertThat(feature.isEmpty() || Feature.find(feature) != null)
              .as(row.toString())
              .isTrue();
        }
      }
    }
  }
}
