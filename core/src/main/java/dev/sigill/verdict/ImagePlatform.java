package dev.sigill.verdict;

import dev.sigill.analysis.Requirements;
import dev.sigill.image.Format;
import dev.sigill.image.Needed;
import dev.sigill.image.VersionNeed;
import dev.sigill.machine.SystemProfile.Libc;
import dev.sigill.platform.Architecture;
import dev.sigill.platform.OperatingSystem;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What an image is made for, as far as its file tells: the system it states, else the one whose C
 * library it asks for.
 *
 * @param system the operating system
 * @param architecture the instruction set
 * @param libc the C library of Linux, {@link Libc#NONE} where it asks for none or runs with any
 */
record ImagePlatform(OperatingSystem system, Architecture architecture, Libc libc) {
  /** OpenBSD's C library: major and minor version. */
  private static final Pattern NUMBERED_LIBC = Pattern.compile("libc\\.so\\.\\d+\\.\\d+");

  /** Libraries that the GNU C Library consists of; their version needs bind to it. */
  private static final Set<String> GLIBC_LIBRARIES =
      Set.of(
          "libc.so.6",
          "libm.so.6",
          "libmvec.so.1",
          "libpthread.so.0",
          "libdl.so.2",
          "librt.so.1",
          "libutil.so.1",
          "libresolv.so.2",
          "libanl.so.1",
          "libcrypt.so.1",
          "libnsl.so.1",
          "libBrokenLocale.so.1",
          "libthread_db.so.1");

  static ImagePlatform of(Requirements image) {
    OperatingSystem stated = image.platform().system();
    OperatingSystem system = stated;
    Libc libc = Libc.NONE;
    if (image.format() == Format.ELF) {
      if (stated == OperatingSystem.UNKNOWN || stated == OperatingSystem.LINUX) {
        system = systemOfLibraries(image);
      }
      libc = system == OperatingSystem.LINUX ? libc(image) : Libc.NONE;
    } else if (stated == OperatingSystem.UNKNOWN) {
      system = image.format() == Format.PE ? OperatingSystem.WINDOWS : OperatingSystem.OTHER_APPLE;
    }
    if (system == OperatingSystem.ANDROID) {
      libc = Libc.BIONIC;
    }
    return new ImagePlatform(system, image.architecture(), libc);
  }

  /** Whether a version need binds to the GNU C Library. */
  static boolean isGlibc(VersionNeed need) {
    return isGlibcLibrary(need.library()) && need.version().startsWith("GLIBC_");
  }

  static boolean isGlibcLibrary(String library) {
    return GLIBC_LIBRARIES.contains(library) || isGlibcLoader(library);
  }

  /** Whether a library's name is that of glibc's program loader, which musl does not answer to. */
  static boolean isGlibcLoader(String library) {
    return library.startsWith("ld-linux") || library.startsWith("ld64.so.");
  }

  static boolean isMuslLibrary(String library) {
    return library.startsWith("libc.musl-") || library.startsWith("ld-musl-");
  }

  /**
   * ELF files seldom state their system ({@code EI_OSABI} is 0 on Linux, Android, Solaris and most
   * BSDs), but their C libraries have different names.
   */
  private static OperatingSystem systemOfLibraries(Requirements image) {
    boolean plainLibc = false;
    boolean isBionic = false;
    for (Needed needed : image.needed()) {
      switch (needed.name()) {
        case "libc.so.7" -> {
          return OperatingSystem.FREEBSD;
        }
        case "libc.so.12" -> {
          return OperatingSystem.NETBSD;
        }
        case "libc.so.1" -> {
          return OperatingSystem.SOLARIS;
        }
        case "libc.so" -> plainLibc = true;
        case "liblog.so", "libandroid.so", "libdl.so", "libm.so" -> isBionic = true;
        default -> {
          if (needed.name().startsWith("libc.so.")
              && NUMBERED_LIBC.matcher(needed.name()).matches()) {
            return OperatingSystem.OPENBSD;
          }
        }
      }
    }
    return plainLibc && isBionic ? OperatingSystem.ANDROID : OperatingSystem.LINUX;
  }

  private static Libc libc(Requirements image) {
    for (Needed needed : image.needed()) {
      if (isMuslLibrary(needed.name())) {
        return Libc.MUSL;
      }
      if (isGlibcLibrary(needed.name())) {
        return Libc.GLIBC;
      }
    }
    if (image.versionNeeds().stream().anyMatch(ImagePlatform::isGlibc)) {
      return Libc.GLIBC;
    }
    // musl's own linker name for itself where its compiler is used without the distribution's.
    return image.needed().stream().anyMatch(n -> n.name().equals("libc.so"))
        ? Libc.MUSL
        : Libc.NONE;
  }

  /** The platform as a sentence writes it: {@code macOS x86_64}, {@code Linux arm64 (musl)}. */
  String title() {
    String text = system.title() + " " + architecture.id();
    return libc == Libc.MUSL ? text + " (musl)" : text;
  }
}
