package dev.sigill.crash;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class ReportedCasesTest {
  private static final String START = "<!-- measured: begin -->\n";
  private static final String END = "<!-- measured: end -->";
  private static final Path PAGE = Path.of("../docs/explain.md");

  private final Explainer explainer = new Explainer(false);

  private static final class Count {
    int cases;
    int first;
    int three;
  }

  private List<String> causes(ReportedCases.Case each) {
    return explainer.explain(each.symptom()).causes().stream().map(d -> d.cause().id()).toList();
  }

  @Test
  void firstCause_ofExplainableCases_isExpectedInNineOfTen() throws IOException {
    int cases = 0;
    int first = 0;
    int three = 0;
    for (ReportedCases.Case each : ReportedCases.all()) {
      if (each.isExplainable()) {
        List<String> found = causes(each);
        cases++;
        first += each.expected().contains(found.getFirst()) ? 1 : 0;
        three += found.stream().limit(3).anyMatch(each.expected()::contains) ? 1 : 0;
      }
    }
    assertThat(cases).isGreaterThan(250);
    assertThat((double) first / cases).isGreaterThanOrEqualTo(0.9);
    assertThat((double) three / cases).isGreaterThanOrEqualTo(0.97);
  }

  @Test
  void reportedCases_areNotInTheSignsWordForWord() throws IOException {
    var all = new StringBuilder();
    for (Sign sign : Signs.standard().all()) {
      all.append(sign.name()).append(' ').append(sign.pattern()).append('\n');
    }
    for (ReportedCases.Case each : ReportedCases.all()) {
      assertThat(all).doesNotContain(each.id());
    }
  }

  /** Run with {@code -Dexplain.table} to write the figures anew. */
  @Test
  void docs_holdTheFiguresOfThisVersion() throws IOException {
    String table = table();
    String page = Files.readString(PAGE);
    int from = page.indexOf(START);
    int to = page.indexOf(END);
    assertThat(from).isGreaterThan(0).isLessThan(to);
    if (System.getProperty("explain.table") != null) {
      Files.writeString(
          PAGE, page.substring(0, from + START.length()) + table + page.substring(to));
      return;
    }
    assertThat(page.substring(from + START.length(), to))
        .as("run with -Dexplain.table to write the figures anew")
        .isEqualTo(table);
  }

  private String table() throws IOException {
    var counts = new TreeMap<String, Count>();
    var misses = new ArrayList<String>();
    var total = new Count();
    int unexplainable = 0;
    for (ReportedCases.Case each : ReportedCases.all()) {
      if (!each.isExplainable()) {
        unexplainable++;
        continue;
      }
      List<String> found = causes(each);
      boolean isFirst = each.expected().contains(found.getFirst());
      boolean isAmongThree = found.stream().limit(3).anyMatch(each.expected()::contains);
      for (Count count :
          List.of(counts.computeIfAbsent(each.expected().getFirst(), c -> new Count()), total)) {
        count.cases++;
        count.first += isFirst ? 1 : 0;
        count.three += isAmongThree ? 1 : 0;
      }
      if (!isFirst) {
        misses.add(
            "- `"
                + each.id()
                + "`: expected "
                + String.join(", ", each.expected())
                + "; found "
                + String.join(", ", found));
      }
    }
    var out = new StringBuilder("| cause | cases | first | within three |\n|---|---:|---:|---:|\n");
    counts.forEach((cause, count) -> row(out, cause, count));
    row(out, "all", total);
    out.append("\nBesides, ")
        .append(unexplainable)
        .append(" texts that do not say enough are not counted.\n\n");
    out.append(misses.isEmpty() ? "No case missed.\n" : "Missed:\n\n");
    misses.forEach(m -> out.append(m).append('\n'));
    return out.toString();
  }

  private static void row(StringBuilder out, String cause, Count count) {
    out.append(
        String.format(
            Locale.ROOT,
            "| %s | %d | %d (%.1f %%) | %d (%.1f %%) |%n",
            cause,
            count.cases,
            count.first,
            100.0 * count.first / count.cases,
            count.three,
            100.0 * count.three / count.cases));
  }
}
