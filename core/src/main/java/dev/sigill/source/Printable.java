package dev.sigill.source;

/** Text of strangers, fit to be shown. */
final class Printable {
  private static final int LONGEST = 200;

  private Printable() {}

  /** Control characters become {@code ?}, and what is very long is cut. */
  static String of(String text) {
    var out = new StringBuilder();
    text.codePoints()
        .limit(LONGEST)
        .forEach(c -> out.appendCodePoint(Character.isISOControl(c) ? '?' : c));
    return text.length() > LONGEST ? out.append('…').toString() : out.toString();
  }
}
