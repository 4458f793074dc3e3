package dev.sigill.analysis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sigill.bytes.Bytes;
import dev.sigill.bytes.Limits;
import dev.sigill.image.Image;
import dev.sigill.image.Images;
import dev.sigill.isa.Feature;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What stands before code that is contained but not required, and where. */
final class ProtectionTest {
  private static final Path FIXTURES = Path.of("src/test/fixtures/analysis");

  @ParameterizedTest
  @ValueSource(strings = {"use.so", "use.stripped.so", "use.dylib", "use.dll"})
  void checkThatImpliesTheNeed_isShownWithItsBranchAndWhatItAsks(String file) throws IOException {
    Protection avx2 = only(explained(file), Feature.AVX2);

    assertThat(avx2.kind()).isEqualTo(Protection.Kind.GUARDED);
    assertThat(avx2.check().features().contains(Feature.AVX2)).isTrue();
    assertThat(avx2.check().asksForAvxState()).isTrue();
    assertThat(avx2.functions()).isEqualTo(1);
    Protection.Example example = avx2.examples().getFirst();
    assertThat(example.code().instruction()).isEqualTo("vpaddd ymm2, ymm1, ymm0");
    assertThat(example.check().instruction()).contains("cmp dword ptr").contains("; j");
    assertThat(example.check().address())
        .isBetween(example.code().address() - 16, example.code().address());
    assertThat(example.path()).hasSizeGreaterThan(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"use.so", "use.stripped.so", "use.dylib", "use.dll"})
  void whatIsAFinding_isNotCalledProtected(String file) throws IOException {
    List<Protection> found = explained(file);

    assertThat(found).noneMatch(p -> holds(p, Feature.BMI2));
    assertThat(found)
        .filteredOn(p -> holds(p, Feature.FMA))
        .allMatch(p -> p.kind() == Protection.Kind.INSUFFICIENT);
    assertThat(found).noneMatch(p -> p.kind() == Protection.Kind.UNREACHED);
  }

  @ParameterizedTest
  @ValueSource(strings = {"use.so", "use.stripped.so", "use.dylib", "use.dll"})
  void checkThatFallsShort_isShownWithItsBranch(String file) throws IOException {
    InstructionNeed tooLittle =
        UseStageTest.analyse(file).use().instructions().stream()
            .filter(need -> need.certainty() == Certainty.WRONGLY_GUARDED)
            .findFirst()
            .orElseThrow();

    assertThat(tooLittle.check().place().instruction()).contains("cmp dword ptr").contains("; j");
    assertThat(tooLittle.check().place().address()).isLessThan(tooLittle.address());
  }

  @Test
  void codeThatNothingLeadsTo_isCalledUnreached() throws IOException {
    List<Protection> found = explained("unreached.so");

    assertThat(found).hasSize(1);
    assertThat(found.getFirst().kind()).isEqualTo(Protection.Kind.UNREACHED);
    assertThat(found.getFirst().functions()).isEqualTo(2);
    assertThat(found.getFirst().check().isNone()).isTrue();
    assertThat(found.getFirst().examples().getFirst().check().isNone()).isTrue();
  }

  @Test
  void pointerChosenByACheck_isShownWhereItIsChosen() throws IOException {
    Protection chosen = only(explained("use.so"), Feature.POPCNT);

    assertThat(chosen.examples().getFirst().path()).endsWith("count");
    assertThat(chosen.examples().getFirst().check().function()).startsWith("choosing+");
    // Not the branch on the variable of the environment.
    assertThat(chosen.examples().getFirst().check().instruction()).doesNotContain("test rax, rax");
  }

  /** The only names of a DLL are its exports, the last of which lies before the kernel. */
  @Test
  void functionWithoutAName_isNotGivenThatOfAnExportBeforeIt() throws IOException {
    Protection kernel =
        explained("merged-not.dll").stream()
            .filter(p -> holds(p, Feature.AVX2))
            .findFirst()
            .orElseThrow();

    assertThat(kernel.kind()).isEqualTo(Protection.Kind.GUARDED);
    Protection.Example example = kernel.examples().getFirst();
    assertThat(example.code().function()).isEmpty();
    assertThat(example.check().function()).startsWith("PyInit_merged+");
    assertThat(example.code().address()).isGreaterThan(example.check().address());
  }

  @Test
  void notAskedFor_isNotLookedFor() throws IOException {
    assertThat(UseStageTest.analyse("use.so").contained().protections()).isEmpty();
  }

  private static Protection only(List<Protection> found, Feature feature) {
    List<Protection> matching =
        found.stream().filter(p -> p.needs().size() == 1 && holds(p, feature)).toList();
    assertThat(matching).hasSize(1);
    return matching.getFirst();
  }

  private static boolean holds(Protection protection, Feature feature) {
    return protection.needs().stream()
        .anyMatch(term -> term.anyOf().getFirst().toList().getLast() == feature);
  }

  private static List<Protection> explained(String file) throws IOException {
    byte[] content = Files.readAllBytes(FIXTURES.resolve(file));
    Image image = Images.read(Bytes.of(content, file), Limits.standard()).images().getFirst();
    try (ExecutorService threads = AnalysisThreads.executor()) {
      return new RequirementsAnalysis(
              List.of(new RequirementsAnalysis.PlacedImage("library", image)), Map.of(), threads)
          .explained()
          .analyse(List.of(), Stage.USE, () -> {})
          .getFirst()
          .contained()
          .protections();
    }
  }
}
