package dev.sigill.verdict;

import dev.sigill.isa.Feature;
import dev.sigill.isa.FeatureSet;
import dev.sigill.machine.Machine;
import dev.sigill.machine.Translator;
import dev.sigill.platform.Architecture;
import dev.sigill.platform.OperatingSystem;
import dev.sigill.platform.Version;
import dev.sigill.source.Distribution;
import dev.sigill.source.Distribution.Ecosystem;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What helps, by what is wrong and where. Nothing here has been tried, so nothing is called
 * verified.
 */
final class Remedies {
  /** What {@code ROSETTA_ADVERTISE_AVX=1} makes Rosetta 2 report from macOS 15 on. */
  private static final FeatureSet ROSETTA_ADVERTISABLE =
      FeatureSet.of(
          Feature.AVX,
          Feature.AVX2,
          Feature.FMA,
          Feature.BMI1,
          Feature.BMI2,
          Feature.F16C,
          Feature.LZCNT,
          Feature.MOVBE);

  private Remedies() {}

  static List<Fix> forInstruction(
      Case judged, @Nullable Distribution distribution, FeatureSet missing) {
    Machine machine = judged.machine();
    var fixes = new ArrayList<Fix>();
    String titles = wanted(judged, missing);
    switch (machine.translator()) {
      case ROSETTA_2 -> {
        fixes.add(native64(judged, distribution));
        boolean helps =
            FeatureSet.of(Feature.AVX, Feature.AVX2).containsAll(missing)
                && machine.system().version().isBelow(new Version("15"));
        if (helps && machine.system().system() == OperatingSystem.MACOS) {
          fixes.add(
              new Fix(
                  "macOS 15 or later, whose Rosetta 2 executes AVX and AVX2", List.of(), false));
        }
      }
      case ROSETTA_LINUX -> {
        fixes.add(nativeContainer());
        fixes.add(
            new Fix(
                "QEMU in place of Rosetta for x86-64 containers: QEMU 7.2 and later execute AVX"
                    + " and AVX2",
                List.of(),
                false));
      }
      case PRISM, BOX64, FEX -> fixes.add(native64(judged, distribution));
      case QEMU_USER ->
          fixes.add(
              new Fix("an emulated CPU model that has " + titles, List.of("QEMU_CPU=max"), false));
      case NONE -> {
        if (judged.isX86()) {
          fixes.add(
              new Fix(
                  "a processor with "
                      + titles
                      + "; in a virtual machine, a CPU model that passes it on (QEMU/KVM:"
                      + " `-cpu host`, Proxmox: type `host`)",
                  List.of(),
                  false));
        } else {
          fixes.add(new Fix("a processor with " + titles, List.of(), false));
        }
      }
    }
    if (machine.translator() == Translator.NONE) {
      fixes.add(rebuild(judged, distribution));
    }
    return fixes;
  }

  /** What the authors of a program can do about an inline function merged from the wrong object. */
  static Fix forMergedFunction() {
    return new Fix(
        "for its authors: keep inline functions out of the files built for newer processors, or"
            + " give them a copy of their own there (an unnamed namespace, `static`, always"
            + " inlined), so that the linker has none to choose",
        List.of(),
        false);
  }

  static List<Fix> forSelfCheck(
      Case judged, @Nullable Distribution distribution, FeatureSet missing) {
    Machine machine = judged.machine();
    boolean advertisable =
        machine.translator() == Translator.ROSETTA_2
            && ROSETTA_ADVERTISABLE.containsAll(missing)
            && machine.executes().containsAll(missing);
    var fixes = new ArrayList<>(forInstruction(judged, distribution, missing));
    if (advertisable) {
      fixes.add(
          Math.min(1, fixes.size()),
          new Fix(
              "tell Rosetta 2 to report what it executes (macOS 15 and later)",
              List.of("export ROSETTA_ADVERTISE_AVX=1"),
              false));
    }
    return fixes;
  }

  /** Leave the translator: the same software for the processor's own architecture. */
  static Fix native64(Case judged, @Nullable Distribution distribution) {
    Machine machine = judged.machine();
    String own = machine.hostArchitecture().id();
    return switch (judged.runtime()) {
      case PYTHON -> {
        var commands = new ArrayList<String>();
        commands.add("python3 -c \"import platform; print(platform.machine())\"");
        commands.add("python3 -m venv " + own + "-env");
        String activate =
            machine.system().system() == OperatingSystem.WINDOWS
                ? own + "-env\\Scripts\\activate"
                : "source " + own + "-env/bin/activate";
        commands.add(activate);
        if (distribution != null && distribution.ecosystem() == Ecosystem.PYTHON) {
          commands.add("pip install " + distribution.name());
        }
        yield new Fix(
            "an "
                + own
                + " Python (the first command must print "
                + own
                + "), and the packages anew in an environment of its own",
            commands,
            false);
      }
      case JAVA ->
          new Fix(
              "an " + own + " JDK, with libraries that carry " + own + " native code",
              List.of("java -XshowSettings:properties -version 2>&1 | grep os.arch"),
              false);
      case NODE ->
          new Fix(
              "an " + own + " Node.js, and the packages installed anew with it",
              List.of("node -p process.arch", "npm ci"),
              false);
      case NONE -> new Fix("an " + own + " build of it", List.of(), false);
    };
  }

  /** The same package again, as an installer of this machine chooses it. */
  static Fix reinstall(Case judged, @Nullable Distribution distribution) {
    String own = judged.machine().architecture().id();
    if (distribution != null && !distribution.name().isEmpty()) {
      switch (distribution.ecosystem()) {
        case PYTHON -> {
          return new Fix(
              "the build for " + own + ", fetched anew",
              List.of(
                  "pip install --force-reinstall --no-cache-dir --only-binary :all: "
                      + distribution.name()),
              false);
        }
        case NPM -> {
          return new Fix(
              "the packages installed anew on this machine rather than copied",
              List.of("rm -rf node_modules", "npm ci"),
              false);
        }
        case CONDA -> {
          return new Fix(
              "the build for " + own,
              List.of("conda install --force-reinstall " + distribution.name()),
              false);
        }
        case MAVEN -> {}
      }
    }
    return new Fix("a build for " + target(judged), List.of(), false);
  }

  /** A later version of a package, in which the defect may be gone. */
  static Fix newerVersion(@Nullable Distribution distribution) {
    return new Fix(
        "a later version, if it no longer asks for it",
        distribution != null && distribution.ecosystem() == Ecosystem.PYTHON
            ? List.of("pip install --upgrade " + distribution.name())
            : List.of(),
        false);
  }

  /** An earlier version of a package, built for older systems. */
  static Fix olderVersion(@Nullable Distribution distribution) {
    List<String> commands = List.of();
    if (distribution != null
        && distribution.ecosystem() == Ecosystem.PYTHON
        && !distribution.version().isEmpty()) {
      commands =
          List.of(
              "pip install --only-binary :all: \""
                  + distribution.name()
                  + "<"
                  + distribution.version()
                  + "\"");
    }
    return new Fix("an earlier version, built for older systems", commands, false);
  }

  private static String target(Case judged) {
    Machine machine = judged.machine();
    return machine.system().isAny()
        ? machine.architecture().id()
        : machine.system().system().title() + " " + machine.architecture().id();
  }

  private static Fix nativeContainer() {
    return new Fix(
        "a linux/arm64 container", List.of("docker run --platform linux/arm64 IMAGE"), false);
  }

  private static Fix rebuild(Case judged, @Nullable Distribution distribution) {
    String flag = marchFlag(judged.machine());
    var commands = new ArrayList<String>();
    if (distribution != null
        && distribution.ecosystem() == Ecosystem.PYTHON
        && !distribution.name().isEmpty()
        && judged.machine().system().system() != OperatingSystem.WINDOWS) {
      commands.add(
          "CFLAGS=\""
              + flag
              + "\" CXXFLAGS=\""
              + flag
              + "\" RUSTFLAGS=\""
              + flag.replace("-march=", "-C target-cpu=").replace("armv8-a", "generic")
              + "\" pip install --no-binary "
              + distribution.name()
              + " "
              + distribution.name());
    }
    return new Fix(
        "a build for this CPU (compilers: `" + flag + "`), if it can be built from source",
        commands,
        false);
  }

  /** The features by name, or, where they are many, the level that brings them. */
  private static String wanted(Case judged, FeatureSet missing) {
    if (judged.isX86() && missing.toList().size() > 2) {
      for (int level = 2; level <= 4; level++) {
        if (Levels.features(level).containsAll(missing)) {
          return "x86-64-v" + level + " (" + Words.titles(missing) + ")";
        }
      }
    }
    return Words.titles(missing);
  }

  /** The newest x86-64 level that the machine meets in full, or the base architecture. */
  private static String marchFlag(Machine machine) {
    if (machine.architecture() == Architecture.ARM64) {
      return "-march=armv8-a";
    }
    int level = Levels.of(machine.executes());
    return level <= 1 ? "-march=x86-64" : "-march=x86-64-v" + level;
  }
}
