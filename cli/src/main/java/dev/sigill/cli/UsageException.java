package dev.sigill.cli;

import org.jspecify.annotations.Nullable;

/** A command that cannot be done as asked; the message says why and what to do next. */
final class UsageException extends Exception {
  private static final long serialVersionUID = 1;

  UsageException(String message) {
    super(message);
  }

  UsageException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
