package dev.sigill.image.elf;

import dev.sigill.bytes.Bytes;
import dev.sigill.bytes.Limits;
import dev.sigill.image.Image;
import dev.sigill.image.Symbol;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The files of {@code src/test/fixtures/elf}, and damaged copies of them. */
final class ElfFixture {
  private static final Path FOLDER = Path.of("src/test/fixtures/elf");

  private ElfFixture() {}

  /** The names of all built files. */
  static List<String> names() {
    try (var files = Files.list(FOLDER)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.matches(".*\\.(so|o|core|debug)|program-.*"))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static byte[] bytes(String name) {
    try {
      return Files.readAllBytes(FOLDER.resolve(name));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static ElfImage read(String name) {
    return read(bytes(name));
  }

  /** The image of a file that has at least an ELF header. */
  static ElfImage read(byte[] file) {
    List<Image> images = ElfReader.read(Bytes.of(file, "test.so"), Limits.standard()).images();
    return (ElfImage) images.getFirst();
  }

  /** Every definition by its name. */
  static Map<String, Symbol> definitions(ElfImage image) {
    var out = new TreeMap<String, Symbol>();
    image.symbols().forEachDefined(symbol -> out.put(symbol.name(), symbol));
    return out;
  }
}
