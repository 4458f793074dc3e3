package dev.sigill.report;

import dev.sigill.verdict.RulePage;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;

/** Rules and their pages for programs, version 1 of {@code rules.schema.json}. */
public final class RuleJson {
  private RuleJson() {}

  /**
   * Writes the pages and leaves the stream open.
   *
   * @param version the tool's version
   */
  public static void write(List<RulePage> pages, String version, OutputStream out)
      throws IOException {
    try (var json = new Json(out)) {
      json.object(
          root -> {
            CheckJson.head(root, version);
            root.list("rules", pages, (each, page) -> each.object(o -> members(o, page)));
          });
    }
  }

  private static void members(Json json, RulePage page) throws IOException {
    json.string("id", page.rule().id());
    json.string("slug", page.rule().slug());
    json.string("title", page.rule().title());
    json.list(
        "sections",
        page.sections(),
        (each, section) ->
            each.object(
                object -> {
                  object.string("heading", section.heading());
                  object.string("markdown", section.body());
                }));
  }
}
