package dev.sigill.machine;

import dev.sigill.platform.Architecture;
import dev.sigill.platform.OperatingSystem;
import dev.sigill.platform.Version;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Finds out what computer a {@link Host} is. */
final class Detection {
  private Detection() {}

  /** Never fails; what the host does not say stays unknown. */
  static ThisComputer of(Host host) {
    String system = host.property("os.name").toLowerCase(Locale.ROOT);
    try {
      if (system.startsWith("linux")) {
        return LinuxDetection.of(host);
      }
      if (system.startsWith("mac")) {
        return mac(host);
      }
      if (system.startsWith("windows")) {
        return WindowsDetection.of(host);
      }
    } catch (RuntimeException e) {
      return plain(
          host, List.of("the description of this computer failed: " + e.getClass().getName()));
    }
    return plain(host, List.of());
  }

  /** The architecture of this program's own process. */
  static Architecture ownArchitecture(Host host) {
    return Architecture.of(host.property("os.arch"));
  }

  private static ThisComputer mac(Host host) {
    MacView view =
        MacView.of(
            host::sysctl,
            host.property("os.version"),
            "1".equals(host.environment("ROSETTA_ADVERTISE_AVX")),
            "this");
    if (view == null) {
      return plain(host, List.of());
    }
    boolean hasRosetta =
        view.isTranslated()
            || java.nio.file.Files.exists(
                host.root().resolve("Library/Apple/usr/libexec/oah/libRosettaRuntime"));
    return new ThisComputer(
        view.plain(),
        hasRosetta ? Optional.ofNullable(view.translated()) : Optional.empty(),
        view.isTranslated(),
        view.plain().title(),
        List.of());
  }

  /** What is certain of any computer: the architecture of this process and the kind of system. */
  static ThisComputer plain(Host host, List<String> signs) {
    Architecture architecture = ownArchitecture(host);
    Machine base = Machines.named(architecture == Architecture.ARM64 ? "armv8-a" : "x86-64-v1");
    SystemProfile system = systemOf(host);
    var machine =
        new Machine(
            "this",
            "this computer"
                + (system.isAny() ? "" : ", " + system.title())
                + " (its processor is not known: "
                + base.title()
                + ")",
            architecture,
            base.advertised(),
            base.executes(),
            base.uncertain(),
            Translator.NONE,
            architecture,
            system,
            base.pageSize(),
            List.of("the Java runtime's os.name and os.arch"));
    return new ThisComputer(machine, Optional.empty(), false, machine.title(), signs);
  }

  private static SystemProfile systemOf(Host host) {
    String name = host.property("os.name");
    String lower = name.toLowerCase(Locale.ROOT);
    OperatingSystem system =
        lower.startsWith("linux")
            ? OperatingSystem.LINUX
            : lower.startsWith("mac")
                ? OperatingSystem.MACOS
                : lower.startsWith("windows")
                    ? OperatingSystem.WINDOWS
                    : lower.startsWith("freebsd")
                        ? OperatingSystem.FREEBSD
                        : OperatingSystem.UNKNOWN;
    return system == OperatingSystem.UNKNOWN
        ? SystemProfile.ANY
        : new SystemProfile(
            system.id(),
            system.title(),
            system,
            system == OperatingSystem.MACOS
                ? new Version(host.property("os.version"))
                : new Version(""),
            SystemProfile.Libc.NONE,
            new Version(""),
            new Version(""));
  }
}
