package dev.sigill.cli;

import dev.sigill.report.RuleJson;
import dev.sigill.report.RuleText;
import dev.sigill.verdict.Rule;
import dev.sigill.verdict.RulePages;
import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParseResult;

/** {@code sigill rule [ID]}. */
final class RuleCommand implements Command {
  @Override
  public CommandSpec spec() {
    CommandSpec spec = CommandSpec.create().name("rule");
    spec.usageMessage()
        .description("What a rule reports, why it matters, and what helps; without an ID a list.")
        .footer("", "Examples:", "  sigill rule SIG101", "  sigill rule page-size");
    spec.addPositional(
        PositionalParamSpec.builder()
            .paramLabel("ID")
            .arity("0..1")
            .type(String.class)
            .description("A rule's id or readable name.")
            .build());
    return spec;
  }

  @Override
  public int run(Session session, ParseResult parsed) throws UsageException, IOException {
    String name = parsed.matchedPositionalValue(0, "");
    List<Rule> rules = name.isEmpty() ? List.of(Rule.values()) : List.of(rule(name));
    if (session.isJson()) {
      RuleJson.write(
          rules.stream().map(RulePages::page).toList(),
          Version.text(),
          session.surroundings().out());
    } else if (name.isEmpty()) {
      session.surroundings().out().print(RuleText.list(rules, session.style()));
    } else {
      session
          .surroundings()
          .out()
          .print(RuleText.page(RulePages.page(rules.getFirst()), session.style()));
    }
    return ExitCode.OK;
  }

  private static Rule rule(String name) throws UsageException {
    var found = RulePages.find(name);
    if (found.isPresent()) {
      return found.get();
    }
    String near =
        Names.nearest(
                name.toLowerCase(java.util.Locale.ROOT),
                Stream.of(Rule.values())
                    .flatMap(r -> Stream.of(r.id().toLowerCase(java.util.Locale.ROOT), r.slug()))
                    .toList())
            .map(n -> "; did you mean '" + n + "'?")
            .orElse(".");
    throw new UsageException(
        "there is no rule '" + name + "'" + near + "\n`sigill rule` lists them all.");
  }
}
