package dev.sigill.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sigill.analysis.Stage;
import dev.sigill.machine.Machine;
import dev.sigill.source.Distribution;
import dev.sigill.verdict.Coverage;
import dev.sigill.verdict.Finding;
import dev.sigill.verdict.PackageAnswer;
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

  static Diagnosis openInUse() {
    var coverage =
        new Coverage(5, 0, 100, 50, List.of("what is reached in use was not followed"), List.of());
    return diagnosis(
        "~/old/.venv",
        List.of(),
        new Result(
            "~/old/.venv",
            ".venv",
            Samples.NEHALEM,
            Verdict.UNKNOWN,
            Stage.USE,
            List.of(),
            List.of(package_("numbers", "1.0", "lib/n.so"), package_("frames", "2.0", "lib/f.so")),
            coverage));
  }

  static Diagnosis hit() {
    Distribution alpha = package_("alpha", "1.0", "lib/python3.9/site-packages/alpha/_a.so");
    Distribution beta = package_("beta", "2.0");
    return diagnosis(
        "~/hit/.venv",
        List.of(),
        new Result(
            "~/hit/.venv",
            ".venv",
            Samples.NEHALEM,
            Verdict.CRASHES,
            Stage.LOAD,
            List.of(Samples.avx("lib/python3.9/site-packages/alpha/_a.so")),
            List.of(alpha, beta),
            List.of(
                new PackageAnswer(
                    alpha, Verdict.CRASHES, Stage.LOAD, "needs AVX", null, List.of("alpha")),
                new PackageAnswer(
                    beta,
                    Verdict.CRASHES,
                    Stage.IMPORT,
                    "importing it imports alpha, which crashes at load",
                    alpha,
                    List.of("beta", "alpha"))),
            List.of(),
            Samples.WHEEL));
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
  void text_packagesHitByOthers_areTold() throws IOException {
    Golden.check("doctor-hit.txt", render(Samples.NEHALEM, List.of(hit(), openInUse()), PLAIN));
  }

  @Test
  void text_onlyUseOpen_isNotCalledUndecided() throws IOException {
    String text = render(Samples.NEHALEM, List.of(openInUse()), PLAIN);
    assertThat(text)
        .contains("2 native packages load and import")
        .contains("Nothing was found that stops a program here when it loads or imports it.")
        .contains("What happens in use is not")
        .doesNotContain("not decided");
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
