package dev.sigill.verdict;

import dev.sigill.analysis.Certainty;
import dev.sigill.analysis.Requirements;
import dev.sigill.analysis.Stage;
import dev.sigill.image.Format;
import dev.sigill.image.Needed;
import dev.sigill.platform.OperatingSystem;
import dev.sigill.source.Source;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * SIG401 and SIG402: libraries that neither the target nor the system is known to bring, and
 * several OpenMP runtimes in one environment.
 *
 * <p>A library that is asked for and not in the target may still be on the machine: that leaves the
 * verdict open. Only one that was bundled under a name of its own, or that is looked for within the
 * package, is surely lost.
 */
final class LinkRules implements RuleCheck {
  /**
   * auditwheel and delocate give bundled copies names that hold a hash: {@code libz-1a2b3c4d.so}.
   */
  private static final Pattern BUNDLED = Pattern.compile(".*-[0-9a-f]{8}\\.so(\\.[0-9.]+)?");

  @Override
  public void check(Case judged, Consumer<Found> found) {
    missing(judged, found);
    openMp(judged, found);
  }

  /** One library missing in one package. */
  private record Missing(Group group, String library, List<Requirements> askers, boolean isLost) {}

  private static void missing(Case judged, Consumer<Found> found) {
    Map<String, List<Requirements>> provided = new HashMap<>();
    for (Group group : judged.groups()) {
      for (Requirements image : group.judged()) {
        provide(provided, Words.baseName(image.path()), image);
        provide(provided, Words.baseName(image.installName()), image);
      }
    }
    Set<Requirements> reached = reached(judged, provided);
    for (Group group : judged.groups()) {
      Map<String, Missing> byLibrary = new LinkedHashMap<>();
      var expected = new TreeMap<String, Requirements>();
      var packages = new TreeSet<String>();
      for (Requirements image : group.judged()) {
        if (!reached.contains(image)) {
          continue;
        }
        OperatingSystem system = ImagePlatform.of(image).system();
        if (!SystemLibraries.knows(system)) {
          continue;
        }
        for (Needed needed : image.needed()) {
          if (needed.isOptional()
              || needed.name().isEmpty()
              || !providers(provided, image, needed.name()).isEmpty()) {
            continue;
          }
          SystemLibraries.Library library = SystemLibraries.find(system, needed.name());
          if (library == null) {
            byLibrary
                .computeIfAbsent(
                    needed.name(),
                    name -> new Missing(group, name, new ArrayList<>(), isLost(image, name)))
                .askers()
                .add(image);
          } else if (library.presence() == SystemLibraries.Presence.DESKTOP) {
            expected.putIfAbsent(needed.name(), image);
            if (!library.debianPackage().isEmpty()) {
              packages.add(library.debianPackage());
            }
          }
        }
      }
      byLibrary.values().forEach(m -> found.accept(Found.beforeCode(finding(judged, m))));
      if (!expected.isEmpty()) {
        found.accept(Found.beforeCode(expected(expected, packages)));
      }
    }
  }

  private static void provide(
      Map<String, List<Requirements>> provided, String name, Requirements image) {
    if (!name.isEmpty()) {
      provided.computeIfAbsent(key(image, name), _ -> new ArrayList<>(1)).add(image);
    }
  }

  private static List<Requirements> providers(
      Map<String, List<Requirements>> provided, Requirements image, String library) {
    return provided.getOrDefault(key(image, Words.baseName(library)), List.of()).stream()
        .filter(
            candidate ->
                candidate.format() == image.format()
                    && candidate.architecture() == image.architecture())
        .toList();
  }

  /** Windows and macOS compare file names without case by default. */
  private static String key(Requirements image, String name) {
    return image.format() == Format.ELF ? name : name.toLowerCase(Locale.ROOT);
  }

  /**
   * The images that a host of the target gets to load: those that it starts and all that they link
   * to. Packages carry plug-ins that nobody loads where their libraries are not installed; of those
   * nothing is said. Where nothing tells what a host starts, every image counts.
   */
  private static Set<Requirements> reached(Case judged, Map<String, List<Requirements>> provided) {
    Set<Requirements> reached = java.util.Collections.newSetFromMap(new IdentityHashMap<>());
    var queue = new ArrayDeque<Requirements>();
    for (Requirements image : judged.judged()) {
      if (!image.entryPoints().isEmpty()) {
        queue.add(image);
      }
    }
    boolean hostsStart =
        judged.runtime() == Case.Runtime.PYTHON || judged.runtime() == Case.Runtime.NODE;
    if (queue.isEmpty() || !hostsStart) {
      reached.addAll(judged.judged());
      return reached;
    }
    while (!queue.isEmpty()) {
      Requirements next = queue.remove();
      if (reached.add(next)) {
        for (Needed needed : next.needed()) {
          queue.addAll(providers(provided, next, needed.name()));
        }
      }
    }
    return reached;
  }

  /** Whether the library can only have been meant to lie in the package. */
  private static boolean isLost(Requirements image, String library) {
    return switch (image.format()) {
      case ELF -> BUNDLED.matcher(library).matches();
      case MACH_O -> library.startsWith("@loader_path/") && image.searchPaths().isEmpty();
      case PE -> BUNDLED.matcher(library.replace(".dll", ".so")).matches();
    };
  }

  private static Finding finding(Case judged, Missing missing) {
    Requirements first = missing.askers().getFirst();
    String library = missing.library();
    OperatingSystem system = ImagePlatform.of(first).system();
    // A lone file's libraries may lie beside it, where nobody was asked to look.
    boolean isLost = missing.isLost() && judged.target().kind() != Source.Kind.FILE;
    var details = new ArrayList<String>();
    details.add(
        isLost
            ? "It is named as a copy bundled with the package, and the package does not hold it"
            : "Neither the target holds it nor is it part of "
                + system.title()
                + "; another package or the machine may bring it");
    details.add(loaderWords(system, library));
    List<String> others =
        missing.askers().stream()
            .map(Requirements::path)
            .distinct()
            .filter(path -> !path.equals(first.path()))
            .toList();
    if (!others.isEmpty()) {
      details.add("Likewise " + Words.some(others, 3));
    }
    var fixes = new ArrayList<Fix>();
    if (isLost) {
      fixes.add(Remedies.reinstall(judged, missing.group().distribution()));
    } else {
      fixes.add(new Fix("the package or system library that brings " + library, List.of(), false));
    }
    return new Finding(
        Rule.SIG401,
        isLost ? Verdict.FAILS_TO_LOAD : Verdict.UNKNOWN,
        Stage.LOAD,
        isLost ? Certainty.CERTAIN : Certainty.REACHABLE,
        List.of(),
        first.path(),
        null,
        isLost
            ? "needs " + library + ", which the package lost"
            : "needs " + library + ", which must come from elsewhere",
        library,
        "",
        details,
        fixes);
  }

  private static String loaderWords(OperatingSystem system, String library) {
    return switch (system) {
      case MACOS -> "Without it dyld says: Library not loaded: " + library;
      case WINDOWS ->
          "Without it Windows says: the specified module could not be found (error 126)";
      default ->
          "Without it the loader says: "
              + library
              + ": cannot open shared object file: No such file or directory";
    };
  }

  /** A note: ordinary installations have these libraries, slim ones may not. */
  private static Finding expected(Map<String, Requirements> libraries, Set<String> packages) {
    Map.Entry<String, Requirements> first = libraries.entrySet().iterator().next();
    OperatingSystem system = ImagePlatform.of(first.getValue()).system();
    List<String> names = List.copyOf(libraries.keySet());
    boolean isWindows = system == OperatingSystem.WINDOWS;
    return new Finding(
        Rule.SIG401,
        Verdict.RUNS,
        Stage.LOAD,
        Certainty.REACHABLE,
        List.of(),
        first.getValue().path(),
        null,
        "expects " + Words.some(names, 3) + " of the system",
        Words.some(names, 3),
        "",
        List.of(
            isWindows
                ? "It comes with the Visual C++ redistributable package"
                : "Slim container and server images may lack it"),
        packages.isEmpty()
            ? List.of()
            : List.of(
                new Fix(
                    "where it is missing (Debian, Ubuntu)",
                    List.of("apt-get install " + String.join(" ", packages)),
                    false)));
  }

  private static void openMp(Case judged, Consumer<Found> found) {
    if (!judged.isEnvironment()) {
      return;
    }
    // Copies of one runtime: LLVM's and Intel's register themselves and end a process that holds
    // another of their family under another name; GNU's and Microsoft's do not notice.
    Map<String, Set<String>> copies = new TreeMap<>();
    @Nullable Requirements first = null;
    for (Requirements image : judged.judged()) {
      if (!image.openMpRuntime().isEmpty()) {
        first = first == null ? image : first;
        copies.computeIfAbsent(image.openMpRuntime(), _ -> new LinkedHashSet<>()).add(image.path());
      }
    }
    int total = copies.values().stream().mapToInt(Set::size).sum();
    if (first == null || total < 2) {
      return;
    }
    boolean bothOfOneFamily = copies.containsKey("libiomp5") && copies.containsKey("libomp");
    var details = new ArrayList<String>();
    copies.forEach(
        (runtime, paths) -> details.add(runtime + ": " + Words.some(List.copyOf(paths), 4)));
    details.add(
        bothOfOneFamily
            ? "Loaded into one process, the second says: OMP: Error #15: Initializing …, but found"
                + " … already initialized, and aborts"
            : "Loaded into one process they start threads each; that costs time and can hang after"
                + " a fork");
    found.accept(
        Found.beforeCode(
            new Finding(
                Rule.SIG402,
                bothOfOneFamily ? Verdict.MAY_CRASH : Verdict.RUNS,
                bothOfOneFamily ? Stage.USE : Stage.LOAD,
                Certainty.REACHABLE,
                List.of(),
                first.path(),
                null,
                "the environment holds "
                    + Words.count(total, "OpenMP runtime", "OpenMP runtimes")
                    + " ("
                    + Words.list(List.copyOf(copies.keySet()))
                    + ")",
                "one OpenMP runtime",
                Words.list(List.copyOf(copies.keySet())),
                details,
                List.of(
                    new Fix(
                        "all packages from one source (all from conda-forge, or all wheels)",
                        List.of(),
                        false),
                    new Fix(
                        "see which are loaded together",
                        List.of("python -m threadpoolctl -i numpy sklearn torch"),
                        false)))));
  }
}
