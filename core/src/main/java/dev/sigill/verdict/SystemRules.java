package dev.sigill.verdict;

import dev.sigill.analysis.Certainty;
import dev.sigill.analysis.Requirements;
import dev.sigill.analysis.Stage;
import dev.sigill.image.Format;
import dev.sigill.image.Image;
import dev.sigill.image.VersionNeed;
import dev.sigill.machine.Machine;
import dev.sigill.machine.SystemProfile;
import dev.sigill.machine.SystemProfile.Libc;
import dev.sigill.platform.OperatingSystem;
import dev.sigill.platform.Version;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** SIG301 and SIG302: the least version of the operating system and of glibc. */
final class SystemRules implements RuleCheck {
  @Override
  public void check(Case judged, Consumer<Found> found) {
    for (Group group : judged.groups()) {
      operatingSystem(judged, group, found);
      glibc(judged, group, found);
    }
  }

  /** An image and what it asks for. */
  private record Asked(Requirements image, String name, Version version) {}

  private static void operatingSystem(Case judged, Group group, Consumer<Found> found) {
    SystemProfile system = judged.machine().system();
    if (system.isAny() || system.version().text().isEmpty()) {
      return;
    }
    var asked = new ArrayList<Asked>();
    for (Requirements image : group.judged()) {
      if (image.format() == Format.ELF || image.platform().minimum().isEmpty()) {
        continue;
      }
      var minimum = new Version(image.platform().minimum());
      if (isOlder(system, minimum)) {
        asked.add(new Asked(image, image.platform().minimum(), minimum));
      }
    }
    @Nullable Asked most = most(asked);
    if (most == null) {
      return;
    }
    boolean isProgram = most.image().kind() == Image.Kind.EXECUTABLE;
    String title = system.system().title();
    var details = new ArrayList<String>();
    if (!isProgram && system.system() == OperatingSystem.MACOS) {
      details.add(
          "The loader looks at what it uses: with anything new in it, dyld says: Symbol not found"
              + " … (built for macOS "
              + most.name()
              + " which is newer than running OS)");
    }
    likewise(asked, most, details);
    found.accept(
        Found.beforeCode(
            new Finding(
                Rule.SIG301,
                Verdict.FAILS_TO_LOAD,
                Stage.LOAD,
                isProgram ? Certainty.CERTAIN : Certainty.REACHABLE,
                List.of(),
                most.image().path(),
                null,
                "is built for " + title + " " + most.name() + " or later",
                title + " " + most.name(),
                system.title(),
                details,
                List.of(
                    new Fix(title + " " + most.name() + " or later", List.of(), false),
                    Remedies.olderVersion(group.distribution())))));
  }

  private static boolean isOlder(SystemProfile system, Version minimum) {
    List<Integer> numbers = system.version().numbers();
    if (numbers.isEmpty() || minimum.numbers().isEmpty()) {
      return false;
    }
    // "macOS 14" is its newest update, so only the major version can fall short.
    return numbers.size() == 1
        ? numbers.getFirst() < minimum.numbers().getFirst()
        : system.version().isBelow(minimum);
  }

  private static void glibc(Case judged, Group group, Consumer<Found> found) {
    Machine machine = judged.machine();
    SystemProfile system = machine.system();
    if (system.libc() != Libc.GLIBC || system.libcVersion().text().isEmpty()) {
      return;
    }
    var asked = new ArrayList<Asked>();
    for (Requirements image : group.judged()) {
      var own = new ArrayList<Asked>();
      for (VersionNeed need : image.versionNeeds()) {
        @Nullable Version version = glibcOf(need);
        if (version != null && system.libcVersion().isBelow(version)) {
          own.add(new Asked(image, need.version(), version));
        }
      }
      @Nullable Asked most = most(own);
      if (most != null) {
        asked.add(most);
      }
    }
    @Nullable Asked most = most(asked);
    if (most == null) {
      return;
    }
    var details = new ArrayList<String>();
    details.add("The loader says: version `" + most.name() + "' not found");
    likewise(asked, most, details);
    found.accept(
        Found.beforeCode(
            new Finding(
                Rule.SIG302,
                Verdict.FAILS_TO_LOAD,
                Stage.LOAD,
                Certainty.CERTAIN,
                List.of(),
                most.image().path(),
                null,
                "needs glibc " + most.version() + "; this system has " + system.libcVersion(),
                most.name(),
                "glibc " + system.libcVersion(),
                details,
                List.of(
                    Remedies.olderVersion(group.distribution()),
                    new Fix(
                        "a system or container image with glibc " + most.version() + " or later",
                        List.of(),
                        false)))));
  }

  /**
   * The glibc version that a need comes to, or null where it is another library's or the loader
   * goes on without. {@code GLIBC_ABI_DT_RELR} is a marker of glibc 2.36 for packed relocations.
   */
  private static @Nullable Version glibcOf(VersionNeed need) {
    if (need.isWeak() || !ImagePlatform.isGlibc(need)) {
      return null;
    }
    String version = need.version().substring("GLIBC_".length());
    if (version.equals("ABI_DT_RELR")) {
      return new Version("2.36");
    }
    var parsed = new Version(version);
    return parsed.numbers().isEmpty() ? null : parsed;
  }

  private static @Nullable Asked most(List<Asked> asked) {
    Asked most = null;
    for (Asked next : asked) {
      if (most == null || most.version().isBelow(next.version())) {
        most = next;
      }
    }
    return most;
  }

  private static void likewise(List<Asked> asked, Asked most, List<String> details) {
    List<String> others =
        asked.stream()
            .filter(a -> !a.equals(most))
            .map(a -> a.image().path() + " (" + a.name() + ")")
            .distinct()
            .toList();
    if (!others.isEmpty()) {
      details.add("Likewise " + Words.some(others, 3));
    }
  }
}
