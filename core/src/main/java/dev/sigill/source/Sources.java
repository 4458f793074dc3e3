package dev.sigill.source;

import dev.sigill.bytes.Limits;
import java.io.IOException;
import java.nio.file.Path;

/** Opens targets. */
public final class Sources {
  private Sources() {}

  /**
   * Opens a file, folder, environment or archive.
   *
   * @throws IOException where the path itself does not exist or cannot be opened; anything wrong
   *     inside is among the source's problems
   */
  public static Source open(Path path, Limits limits) throws IOException {
    throw new IOException("placeholder " + path + limits);
  }
}
