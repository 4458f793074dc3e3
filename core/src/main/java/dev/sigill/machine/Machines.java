package dev.sigill.machine;

import java.nio.file.Path;
import java.util.List;

/** Finds machines: by name, in a file, or this one. */
public final class Machines {
  private Machines() {}

  /** Every machine that has a name of its own, in the order of the catalog. */
  public static List<Machine> catalog() {
    return Catalog.standard().machines();
  }

  /** Every system that has a name of its own, in the order of the catalog. */
  public static List<SystemProfile> systems() {
    return Catalog.standard().systems();
  }

  /** The other names of a machine of the catalog; none for a name that is not its own. */
  public static List<String> aliases(String name) {
    return Catalog.standard().aliases(name);
  }

  /**
   * The machine that a name means: a catalog name, altered and composed ({@code haswell:-fma},
   * {@code nehalem+ubuntu-22.04}), {@code this}, or the path of a file that describes one. Case,
   * hyphens, underscores and spaces do not matter. A processor alone takes any operating system; a
   * system alone takes the weakest processor that it starts on.
   *
   * @throws IllegalArgumentException where no machine is meant; the message names what is near
   */
  public static Machine named(String name) {
    return new MachineName(Catalog.standard(), Machines::thisComputer).resolve(name);
  }

  /** The computer that this program runs on, as a native process of it would see it. */
  public static Machine thisComputer() {
    throw new IllegalArgumentException("this computer's description is not available");
  }

  /**
   * The machine that a file describes.
   *
   * @throws IllegalArgumentException where the file cannot be read or describes none
   */
  public static Machine read(Path file) {
    throw new IllegalArgumentException(file + " cannot be read as a machine yet");
  }

  static Machine renamed(Machine machine, String name, String title) {
    return new Machine(
        name,
        title,
        machine.architecture(),
        machine.advertised(),
        machine.executes(),
        machine.uncertain(),
        machine.translator(),
        machine.hostArchitecture(),
        machine.system(),
        machine.pageSize(),
        machine.sources());
  }
}
