package dev.sigill.verdict;

import dev.sigill.analysis.Certainty;
import dev.sigill.analysis.Requirements;
import dev.sigill.analysis.Stage;
import dev.sigill.image.Image;
import dev.sigill.image.VersionNeed;
import dev.sigill.machine.SystemProfile.Libc;
import dev.sigill.platform.Architecture;
import dev.sigill.platform.OperatingSystem;
import dev.sigill.platform.Version;
import dev.sigill.source.Distribution;
import dev.sigill.source.Source;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * SIG702: a wheel whose tag promises something else than its content keeps. A note: what it means
 * on a machine other rules say, by the content. The whole wheel is looked at, whatever the machine.
 */
final class TagContentRules implements RuleCheck {
  @Override
  public void check(Case judged, Consumer<Found> found) {
    if (judged.target().kind() != Source.Kind.WHEEL) {
      return;
    }
    List<Distribution> distributions = judged.target().distributions();
    @Nullable Distribution wheel = distributions.isEmpty() ? null : distributions.getFirst();
    List<WheelTag> named = WheelTag.ofName(judged.target(), wheel);
    List<WheelTag> stated = wheel == null ? List.of() : WheelTag.ofMetadata(wheel);
    if (!named.isEmpty() && !stated.isEmpty()) {
      metadata(named, stated, found);
    }
    List<WheelTag> tags = named.isEmpty() ? stated : named;
    if (tags.isEmpty()) {
      return;
    }
    List<Requirements> libraries =
        judged.target().images().stream()
            .filter(i -> Group.isLoadable(i) && i.kind() == Image.Kind.SHARED_LIBRARY)
            .toList();
    if (libraries.isEmpty()) {
      return;
    }
    if (tags.stream().allMatch(t -> t.platform().equals("any"))) {
      found.accept(
          note(
              libraries.getFirst(),
              "promises every platform and holds native code",
              "any",
              Words.some(platforms(libraries), 4),
              List.of("It may do without its native code; nothing says so")));
      return;
    }
    for (OperatingSystem system :
        List.of(OperatingSystem.LINUX, OperatingSystem.MACOS, OperatingSystem.WINDOWS)) {
      List<WheelTag.Platform> promises =
          tags.stream()
              .flatMap(t -> t.promise().stream())
              .filter(p -> p.system() == system)
              .toList();
      List<Requirements> own =
          libraries.stream().filter(i -> ImagePlatform.of(i).system() == system).toList();
      if (!promises.isEmpty()) {
        architectures(promises, own, found);
        versions(system, promises, own, found);
      }
    }
  }

  /** The file's name decides what installers do; the WHEEL file ought to repeat it. */
  private static void metadata(List<WheelTag> named, List<WheelTag> stated, Consumer<Found> found) {
    Set<String> a = new TreeSet<>();
    Set<String> b = new TreeSet<>();
    named.forEach(t -> a.add(t.platform()));
    stated.forEach(t -> b.add(t.platform()));
    if (!a.equals(b)) {
      found.accept(
          note(
              null,
              "its file name and its WHEEL file name different platforms",
              String.join(" ", a),
              String.join(" ", b),
              List.of("File name: " + String.join(" ", a), "WHEEL file: " + String.join(" ", b))));
    }
  }

  private static void architectures(
      List<WheelTag.Platform> promises, List<Requirements> libraries, Consumer<Found> found) {
    Set<Architecture> promised = EnumSet.noneOf(Architecture.class);
    promises.forEach(p -> promised.addAll(p.architectures()));
    Set<Architecture> held = EnumSet.noneOf(Architecture.class);
    libraries.forEach(i -> held.add(i.architecture()));
    for (Architecture architecture : promised) {
      if (!held.isEmpty() && !held.contains(architecture)) {
        found.accept(
            note(
                libraries.getFirst(),
                "promises " + architecture.id() + " and holds none of it",
                architecture.id(),
                Words.list(held.stream().map(Architecture::id).toList()),
                List.of()));
        return;
      }
    }
  }

  private static void versions(
      OperatingSystem system,
      List<WheelTag.Platform> promises,
      List<Requirements> libraries,
      Consumer<Found> found) {
    Optional<Version> promised =
        promises.stream()
            .map(WheelTag.Platform::minimum)
            .filter(v -> !v.text().isEmpty())
            .min(Version::compareTo);
    if (promised.isEmpty()) {
      return;
    }
    boolean isMusl = promises.stream().anyMatch(p -> p.libc() == Libc.MUSL);
    var asked = new ArrayList<Asked>();
    var counted = new HashSet<String>();
    for (Requirements image : libraries) {
      if (system == OperatingSystem.MACOS && !image.platform().minimum().isEmpty()) {
        var minimum = new Version(image.platform().minimum());
        // There is no macOS before 11 for arm64, whatever a tag for both architectures says.
        boolean isFirstArm =
            image.architecture() == Architecture.ARM64 && !new Version("11.0").isBelow(minimum);
        if (promised.get().isBelow(minimum) && !isFirstArm && counted.add(image.path())) {
          asked.add(new Asked(image, "macOS " + image.platform().minimum(), minimum));
        }
      } else if (system == OperatingSystem.LINUX && !isMusl) {
        for (VersionNeed need : image.versionNeeds()) {
          @Nullable Version version = need.isWeak() ? null : LibcRules.glibcOf(need);
          if (version != null && promised.get().isBelow(version)) {
            asked.add(new Asked(image, need.version(), version));
          }
        }
      }
    }
    @Nullable Asked most = Asked.most(asked);
    if (most == null) {
      return;
    }
    String promise =
        system == OperatingSystem.MACOS ? "macOS " + promised.get() : "glibc " + promised.get();
    var details = new ArrayList<String>();
    details.add(
        "Installers take the tag's word: on a system between the two it installs and fails");
    Asked.likewise(asked, most, details);
    found.accept(
        note(
            most.image(),
            "promises " + promise + " and holds code for " + most.name(),
            promise,
            most.name(),
            details));
  }

  private static List<String> platforms(List<Requirements> images) {
    return images.stream().map(i -> ImagePlatform.of(i).title()).distinct().sorted().toList();
  }

  private static Found note(
      @Nullable Requirements image,
      String summary,
      String promised,
      String held,
      List<String> details) {
    return Found.beforeCode(
        new Finding(
            Rule.SIG702,
            Verdict.RUNS,
            Stage.INSTALL,
            Certainty.CERTAIN,
            List.of(),
            image == null ? "" : image.path(),
            null,
            summary,
            promised,
            held,
            details,
            List.of(
                new Fix(
                    "tell its publisher; auditwheel and delocate set tags by the content",
                    List.of(),
                    false))));
  }
}
