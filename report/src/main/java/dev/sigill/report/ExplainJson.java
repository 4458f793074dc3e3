package dev.sigill.report;

import dev.sigill.crash.Check;
import dev.sigill.crash.Diagnosis;
import dev.sigill.crash.Explanation;
import dev.sigill.crash.Fact;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;

/** The answer of {@code explain} for programs, version 1 of {@code explain.schema.json}. */
public final class ExplainJson {
  private ExplainJson() {}

  /**
   * Writes one explanation as an object, several as the list {@code results} of one, and leaves the
   * stream open.
   *
   * @param version the tool's version
   */
  public static void write(
      List<Explanation> explanations, boolean isFolder, String version, OutputStream out)
      throws IOException {
    try (var json = new Json(out)) {
      json.object(
          root -> {
            CheckJson.head(root, version);
            if (isFolder) {
              root.list("results", explanations, (each, e) -> each.object(o -> members(o, e)));
            } else {
              members(root, explanations.getFirst());
            }
          });
    }
  }

  /** The members of an explanation's object. */
  static void members(Json json, Explanation explanation) throws IOException {
    json.string("source", explanation.source());
    json.string("kind", explanation.kind());
    json.string("signal", explanation.signal().isEmpty() ? null : explanation.signal());
    json.list("causes", explanation.causes(), ExplainJson::cause);
    json.object(
        "facts",
        facts -> {
          for (var entry : explanation.facts().values().entrySet()) {
            if (entry.getKey() == Fact.TRANSLATED) {
              facts.truth(entry.getKey().id(), entry.getValue().equals("true"));
            } else {
              facts.string(entry.getKey().id(), entry.getValue());
            }
          }
          facts.list(
              "libraries",
              explanation.facts().libraries().stream().map(l -> l.path()).distinct().toList(),
              Json::text);
        });
    json.strings("problems", explanation.problems().stream().map(p -> p.message()).toList());
  }

  private static void cause(Json json, Diagnosis diagnosis) throws IOException {
    json.object(
        object -> {
          object.string("cause", diagnosis.cause().id());
          object.string("title", diagnosis.cause().title());
          object.string("likelihood", diagnosis.likelihood().id());
          object.strings("because", diagnosis.because());
          object.strings("missing", diagnosis.missing());
          object.strings("checks", diagnosis.checks().stream().map(ExplainJson::line).toList());
          object.list("fixes", diagnosis.fixes(), CheckJson::fix);
          object.strings("links", diagnosis.links());
        });
  }

  /** A check and what its answers mean in one line. */
  static String line(Check check) {
    return check.answers().isEmpty()
        ? check.command()
        : check.command() + " — " + String.join("; ", check.answers());
  }
}
