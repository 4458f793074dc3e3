package dev.sigill.source;

import java.util.List;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * The names under which Python imports what a list of files holds: modules and packages at the top,
 * and of packages without an {@code __init__} of their own, which several distributions may share,
 * the first below that have one.
 */
final class ModuleNames {
  private static final Pattern IDENTIFIER = Pattern.compile("[\\p{L}_][\\p{L}\\p{N}_]*");

  private final TreeSet<String> packages = new TreeSet<>();
  private final TreeSet<String> modules = new TreeSet<>();

  /** A file as a {@code RECORD} names it, from the folder of the packages. */
  void add(String file) {
    int slash = file.lastIndexOf('/');
    String last = file.substring(slash + 1);
    int dot = last.indexOf('.');
    if (dot <= 0 || !isImported(last.substring(last.lastIndexOf('.')))) {
      return;
    }
    String stem = last.substring(0, dot);
    if (!IDENTIFIER.matcher(stem).matches()) {
      return;
    }
    if (slash < 0) {
      modules.add(stem);
      return;
    }
    String folder = file.substring(0, slash);
    for (String part : folder.split("/", -1)) {
      if (!IDENTIFIER.matcher(part).matches()) {
        return;
      }
    }
    if (stem.equals("__init__")) {
      packages.add(folder.replace('/', '.'));
    }
  }

  private static boolean isImported(String suffix) {
    return suffix.equals(".py") || suffix.equals(".so") || suffix.equals(".pyd");
  }

  List<String> toList() {
    var names = new TreeSet<>(modules);
    for (String name : packages) {
      boolean isBelowAnother = false;
      for (int dot = name.lastIndexOf('.'); dot > 0; dot = name.lastIndexOf('.', dot - 1)) {
        isBelowAnother |= packages.contains(name.substring(0, dot));
      }
      if (!isBelowAnother) {
        names.add(name);
      }
    }
    return List.copyOf(names);
  }
}
