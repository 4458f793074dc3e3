package dev.sigill.probe;

/** A program could not be started; the message says why. */
public final class NotStartedException extends Exception {
  private static final long serialVersionUID = 1;

  private final int status;

  NotStartedException(String message, int status) {
    super(message);
    this.status = status;
  }

  /** What shells exit with then: 127 where it was not found, 126 where it may not be run. */
  public int status() {
    return status;
  }
}
