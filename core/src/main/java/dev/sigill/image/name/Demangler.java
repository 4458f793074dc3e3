package dev.sigill.image.name;

/** Placeholder. */
public final class Demangler {
  private Demangler() {}

  public static String demangle(String name) {
    return name;
  }
}
