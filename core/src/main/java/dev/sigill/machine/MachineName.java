package dev.sigill.machine;

import dev.sigill.isa.Feature;
import dev.sigill.isa.FeatureSet;
import dev.sigill.machine.Catalog.SystemRow;
import dev.sigill.platform.Architecture;
import dev.sigill.platform.OperatingSystem;
import dev.sigill.platform.Version;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Understands what people type for a machine:
 *
 * <pre>
 * name       = part { "+" part }
 * part       = base { ":" alteration { "," alteration } }
 * base       = a processor or computer | a system | "this" | the path of a description
 * alteration = ( "+" | "-" ) feature
 * </pre>
 *
 * <p>A name has at most one processor and at most one system; alterations hold for the whole.
 */
final class MachineName {
  private static final Version FIRST_ON_APPLE_SILICON = new Version("11");

  private final Catalog catalog;
  private final Supplier<Machine> thisComputer;

  MachineName(Catalog catalog, Supplier<Machine> thisComputer) {
    this.catalog = catalog;
    this.thisComputer = thisComputer;
  }

  /**
   * The machine that a name means.
   *
   * @throws IllegalArgumentException where no machine is meant, with what is wrong and what is near
   */
  Machine resolve(String name) {
    String typed = name.strip();
    if (typed.isEmpty()) {
      throw new IllegalArgumentException("the name of the machine is empty");
    }
    Machine whole = isPath(typed) ? described(typed) : null;
    if (whole != null) {
      return whole;
    }
    Machine machine = null;
    SystemRow system = null;
    var alterations = new ArrayList<String>();
    for (String part : parts(typed)) {
      int colon = alterationsStart(part);
      String base = (colon < 0 ? part : part.substring(0, colon)).strip();
      if (colon >= 0) {
        alterations.addAll(alterations(part.substring(colon + 1)));
      }
      Machine found = base(base);
      SystemRow row = found == null ? catalog.system(base) : null;
      if (found == null && row == null) {
        throw unknown(base, typed);
      }
      if (found != null) {
        if (machine != null) {
          throw new IllegalArgumentException(
              "\"" + typed + "\" names two computers, " + machine.name() + " and " + found.name());
        }
        machine = found;
      } else {
        if (system != null) {
          throw new IllegalArgumentException(
              "\"" + typed + "\" names two systems, " + system.profile().name() + " and " + base);
        }
        system = row;
      }
    }
    if (machine == null) {
      return altered(onItsLeastComputer(Objects.requireNonNull(system)), alterations);
    }
    Machine altered = altered(machine, alterations);
    return system == null ? altered : on(altered, system);
  }

  private @Nullable Machine base(String base) {
    if (base.equalsIgnoreCase("this")) {
      return thisComputer.get();
    }
    Machine machine = catalog.machine(base);
    if (machine == null) {
      machine = minorOfMacos(base);
    }
    return machine == null && isPath(base) ? described(base) : machine;
  }

  /** {@code m1-rosetta-macos14.5}: a catalog machine of a major version, with the minor one. */
  private @Nullable Machine minorOfMacos(String base) {
    String key = Spelling.key(base);
    int at = key.lastIndexOf("macos");
    int dot = at < 0 ? -1 : key.indexOf('.', at);
    if (dot < 0) {
      return null;
    }
    int end = dot;
    while (end < key.length() && (key.charAt(end) == '.' || Character.isDigit(key.charAt(end)))) {
      end++;
    }
    Machine machine = catalog.machine(key.substring(0, dot) + key.substring(end));
    String version = key.substring(at + "macos".length(), end);
    if (machine == null || version.endsWith(".") || version.contains("..")) {
      return null;
    }
    String major = machine.system().version().text();
    SystemProfile system = Catalog.minor(machine.system(), version);
    return with(
        machine,
        machine.name().replace("macos" + major, "macos" + version),
        machine.title().replace("macOS " + major, "macOS " + version),
        system,
        machine.pageSize(),
        machine.sources());
  }

  /** The parts of {@code nehalem:+popcnt+ubuntu-22.04}; a sign after ":" or "," is not a seam. */
  private static List<String> parts(String typed) {
    var parts = new ArrayList<String>();
    int start = 0;
    for (int i = 0; i < typed.length(); i++) {
      if (typed.charAt(i) == '+' && i > 0 && ":,".indexOf(before(typed, i)) < 0) {
        parts.add(typed.substring(start, i).strip());
        start = i + 1;
      }
    }
    parts.add(typed.substring(start).strip());
    return parts;
  }

  private static char before(String text, int index) {
    int i = index - 1;
    while (i > 0 && text.charAt(i) == ' ') {
      i--;
    }
    return text.charAt(i);
  }

  /** The colon that begins alterations, or -1; the one after a drive letter does not. */
  private static int alterationsStart(String part) {
    int colon = part.indexOf(':');
    boolean isDrive =
        colon == 1 && part.length() > 2 && (part.charAt(2) == '\\' || part.charAt(2) == '/');
    return isDrive ? part.indexOf(':', 2) : colon;
  }

  private static List<String> alterations(String text) {
    var alterations = new ArrayList<String>();
    for (String one : text.split("[,:]")) {
      if (!one.isBlank()) {
        alterations.add(one.strip());
      }
    }
    if (alterations.isEmpty()) {
      throw new IllegalArgumentException("after \":\" comes +feature or -feature");
    }
    return alterations;
  }

  private static Machine altered(Machine machine, List<String> texts) {
    if (texts.isEmpty()) {
      return machine;
    }
    FeatureSet advertised = machine.advertised();
    FeatureSet executes = machine.executes();
    FeatureSet uncertain = machine.uncertain();
    var names = new ArrayList<String>();
    var given = new ArrayList<String>();
    var taken = new ArrayList<String>();
    for (String text : texts) {
      FeatureAlteration alteration = FeatureAlteration.parse(text, machine.architecture());
      advertised = alteration.applyToAdvertised(advertised);
      executes = alteration.applyTo(executes);
      uncertain =
          alteration.isGiven()
              ? uncertain.without(alteration.applyTo(FeatureSet.empty()))
              : alteration.applyTo(uncertain);
      names.add(alteration.text());
      for (Feature feature : alteration.features()) {
        (alteration.isGiven() ? given : taken).add(feature.id());
      }
    }
    String changed =
        (given.isEmpty() ? "" : " with " + String.join(", ", given))
            + (taken.isEmpty() ? "" : " without " + String.join(", ", taken));
    return new Machine(
        machine.name() + ":" + String.join(",", names),
        machine.title() + changed,
        machine.architecture(),
        advertised,
        executes,
        uncertain,
        machine.translator(),
        machine.hostArchitecture(),
        machine.system(),
        machine.pageSize(),
        machine.sources());
  }

  private Machine on(Machine machine, SystemRow row) {
    SystemProfile system = row.profile();
    SystemProfile own = machine.system();
    boolean isBound = machine.translator() != Translator.NONE && !own.isAny();
    boolean isOther =
        own.system() != system.system()
            || (!own.version().text().isEmpty()
                && own.version().compareTo(system.version()) != 0
                && !isMinorOf(system, own));
    if (isBound && isOther) {
      throw new IllegalArgumentException(
          machine.name()
              + " is "
              + machine.translator().title()
              + " of "
              + own.title()
              + ", which does not exist on "
              + system.title());
    }
    int page =
        machine.architecture() == Architecture.ARM64 && row.pageSize() > 0
            ? row.pageSize()
            : machine.pageSize();
    return with(
        machine,
        machine.name() + "+" + system.name(),
        machine.title().replace(", " + own.title(), "") + ", " + system.title(),
        system,
        page,
        joined(machine.sources(), row.source()));
  }

  private static boolean isMinorOf(SystemProfile system, SystemProfile major) {
    List<Integer> numbers = system.version().numbers();
    return major.version().numbers().size() == 1
        && !numbers.isEmpty()
        && numbers.getFirst().equals(major.version().numbers().getFirst());
  }

  /** The weakest computer that a system starts on: what it may be given. */
  private Machine onItsLeastComputer(SystemRow row) {
    SystemProfile system = row.profile();
    boolean isAppleSilicon =
        system.system() == OperatingSystem.MACOS
            && !system.version().isBelow(FIRST_ON_APPLE_SILICON);
    String least =
        isAppleSilicon
            ? "m1"
            : system.system() == OperatingSystem.MACOS
                ? "penryn"
                : "x86-64-v" + Math.max(1, system.requiredLevel());
    Machine machine = catalog.machine(least);
    if (machine == null) {
      throw new IllegalStateException(least + " is missing from the catalog");
    }
    return with(
        machine,
        system.name(),
        system.title() + " on " + machine.title(),
        system,
        isAppleSilicon ? row.pageSize() : machine.pageSize(),
        joined(machine.sources(), row.source()));
  }

  private static List<String> joined(List<String> sources, String more) {
    var all = new LinkedHashSet<>(sources);
    all.add(more);
    return List.copyOf(all);
  }

  private static Machine with(
      Machine machine,
      String name,
      String title,
      SystemProfile system,
      int pageSize,
      List<String> sources) {
    return new Machine(
        name,
        title,
        machine.architecture(),
        machine.advertised(),
        machine.executes(),
        machine.uncertain(),
        machine.translator(),
        machine.hostArchitecture(),
        system,
        pageSize,
        sources);
  }

  private static boolean isPath(String text) {
    if (text.indexOf('/') >= 0 || text.indexOf('\\') >= 0) {
      return true;
    }
    try {
      return Files.isRegularFile(Path.of(text));
    } catch (InvalidPathException e) {
      return false;
    }
  }

  /** The machine that a file describes; null where there is no such file. */
  private static @Nullable Machine described(String path) {
    Path file;
    try {
      file = Path.of(path);
    } catch (InvalidPathException e) {
      return null;
    }
    return Files.isRegularFile(file) ? Machines.read(file) : null;
  }

  private IllegalArgumentException unknown(String base, String typed) {
    if (base.indexOf('/') >= 0 || base.indexOf('\\') >= 0) {
      return new IllegalArgumentException("there is no file " + base + " that describes a machine");
    }
    String within = base.equals(typed) ? "" : " (in \"" + typed + "\")";
    for (Architecture architecture : List.of(Architecture.X86_64, Architecture.ARM64)) {
      List<Feature> features = FeatureAlteration.features(base, architecture);
      if (!features.isEmpty() && !base.isEmpty()) {
        return new IllegalArgumentException(
            "\""
                + base
                + "\" is a feature, not a machine"
                + within
                + "; a feature is given after a colon, nehalem:+"
                + base);
      }
    }
    List<String> near = Spelling.near(base, catalog.names());
    return new IllegalArgumentException(
        "no machine or system is called \""
            + base
            + "\""
            + within
            + (near.isEmpty() ? "" : "; near it: " + String.join(", ", near)));
  }
}
