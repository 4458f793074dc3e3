package dev.sigill.verdict;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sigill.analysis.Stage;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PythonAbiRulesTest {
  private static List<Rule> rules(Result result) {
    return result.findings().stream().map(Finding::rule).toList();
  }

  private static Result environment(String version, String... modules) {
    TestTarget target = TestTarget.environment().python(version);
    for (String module : modules) {
      target.with(TestImage.linux(module).entry("PyInit__a"));
    }
    return target.on(TestMachine.haswell());
  }

  @ParameterizedTest
  @CsvSource({
    "_a.cpython-311-x86_64-linux-gnu.so, true",
    "_a.cpython-39-x86_64-linux-gnu.so, false",
    "_a.cpython-37m-x86_64-linux-gnu.so, false",
    "_a.cpython-311-darwin.so, true",
    "_a.cpython-313t-x86_64-linux-gnu.so, false",
    "_a.cp311-win_amd64.pyd, true",
    "_a.cp312-win_amd64.pyd, false",
    "_a.pypy310-pp73-x86_64-linux-gnu.so, false",
    "_a.abi3.so, true",
    "_a.so, true",
    "libfoo.so.1.2, true"
  })
  void module_inAPython311Environment_isSeenOrNot(String name, boolean isSeen) {
    assertThat(rules(environment("3.11.7", name)).isEmpty()).isEqualTo(isSeen);
  }

  @Test
  void wrongModule_failsAtImport() {
    Result result = environment("3.11.7", "p/_a.cpython-39-x86_64-linux-gnu.so");

    assertThat(result.verdict()).isEqualTo(Verdict.FAILS_TO_LOAD);
    assertThat(result.stage()).isEqualTo(Stage.IMPORT);
    assertThat(result.findings().getFirst().summary())
        .isEqualTo("is built for CPython 3.9; this environment's is CPython 3.11");
  }

  @Test
  void moduleForSeveralPythons_isFineWhereOneFits() {
    assertThat(
            rules(
                environment(
                    "3.11.7",
                    "p/_a.cpython-310-x86_64-linux-gnu.so",
                    "p/_a.cpython-311-x86_64-linux-gnu.so")))
        .isEmpty();
  }

  @Test
  void moduleInAnotherPythonsFolder_isNotThisOnes() {
    assertThat(
            rules(
                environment(
                    "3.11.7", "lib/python3.9/site-packages/_a.cpython-39-x86_64-linux-gnu.so")))
        .isEmpty();
  }

  @Test
  void wheelWhoseModuleIsForAnotherPython_isReported() {
    TestImage module = TestImage.linux("_a.cpython-310-x86_64-linux-gnu.so").entry("PyInit__a");

    assertThat(
            rules(
                TestTarget.wheel("a-1.0-cp311-cp311-manylinux_2_17_x86_64.whl", module)
                    .on(TestMachine.haswell())))
        .containsExactly(Rule.SIG501);
    assertThat(
            rules(
                TestTarget.wheel("a-1.0-cp310-cp310-manylinux_2_17_x86_64.whl", module)
                    .on(TestMachine.haswell())))
        .isEmpty();
  }

  @Test
  void unknownOrOtherInterpreter_saysNothing() {
    assertThat(rules(environment("", "_a.cpython-39-x86_64-linux-gnu.so"))).isEmpty();
  }
}
