package dev.sigill.probe;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What programs write on standard error while it leads to a file: the file can be read afterwards,
 * without touching the stream. Where it leads to a terminal or a pipe, nothing is known.
 */
final class ErrorStream {
  private static final Path STREAM = Path.of("/proc/self/fd/2");

  /** How much of its end is read, in bytes. */
  private static final int MOST = 1 << 18;

  private final @Nullable Path file;
  private final long from;

  private ErrorStream(@Nullable Path file, long from) {
    this.file = file;
    this.from = from;
  }

  /** Notes how long the file is now. */
  static ErrorStream open() {
    try {
      if (Files.isRegularFile(STREAM)) {
        return new ErrorStream(STREAM.toRealPath(), Files.size(STREAM));
      }
    } catch (IOException | SecurityException e) {
      return new ErrorStream(null, 0);
    }
    return new ErrorStream(null, 0);
  }

  /** What a file holds. */
  static String of(Path file) {
    return new ErrorStream(file, 0).written();
  }

  /** What was written since, or its end where that is long. */
  String written() {
    if (file == null) {
      return "";
    }
    try (var in = new RandomAccessFile(file.toFile(), "r")) {
      long start = Math.max(from, in.length() - MOST);
      if (start >= in.length()) {
        return "";
      }
      var bytes = new byte[(int) (in.length() - start)];
      in.seek(start);
      in.readFully(bytes);
      return new String(bytes, StandardCharsets.UTF_8);
    } catch (IOException e) {
      return "";
    }
  }
}
