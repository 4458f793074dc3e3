package dev.sigill.verdict;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sigill.bytes.Place;
import dev.sigill.bytes.Problem;
import dev.sigill.isa.Feature;
import dev.sigill.platform.Architecture;
import dev.sigill.source.Distribution.Ecosystem;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Every rule on a target that triggers it and on a neighbour that must not. The switches have no
 * default, so a new rule without examples does not compile.
 */
class RuleExamplesTest {
  private static final String LINUX_WHEEL = "a-1.0-cp311-cp311-manylinux_2_17_x86_64.whl";

  @ParameterizedTest
  @EnumSource(Rule.class)
  void rule_onItsExample_reports(Rule rule) {
    assertThat(positive(rule).findings()).extracting(Finding::rule).contains(rule);
  }

  @ParameterizedTest
  @EnumSource(Rule.class)
  void rule_onItsNeighbour_isSilent(Rule rule) {
    assertThat(negative(rule).findings()).extracting(Finding::rule).doesNotContain(rule);
  }

  private static Problem problem(String file, Problem.Code code) {
    return new Problem(code, Place.of(file), "e_shnum", 5, 4, Problem.Effect.PART_LOST);
  }

  private static TestImage avx() {
    return TestImage.linux("a.so").reaches(3, Feature.AVX);
  }

  private static TestTarget mixed(Architecture second) {
    return TestTarget.environment(
            TestImage.macos("a/a.so").architecture(Architecture.ARM64).entry("PyInit_a"),
            TestImage.macos("b/b.so").architecture(second).entry("PyInit_b"))
        .distribution(Ecosystem.PYTHON, "a", "1", List.of(), "a/a.so")
        .distribution(Ecosystem.PYTHON, "b", "1", List.of(), "b/b.so");
  }

  private static TestTarget jar() {
    return TestTarget.jar("j.jar", TestImage.linux("linux/a.so"), TestImage.macos("mac/a.dylib"));
  }

  private static TestTarget python(String module) {
    return TestTarget.environment(TestImage.linux(module).entry("PyInit__a")).python("3.11.7");
  }

  private static Result positive(Rule rule) {
    return switch (rule) {
      case SIG101 -> TestTarget.file(avx()).on(TestMachine.nehalem());
      case SIG102 ->
          TestTarget.file(TestImage.linux("a.so").checks(1, Feature.AVX)).on(TestMachine.nehalem());
      case SIG103 ->
          TestTarget.file(TestImage.linux("a.so").isaLevel(3))
              .on(TestMachine.nehalem().glibc("2.36"));
      case SIG201 -> TestTarget.file(TestImage.macos("a.dylib")).on(TestMachine.m1("14"));
      case SIG202 ->
          TestTarget.file(TestImage.macos("a.dylib").architecture(Architecture.ARM64E))
              .on(TestMachine.m1("14"));
      case SIG203 ->
          TestTarget.file(TestImage.linux("a.so").architecture(Architecture.I386))
              .on(TestMachine.nehalem());
      case SIG204 -> mixed(Architecture.X86_64).on(TestMachine.m1("14"));
      case SIG205 ->
          TestTarget.file(TestImage.windows("a.dll")).on(TestMachine.nehalem().glibc("2.36"));
      case SIG301 ->
          TestTarget.file(TestImage.macos("a.dylib").minimum("14.0"))
              .on(TestMachine.haswell().macos("12"));
      case SIG302 ->
          TestTarget.file(TestImage.linux("a.so").version("libc.so.6", "GLIBC_2.38"))
              .on(TestMachine.haswell().glibc("2.36"));
      case SIG303 ->
          TestTarget.file(TestImage.linux("a.so").version("libstdc++.so.6", "GLIBCXX_3.4.32"))
              .on(TestMachine.haswell().glibc("2.36", "3.4.30"));
      case SIG304 ->
          TestTarget.file(
                  TestImage.linux("a.so").without("libc.so.6").needs("libc.musl-x86_64.so.1"))
              .on(TestMachine.haswell().glibc("2.36"));
      case SIG305 ->
          TestTarget.file(TestImage.linux("a.so").architecture(Architecture.ARM64).alignment(4096))
              .on(TestMachine.arm64().glibc("2.36").pageSize(16384));
      case SIG306 ->
          TestTarget.file(TestImage.linux("a.so").executableStack())
              .on(TestMachine.haswell().glibc("2.41"));
      case SIG307 ->
          TestTarget.file(TestImage.linux("a.so")).on(TestMachine.nehalem().systemLevel(3));
      case SIG401 ->
          TestTarget.wheel(LINUX_WHEEL, TestImage.linux("a.so").needs("libfoo.so.3"))
              .on(TestMachine.haswell());
      case SIG402 ->
          TestTarget.environment(
                  TestImage.linux("a/libgomp.so").openMp("libgomp"),
                  TestImage.linux("b/libiomp5.so").openMp("libiomp5"))
              .on(TestMachine.haswell());
      case SIG501 -> python("_a.cpython-39-x86_64-linux-gnu.so").on(TestMachine.haswell());
      case SIG701 -> TestTarget.wheel(LINUX_WHEEL).on(TestMachine.arm64().glibc("2.36"));
      case SIG702 ->
          TestTarget.wheel(LINUX_WHEEL, TestImage.linux("a.so").version("libc.so.6", "GLIBC_2.28"))
              .on(TestMachine.haswell());
      case SIG703 -> jar().on(TestMachine.m1("14"));
      case SIG901 ->
          TestTarget.file(
                  TestImage.linux("a.so").problem(problem("a.so", Problem.Code.OUT_OF_RANGE)))
              .on(TestMachine.haswell());
      case SIG902 ->
          TestTarget.wheel(LINUX_WHEEL)
              .problem(problem(LINUX_WHEEL, Problem.Code.CORRUPT))
              .on(TestMachine.haswell());
      case SIG903 ->
          TestTarget.wheel(LINUX_WHEEL)
              .problem(problem(LINUX_WHEEL, Problem.Code.LIMIT))
              .on(TestMachine.haswell());
    };
  }

  private static Result negative(Rule rule) {
    return switch (rule) {
      case SIG101 -> TestTarget.file(avx()).on(TestMachine.haswell());
      case SIG102 ->
          TestTarget.file(TestImage.linux("a.so").checks(1, Feature.AVX)).on(TestMachine.haswell());
      case SIG103 ->
          TestTarget.file(TestImage.linux("a.so").isaLevel(3))
              .on(TestMachine.haswell().glibc("2.36"));
      case SIG201 ->
          TestTarget.file(
                  TestImage.macos("a.dylib"),
                  TestImage.macos("a.dylib").architecture(Architecture.ARM64))
              .on(TestMachine.m1("14"));
      case SIG202 ->
          TestTarget.file(
                  TestImage.macos("a.dylib").architecture(Architecture.ARM64E),
                  TestImage.macos("a.dylib").architecture(Architecture.ARM64))
              .on(TestMachine.m1("14"));
      case SIG203 -> TestTarget.file(TestImage.linux("a.so")).on(TestMachine.nehalem());
      case SIG204 -> mixed(Architecture.ARM64).on(TestMachine.m1("14"));
      case SIG205 ->
          TestTarget.file(TestImage.windows("a.dll")).on(TestMachine.nehalem().windows("11"));
      case SIG301 ->
          TestTarget.file(TestImage.macos("a.dylib").minimum("12.0"))
              .on(TestMachine.haswell().macos("12"));
      case SIG302 ->
          TestTarget.file(TestImage.linux("a.so").version("libc.so.6", "GLIBC_2.36"))
              .on(TestMachine.haswell().glibc("2.36"));
      case SIG303 ->
          TestTarget.file(
                  TestImage.linux("a.so").version("libstdc++.so.6", "GLIBCXX_3.4.32"),
                  TestImage.linux("lib/libstdc++.so.6.0.34").installName("libstdc++.so.6"))
              .on(TestMachine.haswell().glibc("2.36", "3.4.30"));
      case SIG304 ->
          TestTarget.file(TestImage.linux("a.so").without("libc.so.6"))
              .on(TestMachine.haswell().glibc("2.36"));
      case SIG305 ->
          TestTarget.file(TestImage.linux("a.so").architecture(Architecture.ARM64).alignment(65536))
              .on(TestMachine.arm64().glibc("2.36").pageSize(16384));
      case SIG306 ->
          TestTarget.file(TestImage.linux("a.so").executableStack())
              .on(TestMachine.haswell().glibc("2.40"));
      case SIG307 ->
          TestTarget.file(TestImage.linux("a.so")).on(TestMachine.haswell().systemLevel(3));
      case SIG401 ->
          TestTarget.wheel(
                  LINUX_WHEEL,
                  TestImage.linux("a.so")
                      .needs("libfoo.so.3")
                      .needs("libm.so.6")
                      .mayUse("libbar.so.1"),
                  TestImage.linux("libs/libfoo.so.3"))
              .on(TestMachine.haswell());
      case SIG402 ->
          TestTarget.environment(TestImage.linux("a/libgomp.so").openMp("libgomp"))
              .on(TestMachine.haswell());
      case SIG501 -> python("_a.cpython-311-x86_64-linux-gnu.so").on(TestMachine.haswell());
      case SIG701 -> TestTarget.wheel(LINUX_WHEEL).on(TestMachine.haswell().glibc("2.36"));
      case SIG702 ->
          TestTarget.wheel(LINUX_WHEEL, TestImage.linux("a.so").version("libc.so.6", "GLIBC_2.17"))
              .on(TestMachine.haswell());
      case SIG703 -> jar().on(TestMachine.haswell().glibc("2.36"));
      case SIG901 ->
          TestTarget.file(
                  TestImage.linux("a.so"),
                  TestImage.macos("b.dylib").problem(problem("b", Problem.Code.OUT_OF_RANGE)))
              .on(TestMachine.haswell().glibc("2.36"));
      case SIG902 ->
          TestTarget.wheel(LINUX_WHEEL)
              .problem(problem("a.so", Problem.Code.TRUNCATED))
              .on(TestMachine.haswell());
      case SIG903 ->
          TestTarget.wheel(LINUX_WHEEL)
              .problem(problem("a.so", Problem.Code.CORRUPT))
              .on(TestMachine.haswell());
    };
  }
}
