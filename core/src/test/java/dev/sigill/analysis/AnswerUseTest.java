package dev.sigill.analysis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sigill.bytes.Bytes;
import dev.sigill.bytes.Limits;
import dev.sigill.image.Images;
import dev.sigill.image.Symbol;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Callers of one function in {@code answers.c}. */
class AnswerUseTest {
  private static final Path FIXTURE = Path.of("src/test/fixtures/analysis/answers.so");

  private static LoadedImage image;
  private static final Map<String, Long> ENTRIES = new HashMap<>();

  @BeforeAll
  static void read() throws IOException {
    byte[] content = Files.readAllBytes(FIXTURE);
    image =
        new LoadedImage(
            "library",
            Images.read(Bytes.of(content, "answers.so"), Limits.standard()).images().getFirst());
    image.image().symbols().forEachExported((Symbol s) -> ENTRIES.put(s.name(), s.address()));
  }

  @ParameterizedTest
  @CsvSource({
    "reads_first, 1",
    "reads_second, 4",
    "reads_on_one_way, 1",
    "returns_both, 10",
    "drops_both, 0",
    "calls_again, 5",
    "jumps, 10"
  })
  void useOfAnAnswer_isWhatReadsItBeforeItIsWritten(String caller, int use) {
    AnalysedFunction function = function(caller);

    assertThat(new AnswerUse().of(function, callOf(function))).isEqualTo(use);
  }

  @Test
  void callWithoutAnEvent_mayUseEverything() {
    assertThat(new AnswerUse().of(function("drops_both"), -1))
        .isEqualTo(AnswerUse.FIRST_READ | AnswerUse.SECOND_READ);
  }

  private static AnalysedFunction function(String name) {
    return new AnalysedFunction(0, 0, image, image.function(ENTRIES.get(name)));
  }

  private static int callOf(AnalysedFunction function) {
    FunctionGraph graph = function.graph;
    for (int event = 0; event < graph.kinds.length; event++) {
      switch (graph.kinds[event]) {
        case FunctionGraph.CALL,
            FunctionGraph.CALL_SLOT,
            FunctionGraph.JUMP,
            FunctionGraph.JUMP_SLOT -> {
          return event;
        }
        default -> {}
      }
    }
    throw new AssertionError("no call in " + function);
  }
}
