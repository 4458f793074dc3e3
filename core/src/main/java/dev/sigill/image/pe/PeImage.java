package dev.sigill.image.pe;

import dev.sigill.bytes.Bytes;
import dev.sigill.bytes.Limits;
import dev.sigill.bytes.Place;
import dev.sigill.bytes.Problem;
import dev.sigill.image.CodeRange;
import dev.sigill.image.Format;
import dev.sigill.image.FunctionTable;
import dev.sigill.image.Image;
import dev.sigill.image.Initialiser;
import dev.sigill.image.Needed;
import dev.sigill.image.PlatformVersion;
import dev.sigill.image.Section;
import dev.sigill.image.Segment;
import dev.sigill.image.Slot;
import dev.sigill.image.SymbolTable;
import dev.sigill.image.VersionNeed;
import dev.sigill.image.pe.PeHeaders.DataDirectory;
import dev.sigill.image.pe.PeHeaders.SectionHeader;
import dev.sigill.platform.Architecture;
import dev.sigill.platform.OperatingSystem;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One PE file, as the loader of Windows sees it. Safe for use by several threads. */
public final class PeImage implements Image {
  /** Subsystems: a driver or boot program runs in no process. */
  private static final int IMAGE_SUBSYSTEM_NATIVE = 1;

  private static final int IMAGE_SUBSYSTEM_EFI_APPLICATION = 10;
  private static final int IMAGE_SUBSYSTEM_EFI_ROM = 13;

  private final Bytes bytes;
  private final Limits limits;
  private final PeHeaders headers;
  private final PeProblems problems;
  private final PeMapping mapping;
  private final ManagedCode managed;
  private final LoadConfig loadConfig;
  private final PeImports imports;
  private final PeExports exports;
  private final FunctionTable functions;
  private final PeSymbols symbols;
  private final List<Section> sections;
  private final List<Segment> segments;
  private final List<CodeRange> code;
  private final List<HybridCode> hybridCode;
  private final List<Initialiser> loaderCalls;
  private final List<Needed> needed;
  private volatile @Nullable PeRelocations relocations;
  private volatile @Nullable List<Initialiser> initialisers;
  private boolean isChecked;

  /**
   * A stretch of code of an image that holds code for more than one instruction set.
   *
   * @param range where it lies
   * @param architecture ARM64, ARM64EC or X86_64; OTHER where the code map has another value
   */
  public record HybridCode(CodeRange range, Architecture architecture) {}

  PeImage(Bytes bytes, Limits limits, PeHeaders headers, PeProblems problems) {
    this.bytes = bytes;
    this.limits = limits;
    this.headers = headers;
    this.problems = problems;
    this.mapping = PeMapping.of(bytes, headers, problems);
    this.managed = ManagedCode.read(headers, mapping, problems);
    this.loadConfig = LoadConfig.read(headers, mapping, problems);
    this.imports = PeImports.read(bytes, headers, mapping, limits, problems);
    this.exports = PeExports.read(bytes, headers, mapping, limits, problems);
    this.functions = readFunctions();
    this.symbols =
        new PeSymbols(
            headers,
            mapping,
            exports,
            CoffSymbols.read(bytes, headers, limits, problems),
            functions,
            bytes.length());
    this.sections = headers.sections().stream().map(this::section).toList();
    this.segments = readSegments();
    List<CodeRange> executable =
        managed.isIlOnly() && !managed.hasNativeCode()
            ? List.of()
            : CodeRanges.of(headers, mapping);
    LoadConfig.Hybrid hybrid = loadConfig.hybrid();
    this.hybridCode =
        hybrid == null ? List.of() : LoadConfig.code(hybrid, executable, headers.imageBase());
    this.code =
        hybrid == null
            ? executable
            : hybridCode.stream()
                .filter(part -> part.architecture() != Architecture.X86_64)
                .map(HybridCode::range)
                .toList();
    this.loaderCalls = Initialisers.of(headers, mapping, !managed.isIlOnly(), problems);
    this.needed = readNeeded();
  }

  private FunctionTable readFunctions() {
    DataDirectory directory = headers.directory(PeHeaders.EXCEPTION);
    int machine = headers.nativeMachine();
    FunctionTable own =
        PeFunctions.read(
            bytes,
            mapping,
            headers.imageBase(),
            machine,
            directory.virtualAddress(),
            directory.size(),
            limits,
            problems);
    LoadConfig.Hybrid hybrid = loadConfig.hybrid();
    if (hybrid == null) {
      return own;
    }
    FunctionTable other =
        PeFunctions.read(
            bytes,
            mapping,
            headers.imageBase(),
            machine == PeHeaders.IMAGE_FILE_MACHINE_AMD64
                ? PeHeaders.IMAGE_FILE_MACHINE_ARM64
                : PeHeaders.IMAGE_FILE_MACHINE_AMD64,
            hybrid.extraRfeTable(),
            hybrid.extraRfeTableSize(),
            limits,
            problems);
    return other.equals(FunctionTable.EMPTY) ? own : new HybridFunctions(own, other);
  }

  private Section section(SectionHeader header) {
    long size = PeMapping.virtualSize(header);
    return new Section(
        header.name(),
        headers.imageBase() + header.virtualAddress(),
        size,
        PeMapping.fileOffset(header, headers.sectionAlignment()),
        Math.min(size, mapping.room(header.virtualAddress())),
        header.is(PeHeaders.IMAGE_SCN_MEM_EXECUTE),
        header.is(PeHeaders.IMAGE_SCN_MEM_WRITE),
        header.is(PeHeaders.IMAGE_SCN_CNT_CODE) && header.is(PeHeaders.IMAGE_SCN_MEM_EXECUTE));
  }

  private List<Segment> readSegments() {
    var out = new ArrayList<Segment>();
    out.add(
        new Segment(
            "headers",
            headers.imageBase(),
            headers.sizeOfHeaders(),
            0,
            Math.min(headers.sizeOfHeaders(), bytes.length()),
            true,
            false,
            false,
            headers.sectionAlignment()));
    for (int i = 0; i < sections.size(); i++) {
      Section section = sections.get(i);
      out.add(
          new Segment(
              section.name(),
              section.virtualAddress(),
              section.memorySize(),
              section.fileOffset(),
              section.fileSize(),
              headers.sections().get(i).is(PeHeaders.IMAGE_SCN_MEM_READ),
              section.isWritable(),
              section.isExecutable(),
              headers.sectionAlignment()));
    }
    return List.copyOf(out);
  }

  private List<Needed> readNeeded() {
    if (!managed.isIlOnly()) {
      return imports.needed();
    }
    // The runtime maps assemblies itself; their import of mscoree.dll is for the loader of 2001.
    return imports.needed().stream()
        .map(library -> new Needed(library.name(), true, library.minimumVersion()))
        .toList();
  }

  @Override
  public Place place() {
    return bytes.place();
  }

  @Override
  public Bytes bytes() {
    return bytes;
  }

  @Override
  public Format format() {
    return Format.PE;
  }

  /**
   * The instruction set of the processes that can load it. {@code Machine} alone does not say: an
   * ARM64EC image has that of AMD64, an ARM64X image that of ARM64, and hybrid metadata besides;
   * the latter loads into x86-64 processes too.
   */
  @Override
  public Architecture architecture() {
    if (loadConfig.hybrid() != null && headers.machine() == PeHeaders.IMAGE_FILE_MACHINE_AMD64) {
      return Architecture.ARM64EC;
    }
    return headers.architecture();
  }

  /**
   * The format's own finer name for the processor: {@code arm64ec}, {@code arm64x}, {@code anycpu}
   * (.NET assemblies for any processor), or empty.
   */
  public String subtype() {
    if (headers.machine() == PeHeaders.IMAGE_FILE_MACHINE_ARM64EC) {
      return "arm64ec";
    }
    if (headers.machine() == PeHeaders.IMAGE_FILE_MACHINE_ARM64X) {
      return "arm64x";
    }
    if (loadConfig.hybrid() != null) {
      return headers.machine() == PeHeaders.IMAGE_FILE_MACHINE_AMD64 ? "arm64ec" : "arm64x";
    }
    boolean isAnyCpu =
        managed.isIlOnly()
            && !managed.hasNativeCode()
            && !managed.requires32Bit()
            && headers.machine() == PeHeaders.IMAGE_FILE_MACHINE_I386;
    return isAnyCpu ? "anycpu" : "";
  }

  @Override
  public ByteOrder byteOrder() {
    return ByteOrder.LITTLE_ENDIAN;
  }

  /** Drivers, firmware and assemblies of intermediate language are loaded by others. */
  @Override
  public Kind kind() {
    if (isManaged() || headers.subsystem() == IMAGE_SUBSYSTEM_NATIVE || isFirmware()) {
      return Kind.OTHER;
    }
    return headers.isDll() ? Kind.SHARED_LIBRARY : Kind.EXECUTABLE;
  }

  private boolean isFirmware() {
    return headers.subsystem() >= IMAGE_SUBSYSTEM_EFI_APPLICATION
        && headers.subsystem() <= IMAGE_SUBSYSTEM_EFI_ROM;
  }

  /**
   * Windows, and {@code MajorSubsystemVersion.MinorSubsystemVersion}: the loader of an older
   * Windows refuses the image. The version of the headers it was built with is not in the file.
   */
  @Override
  public PlatformVersion platform() {
    OperatingSystem system = isFirmware() ? OperatingSystem.UNKNOWN : headers.operatingSystem();
    return new PlatformVersion(
        system, system == OperatingSystem.WINDOWS ? headers.subsystemVersion() : "", "");
  }

  /** The DLL's name as its export table writes it, or empty. */
  @Override
  public String installName() {
    return exports.dllName();
  }

  @Override
  public List<Section> sections() {
    return sections;
  }

  /** The headers, then the sections: each is mapped as one. */
  @Override
  public List<Segment> segments() {
    return segments;
  }

  /**
   * Where instructions are. Of ARM64EC and ARM64X images only the A64 ones, whichever calling
   * convention they follow; {@link #hybridCode()} has all. None for assemblies of intermediate
   * language.
   */
  @Override
  public List<CodeRange> code() {
    return code;
  }

  /** The code of an ARM64EC or ARM64X image by instruction set; empty for others. */
  public List<HybridCode> hybridCode() {
    return hybridCode;
  }

  @Override
  public long fileOffset(long virtualAddress) {
    return mapping.fileOffset(virtualAddress - headers.imageBase());
  }

  /**
   * The DLLs that it imports from, then those that it loads at the first call (optional). Names may
   * be those of API sets ({@link #isApiSet}).
   */
  @Override
  public List<Needed> needed() {
    return needed;
  }

  /**
   * Whether a DLL's name is that of an API set: a contract of Windows that the system maps to one
   * of its own DLLs, never a file that a package could bring ("Windows API sets").
   */
  public static boolean isApiSet(String library) {
    String name = library.toLowerCase(Locale.ROOT);
    return name.startsWith("api-") || name.startsWith("ext-");
  }

  @Override
  public List<String> searchPaths() {
    return List.of();
  }

  @Override
  public List<VersionNeed> versionNeeds() {
    return List.of();
  }

  /**
   * TLS callbacks, then the entry point where it is a DLL, then the constructors that the entry
   * point of a DLL of the GNU toolchain runs. Microsoft's start-up code calls {@code
   * _initterm(first, last)} on tables whose pointers are {@link #slot slots}.
   */
  @Override
  public List<Initialiser> initialisers() {
    List<Initialiser> all = initialisers;
    if (all == null) {
      var list = new ArrayList<>(loaderCalls);
      if (!managed.isIlOnly()) {
        list.addAll(Initialisers.constructors(headers, mapping, relocations()));
      }
      all = List.copyOf(list);
      initialisers = all;
    }
    return all;
  }

  /** The virtual address of {@code AddressOfEntryPoint}, or 0 where there is none. */
  public long entryPoint() {
    return headers.addressOfEntryPoint() == 0
        ? 0
        : headers.codeAddress(headers.imageBase() + headers.addressOfEntryPoint());
  }

  /** The address that the image is linked for. */
  public long imageBase() {
    return headers.imageBase();
  }

  /**
   * Whether all its code is .NET's intermediate language, which runs on the runtime rather than on
   * the processor.
   */
  public boolean isManaged() {
    return managed.isIlOnly() && !managed.hasNativeCode();
  }

  /** The linker's version ({@code 14.38}), which names the toolchain but not the system. */
  public String linkerVersion() {
    return headers.linkerVersion();
  }

  /** {@code GuardFlags} of the load configuration (control flow guard and its kind), or 0. */
  public long guardFlags() {
    return loadConfig.guardFlags();
  }

  /** Calls back with all imports, in the order of the file. */
  public void forEachImport(Consumer<PeImport> action) {
    imports.forEach(headers.imageBase(), action);
  }

  /**
   * Where an export leads that another DLL answers.
   *
   * @param library the DLL's name with its extension, as {@link Needed} has it ({@code NTDLL.dll})
   * @param name the export there, {@code #12} for an ordinal
   */
  public record Forwarder(String library, String name) {}

  /**
   * Where an export of kind {@code FORWARD} leads, or null where the name is not such an export.
   * Forwarders may lead to others, to DLLs that nothing else needs, and in circles.
   */
  public @Nullable Forwarder forwarder(String exportName) {
    int export = exports.find(exportName);
    String text = export < 0 ? null : exports.forwarder(exports.rva(export));
    if (text == null) {
      return null;
    }
    // The file leaves the extension out: NTDLL.RtlAllocateHeap, OTHER.#12.
    int dot = text.lastIndexOf('.');
    return new Forwarder(text.substring(0, Math.max(0, dot)) + ".dll", text.substring(dot + 1));
  }

  /** How many pointers the loader relocates where it cannot map the image at its preferred base. */
  public int relocationCount() {
    return relocations().count();
  }

  /**
   * An entry of an import address table (also of delayed imports, whose symbol may stay
   * unresolved), or a pointer that base relocations list. In an image that cannot be moved any
   * place with an address of the image counts as such a pointer.
   */
  @Override
  public Slot slot(long virtualAddress) {
    long rva = virtualAddress - headers.imageBase();
    if (rva < 0 || rva >>> 32 != 0) {
      return Slot.None.INSTANCE;
    }
    Slot imported = imports.slot(importSlot(rva));
    if (imported != null) {
      return imported;
    }
    if (!relocations().contains(rva) && !headers.isFixed()) {
      return Slot.None.INSTANCE;
    }
    long target = mapping.word(rva, headers.isPe32Plus());
    long targetRva = target - headers.imageBase();
    if (!mapping.isMapped(targetRva)) {
      return Slot.None.INSTANCE;
    }
    return new Slot.Local(mapping.isExecutable(targetRva) ? headers.codeAddress(target) : target);
  }

  /** Entries of the auxiliary address table of Arm64EC code stand for those of the real one. */
  private long importSlot(long rva) {
    LoadConfig.Hybrid hybrid = loadConfig.hybrid();
    if (hybrid != null && hybrid.auxiliaryIat() != 0) {
      DataDirectory table = headers.directory(PeHeaders.IAT);
      long distance = rva - hybrid.auxiliaryIat();
      if (distance >= 0 && distance < table.size()) {
        return table.virtualAddress() + distance;
      }
    }
    return rva;
  }

  private PeRelocations relocations() {
    PeRelocations read = relocations;
    if (read == null) {
      synchronized (this) {
        read = relocations;
        if (read == null) {
          read = PeRelocations.read(bytes, headers, mapping, limits, problems);
          relocations = read;
        }
      }
    }
    return read;
  }

  @Override
  public FunctionTable functions() {
    return functions;
  }

  @Override
  public SymbolTable symbols() {
    return symbols;
  }

  /** What could not be read; looks once through the tables that were not read before. */
  @Override
  public List<Problem> problems() {
    synchronized (this) {
      if (!isChecked) {
        isChecked = true;
        relocations();
        imports.check(problems);
        exports.check(problems);
        if (functions instanceof PeFunctions table) {
          table.check(problems);
        } else if (functions instanceof HybridFunctions both) {
          both.check(problems);
        }
      }
    }
    return problems.list();
  }
}
