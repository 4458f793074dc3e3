package dev.sigill.verdict;

import dev.sigill.machine.Machine;
import dev.sigill.machine.SystemProfile;
import dev.sigill.machine.SystemProfile.Libc;
import dev.sigill.platform.Architecture;
import dev.sigill.platform.OperatingSystem;
import dev.sigill.source.Distribution;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The platforms for which conda and npm packages say in their metadata that they are made: conda's
 * {@code subdir} (conda documentation, "Package metadata": {@code linux-64}, {@code osx-arm64}),
 * npm's {@code os}, {@code cpu} and {@code libc} (npm documentation, "package.json"; a name with an
 * exclamation mark is one that is excluded).
 */
final class DeclaredPlatform {
  private DeclaredPlatform() {}

  /** Why an installer of the machine refuses a package, or empty where it takes it. */
  static Optional<String> refusal(Distribution distribution, Machine machine) {
    return switch (distribution.ecosystem()) {
      case NPM -> npm(distribution.tags(), machine);
      case CONDA -> conda(distribution.tags(), machine);
      case PYTHON, MAVEN -> Optional.empty();
    };
  }

  private static Optional<String> npm(List<String> tags, Machine machine) {
    SystemProfile system = machine.system();
    if (!system.isAny() && !admits(tags, "os=", npmName(system.system()))) {
      return Optional.of("it is for " + words(tags, "os="));
    }
    if (!admits(tags, "cpu=", npmName(machine.architecture()))) {
      return Optional.of("it is for " + words(tags, "cpu="));
    }
    String libc =
        switch (system.libc()) {
          case GLIBC -> "glibc";
          case MUSL -> "musl";
          case BIONIC, NONE -> "";
        };
    return libc.isEmpty() || admits(tags, "libc=", libc)
        ? Optional.empty()
        : Optional.of("it is for " + words(tags, "libc="));
  }

  private static boolean admits(List<String> tags, String field, String own) {
    boolean isListed = false;
    boolean hasList = false;
    for (String value : values(tags, field)) {
      if (value.startsWith("!")) {
        if (value.substring(1).equals(own)) {
          return false;
        }
      } else {
        hasList = true;
        isListed |= value.equals(own) || value.equals("any");
      }
    }
    return isListed || !hasList || own.isEmpty();
  }

  private static List<String> values(List<String> tags, String field) {
    var values = new ArrayList<String>();
    for (String tag : tags) {
      if (tag.startsWith(field)) {
        values.add(tag.substring(field.length()));
      }
    }
    return values;
  }

  private static String words(List<String> tags, String field) {
    return field + String.join(" ", values(tags, field));
  }

  /** The name that Node.js has for a system, {@code process.platform}. */
  private static String npmName(OperatingSystem system) {
    return switch (system) {
      case LINUX -> "linux";
      case MACOS -> "darwin";
      case WINDOWS -> "win32";
      case ANDROID -> "android";
      case FREEBSD -> "freebsd";
      case NETBSD -> "netbsd";
      case OPENBSD -> "openbsd";
      case SOLARIS -> "sunos";
      case IOS, MAC_CATALYST, OTHER_APPLE, UNKNOWN -> "";
    };
  }

  /** The name that Node.js has for an architecture, {@code process.arch}. */
  private static String npmName(Architecture architecture) {
    return switch (architecture) {
      case X86_64 -> "x64";
      case I386 -> "ia32";
      case ARM64 -> "arm64";
      case ARM -> "arm";
      case RISCV64 -> "riscv64";
      case PPC64, PPC64LE -> "ppc64";
      case S390X -> "s390x";
      case LOONGARCH64 -> "loong64";
      case MIPS -> "mips";
      case ARM64EC, ARM64E, ARM64_32, PPC, MIPS64, SPARC, WASM32, GPU, OTHER -> "";
    };
  }

  private static Optional<String> conda(List<String> tags, Machine machine) {
    if (tags.isEmpty()) {
      return Optional.empty();
    }
    for (String tag : tags) {
      int dash = tag.indexOf('-');
      if (dash < 0) {
        // noarch, or something that is not a subdir.
        return Optional.empty();
      }
      OperatingSystem system =
          switch (tag.substring(0, dash)) {
            case "linux" -> OperatingSystem.LINUX;
            case "osx" -> OperatingSystem.MACOS;
            case "win" -> OperatingSystem.WINDOWS;
            default -> OperatingSystem.UNKNOWN;
          };
      String bits = tag.substring(dash + 1);
      Architecture architecture =
          switch (bits) {
            case "64" -> Architecture.X86_64;
            case "32" -> Architecture.I386;
            default -> Architecture.of(bits);
          };
      if (system == OperatingSystem.UNKNOWN
          || architecture == Architecture.OTHER
          || ((machine.system().isAny() || machine.system().system() == system)
              && machine.architecture() == architecture
              && machine.system().libc() != Libc.MUSL)) {
        return Optional.empty();
      }
    }
    return Optional.of("it is for " + String.join(" ", tags));
  }
}
