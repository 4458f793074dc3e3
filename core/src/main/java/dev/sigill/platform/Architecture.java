package dev.sigill.platform;

import java.util.Locale;

/** An instruction set as processes have it: every process is of exactly one. */
public enum Architecture {
  X86_64("x86_64", 64),
  I386("i386", 32),
  ARM64("arm64", 64),
  /** Windows code for Arm64 that follows the x86-64 calling conventions. */
  ARM64EC("arm64ec", 64),
  /** Arm64 with pointer authentication in its ABI (Apple). */
  ARM64E("arm64e", 64),
  ARM64_32("arm64_32", 32),
  ARM("arm", 32),
  RISCV64("riscv64", 64),
  PPC64("ppc64", 64),
  PPC64LE("ppc64le", 64),
  PPC("ppc", 32),
  S390X("s390x", 64),
  MIPS("mips", 32),
  MIPS64("mips64", 64),
  LOONGARCH64("loongarch64", 64),
  SPARC("sparc", 64),
  WASM32("wasm32", 32),
  /** Code for a graphics processor in an ELF container. */
  GPU("gpu", 64),
  OTHER("other", 0);

  private final String id;
  private final int bits;

  Architecture(String id, int bits) {
    this.id = id;
    this.bits = bits;
  }

  /** The name that reports print: {@code x86_64}, {@code arm64}. */
  public String id() {
    return id;
  }

  /** Size of an address in bits, or 0 where unknown. */
  public int bits() {
    return bits;
  }

  /**
   * The architecture of a common spelling ({@code amd64}, {@code aarch64}, {@code x64} …), or
   * OTHER.
   */
  public static Architecture of(String spelling) {
    return switch (spelling.toLowerCase(Locale.ROOT)) {
      case "x86_64", "amd64", "x64", "x86-64" -> X86_64;
      case "i386", "i486", "i586", "i686", "x86", "ia32", "win32" -> I386;
      case "arm64", "aarch64", "armv8", "armv8l" -> ARM64;
      case "arm64e" -> ARM64E;
      case "arm64ec" -> ARM64EC;
      case "arm", "armv6l", "armv7l", "armhf", "armv7" -> ARM;
      case "riscv64" -> RISCV64;
      case "ppc64le" -> PPC64LE;
      case "ppc64" -> PPC64;
      case "s390x" -> S390X;
      case "loongarch64" -> LOONGARCH64;
      case "mips64" -> MIPS64;
      case "wasm32" -> WASM32;
      default -> OTHER;
    };
  }
}
