package dev.sigill.machine;

import dev.sigill.isa.Feature;
import dev.sigill.isa.FeatureSet;
import dev.sigill.machine.SystemProfile.Libc;
import dev.sigill.platform.Architecture;
import dev.sigill.platform.OperatingSystem;
import dev.sigill.platform.Version;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The machines and systems that have a name of their own, from text files beside this class: {@code
 * *.machines}, a block for each machine, and {@code systems.profiles}, a line for each system.
 *
 * <p>Loading splits lines and files names under their {@link Spelling}; the features of a machine
 * are put together when it is asked for, once. A mistake in a file is a fault of this program and
 * ends in an {@link IllegalStateException} that names file and line.
 */
final class Catalog {
  private static final List<String> FILES =
      List.of(
          "x86-levels.machines",
          "intel.machines",
          "amd.machines",
          "virtual.machines",
          "arm.machines",
          "apple.machines",
          "windows-on-arm.machines");

  private static final String SYSTEMS = "systems.profiles";

  /** Loaded at the first use. */
  private static final class Standard {
    static final Catalog CATALOG = load();
  }

  /** A block of a machine file. */
  private static final class Entry {
    final String name;
    final boolean isMachine;
    final String place;
    Architecture architecture;
    final Map<String, String> documents;
    final List<String> aliases = new ArrayList<>();
    String title = "";
    String has = "";
    String advertises = "";
    String executes = "";
    String uncertain = "";
    String translator = "";
    String host = "";
    String system = "";
    String page = "";
    String source = "";
    @Nullable FeatureSet advertised;
    @Nullable FeatureSet executed;
    @Nullable Machine machine;
    boolean isResolving;

    Entry(
        String name,
        boolean isMachine,
        String place,
        Architecture architecture,
        Map<String, String> documents) {
      this.name = name;
      this.isMachine = isMachine;
      this.place = place;
      this.architecture = architecture;
      this.documents = documents;
    }

    void set(String field, String value, String place) {
      switch (field) {
        case "alias" -> {
          for (String alias : value.split(",")) {
            aliases.add(alias.strip());
          }
        }
        case "title" -> title = value;
        case "has" -> has = value;
        case "advertises" -> advertises = value;
        case "executes" -> executes = value;
        case "uncertain" -> uncertain = value;
        case "translator" -> translator = value;
        case "host" -> host = value;
        case "system" -> system = value;
        case "page" -> page = value;
        case "source" -> source = value;
        case "architecture" -> architecture = Architecture.of(value);
        default -> throw new IllegalStateException(place + ": no field is called " + field);
      }
    }
  }

  /**
   * A line of the systems file.
   *
   * @param profile the system, with the catalog's name
   * @param pageSize bytes per page of its arm64 kernels, 0 where not known
   * @param source where the row comes from
   */
  record SystemRow(SystemProfile profile, int pageSize, String source) {}

  private final Map<String, Entry> entries = new LinkedHashMap<>();
  private final Map<String, String> machineNames = new HashMap<>();
  private final Map<String, SystemRow> systems = new LinkedHashMap<>();
  private final Map<String, String> systemNames = new HashMap<>();

  /** The spelling under which a name was filed, as the catalog writes it. */
  private final Map<String, String> spelled = new HashMap<>();

  private Catalog() {}

  /** The catalog that comes with this program. */
  static Catalog standard() {
    return Standard.CATALOG;
  }

  private static Catalog load() {
    var catalog = new Catalog();
    for (String file : FILES) {
      catalog.readMachines(file, text(file));
    }
    catalog.readSystems(SYSTEMS, text(SYSTEMS));
    return catalog;
  }

  private static String text(String file) {
    try (InputStream in = Catalog.class.getResourceAsStream(file)) {
      if (in == null) {
        throw new IllegalStateException(file + " is missing from the program");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void readMachines(String file, String text) {
    var documents = new HashMap<String, String>();
    var architecture = Architecture.X86_64;
    List<Entry> open = List.of();
    List<String> hosts = List.of();
    int number = 0;
    for (int start = 0; start < text.length(); ) {
      int end = text.indexOf('\n', start);
      String line = text.substring(start, end < 0 ? text.length() : end).stripTrailing();
      start = end < 0 ? text.length() : end + 1;
      number++;
      if (line.isEmpty() || line.charAt(0) == '#') {
        continue;
      }
      boolean isField = line.charAt(0) == ' ';
      line = line.strip();
      String place = file + ":" + number;
      int space = line.indexOf(' ');
      String word = space < 0 ? line : line.substring(0, space);
      String rest = space < 0 ? "" : line.substring(space + 1).strip();
      if (isField) {
        for (int i = 0; i < open.size(); i++) {
          fill(open.get(i), hosts.get(i), word, rest, place);
        }
        continue;
      }
      switch (word) {
        case "architecture" -> architecture = Architecture.of(rest);
        case "document" -> {
          int gap = rest.indexOf(' ');
          documents.put(rest.substring(0, gap), rest.substring(gap + 1).strip());
        }
        case "machine", "features" -> {
          hosts = hosts(rest);
          open = new ArrayList<>();
          for (String host : hosts) {
            String name = rest.replaceFirst("\\{[^}]*\\}", host);
            var entry = new Entry(name, word.equals("machine"), place, architecture, documents);
            open.add(entry);
            if (entries.put(name, entry) != null) {
              throw new IllegalStateException(place + ": a second " + name);
            }
            if (entry.isMachine) {
              file(machineNames, name, name, place);
            }
          }
        }
        default -> throw new IllegalStateException(place + ": nothing begins with " + word);
      }
    }
  }

  /** The names in the braces of {@code {m1 m2}-rosetta}, or one empty name. */
  private static List<String> hosts(String name) {
    int brace = name.indexOf('{');
    return brace < 0
        ? List.of("")
        : List.of(name.substring(brace + 1, name.indexOf('}')).split(" "));
  }

  private void fill(Entry entry, String host, String field, String value, String place) {
    if (host.isEmpty()) {
      entry.set(field, value, place);
    } else {
      Entry of = entry(host, place);
      int end = of.title.indexOf(';');
      String title = end < 0 ? of.title : of.title.substring(0, end);
      if (field.equals("alias")) {
        for (String alias : value.split(",")) {
          entry.aliases.add(alias.strip().replace("{name}", host));
          for (String also : of.aliases) {
            entry.aliases.add(alias.strip().replace("{name}", also));
          }
        }
        for (String also : of.aliases) {
          entry.aliases.add(entry.name.replaceFirst(host, also));
        }
      } else {
        entry.set(field, value.replace("{name}", host).replace("{title}", title), place);
      }
    }
    if (field.equals("alias")) {
      for (String alias : entry.aliases) {
        file(machineNames, alias, entry.name, place);
      }
    }
  }

  private void file(Map<String, String> names, String spelling, String name, String place) {
    String key = Spelling.key(spelling);
    String before = names.put(key, name);
    if (before != null && !before.equals(name)) {
      throw new IllegalStateException(
          place + ": " + spelling + " means both " + before + " and " + name);
    }
    spelled.putIfAbsent(key, spelling);
  }

  private void readSystems(String file, String text) {
    String source = "";
    int number = 0;
    for (String line : text.split("\n")) {
      number++;
      if (line.isBlank() || line.charAt(0) == '#') {
        continue;
      }
      String place = file + ":" + number;
      if (line.startsWith("source ")) {
        source = line.substring("source ".length()).strip();
        continue;
      }
      String[] cells = line.split("\\|", -1);
      if (cells.length != 8) {
        throw new IllegalStateException(place + ": " + cells.length + " columns, not 8");
      }
      for (int i = 0; i < cells.length; i++) {
        cells[i] = cells[i].strip();
      }
      SystemProfile profile = profile(cells, place);
      int page = cells[7].isEmpty() ? 0 : Integer.parseInt(cells[7]);
      systems.put(profile.name(), new SystemRow(profile, page, source));
      file(systemNames, profile.name(), profile.name(), place);
      if (!cells[1].isEmpty()) {
        for (String alias : cells[1].split(",")) {
          file(systemNames, alias.strip(), profile.name(), place);
        }
      }
    }
  }

  private static SystemProfile profile(String[] cells, String place) {
    String[] system = (cells[3] + " ").split(" ", 2);
    String[] libc = (cells[4] + " ").split(" ", 2);
    String version = system[1].strip();
    String libcVersion = libc[1].strip();
    return new SystemProfile(
        cells[0],
        version.isEmpty() || libcVersion.isEmpty() ? cells[2] : cells[2] + " (" + cells[4] + ")",
        switch (system[0]) {
          case "linux" -> OperatingSystem.LINUX;
          case "macos" -> OperatingSystem.MACOS;
          case "windows" -> OperatingSystem.WINDOWS;
          default -> throw new IllegalStateException(place + ": no system is called " + system[0]);
        },
        new Version(version),
        switch (libc[0]) {
          case "glibc" -> Libc.GLIBC;
          case "musl" -> Libc.MUSL;
          case "" -> Libc.NONE;
          default -> throw new IllegalStateException(place + ": no libc is called " + libc[0]);
        },
        new Version(libcVersion),
        new Version(cells[5]),
        cells[6].isEmpty() ? 0 : Integer.parseInt(cells[6].substring(1)));
  }

  /** The machines with a name of their own, in the order of the files. */
  List<Machine> machines() {
    return entries.values().stream().filter(e -> e.isMachine).map(this::machine).toList();
  }

  /** The systems with a name of their own, in the order of the file. */
  List<SystemProfile> systems() {
    return systems.values().stream().map(SystemRow::profile).toList();
  }

  /** The catalog's other names of a machine. */
  List<String> aliases(String name) {
    Entry entry = entries.get(name);
    return entry == null ? List.of() : List.copyOf(entry.aliases);
  }

  /** All names of machines and systems, as the catalog spells them. */
  Collection<String> names() {
    return spelled.values();
  }

  /**
   * The machine that a spelling means, under the catalog's spelling of that name; null for none.
   */
  @Nullable Machine machine(String spelling) {
    String key = Spelling.key(spelling);
    String name = machineNames.get(key);
    if (name == null) {
      return null;
    }
    Machine machine = machine(entry(name, name));
    String typed = spelled.getOrDefault(key, name);
    return typed.equals(name) ? machine : Machines.named(machine, typed, machine.title());
  }

  /**
   * The system that a spelling means, also with a minor version ({@code macos-14.5}); null for
   * none.
   */
  @Nullable SystemRow system(String spelling) {
    String key = Spelling.key(spelling);
    String name = systemNames.get(key);
    if (name != null) {
      SystemRow row = entry(name);
      String typed = spelled.getOrDefault(key, name);
      return typed.equals(name)
          ? row
          : new SystemRow(named(row.profile(), typed), row.pageSize(), row.source());
    }
    if (key.startsWith("macos")) {
      int dot = key.indexOf('.');
      String major = dot < 0 ? null : systemNames.get(key.substring(0, dot));
      String version = key.substring("macos".length());
      if (major != null && new Version(version).numbers().size() == version.split("\\.").length) {
        SystemRow row = entry(major);
        return new SystemRow(minor(row.profile(), version), row.pageSize(), row.source());
      }
    }
    return null;
  }

  private SystemRow entry(String systemName) {
    SystemRow row = systems.get(systemName);
    if (row == null) {
      throw new IllegalStateException(SYSTEMS + ": no system is called " + systemName);
    }
    return row;
  }

  private static SystemProfile named(SystemProfile profile, String name) {
    return new SystemProfile(
        name,
        profile.title(),
        profile.system(),
        profile.version(),
        profile.libc(),
        profile.libcVersion(),
        profile.glibcxx(),
        profile.requiredLevel());
  }

  /** macOS 14 as macOS 14.5. */
  static SystemProfile minor(SystemProfile profile, String version) {
    return new SystemProfile(
        "macos-" + version,
        "macOS " + version,
        profile.system(),
        new Version(version),
        profile.libc(),
        profile.libcVersion(),
        profile.glibcxx(),
        profile.requiredLevel());
  }

  private Machine machine(Entry entry) {
    synchronized (entry) {
      Machine built = entry.machine;
      if (built == null) {
        built = build(entry);
        entry.machine = built;
      }
      return built;
    }
  }

  private Machine build(Entry entry) {
    SystemRow row = entry.system.isEmpty() ? null : entry(entry.system);
    Architecture host = entry.architecture;
    if (!entry.host.isEmpty()) {
      Entry of = entries.get(entry.host);
      host = of == null ? Architecture.of(entry.host) : of.architecture;
    }
    int page = entry.page.isEmpty() ? 0 : Integer.parseInt(entry.page);
    if (page == 0 && entry.architecture == Architecture.X86_64) {
      page = 4096;
    }
    return new Machine(
        entry.name,
        entry.title,
        entry.architecture,
        features(entry, Axis.ADVERTISED),
        features(entry, Axis.EXECUTED),
        expression(entry.uncertain, Axis.EXECUTED, entry.place),
        translator(entry),
        host,
        row == null ? SystemProfile.ANY : row.profile(),
        page,
        sources(entry));
  }

  private static Translator translator(Entry entry) {
    return entry.translator.isEmpty()
        ? Translator.NONE
        : Translator.valueOf(entry.translator.toUpperCase(Locale.ROOT).replace('-', '_'));
  }

  private static List<String> sources(Entry entry) {
    Set<String> sources = new LinkedHashSet<>();
    for (String id : entry.source.split(" ")) {
      String document = entry.documents.get(id);
      if (document == null) {
        throw new IllegalStateException(entry.place + ": no document is called " + id);
      }
      sources.add(document);
    }
    return List.copyOf(sources);
  }

  private enum Axis {
    ADVERTISED,
    EXECUTED
  }

  private FeatureSet features(Entry entry, Axis axis) {
    FeatureSet known = axis == Axis.ADVERTISED ? entry.advertised : entry.executed;
    if (known != null) {
      return known;
    }
    if (entry.isResolving) {
      throw new IllegalStateException(entry.place + ": " + entry.name + " is made of itself");
    }
    entry.isResolving = true;
    String own = axis == Axis.ADVERTISED ? entry.advertises : entry.executes;
    FeatureSet set = expression(own.isEmpty() ? entry.has : own, axis, entry.place);
    entry.isResolving = false;
    if (axis == Axis.ADVERTISED) {
      entry.advertised = set;
    } else {
      entry.executed = set;
    }
    return set;
  }

  /** The value of {@code nehalem + aes pclmulqdq - popcnt}. */
  private FeatureSet expression(String text, Axis axis, String place) {
    FeatureSet set = FeatureSet.empty();
    boolean isRemoving = false;
    for (String word : text.split(" ")) {
      switch (word) {
        case "" -> {}
        case "+" -> isRemoving = false;
        case "-" -> isRemoving = true;
        default -> {
          Feature feature = Feature.find(word);
          if (isRemoving) {
            if (feature == null) {
              throw new IllegalStateException(place + ": no feature is called " + word);
            }
            set = FeatureAlteration.without(set, feature);
          } else {
            set =
                set.with(feature == null ? features(entry(word, place), axis) : feature.closure());
          }
        }
      }
    }
    return set;
  }

  private Entry entry(String name, String place) {
    Entry entry = entries.get(name);
    if (entry == null) {
      throw new IllegalStateException(place + ": nothing is called " + name);
    }
    return entry;
  }
}
