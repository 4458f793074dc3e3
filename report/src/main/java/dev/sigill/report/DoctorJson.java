package dev.sigill.report;

import dev.sigill.machine.ForcedPath;
import dev.sigill.machine.Machine;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;

/** The answer of {@code doctor} for programs, version 1 of {@code doctor.schema.json}. */
public final class DoctorJson {
  private DoctorJson() {}

  /**
   * Writes the answer and leaves the stream open.
   *
   * @param machine this computer
   * @param forced the variables set here that force code for another processor
   * @param version the tool's version
   */
  public static void write(
      Machine machine,
      List<ForcedPath> forced,
      List<Diagnosis> diagnoses,
      String version,
      OutputStream out)
      throws IOException {
    try (var json = new Json(out)) {
      json.object(
          root -> {
            CheckJson.head(root, version);
            root.object("machine", object -> MachinesJson.members(object, machine));
            root.list(
                "forced",
                forced,
                (each, path) ->
                    each.object(
                        o -> {
                          o.string("variable", path.variable());
                          o.string("value", path.value());
                          o.string("software", path.software());
                          o.strings("missing", path.missing().ids());
                        }));
            root.list("results", diagnoses, (each, d) -> each.object(o -> members(o, d)));
          });
    }
  }

  private static void members(Json json, Diagnosis diagnosis) throws IOException {
    json.object(
        "installation",
        object -> {
          object.string("language", diagnosis.language());
          object.string("title", diagnosis.title());
          object.string("version", diagnosis.version());
          object.string("implementation", diagnosis.implementation());
          object.string("architecture", diagnosis.architecture().id());
          object.string("path", diagnosis.place());
          object.strings("remarks", diagnosis.remarks());
          object.list(
              "packages",
              diagnosis.result().packages().stream().filter(p -> !p.members().isEmpty()).toList(),
              (each, p) -> each.object(o -> CheckJson.distribution(o, p)));
        });
    CheckJson.resultMembers(json, diagnosis.result());
  }
}
