package dev.sigill.machine;

import dev.sigill.isa.Feature;
import dev.sigill.isa.FeatureSet;
import dev.sigill.machine.MachineEntry.Axis;
import dev.sigill.machine.SystemProfile.Libc;
import dev.sigill.platform.Architecture;
import dev.sigill.platform.OperatingSystem;
import dev.sigill.platform.Version;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The machines and systems that have a name of their own, from text files beside this class: {@code
 * *.machines}, a block for each machine, and {@code systems.profiles}, a line for each system.
 *
 * <p>Loading files the names under their {@link Spelling}; the rest of a block or line is read when
 * it is asked for. A mistake in a file is a fault of this program and ends in an {@link
 * IllegalStateException} that names file and line. Safe for use by several threads.
 */
final class Catalog {
  private static final List<String> MACHINES =
      List.of(
          "x86-levels.machines",
          "intel.machines",
          "amd.machines",
          "virtual.machines",
          "arm.machines",
          "apple.machines",
          "windows-on-arm.machines");

  private static final String SYSTEMS = "systems.profiles";
  private static final int SYSTEM_COLUMNS = 8;

  /** Loaded at the first use. */
  private static final class Standard {
    static final Catalog CATALOG = load();
  }

  /**
   * A line of the systems file.
   *
   * @param profile the system
   * @param pageSize bytes per page of its arm64 kernels, 0 where not known
   * @param source where the line comes from
   */
  record SystemRow(SystemProfile profile, int pageSize, String source) {}

  /** A line of the systems file that was not read yet. */
  private record UnreadRow(CatalogFile place, String source) {}

  private final Map<String, MachineEntry> entries = new LinkedHashMap<>();
  private final Map<String, List<String>> aliases = new HashMap<>();
  private final Map<String, UnreadRow> unread = new LinkedHashMap<>();
  private final Map<String, SystemRow> rows = new HashMap<>();

  /** Names in their {@link Spelling#key}, to the names of the files' first column. */
  private final Map<String, String> machineNames = new HashMap<>();

  private final Map<String, String> systemNames = new HashMap<>();

  /** Names in their key, to how the catalog writes them. */
  private final Map<String, String> spelled = new HashMap<>();

  private Catalog() {}

  /** The catalog that comes with this program. */
  static Catalog standard() {
    return Standard.CATALOG;
  }

  private static Catalog load() {
    var catalog = new Catalog();
    for (String file : MACHINES) {
      catalog.readMachines(CatalogFile.ofProgram(file));
    }
    catalog.readSystems(CatalogFile.ofProgram(SYSTEMS));
    return catalog;
  }

  private void readMachines(CatalogFile file) {
    var documents = new HashMap<String, String>();
    var architecture = Architecture.X86_64;
    List<MachineEntry> open = List.of();
    while (file.next()) {
      if (file.isField()) {
        if (file.begins("alias")) {
          fileAliases(open, file);
        }
        continue;
      }
      String rest = file.rest();
      switch (file.word()) {
        case "architecture" -> architecture = Architecture.of(rest);
        case "document" -> {
          int gap = rest.indexOf(' ');
          documents.put(rest.substring(0, gap), rest.substring(gap + 1).strip());
        }
        case "machine" -> open = open(true, rest, file, architecture, documents);
        case "features" -> open = open(false, rest, file, architecture, documents);
        default -> throw file.fault("no line begins with " + file.word());
      }
    }
  }

  /** The block of {@code nehalem}, or those of {@code {m1 m2}-asahi}. */
  private List<MachineEntry> open(
      boolean isMachine,
      String name,
      CatalogFile file,
      Architecture architecture,
      Map<String, String> documents) {
    var open = new ArrayList<MachineEntry>();
    int close = name.indexOf('}');
    String[] braced = close < 0 ? new String[] {""} : name.substring(1, close).split(" ");
    CatalogFile place = file.copy();
    for (String host : braced) {
      String full = close < 0 ? name : host + name.substring(close + 1);
      var entry = new MachineEntry(full, isMachine, host, place, architecture, documents);
      if (entries.put(full, entry) != null) {
        throw file.fault("there is a second " + full);
      }
      if (isMachine) {
        file(machineNames, full, full, file);
      }
      open.add(entry);
    }
    return open;
  }

  private void fileAliases(List<MachineEntry> open, CatalogFile file) {
    for (String alias : file.rest().split(",")) {
      for (MachineEntry entry : open) {
        String full = alias.strip();
        if (!entry.braced.isEmpty()) {
          full = full.replace("{name}", entry.braced);
        }
        file(machineNames, full, entry.name, file);
        aliases.computeIfAbsent(entry.name, _ -> new ArrayList<>()).add(full);
      }
    }
  }

  private void file(Map<String, String> names, String spelling, String name, CatalogFile file) {
    String key = Spelling.key(spelling);
    String before = names.put(key, name);
    if (before != null && !before.equals(name)) {
      throw file.fault(spelling + " means both " + before + " and " + name);
    }
    spelled.putIfAbsent(key, spelling);
  }

  private void readSystems(CatalogFile file) {
    String source = "";
    while (file.next()) {
      if (file.begins("source")) {
        source = file.rest();
        continue;
      }
      String line = file.line();
      int first = line.indexOf('|');
      int second = line.indexOf('|', first + 1);
      if (second < 0) {
        throw file.fault("too few columns");
      }
      String name = line.substring(0, first).strip();
      if (unread.put(name, new UnreadRow(file.copy(), source)) != null) {
        throw file.fault("there is a second " + name);
      }
      file(systemNames, name, name, file);
      String others = line.substring(first + 1, second).strip();
      if (!others.isEmpty()) {
        for (String other : others.split(",")) {
          file(systemNames, other.strip(), name, file);
        }
      }
    }
  }

  private static SystemRow read(UnreadRow row) {
    CatalogFile file = row.place();
    String[] cells = file.line().split("\\|", -1);
    if (cells.length != SYSTEM_COLUMNS) {
      throw file.fault(cells.length + " columns, not " + SYSTEM_COLUMNS);
    }
    for (int i = 0; i < cells.length; i++) {
      cells[i] = cells[i].strip();
    }
    String[] system = (cells[3] + " ").split(" ", 2);
    String[] libc = (cells[4] + " ").split(" ", 2);
    String version = system[1].strip();
    String libcVersion = libc[1].strip();
    var profile =
        new SystemProfile(
            cells[0],
            version.isEmpty() || libcVersion.isEmpty()
                ? cells[2]
                : cells[2] + " (" + cells[4] + ")",
            switch (system[0]) {
              case "linux" -> OperatingSystem.LINUX;
              case "macos" -> OperatingSystem.MACOS;
              case "windows" -> OperatingSystem.WINDOWS;
              default -> throw file.fault("no system is called " + system[0]);
            },
            new Version(version),
            switch (libc[0]) {
              case "glibc" -> Libc.GLIBC;
              case "musl" -> Libc.MUSL;
              case "" -> Libc.NONE;
              default -> throw file.fault("no C library is called " + libc[0]);
            },
            new Version(libcVersion),
            new Version(cells[5]),
            cells[6].isEmpty() ? 0 : Integer.parseInt(cells[6].substring(1)));
    int pageSize = cells[7].isEmpty() ? 0 : Integer.parseInt(cells[7]);
    return new SystemRow(profile, pageSize, row.source());
  }

  /** The machines with a name of their own, in the order of the files. */
  synchronized List<Machine> machines() {
    var machines = new ArrayList<Machine>();
    for (MachineEntry entry : entries.values()) {
      if (entry.isMachine) {
        machines.add(entry.machine(this));
      }
    }
    return List.copyOf(machines);
  }

  /** The systems with a name of their own, in the order of the file. */
  synchronized List<SystemProfile> systems() {
    return unread.keySet().stream().map(name -> rows(name).profile()).toList();
  }

  /** The catalog's other names of a machine. */
  List<String> aliases(String name) {
    return List.copyOf(aliases.getOrDefault(name, List.of()));
  }

  /** All names of machines and systems, as the catalog spells them. */
  Collection<String> names() {
    return spelled.values();
  }

  /**
   * The machine that a spelling means, under the catalog's spelling of that name; null for none.
   * Another name of a computer may also begin the name of one of its translators ({@code
   * m1-pro-rosetta-macos14}).
   */
  synchronized @Nullable Machine machine(String spelling) {
    String key = Spelling.key(spelling);
    String name = machineNames.get(key);
    if (name != null) {
      return named(entries.get(name), spelled.getOrDefault(key, name));
    }
    for (int length = key.length() - 1; length > 1; length--) {
      String host = machineNames.get(key.substring(0, length));
      String whole =
          host == null ? null : machineNames.get(Spelling.key(host) + key.substring(length));
      MachineEntry entry = whole == null ? null : entries.get(whole);
      if (entry != null && entry.braced.equals(host)) {
        String typed = spelled.getOrDefault(key.substring(0, length), host);
        return named(entry, typed + whole.substring(host.length()));
      }
    }
    return null;
  }

  private @Nullable Machine named(@Nullable MachineEntry entry, String name) {
    if (entry == null) {
      return null;
    }
    Machine machine = entry.machine(this);
    return name.equals(machine.name()) ? machine : Machines.renamed(machine, name, machine.title());
  }

  /**
   * The system that a spelling means, under the catalog's spelling of that name, also with a minor
   * version ({@code macos-14.5}); null for none.
   */
  synchronized @Nullable SystemRow system(String spelling) {
    String key = Spelling.key(spelling);
    String name = systemNames.get(key);
    if (name != null) {
      SystemRow row = rows(name);
      SystemProfile named = renamed(row.profile(), spelled.getOrDefault(key, name));
      return new SystemRow(named, row.pageSize(), row.source());
    }
    int dot = key.startsWith("macos") ? key.indexOf('.') : -1;
    String major = dot < 0 ? null : systemNames.get(key.substring(0, dot));
    String version = dot < 0 ? "" : key.substring("macos".length());
    if (major == null || !isNumbers(version)) {
      return null;
    }
    SystemRow row = rows(major);
    return new SystemRow(minor(row.profile(), version), row.pageSize(), row.source());
  }

  private static boolean isNumbers(String version) {
    return new Version(version).numbers().size() == version.split("\\.", -1).length;
  }

  private static SystemProfile renamed(SystemProfile profile, String name) {
    return with(profile, name, profile.title(), profile.version());
  }

  /** macOS 14 as macOS 14.5. */
  static SystemProfile minor(SystemProfile profile, String version) {
    return with(profile, "macos-" + version, "macOS " + version, new Version(version));
  }

  private static SystemProfile with(
      SystemProfile profile, String name, String title, Version version) {
    return new SystemProfile(
        name,
        title,
        profile.system(),
        version,
        profile.libc(),
        profile.libcVersion(),
        profile.glibcxx(),
        profile.requiredLevel());
  }

  private SystemRow rows(String name) {
    SystemRow row = rows.get(name);
    if (row == null) {
      row = read(unread.get(name));
      rows.put(name, row);
    }
    return row;
  }

  /** The system that a machine file names. */
  SystemRow row(String name, CatalogFile place) {
    if (!unread.containsKey(name)) {
      throw place.fault("no system is called " + name);
    }
    return rows(name);
  }

  /** The block that a machine file names. */
  MachineEntry entry(String name, CatalogFile place) {
    MachineEntry entry = entries.get(name);
    if (entry == null) {
      throw place.fault("nothing is called " + name);
    }
    return entry;
  }

  /** The value of {@code nehalem + aes pclmulqdq - popcnt}. */
  FeatureSet features(String expression, Axis axis, CatalogFile place) {
    FeatureSet set = FeatureSet.empty();
    boolean isTaking = false;
    for (String word : expression.split(" ")) {
      if (word.equals("+") || word.equals("-")) {
        isTaking = word.equals("-");
        continue;
      }
      Feature feature = Feature.find(word);
      if (feature != null) {
        set =
            isTaking
                ? FeatureAlteration.without(set, feature)
                : set.contains(feature) ? set : set.with(feature.closure());
      } else if (!word.isEmpty()) {
        if (isTaking) {
          throw place.fault("no feature is called " + word);
        }
        set = set.with(entry(word, place).features(this, axis));
      }
    }
    return set;
  }
}
