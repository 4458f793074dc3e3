package dev.sigill.verdict;

import java.util.List;

/**
 * What a rule's page says.
 *
 * @param rule the rule
 * @param markdown the whole page, as it lies under {@code docs/rules}
 * @param sections its parts, in the order of {@link #HEADINGS}
 */
public record RulePage(Rule rule, String markdown, List<Section> sections) {
  /** The headings that every page has, in this order. */
  public static final List<String> HEADINGS =
      List.of(
          "What it reports",
          "Why it matters",
          "Evidence shown",
          "Example that triggers",
          "Fix",
          "When to ignore",
          "Limits of the check",
          "Since");

  public RulePage {
    sections = List.copyOf(sections);
  }

  /**
   * One part of a page.
   *
   * @param heading its heading, without marks
   * @param body its text in Markdown, without blank lines around it
   */
  public record Section(String heading, String body) {}

  /** The text under a heading; empty where the page has none of that name. */
  public String section(String heading) {
    for (Section section : sections) {
      if (section.heading().equals(heading)) {
        return section.body();
      }
    }
    return "";
  }
}
