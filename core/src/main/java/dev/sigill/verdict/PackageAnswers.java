package dev.sigill.verdict;

import dev.sigill.analysis.Requirements;
import dev.sigill.analysis.Stage;
import dev.sigill.analysis.StageRequirements;
import dev.sigill.machine.Machine;
import dev.sigill.platform.Architecture;
import dev.sigill.platform.OperatingSystem;
import dev.sigill.python.Condition;
import dev.sigill.python.PythonImports;
import dev.sigill.source.Distribution;
import dev.sigill.source.Distribution.Ecosystem;
import dev.sigill.source.Interpreter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The answer for each package of a target: what importing it loads, its own native files, and the
 * packages that it requires.
 *
 * <p>"Importing it stops the program" is said where top-level Python code surely leads to the image
 * that does; where a package merely says that it requires another one, no more than that is said.
 */
final class PackageAnswers {
  private final Case judged;
  private final List<Finding> findings;
  private final Map<String, Finding> stops;
  private final Map<String, Distribution> owners = new HashMap<>();
  private final Map<Distribution, List<Requirements>> images = new IdentityHashMap<>();
  private final Map<String, Distribution> installed = new HashMap<>();
  private final Map<Distribution, PackageAnswer> answers = new IdentityHashMap<>();

  private PackageAnswers(Case judged, List<Finding> findings) {
    this.judged = judged;
    this.findings = findings;
    this.stops = Stops.of(judged, findings);
    for (Distribution each : judged.target().distributions()) {
      each.members().forEach(m -> owners.putIfAbsent(m, each));
      if (each.ecosystem() == Ecosystem.PYTHON) {
        installed.putIfAbsent(each.name(), each);
      }
    }
    for (Group group : judged.groups()) {
      if (group.distribution() != null) {
        images.computeIfAbsent(group.distribution(), _ -> new ArrayList<>()).addAll(group.judged());
      }
    }
  }

  /** An answer for each package, in the order of the target's. */
  static List<PackageAnswer> of(Case judged, List<Finding> findings) {
    var all = new PackageAnswers(judged, findings);
    for (Distribution each : judged.target().distributions()) {
      all.answers.put(each, all.own(each));
    }
    all.propagate();
    return judged.target().distributions().stream().map(all.answers::get).toList();
  }

  /** What its own files and what importing it surely loads make of a package. */
  private PackageAnswer own(Distribution each) {
    for (PythonImports.Load load : judged.imports().loads()) {
      Finding stop = stops.get(load.member());
      if (stop != null
          && each.ecosystem() == Ecosystem.PYTHON
          && each.modules().contains(load.module())) {
        return imported(each, load, stop);
      }
    }
    List<Requirements> own = images.getOrDefault(each, List.of());
    for (Requirements image : own) {
      Finding stop = stops.get(image.path());
      if (stop != null && Stops.isStop(stop)) {
        String name = Words.baseName(image.path());
        String nuance =
            judged.imports().isKnown() && !each.modules().isEmpty() && isLoadedByName(image)
                ? "; importing " + Words.some(each.modules(), 2) + " alone does not show to load it"
                : "";
        return new PackageAnswer(
            each,
            stop.verdict(),
            stop.stage(),
            name + " " + stop.summary() + nuance,
            null,
            List.of());
      }
    }
    return quiet(each, own);
  }

  private static boolean isLoadedByName(Requirements image) {
    return image.entryPoints().stream().anyMatch(e -> e.startsWith("PyInit_"));
  }

  private PackageAnswer imported(Distribution each, PythonImports.Load load, Finding stop) {
    Distribution owner = owners.get(load.member());
    String name = Words.baseName(load.member());
    if (owner == null || owner.equals(each)) {
      return new PackageAnswer(
          each,
          stop.verdict(),
          stop.stage(),
          "importing it loads "
              + (stop.image().equals(load.member()) ? name : Words.baseName(stop.image()))
              + ", which "
              + stop.summary(),
          null,
          load.chain());
    }
    return new PackageAnswer(
        each,
        stop.verdict(),
        Stage.IMPORT,
        "importing it imports " + owner.name() + ", which " + does(stop.verdict(), stop.stage()),
        owner,
        load.chain());
  }

  /** Of a package in which nothing stops the program at once. */
  private PackageAnswer quiet(Distribution each, List<Requirements> own) {
    @Nullable Finding worst = null;
    for (Finding finding : findings) {
      if (finding.verdict() != Verdict.RUNS
          && each.equals(owners.get(finding.image()))
          && (worst == null || Found.weight(finding.verdict()) < Found.weight(worst.verdict()))) {
        worst = finding;
      }
    }
    if (worst != null && worst.verdict() != Verdict.UNKNOWN) {
      return new PackageAnswer(
          each,
          worst.verdict(),
          worst.stage(),
          Words.baseName(worst.image()) + " " + worst.summary(),
          null,
          List.of());
    }
    List<PythonImports.Choice> chosen =
        judged.imports().chosen().stream()
            .filter(c -> each.members().contains(c.member()))
            .toList();
    if (!chosen.isEmpty()) {
      return new PackageAnswer(
          each,
          Verdict.UNKNOWN,
          Stage.IMPORT,
          "it has modules for newer processors, and "
              + chosen.getFirst().by()
              + " decides which to load: "
              + Words.some(chosen.stream().map(c -> Words.baseName(c.member())).toList(), 3),
          null,
          List.of());
    }
    @Nullable Stage open = worst == null ? null : worst.stage();
    String because = worst == null ? "" : Words.baseName(worst.image()) + " " + worst.summary();
    for (Requirements image : own) {
      @Nullable Stage stage = Settlement.openFrom(image, judged.machine());
      if (stage != null && (open == null || stage.compareTo(open) < 0)) {
        open = stage;
        because = Words.baseName(image.path()) + ": " + gap(image, stage);
      }
    }
    if (open != null) {
      return new PackageAnswer(each, Verdict.UNKNOWN, open, because, null, List.of());
    }
    return new PackageAnswer(
        each,
        Verdict.RUNS,
        null,
        own.isEmpty()
            ? "no native code for this machine of its own"
            : Words.count(own.size(), "native file needs", "native files need")
                + " no more than this machine has",
        null,
        List.of());
  }

  private static String gap(Requirements image, Stage stage) {
    StageRequirements open =
        switch (stage) {
          case INSTALL, LOAD -> image.load();
          case IMPORT -> image.importing();
          case USE -> image.use();
        };
    return open.gaps().isEmpty() ? "not all that can run was followed" : open.gaps().getFirst();
  }

  /** What is wrong with a required package may be wrong with what requires it, in use. */
  private void propagate() {
    Map<String, String> environment = environment();
    boolean isChanging = true;
    while (isChanging) {
      isChanging = false;
      for (Distribution each : judged.target().distributions()) {
        PackageAnswer now = answers.get(each);
        for (Distribution.Need need : each.requires()) {
          Distribution required = installed.get(need.name());
          if (each.ecosystem() != Ecosystem.PYTHON
              || required == null
              || required.equals(each)
              || !Condition.holds(need.condition(), environment).orElse(false)) {
            continue;
          }
          PackageAnswer other = answers.get(required);
          Verdict most = other.isStopped() ? Verdict.MAY_CRASH : other.verdict();
          Stage stage = most == Verdict.MAY_CRASH ? Stage.USE : other.stage();
          if (isWorse(most, stage, now)) {
            now =
                new PackageAnswer(
                    each,
                    most,
                    stage,
                    "it requires "
                        + required.name()
                        + ", which "
                        + does(other.verdict(), other.stage()),
                    required,
                    List.of());
            answers.put(each, now);
            isChanging = true;
          }
        }
      }
    }
  }

  private static boolean isWorse(Verdict verdict, @Nullable Stage stage, PackageAnswer now) {
    int order = Integer.compare(Found.weight(verdict), Found.weight(now.verdict()));
    return order < 0
        || (order == 0
            && verdict == Verdict.UNKNOWN
            && stage != null
            && now.stage() != null
            && stage.compareTo(now.stage()) < 0);
  }

  private static String does(Verdict verdict, @Nullable Stage stage) {
    String at =
        switch (stage) {
          case null -> "";
          case INSTALL -> " at installation";
          case LOAD -> " at load";
          case IMPORT -> " at import";
          case USE -> " in use";
        };
    return switch (verdict) {
      case RUNS -> "runs";
      case UNKNOWN -> "is not decided" + at;
      case MAY_CRASH -> "may crash" + at;
      case REFUSES -> "refuses" + at;
      case CRASHES -> "crashes" + at;
      case FAILS_TO_LOAD -> "fails to load";
      case NOT_INSTALLABLE -> "is not installable";
    };
  }

  /** The variables of environment markers that are known of the process that imports. */
  private Map<String, String> environment() {
    Map<String, String> known = new HashMap<>();
    Machine machine = judged.machine();
    OperatingSystem system = machine.system().system();
    if (machine.system().isAny()) {
      system =
          judged.judged().stream()
              .map(i -> ImagePlatform.of(i).system())
              .filter(s -> s != OperatingSystem.UNKNOWN)
              .findFirst()
              .orElse(OperatingSystem.UNKNOWN);
    }
    boolean isArm = machine.architecture() == Architecture.ARM64;
    boolean isIntel = machine.architecture() == Architecture.X86_64;
    switch (system) {
      case LINUX -> {
        known.put("sys_platform", "linux");
        known.put("platform_system", "Linux");
        known.put("os_name", "posix");
        if (isArm || isIntel) {
          known.put("platform_machine", isArm ? "aarch64" : "x86_64");
        }
      }
      case MACOS -> {
        known.put("sys_platform", "darwin");
        known.put("platform_system", "Darwin");
        known.put("os_name", "posix");
        if (isArm || isIntel) {
          known.put("platform_machine", isArm ? "arm64" : "x86_64");
        }
      }
      case WINDOWS -> {
        known.put("sys_platform", "win32");
        known.put("platform_system", "Windows");
        known.put("os_name", "nt");
        if (isArm || isIntel) {
          known.put("platform_machine", isArm ? "ARM64" : "AMD64");
        }
      }
      default -> {
        // Nothing is known of others.
      }
    }
    judged.target().interpreter().ifPresent(i -> python(i, known));
    known.put("extra", "");
    return known;
  }

  private static void python(Interpreter interpreter, Map<String, String> known) {
    String[] numbers = interpreter.version().split("\\.", -1);
    if (numbers.length >= 2) {
      known.put("python_version", numbers[0] + "." + numbers[1]);
    }
    if (numbers.length >= 3) {
      known.put("python_full_version", interpreter.version());
      known.put("implementation_version", interpreter.version());
    }
    switch (interpreter.implementation()) {
      case "cpython" -> {
        known.put("implementation_name", "cpython");
        known.put("platform_python_implementation", "CPython");
      }
      case "pypy" -> {
        known.put("implementation_name", "pypy");
        known.put("platform_python_implementation", "PyPy");
      }
      default -> {
        // Nothing is known of others.
      }
    }
  }
}
