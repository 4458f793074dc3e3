package dev.sigill.verdict;

import dev.sigill.analysis.Certainty;
import dev.sigill.analysis.Requirements;
import dev.sigill.analysis.Stage;
import dev.sigill.image.Format;
import dev.sigill.image.Image;
import dev.sigill.isa.FeatureSet;
import dev.sigill.machine.Machine;
import dev.sigill.machine.SystemProfile;
import dev.sigill.platform.Architecture;
import dev.sigill.platform.OperatingSystem;
import dev.sigill.platform.Version;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** SIG301 and SIG307: the least version of the operating system, and what it needs itself. */
final class SystemRules implements RuleCheck {
  @Override
  public void check(Case judged, Consumer<Found> found) {
    ownLevel(judged, found);
    for (Group group : judged.groups()) {
      operatingSystem(judged, group, found);
    }
  }

  private static void ownLevel(Case judged, Consumer<Found> found) {
    Machine machine = judged.machine();
    SystemProfile system = machine.system();
    int level = system.requiredLevel();
    if (level < 2
        || level > 4
        || machine.architecture() != Architecture.X86_64
        || judged.groups().stream().allMatch(g -> g.judged().isEmpty())) {
      return;
    }
    FeatureSet missing = Levels.features(level).without(machine.advertised());
    if (missing.isEmpty()) {
      return;
    }
    boolean isLinux = system.system() == OperatingSystem.LINUX;
    found.accept(
        new Found(
            new Finding(
                Rule.SIG307,
                Verdict.FAILS_TO_LOAD,
                Stage.LOAD,
                Certainty.CERTAIN,
                missing.ids(),
                "",
                null,
                system.title() + " itself needs x86-64-v" + level + ", whatever runs on it",
                "x86-64-v" + level,
                "no " + Words.titles(missing),
                isLinux
                    ? List.of(
                        "Every program says: Fatal glibc error: CPU does not support x86-64-v"
                            + level)
                    : List.of("It is not installed on such a processor"),
                List.of(
                    new Fix(
                        isLinux
                            ? "an older release or another distribution, as a system or as the"
                                + " container's base image"
                            : "an older release",
                        List.of(),
                        false))),
            Found.BEFORE_CODE - 1));
  }

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
    @Nullable Asked most = Asked.most(asked);
    if (most == null) {
      return;
    }
    boolean isProgram = most.image().kind() == Image.Kind.EXECUTABLE;
    boolean isTried = !isProgram && system.system() == OperatingSystem.MACOS;
    String title = system.system().title();
    var details = new ArrayList<String>();
    if (isTried) {
      details.add(
          "The loader tries it and looks at what it uses: with anything new in it, dyld says:"
              + " Symbol not found … (built for macOS "
              + most.name()
              + " which is newer than running OS)");
    }
    Asked.likewise(asked, most, details);
    found.accept(
        Found.beforeCode(
            new Finding(
                Rule.SIG301,
                isTried ? Verdict.MAY_CRASH : Verdict.FAILS_TO_LOAD,
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
}
