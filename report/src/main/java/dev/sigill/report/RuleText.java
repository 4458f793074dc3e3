package dev.sigill.report;

import dev.sigill.verdict.Rule;
import dev.sigill.verdict.RulePage;
import java.util.List;

/** Rules for people: their list, or the page of one. */
public final class RuleText {
  private RuleText() {}

  /** One line for each rule. */
  public static String list(List<Rule> rules, Style style) {
    var page = new Page(style);
    int width = rules.stream().mapToInt(r -> Page.width(r.slug())).max().orElse(0);
    for (Rule rule : rules) {
      page.wrapped(
          page.strong(rule.id()) + "   " + Page.padded(rule.slug(), width) + "   ", rule.title());
    }
    page.gap();
    page.line("`sigill rule ID` shows the page of one.");
    return page.toString();
  }

  /** The page as it is written, its headings stressed. */
  public static String page(RulePage rulePage, Style style) {
    var page = new Page(style);
    boolean isCode = false;
    for (String line : rulePage.markdown().stripTrailing().lines().toList()) {
      isCode ^= line.startsWith("```");
      page.line(!isCode && line.startsWith("#") ? page.strong(line) : line);
    }
    return page.toString();
  }
}
