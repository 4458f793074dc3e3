package dev.sigill.python;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.stream.Collectors;

/** The modules that come with Python, of all versions that are in use. */
final class StandardModules {
  private static final Set<String> NAMES = read();

  private StandardModules() {}

  /** Whether a dotted name is one of them, or lies in one. */
  static boolean contains(String name) {
    int dot = name.indexOf('.');
    return NAMES.contains(dot < 0 ? name : name.substring(0, dot));
  }

  private static Set<String> read() {
    try (InputStream stream = StandardModules.class.getResourceAsStream("standard-modules.txt")) {
      if (stream == null) {
        throw new IllegalStateException("standard-modules.txt is not among the classes");
      }
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .collect(Collectors.toUnmodifiableSet());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
