package dev.sigill.crash;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A table of blocks: {@code [name]}, then lines {@code key: value}, of which a key may have
 * several. Lines that begin with {@code #} are comments; a line that begins with two blanks goes on
 * with the value before.
 */
final class SignFile {
  private SignFile() {}

  /** One line of a block. */
  record Entry(String key, String value) {}

  /** A block and its lines, in their order. */
  record Block(String name, List<Entry> entries) {
    List<String> all(String key) {
      return entries.stream().filter(e -> e.key().equals(key)).map(Entry::value).toList();
    }

    String one(String key, String otherwise) {
      List<String> values = all(key);
      return values.isEmpty() ? otherwise : values.getFirst();
    }
  }

  /** Reads a table that is part of this program. */
  static List<Block> read(String resource) {
    try (InputStream in = SignFile.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new IllegalStateException("no resource " + resource);
      }
      return parse(resource, new String(in.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static List<Block> parse(String file, String text) {
    var blocks = new ArrayList<Block>();
    int number = 0;
    for (String line : text.split("\n")) {
      number++;
      if (line.isBlank() || line.startsWith("#")) {
        continue;
      }
      if (line.startsWith("[") && line.endsWith("]")) {
        blocks.add(new Block(line.substring(1, line.length() - 1), new ArrayList<>()));
        continue;
      }
      int colon = line.indexOf(": ");
      if (blocks.isEmpty() || colon < 0 && !line.startsWith("  ")) {
        throw new IllegalArgumentException(file + ":" + number + ": neither a name nor key: value");
      }
      List<Entry> entries = blocks.getLast().entries();
      if (line.startsWith("  ")) {
        Entry last = entries.removeLast();
        entries.add(new Entry(last.key(), last.value() + " " + line.strip()));
      } else {
        entries.add(new Entry(line.substring(0, colon), line.substring(colon + 2).strip()));
      }
    }
    return blocks;
  }
}
