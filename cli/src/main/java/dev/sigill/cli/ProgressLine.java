package dev.sigill.cli;

import java.io.PrintStream;

/**
 * One line on a terminal that says what is being done, rewritten in place and wiped at the end.
 * Silent where messages do not go to a terminal. Safe for use by several threads.
 */
final class ProgressLine implements AutoCloseable {
  private static final long FIRST_AFTER_NANOS = 300_000_000L;
  private static final long EVERY_NANOS = 100_000_000L;
  private static final String WIPE = "\r\u001b[K";

  private final PrintStream err;
  private final boolean isShown;
  private final int columns;
  private long next = System.nanoTime() + FIRST_AFTER_NANOS;
  private boolean isDirty;

  ProgressLine(PrintStream err, boolean isShown, int columns) {
    this.err = err;
    this.isShown = isShown;
    this.columns = columns > 0 ? columns : 80;
  }

  /** Nobody looks. */
  static ProgressLine silent(PrintStream err) {
    return new ProgressLine(err, false, 0);
  }

  /** Tells what is being done. */
  synchronized void tell(String text) {
    if (!isShown) {
      return;
    }
    long now = System.nanoTime();
    if (now - next < 0) {
      return;
    }
    next = now + EVERY_NANOS;
    int room = Math.max(1, columns - 1);
    err.print(WIPE + (text.length() > room ? text.substring(0, room) : text));
    err.flush();
    isDirty = true;
  }

  /** Tells how far it has come. */
  void tell(String what, int done, int all) {
    tell(what + " " + done + "/" + all);
  }

  /** Wipes the line. */
  @Override
  public synchronized void close() {
    if (isDirty) {
      err.print(WIPE);
      err.flush();
      isDirty = false;
    }
  }
}
