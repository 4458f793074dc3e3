package dev.sigill.verdict;

import dev.sigill.analysis.Requirements;
import dev.sigill.analysis.TargetRequirements;
import dev.sigill.machine.Machine;
import dev.sigill.platform.Architecture;
import dev.sigill.python.PythonImports;
import dev.sigill.source.Distribution;
import dev.sigill.source.Source;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One target and one machine, with the images chosen that a process of the machine would load.
 *
 * @param target what is judged
 * @param machine what it is judged for
 * @param groups the packages, and the images that belong to none
 * @param imports how Python code comes to load images that stop a program
 */
record Case(TargetRequirements target, Machine machine, List<Group> groups, PythonImports imports) {
  Case {
    groups = List.copyOf(groups);
  }

  static Case of(TargetRequirements target, Machine machine) {
    return of(target, machine, PythonImports.unknown());
  }

  static Case of(TargetRequirements target, Machine machine, PythonImports imports) {
    Map<String, Distribution> owners = new HashMap<>();
    for (Distribution distribution : target.distributions()) {
      for (String member : distribution.members()) {
        owners.putIfAbsent(member, distribution);
      }
    }
    Distribution only =
        isOnePackage(target.kind()) && target.distributions().size() == 1
            ? target.distributions().getFirst()
            : null;
    record Key(@Nullable Distribution distribution, String container) {}
    var images = new LinkedHashMap<Key, List<Requirements>>();
    for (Requirements image : target.images()) {
      Distribution owner = owners.getOrDefault(image.path(), only);
      String container = owner == null ? containerOf(image.path()) : "";
      images.computeIfAbsent(new Key(owner, container), _ -> new ArrayList<>()).add(image);
    }
    var groups = new ArrayList<Group>();
    images.forEach((key, list) -> groups.add(Group.of(key.distribution(), list, machine)));
    return new Case(target, machine, groups, imports);
  }

  /** All images that a process of the machine would load, in the order of the target. */
  List<Requirements> judged() {
    return groups.stream().flatMap(g -> g.judged().stream()).toList();
  }

  /** How many files are for other platforms only. */
  int skippedFiles() {
    Set<String> judged = new HashSet<>();
    Set<String> skipped = new HashSet<>();
    for (Group group : groups) {
      group.judged().forEach(image -> judged.add(image.path()));
      group.others().forEach(image -> skipped.add(image.path()));
    }
    skipped.removeAll(judged);
    return skipped.size();
  }

  /** Whether what is judged is all that a program gets besides the operating system. */
  boolean isEnvironment() {
    return switch (target.kind()) {
      case VIRTUAL_ENVIRONMENT, CONDA_ENVIRONMENT, PYTHON_INSTALLATION, JAVA_INSTALLATION -> true;
      case FILE, FOLDER, NODE_MODULES, WHEEL, JAR, CONDA_PACKAGE, ZIP, TAR -> false;
    };
  }

  /** Which runtime loads the target's native code. */
  Runtime runtime() {
    return switch (target.kind()) {
      case VIRTUAL_ENVIRONMENT, CONDA_ENVIRONMENT, PYTHON_INSTALLATION, WHEEL -> Runtime.PYTHON;
      case JAVA_INSTALLATION, JAR -> Runtime.JAVA;
      case NODE_MODULES -> Runtime.NODE;
      case FILE, FOLDER, CONDA_PACKAGE, ZIP, TAR -> runtimeOfContent();
    };
  }

  private Runtime runtimeOfContent() {
    for (Distribution distribution : target.distributions()) {
      switch (distribution.ecosystem()) {
        case PYTHON -> {
          return Runtime.PYTHON;
        }
        case MAVEN -> {
          return Runtime.JAVA;
        }
        case NPM -> {
          return Runtime.NODE;
        }
        case CONDA -> {}
      }
    }
    for (Requirements image : target.images()) {
      for (String entry : image.entryPoints()) {
        if (entry.startsWith("PyInit_")) {
          return Runtime.PYTHON;
        }
        if (entry.equals("JNI_OnLoad")) {
          return Runtime.JAVA;
        }
        if (entry.startsWith("napi_register_module_v")) {
          return Runtime.NODE;
        }
      }
    }
    return Runtime.NONE;
  }

  /** Who executes the code, as the subject of a sentence. */
  String executor() {
    String system = machine.system().isAny() ? "" : " on " + machine.system().title();
    return switch (machine.translator()) {
      case NONE -> "this CPU";
      case ROSETTA_2, ROSETTA_LINUX, PRISM, QEMU_USER, BOX64, FEX ->
          machine.translator().title() + system;
    };
  }

  boolean isX86() {
    return machine.architecture() == Architecture.X86_64
        || machine.architecture() == Architecture.I386;
  }

  private static boolean isOnePackage(Source.Kind kind) {
    return switch (kind) {
      case WHEEL, JAR, CONDA_PACKAGE, TAR, ZIP -> true;
      case FILE,
          FOLDER,
          VIRTUAL_ENVIRONMENT,
          CONDA_ENVIRONMENT,
          PYTHON_INSTALLATION,
          JAVA_INSTALLATION,
          NODE_MODULES ->
          false;
    };
  }

  private static String containerOf(String path) {
    int end = path.lastIndexOf("!/");
    return end < 0 ? "" : path.substring(0, end);
  }

  /** What loads native code. */
  enum Runtime {
    PYTHON,
    JAVA,
    NODE,
    NONE
  }
}
