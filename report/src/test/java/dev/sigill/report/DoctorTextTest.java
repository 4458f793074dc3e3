package dev.sigill.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sigill.analysis.Stage;
import dev.sigill.machine.Machine;
import dev.sigill.source.Distribution;
import dev.sigill.verdict.Coverage;
import dev.sigill.verdict.Finding;
import dev.sigill.verdict.Result;
import dev.sigill.verdict.Verdict;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class DoctorTextTest {
  private static final Style PLAIN = Style.plain();

  static Diagnosis failing() {
    var findings =
        List.of(
            Samples.avx("lib/python3.9/site-packages/flow/lib.so"),
            Samples.avx("lib/python3.9/site-packages/flow/other.so"),
            Samples.deep("lib/python3.9/site-packages/loose/_c.so"));
    var packages =
        List.of(
            package_(
                "tensorflow",
                "2.11.0",
                "lib/python3.9/site-packages/flow/lib.so",
                "lib/python3.9/site-packages/flow/other.so"),
            package_("pure", "1.0"));
    return diagnosis(
        "~/ml/.venv",
        List.of("The interpreter is an x86_64 build, so pip installed x86_64 wheels"),
        new Result(
            "~/ml/.venv",
            ".venv",
            Samples.ROSETTA,
            Verdict.CRASHES,
            Stage.LOAD,
            findings,
            packages,
            Samples.WHEEL));
  }

  static Diagnosis sound() {
    var packages = new ArrayList<Distribution>();
    for (int i = 0; i < 31; i++) {
      packages.add(package_("package" + i, "1." + i, "lib/p" + i + ".so"));
    }
    return diagnosis(
        "~/web/.venv",
        List.of(),
        new Result(
            "~/web/.venv",
            ".venv",
            Samples.ARM,
            Verdict.RUNS,
            null,
            List.of(),
            packages,
            Samples.WHEEL));
  }

  static Diagnosis open() {
    var coverage =
        new Coverage(
            3, 0, 100, 50, List.of("instructions of arm64 are not analysed yet"), List.of());
    return diagnosis(
        "/usr",
        List.of(),
        new Result(
            "/usr", "usr", Samples.ARM, Verdict.UNKNOWN, null, List.of(), List.of(), coverage));
  }

  static Diagnosis empty() {
    return diagnosis(
        "/usr/local",
        List.of(),
        new Result(
            "/usr/local",
            "local",
            Samples.ARM,
            Verdict.RUNS,
            null,
            List.of(),
            List.of(),
            new Coverage(0, 0, 0, 0, List.of(), List.of())));
  }

  private static Diagnosis diagnosis(String place, List<String> remarks, Result result) {
    return new Diagnosis(
        "python",
        "Python 3.9.6",
        "3.9.6",
        "cpython",
        result.machine().architecture(),
        place,
        remarks,
        result);
  }

  private static Distribution package_(String name, String version, String... members) {
    return new Distribution(
        Distribution.Ecosystem.PYTHON, name, version, "", List.of(), List.of(members), List.of());
  }

  private static String render(Machine machine, List<Diagnosis> all, Style style) {
    var widths =
        DoctorText.Widths.of(
            all.stream().map(Diagnosis::place).toList(),
            all.stream().map(DoctorText::title).toList(),
            style);
    var text = new StringBuilder(DoctorText.head(machine, style));
    all.forEach(each -> text.append(DoctorText.one(each, widths, style)));
    return text.append(DoctorText.tail(all, style)).toString();
  }

  @Test
  void text_everyKind_isTold() throws IOException {
    Golden.check(
        "doctor.txt", render(Samples.ARM, List.of(failing(), open(), empty(), sound()), PLAIN));
  }

  @Test
  void text_nothingWrong_namesWhatWasLookedAt() throws IOException {
    Golden.check("doctor-sound.txt", render(Samples.ARM, List.of(sound()), PLAIN));
  }

  @Test
  void text_nothingFound_saysSo() {
    assertThat(render(Samples.ARM, List.of(), PLAIN))
        .endsWith("No Python, Java or Node.js was found on this computer.\n");
  }

  @Test
  void text_manyPackages_areFolded() {
    var findings = new ArrayList<Finding>();
    for (int i = 0; i < 12; i++) {
      findings.add(Samples.avx("lib/python3.9/site-packages/package" + i + "/_c.so"));
    }
    Diagnosis many =
        diagnosis(
            "env",
            List.of(),
            Samples.result("env", Samples.NEHALEM, Verdict.CRASHES, Stage.LOAD, findings));
    assertThat(render(Samples.NEHALEM, List.of(many), PLAIN))
        .contains("package7", "and 4 more packages (`--all` shows everything)")
        .doesNotContain("package8");
    assertThat(render(Samples.NEHALEM, List.of(many), PLAIN.withUnfolded(true)))
        .contains("package11")
        .doesNotContain("--all");
  }
}
