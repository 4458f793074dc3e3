package dev.sigill.machine;

/** What runs code of another architecture than the processor's. */
public enum Translator {
  NONE(""),
  ROSETTA_2("Rosetta 2"),
  ROSETTA_LINUX("Rosetta for Linux"),
  PRISM("Windows Prism"),
  QEMU_USER("QEMU user-mode emulation"),
  BOX64("box64"),
  FEX("FEX");

  private final String title;

  Translator(String title) {
    this.title = title;
  }

  /** The name as a sentence writes it. */
  public String title() {
    return title;
  }
}
