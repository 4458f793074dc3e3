package dev.sigill.python;

import dev.sigill.source.PythonCode;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds modules by their names as Python's path finder does: in each folder a package first, then
 * an extension module, then source (importlib, {@code FileFinder}).
 */
final class ModuleFinder {
  private static final Pattern EXTENSION =
      Pattern.compile("([^./]+)\\.(?:(?:cpython-|cp)(\\d+)t?[^/]*|abi3|pypy[^/]*)?\\.?(so|pyd)");

  /** What a name leads to. */
  sealed interface Found {
    /** A package or module in source. */
    record Source(String name, String path, boolean isPackage) implements Found {}

    /** An extension module. */
    record Extension(String name, String member) implements Found {}

    /** A folder without code of its own; what is in it is found by its name. */
    record Namespace(String name) implements Found {}

    /** Nothing in the target. */
    record Nothing() implements Found {}
  }

  private static final Found NOTHING = new Found.Nothing();

  private final NavigableSet<String> code;
  private final NavigableSet<String> all;
  private final Map<String, List<String>> extensions = new HashMap<>();
  private final List<String> sites;
  private final String version;
  private final Map<String, Found> known = new HashMap<>();

  /**
   * A finder.
   *
   * @param code the Python source files
   * @param members paths of the native files
   * @param links other paths under which they are found
   * @param sites the folders in which top-level modules are looked for, each empty or with a
   *     separator at its end
   * @param version of Python as extension modules name it ({@code 311}), or empty
   */
  ModuleFinder(
      PythonCode code,
      Collection<String> members,
      Collection<String> links,
      Collection<String> sites,
      String version) {
    this.code = code.paths();
    this.sites = List.copyOf(sites);
    this.version = version;
    this.all = new TreeSet<>(this.code);
    members.forEach(this::add);
    links.forEach(this::add);
  }

  private void add(String path) {
    all.add(path);
    int slash = path.lastIndexOf('/') + 1;
    Matcher m = EXTENSION.matcher(path.substring(slash));
    if (m.matches()) {
      extensions
          .computeIfAbsent(path.substring(0, slash) + m.group(1), _ -> new ArrayList<>())
          .add(path);
    }
  }

  /** What a dotted name leads to; the packages on the way are not looked at again. */
  Found find(String name) {
    Found found = known.get(name);
    if (found == null) {
      found = look(name.replace('.', '/'), name);
      known.put(name, found);
    }
    return found;
  }

  private Found look(String relative, String name) {
    boolean isNamespace = false;
    for (String site : sites) {
      String base = site + relative;
      if (code.contains(base + "/__init__.py")) {
        return new Found.Source(name, base + "/__init__.py", true);
      }
      String init = extension(base + "/__init__");
      if (!init.isEmpty()) {
        return new Found.Extension(name, init);
      }
      String own = extension(base);
      if (!own.isEmpty()) {
        return new Found.Extension(name, own);
      }
      if (code.contains(base + ".py")) {
        return new Found.Source(name, base + ".py", false);
      }
      String next = all.ceiling(base + "/");
      isNamespace |= next != null && next.startsWith(base + "/");
    }
    return isNamespace ? new Found.Namespace(name) : NOTHING;
  }

  /** The extension module of a stem that this Python takes, or empty. */
  private String extension(String stem) {
    String any = "";
    for (String path : extensions.getOrDefault(stem, List.of())) {
      Matcher m = EXTENSION.matcher(path.substring(path.lastIndexOf('/') + 1));
      String tag = m.matches() && m.group(2) != null ? m.group(2) : "";
      if (tag.isEmpty() || version.isEmpty() || tag.equals(version)) {
        any = any.isEmpty() || !tag.isEmpty() ? path : any;
      }
    }
    return any;
  }

  /** The dotted name of a module's file, or empty where it lies in none of the folders. */
  String nameOf(String path) {
    int folder = path.lastIndexOf('/') + 1;
    int dot = path.indexOf('.', folder);
    for (String site : sites) {
      if (path.startsWith(site) && dot > folder && folder >= site.length()) {
        String relative = path.substring(site.length(), dot);
        if (relative.endsWith("/__init__")) {
          relative = relative.substring(0, relative.length() - 9);
        }
        return relative.replace('/', '.');
      }
    }
    return "";
  }
}
