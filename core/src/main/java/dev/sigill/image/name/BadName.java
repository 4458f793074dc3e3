package dev.sigill.image.name;

/** Leaves a demangler where a name does not follow its grammar or asks for too much. */
final class BadName extends RuntimeException {
  private static final long serialVersionUID = 1;

  BadName() {
    super(null, null, false, false);
  }
}
