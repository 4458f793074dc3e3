package dev.sigill.installation;

import java.nio.file.Path;
import java.util.List;

/**
 * Finds the Pythons, JVMs and Nodes of this computer by looking where their installers, version
 * managers and package managers put them. Nothing is started, and no package is looked into.
 */
public final class Installations {
  private Installations() {}

  /**
   * What is installed: by language, the active one first, then by place; one entry for each place,
   * however many links lead there.
   *
   * @param current the folder whose environments and {@code node_modules} count too
   */
  public static List<Installation> find(Path current) {
    return find(Places.ofThisComputer(current));
  }

  static List<Installation> find(Places places) {
    var collected = new Collected();
    new PythonSearch(places, collected).search();
    new JavaSearch(places, collected).search();
    new NodeSearch(places, collected).search();
    return collected.sorted();
  }
}
