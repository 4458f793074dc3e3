package dev.sigill.report;

import dev.sigill.probe.Verification;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;

/** The answer of {@code verify} for programs, version 1 of {@code verify.schema.json}. */
public final class VerifyJson {
  private VerifyJson() {}

  /**
   * Writes results and leaves the stream open.
   *
   * @param settings variables that force a path, as {@code NAME=value}
   * @param version the tool's version
   */
  public static void write(
      List<Verification> results, List<String> settings, String version, OutputStream out)
      throws IOException {
    try (var json = new Json(out)) {
      json.object(
          root -> {
            CheckJson.head(root, version);
            root.strings("settings", settings);
            root.list("results", results, VerifyJson::result);
          });
    }
  }

  private static void result(Json json, Verification result) throws IOException {
    json.object(
        object -> {
          object.string("workload", result.workload());
          object.string("title", result.title());
          object.string("environment", result.environment());
          object.string("outcome", result.outcome().id());
          object.string("detail", result.detail());
          object.list("steps", result.steps(), VerifyJson::step);
        });
  }

  private static void step(Json json, Verification.StepResult step) throws IOException {
    json.object(
        object -> {
          object.string("step", step.step());
          object.string("title", step.title());
          object.string("outcome", step.outcome().id());
          object.decimal("seconds", step.seconds());
          object.object(
              "values",
              values -> {
                for (var entry : step.values().entrySet()) {
                  values.any(entry.getKey(), entry.getValue());
                }
              });
          object.string("detail", step.detail());
          if (step.explanation().isPresent()) {
            object.object(
                "explanation", members -> ExplainJson.members(members, step.explanation().get()));
          }
        });
  }
}
