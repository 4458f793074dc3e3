package dev.sigill.python;

import dev.sigill.python.ImportStatement.When;
import dev.sigill.python.ModuleFinder.Found;
import dev.sigill.source.PythonCode;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The modules of a target and which of them import which, read when asked for. */
final class ImportGraph {
  /** Deeper than any chain of imports that Python's own stack would come through. */
  private static final int DEEPEST = 300;

  private final PythonCode code;
  private final ModuleFinder finder;
  private final boolean isWhole;
  private final Map<String, Optional<ModuleCode>> read = new ConcurrentHashMap<>();

  /**
   * A graph.
   *
   * @param isWhole whether the target holds all that its code imports, besides Python's own
   *     modules; where it does, importing what is not there fails
   */
  ImportGraph(PythonCode code, ModuleFinder finder, boolean isWhole) {
    this.code = code;
    this.finder = finder;
    this.isWhole = isWhole;
  }

  /** Reads many files at a time, which is faster than one by one. */
  void readAll(Collection<String> paths) {
    paths.parallelStream().forEach(this::code);
  }

  private Optional<ModuleCode> code(String path) {
    Optional<ModuleCode> known = read.get(path);
    if (known == null) {
      known = code.read(path).map(ModuleReader::read);
      read.put(path, known);
    }
    return known;
  }

  /** Reads the code that importing some modules runs, many files at a time. */
  void readAhead(Collection<String> modules) {
    Set<String> paths = new HashSet<>();
    Set<String> asked = new HashSet<>();
    Collection<String> names = modules;
    while (!names.isEmpty()) {
      var next = new ArrayList<Found.Source>();
      for (String name : names) {
        for (int dot = name.indexOf('.'); ; dot = name.indexOf('.', dot + 1)) {
          String part = dot < 0 ? name : name.substring(0, dot);
          if (asked.add(part)
              && finder.find(part) instanceof Found.Source source
              && paths.add(source.path())) {
            next.add(source);
          }
          if (dot < 0) {
            break;
          }
        }
      }
      readAll(next.stream().map(Found.Source::path).toList());
      var imported = new LinkedHashSet<String>();
      for (Found.Source source : next) {
        for (ImportStatement statement :
            code(source.path()).map(ModuleCode::imports).orElse(List.of())) {
          if (statement.when() == When.ALWAYS) {
            String base = absolute(statement, source.name(), source.isPackage());
            imported.add(base);
            statement.names().forEach(n -> imported.add(base + "." + n));
          }
        }
      }
      names = imported;
    }
  }

  /** Extension modules that importing a module surely loads, each with the modules on the way. */
  Map<String, List<String>> loadedBy(String module) {
    var run = new Run();
    run.importing(module, List.of());
    return run.loaded;
  }

  /** One import as Python would do it. */
  private final class Run {
    private final Map<String, List<String>> loaded = new LinkedHashMap<>();

    /** Whether each module that was begun comes to its end, as far as that shows. */
    private final Map<String, Boolean> begun = new HashMap<>();

    /**
     * Imports a name and the packages it lies in.
     *
     * @return whether that surely succeeds as far as the target is concerned
     */
    boolean importing(String name, List<String> chain) {
      for (int dot = name.indexOf('.'); ; dot = name.indexOf('.', dot + 1)) {
        String part = dot < 0 ? name : name.substring(0, dot);
        if (!module(part, chain)) {
          return false;
        }
        if (dot < 0 || finder.find(part) instanceof Found.Nothing) {
          return true;
        }
      }
    }

    private boolean module(String name, List<String> chain) {
      switch (finder.find(name)) {
        case Found.Nothing() -> {
          return !isWhole || StandardModules.contains(name);
        }
        case Found.Namespace _ -> {
          return true;
        }
        case Found.Extension(String own, String member) -> {
          loaded.computeIfAbsent(member, _ -> with(chain, own));
          return true;
        }
        case Found.Source(String own, String path, boolean isPackage) -> {
          Boolean known = begun.get(path);
          if (known != null) {
            return known;
          }
          if (chain.size() >= DEEPEST) {
            return false;
          }
          begun.put(path, true); // What imports it in a circle finds it half done, and goes on.
          boolean ends = body(own, path, isPackage, with(chain, own));
          begun.put(path, ends);
          return ends;
        }
      }
    }

    private boolean body(String own, String path, boolean isPackage, List<String> chain) {
      @Nullable ModuleCode known = code(path).orElse(null);
      if (known == null) {
        return false;
      }
      var failed = new HashSet<Integer>();
      for (ImportStatement statement : known.imports()) {
        if (statement.when() != When.ALWAYS
            || statement.attempts().stream().anyMatch(failed::contains)) {
          continue;
        }
        boolean isTried = !statement.attempts().isEmpty();
        boolean succeeds = statement(statement, own, isPackage, chain, isTried);
        if (!succeeds && !isTried) {
          return false;
        }
        if (!succeeds || !statement.names().isEmpty()) {
          // A name that is not there fails too, and only what is tried expects that.
          failed.addAll(statement.attempts());
        }
      }
      return true;
    }

    private boolean statement(
        ImportStatement statement,
        String own,
        boolean isPackage,
        List<String> chain,
        boolean isTried) {
      String base = absolute(statement, own, isPackage);
      if (base.isEmpty()) {
        return false;
      }
      if (!importing(base, chain)) {
        return false;
      }
      if (isTried
          && finder.find(base) instanceof Found.Nothing
          && !StandardModules.contains(base)) {
        return false; // It may lie elsewhere, or may be what the attempt is for.
      }
      for (String name : statement.names()) {
        String sub = submodule(base, name);
        if (!sub.isEmpty() && !module(sub, chain)) {
          return false;
        }
      }
      return true;
    }
  }

  /** The module that is imported to get a name from a package, or empty. */
  private String submodule(String base, String name) {
    boolean isBound =
        switch (finder.find(base)) {
          case Found.Source(String _, String path, boolean isPackage) ->
              !isPackage || code(path).map(c -> c.names().contains(name)).orElse(true);
          case Found.Namespace _ -> false;
          case Found.Extension _, Found.Nothing() -> true;
        };
    if (isBound || name.equals("*")) {
      return "";
    }
    String sub = base + "." + name;
    return finder.find(sub) instanceof Found.Nothing ? "" : sub;
  }

  /** The absolute name of what a statement imports from, or empty. */
  private static String absolute(ImportStatement statement, String own, boolean isPackage) {
    if (statement.level() == 0) {
      return statement.module();
    }
    String base = own;
    for (int up = isPackage ? 1 : 0; up < statement.level(); up++) {
      int dot = base.lastIndexOf('.');
      if (dot < 0) {
        return "";
      }
      base = base.substring(0, dot);
    }
    return statement.module().isEmpty() ? base : base + "." + statement.module();
  }

  /**
   * How the code of one package imports modules: for each name the modules that do, and whether
   * under a condition.
   */
  References references(Collection<String> paths) {
    var references = new References();
    for (String path : paths) {
      String own = finder.nameOf(path);
      boolean isPackage = path.endsWith("/__init__.py");
      for (ImportStatement statement : code(path).map(ModuleCode::imports).orElse(List.of())) {
        String base = absolute(statement, own, isPackage);
        if (base.isEmpty()) {
          continue;
        }
        boolean isAlways = statement.when() == When.ALWAYS;
        references.add(base, own, isAlways);
        for (String name : statement.names()) {
          references.add(base + "." + name, own, isAlways);
        }
      }
    }
    return references;
  }

  /** Which modules import a module. */
  static final class References {
    private final Map<String, Map<String, Boolean>> byName = new HashMap<>();

    private void add(String name, String from, boolean isAlways) {
      byName.computeIfAbsent(name, _ -> new TreeMap<>()).merge(from, isAlways, Boolean::logicalOr);
    }

    /**
     * The module whose code decides whether a module is imported; empty where nothing in the
     * package imports it, or something does without a condition.
     */
    Optional<String> decider(String name) {
      return decider(name, new HashSet<>());
    }

    private Optional<String> decider(String name, Set<String> asked) {
      Map<String, Boolean> from = byName.getOrDefault(name, Map.of());
      if (from.isEmpty() || !asked.add(name)) {
        return Optional.empty();
      }
      var deciders = new ArrayList<String>();
      for (Map.Entry<String, Boolean> each : from.entrySet()) {
        if (each.getValue()) {
          Optional<String> before = decider(each.getKey(), asked);
          if (before.isEmpty()) {
            return Optional.empty();
          }
          deciders.add(before.get());
        } else {
          deciders.add(each.getKey());
        }
      }
      return Optional.of(deciders.getFirst());
    }
  }

  private static List<String> with(List<String> chain, String name) {
    var longer = new ArrayList<>(chain);
    longer.add(name);
    return List.copyOf(longer);
  }
}
