package dev.sigill.image.macho;

import dev.sigill.image.PlatformVersion;
import dev.sigill.image.macho.LoadCommands.BuildVersion;
import dev.sigill.platform.OperatingSystem;
import java.util.List;

/** Which systems {@code LC_BUILD_VERSION} and {@code LC_VERSION_MIN_*} name. */
final class ApplePlatform {
  static final int MACOS = 1;
  static final int IOS = 2;
  static final int TVOS = 3;
  static final int WATCHOS = 4;
  private static final int MACCATALYST = 6;

  private ApplePlatform() {}

  /**
   * The systems that the commands state, in their order. Intel and PowerPC code without a statement
   * is for Mac OS X before 10.6; other code without one leaves it open.
   */
  static List<PlatformVersion> of(MachOHeader header, List<BuildVersion> versions) {
    if (versions.isEmpty()) {
      return switch (header.cputype()) {
        case MachO.CPU_TYPE_X86,
            MachO.CPU_TYPE_X86_64,
            MachO.CPU_TYPE_POWERPC,
            MachO.CPU_TYPE_POWERPC64 ->
            List.of(new PlatformVersion(OperatingSystem.MACOS, "", ""));
        default -> List.of(new PlatformVersion(OperatingSystem.UNKNOWN, "", ""));
      };
    }
    return versions.stream()
        .map(
            each ->
                new PlatformVersion(
                    system(each.platform()), version(each.minos()), version(each.sdk())))
        .toList();
  }

  private static String version(long packed) {
    return packed == 0 ? "" : MachO.version(packed);
  }

  private static OperatingSystem system(int platform) {
    return switch (platform) {
      case MACOS -> OperatingSystem.MACOS;
      case IOS -> OperatingSystem.IOS;
      case MACCATALYST -> OperatingSystem.MAC_CATALYST;
      default -> OperatingSystem.OTHER_APPLE;
    };
  }

  /** The name of a {@code PLATFORM_} number. */
  static String name(int platform) {
    return switch (platform) {
      case MACOS -> "macOS";
      case IOS -> "iOS";
      case TVOS -> "tvOS";
      case WATCHOS -> "watchOS";
      case 5 -> "bridgeOS";
      case MACCATALYST -> "Mac Catalyst";
      case 7 -> "iOS simulator";
      case 8 -> "tvOS simulator";
      case 9 -> "watchOS simulator";
      case 10 -> "DriverKit";
      case 11 -> "visionOS";
      case 12 -> "visionOS simulator";
      default -> "platform " + Integer.toUnsignedString(platform);
    };
  }
}
