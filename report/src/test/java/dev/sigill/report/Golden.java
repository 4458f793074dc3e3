package dev.sigill.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Compares text with files kept beside the tests; {@code -Dgolden.update} writes them anew. */
final class Golden {
  private static final Path FOLDER = Path.of("src/test/resources/golden");

  private Golden() {}

  static void check(String name, String actual) throws IOException {
    Path file = FOLDER.resolve(name);
    if (System.getProperty("golden.update") != null) {
      Files.createDirectories(FOLDER);
      Files.writeString(file, actual);
    }
    assertThat(Files.exists(file)).as("%s; `-Dgolden.update` writes it", file).isTrue();
    assertThat(actual)
        .as("%s; `-Dgolden.update` writes it anew where the change is meant", file)
        .isEqualTo(Files.readString(file));
  }
}
