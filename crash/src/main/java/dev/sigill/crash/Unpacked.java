package dev.sigill.crash;

import dev.sigill.bytes.Place;
import dev.sigill.bytes.Problem;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A stream unpacked to a temporary file, which is deleted at the end.
 *
 * @param file the file
 * @param problem why it is not complete, or null
 */
record Unpacked(Path file, @Nullable Problem problem) implements AutoCloseable {
  /** How much is unpacked: enough for the notes of a core file and most memory, in bytes. */
  private static final long MOST = 4L << 30;

  static Unpacked of(InputStream in, Compression compression, String name) throws IOException {
    Path file = Files.createTempFile("sigill-", ".unpacked");
    Problem problem = null;
    try (OutputStream out = Files.newOutputStream(file)) {
      long length = 0;
      try {
        InputStream unpacked = compression.unpack(in);
        var buffer = new byte[1 << 16];
        for (int size; (size = unpacked.read(buffer)) > 0 && length < MOST; length += size) {
          out.write(buffer, 0, size);
        }
        if (length >= MOST) {
          problem = problem(name, Problem.Code.LIMIT, length);
        }
      } catch (IOException | RuntimeException e) {
        // Libraries for compressed data throw unchecked exceptions for damaged data, too.
        problem = problem(name, Problem.Code.TRUNCATED, length);
      }
    } catch (IOException e) {
      Files.deleteIfExists(file);
      throw e;
    }
    return new Unpacked(file, problem);
  }

  private static Problem problem(String name, Problem.Code code, long length) {
    return new Problem(
        code, Place.of(name), "compressed data", length, MOST, Problem.Effect.PART_LOST);
  }

  @Override
  public void close() throws IOException {
    Files.deleteIfExists(file);
  }
}
