package dev.sigill.accuracy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A package to measure: a line of {@code packages.tsv}.
 *
 * @param name the distribution's name
 * @param version its version, or {@code -} for the newest
 * @param modules what is imported, in this order
 * @param requirements further distributions that the workload needs, as pip takes them
 * @param workload whether there is a program {@code workloads/NAME.py} that uses it
 */
record PackageEntry(
    String name,
    String version,
    List<String> modules,
    List<String> requirements,
    boolean workload) {
  PackageEntry {
    modules = List.copyOf(modules);
    requirements = List.copyOf(requirements);
  }

  /** What pip is asked for. */
  List<String> pipArguments() {
    var arguments = new ArrayList<String>();
    arguments.add(version.equals("-") ? name : name + "==" + version);
    arguments.addAll(requirements);
    return arguments;
  }

  /** The program that uses the package. */
  String program() {
    return Resources.text("workloads/" + name + ".py");
  }

  /** All packages, in the order of the file. */
  static List<PackageEntry> all() {
    return parse(Resources.text("packages.tsv"));
  }

  /**
   * Reads lines of name, version, modules and optionally requirements, separated by tabs; lists
   * within a column by commas.
   */
  static List<PackageEntry> parse(String text) {
    var entries = new ArrayList<PackageEntry>();
    for (String line : text.lines().toList()) {
      if (line.isBlank() || line.startsWith("#")) {
        continue;
      }
      String[] cells = line.split("\t");
      if (cells.length < 3) {
        throw new IllegalArgumentException("packages.tsv needs three columns: " + line);
      }
      entries.add(
          new PackageEntry(
              cells[0],
              cells[1],
              list(cells[2]),
              cells.length > 3 ? list(cells[3]) : List.of(),
              Resources.has("workloads/" + cells[0] + ".py")));
    }
    return entries;
  }

  private static List<String> list(String cell) {
    return cell.isBlank() ? List.of() : Arrays.asList(cell.strip().split(","));
  }
}
