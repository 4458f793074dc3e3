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
import java.util.Collections;
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
   * auditwheel, delocate and delvewheel give bundled copies names with a hash: {@code
   * libz-1a2b3c4d.so.1.2}.
   */
  private static final Pattern BUNDLED =
      Pattern.compile(".*-[0-9a-f]{8,64}(\\.[0-9.]+)?\\.(so|dylib|dll)(\\.[0-9.]+)?");

  @Override
  public void check(Case judged, Consumer<Found> found) {
    missing(judged, found);
    openMp(judged, found);
  }

  /**
   * One library missing in one package.
   *
   * @param group the package
   * @param library the library
   * @param askers the images that need it
   * @param isLost whether it can only have been meant to lie in the package
   * @param isPart whether the package has other modules that miss nothing
   */
  private record Missing(
      Group group, String library, List<Requirements> askers, boolean isLost, boolean isPart) {}

  /** Which images of a case load which. */
  private static final class Links {
    private final Map<String, List<Requirements>> provided = new HashMap<>();
    private final Map<Requirements, Set<Requirements>> startedBy = new IdentityHashMap<>();
    private final boolean hostsStart;

    Links(Case judged) {
      for (Requirements image : judged.judged()) {
        provide(provided, Words.baseName(image.path()), image);
        provide(provided, Words.baseName(image.installName()), image);
      }
      Map<String, List<Requirements>> byPath = new HashMap<>();
      for (Requirements image : judged.judged()) {
        byPath.computeIfAbsent(image.path(), _ -> new ArrayList<>(1)).add(image);
      }
      judged
          .target()
          .links()
          .forEach(
              (link, path) ->
                  byPath
                      .getOrDefault(path, List.of())
                      .forEach(image -> provide(provided, Words.baseName(link), image)));
      List<Requirements> entries =
          judged.judged().stream().filter(image -> !image.entryPoints().isEmpty()).toList();
      hostsStart =
          !entries.isEmpty()
              && (judged.runtime() == Case.Runtime.PYTHON || judged.runtime() == Case.Runtime.NODE);
      if (hostsStart) {
        entries.forEach(this::follow);
      }
    }

    private void follow(Requirements entry) {
      var queue = new ArrayDeque<Requirements>();
      queue.add(entry);
      while (!queue.isEmpty()) {
        Requirements next = queue.remove();
        if (startedBy.computeIfAbsent(next, _ -> identitySet()).add(entry)) {
          for (Needed needed : next.needed()) {
            queue.addAll(providers(next, needed.name()));
          }
        }
      }
    }

    List<Requirements> providers(Requirements image, String library) {
      return provided.getOrDefault(key(image, Words.baseName(library)), List.of()).stream()
          .filter(
              candidate ->
                  candidate.format() == image.format()
                      && candidate.architecture() == image.architecture())
          .toList();
    }

    /**
     * Whether a host of the target gets to load an image. Packages carry plug-ins that nobody loads
     * where their libraries are not installed; of those nothing is said. Where nothing tells what a
     * host starts, every image counts.
     */
    boolean isReached(Requirements image) {
      return !hostsStart || startedBy.containsKey(image);
    }

    /** Whether a package has modules that none of these images is loaded with. */
    boolean hasOthers(Group group, List<Requirements> images) {
      if (!hostsStart) {
        return false;
      }
      Set<Requirements> concerned = identitySet();
      images.forEach(image -> concerned.addAll(startedBy.getOrDefault(image, Set.of())));
      return group.judged().stream()
          .anyMatch(image -> !image.entryPoints().isEmpty() && !concerned.contains(image));
    }

    private static Set<Requirements> identitySet() {
      return Collections.newSetFromMap(new IdentityHashMap<>());
    }
  }

  private static void missing(Case judged, Consumer<Found> found) {
    var links = new Links(judged);
    Map<Group, Map<String, List<Requirements>>> byGroup = new IdentityHashMap<>();
    var all = new ArrayList<Requirements>();
    for (Group group : judged.groups()) {
      Map<String, List<Requirements>> askers = new LinkedHashMap<>();
      byGroup.put(group, askers);
      var expected = new TreeMap<String, Requirements>();
      var packages = new TreeSet<String>();
      for (Requirements image : group.judged()) {
        OperatingSystem system = ImagePlatform.of(image).system();
        if (!links.isReached(image) || !SystemLibraries.knows(system)) {
          continue;
        }
        for (Needed needed : image.needed()) {
          String name = needed.name();
          if (needed.isOptional() || name.isEmpty() || !links.providers(image, name).isEmpty()) {
            continue;
          }
          if (judged.machine().system().libraries().contains(name)) {
            continue;
          }
          SystemLibraries.Library library = SystemLibraries.find(system, name);
          if (library == null) {
            askers.computeIfAbsent(name, _ -> new ArrayList<>()).add(image);
          } else if (library.presence() == SystemLibraries.Presence.DESKTOP) {
            expected.putIfAbsent(name, image);
            if (!library.debianPackage().isEmpty()) {
              packages.add(library.debianPackage());
            }
          }
        }
      }
      askers.values().forEach(all::addAll);
      if (!expected.isEmpty()) {
        found.accept(Found.beforeCode(expected(expected, packages)));
      }
    }
    for (Group group : judged.groups()) {
      boolean hasOthers = links.hasOthers(group, all);
      byGroup
          .get(group)
          .forEach(
              (library, images) ->
                  found.accept(
                      Found.beforeCode(
                          finding(
                              judged,
                              new Missing(
                                  group,
                                  library,
                                  images,
                                  isLost(images.getFirst(), library),
                                  hasOthers)))));
    }
  }

  private static void provide(
      Map<String, List<Requirements>> provided, String name, Requirements image) {
    if (!name.isEmpty()) {
      provided.computeIfAbsent(key(image, name), _ -> new ArrayList<>(1)).add(image);
    }
  }

  /** Windows and macOS compare file names without case by default. */
  private static String key(Requirements image, String name) {
    return image.format() == Format.ELF ? name : name.toLowerCase(Locale.ROOT);
  }

  /** Whether the library can only have been meant to lie in the package. */
  private static boolean isLost(Requirements image, String library) {
    return switch (image.format()) {
      case ELF, PE -> BUNDLED.matcher(library).matches();
      case MACH_O -> library.startsWith("@loader_path/") && image.searchPaths().isEmpty();
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
    if (missing.isPart() && !isLost) {
      details.add("Other modules of the package miss nothing, so this one may be an extra");
    }
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
        isLost ? Verdict.FAILS_TO_LOAD : missing.isPart() ? Verdict.RUNS : Verdict.UNKNOWN,
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
