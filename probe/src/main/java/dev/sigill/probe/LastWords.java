package dev.sigill.probe;

/**
 * Of what a program wrote, the part that says why it ended. Programs go on after many errors; where
 * a Python program ended by an exception, the last traceback is what counts.
 */
final class LastWords {
  private static final String TRACEBACK = "Traceback (most recent call last):";

  private LastWords() {}

  /** From the last traceback on, with those that it names as its reasons; else the whole text. */
  static String of(String text) {
    int start = text.lastIndexOf(TRACEBACK);
    if (start < 0) {
      return text;
    }
    while (true) {
      int before = text.lastIndexOf(TRACEBACK, start - 1);
      if (before < 0) {
        return text.substring(start);
      }
      String between = text.substring(Math.max(before, start - 200), start).strip();
      boolean isReason =
          between.endsWith("exception was the direct cause of the following exception:")
              || between.endsWith("exception, another exception occurred:");
      if (!isReason) {
        return text.substring(start);
      }
      start = before;
    }
  }
}
