package dev.sigill.machine;

import dev.sigill.isa.Feature;
import dev.sigill.isa.FeatureSet;
import dev.sigill.platform.Architecture;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A block of a machine file: a machine, or a set of features that machines are made of. Its fields
 * are read when one is asked for, its machine is built once.
 */
final class MachineEntry {
  /** Which of the two feature sets of a machine. */
  enum Axis {
    ADVERTISED,
    EXECUTED
  }

  final String name;
  final boolean isMachine;

  /** The machine in the braces of the block's name, or empty. */
  final String braced;

  /** Where the block begins; for messages. */
  final CatalogFile place;

  private final Map<String, String> documents;
  private Architecture architecture;
  private boolean isRead;
  private String title = "";
  private String has = "";
  private String advertises = "";
  private String executes = "";
  private String uncertain = "";
  private String translator = "";
  private String host = "";
  private String system = "";
  private String page = "";
  private String source = "";
  private boolean isResolving;
  private @Nullable FeatureSet advertised;
  private @Nullable FeatureSet executed;
  private @Nullable Machine machine;

  MachineEntry(
      String name,
      boolean isMachine,
      String braced,
      CatalogFile place,
      Architecture architecture,
      Map<String, String> documents) {
    this.name = name;
    this.isMachine = isMachine;
    this.braced = braced;
    this.place = place;
    this.architecture = architecture;
    this.documents = documents;
  }

  private void read(Catalog catalog) {
    if (isRead) {
      return;
    }
    isRead = true;
    String bracedTitle = "";
    if (!braced.isEmpty()) {
      bracedTitle = catalog.entry(braced, place).title(catalog);
      int remark = bracedTitle.indexOf(';');
      bracedTitle = remark < 0 ? bracedTitle : bracedTitle.substring(0, remark);
    }
    CatalogFile file = place.copy();
    while (file.next() && file.isField()) {
      String value = file.rest();
      if (!braced.isEmpty()) {
        value = value.replace("{name}", braced).replace("{title}", bracedTitle);
      }
      switch (file.word()) {
        case "alias" -> {}
        case "architecture" -> architecture = Architecture.of(value);
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
        default -> throw file.fault("no field is called " + file.word());
      }
    }
  }

  private String title(Catalog catalog) {
    read(catalog);
    return title;
  }

  private Architecture architecture(Catalog catalog) {
    read(catalog);
    return architecture;
  }

  /** The machine, built at the first call. Callers hold the catalog's lock. */
  Machine machine(Catalog catalog) {
    Machine built = machine;
    if (built == null) {
      built = build(catalog);
      machine = built;
    }
    return built;
  }

  private Machine build(Catalog catalog) {
    read(catalog);
    Architecture hostArchitecture = architecture;
    if (!host.isEmpty()) {
      hostArchitecture = Architecture.of(host);
      if (hostArchitecture == Architecture.OTHER) {
        hostArchitecture = catalog.entry(host, place).architecture(catalog);
      }
    }
    int pageSize = page.isEmpty() ? 0 : Integer.parseInt(page);
    if (pageSize == 0 && architecture == Architecture.X86_64) {
      pageSize = 4096;
    }
    return new Machine(
        name,
        title,
        architecture,
        features(catalog, Axis.ADVERTISED),
        features(catalog, Axis.EXECUTED),
        listed(uncertain),
        translator.isEmpty() ? Translator.NONE : translator(),
        hostArchitecture,
        system.isEmpty() ? SystemProfile.ANY : catalog.row(system, place).profile(),
        pageSize,
        sources());
  }

  /** Exactly the features of {@code + fma bmi1}: what they imply may well be certain. */
  private FeatureSet listed(String expression) {
    var features = new ArrayList<Feature>();
    for (String word : expression.split(" ")) {
      Feature feature = Feature.find(word);
      if (feature != null) {
        features.add(feature);
      } else if (!word.isEmpty() && !word.equals("+")) {
        throw place.fault("no feature is called " + word);
      }
    }
    return FeatureSet.of(features);
  }

  private Translator translator() {
    Translator found = Translator.ofId(translator);
    if (found == null) {
      throw place.fault("no translator is called " + translator);
    }
    return found;
  }

  private List<String> sources() {
    Set<String> sources = new LinkedHashSet<>();
    for (String id : source.split(" ")) {
      String document = documents.get(id);
      if (document == null) {
        throw place.fault("no document is called " + id);
      }
      sources.add(document);
    }
    return List.copyOf(sources);
  }

  /** What the machine has, or the set contains. */
  FeatureSet features(Catalog catalog, Axis axis) {
    FeatureSet known = axis == Axis.ADVERTISED ? advertised : executed;
    if (known != null) {
      return known;
    }
    if (isResolving) {
      throw place.fault(name + " is made of itself");
    }
    read(catalog);
    isResolving = true;
    String own = axis == Axis.ADVERTISED ? advertises : executes;
    FeatureSet set = catalog.features(own.isEmpty() ? has : own, axis, place);
    isResolving = false;
    if (axis == Axis.ADVERTISED) {
      advertised = set;
    } else {
      executed = set;
    }
    return set;
  }
}
