package dev.sigill.python;

import dev.sigill.python.PythonImports.Choice;
import dev.sigill.python.PythonImports.Load;
import dev.sigill.source.Distribution;
import dev.sigill.source.Distribution.Ecosystem;
import dev.sigill.source.Interpreter;
import dev.sigill.source.Member;
import dev.sigill.source.Source;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Finds out how a target's Python code comes to load some of its native files. */
public final class ImportSearch {
  private static final Pattern TWO_NUMBERS = Pattern.compile("(\\d+)\\.(\\d+).*");

  private final Source source;
  private final List<Distribution> packages;
  private final ModuleFinder finder;
  private final ImportGraph graph;

  private ImportSearch(Source source, List<Distribution> packages) {
    this.source = source;
    this.packages = packages;
    var sites = new LinkedHashSet<String>();
    packages.forEach(p -> sites.add(p.location().isEmpty() ? "" : p.location() + "/"));
    this.finder =
        new ModuleFinder(
            source.pythonCode(),
            source.members().stream().map(Member::path).toList(),
            source.links().keySet(),
            sites,
            source.interpreter().map(Interpreter::version).map(ImportSearch::tag).orElse(""));
    boolean isWhole =
        switch (source.kind()) {
          case VIRTUAL_ENVIRONMENT, CONDA_ENVIRONMENT, PYTHON_INSTALLATION -> true;
          case FILE, FOLDER, JAVA_INSTALLATION, NODE_MODULES, WHEEL, JAR, CONDA_PACKAGE, ZIP, TAR ->
              false;
        };
    this.graph = new ImportGraph(source.pythonCode(), finder, isWhole);
  }

  /**
   * What is known of how some native files are loaded.
   *
   * @param members paths of native files, as in {@link Member#path()}
   */
  public static PythonImports of(Source source, Collection<String> members) {
    List<Distribution> packages =
        source.distributions().stream().filter(d -> d.ecosystem() == Ecosystem.PYTHON).toList();
    if (packages.isEmpty() || source.pythonCode().paths().isEmpty()) {
      return PythonImports.unknown();
    }
    return new ImportSearch(source, packages).search(new HashSet<>(members));
  }

  private PythonImports search(Set<String> members) {
    var modules = new TreeSet<String>();
    packages.forEach(p -> modules.addAll(p.modules()));
    graph.readAhead(modules);
    var loads = new ArrayList<Load>();
    var loaded = new HashSet<String>();
    for (String module : modules) {
      for (Map.Entry<String, List<String>> each : graph.loadedBy(module).entrySet()) {
        String member = source.links().getOrDefault(each.getKey(), each.getKey());
        if (members.contains(member)) {
          loads.add(new Load(module, member, each.getValue()));
          loaded.add(member);
        }
      }
    }
    var chosen = new ArrayList<Choice>();
    for (Distribution each : packages) {
      List<String> open =
          each.members().stream().filter(m -> members.contains(m) && !loaded.contains(m)).toList();
      if (!open.isEmpty()) {
        List<String> paths = ownCode(each);
        graph.readAll(paths);
        ImportGraph.References references = graph.references(paths);
        for (String member : open) {
          String name = finder.nameOf(member);
          if (!name.isEmpty()) {
            references.decider(name).ifPresent(by -> chosen.add(new Choice(member, by)));
          }
        }
      }
    }
    return new PythonImports(true, loads, chosen);
  }

  /** The source files of a package; its tests are no part of what a program imports. */
  private List<String> ownCode(Distribution own) {
    String site = own.location().isEmpty() ? "" : own.location() + "/";
    var paths = new ArrayList<String>();
    for (String module : own.modules()) {
      String base = site + module.replace('.', '/');
      if (source.pythonCode().paths().contains(base + ".py")) {
        paths.add(base + ".py");
      }
      source.pythonCode().paths().subSet(base + "/", base + "0").stream()
          .filter(p -> !p.contains("/tests/") && !p.contains("/test/"))
          .forEach(paths::add);
    }
    return paths;
  }

  /** {@code 3.11.7} as extension modules have it: {@code 311}. */
  private static String tag(String version) {
    Matcher m = TWO_NUMBERS.matcher(version);
    return m.matches() ? m.group(1) + m.group(2) : "";
  }
}
