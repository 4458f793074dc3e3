package dev.sigill.analysis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sigill.isa.Feature;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One source in four builds: what is reached at load, and behind which check. */
class DispatchTest {
  @ParameterizedTest
  @ValueSource(strings = {"bare.so", "bare.stripped.so", "bare.dylib", "bare.dll"})
  void noCheck_isRequiredAtLoad(String file) throws IOException {
    StageRequirements load = load(file);

    assertThat(load.instructions()).hasSize(1);
    InstructionNeed need = load.instructions().getFirst();
    assertThat(need.term().anyOf().getFirst().contains(Feature.AVX2)).isTrue();
    assertThat(need.instruction()).isEqualTo("vpaddd ymm2, ymm1, ymm0");
    assertThat(need.bytes()).isEqualTo("c5f5fed0");
    assertThat(need.path()).hasSizeGreaterThanOrEqualTo(2);
    assertThat(load.selfChecks()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"checked.so", "checked.stripped.so", "checked.dylib", "checked.dll"})
  void checkKeptInVariable_protects(String file) throws IOException {
    assertThat(reached(load(file))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"pointer.so", "pointer.stripped.so", "pointer.dylib", "pointer.dll"})
  void pointerChosenByCheck_protects(String file) throws IOException {
    assertThat(reached(load(file))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"refusing.so", "refusing.stripped.so", "refusing.dylib", "refusing.dll"})
  void checkThatEndsTheProgram_isToldAndProtects(String file) throws IOException {
    StageRequirements load = load(file);

    assertThat(reached(load)).isEmpty();
    assertThat(load.selfChecks()).hasSize(1);
    assertThat(load.selfChecks().getFirst().features().toList()).containsExactly(Feature.AVX2);
  }

  @ParameterizedTest
  @ValueSource(strings = {"handlers.so", "handlers.stripped.so", "handlers.dylib", "handlers.dll"})
  void functionsOfObjectsInAnArrayOfTheFrame_areCalled(String file) throws IOException {
    assertThat(reached(load(file))).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"levels.so", "levels.stripped.so", "levels.dylib", "levels.dll"})
  void objectThatACheckPicksFromATable_protects(String file) throws IOException {
    assertThat(reached(load(file))).isEmpty();
  }

  @Test
  void wordOfTheSystemsText_protects() throws IOException {
    assertThat(reached(load("cpuinfo-flags.so"))).isEmpty();
  }

  @Test
  void numberInTheSystemsText_doesNotProtect() throws IOException {
    assertThat(reached(load("cpuinfo-counting.so"))).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"late.so", "late.stripped.so", "late.dylib", "late.dll"})
  void checkAfterTheCode_comesTooLate(String file) throws IOException {
    StageRequirements load = load(file);

    assertThat(load.instructions()).hasSize(1);
    assertThat(load.selfChecks()).hasSize(1);
    assertThat(load.instructions().getFirst().order())
        .isLessThan(load.selfChecks().getFirst().order());
  }

  @ParameterizedTest
  @ValueSource(strings = {"initialisers-own.dll", "initialisers-runtime.dll"})
  void tableOfInitialisers_isRunFromFirstToLast(String file) throws IOException {
    StageRequirements load = load(file);

    assertThat(load.instructions()).hasSize(1);
    assertThat(load.instructions().getFirst().instruction()).isEqualTo("vpaddd ymm2, ymm1, ymm0");
  }

  @Test
  void tableOfInitialisers_oneOfWhichChecks_isProtected() throws IOException {
    assertThat(reached(load("initialisers-guarded.dll"))).isEmpty();
  }

  @Test
  void callbackThatReadsWhatTheEntryPointFinds_isProtected() throws IOException {
    assertThat(reached(load("initialisers-earlier.dll"))).isEmpty();
  }

  /** The sources ask for AVX2 and never whether the operating system saves its registers. */
  @ParameterizedTest
  @ValueSource(strings = {"checked.so", "checked.stripped.so", "checked.dylib", "checked.dll"})
  void checkThatNeverAsksTheSystem_isNamed(String file) throws IOException {
    List<InstructionNeed> needs = load(file).instructions();

    assertThat(needs).hasSize(1);
    assertThat(needs.getFirst().certainty()).isEqualTo(Certainty.WRONGLY_GUARDED);
    assertThat(needs.getFirst().check().features().toList()).containsExactly(Feature.AVX2);
    assertThat(needs.getFirst().check().asksForAvxState()).isFalse();
  }

  /** What is reached without a check that asks for it. */
  private static List<InstructionNeed> reached(StageRequirements stage) {
    return stage.instructions().stream()
        .filter(need -> need.certainty() != Certainty.WRONGLY_GUARDED)
        .toList();
  }

  private static StageRequirements load(String file) throws IOException {
    return UseStageTest.analyse(file).load();
  }
}
