package dev.sigill.report;

import java.util.List;

/** Text under construction: indented, wrapped and coloured lines. */
final class Page {
  private static final String ESCAPE = "\u001b[";

  private final Style style;
  private final StringBuilder out = new StringBuilder();

  Page(Style style) {
    this.style = style;
  }

  Style style() {
    return style;
  }

  /** The text in bold where styles are allowed. */
  String strong(String text) {
    return paint(text, "1");
  }

  /** The text held back where styles are allowed. */
  String faint(String text) {
    return paint(text, "2");
  }

  /** A mark in its colour. */
  String mark(Mark mark) {
    return paint(mark.sign(style), mark.color());
  }

  /** The text in the colour of a mark. */
  String inColorOf(Mark mark, String text) {
    return paint(text, mark.color());
  }

  private String paint(String text, String code) {
    return style.color() && !text.isEmpty() ? ESCAPE + code + "m" + text + ESCAPE + "0m" : text;
  }

  /** A line as it is; blanks at its end are dropped. */
  void line(String text) {
    out.append(text.stripTrailing()).append('\n');
  }

  /** An empty line, unless the page starts or the last line is empty already. */
  void gap() {
    if (!out.isEmpty() && !out.toString().endsWith("\n\n")) {
      out.append('\n');
    }
  }

  /** Words wrapped to the width; lines after the first are indented to where the words began. */
  void wrapped(String head, String text) {
    wrapped(head, text, List.of());
  }

  /**
   * Words wrapped to the width after a head, with a tail at the right edge of the first line.
   *
   * @param tail the text at the right, without colour, or none
   */
  void wrapped(String head, String text, List<String> tail) {
    int indent = width(head);
    String right = tail.isEmpty() ? "" : "  " + tail.getFirst();
    int room = style.width() - indent - width(right);
    if (room < 24) {
      line(head.stripTrailing() + right);
      indent = Math.min(8, Math.max(4, indent / 4));
      for (String part : wrap(text, style.width() - indent)) {
        line(" ".repeat(indent) + part);
      }
      return;
    }
    boolean isFirst = true;
    for (String part : wrap(text, room)) {
      if (isFirst) {
        String pad = " ".repeat(Math.max(0, room - width(part)));
        line(head + part + (right.isEmpty() ? "" : pad + faint(right)));
      } else {
        line(" ".repeat(indent) + part);
      }
      isFirst = false;
    }
  }

  /** The text in lines of at most so many columns, broken between words; long words stay whole. */
  static List<String> wrap(String text, int columns) {
    var lines = new java.util.ArrayList<String>();
    var line = new StringBuilder();
    int used = 0;
    for (String word : text.strip().split(" ")) {
      int length = width(word);
      if (used > 0 && used + 1 + length > columns) {
        lines.add(line.toString());
        line.setLength(0);
        used = 0;
      }
      if (used > 0) {
        line.append(' ');
        used++;
      }
      line.append(word);
      used += length;
    }
    lines.add(line.toString());
    return lines;
  }

  /** The text shortened in its middle to so many columns. */
  String shortened(String text, int columns) {
    if (width(text) <= columns || columns < 8) {
      return text;
    }
    String dots = style.unicode() ? "…" : "...";
    int[] points = text.codePoints().toArray();
    int tail = columns / 2 - 1;
    int head = columns - tail - dots.length();
    return new String(points, 0, head) + dots + new String(points, points.length - tail, tail);
  }

  /** The text filled with blanks to so many columns. */
  static String padded(String text, int columns) {
    return text + " ".repeat(Math.max(0, columns - width(text)));
  }

  /** Columns that the text takes on a terminal. */
  static int width(String text) {
    int columns = 0;
    for (int i = 0; i < text.length(); ) {
      if (text.startsWith(ESCAPE, i)) {
        i = text.indexOf('m', i) + 1;
        continue;
      }
      int point = text.codePointAt(i);
      i += Character.charCount(point);
      if (Character.getType(point) != Character.NON_SPACING_MARK) {
        columns++;
      }
    }
    return columns;
  }

  @Override
  public String toString() {
    return out.toString();
  }
}
