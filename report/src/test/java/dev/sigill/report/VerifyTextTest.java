package dev.sigill.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sigill.crash.Explainer;
import dev.sigill.probe.Verification;
import dev.sigill.probe.Verification.Outcome;
import dev.sigill.probe.Verification.StepResult;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class VerifyTextTest {
  /** Every outcome, values of every kind, and workloads that were and were not run. */
  static List<Verification> results() {
    var values = new LinkedHashMap<String, Object>();
    values.put("version", "2.21.0");
    values.put("loss", List.of(2.4382, 0.83694, 0.0256));
    values.put("count", 3);
    values.put("great", 1L << 60);
    values.put("truth", true);
    values.put("nothing", null);
    values.put("map", Map.of("a", List.of(1, "nan")));
    var explanation =
        Optional.of(new Explainer(false).explain("zsh: illegal hardware instruction  python"));
    var steps =
        Arrays.stream(Outcome.values())
            .map(
                o ->
                    new StepResult(
                        "s-" + o.id(),
                        "what it does",
                        o,
                        0.25,
                        o == Outcome.PASS ? values : Map.of(),
                        o == Outcome.PASS ? "" : "a reason",
                        o == Outcome.CRASH ? explanation : Optional.empty()))
            .toList();
    return List.of(
        new Verification("tensorflow", "TensorFlow", ".venv", Outcome.CRASH, "", steps),
        new Verification("jax", "JAX", ".venv", Outcome.SKIPPED, "jax is not installed", List.of()),
        new Verification(
            "numpy",
            "NumPy",
            ".venv",
            Outcome.PASS,
            "",
            List.of(
                new StepResult(
                    "import", "import numpy", Outcome.PASS, 1, Map.of(), "", Optional.empty()))));
  }

  @Test
  void text_everyOutcome_saysWordReasonAndValues() {
    String text = VerifyText.render(results(), List.of("QEMU_CPU=max"), Style.plain());
    for (Outcome outcome : Outcome.values()) {
      assertThat(text).contains(outcome.id());
    }
    assertThat(text)
        .contains("✗ tensorflow  .venv", "loss  [2.4382, 0.83694, 0.025600]")
        .contains("✗ SIGILL: an instruction that this processor")
        .contains("jax  .venv: jax is not installed")
        .contains("QEMU_CPU=max: this was proven with it")
        .endsWith("1 of 2 fail.\n");
  }

  @Test
  void text_firstStepFailed_namesTheOthersOnce() {
    var failed =
        new StepResult("import", "x", Outcome.ERROR, 1, Map.of(), "status 1", Optional.empty());
    String text =
        VerifyText.render(
            List.of(
                new Verification(
                    "w",
                    "W",
                    "here",
                    Outcome.ERROR,
                    "",
                    List.of(failed, left("add"), left("matmul")))),
            List.of(),
            Style.plain());
    assertThat(text)
        .contains("not run, because the step import did not pass: add, matmul")
        .endsWith("1 of 1 fail.\n");
  }

  private static StepResult left(String name) {
    return new StepResult(
        name, name, Outcome.SKIPPED, 0, Map.of(), "the step import did not pass", Optional.empty());
  }

  @Test
  void text_nothingRun_saysSo() {
    assertThat(VerifyText.render(List.of(), List.of(), Style.plain()))
        .isEqualTo("Nothing could be run.\n");
  }
}
