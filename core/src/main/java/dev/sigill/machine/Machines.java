package dev.sigill.machine;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
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
    return ThisComputer.look().machine();
  }

  /**
   * The machine that a file describes: {@code /proc/cpuinfo}, {@code lscpu} (also {@code -J}),
   * {@code sysctl -a} of a Mac, {@code sigill machines --format json}, {@code systeminfo}, {@code
   * coreinfo} or {@code cpuid -r}, as their programs print it. Its name is the file's, unless the
   * JSON says one.
   *
   * @throws IllegalArgumentException where the file cannot be read or describes none
   */
  public static Machine read(Path file) {
    String name = MachineText.nameOf(file);
    byte[] bytes;
    try (InputStream in = Files.newInputStream(file)) {
      bytes = in.readNBytes(MachineText.LIMIT + 1);
    } catch (IOException e) {
      throw new IllegalArgumentException(file + " cannot be read: " + e.getMessage(), e);
    }
    if (bytes.length > MachineText.LIMIT) {
      throw new IllegalArgumentException(
          file + " is too long for a description of a machine (over 4 MiB)");
    }
    return MachineText.read(decoded(bytes), name);
  }

  /**
   * The machine that a text describes, in any of the forms that {@link #read} takes.
   *
   * @param text as pasted
   * @param name the machine's name, unless the text says one
   * @throws IllegalArgumentException where it describes none
   */
  public static Machine parse(String text, String name) {
    return MachineText.read(text, name);
  }

  /** Windows' programs write UTF-16 with a mark in front when their output is redirected. */
  private static String decoded(byte[] bytes) {
    boolean isWide = bytes.length > 1 && (bytes[0] & 0xff) == 0xff && (bytes[1] & 0xff) == 0xfe;
    return new String(bytes, isWide ? StandardCharsets.UTF_16 : StandardCharsets.UTF_8);
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
