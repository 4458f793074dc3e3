package dev.sigill.image.elf;

import dev.sigill.image.Needed;
import dev.sigill.image.PlatformVersion;
import dev.sigill.image.VersionNeed;
import dev.sigill.platform.OperatingSystem;
import java.nio.ByteOrder;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The system that an ELF file is built for. The header seldom says: notes, the loader that a
 * program asks for, and the libraries and symbol versions that it needs do.
 */
record ElfPlatform(PlatformVersion version, ElfImage.CLibrary cLibrary) {
  /** Android's notes (bionic, {@code crtbrand.S}): API level, NDK version and build. */
  private static final int NT_ANDROID_IDENT = 1;

  /** The BSDs' notes: {@code NT_FREEBSD_ABI_TAG} and its kind. */
  private static final int NT_ABI = 1;

  static ElfPlatform of(
      ElfHeader header,
      ByteOrder order,
      String interpreter,
      List<ElfNote> notes,
      List<Needed> needed,
      List<VersionNeed> versions) {
    ElfImage.CLibrary library = cLibrary(interpreter, notes, needed, versions);
    PlatformVersion version = fromNotes(order, notes);
    if (version == null) {
      version = new PlatformVersion(system(header, interpreter, library, needed), "", "");
    } else if (library == ElfImage.CLibrary.BIONIC && version.system() == OperatingSystem.LINUX) {
      version = new PlatformVersion(OperatingSystem.ANDROID, "", "");
    }
    return new ElfPlatform(version, library);
  }

  private static @Nullable PlatformVersion fromNotes(ByteOrder order, List<ElfNote> notes) {
    PlatformVersion found = null;
    for (ElfNote note : notes) {
      long size = note.content().length();
      if (note.name().equals("Android") && note.type() == NT_ANDROID_IDENT && size >= 4) {
        String ndk = "";
        if (size >= 68) {
          ndk = note.content().text(4, 64);
        }
        return new PlatformVersion(
            OperatingSystem.ANDROID, Long.toString(note.content().u32(0, order)), ndk);
      }
      if (note.type() != NT_ABI) {
        continue;
      }
      switch (note.name()) {
        case "GNU" -> {
          if (size >= 16) {
            found = fromAbiTag(note, order);
          }
        }
        case "FreeBSD" -> {
          if (size >= 4) {
            long date = note.content().u32(0, order);
            found =
                new PlatformVersion(
                    OperatingSystem.FREEBSD, date / 100_000 + "." + date / 1000 % 100, "");
          }
        }
        case "NetBSD" -> {
          if (size >= 4) {
            long version = note.content().u32(0, order);
            found =
                new PlatformVersion(
                    OperatingSystem.NETBSD,
                    version / 100_000_000 + "." + version / 1_000_000 % 100,
                    "");
          }
        }
        case "OpenBSD" -> found = new PlatformVersion(OperatingSystem.OPENBSD, "", "");
        default -> {}
      }
    }
    return found;
  }

  /** {@code NT_GNU_ABI_TAG} (LSB Core, "ABI note tag"): the system and its least kernel. */
  private static PlatformVersion fromAbiTag(ElfNote note, ByteOrder order) {
    OperatingSystem system =
        switch (note.content().i32(0, order)) {
          case 0 -> OperatingSystem.LINUX;
          case 2 -> OperatingSystem.SOLARIS;
          case 3 -> OperatingSystem.FREEBSD;
          case 4 -> OperatingSystem.NETBSD;
          default -> OperatingSystem.UNKNOWN;
        };
    String kernel =
        note.content().u32(4, order)
            + "."
            + note.content().u32(8, order)
            + "."
            + note.content().u32(12, order);
    return new PlatformVersion(system, kernel, "");
  }

  private static OperatingSystem system(
      ElfHeader header, String interpreter, ElfImage.CLibrary library, List<Needed> needed) {
    switch (header.osAbi()) {
      case Elf.ELFOSABI_NETBSD -> {
        return OperatingSystem.NETBSD;
      }
      case Elf.ELFOSABI_SOLARIS -> {
        return OperatingSystem.SOLARIS;
      }
      case Elf.ELFOSABI_FREEBSD -> {
        return OperatingSystem.FREEBSD;
      }
      case Elf.ELFOSABI_OPENBSD -> {
        return OperatingSystem.OPENBSD;
      }
      default -> {}
    }
    if (library == ElfImage.CLibrary.BIONIC) {
      return OperatingSystem.ANDROID;
    }
    if (library != ElfImage.CLibrary.UNKNOWN || header.osAbi() == Elf.ELFOSABI_GNU) {
      return OperatingSystem.LINUX;
    }
    if (interpreter.equals("/libexec/ld-elf.so.1")) {
      return OperatingSystem.FREEBSD;
    }
    boolean isLinux = interpreter.contains("ld-linux") || interpreter.contains("ld64.so");
    return isLinux || header.type() == Elf.ET_CORE && needed.isEmpty()
        ? OperatingSystem.LINUX
        : OperatingSystem.UNKNOWN;
  }

  private static ElfImage.CLibrary cLibrary(
      String interpreter, List<ElfNote> notes, List<Needed> needed, List<VersionNeed> versions) {
    if (interpreter.contains("/ld-musl-")) {
      return ElfImage.CLibrary.MUSL;
    }
    if (interpreter.startsWith("/system/bin/linker")
        || interpreter.startsWith("/system/bin/bootstrap/linker")
        || notes.stream().anyMatch(note -> note.name().equals("Android"))) {
      return ElfImage.CLibrary.BIONIC;
    }
    for (VersionNeed version : versions) {
      if (version.version().startsWith("GLIBC_")) {
        return ElfImage.CLibrary.GLIBC;
      }
    }
    for (Needed each : needed) {
      String name = each.name();
      if (name.startsWith("libc.musl-") || name.startsWith("ld-musl-")) {
        return ElfImage.CLibrary.MUSL;
      }
      if (name.equals("libc.so.6") || name.startsWith("ld-linux") || name.equals("libc.so.6.1")) {
        return ElfImage.CLibrary.GLIBC;
      }
    }
    // Android's libraries have no version in their names; neither has musl's own.
    boolean hasPlainC = needed.stream().anyMatch(each -> each.name().equals("libc.so"));
    if (hasPlainC) {
      boolean isAndroid =
          versions.stream().anyMatch(version -> version.version().equals("LIBC"))
              || needed.stream()
                  .map(Needed::name)
                  .anyMatch(name -> name.equals("libdl.so") || name.equals("liblog.so"));
      return isAndroid ? ElfImage.CLibrary.BIONIC : ElfImage.CLibrary.MUSL;
    }
    return interpreter.contains("ld-linux") ? ElfImage.CLibrary.GLIBC : ElfImage.CLibrary.UNKNOWN;
  }
}
