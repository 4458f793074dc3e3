package dev.sigill.image.elf;

import dev.sigill.image.Image;
import dev.sigill.image.Symbol;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * An ELF file: what every {@link Image} says, and what only this format knows, in the words of the
 * gABI and its supplements.
 */
public abstract non-sealed class ElfImage implements Image {
  /** A C library that programs and libraries are built for. */
  public enum CLibrary {
    GLIBC,
    MUSL,
    /** Android's. */
    BIONIC,
    /** Another one, none, or not said. */
    UNKNOWN
  }

  /**
   * The least alignment of the loadable segments, in bytes, in file and memory: a system whose
   * pages are larger cannot map the image. 0 where nothing is loadable.
   */
  public abstract long loadAlignment();

  /**
   * Whether PT_GNU_STACK asks for an executable stack (a missing one does on x86, not on Arm64).
   */
  public abstract boolean hasExecutableStack();

  /** The x86-64 level, 1 to 4, that GNU_PROPERTY_X86_ISA_1_NEEDED demands, or 0. */
  public abstract int isaLevelNeeded();

  /** {@code e_machine}. */
  public abstract int machine();

  /** {@code e_ident[EI_OSABI]}. */
  public abstract int osAbi();

  /** {@code e_flags}. */
  public abstract int flags();

  /** {@code e_entry}: where a program starts, or 0. */
  public abstract long entry();

  /** Whether {@code EI_CLASS} is {@code ELFCLASS64}. */
  public abstract boolean is64Bit();

  /** All program headers, in the file's order. */
  public abstract List<ElfProgramHeader> programHeaders();

  /** The loader that a program asks for ({@code PT_INTERP}), or empty. */
  public abstract String interpreter();

  /** The C library that loader, needed libraries or symbol versions point to. */
  public abstract CLibrary cLibrary();

  /** The notes; of a core file, what the kernel wrote about the process. */
  public abstract List<ElfNote> notes();

  /** {@code NT_GNU_BUILD_ID} in hexadecimal, or empty. */
  public abstract String buildId();

  /**
   * The bits of {@code GNU_PROPERTY_X86_FEATURE_1_AND} (1 IBT, 2 SHSTK) or {@code
   * GNU_PROPERTY_AARCH64_FEATURE_1_AND} (1 BTI, 2 PAC).
   */
  public abstract int protectionFeatures();

  /** {@code DT_RPATH}, which loaders ignore where there is a {@code DT_RUNPATH}. */
  public abstract List<String> rPath();

  /** {@code DT_RUNPATH}. */
  public abstract List<String> runPath();

  /** The size of a thread's copy of {@code PT_TLS}, in bytes, or 0. */
  public abstract long threadLocalSize();

  /** Whether {@code DF_STATIC_TLS} says that thread-local data must lie in the static block. */
  public abstract boolean needsStaticThreadLocals();

  /** Whether the loader must write to code pages ({@code DT_TEXTREL}). */
  public abstract boolean hasTextRelocations();

  /** How callers are found from the registers in its functions, or null where nothing says it. */
  public abstract @Nullable CallFrames callFrames();

  /** The symbol versions that the image defines ({@code .gnu.version_d}), in the file's order. */
  public abstract List<String> definedVersions();

  /** The definition of a name in one version, or null. */
  public abstract @Nullable Symbol exported(String name, String version);

  /** Every name that another image must define. */
  public abstract void forEachImport(Consumer<ElfImport> action);

  /** The relocation of an address, where a table other than {@code DT_RELR} has one, or null. */
  public abstract @Nullable ElfRelocation relocation(long virtualAddress);

  /** How many places the loader relocates. */
  public abstract long relocationCount();
}
