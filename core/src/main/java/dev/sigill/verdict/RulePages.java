package dev.sigill.verdict;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The pages of {@code docs/rules}, which travel with the library. */
public final class RulePages {
  private static final String HEADING = "## ";

  private RulePages() {}

  /** The page of a rule. */
  public static RulePage page(Rule rule) {
    String name = "rules/" + rule.id() + "-" + rule.slug() + ".md";
    try (InputStream in = RulePages.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException("no page for " + rule.id());
      }
      return parse(rule, new String(in.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The rule of an id or of a readable name, in any case ({@code sig101}, {@code page-size}). */
  public static Optional<Rule> find(String name) {
    String wanted = name.trim().toLowerCase(Locale.ROOT);
    for (Rule rule : Rule.values()) {
      if (rule.id().toLowerCase(Locale.ROOT).equals(wanted) || rule.slug().equals(wanted)) {
        return Optional.of(rule);
      }
    }
    return Optional.empty();
  }

  static RulePage parse(Rule rule, String markdown) {
    var sections = new ArrayList<RulePage.Section>();
    @Nullable String heading = null;
    var body = new StringBuilder();
    for (String line : markdown.lines().toList()) {
      if (line.startsWith(HEADING)) {
        if (heading != null) {
          sections.add(new RulePage.Section(heading, body.toString().strip()));
        }
        heading = line.substring(HEADING.length()).strip();
        body.setLength(0);
      } else {
        body.append(line).append('\n');
      }
    }
    if (heading != null) {
      sections.add(new RulePage.Section(heading, body.toString().strip()));
    }
    return new RulePage(rule, markdown, sections);
  }
}
