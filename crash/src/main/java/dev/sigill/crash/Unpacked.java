package dev.sigill.crash;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * A stream kept in a temporary file, for formats that are read here and there. The file is deleted
 * at the end.
 *
 * @param file the file
 */
record Unpacked(Path file) implements AutoCloseable {
  static Unpacked of(InputStream in) throws IOException {
    Path file = Files.createTempFile("sigill-", ".unpacked");
    try {
      Files.copy(in, file, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      Files.deleteIfExists(file);
      throw e;
    }
    return new Unpacked(file);
  }

  @Override
  public void close() throws IOException {
    Files.deleteIfExists(file);
  }
}
