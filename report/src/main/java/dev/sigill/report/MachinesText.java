package dev.sigill.report;

import dev.sigill.isa.Feature;
import dev.sigill.isa.FeatureSet;
import dev.sigill.machine.Machine;
import dev.sigill.machine.SystemProfile;
import dev.sigill.machine.Translator;
import dev.sigill.platform.Architecture;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Machines for people: a list, one in full, or what one lacks of another. */
public final class MachinesText {
  private MachinesText() {}

  /**
   * One line for each machine, those of one architecture together, then the names of systems.
   *
   * @param systems what machines can be composed with
   */
  public static String list(List<Machine> machines, List<SystemProfile> systems, Style style) {
    var page = new Page(style);
    int width = machines.stream().mapToInt(m -> Page.width(m.name())).max().orElse(0);
    Map<String, List<Machine>> groups = new LinkedHashMap<>();
    for (Machine machine : machines) {
      String group =
          machine.translator() == Translator.NONE
              ? machine.architecture().id()
              : machine.architecture().id() + " on " + machine.hostArchitecture().id();
      groups.computeIfAbsent(group, _ -> new ArrayList<>()).add(machine);
    }
    groups.forEach(
        (group, members) -> {
          page.gap();
          page.line(page.strong(group));
          for (Machine machine : members) {
            page.wrapped("  " + Page.padded(machine.name(), width) + "   ", machine.title());
          }
        });
    Map<String, List<String>> bySystem = new LinkedHashMap<>();
    for (SystemProfile system : systems) {
      bySystem.computeIfAbsent(system.system().title(), _ -> new ArrayList<>()).add(system.name());
    }
    bySystem.forEach(
        (system, names) -> {
          page.gap();
          page.line(page.strong(system));
          page.wrapped("  ", String.join(" ", names));
        });
    page.gap();
    page.wrapped(
        "",
        Words.count(machines.size(), "machine", "machines")
            + " and "
            + Words.count(systems.size(), "system", "systems")
            + ". `sigill machines NAME` shows one, `sigill machines A B` what B lacks of A. Names"
            + " can be composed and altered: nehalem+ubuntu-22.04, haswell:-fma.");
    return page.toString();
  }

  /**
   * One machine in full.
   *
   * @param aliases its other names
   */
  public static String one(Machine machine, List<String> aliases, Style style) {
    var page = new Page(style);
    page.line(page.strong(machine.name()) + "   " + machine.title());
    page.gap();
    if (!aliases.isEmpty()) {
      row(page, "also called", String.join(" ", aliases));
    }
    row(page, "architecture", architecture(machine));
    row(page, "system", system(machine));
    row(page, "page size", machine.pageSize() == 0 ? "not known" : machine.pageSize() + " bytes");
    FeatureSet unreported = machine.executes().without(machine.advertised());
    FeatureSet onlyReported = machine.advertised().without(machine.executes());
    row(page, "executes", features(machine.executes(), machine.architecture()));
    if (unreported.isEmpty() && onlyReported.isEmpty()) {
      row(page, "advertises", "the same");
    } else {
      if (!unreported.isEmpty()) {
        row(page, "not advertised", "though executed: " + names(unreported));
      }
      if (!onlyReported.isEmpty()) {
        row(page, "advertised only", "and not executed: " + names(onlyReported));
      }
    }
    if (!machine.uncertain().isEmpty()) {
      row(page, "uncertain", "known from users' reports only: " + names(machine.uncertain()));
    }
    if (!machine.sources().isEmpty()) {
      page.gap();
      page.line("Sources");
      for (String source : machine.sources()) {
        page.wrapped("  " + page.mark(Mark.NOTE) + " ", source);
      }
    }
    return page.toString();
  }

  /** What each further machine lacks of the first, and has beyond it. */
  public static String compare(List<Machine> machines, Style style) {
    var page = new Page(style);
    Machine first = machines.getFirst();
    for (Machine other : machines.subList(1, machines.size())) {
      page.gap();
      page.line(page.strong(other.name()) + " against " + page.strong(first.name()));
      if (other.architecture() != first.architecture()) {
        page.wrapped(
            "  " + page.mark(Mark.BAD) + " ",
            "other architectures: "
                + other.name()
                + " runs "
                + other.architecture().id()
                + ", "
                + first.name()
                + " runs "
                + first.architecture().id()
                + "; no native code runs on both");
        continue;
      }
      FeatureSet lacks = first.executes().without(other.executes());
      FeatureSet hasMore = other.executes().without(first.executes());
      row(page, "lacks", lacks.isEmpty() ? "nothing" : names(lacks));
      row(page, "has beyond it", hasMore.isEmpty() ? "nothing" : names(hasMore));
      FeatureSet hidden = first.advertised().without(other.advertised()).without(lacks);
      if (!hidden.isEmpty()) {
        row(page, "does not report", "but executes: " + names(hidden));
      }
      String a = system(first);
      String b = system(other);
      if (!a.equals(b)) {
        row(page, "system", b + " against " + a);
      }
      if (first.pageSize() != other.pageSize() && first.pageSize() != 0 && other.pageSize() != 0) {
        row(page, "page size", other.pageSize() + " against " + first.pageSize() + " bytes");
      }
    }
    return page.toString();
  }

  private static void row(Page page, String label, String text) {
    page.wrapped("  " + Page.padded(label, 16) + "  ", text);
  }

  private static String architecture(Machine machine) {
    return machine.translator() == Translator.NONE
        ? machine.architecture().id()
        : machine.architecture().id()
            + ", translated by "
            + machine.translator().title()
            + " on "
            + machine.hostArchitecture().id();
  }

  private static String system(Machine machine) {
    return machine.system().isAny()
        ? "any (the artifact's own, in its newest version)"
        : machine.system().title();
  }

  private static String features(FeatureSet features, Architecture architecture) {
    if (features.isEmpty()) {
      return "the base of " + architecture.id() + " only";
    }
    return names(features);
  }

  private static String names(FeatureSet features) {
    return String.join(" ", features.toList().stream().map(Feature::id).toList());
  }
}
