package dev.sigill.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.sigill.analysis.Certainty;
import dev.sigill.analysis.Protection;
import dev.sigill.analysis.Stage;
import dev.sigill.bytes.Place;
import dev.sigill.bytes.Problem;
import dev.sigill.crash.Cause;
import dev.sigill.crash.Explainer;
import dev.sigill.isa.Feature;
import dev.sigill.isa.FeatureSet;
import dev.sigill.machine.ForcedPath;
import dev.sigill.verdict.Coverage;
import dev.sigill.verdict.Finding;
import dev.sigill.verdict.Result;
import dev.sigill.verdict.Rule;
import dev.sigill.verdict.RulePages;
import dev.sigill.verdict.Verdict;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class JsonSchemaTest {
  @Test
  void check_everyKindOfResult_fitsTheSchema() throws IOException {
    String json = checkJson();
    assertThat(problems("check.schema.json", json)).isEmpty();
    Golden.check("check.json", json);
  }

  @Test
  void check_explained_fitsTheSchema() throws IOException {
    var out = new ByteArrayOutputStream();
    CheckJson.write(
        List.of(Samples.explained(), Samples.runs("a.whl", Samples.HASWELL)), true, "1.2.3", out);
    String json = out.toString(StandardCharsets.UTF_8);
    assertThat(problems("check.schema.json", json)).isEmpty();
    assertThat(problems("check.schema.json", json.replace("\"unreached\"", "\"lost\"")))
        .isNotEmpty();
    Golden.check("check-explained.json", json);
  }

  @Test
  void check_everyKindOfProtection_isInTheSchema() throws IOException {
    String schema;
    try (var in = CheckJson.class.getResourceAsStream("check.schema.json")) {
      schema = new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
    for (Protection.Kind kind : Protection.Kind.values()) {
      assertThat(schema).contains("\"" + kind.id() + "\"");
    }
  }

  @Test
  void check_wrongWord_doesNotFitTheSchema() throws IOException {
    assertThat(problems("check.schema.json", checkJson().replace("\"crashes\"", "\"CRASHES\"")))
        .isNotEmpty();
    assertThat(problems("check.schema.json", checkJson().replace("\"0x2e77b1e\"", "48724766")))
        .isNotEmpty();
  }

  @Test
  void machines_everyKind_fitTheSchema() throws IOException {
    var out = new ByteArrayOutputStream();
    MachinesJson.write(List.of(Samples.NEHALEM, Samples.ROSETTA, Samples.ARM), "1.2.3", out);
    String json = out.toString(StandardCharsets.UTF_8);
    assertThat(problems("machines.schema.json", json)).isEmpty();
    Golden.check("machines.json", json);
  }

  @Test
  void explain_everyKindOfText_fitsTheSchema() throws IOException {
    var explainer = new Explainer(false);
    for (String text :
        List.of(
            "zsh: illegal hardware instruction  python",
            "nothing to see here",
            "qemu: uncaught target signal 4 (Illegal instruction) - core dumped",
            "OSError: libfoo.so: cannot allocate memory in static TLS block")) {
      var out = new ByteArrayOutputStream();
      ExplainJson.write(List.of(explainer.explain(text)), false, "1.2.3", out);
      String json = out.toString(StandardCharsets.UTF_8);
      assertThat(problems("explain.schema.json", json)).isEmpty();
      assertThat(problems("explain.schema.json", json.replace("\"likely\"", "\"LIKELY\"")))
          .satisfies(p -> assertThat(p.isEmpty()).isEqualTo(!json.contains("\"likely\"")));
    }
    var folder = new ByteArrayOutputStream();
    ExplainJson.write(
        List.of(explainer.explain("x"), explainer.explain("Exited (132)")), true, "1.2.3", folder);
    assertThat(problems("explain.schema.json", folder.toString(StandardCharsets.UTF_8))).isEmpty();
  }

  @Test
  void explain_everyCause_isInTheSchema() throws IOException {
    String schema =
        new String(
            ExplainJson.class.getResourceAsStream("explain.schema.json").readAllBytes(),
            StandardCharsets.UTF_8);
    for (Cause cause : Cause.values()) {
      assertThat(schema).contains("\"" + cause.id() + "\"");
    }
  }

  @Test
  void check_packages_fitTheSchema() throws IOException {
    var out = new ByteArrayOutputStream();
    CheckJson.write(List.of(CheckTextTest.environment()), "1.2.3", out);
    String json = out.toString(StandardCharsets.UTF_8);
    assertThat(json).contains("\"because\": \"importing it imports alpha-suite");
    assertThat(problems("check.schema.json", json)).isEmpty();
    assertThat(problems("check.schema.json", json.replace("\"because\"", "\"why\""))).isNotEmpty();
  }

  @Test
  void check_everyWord_isInTheSchema() throws IOException {
    var results = new ArrayList<Result>();
    for (Problem.Code code : Problem.Code.values()) {
      for (Problem.Effect effect : Problem.Effect.values()) {
        var problem = new Problem(code, Place.of("x"), "field", -1, -1, effect);
        var coverage = new Coverage(0, 0, 0, 0, List.of(), List.of(problem));
        results.add(
            new Result(
                "x", "x", Samples.ARM, Verdict.UNKNOWN, null, List.of(), List.of(), coverage));
      }
    }
    for (Verdict verdict : Verdict.values()) {
      for (Stage stage : Stage.values()) {
        for (Certainty certainty : Certainty.values()) {
          for (Rule rule : Rule.values()) {
            var finding =
                new Finding(
                    rule, verdict, stage, certainty, List.of(), "", null, "", "", "", List.of(),
                    List.of());
            results.add(Samples.result("x", Samples.ARM, verdict, stage, List.of(finding)));
          }
        }
      }
    }
    var out = new ByteArrayOutputStream();
    CheckJson.write(results, "1.2.3", out);
    assertThat(problems("check.schema.json", out.toString(StandardCharsets.UTF_8))).isEmpty();
  }

  @Test
  void doctor_everyKind_fitsTheSchema() throws IOException {
    var out = new ByteArrayOutputStream();
    DoctorJson.write(
        Samples.ARM,
        List.of(
            new ForcedPath(
                "OPENBLAS_CORETYPE", "Haswell", "OpenBLAS", FeatureSet.of(Feature.AVX2))),
        List.of(
            DoctorTextTest.failing(),
            DoctorTextTest.open(),
            DoctorTextTest.empty(),
            DoctorTextTest.sound()),
        "1.2.3",
        out);
    assertThat(problems("doctor.schema.json", out.toString(StandardCharsets.UTF_8))).isEmpty();
  }

  @Test
  void verify_everyOutcome_fitsTheSchema() throws IOException {
    var out = new ByteArrayOutputStream();
    VerifyJson.write(VerifyTextTest.results(), List.of("OPENBLAS_CORETYPE=x"), "1.2.3", out);
    String json = out.toString(StandardCharsets.UTF_8);
    assertThat(problems("verify.schema.json", json)).isEmpty();
    assertThat(problems("verify.schema.json", json.replace("\"timeout\"", "\"TIMEOUT\"")))
        .isNotEmpty();
    assertThat(
            problems("verify.schema.json", json.replace("\"seconds\": 0.25", "\"seconds\": null")))
        .isNotEmpty();
    // What stands inside is an explanation as explain answers it.
    assertThat(json).contains("\"cause\": \"isa-missing\"");
  }

  @Test
  void rules_everyPage_fitsTheSchema() throws IOException {
    var out = new ByteArrayOutputStream();
    RuleJson.write(Arrays.stream(Rule.values()).map(RulePages::page).toList(), "1.2.3", out);
    assertThat(problems("rules.schema.json", out.toString(StandardCharsets.UTF_8))).isEmpty();
  }

  private static String checkJson() throws IOException {
    var coverage =
        new Coverage(
            2, 1, 1000, 931, List.of("arm64 code"), List.of(Samples.problem("c.whl!/c/_c.so")));
    var out = new ByteArrayOutputStream();
    CheckJson.write(
        List.of(
            Samples.crashes("a.whl", Samples.NEHALEM),
            Samples.runs("a.whl", Samples.HASWELL),
            Samples.result(
                "b.whl",
                Samples.ARM,
                Verdict.FAILS_TO_LOAD,
                Stage.LOAD,
                List.of(Samples.glibc("b/_b.so"), Samples.note(""))),
            new Result(
                "c.whl",
                "c.whl",
                Samples.ARM,
                Verdict.UNKNOWN,
                null,
                List.of(),
                List.of(),
                coverage)),
        "1.2.3",
        out);
    return out.toString(StandardCharsets.UTF_8);
  }

  private static List<String> problems(String schema, String json) throws IOException {
    try (var in = CheckJson.class.getResourceAsStream(schema)) {
      Schema read =
          SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
              .getSchema(new String(in.readAllBytes(), StandardCharsets.UTF_8), InputFormat.JSON);
      return read.validate(json, InputFormat.JSON).stream().map(Object::toString).toList();
    }
  }
}
