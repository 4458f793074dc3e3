package dev.sigill.analysis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sigill.bytes.Bytes;
import dev.sigill.bytes.Limits;
import dev.sigill.image.Images;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import org.junit.jupiter.api.Test;

/** Which definition a call from one library to another binds to. */
class LinkingTest {
  private static final Path FIXTURES = Path.of("src/test/fixtures/analysis/linking");

  @Test
  void forwarderOfPe_leadsToTheLibraryItNames() throws IOException {
    assertReached(
        load("user.dll=user.dll", "front.dll=front.dll", "back.dll=back.dll"), "back.dll");
  }

  @Test
  void forwarderOfPe_toALibraryThatIsNotThere_leadsNowhere() throws IOException {
    assertThat(load("user.dll=user.dll", "front.dll=front.dll", "other.dll=other.dll")).isEmpty();
  }

  @Test
  void libraryReexportedByMachO_answersForTheOneThatIsNamed() throws IOException {
    assertReached(
        load("user.dylib=user.dylib", "front.dylib=front.dylib", "back.dylib=back.dylib"),
        "back.dylib");
  }

  @Test
  void libraryMerelyLoadedByMachO_doesNot() throws IOException {
    assertThat(
            load(
                "user.dylib=user.dylib",
                "front.dylib=front-loading.dylib",
                "back.dylib=back.dylib"))
        .isEmpty();
  }

  @Test
  void twoDefinitionsOfElf_firstInLoadOrderAnswers() throws IOException {
    assertReached(
        load("user.so=user-back-first.so", "other.so=other.so", "back.so=back.so"), "back.so");
    assertThat(load("user.so=user-other-first.so", "back.so=back.so", "other.so=other.so"))
        .isEmpty();
  }

  private static void assertReached(List<InstructionNeed> needs, String image) {
    assertThat(needs).hasSize(1);
    assertThat(needs.getFirst().image()).isEqualTo(image);
    assertThat(needs.getFirst().instruction()).isEqualTo("vpaddd ymm2, ymm1, ymm0");
    assertThat(needs.getFirst().path()).anyMatch(step -> step.endsWith(" in " + image));
  }

  /** What loading the first image reaches; images are given as path=fixture. */
  private static List<InstructionNeed> load(String... placed) throws IOException {
    var images = new ArrayList<RequirementsAnalysis.PlacedImage>();
    for (String each : placed) {
      String[] parts = each.split("=");
      byte[] content = Files.readAllBytes(FIXTURES.resolve(parts[1]));
      images.add(
          new RequirementsAnalysis.PlacedImage(
              parts[0],
              Images.read(Bytes.of(content, parts[1]), Limits.standard()).images().getFirst()));
    }
    try (ExecutorService threads = AnalysisThreads.executor()) {
      return new RequirementsAnalysis(images, Map.of(), threads)
          .analyse(List.of(), Stage.USE, () -> {})
          .getFirst()
          .load()
          .instructions();
    }
  }
}
