package dev.sigill.analysis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sigill.bytes.Bytes;
import dev.sigill.bytes.Limits;
import dev.sigill.image.Images;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A file of kernels built for two levels of processors, whose objects share an inline function. */
final class MergedKernelsTest {
  private static final Path FIXTURES = Path.of("src/test/fixtures/analysis");

  @Test
  void kernelForAnyProcessor_thatCallsTheCopyForNewerOnes_isFound() throws IOException {
    List<InstructionNeed> found = find("twins.so");

    assertThat(found).isNotEmpty();
    assertThat(found.getFirst().function()).startsWith("Totals::of(int const*, int) const");
    assertThat(found.getFirst().stage()).isEqualTo(Stage.USE);
    assertThat(found.getFirst().path()).hasSize(3).contains("kernel(int const*, int)");
  }

  @Test
  void copyForAnyProcessor_isNoFinding() throws IOException {
    assertThat(find("twins-not.so")).isEmpty();
  }

  /** The functions that call it have no twin of their own name. */
  @Test
  void functionsOfDifferentNames_areNoTwins() throws IOException {
    assertThat(find("merged.so")).isEmpty();
  }

  private static List<InstructionNeed> find(String file) throws IOException {
    byte[] content = Files.readAllBytes(FIXTURES.resolve(file));
    var image =
        new LoadedImage(
            "library", Images.read(Bytes.of(content, file), Limits.standard()).images().getFirst());
    return new MergedKernels(image, CodeSweep.of(image.image(), term -> term != 0)).find();
  }
}
