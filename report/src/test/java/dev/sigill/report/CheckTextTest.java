package dev.sigill.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sigill.analysis.Stage;
import dev.sigill.source.Distribution;
import dev.sigill.verdict.Coverage;
import dev.sigill.verdict.Finding;
import dev.sigill.verdict.PackageAnswer;
import dev.sigill.verdict.Proof;
import dev.sigill.verdict.Result;
import dev.sigill.verdict.Verdict;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class CheckTextTest {
  private static final String WHEEL = "example-2.21.0-cp311-cp311-manylinux_2_27_x86_64.whl";
  private static final Style PLAIN = Style.plain();

  /** Three machines: two share one story, the third runs it. */
  private static List<Result> severalMachines() {
    return List.of(
        Samples.crashes(WHEEL, Samples.NEHALEM),
        Samples.crashes(WHEEL, Samples.WESTMERE),
        Samples.runs(WHEEL, Samples.HASWELL));
  }

  /** An environment with many packages of one kind of trouble, and others besides. */
  static Result environment() {
    var findings = new ArrayList<Finding>();
    for (int i = 0; i < 6; i++) {
      findings.add(Samples.avx("lib/python3.11/site-packages/alpha/_lib" + i + ".so"));
    }
    findings.add(Samples.deep("lib/python3.11/site-packages/alpha/_core.so"));
    for (int i = 0; i < 20; i++) {
      findings.add(Samples.avx("lib/python3.11/site-packages/package" + i + "/_native.so"));
    }
    findings.add(Samples.note(""));
    var packages =
        List.of(
            new Distribution(
                Distribution.Ecosystem.PYTHON,
                "alpha-suite",
                "1.2.0",
                "lib/python3.11/site-packages",
                List.of(),
                findings.subList(0, 7).stream().map(Finding::image).toList(),
                List.of()));
    var coverage =
        new Coverage(
            120,
            3,
            800_000,
            790_000,
            List.of("instructions of arm64 are not analysed yet"),
            List.of(Samples.problem("lib/python3.11/site-packages/broken/_x.so")));
    return new Result(
        ".venv",
        ".venv",
        Samples.NEHALEM,
        Verdict.CRASHES,
        Stage.LOAD,
        findings,
        packages,
        answers(packages.getFirst()),
        List.of(),
        coverage);
  }

  private static List<PackageAnswer> answers(Distribution alpha) {
    var beta = package_("beta", "3.0");
    var gamma = package_("gamma", "0.1");
    return List.of(
        new PackageAnswer(
            alpha,
            Verdict.CRASHES,
            Stage.LOAD,
            "importing it loads _lib0.so, which needs AVX",
            null,
            List.of("alpha", "alpha._lib0")),
        new PackageAnswer(
            beta,
            Verdict.CRASHES,
            Stage.IMPORT,
            "importing it imports alpha-suite, which crashes at load",
            alpha,
            List.of("beta", "beta.compat", "beta.compat.alpha", "alpha", "alpha._lib0")),
        new PackageAnswer(
            gamma,
            Verdict.MAY_CRASH,
            Stage.USE,
            "it requires alpha-suite, which crashes at load",
            alpha,
            List.of()),
        new PackageAnswer(
            package_("delta", "1"), Verdict.UNKNOWN, Stage.USE, "open", null, List.of()),
        new PackageAnswer(
            package_("pure", "2"), Verdict.RUNS, null, "no native code", null, List.of()));
  }

  private static Distribution package_(String name, String version) {
    return new Distribution(
        Distribution.Ecosystem.PYTHON, name, version, "", List.of(), List.of(), List.of());
  }

  @Test
  void text_oneTargetSeveralMachines_sharesTheStory() throws IOException {
    Golden.check("check-machines.txt", CheckText.render(severalMachines(), PLAIN));
  }

  @Test
  void text_asciiWithoutColor_hasNothingBeyondAscii() throws IOException {
    String text = CheckText.render(severalMachines(), PLAIN.withUnicode(false));
    assertThat(text).matches("\\p{ASCII}*");
    Golden.check("check-machines.ascii.txt", text);
  }

  @Test
  void text_color_addsNothingButColor() throws IOException {
    String colored = CheckText.render(severalMachines(), PLAIN.withColor(true));
    Golden.check("check-machines.color.txt", colored);
    assertThat(colored.replaceAll("\u001b\\[[0-9]+m", ""))
        .isEqualTo(CheckText.render(severalMachines(), PLAIN));
  }

  @Test
  void text_narrowTerminal_staysWithin() throws IOException {
    String text = CheckText.render(severalMachines(), PLAIN.withWidth(60));
    Golden.check("check-machines.60.txt", text);
  }

  @Test
  void text_explained_showsTheCheckOfEveryFindingAndOfWhatIsContained() throws IOException {
    String text = CheckText.renderExplained(List.of(Samples.explained()), PLAIN);
    Golden.check("check-explained.txt", text);
    String all = CheckText.renderExplained(List.of(Samples.explained()), PLAIN.withUnfolded(true));
    assertThat(all).contains("PyInit__b → b::init() → b::wide(float*)");
  }

  @Test
  void text_explained_showsEveryStepOfTheWay() {
    Result deep =
        Samples.result(
            "a.whl", Samples.NEHALEM, Verdict.MAY_CRASH, Stage.USE, List.of(Samples.deep("a.so")));
    assertThat(CheckText.render(List.of(deep), PLAIN)).doesNotContain("example::step7(");
    assertThat(CheckText.renderExplained(List.of(deep), PLAIN)).contains("example::step7(");
  }

  @Test
  void text_stepInAnotherLibrary_saysInWhich() {
    Finding avx = Samples.avx("a/liba.so");
    var proof =
        new Proof("f()+0x12", 0x2012, "c5f857c0", "vxorps", List.of("PyInit__a", "f() in liba.so"));
    var finding =
        new Finding(
            avx.rule(),
            avx.verdict(),
            avx.stage(),
            avx.certainty(),
            avx.missing(),
            avx.image(),
            proof,
            avx.summary(),
            avx.needs(),
            avx.offers(),
            avx.details(),
            avx.fixes());
    Result result =
        Samples.result("a.whl", Samples.NEHALEM, Verdict.CRASHES, Stage.LOAD, List.of(finding));
    assertThat(CheckText.render(List.of(result), PLAIN))
        .contains("PyInit__a\n    └─ f()+0x12 in liba.so\n");
  }

  @Test
  void text_environment_foldsWhatIsAlike() throws IOException {
    Golden.check("check-environment.txt", CheckText.render(List.of(environment()), PLAIN));
  }

  @Test
  void text_environmentUnfolded_showsEveryImage() {
    String text = CheckText.render(List.of(environment()), PLAIN.withUnfolded(true));
    assertThat(text).contains("package19/_native.so").doesNotContain("--all");
    assertThat(text.lines().filter(line -> line.contains("vxorps"))).hasSize(26);
  }

  @Test
  void text_severalTargets_namesEach() throws IOException {
    var failing =
        Samples.result(
            "b.whl",
            Samples.ARM,
            Verdict.FAILS_TO_LOAD,
            Stage.LOAD,
            List.of(Samples.glibc("b/_b.so"), Samples.glibc("b/_c.so")));
    var open =
        new Result(
            "c.whl",
            "c.whl",
            Samples.ARM,
            Verdict.UNKNOWN,
            null,
            List.of(),
            List.of(),
            new Coverage(2, 1, 1000, 931, List.of(), List.of(Samples.problem("c.whl!/c/_c.so"))));
    Golden.check(
        "check-targets.txt",
        CheckText.render(List.of(Samples.runs("a.whl", Samples.ARM), failing, open), PLAIN));
  }

  @Test
  void text_useStage_showsTheWay() throws IOException {
    Golden.check(
        "check-use.txt",
        CheckText.render(
            List.of(
                Samples.result(
                    "d.whl",
                    Samples.NEHALEM,
                    Verdict.MAY_CRASH,
                    Stage.USE,
                    List.of(Samples.deep("d/_core.so")))),
            PLAIN));
  }

  @Test
  void text_nothingNative_saysSo() throws IOException {
    var nothing = new Coverage(0, 0, 0, 0, List.of(), List.of());
    var others = new Coverage(0, 4, 0, 0, List.of(), List.of());
    Golden.check(
        "check-nothing.txt",
        CheckText.render(
            List.of(
                new Result(
                    "pure", "pure", Samples.ARM, Verdict.RUNS, null, List.of(), List.of(), nothing),
                new Result(
                    "x.jar",
                    "x.jar",
                    Samples.ARM,
                    Verdict.RUNS,
                    null,
                    List.of(),
                    List.of(),
                    others)),
            PLAIN));
  }

  @Test
  void text_time_isToldOnlyWhenGiven() {
    List<Result> one = List.of(Samples.runs("a.whl", Samples.HASWELL));
    assertThat(CheckText.render(one, PLAIN)).doesNotContain(" s)");
    assertThat(CheckText.render(one, PLAIN.withTook(Duration.ofMillis(1940)))).contains("(1.9 s)");
  }

  @Test
  void text_everyLine_staysWithinItsWidth() {
    for (int width = 60; width <= 140; width += 8) {
      int most = width;
      for (var results : List.of(severalMachines(), List.of(environment()))) {
        assertThat(CheckText.render(results, PLAIN.withWidth(width)).lines())
            .filteredOn(line -> !line.contains("CFLAGS") && !line.contains("vxorps"))
            .allSatisfy(line -> assertThat(Page.width(line)).isLessThanOrEqualTo(most));
      }
    }
  }
}
