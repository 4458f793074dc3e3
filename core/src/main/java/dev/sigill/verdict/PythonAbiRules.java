package dev.sigill.verdict;

import dev.sigill.analysis.Certainty;
import dev.sigill.analysis.Requirements;
import dev.sigill.analysis.Stage;
import dev.sigill.platform.Version;
import dev.sigill.source.Interpreter;
import dev.sigill.source.Source;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * SIG501: extension modules built for another Python than the one that loads them. CPython takes a
 * module by the suffix of its file name (PEP 3149, and {@code importlib.machinery
 * .EXTENSION_SUFFIXES}), so a wrong one is not even seen.
 */
final class PythonAbiRules implements RuleCheck {
  private static final Pattern POSIX = Pattern.compile("(.+?)\\.cpython-(\\d+)([a-z]*)(-.+)?\\.so");
  private static final Pattern WINDOWS = Pattern.compile("(.+?)\\.cp(\\d+)([a-z]*)-(.+)\\.pyd");
  private static final Pattern PYPY =
      Pattern.compile("(.+?)\\.pypy(\\d+)-pp(\\d+)(-.+)?\\.(so|pyd)");
  private static final Pattern STABLE = Pattern.compile("(.+?)\\.abi3\\.(so|pyd)");
  private static final Pattern PLAIN = Pattern.compile("([^.]+)\\.(so|pyd)");
  private static final Pattern VERSION_FOLDER = Pattern.compile("(?:^|/)python(\\d+\\.\\d+)/");

  /**
   * What a module's file name says.
   *
   * @param module its name without suffix, with its folder
   * @param tag the ABI it is built for: {@code cp311}, {@code cp313t}, {@code pp73}, {@code abi3},
   *     or empty where the name says none
   */
  record Module(String module, String tag) {}

  /** The module that a path names, where it is an extension module's. */
  static Optional<Module> moduleOf(String path) {
    String name = Words.baseName(path);
    String folder = path.substring(0, path.length() - name.length());
    Matcher m = POSIX.matcher(name);
    if (m.matches()) {
      return Optional.of(new Module(folder + m.group(1), "cp" + m.group(2) + abiFlags(m.group(3))));
    }
    m = WINDOWS.matcher(name);
    if (m.matches()) {
      return Optional.of(new Module(folder + m.group(1), "cp" + m.group(2) + abiFlags(m.group(3))));
    }
    m = PYPY.matcher(name);
    if (m.matches()) {
      return Optional.of(new Module(folder + m.group(1), "pp" + m.group(3)));
    }
    m = STABLE.matcher(name);
    if (m.matches()) {
      return Optional.of(new Module(folder + m.group(1), "abi3"));
    }
    m = PLAIN.matcher(name);
    return m.matches() ? Optional.of(new Module(folder + m.group(1), "")) : Optional.empty();
  }

  /** {@code m} and {@code u} (before 3.8) do not tell versions apart, {@code t} (3.13) does. */
  private static String abiFlags(String letters) {
    return letters.indexOf('t') >= 0 ? "t" : "";
  }

  @Override
  public void check(Case judged, Consumer<Found> found) {
    Set<String> hosts = hosts(judged);
    if (hosts.isEmpty()) {
      return;
    }
    for (Group group : judged.groups()) {
      Map<String, Boolean> fits = new HashMap<>();
      for (Requirements image : group.judged()) {
        moduleOf(image.path())
            .ifPresent(m -> fits.merge(m.module(), fits(m, hosts), Boolean::logicalOr));
      }
      var misfits = new ArrayList<Requirements>();
      var tags = new LinkedHashSet<String>();
      for (Requirements image : group.judged()) {
        Optional<Module> module = moduleOf(image.path());
        if (module.isPresent()
            && !fits.get(module.get().module())
            && isHosts(image.path(), hosts)
            && image.entryPoints().stream().anyMatch(e -> e.startsWith("PyInit_"))) {
          misfits.add(image);
          tags.add(module.get().tag());
        }
      }
      if (!misfits.isEmpty()) {
        found.accept(Found.beforeCode(finding(judged, group, misfits, List.copyOf(tags), hosts)));
      }
    }
  }

  /** The ABIs that load the target's modules: of its interpreter, or those that a wheel names. */
  private static Set<String> hosts(Case judged) {
    var hosts = new LinkedHashSet<String>();
    Optional<Interpreter> interpreter = judged.target().interpreter();
    if (interpreter.isPresent()) {
      String own = abiOf(interpreter.get());
      if (own != null) {
        hosts.add(own);
      }
    } else if (judged.target().kind() == Source.Kind.WHEEL) {
      for (WheelTag tag :
          WheelTag.ofName(
              judged.target(), judged.target().distributions().stream().findFirst().orElse(null))) {
        // A range of versions is named by abi3 and none: there any of them will do.
        if (!tag.abi().matches("cp\\d+[a-z]*")) {
          return Set.of();
        }
        hosts.add(tag.abi().replaceAll("[mud]+$", ""));
      }
    }
    return hosts;
  }

  private static @Nullable String abiOf(Interpreter interpreter) {
    if (!interpreter.language().equals("python")
        || !(interpreter.implementation().isEmpty()
            || interpreter.implementation().equals("cpython"))) {
      return null;
    }
    List<Integer> numbers = new Version(interpreter.version()).numbers();
    return numbers.size() < 2 ? null : "cp" + numbers.get(0) + numbers.get(1);
  }

  private static boolean fits(Module module, Set<String> hosts) {
    String tag = module.tag();
    if (tag.isEmpty() || hosts.contains(tag)) {
      return true;
    }
    // Interpreters without the global lock have no stable ABI; which of both one is, its version
    // does not say.
    if (tag.equals("abi3")) {
      return hosts.stream().anyMatch(h -> !h.endsWith("t"));
    }
    return false;
  }

  /** Whether a module lies where an interpreter of these versions looks. */
  private static boolean isHosts(String path, Set<String> hosts) {
    Matcher m = VERSION_FOLDER.matcher(path);
    boolean any = false;
    while (m.find()) {
      any = true;
      String tag = "cp" + m.group(1).replace(".", "");
      if (hosts.contains(tag) || hosts.contains(tag + "t")) {
        return true;
      }
    }
    return !any;
  }

  private static Finding finding(
      Case judged, Group group, List<Requirements> misfits, List<String> tags, Set<String> hosts) {
    Requirements first = misfits.getFirst();
    String built = Words.list(tags.stream().map(PythonAbiRules::title).toList());
    String here = Words.list(hosts.stream().map(PythonAbiRules::title).toList());
    var details = new ArrayList<String>();
    details.add("Python does not see the file; it says: ModuleNotFoundError or ImportError");
    List<String> others = misfits.stream().skip(1).map(Requirements::path).toList();
    if (!others.isEmpty()) {
      details.add("Likewise " + Words.some(others, 3));
    }
    boolean isInstalled = judged.target().interpreter().isPresent();
    return new Finding(
        Rule.SIG501,
        Verdict.FAILS_TO_LOAD,
        Stage.IMPORT,
        Certainty.REACHABLE,
        List.of(),
        first.path(),
        null,
        isInstalled
            ? "is built for " + built + "; this environment's is " + here
            : "is built for " + built + "; the wheel is for " + here,
        String.join(" ", tags),
        String.join(" ", hosts),
        details,
        List.of(Remedies.reinstall(judged, group.distribution())));
  }

  /** {@code cp311} as {@code CPython 3.11}. */
  private static String title(String tag) {
    Matcher m = Pattern.compile("cp(\\d)(\\d+)(t?)").matcher(tag);
    if (m.matches()) {
      return "CPython "
          + m.group(1)
          + "."
          + m.group(2)
          + (m.group(3).isEmpty() ? "" : " without the global lock");
    }
    return tag.startsWith("pp") ? "PyPy" : tag.equals("abi3") ? "the stable ABI" : tag;
  }
}
