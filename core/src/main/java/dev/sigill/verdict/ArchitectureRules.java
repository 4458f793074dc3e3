package dev.sigill.verdict;

import dev.sigill.analysis.Certainty;
import dev.sigill.analysis.Requirements;
import dev.sigill.analysis.Stage;
import dev.sigill.image.Format;
import dev.sigill.image.Image;
import dev.sigill.machine.Machine;
import dev.sigill.machine.Translator;
import dev.sigill.platform.Architecture;
import dev.sigill.platform.OperatingSystem;
import dev.sigill.source.Distribution;
import dev.sigill.source.Distribution.Ecosystem;
import dev.sigill.source.Source;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/**
 * SIG201 to SIG205 and SIG703: packages none of whose images a process of the machine can load, and
 * modules of another architecture beside others that fit.
 */
final class ArchitectureRules implements RuleCheck {
  @Override
  public void check(Case judged, Consumer<Found> found) {
    boolean someFit = judged.groups().stream().anyMatch(g -> !g.judged().isEmpty());
    var misfits = new ArrayList<Misfit>();
    for (Group group : judged.groups()) {
      List<Requirements> candidates = candidates(judged, group);
      if (group.judged().isEmpty()) {
        if (!candidates.isEmpty() && !hasFittingSibling(judged, group)) {
          misfits.add(misfit(judged, group, candidates, someFit));
        }
      } else if (judged.runtime() == Case.Runtime.PYTHON) {
        strayModules(judged, group, found);
      }
    }
    if (!someFit && judged.isEnvironment() && misfits.size() > 1) {
      // One wrong interpreter is one problem, not one for each package that came with it.
      found.accept(Found.beforeCode(environment(judged, misfits)));
      return;
    }
    for (Misfit misfit : misfits) {
      found.accept(Found.beforeCode(finding(judged, misfit)));
    }
  }

  /** A package with nothing for the machine. */
  private record Misfit(
      Rule rule, Group group, List<Requirements> images, List<ImagePlatform> platforms) {
    Requirements first() {
      return images.getFirst();
    }
  }

  /**
   * The images that the machine would have been meant to load. Programs for another system that lie
   * in an environment (launchers for Windows in every Python environment) are never started.
   */
  private static List<Requirements> candidates(Case judged, Group group) {
    if (judged.target().kind() == Source.Kind.FILE) {
      return group.others();
    }
    return group.others().stream()
        .filter(
            image ->
                image.kind() == Image.Kind.SHARED_LIBRARY
                    || Group.systemFits(ImagePlatform.of(image), judged.machine()))
        .toList();
  }

  /**
   * Whether an npm package is one of several that another names as optional, one for each platform,
   * and one of the others is there and fits: installers may bring those of several platforms.
   */
  private static boolean hasFittingSibling(Case judged, Group group) {
    Distribution own = group.distribution();
    if (own == null || own.ecosystem() != Ecosystem.NPM) {
      return false;
    }
    var siblings = new HashSet<String>();
    for (Distribution parent : judged.target().distributions()) {
      if (parent.optional().contains(own.name())) {
        siblings.addAll(parent.optional());
      }
    }
    return judged.groups().stream()
        .anyMatch(
            other ->
                other.distribution() != null
                    && siblings.contains(other.distribution().name())
                    && !other.judged().isEmpty());
  }

  private static Misfit misfit(
      Case judged, Group group, List<Requirements> images, boolean someFit) {
    Machine machine = judged.machine();
    var platforms = new LinkedHashSet<ImagePlatform>();
    var files = new HashSet<String>();
    for (Requirements image : images) {
      platforms.add(ImagePlatform.of(image));
      files.add(image.path());
    }
    long distinct =
        platforms.stream().map(p -> p.system() + " " + p.architecture()).distinct().count();
    List<ImagePlatform> ordered = List.copyOf(platforms);
    Rule rule;
    if (files.size() > 1 && distinct > 1) {
      rule = Rule.SIG703;
    } else if (ordered.stream().noneMatch(p -> Group.systemFits(p, machine))) {
      rule = Rule.SIG205;
    } else if (machine.architecture() == Architecture.ARM64
        && ordered.stream().anyMatch(p -> p.architecture() == Architecture.ARM64E)) {
      rule = Rule.SIG202;
    } else if (someFit && judged.isEnvironment()) {
      rule = Rule.SIG204;
    } else if (isOtherClass(images.getFirst(), machine)) {
      rule = Rule.SIG203;
    } else {
      rule = Rule.SIG201;
    }
    return new Misfit(rule, group, images, ordered);
  }

  /** ELF of another word size, or the same instruction set in the other byte order. */
  private static boolean isOtherClass(Requirements image, Machine machine) {
    if (image.format() != Format.ELF) {
      return false;
    }
    int bits = image.architecture().bits();
    boolean sameFamily =
        family(image.architecture()) == family(machine.architecture())
            && family(image.architecture()) != 0;
    return sameFamily
        && (bits != machine.architecture().bits()
            || image.architecture() != machine.architecture());
  }

  private static int family(Architecture architecture) {
    return switch (architecture) {
      case X86_64, I386 -> 1;
      case ARM64, ARM -> 2;
      case PPC64, PPC64LE, PPC -> 3;
      case MIPS, MIPS64 -> 4;
      case ARM64EC, ARM64E, ARM64_32, RISCV64, S390X, LOONGARCH64, SPARC, WASM32, GPU, OTHER -> 0;
    };
  }

  private static Finding finding(Case judged, Misfit misfit) {
    Machine machine = judged.machine();
    String process = machine.architecture().id();
    Requirements first = misfit.first();
    String own =
        Words.list(
            misfit.platforms().stream().map(p -> architecture(p, first)).distinct().toList());
    var details = new ArrayList<String>();
    String summary;
    String needs = own;
    String offers = "an " + process + " process";
    Verdict verdict = Verdict.FAILS_TO_LOAD;
    Certainty certainty = Certainty.CERTAIN;
    switch (misfit.rule()) {
      case SIG205 -> {
        String systems =
            Words.list(
                misfit.platforms().stream().map(p -> p.system().title()).distinct().toList());
        summary = "is code for " + systems + "; this machine runs " + machine.system().title();
        needs = systems;
        offers = machine.system().title();
      }
      case SIG202 ->
          summary =
              "is arm64e code, which an arm64 process cannot load; Apple reserves that ABI for its"
                  + " own programs";
      case SIG203 ->
          summary =
              own
                  + " code cannot be loaded into an "
                  + process
                  + " process: another word size or byte order";
      case SIG204 ->
          summary =
              own
                  + " "
                  + "code in "
                  + (judged.isEnvironment() ? "an environment" : "a package")
                  + " whose other code is "
                  + process
                  + ": one process is of one architecture";
      case SIG703 -> {
        summary = "has no native code for " + platformOf(machine);
        needs =
            Words.some(misfit.platforms().stream().map(ImagePlatform::title).sorted().toList(), 6);
        offers = platformOf(machine);
        details.add("It has native code for " + needs);
        if (isOptional(judged, misfit.group())) {
          verdict = Verdict.UNKNOWN;
          details.add("Its tag promises every platform, so it may do without");
        } else {
          details.add("It stops where it loads that code, unless it can do without");
        }
        certainty = Certainty.REACHABLE;
      }
      default -> summary = sentenceOf201(judged, first, own);
    }
    if (misfit.rule() != Rule.SIG703) {
      details.add(loaderWords(judged, first));
      others(misfit.images(), details);
    }
    return new Finding(
        misfit.rule(),
        verdict,
        Stage.LOAD,
        certainty,
        List.of(),
        first.path(),
        null,
        summary,
        needs,
        offers,
        details,
        fixes(judged, misfit));
  }

  private static String architecture(ImagePlatform platform, Requirements image) {
    return image.subtype().equals("x86_64h") && platform.architecture() == Architecture.X86_64
        ? "x86_64h"
        : platform.architecture().id();
  }

  private static String sentenceOf201(Case judged, Requirements image, String own) {
    Machine machine = judged.machine();
    String process = machine.architecture().id();
    if (image.subtype().equals("x86_64h") && machine.architecture() == Architecture.X86_64) {
      return machine.translator() == Translator.NONE
          ? "is code for x86_64h, which macOS starts on Haswell and later only"
          : "is code for x86_64h, which " + machine.translator().title() + " refuses";
    }
    return image.kind() == Image.Kind.EXECUTABLE
        ? "is an " + own + " program; this machine starts " + process + " ones"
        : own + " code cannot be loaded into an " + process + " process";
  }

  private static String loaderWords(Case judged, Requirements image) {
    Machine machine = judged.machine();
    String have = image.architecture().id();
    String need = machine.architecture().id();
    boolean isProgram = image.kind() == Image.Kind.EXECUTABLE;
    boolean systemFits = Group.systemFits(ImagePlatform.of(image), machine);
    OperatingSystem system =
        machine.system().isAny() ? ImagePlatform.of(image).system() : machine.system().system();
    return switch (system) {
      case MACOS ->
          isProgram
              ? "The shell says: bad CPU type in executable"
              : systemFits
                  ? "dyld says: mach-o file, but is an incompatible architecture (have '"
                      + have
                      + "', need '"
                      + need
                      + "')"
                  : "dyld says: not a mach-o file";
      case WINDOWS -> "Windows says: %1 is not a valid Win32 application (error 193)";
      default -> {
        if (isProgram) {
          yield "The shell says: cannot execute binary file: Exec format error";
        }
        if (image.format() != Format.ELF) {
          yield "The loader says: invalid ELF header";
        }
        yield image.architecture().bits() != machine.architecture().bits()
            ? "The loader says: wrong ELF class: ELFCLASS" + image.architecture().bits()
            : "The loader says \"cannot open shared object file: No such file or directory\""
                + " although the file exists";
      }
    };
  }

  private static void others(List<Requirements> images, List<String> details) {
    List<String> paths = images.stream().map(Requirements::path).distinct().skip(1).toList();
    if (!paths.isEmpty()) {
      details.add("Likewise " + Words.some(paths, 3));
    }
  }

  private static boolean isOptional(Case judged, Group group) {
    boolean isPython =
        group.distribution() != null && group.distribution().ecosystem() == Ecosystem.PYTHON;
    if (!isPython && judged.target().kind() != Source.Kind.WHEEL) {
      return judged.isEnvironment();
    }
    List<WheelTag> tags = WheelTag.of(judged.target(), group.distribution());
    return tags.stream().anyMatch(t -> t.platform().equals("any"));
  }

  private static String platformOf(Machine machine) {
    return machine.system().isAny()
        ? machine.architecture().id()
        : machine.system().system().title() + " " + machine.architecture().id();
  }

  private static List<Fix> fixes(Case judged, Misfit misfit) {
    Machine machine = judged.machine();
    var fixes = new ArrayList<Fix>();
    boolean translatable =
        machine.architecture() == Architecture.ARM64
            && machine.translator() == Translator.NONE
            && misfit.platforms().stream().anyMatch(p -> p.architecture() == Architecture.X86_64);
    if (misfit.rule() == Rule.SIG205) {
      fixes.add(Remedies.reinstall(judged, misfit.group().distribution()));
      return fixes;
    }
    if (misfit.rule() == Rule.SIG703) {
      fixes.add(
          new Fix(
              "a version or a sibling package with native code for " + platformOf(machine),
              List.of(),
              false));
      return fixes;
    }
    if (machine.translator() != Translator.NONE
        && misfit.platforms().stream()
            .anyMatch(p -> p.architecture() == machine.hostArchitecture())) {
      fixes.add(Remedies.native64(judged, misfit.group().distribution()));
      return fixes;
    }
    fixes.add(Remedies.reinstall(judged, misfit.group().distribution()));
    if (translatable) {
      OperatingSystem system =
          machine.system().isAny()
              ? misfit.platforms().getFirst().system()
              : machine.system().system();
      if (system == OperatingSystem.MACOS) {
        fixes.add(
            new Fix(
                "run it under Rosetta 2, from an x86_64 program on",
                List.of("softwareupdate --install-rosetta", "arch -x86_64 /bin/zsh"),
                false));
      } else if (system == OperatingSystem.WINDOWS) {
        fixes.add(
            new Fix(
                "an x64 program (Python, JVM, Node.js) to load it, under Windows' emulation",
                List.of(),
                false));
      }
    }
    return fixes;
  }

  private static Finding environment(Case judged, List<Misfit> misfits) {
    Finding model = finding(judged, misfits.getFirst());
    var details = new ArrayList<>(model.details());
    details.add(
        "All native code of the environment is like that: "
            + Words.count(misfits.size(), "package", "packages"));
    return new Finding(
        model.rule(),
        model.verdict(),
        model.stage(),
        model.certainty(),
        List.of(),
        model.image(),
        null,
        model.summary(),
        model.needs(),
        model.offers(),
        details,
        model.fixes());
  }

  /** Python modules of another architecture than the rest of their package, and not in it twice. */
  private static void strayModules(Case judged, Group group, Consumer<Found> found) {
    Set<String> provided = new HashSet<>();
    group.judged().forEach(image -> provided.addAll(image.entryPoints()));
    for (Requirements image : group.others()) {
      boolean isStray =
          image.entryPoints().stream()
                  .anyMatch(e -> e.startsWith("PyInit_") && !provided.contains(e))
              && Group.systemFits(ImagePlatform.of(image), judged.machine())
              && !Group.architectureFits(image, judged.machine());
      if (isStray) {
        provided.addAll(image.entryPoints());
        var misfit =
            new Misfit(Rule.SIG204, group, List.of(image), List.of(ImagePlatform.of(image)));
        found.accept(Found.beforeCode(finding(judged, misfit)));
      }
    }
  }
}
