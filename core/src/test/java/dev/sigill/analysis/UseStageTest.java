package dev.sigill.analysis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sigill.bytes.Bytes;
import dev.sigill.bytes.Limits;
import dev.sigill.image.Image;
import dev.sigill.image.Images;
import dev.sigill.isa.Feature;
import dev.sigill.isa.FeatureSet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A module of Python in four builds, of which only what its initialisation gives away is used. */
final class UseStageTest {
  private static final Path FIXTURES = Path.of("src/test/fixtures/analysis");

  @ParameterizedTest
  @ValueSource(strings = {"use.so", "use.stripped.so", "use.dylib", "use.dll"})
  void methodsAndRegisteredFunctions_areReachedAtUse(String file) throws IOException {
    List<InstructionNeed> reached =
        analyse(file).use().instructions().stream()
            .filter(need -> need.certainty() == Certainty.REACHABLE)
            .toList();

    assertThat(reached.stream().map(UseStageTest::feature))
        .containsExactlyInAnyOrder(Feature.BMI2, Feature.MOVBE);
    assertThat(reached).allSatisfy(need -> assertThat(need.check().isNone()).isTrue());
    assertThat(reached).allSatisfy(need -> assertThat(need.path()).hasSizeGreaterThan(2));
  }

  @ParameterizedTest
  @ValueSource(strings = {"use.so", "use.stripped.so", "use.dylib", "use.dll"})
  void checkThatAsksForTooLittle_isNamedWithWhatItAsksFor(String file) throws IOException {
    List<InstructionNeed> needs =
        analyse(file).use().instructions().stream()
            .filter(need -> need.certainty() == Certainty.WRONGLY_GUARDED)
            .toList();

    assertThat(needs).hasSize(1);
    assertThat(feature(needs.getFirst())).isEqualTo(Feature.FMA);
    CpuCheck check = needs.getFirst().check();
    assertThat(check.features()).isEqualTo(FeatureSet.of(Feature.XSAVE, Feature.AVX, Feature.AVX2));
    assertThat(check.asksForAvxState()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"use.so", "use.stripped.so", "use.dylib", "use.dll"})
  void everyInstruction_isMetOnTheWay(String file) throws IOException {
    Requirements image = analyse(file);

    assertThat(image.use().isAnalysed()).isTrue();
    assertThat(image.use().unexplained()).isEmpty();
    assertThat(image.use().gaps()).isEmpty();
    assertThat(image.load().instructions()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "cmov", "stack", "global", "closure", "bits", "array", "pointer", "vector", "cleared"
      })
  void checkWhoseAnswerTakesALongWay_protects(String way) throws IOException {
    Requirements image = analyse("through-" + way + ".so");

    assertThat(image.use().instructions()).isEmpty();
    assertThat(image.use().unexplained()).isEmpty();
  }

  @Test
  void levelThatASetterMayChangeToo_isWhatWasFound() throws IOException {
    List<InstructionNeed> needs = analyse("through-wish.so").use().instructions();

    assertThat(needs).hasSize(1);
    assertWronglyGuarded(needs.getFirst(), Feature.FMA);
  }

  @Test
  void choiceThatACalleeStoresBehindALesserCheck_isWronglyGuarded() throws IOException {
    List<InstructionNeed> needs = analyse("through-lesser.so").use().instructions();

    assertThat(needs).hasSize(1);
    assertWronglyGuarded(needs.getFirst(), Feature.AVX2);
    assertThat(needs.getFirst().check().features().toList()).contains(Feature.SSE4_1);
  }

  @Test
  void checkForOneOfTwoFeatures_isJudgedForEach() throws IOException {
    Requirements image = analyse("through-table.so");

    assertThat(image.use().unexplained()).isEmpty();
    assertThat(image.use().instructions())
        .singleElement()
        .satisfies(
            need -> {
              assertWronglyGuarded(need, Feature.POPCNT);
              assertThat(need.check().features())
                  .isEqualTo(FeatureSet.of(Feature.SSE4_2, Feature.LZCNT));
            });
  }

  @ParameterizedTest
  @ValueSource(strings = {"handed", "current"})
  void answerThatIsHandedOn_isUnderstood(String way) throws IOException {
    List<InstructionNeed> needs = analyse("through-" + way + ".so").use().instructions();

    assertThat(needs).hasSize(1);
    assertWronglyGuarded(needs.getFirst(), Feature.FMA);
    assertThat(needs.getFirst().check().features().toList()).contains(Feature.XSAVE, Feature.AVX2);
  }

  /** Nothing that is asked for on the way to flags is taken for more than it is. */
  @ParameterizedTest
  @ValueSource(strings = {"listed", "word"})
  void whatFlagsSay_isKnownExactly(String way) throws IOException {
    Requirements image = analyse("through-" + way + ".so");

    assertThat(image.use().unexplained()).isEmpty();
    assertThat(image.use().instructions())
        .singleElement()
        .satisfies(
            need -> {
              assertWronglyGuarded(need, Feature.FMA);
              assertThat(need.check().features().toList())
                  .contains(Feature.XSAVE, Feature.AVX2)
                  .doesNotContain(Feature.FMA);
              assertThat(need.check().asksForAvxState()).isTrue();
              assertThat(need.check().asksForMore()).isFalse();
            });
  }

  @Test
  void variantThatAnotherEntryOfAKernelChooses_isNotHeldAgainstThisOne() throws IOException {
    Requirements image = analyse("through-variant.so");

    assertThat(image.use().instructions()).isEmpty();
    assertThat(image.use().unexplained()).isEmpty();
  }

  @Test
  void levelThatASetterChangesWithoutACheck_doesNotProtect() throws IOException {
    List<InstructionNeed> needs = analyse("through-unasked.so").use().instructions();

    assertThat(needs).hasSize(1);
    assertThat(needs.getFirst().certainty()).isEqualTo(Certainty.REACHABLE);
  }

  @Test
  void bitThatSaysHowFastSomethingIs_doesNotProtect() throws IOException {
    List<InstructionNeed> needs = analyse("through-speed.so").use().instructions();

    assertThat(needs).hasSize(1);
    assertThat(needs.getFirst().certainty()).isEqualTo(Certainty.REACHABLE);
    assertThat(needs.getFirst().check()).isEqualTo(CpuCheck.NONE);
  }

  /** Who asks the processor for AVX2 is not blamed for using it on a way where no check was met. */
  @ParameterizedTest
  @ValueSource(strings = {"elsewhere", "anyway"})
  void wayWithoutTheCheckThatStandsElsewhere_isLeftOpen(String way) throws IOException {
    Requirements image = analyse("through-" + way + ".so");

    assertThat(image.use().instructions()).isEmpty();
    assertThat(image.use().unexplained())
        .singleElement()
        .satisfies(
            term -> assertThat(term.anyOf().getFirst()).isEqualTo(FeatureSet.of(Feature.AVX2)));
  }

  private static void assertWronglyGuarded(InstructionNeed need, Feature missing) {
    assertThat(need.certainty()).isEqualTo(Certainty.WRONGLY_GUARDED);
    assertThat(feature(need)).isEqualTo(missing);
  }

  private static Feature feature(InstructionNeed need) {
    return need.term().anyOf().getFirst().toList().getLast();
  }

  /** What one file of the fixtures requires, alone and at every stage. */
  static Requirements analyse(String file) throws IOException {
    byte[] content = Files.readAllBytes(FIXTURES.resolve(file));
    Image image = Images.read(Bytes.of(content, file), Limits.standard()).images().getFirst();
    try (ExecutorService threads = AnalysisThreads.executor()) {
      var analysis =
          new RequirementsAnalysis(
              List.of(new RequirementsAnalysis.PlacedImage("library", image)), Map.of(), threads);
      return analysis.analyse(List.of(), Stage.USE, () -> {}).getFirst();
    }
  }
}
