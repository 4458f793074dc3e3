package dev.sigill.image;

/** A file format for native code. */
public enum Format {
  ELF("ELF"),
  MACH_O("Mach-O"),
  PE("PE");

  private final String title;

  Format(String title) {
    this.title = title;
  }

  /** The name as a sentence writes it. */
  public String title() {
    return title;
  }
}
