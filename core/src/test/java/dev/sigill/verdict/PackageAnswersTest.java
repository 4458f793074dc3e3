package dev.sigill.verdict;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sigill.analysis.Stage;
import dev.sigill.isa.Feature;
import dev.sigill.python.PythonImports;
import dev.sigill.python.PythonImports.Choice;
import dev.sigill.python.PythonImports.Load;
import dev.sigill.source.Distribution;
import dev.sigill.source.Distribution.Ecosystem;
import dev.sigill.source.Distribution.Need;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What becomes of each package: by its own files, by what it imports, by what it requires. */
class PackageAnswersTest {
  private static final Load ARROW_ITSELF =
      new Load("arrow", "arrow/lib.so", List.of("arrow", "arrow.lib"));

  private static Distribution package_(String name, List<String> members, Need... needs) {
    return new Distribution(
        Ecosystem.PYTHON,
        name,
        "1.0",
        "",
        List.of(),
        List.of(),
        members,
        List.of(name),
        Arrays.asList(needs),
        List.of());
  }

  /** An extension module that stops the machine at load. */
  private static TestImage stopping(String path) {
    return TestImage.linux(path).entry("PyInit_x").reaches(1, Feature.AVX);
  }

  private static Result judge(TestTarget target, PythonImports imports) {
    return Rules.judge(target.build(), TestMachine.nehalem().build(), imports);
  }

  private static PythonImports loads(Load... loads) {
    return new PythonImports(true, Arrays.asList(loads), List.of());
  }

  private static PackageAnswer answer(Result result, String name) {
    return result.answers().stream()
        .collect(Collectors.toMap(a -> a.distribution().name(), Function.identity()))
        .get(name);
  }

  /** A library looked at by itself lies at a path that is its own name. */
  @Test
  void libraryNamedAsItIsInstalled_isJudged() {
    Result result =
        judge(TestTarget.file(stopping("libstops.so.2").installName("libstops.so.2")), loads());
    assertThat(result.verdict()).isEqualTo(Verdict.CRASHES);
  }

  @Test
  void packageThatImportsAStoppedOne_stopsAtImportBecauseOfIt() {
    TestTarget target =
        TestTarget.environment(stopping("arrow/lib.so"))
            .distribution(package_("arrow", List.of("arrow/lib.so")))
            .distribution(package_("frames", List.of()))
            .python("3.11.7");
    Result result =
        judge(
            target,
            loads(
                ARROW_ITSELF,
                new Load(
                    "frames", "arrow/lib.so", List.of("frames", "frames.compat", "arrow.lib"))));

    PackageAnswer arrow = answer(result, "arrow");
    assertThat(arrow.verdict()).isEqualTo(Verdict.CRASHES);
    assertThat(arrow.stage()).isEqualTo(Stage.LOAD);
    assertThat(arrow.cause()).isNull();
    assertThat(arrow.because()).startsWith("importing it loads lib.so, which needs AVX");
    PackageAnswer frames = answer(result, "frames");
    assertThat(frames.verdict()).isEqualTo(Verdict.CRASHES);
    assertThat(frames.stage()).isEqualTo(Stage.IMPORT);
    assertThat(frames.cause()).isEqualTo(arrow.distribution());
    assertThat(frames.because()).isEqualTo("importing it imports arrow, which crashes at load");
    assertThat(frames.chain()).containsExactly("frames", "frames.compat", "arrow.lib");
  }

  @Test
  void packageThatMerelyRequiresAStoppedOne_mayCrashInUse() {
    TestTarget target =
        TestTarget.environment(stopping("arrow/lib.so"))
            .distribution(package_("arrow", List.of("arrow/lib.so")))
            .distribution(package_("always", List.of(), Need.always("arrow")))
            .distribution(package_("here", List.of(), new Need("arrow", "sys_platform == 'linux'")))
            .distribution(
                package_("elsewhere", List.of(), new Need("arrow", "sys_platform == 'win32'")))
            .distribution(package_("older", List.of(), new Need("arrow", "python_version < '3.9'")))
            .distribution(package_("further", List.of(), Need.always("always")))
            .python("3.11.7");
    Result result = judge(target, loads(ARROW_ITSELF));

    for (String name : List.of("always", "here")) {
      PackageAnswer answer = answer(result, name);
      assertThat(answer.verdict()).as(name).isEqualTo(Verdict.MAY_CRASH);
      assertThat(answer.stage()).isEqualTo(Stage.USE);
      assertThat(answer.because()).isEqualTo("it requires arrow, which crashes at load");
      assertThat(answer.cause()).isEqualTo(answer(result, "arrow").distribution());
    }
    assertThat(answer(result, "further").because())
        .isEqualTo("it requires always, which may crash in use");
    assertThat(answer(result, "elsewhere").verdict()).isEqualTo(Verdict.RUNS);
    assertThat(answer(result, "older").verdict()).isEqualTo(Verdict.RUNS);
  }

  @Test
  void moduleForNewerProcessors_isNotItsPackagesCrash() {
    TestTarget target =
        TestTarget.environment(stopping("fuzz/fast_avx.so"))
            .distribution(package_("fuzz", List.of("fuzz/fast_avx.so")))
            .python("3.11.7");
    Result result =
        judge(
            target,
            new PythonImports(
                true, List.of(), List.of(new Choice("fuzz/fast_avx.so", "fuzz.scorer"))));

    assertThat(result.verdict()).isEqualTo(Verdict.UNKNOWN);
    Finding finding = result.findings().getFirst();
    assertThat(finding.rule()).isEqualTo(Rule.SIG101);
    assertThat(finding.verdict()).isEqualTo(Verdict.UNKNOWN);
    assertThat(finding.proof()).isNotNull();
    assertThat(finding.summary()).endsWith("; Python code decides whether it is loaded");
    PackageAnswer fuzz = answer(result, "fuzz");
    assertThat(fuzz.verdict()).isEqualTo(Verdict.UNKNOWN);
    assertThat(fuzz.because())
        .isEqualTo(
            "it has modules for newer processors, and fuzz.scorer decides which to load:"
                + " fast_avx.so");
  }

  @Test
  void libraryThatOnlyChosenModulesLoad_isChosenToo() {
    TestTarget target =
        TestTarget.environment(
                TestImage.linux("libs/libfast.so").reaches(1, Feature.AVX),
                stopping("search/_fast.so").needs("libfast.so"))
            .distribution(package_("search", List.of("libs/libfast.so", "search/_fast.so")))
            .python("3.11.7");
    var imports =
        new PythonImports(true, List.of(), List.of(new Choice("search/_fast.so", "search.loader")));

    assertThat(judge(target, imports).findings())
        .extracting(Finding::verdict)
        .containsOnly(Verdict.UNKNOWN);
    TestTarget other = target.with(stopping("search/_plain.so").needs("libfast.so"));
    assertThat(judge(other, imports).verdict()).isEqualTo(Verdict.CRASHES);
  }

  @Test
  void fileThatNoImportIsSeenToLoad_stopsItsPackageAndSaysSo() {
    TestTarget target =
        TestTarget.environment(stopping("runtime/lib.so"))
            .distribution(package_("runtime", List.of("runtime/lib.so")))
            .python("3.11.7");

    PackageAnswer seen = answer(judge(target, loads()), "runtime");
    assertThat(seen.verdict()).isEqualTo(Verdict.CRASHES);
    assertThat(seen.because()).endsWith("; importing runtime alone does not show to load it");
    PackageAnswer unseen = answer(judge(target, PythonImports.unknown()), "runtime");
    assertThat(unseen.verdict()).isEqualTo(Verdict.CRASHES);
    assertThat(unseen.because()).doesNotContain("alone");
  }

  @Test
  void packageThatRequiresAnUndecidedOne_isUndecided() {
    TestTarget target =
        TestTarget.environment(TestImage.linux("numbers/a.so").contains(Feature.AVX))
            .distribution(package_("numbers", List.of("numbers/a.so")))
            .distribution(package_("tables", List.of(), Need.always("numbers")))
            .python("3.11.7");
    Result result = judge(target, PythonImports.unknown());

    assertThat(answer(result, "tables").verdict()).isEqualTo(Verdict.UNKNOWN);
    assertThat(answer(result, "tables").stage()).isEqualTo(answer(result, "numbers").stage());
  }

  @Test
  void stoppingImages_areThoseThatSurelyStopAtLoadOrImport() {
    TestTarget target =
        TestTarget.environment(
            stopping("a.so"),
            TestImage.linux("lib.so").reaches(1, Feature.AVX),
            TestImage.linux("b.so").entry("PyInit_b"),
            TestImage.linux("c.so").entry("PyInit_c").contains(Feature.AVX));

    assertThat(Rules.stopping(target.build(), target.on(TestMachine.nehalem())))
        .containsExactlyInAnyOrder("a.so", "lib.so");
    assertThat(Rules.stopping(target.build(), target.on(TestMachine.haswell()))).isEmpty();
  }
}
