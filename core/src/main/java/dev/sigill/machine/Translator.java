package dev.sigill.machine;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

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

  /** The name that JSON and the catalog have: {@code rosetta-2}. */
  public String id() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** The translator of an id; null for none. */
  static @Nullable Translator ofId(String id) {
    for (Translator translator : values()) {
      if (translator.id().equals(id)) {
        return translator;
      }
    }
    return null;
  }

  /** The name as a sentence writes it. */
  public String title() {
    return title;
  }
}
