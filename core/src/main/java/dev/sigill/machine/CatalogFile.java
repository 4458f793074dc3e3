package dev.sigill.machine;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** One text file of the catalog, read line by line without copying what nobody asks for. */
final class CatalogFile {
  private final String name;
  private final String text;
  private int start;
  private int end = -1;
  private int number;

  CatalogFile(String name, String text) {
    this.name = name;
    this.text = text;
  }

  /** A file that comes with this program. */
  static CatalogFile ofProgram(String name) {
    try (InputStream in = CatalogFile.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException(name + " is missing from the program");
      }
      return new CatalogFile(name, new String(in.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Goes to the next line that is neither empty nor a comment; false after the last. */
  boolean next() {
    while (end < text.length()) {
      start = end + 1;
      if (start >= text.length()) {
        return false;
      }
      int newline = text.indexOf('\n', start);
      end = newline < 0 ? text.length() : newline;
      number++;
      if (start < end && text.charAt(start) != '#') {
        return true;
      }
    }
    return false;
  }

  /** Whether the line is indented, and so belongs to the block above it. */
  boolean isField() {
    return text.charAt(start) == ' ';
  }

  /** Whether the line, indented or not, begins with a word. */
  boolean begins(String word) {
    int at = start;
    while (at < end && text.charAt(at) == ' ') {
      at++;
    }
    int after = at + word.length();
    return after < end && text.startsWith(word, at) && text.charAt(after) == ' ';
  }

  /** The line, without the spaces around it. */
  String line() {
    return text.substring(start, end).strip();
  }

  /** What follows the first word of the line. */
  String rest() {
    String line = line();
    int space = line.indexOf(' ');
    return space < 0 ? "" : line.substring(space + 1).strip();
  }

  /** The first word of the line. */
  String word() {
    String line = line();
    int space = line.indexOf(' ');
    return space < 0 ? line : line.substring(0, space);
  }

  /** The same file, at the line where this one is. */
  CatalogFile copy() {
    var copy = new CatalogFile(name, text);
    copy.start = start;
    copy.end = end;
    copy.number = number;
    return copy;
  }

  /** A mistake in the line: a fault of this program. */
  IllegalStateException fault(String message) {
    return new IllegalStateException(name + ":" + number + ": " + message);
  }
}
