package dev.sigill.verdict;

import dev.sigill.analysis.TargetRequirements;
import dev.sigill.machine.Machine;
import dev.sigill.machine.SystemProfile;
import dev.sigill.machine.SystemProfile.Libc;
import dev.sigill.platform.Architecture;
import dev.sigill.platform.OperatingSystem;
import dev.sigill.platform.Version;
import dev.sigill.source.Distribution;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One compatibility tag of a wheel (Python packaging specifications, "Platform compatibility
 * tags"): {@code cp311-cp311-manylinux_2_27_x86_64}.
 *
 * @param python interpreter and version, {@code cp311}
 * @param abi ABI of the interpreter, {@code cp311}, {@code abi3}, {@code none}
 * @param platform system, least version and architecture
 */
record WheelTag(String python, String abi, String platform) {
  private static final Pattern MANYLINUX = Pattern.compile("manylinux_(\\d+)_(\\d+)_(.+)");
  private static final Pattern OLD_MANYLINUX = Pattern.compile("manylinux(1|2010|2014)_(.+)");
  private static final Pattern MUSLLINUX = Pattern.compile("musllinux_(\\d+)_(\\d+)_(.+)");
  private static final Pattern MACOSX = Pattern.compile("macosx_(\\d+)_(\\d+)_(.+)");
  private static final Pattern LINUX = Pattern.compile("linux_(.+)");

  /**
   * What a platform tag promises.
   *
   * @param system the operating system
   * @param libc the C library on Linux
   * @param minimum the least version: of macOS, or of the C library; empty where none is said
   * @param architectures the architectures it is for
   */
  record Platform(
      OperatingSystem system, Libc libc, Version minimum, Set<Architecture> architectures) {}

  /** The tags in a wheel's file name, sets expanded; empty where the name is not a wheel's. */
  static List<WheelTag> ofFileName(String name) {
    if (!name.endsWith(".whl")) {
      return List.of();
    }
    String[] parts = name.substring(0, name.length() - ".whl".length()).split("-");
    // name-version(-build)?-python-abi-platform(-variant)?: a build number begins with a digit, a
    // Python tag never does (binary distribution format; PEP 825 for variants).
    int first = parts.length > 5 && parts[2].matches("\\d.*") ? 3 : 2;
    return parts.length < first + 3
        ? List.of()
        : expand(parts[first], parts[first + 1], parts[first + 2]);
  }

  /** The tags by which an installer would judge: of the file name, else of the metadata. */
  static List<WheelTag> of(TargetRequirements target, @Nullable Distribution distribution) {
    List<WheelTag> named = ofName(target, distribution);
    return named.isEmpty() && distribution != null ? ofMetadata(distribution) : named;
  }

  /** The tags in the name of the wheel's file, where it is known. */
  static List<WheelTag> ofName(TargetRequirements target, @Nullable Distribution distribution) {
    return distribution != null && !distribution.fileNameTags().isEmpty()
        ? parse(distribution.fileNameTags())
        : ofFileName(target.artifact());
  }

  static List<WheelTag> ofMetadata(Distribution distribution) {
    return parse(distribution.tags());
  }

  private static List<WheelTag> parse(List<String> texts) {
    var tags = new ArrayList<WheelTag>();
    for (String tag : texts) {
      String[] parts = tag.split("-");
      if (parts.length == 3) {
        tags.addAll(expand(parts[0], parts[1], parts[2]));
      }
    }
    return List.copyOf(tags);
  }

  private static List<WheelTag> expand(String pythons, String abis, String platforms) {
    var tags = new ArrayList<WheelTag>();
    for (String python : pythons.split("\\.")) {
      for (String abi : abis.split("\\.")) {
        for (String platform : platforms.split("\\.")) {
          tags.add(new WheelTag(python, abi, platform));
        }
      }
    }
    return List.copyOf(tags);
  }

  /** What the platform part promises; empty for {@code any} and for what is not known. */
  Optional<Platform> promise() {
    Matcher m = MANYLINUX.matcher(platform);
    if (m.matches()) {
      return linux(Libc.GLIBC, m.group(1) + "." + m.group(2), m.group(3));
    }
    m = OLD_MANYLINUX.matcher(platform);
    if (m.matches()) {
      // PEP 513, 571 and 599.
      String glibc =
          switch (m.group(1)) {
            case "1" -> "2.5";
            case "2010" -> "2.12";
            default -> "2.17";
          };
      return linux(Libc.GLIBC, glibc, m.group(2));
    }
    m = MUSLLINUX.matcher(platform);
    if (m.matches()) {
      return linux(Libc.MUSL, m.group(1) + "." + m.group(2), m.group(3));
    }
    m = MACOSX.matcher(platform);
    if (m.matches()) {
      return Optional.of(
          new Platform(
              OperatingSystem.MACOS,
              Libc.NONE,
              new Version(m.group(1) + "." + m.group(2)),
              ofMac(m.group(3))));
    }
    m = LINUX.matcher(platform);
    if (m.matches()) {
      return linux(Libc.NONE, "", m.group(1));
    }
    return switch (platform) {
      case "win32" -> windows(Architecture.I386);
      case "win_amd64" -> windows(Architecture.X86_64);
      case "win_arm64" -> windows(Architecture.ARM64);
      default -> Optional.empty();
    };
  }

  private static Optional<Platform> linux(Libc libc, String version, String architecture) {
    return Optional.of(
        new Platform(
            OperatingSystem.LINUX,
            libc,
            new Version(version),
            EnumSet.of(Architecture.of(architecture))));
  }

  private static Optional<Platform> windows(Architecture architecture) {
    return Optional.of(
        new Platform(
            OperatingSystem.WINDOWS, Libc.NONE, new Version(""), EnumSet.of(architecture)));
  }

  private static Set<Architecture> ofMac(String name) {
    return switch (name) {
      case "universal2" -> EnumSet.of(Architecture.X86_64, Architecture.ARM64);
      case "intel" -> EnumSet.of(Architecture.X86_64, Architecture.I386);
      case "fat", "fat32" -> EnumSet.of(Architecture.I386, Architecture.PPC);
      case "fat3" -> EnumSet.of(Architecture.X86_64, Architecture.I386, Architecture.PPC);
      case "fat64" -> EnumSet.of(Architecture.X86_64, Architecture.PPC64);
      case "universal" ->
          EnumSet.of(Architecture.X86_64, Architecture.I386, Architecture.PPC, Architecture.PPC64);
      default -> EnumSet.of(Architecture.of(name));
    };
  }

  /** Why an installer of this machine refuses the platform, or empty where it takes it. */
  Optional<String> refusal(Machine machine) {
    Optional<Platform> promised = promise();
    if (promised.isEmpty()) {
      return Optional.empty();
    }
    Platform wanted = promised.get();
    SystemProfile system = machine.system();
    if (!system.isAny() && system.system() != wanted.system()) {
      return Optional.of("it is for " + wanted.system().title());
    }
    if (!wanted.architectures().contains(machine.architecture())) {
      return Optional.of(
          "it is for "
              + Words.list(wanted.architectures().stream().map(Architecture::id).toList()));
    }
    if (system.isAny() || wanted.minimum().text().isEmpty()) {
      return Optional.empty();
    }
    if (wanted.system() == OperatingSystem.MACOS) {
      boolean isOld =
          !system.version().text().isEmpty() && isBelow(system.version(), wanted.minimum());
      return isOld ? Optional.of("it asks for macOS " + wanted.minimum()) : Optional.empty();
    }
    if (system.libc() != Libc.NONE && system.libc() != wanted.libc()) {
      return Optional.of(
          "it is for " + (wanted.libc() == Libc.MUSL ? "musl" : "glibc") + " systems");
    }
    boolean isOld =
        !system.libcVersion().text().isEmpty() && system.libcVersion().isBelow(wanted.minimum());
    return isOld
        ? Optional.of(
            "it asks for " + (wanted.libc() == Libc.MUSL ? "musl " : "glibc ") + wanted.minimum())
        : Optional.empty();
  }

  /** macOS 14 is any 14.x: an installer asks for the major version only from 11 on. */
  private static boolean isBelow(Version system, Version wanted) {
    List<Integer> numbers = system.numbers();
    return numbers.size() == 1 && !numbers.isEmpty() && numbers.getFirst() >= 11
        ? numbers.getFirst() < wanted.numbers().getFirst()
        : system.isBelow(wanted);
  }

  @Override
  public String toString() {
    return python + "-" + abi + "-" + platform;
  }
}
