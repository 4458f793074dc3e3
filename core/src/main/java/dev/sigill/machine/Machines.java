package dev.sigill.machine;

import java.util.List;

/** Finds machines: by name, in a file, or this one. */
public final class Machines {
  private Machines() {}

  /** Every machine and system profile that has a name of its own, in the order of the catalog. */
  public static List<Machine> catalog() {
    return List.of();
  }

  /**
   * The machine that a name means: a catalog name, altered and composed ({@code haswell:-fma},
   * {@code nehalem+ubuntu-22.04}), {@code this}, or the path of a file that describes one.
   *
   * @throws IllegalArgumentException where no machine is meant; the message names what is near
   */
  public static Machine named(String name) {
    throw new IllegalArgumentException(name);
  }

  /** The computer that this program runs on, as a native process of it would see it. */
  public static Machine thisComputer() {
    throw new IllegalArgumentException("placeholder");
  }
}
