package dev.sigill.accuracy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * The whole way on one small library whose initialiser runs AVX: run it on emulated processors, ask
 * what is said of it, compare.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class EmulatorTest {
  private static final String LIBRARY =
      """
      __attribute__((constructor)) static void starts(void) {
        __asm__ volatile("vxorps %%ymm0, %%ymm0, %%ymm0" ::: "xmm0");
      }
      """;

  private static final PackageEntry ENTRY =
      new PackageEntry("loads-avx", "-", List.of("loads_avx"), List.of(), false);

  private Path folder;
  private Path packages;
  private PythonEnvironment environment;
  private Emulator emulator;

  @BeforeAll
  void makeEnvironment(@TempDir Path temporary) throws IOException, InterruptedException {
    folder = temporary;
    String obstacle = Emulator.obstacle();
    if (obstacle.isEmpty() && !(has("python3") && has("clang"))) {
      obstacle = "python3 or clang is not on the PATH";
    }
    if (!obstacle.isEmpty()) {
      System.err.println("SKIPPED EmulatorTest: " + obstacle);
    }
    assumeTrue(obstacle.isEmpty(), obstacle);
    Path root = folder.resolve("environment");
    run(List.of("python3", "-m", "venv", "--without-pip", root.toString()));
    root = root.toRealPath();
    Path source = Files.writeString(folder.resolve("starts.c"), LIBRARY);
    try (var found = Files.newDirectoryStream(root.resolve("lib"), "python*")) {
      packages = found.iterator().next().resolve("site-packages");
    }
    Path library = packages.resolve("starts.so");
    run(List.of("clang", "-shared", "-fPIC", "-O1", "-o", library.toString(), source.toString()));
    Files.writeString(
        packages.resolve("loads_avx.py"),
        "import ctypes, os\nctypes.CDLL(os.path.join(os.path.dirname(__file__), 'starts.so'))\n");
    environment = new PythonEnvironment(root, List.of("loads-avx==1.0"));
    try {
      emulator = new Emulator(folder.resolve("scratch"));
    } catch (IOException e) {
      System.err.println("SKIPPED EmulatorTest: " + e.getMessage());
      assumeTrue(false, e.getMessage());
    }
  }

  private boolean has(String program) throws InterruptedException {
    try {
      return Program.run(List.of(program, "--version"), folder, null, 60).status() == 0;
    } catch (IOException e) {
      return false;
    }
  }

  private void run(List<String> command) throws IOException, InterruptedException {
    Program.Ended ended = Program.run(command, folder, null, 120);
    assertThat(ended.status()).as(ended.output()).isZero();
  }

  @Test
  void onAProcessorWithoutAvx_itDiesAndTheInstructionIsFound()
      throws IOException, InterruptedException {
    Processor nehalem = Processor.ofModel("Nehalem");
    Run run = emulator.run(environment, ENTRY, Run.IMPORT, nehalem, 120);
    assertThat(run.outcome()).isEqualTo(Outcome.SIGILL);
    assertThat(run.version()).isEqualTo("1.0");
    assertThat(run.fault()).isNotNull();
    assertThat(run.fault().image()).endsWith("site-packages/starts.so");
    assertThat(run.fault().function()).startsWith("starts");
    assertThat(run.fault().instruction()).isEqualTo("vxorps ymm0, ymm0, ymm0");
    assertThat(run.fault().features()).isEqualTo("avx");
    assertThat(run.loaded()).containsExactly(run.fault().image());
    assertThat(emulator.diesWhenLoaded(environment, run.fault(), nehalem, 120)).isTrue();

    List<Answer> answers =
        new Checker(folder.resolve("scratch"), 1)
            .aboutRuns(environment, List.of(run.withStage("load")));
    var judged = new Comparison(List.of(run.withStage("load")), answers).judged();
    assertThat(judged).hasSize(1);
    assertThat(judged.getFirst().judgement()).isEqualTo(Judgement.FOUND);
    assertThat(judged.getFirst().isSameInstruction()).isTrue();
    assertThat(answers.getFirst().contains()).containsExactly("avx");
  }

  @Test
  void onAProcessorWithAvx_itRuns() throws IOException, InterruptedException {
    Run run = emulator.run(environment, ENTRY, Run.IMPORT, Processor.ofModel("Haswell"), 120);
    assertThat(run.outcome()).isEqualTo(Outcome.OK);
    assertThat(run.fault()).isNull();
    assertThat(run.loaded()).hasSize(1);
    List<Answer> answers =
        new Checker(folder.resolve("scratch"), 1).aboutRuns(environment, List.of(run));
    assertThat(new Comparison(List.of(run), answers).judged())
        .extracting(Comparison.Judged::judgement)
        .containsExactly(Judgement.QUIET, Judgement.QUIET);
  }

  @Test
  void theProgram_seesTheEmulatedProcessorsCpuinfoAndNoForcedKernel()
      throws IOException, InterruptedException {
    Files.writeString(
        packages.resolve("sees_cpuinfo.py"),
        """
        import os
        text = open("/proc/cpuinfo").read()
        assert "Nehalem" in text and " avx" not in text, "not this processor: " + text[:300]
        assert "OPENBLAS_CORETYPE" not in os.environ and "HOME" in os.environ
        os.system("true")
        """);
    var entry = new PackageEntry("loads-avx", "-", List.of("sees_cpuinfo"), List.of(), false);
    Run run = emulator.run(environment, entry, Run.IMPORT, Processor.ofModel("Nehalem"), 120);
    assertThat(run.detail()).isEmpty();
    assertThat(run.outcome()).isEqualTo(Outcome.OK);
    assertThat(run.children()).singleElement().asString().startsWith("os.system");
  }
}
