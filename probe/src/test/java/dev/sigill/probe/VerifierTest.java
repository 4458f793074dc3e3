package dev.sigill.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sigill.crash.Cause;
import dev.sigill.crash.Fact;
import dev.sigill.probe.Verification.Outcome;
import dev.sigill.probe.Verification.StepResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Needs a python3 on the PATH; nothing else is needed unless a test says so. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class VerifierTest {
  private static final String MATRICES =
      """
      def matmul(a, b):
          return [[sum(x * y for x, y in zip(row, column)) for column in zip(*b)] for row in a]
      """;

  @TempDir Path folder;

  private Path python;

  @BeforeEach
  void python() {
    python = Programs.needed("python3");
  }

  private StepResult step(String program, String... checks) throws Exception {
    return step(ProcessLimits.standard(), System.getenv(), program, checks);
  }

  private StepResult step(
      ProcessLimits limits, Map<String, String> variables, String program, String... checks)
      throws Exception {
    var text = new StringBuilder("workload: w\nstep: s\npython:\n");
    program.lines().forEach(line -> text.append("    ").append(line).append('\n'));
    for (String check : checks) {
      text.append("check: ").append(check).append('\n');
    }
    return verification(limits, variables, text.toString()).steps().getFirst();
  }

  private Verification verification(
      ProcessLimits limits, Map<String, String> variables, String text) throws Exception {
    try (var verifier = new Verifier(variables, limits, Optional.empty())) {
      PythonEnvironment environment = verifier.survey(python);
      return verifier.verify(Workloads.parse(text, "w"), environment, "here", (w, s) -> {});
    }
  }

  @Test
  void step_rightValues_passesAndShowsThem() throws Exception {
    StepResult result =
        step("show('sum', 1.5 + 2)\nkeep('hidden', 1)\nprint('noise')", "equals sum 3.5 within 0");
    assertThat(result.outcome()).isEqualTo(Outcome.PASS);
    assertThat(result.values()).isEqualTo(Map.of("sum", 3.5));
    assertThat(result.seconds()).isPositive();
  }

  @Test
  void step_sabotagedModuleOnThePath_isWrong() throws Exception {
    String program =
        """
        import matrices
        a = [[1, 2, 3], [4, 5, 6]]
        b = [[7, 8], [9, 10], [11, 12]]
        keep("a", a)
        keep("b", b)
        show("product", matrices.matmul(a, b))
        """;
    var variables = new HashMap<>(System.getenv());
    variables.put("PYTHONPATH", folder.toString());
    Files.writeString(folder.resolve("matrices.py"), MATRICES);
    String check = "product product = a × b within 1e-12";
    assertThat(step(ProcessLimits.standard(), variables, program, check).outcome())
        .isEqualTo(Outcome.PASS);
    Files.writeString(folder.resolve("matrices.py"), MATRICES.replace("x * y", "x * y + 1e-6"));
    StepResult wrong = step(ProcessLimits.standard(), variables, program, check);
    assertThat(wrong.outcome()).isEqualTo(Outcome.WRONG);
    assertThat(wrong.detail()).startsWith("product[").contains("should be");
  }

  @Test
  void numpy_sabotagedMatmul_isWrong() throws Exception {
    var variables = new HashMap<>(System.getenv());
    variables.put("PYTHONPATH", folder.toString());
    // Loads the real one in its own place, then spoils one function of it.
    Files.writeString(
        folder.resolve("numpy.py"),
        """
        import importlib, os, sys
        here = os.path.dirname(os.path.abspath(__file__))
        sys.path = [p for p in sys.path if os.path.abspath(p or ".") != here]
        del sys.modules["numpy"]
        real = importlib.import_module("numpy")
        honest = real.matmul
        real.matmul = lambda a, b: honest(a, b) + 1e-7
        sys.modules["numpy"] = real
        """);
    try (var verifier = new Verifier(variables, ProcessLimits.standard(), Optional.empty())) {
      PythonEnvironment environment = verifier.survey(python);
      Workload numpy = Workloads.named("numpy");
      if (!Verifier.fits(numpy, environment)) {
        Programs.skip("python3 has no NumPy");
      }
      Verification result = verifier.verify(numpy, environment, "here", (w, s) -> {});
      assertThat(result.outcome()).isEqualTo(Outcome.WRONG);
      assertThat(result.steps())
          .filteredOn(s -> s.outcome() == Outcome.WRONG)
          .extracting(StepResult::step)
          .containsExactly("matmul", "transpose-cpu");
    }
  }

  @Test
  void step_thatHangs_isATimeoutAndLeavesNothingBehind() throws Exception {
    Programs.neededLinux();
    var limits = new ProcessLimits(Duration.ofSeconds(2), 1L << 33);
    StepResult result =
        step(
            limits,
            System.getenv(),
            """
            import subprocess, sys, time
            child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
            show("child", child.pid)
            time.sleep(600)
            """);
    assertThat(result.outcome()).isEqualTo(Outcome.TIMEOUT);
    assertThat(result.detail()).isEqualTo("not done within 2 s");
    long child = ((Number) result.values().get("child")).longValue();
    for (int i = 0; i < 50 && isAlive(child); i++) {
      Thread.sleep(100);
    }
    assertThat(isAlive(child)).isFalse();
  }

  /** An orphan that nobody waits for yet is dead all the same. */
  private static boolean isAlive(long pid) throws IOException {
    Path stat = Path.of("/proc", "" + pid, "stat");
    return Files.exists(stat) && !Files.readString(stat).contains(") Z ");
  }

  @Test
  void step_thatTakesTooMuchMemory_isEnded() throws Exception {
    Programs.neededLinux();
    StepResult result =
        step(
            new ProcessLimits(Duration.ofSeconds(60), 100L << 20),
            System.getenv(),
            "import time\nx = bytearray(300 << 20)\ntime.sleep(50)");
    assertThat(result.outcome()).isEqualTo(Outcome.ERROR);
    assertThat(result.detail()).contains("more than 100 MB");
  }

  @Test
  void step_thatDies_isACrashWithItsPlace() throws Exception {
    Programs.neededLinux();
    StepResult result =
        step("import ctypes\nshow('before', 1)\nctypes.string_at(16, 1)", "told before");
    assertThat(result.outcome()).isEqualTo(Outcome.CRASH);
    assertThat(result.detail()).isEqualTo("ended by SIGSEGV");
    assertThat(result.values()).containsEntry("before", 1);
    assertThat(result.explanation().orElseThrow().facts().get(Fact.FAULT_ADDRESS))
        .isEqualTo("0x10");
  }

  @Test
  void step_thatRaises_isAnErrorWithItsLastLine() throws Exception {
    StepResult result = step("import no_such_module_anywhere");
    assertThat(result.outcome()).isEqualTo(Outcome.ERROR);
    assertThat(result.detail()).contains("No module named 'no_such_module_anywhere'");
  }

  @Test
  void step_thatSaysSo_isSkipped() throws Exception {
    StepResult result = step("skip('no GPU here')", "told nothing");
    assertThat(result.outcome()).isEqualTo(Outcome.SKIPPED);
    assertThat(result.detail()).isEqualTo("no GPU here");
  }

  @Test
  void step_thatTellsNothing_isWrongNotPassed() throws Exception {
    assertThat(step("pass", "told x").outcome()).isEqualTo(Outcome.WRONG);
    assertThat(step("show('x', float('nan'))", "equals x 1 within 9").outcome())
        .isEqualTo(Outcome.WRONG);
  }

  @Test
  void workload_firstStepFails_leavesTheOthersOut() throws Exception {
    Verification result =
        verification(
            ProcessLimits.standard(),
            System.getenv(),
            "workload: w\nstep: import\npython:\n  raise SystemExit(3)\n"
                + "step: next\npython:\n  pass\n");
    assertThat(result.outcome()).isEqualTo(Outcome.ERROR);
    assertThat(result.steps().get(1).outcome()).isEqualTo(Outcome.SKIPPED);
    assertThat(result.steps().get(1).detail()).isEqualTo("the step import did not pass");
  }

  @Test
  void workload_packageNotInstalled_isNotRun() throws Exception {
    Verification result =
        verification(
            ProcessLimits.standard(),
            System.getenv(),
            "workload: w\nneeds: no-such-distribution\nstep: s\npython:\n  pass\n");
    assertThat(result.outcome()).isEqualTo(Outcome.SKIPPED);
    assertThat(result.detail()).isEqualTo("no-such-distribution is not installed");
  }

  @Test
  void survey_programThatIsNoPython_isUnusable() throws Exception {
    Path program = Files.writeString(folder.resolve("python3"), "#!/bin/sh\necho no; exit 4\n");
    assertThat(program.toFile().setExecutable(true)).isTrue();
    try (var verifier = new Verifier(System.getenv(), ProcessLimits.standard(), Optional.empty())) {
      assertThatThrownBy(() -> verifier.survey(program))
          .isInstanceOf(PythonEnvironment.UnusableException.class)
          .hasMessageContaining("ended with status 4");
    }
  }

  /** Python that cannot start writes lines after the one that says why. */
  @Test
  void survey_brokenPython_namesItsError() throws Exception {
    Path program =
        Files.writeString(
            folder.resolve("python3"),
            "#!/bin/sh\n"
                + "echo \"ModuleNotFoundError: No module named 'encodings'\" >&2\n"
                + "echo '<no Python frame>' >&2\n"
                + "exit 1\n");
    assertThat(program.toFile().setExecutable(true)).isTrue();
    try (var verifier = new Verifier(System.getenv(), ProcessLimits.standard(), Optional.empty())) {
      assertThatThrownBy(() -> verifier.survey(program))
          .isInstanceOf(PythonEnvironment.UnusableException.class)
          .hasMessageContaining("status 1: ModuleNotFoundError: No module named 'encodings'");
    }
  }

  @Test
  void environment_places_leadToTheInterpreter() throws Exception {
    Path bin = Files.createDirectories(folder.resolve("venv/bin"));
    Path program = Files.writeString(bin.resolve("python3"), "#!/bin/sh\n");
    assertThat(program.toFile().setExecutable(true)).isTrue();
    assertThat(PythonEnvironment.interpreter(folder.resolve("venv"))).isEqualTo(program);
    assertThat(PythonEnvironment.interpreter(program)).isEqualTo(program);
    assertThat(PythonEnvironment.active(Map.of("VIRTUAL_ENV", folder + "/venv")))
        .isEqualTo(program);
    assertThat(PythonEnvironment.active(Map.of("CONDA_PREFIX", folder + "/venv")))
        .isEqualTo(program);
    assertThat(PythonEnvironment.active(Map.of("PATH", "/nowhere:" + bin))).isEqualTo(program);
    assertThatThrownBy(() -> PythonEnvironment.interpreter(folder))
        .hasMessageContaining("there is no Python in");
    assertThat(PythonEnvironment.forcing(Map.of("OPENBLAS_CORETYPE", "Nehalem", "HOME", "/x")))
        .isEqualTo(List.of("OPENBLAS_CORETYPE=Nehalem"));
  }

  @Test
  void emulated_processorWithoutAFeature_isExplainedInTheGuest() throws Exception {
    Programs.neededLinux();
    Path emulator = Programs.needed("qemu-x86_64");
    Path program =
        Programs.compile(
            folder,
            "guest",
            """
            __attribute__((noinline)) void widen(void) {
              __asm__ volatile("vxorps %xmm0,%xmm0,%xmm0");
            }
            int main(void) { widen(); return 0; }
            """);
    var streams = new Launch.Streams(folder.resolve("out"), folder.resolve("err"));
    var launch =
        new Launch(
            List.of(emulator.toString(), "-cpu", "Nehalem", program.toString()),
            System.getenv(),
            streams);
    Runner.Outcome outcome = new Runner(true).run(launch, folder);
    assertThat(outcome.status()).isEqualTo(132);
    var found = outcome.explanation().orElseThrow();
    assertThat(found.causes().getFirst().cause()).isEqualTo(Cause.ISA_MISSING);
    assertThat(found.causes().getFirst().missing()).containsExactly("avx");
    assertThat(found.facts().get(Fact.IMAGE)).isEqualTo(program.toString());
    assertThat(found.facts().get(Fact.FUNCTION)).startsWith("widen +0x");
    assertThat(found.facts().get(Fact.STAGE)).isEqualTo("use");
  }
}
