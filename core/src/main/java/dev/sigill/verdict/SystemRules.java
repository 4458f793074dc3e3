package dev.sigill.verdict;

import dev.sigill.analysis.Certainty;
import dev.sigill.analysis.Requirements;
import dev.sigill.analysis.Stage;
import dev.sigill.image.Format;
import dev.sigill.image.Image;
import dev.sigill.machine.SystemProfile;
import dev.sigill.platform.OperatingSystem;
import dev.sigill.platform.Version;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** SIG301: the least version of the operating system. */
final class SystemRules implements RuleCheck {
  @Override
  public void check(Case judged, Consumer<Found> found) {
    for (Group group : judged.groups()) {
      operatingSystem(judged, group, found);
    }
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
    String title = system.system().title();
    var details = new ArrayList<String>();
    if (!isProgram && system.system() == OperatingSystem.MACOS) {
      details.add(
          "The loader looks at what it uses: with anything new in it, dyld says: Symbol not found"
              + " … (built for macOS "
              + most.name()
              + " which is newer than running OS)");
    }
    Asked.likewise(asked, most, details);
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
}
