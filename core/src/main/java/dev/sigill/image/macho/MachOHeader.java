package dev.sigill.image.macho;

import dev.sigill.platform.Architecture;
import java.util.Locale;

/** {@code mach_header} or {@code mach_header_64}. */
record MachOHeader(
    boolean is64,
    int cputype,
    int cpusubtype,
    int filetype,
    long ncmds,
    long sizeofcmds,
    int flags) {
  static int size(boolean is64) {
    return is64 ? 32 : 28;
  }

  /** Reads the header; {@link #size} bytes must be there. */
  static MachOHeader read(MachOBytes file) {
    return new MachOHeader(
        file.is64(),
        file.i32(4),
        file.i32(8),
        file.i32(12),
        file.u32(16),
        file.u32(20),
        file.i32(24));
  }

  int size() {
    return size(is64);
  }

  boolean isObject() {
    return filetype == MachO.MH_OBJECT;
  }

  boolean has(int flag) {
    return (flags & flag) != 0;
  }

  Architecture architecture() {
    return architecture(cputype, cpusubtype);
  }

  static Architecture architecture(int cputype, int cpusubtype) {
    return switch (cputype) {
      case MachO.CPU_TYPE_X86 -> Architecture.I386;
      case MachO.CPU_TYPE_X86_64 -> Architecture.X86_64;
      case MachO.CPU_TYPE_ARM -> Architecture.ARM;
      case MachO.CPU_TYPE_ARM64 ->
          (cpusubtype & ~MachO.CPU_SUBTYPE_MASK) == MachO.CPU_SUBTYPE_ARM64E
              ? Architecture.ARM64E
              : Architecture.ARM64;
      case MachO.CPU_TYPE_ARM64_32 -> Architecture.ARM64_32;
      case MachO.CPU_TYPE_POWERPC -> Architecture.PPC;
      case MachO.CPU_TYPE_POWERPC64 -> Architecture.PPC64;
      case MachO.CPU_TYPE_SPARC -> Architecture.SPARC;
      default ->
          switch (cputype & ~MachO.CPU_ARCH_ABI64) {
            case MachO.CPU_TYPE_APPLE_GPU,
                MachO.CPU_TYPE_AMD_GPU,
                MachO.CPU_TYPE_NVIDIA_GPU,
                MachO.CPU_TYPE_AIR ->
                Architecture.GPU;
            default -> Architecture.OTHER;
          };
    };
  }

  /** The name that Apple's tools give the pair of {@code cputype} and {@code cpusubtype}. */
  String subtype() {
    int subtype = cpusubtype & ~MachO.CPU_SUBTYPE_MASK;
    return switch (cputype) {
      case MachO.CPU_TYPE_X86 ->
          switch (subtype) {
            case 4 -> "i486";
            case 5 -> "i586";
            case 0x16 -> "i686";
            default -> "i386";
          };
      case MachO.CPU_TYPE_X86_64 -> subtype == MachO.CPU_SUBTYPE_X86_64_H ? "x86_64h" : "x86_64";
      case MachO.CPU_TYPE_ARM ->
          switch (subtype) {
            case 5 -> "armv4t";
            case 6 -> "armv6";
            case 7 -> "armv5";
            case 8 -> "xscale";
            case 9 -> "armv7";
            case 10 -> "armv7f";
            case 11 -> "armv7s";
            case 12 -> "armv7k";
            case 13 -> "armv8";
            case 14 -> "armv6m";
            case 15 -> "armv7m";
            case 16 -> "armv7em";
            default -> "arm";
          };
      case MachO.CPU_TYPE_ARM64 ->
          switch (subtype) {
            case MachO.CPU_SUBTYPE_ARM64_V8 -> "arm64v8";
            case MachO.CPU_SUBTYPE_ARM64E -> "arm64e";
            default -> "arm64";
          };
      case MachO.CPU_TYPE_ARM64_32 -> "arm64_32";
      case MachO.CPU_TYPE_POWERPC ->
          switch (subtype) {
            case 9 -> "ppc750";
            case 10 -> "ppc7400";
            case 11 -> "ppc7450";
            case 100 -> "ppc970";
            default -> "ppc";
          };
      case MachO.CPU_TYPE_POWERPC64 -> subtype == 100 ? "ppc970-64" : "ppc64";
      default -> String.format(Locale.ROOT, "cputype 0x%x subtype 0x%x", cputype, subtype);
    };
  }

  /**
   * The version of the pointer authentication ABI of arm64e code, or -1 where none is stated
   * ({@code CPU_SUBTYPE_ARM64_PTR_AUTH_VERSION}).
   */
  int ptrauthVersion() {
    boolean isArm64e = architecture() == Architecture.ARM64E;
    return isArm64e && (cpusubtype & MachO.CPU_SUBTYPE_PTRAUTH_ABI) != 0
        ? cpusubtype >>> 24 & 0x0f
        : -1;
  }

  /**
   * The address in a pointer: code for 64-bit Arm keeps marks in the top byte, as the pointers to
   * names in C++ type descriptions do.
   */
  long address(long pointer) {
    return cputype == MachO.CPU_TYPE_ARM64 ? pointer << 8 >>> 8 : pointer;
  }
}
