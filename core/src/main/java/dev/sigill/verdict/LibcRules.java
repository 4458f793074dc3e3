package dev.sigill.verdict;

import dev.sigill.analysis.Certainty;
import dev.sigill.analysis.Requirements;
import dev.sigill.analysis.Stage;
import dev.sigill.image.Needed;
import dev.sigill.image.VersionNeed;
import dev.sigill.machine.SystemProfile;
import dev.sigill.machine.SystemProfile.Libc;
import dev.sigill.platform.Version;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * SIG302 to SIG304: the symbol versions of glibc and libstdc++, and images for the other C library.
 */
final class LibcRules implements RuleCheck {
  private static final String LIBSTDCXX = "libstdc++.so.6";

  /**
   * The first GCC release with each {@code GLIBCXX_3.4.n}, and the {@code CXXABI_1.3.n} that came
   * with it (GCC manual, "ABI Policy and Guidelines", "Prerequisites": library and symbol
   * versions).
   */
  private static final Map<Integer, String> GCC_OF_GLIBCXX =
      new TreeMap<>(
          Map.ofEntries(
              Map.entry(13, "4.4.2"),
              Map.entry(14, "4.5.0"),
              Map.entry(15, "4.6.0"),
              Map.entry(16, "4.6.1"),
              Map.entry(17, "4.7.0"),
              Map.entry(18, "4.8.0"),
              Map.entry(19, "4.8.3"),
              Map.entry(20, "4.9.0"),
              Map.entry(21, "5.1.0"),
              Map.entry(22, "6.1.0"),
              Map.entry(23, "7.1.0"),
              Map.entry(24, "7.2.0"),
              Map.entry(25, "8.1.0"),
              Map.entry(26, "9.1.0"),
              Map.entry(27, "9.2.0"),
              Map.entry(28, "9.3.0"),
              Map.entry(29, "11.1.0"),
              Map.entry(30, "12.1.0"),
              Map.entry(31, "13.1.0"),
              Map.entry(32, "13.2.0"),
              Map.entry(33, "14.1.0"),
              Map.entry(34, "15.1.0")));

  private static final Map<Integer, Integer> GLIBCXX_OF_CXXABI =
      Map.ofEntries(
          Map.entry(4, 15),
          Map.entry(5, 15),
          Map.entry(6, 17),
          Map.entry(7, 18),
          Map.entry(8, 20),
          Map.entry(9, 21),
          Map.entry(10, 22),
          Map.entry(11, 23),
          Map.entry(12, 26),
          Map.entry(13, 29),
          Map.entry(14, 31),
          Map.entry(15, 33),
          Map.entry(16, 34));

  @Override
  public void check(Case judged, Consumer<Found> found) {
    SystemProfile system = judged.machine().system();
    boolean carriesLibstdcxx =
        judged.judged().stream()
            .anyMatch(
                image ->
                    image.installName().equals(LIBSTDCXX)
                        || Words.baseName(image.path()).equals(LIBSTDCXX));
    for (Group group : judged.groups()) {
      if (system.libc() == Libc.GLIBC && !system.libcVersion().text().isEmpty()) {
        glibc(system, group, found);
      }
      if (!carriesLibstdcxx && !system.glibcxx().text().isEmpty()) {
        libstdcxx(system, group, found);
      }
      if (system.libc() == Libc.GLIBC || system.libc() == Libc.MUSL) {
        otherLibc(judged, group, found);
      }
    }
  }

  private static void glibc(SystemProfile system, Group group, Consumer<Found> found) {
    List<Asked> asked = asked(group, LibcRules::glibcOf, system.libcVersion());
    @Nullable Asked most = Asked.most(asked);
    if (most == null) {
      return;
    }
    var details = new ArrayList<String>();
    details.add("The loader says: version `" + most.name() + "' not found");
    Asked.likewise(asked, most, details);
    found.accept(
        finding(
            Rule.SIG302,
            most,
            Certainty.CERTAIN,
            "needs glibc " + most.version() + "; this system has " + system.libcVersion(),
            "glibc " + system.libcVersion(),
            details,
            List.of(
                Remedies.olderVersion(group.distribution()),
                new Fix(
                    "a system or container image with glibc " + most.version() + " or later",
                    List.of(),
                    false))));
  }

  private static void libstdcxx(SystemProfile system, Group group, Consumer<Found> found) {
    String offered = system.glibcxx().text();
    var available =
        new Version(
            offered.startsWith("GLIBCXX_") ? offered.substring("GLIBCXX_".length()) : offered);
    List<Asked> asked = asked(group, LibcRules::glibcxxOf, available);
    @Nullable Asked most = Asked.most(asked);
    if (most == null) {
      return;
    }
    String gcc = gccOf(most.version());
    var details = new ArrayList<String>();
    details.add("The loader says: " + LIBSTDCXX + ": version `" + most.name() + "' not found");
    if (!gcc.isEmpty()) {
      details.add("It came with GCC " + gcc);
    }
    Asked.likewise(asked, most, details);
    found.accept(
        finding(
            Rule.SIG303,
            most,
            Certainty.CERTAIN,
            "needs "
                + most.name()
                + " of libstdc++; this system's own goes up to GLIBCXX_"
                + available,
            "GLIBCXX_" + available,
            details,
            List.of(
                new Fix(
                    gcc.isEmpty()
                        ? "a newer libstdc++"
                        : "the libstdc++ of GCC " + gcc + " or later; in a conda environment",
                    List.of("conda install -c conda-forge libstdcxx"),
                    false),
                Remedies.olderVersion(group.distribution()))));
  }

  private static List<Asked> asked(
      Group group, Function<VersionNeed, @Nullable Version> versionOf, Version available) {
    var asked = new ArrayList<Asked>();
    // The same few needs come up in image after image.
    Map<VersionNeed, Optional<Version>> beyond = new HashMap<>();
    for (Requirements image : group.judged()) {
      @Nullable Asked most = null;
      for (VersionNeed need : image.versionNeeds()) {
        Optional<Version> version =
            beyond.computeIfAbsent(
                need,
                n ->
                    n.isWeak()
                        ? Optional.empty()
                        : Optional.ofNullable(versionOf.apply(n)).filter(available::isBelow));
        if (version.isPresent() && (most == null || most.version().isBelow(version.get()))) {
          most = new Asked(image, need.version(), version.get());
        }
      }
      if (most != null) {
        asked.add(most);
      }
    }
    return asked;
  }

  /**
   * The glibc version that a need comes to, or null where it is another library's. {@code
   * GLIBC_ABI_DT_RELR} is a marker of glibc 2.36 for packed relocations.
   */
  static @Nullable Version glibcOf(VersionNeed need) {
    if (!ImagePlatform.isGlibc(need)) {
      return null;
    }
    String version = need.version().substring("GLIBC_".length());
    if (version.equals("ABI_DT_RELR")) {
      return new Version("2.36");
    }
    var parsed = new Version(version);
    return parsed.numbers().isEmpty() ? null : parsed;
  }

  /** The {@code GLIBCXX} version that a need of the system's own libstdc++ comes to, or null. */
  private static @Nullable Version glibcxxOf(VersionNeed need) {
    if (!need.library().equals(LIBSTDCXX)) {
      return null;
    }
    if (need.version().startsWith("GLIBCXX_")) {
      var version = new Version(need.version().substring("GLIBCXX_".length()));
      return version.numbers().isEmpty() ? null : version;
    }
    if (need.version().startsWith("CXXABI_1.3.")) {
      List<Integer> numbers = new Version(need.version().substring("CXXABI_".length())).numbers();
      @Nullable Integer equal = numbers.size() == 3 ? GLIBCXX_OF_CXXABI.get(numbers.get(2)) : null;
      return equal == null ? null : new Version("3.4." + equal);
    }
    return null;
  }

  private static String gccOf(Version glibcxx) {
    List<Integer> numbers = glibcxx.numbers();
    return numbers.size() == 3 ? GCC_OF_GLIBCXX.getOrDefault(numbers.get(2), "") : "";
  }

  private static void otherLibc(Case judged, Group group, Consumer<Found> found) {
    Libc offered = judged.machine().system().libc();
    var asked = new ArrayList<Asked>();
    boolean isCertain = false;
    for (Requirements image : group.judged()) {
      Libc wanted = ImagePlatform.of(image).libc();
      if ((wanted == Libc.GLIBC || wanted == Libc.MUSL) && wanted != offered) {
        String library = witness(image, wanted);
        asked.add(new Asked(image, library, new Version("")));
        // musl answers for libc.so.6 and its kin itself, but not for glibc's loader.
        isCertain |=
            wanted == Libc.MUSL
                ? ImagePlatform.isMuslLibrary(library)
                : ImagePlatform.isGlibcLoader(library);
      }
    }
    if (asked.isEmpty()) {
      return;
    }
    Asked first = asked.getFirst();
    boolean needsGlibc = offered == Libc.MUSL;
    var details = new ArrayList<String>();
    details.add(
        needsGlibc
            ? "musl's loader says: Error relocating … symbol not found, or Error loading shared"
                + " library"
            : "The loader says: " + first.name() + ": cannot open shared object file");
    Asked.likewise(asked, first, details);
    found.accept(
        finding(
            Rule.SIG304,
            first,
            isCertain ? Certainty.CERTAIN : Certainty.REACHABLE,
            needsGlibc
                ? "is built for glibc; this system has musl"
                : "is built for musl; this system has glibc",
            needsGlibc ? "musl" : "glibc",
            details,
            List.of(
                needsGlibc
                    ? new Fix(
                        "the build for musl (musllinux wheel, alpine package), or a system with"
                            + " glibc (debian:*-slim in place of alpine)",
                        List.of(),
                        false)
                    : Remedies.reinstall(judged, group.distribution()))));
  }

  private static String witness(Requirements image, Libc wanted) {
    List<String> names = image.needed().stream().map(Needed::name).toList();
    for (String name : names) {
      if (wanted == Libc.MUSL
          ? ImagePlatform.isMuslLibrary(name)
          : ImagePlatform.isGlibcLoader(name)) {
        return name;
      }
    }
    for (String name : names) {
      if (name.startsWith("libc.so")) {
        return name;
      }
    }
    return wanted == Libc.MUSL ? "musl" : "glibc";
  }

  private static Found finding(
      Rule rule,
      Asked asked,
      Certainty certainty,
      String summary,
      String offers,
      List<String> details,
      List<Fix> fixes) {
    return Found.beforeCode(
        new Finding(
            rule,
            Verdict.FAILS_TO_LOAD,
            Stage.LOAD,
            certainty,
            List.of(),
            asked.image().path(),
            null,
            summary,
            asked.name(),
            offers,
            details,
            fixes));
  }
}
