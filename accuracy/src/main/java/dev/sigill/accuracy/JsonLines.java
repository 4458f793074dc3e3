package dev.sigill.accuracy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * Records in a file, one JSON object a line. Lines are appended as they come about, so that a
 * measurement that is interrupted goes on where it was.
 *
 * @param <T> the record's type
 */
final class JsonLines<T> {
  private static final JsonMapper JSON = new JsonMapper();

  private final Path file;
  private final Class<T> type;
  private final List<T> rows = new ArrayList<>();

  /** Whether the file ends within a line, because a measurement was interrupted there. */
  private boolean endsWithinLine;

  private JsonLines(Path file, Class<T> type) {
    this.file = file;
    this.type = type;
  }

  /** Reads a file, or begins one. A last line that was cut short is forgotten. */
  static <T> JsonLines<T> open(Path file, Class<T> type) throws IOException {
    var lines = new JsonLines<>(file, type);
    if (Files.exists(file)) {
      String text = Files.readString(file);
      lines.endsWithinLine = !text.isEmpty() && !text.endsWith("\n");
      for (String line : text.lines().toList()) {
        if (!line.isBlank()) {
          try {
            lines.rows.add(JSON.readValue(line, type));
          } catch (JacksonException e) {
            System.err.println("accuracy: a line of " + file + " is forgotten: " + e.getMessage());
          }
        }
      }
    }
    return lines;
  }

  /** All records, oldest first. */
  List<T> rows() {
    return List.copyOf(rows);
  }

  void add(T row) throws IOException {
    rows.add(row);
    Files.writeString(
        file,
        (endsWithinLine ? "\n" : "") + JSON.writeValueAsString(row) + "\n",
        StandardOpenOption.CREATE,
        StandardOpenOption.APPEND);
    endsWithinLine = false;
  }

  /** Forgets records. */
  void remove(Predicate<T> which) throws IOException {
    if (rows.removeIf(which)) {
      Path part = file.resolveSibling(file.getFileName() + ".part");
      var text = new StringBuilder();
      rows.forEach(row -> text.append(JSON.writeValueAsString(row)).append('\n'));
      Files.writeString(part, text);
      endsWithinLine = false;
      Files.move(part, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    }
  }

  @Override
  public String toString() {
    return rows.size() + " " + type.getSimpleName() + " in " + file;
  }
}
