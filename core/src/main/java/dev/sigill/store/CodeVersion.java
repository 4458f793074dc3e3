package dev.sigill.store;

import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.FileSystemNotFoundException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Which program found something out: another build may find something else. Told by the stamp of
 * the archive that the classes come from, which also tells apart builds of one version.
 */
final class CodeVersion {
  private CodeVersion() {}

  /** Empty where the classes' origin cannot be told; then nothing is kept. */
  static Optional<Key> ofThisProgram() {
    return Known.VERSION;
  }

  private static final class Known {
    static final Optional<Key> VERSION = read();
  }

  private static Optional<Key> read() {
    try {
      @Nullable CodeSource source = CodeVersion.class.getProtectionDomain().getCodeSource();
      @Nullable URL location = source == null ? null : source.getLocation();
      if (location == null) {
        return Optional.empty();
      }
      var collector = new Key.Collector().add(location.toString());
      Path origin =
          location.getProtocol().equals("jrt")
              ? Path.of(System.getProperty("java.home"), "lib", "modules")
              : Path.of(location.toURI());
      if (Files.isDirectory(origin)) {
        for (Path file : files(origin)) {
          collector.add(origin.relativize(file).toString());
          FileStamp.of(file).addTo(collector);
        }
      } else {
        FileStamp.of(origin).addTo(collector);
      }
      return Optional.of(collector.toKey());
    } catch (IOException
        | URISyntaxException
        | IllegalArgumentException
        | FileSystemNotFoundException
        | SecurityException e) {
      return Optional.empty();
    }
  }

  private static List<Path> files(Path folder) throws IOException {
    try (Stream<Path> walk = Files.walk(folder)) {
      return walk.filter(Files::isRegularFile).sorted().toList();
    }
  }
}
