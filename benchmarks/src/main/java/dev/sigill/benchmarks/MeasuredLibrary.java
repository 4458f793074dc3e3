package dev.sigill.benchmarks;

import dev.sigill.bytes.Bytes;
import dev.sigill.bytes.Place;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.channels.FileChannel;
import java.nio.file.Path;

/** The library that the system property {@code sigill.library} names. */
final class MeasuredLibrary {
  private MeasuredLibrary() {}

  /** Its content, for as long as the arena is open. */
  static Bytes content(Arena arena) throws IOException {
    var path = Path.of(System.getProperty("sigill.library", ""));
    try (FileChannel channel = FileChannel.open(path)) {
      return Bytes.of(
          channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena),
          Place.of(path.toString()));
    }
  }
}
