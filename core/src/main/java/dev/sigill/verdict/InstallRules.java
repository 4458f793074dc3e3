package dev.sigill.verdict;

import dev.sigill.analysis.Certainty;
import dev.sigill.analysis.Stage;
import dev.sigill.machine.Machine;
import dev.sigill.platform.Architecture;
import dev.sigill.source.Distribution;
import dev.sigill.source.Source;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * SIG701: whether an installer of the machine takes a package: a wheel by its tags, a conda or npm
 * package by the platforms that its metadata names.
 */
final class InstallRules implements RuleCheck {
  @Override
  public void check(Case judged, Consumer<Found> found) {
    List<Distribution> distributions = judged.target().distributions();
    if (judged.target().kind() != Source.Kind.WHEEL) {
      if (distributions.size() == 1 && isPackage(judged.target().kind())) {
        declared(judged, distributions.getFirst(), found);
      }
      return;
    }
    @Nullable Distribution distribution = distributions.isEmpty() ? null : distributions.getFirst();
    List<WheelTag> tags = WheelTag.of(judged.target(), distribution);
    var refusals = new ArrayList<String>();
    var reasons = new HashSet<String>();
    for (WheelTag tag : tags) {
      Optional<String> refusal = tag.refusal(judged.machine());
      if (refusal.isEmpty()) {
        return;
      }
      reasons.add(refusal.get());
      refusals.add(tag + ": " + refusal.get());
    }
    if (tags.isEmpty()) {
      return;
    }
    Machine machine = judged.machine();
    String reason = tags.getFirst().refusal(machine).orElseThrow();
    String here =
        machine.system().isAny()
            ? machine.architecture().id()
            : machine.system().title() + " " + machine.architecture().id();
    var details = new ArrayList<String>();
    details.add(
        "pip says: " + judged.target().artifact() + " is not a supported wheel on this platform");
    if (reasons.size() > 1) {
      details.addAll(refusals);
    }
    found.accept(
        Found.beforeCode(
            new Finding(
                Rule.SIG701,
                Verdict.NOT_INSTALLABLE,
                Stage.INSTALL,
                Certainty.CERTAIN,
                List.of(),
                "",
                null,
                "an installer refuses its tag " + tags.getFirst().platform() + ": " + reason,
                Words.some(tags.stream().map(WheelTag::platform).distinct().toList(), 3),
                here,
                details,
                fixes(judged, distribution, tags))));
  }

  private static boolean isPackage(Source.Kind kind) {
    return kind == Source.Kind.CONDA_PACKAGE || kind == Source.Kind.TAR;
  }

  private static void declared(Case judged, Distribution distribution, Consumer<Found> found) {
    Machine machine = judged.machine();
    Optional<String> refusal = DeclaredPlatform.refusal(distribution, machine);
    if (refusal.isEmpty()) {
      return;
    }
    boolean isNpm = distribution.ecosystem() == Distribution.Ecosystem.NPM;
    found.accept(
        Found.beforeCode(
            new Finding(
                Rule.SIG701,
                Verdict.NOT_INSTALLABLE,
                Stage.INSTALL,
                Certainty.CERTAIN,
                List.of(),
                "",
                null,
                "an installer refuses it: " + refusal.get(),
                Words.some(distribution.tags(), 4),
                machine.system().isAny()
                    ? machine.architecture().id()
                    : machine.system().title() + " " + machine.architecture().id(),
                isNpm
                    ? List.of("npm says: EBADPLATFORM, Unsupported platform")
                    : List.of("conda looks for packages of its own platform only"),
                List.of(
                    new Fix(
                        isNpm
                            ? "the package for this platform, which its parent names among its"
                                + " optional dependencies"
                            : "the package for this platform",
                        isNpm
                            ? List.of("npm install")
                            : List.of("conda install " + distribution.name()),
                        false)))));
  }

  private static List<Fix> fixes(
      Case judged, @Nullable Distribution distribution, List<WheelTag> tags) {
    Machine machine = judged.machine();
    boolean wrongArchitecture =
        tags.stream()
            .flatMap(t -> t.promise().stream())
            .noneMatch(p -> p.architectures().contains(machine.architecture()));
    boolean forHost =
        tags.stream()
            .flatMap(t -> t.promise().stream())
            .anyMatch(p -> p.architectures().contains(machine.hostArchitecture()));
    if (wrongArchitecture && forHost && machine.hostArchitecture() != machine.architecture()) {
      return List.of(Remedies.native64(judged, distribution));
    }
    var fixes = new ArrayList<Fix>();
    String name = distribution == null ? "" : distribution.name();
    fixes.add(
        new Fix(
            "the wheel of it that fits here, if one is published",
            name.isEmpty() ? List.of() : List.of("pip install --only-binary :all: " + name),
            false));
    if (wrongArchitecture
        && machine.architecture() == Architecture.ARM64
        && tags.getFirst().platform().startsWith("macosx")) {
      fixes.add(
          new Fix(
              "an x86_64 Python under Rosetta 2, if only x86_64 wheels are published",
              List.of("arch -x86_64 python3 -m venv x86_64-env"),
              false));
    }
    return fixes;
  }
}
