package dev.sigill.image.elf;

import dev.sigill.bytes.Bytes;
import dev.sigill.bytes.Limits;
import dev.sigill.bytes.Place;
import dev.sigill.bytes.Problem;
import dev.sigill.image.CodeRange;
import dev.sigill.image.Format;
import dev.sigill.image.FunctionTable;
import dev.sigill.image.Initialiser;
import dev.sigill.image.Needed;
import dev.sigill.image.PlatformVersion;
import dev.sigill.image.Section;
import dev.sigill.image.Segment;
import dev.sigill.image.Slot;
import dev.sigill.image.Symbol;
import dev.sigill.image.SymbolTable;
import dev.sigill.image.VersionNeed;
import dev.sigill.image.lookup.Lazy;
import dev.sigill.platform.Architecture;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** An ELF file that was read. Safe for use by several threads. */
final class ElfFile extends ElfImage {
  private final ElfBytes file;
  private final ElfHeader header;
  private final ElfLayout layout;
  private final DynamicSection dynamic;
  private final ElfStrings strings;
  private final ElfProblems problems;
  private final List<ElfNote> notes;
  private final GnuProperties properties;
  private final List<Section> sections;
  private final List<Segment> segments;
  private final List<CodeRange> code;
  private final List<Needed> needed;
  private final String interpreter;
  private final String installName;
  private final Kind kind;
  private final ElfPlatform platform;
  private final ElfSymbols symbols;
  private final Lazy<Relocations> relocations;
  private final Lazy<List<Initialiser>> initialisers;
  private final Lazy<FunctionTable> functions;

  ElfFile(ElfBytes file, Limits limits) {
    this.file = file;
    this.problems = new ElfProblems(file.bytes());
    this.header = ElfHeader.read(file);
    this.layout = ElfLayout.read(file, header, limits, problems);
    this.dynamic = DynamicSection.read(layout, problems);
    this.strings = dynamicStrings();
    this.notes = ElfNotes.read(layout, problems);
    this.properties = GnuProperties.of(file, header.machine(), notes);
    this.sections = describeSections();
    this.segments = describeSegments(Elf.PT_LOAD, "LOAD");
    this.interpreter = readInterpreter();
    this.installName = strings.text(dynamic.value(Elf.DT_SONAME, -1));
    this.needed =
        dynamic.values(Elf.DT_NEEDED).stream()
            .map(index -> new Needed(strings.text(index), false, ""))
            .toList();
    SymbolVersions versions = SymbolVersions.read(layout, dynamic, strings, problems);
    this.code = ElfCode.find(layout, entryPoints(), problems);
    this.kind = findKind();
    this.symbols = readSymbols(versions, limits);
    this.platform =
        ElfPlatform.of(header, file.order(), interpreter, notes, needed, versions.needs());
    boolean bindsToItself =
        kind == Kind.EXECUTABLE
            || dynamic.has(Elf.DT_SYMBOLIC)
            || (dynamic.value(Elf.DT_FLAGS, 0) & Elf.DF_SYMBOLIC) != 0;
    this.relocations =
        new Lazy<>(
            () -> Relocations.read(layout, dynamic, symbols, bindsToItself, limits, problems));
    this.initialisers =
        new Lazy<>(() -> ElfInitialisers.read(layout, dynamic, relocations.get(), problems));
    this.functions = new Lazy<>(() -> ElfFunctions.read(layout, symbols, limits, problems));
  }

  private ElfStrings dynamicStrings() {
    Long address = dynamic.value(Elf.DT_STRTAB);
    if (address == null) {
      return ElfStrings.EMPTY;
    }
    long offset = layout.fileOffset(address);
    if (offset < 0) {
      problems.partLost(Problem.Code.OUT_OF_RANGE, 0, "DT_STRTAB", address, -1);
      return ElfStrings.EMPTY;
    }
    long room = layout.fileRoom(address);
    long size = dynamic.value(Elf.DT_STRSZ, room);
    if (size < 0 || size > room) {
      problems.partLost(Problem.Code.OUT_OF_RANGE, offset, "DT_STRSZ", size, room);
      size = room;
    }
    return ElfStrings.of(file, offset, size);
  }

  private List<Section> describeSections() {
    var out = new ArrayList<Section>(layout.sections.size());
    for (ElfSectionHeader each : layout.sections) {
      if (each.type() != Elf.SHT_NULL) {
        boolean isAllocated = each.isAllocated();
        out.add(
            new Section(
                each.name(),
                isAllocated ? each.address() : 0,
                isAllocated ? each.size() : 0,
                each.offset(),
                each.fileSize(),
                isAllocated && each.isExecutable(),
                isAllocated && (each.flags() & Elf.SHF_WRITE) != 0,
                each.holdsCode()));
      }
    }
    return List.copyOf(out);
  }

  /** The segments that program headers of one type describe. */
  private List<Segment> describeSegments(int type, String name) {
    return layout.programHeaders.stream()
        .filter(each -> each.type() == type)
        .map(
            each ->
                new Segment(
                    name,
                    each.virtualAddress(),
                    each.memorySize(),
                    each.offset(),
                    each.fileSize(),
                    (each.flags() & Elf.PF_R) != 0,
                    each.isWritable(),
                    each.isExecutable(),
                    each.alignment()))
        .toList();
  }

  private String readInterpreter() {
    ElfProgramHeader found = layout.first(Elf.PT_INTERP);
    if (found == null || header.type() == Elf.ET_CORE || layout.isDebug()) {
      return "";
    }
    int size = Math.clamp(found.fileSize(), 0, 4096);
    return file.bytes().text(found.offset(), size);
  }

  /** Addresses at which the system enters the image for sure. */
  private List<Long> entryPoints() {
    var out = new ArrayList<Long>();
    if (header.entry() != 0 && header.type() != Elf.ET_REL) {
      out.add(header.entry());
    }
    Long init = dynamic.value(Elf.DT_INIT);
    if (init != null && init != 0) {
      out.add(init);
    }
    return out;
  }

  private Kind findKind() {
    if (layout.isDebug()) {
      return Kind.DEBUG;
    }
    return switch (header.type()) {
      case Elf.ET_EXEC -> Kind.EXECUTABLE;
      case Elf.ET_REL -> Kind.OBJECT;
      case Elf.ET_CORE -> Kind.CORE;
      case Elf.ET_DYN -> {
        // Some libraries can be run as programs as well, the C library among them.
        boolean isPie = (dynamic.value(Elf.DT_FLAGS_1, 0) & Elf.DF_1_PIE) != 0;
        boolean isProgram = isPie || !interpreter.isEmpty() && installName.isEmpty();
        yield isProgram ? Kind.EXECUTABLE : Kind.SHARED_LIBRARY;
      }
      default -> Kind.OTHER;
    };
  }

  private ElfSymbols readSymbols(SymbolVersions versions, Limits limits) {
    Long address = dynamic.value(Elf.DT_SYMTAB);
    SymbolSection dynamicSymbols = new SymbolSection(file, 0, 0, strings);
    SymbolHash hash = null;
    if (address != null) {
      hash = readHash();
      long offset = layout.fileOffset(address);
      long most = layout.fileRoom(address) / SymbolSection.size(file.is64());
      long count = Math.min(dynamicSymbolCount(offset, address, hash), limits.entries());
      if (offset < 0 || count > most) {
        problems.partLost(Problem.Code.OUT_OF_RANGE, Math.max(0, offset), "DT_SYMTAB", address, -1);
        count = Math.min(count, most);
      }
      if (offset >= 0) {
        dynamicSymbols = new SymbolSection(file, offset, (int) count, strings);
      }
    }
    return new ElfSymbols(
        layout,
        dynamicSymbols,
        fullSymbols(limits),
        hash,
        versions,
        kind == Kind.EXECUTABLE,
        problems);
  }

  private @Nullable SymbolHash readHash() {
    Long gnu = dynamic.value(Elf.DT_GNU_HASH);
    if (gnu != null) {
      SymbolHash found = SymbolHash.gnu(layout, gnu, problems);
      if (found != null) {
        return found;
      }
    }
    Long sysv = dynamic.value(Elf.DT_HASH);
    return sysv == null ? null : SymbolHash.sysv(layout, sysv, problems);
  }

  /** The dynamic section does not say how many symbols there are; several things tell. */
  private long dynamicSymbolCount(long offset, long address, @Nullable SymbolHash hash) {
    long count = hash == null ? 0 : hash.symbolCount();
    for (ElfSectionHeader each : layout.sections) {
      if (each.type() == Elf.SHT_DYNSYM && each.offset() == offset) {
        count = Math.max(count, each.fileSize() / SymbolSection.size(file.is64()));
      }
    }
    Long stringsAddress = dynamic.value(Elf.DT_STRTAB);
    if (count == 0 && stringsAddress != null && stringsAddress > address) {
      count = (stringsAddress - address) / SymbolSection.size(file.is64());
    }
    return count;
  }

  private @Nullable SymbolSection fullSymbols(Limits limits) {
    for (ElfSectionHeader each : layout.sections) {
      if (each.type() == Elf.SHT_SYMTAB) {
        int size = SymbolSection.size(file.is64());
        long stated = each.size() / size;
        int count = ElfLayout.fitting(file, each.offset(), size, stated, limits.entries());
        if (count != stated) {
          problems.nothingLost(
              Problem.Code.TRUNCATED,
              Math.max(0, each.offset()),
              ".symtab: sh_size",
              stated,
              count);
        }
        int link = each.link();
        ElfStrings names = ElfStrings.EMPTY;
        if (link > 0 && link < layout.sections.size()) {
          ElfSectionHeader text = layout.sections.get(link);
          names = ElfStrings.of(file, text.offset(), text.fileSize());
        }
        return new SymbolSection(file, each.offset(), count, names);
      }
    }
    return null;
  }

  @Override
  public Place place() {
    return file.bytes().place();
  }

  @Override
  public Bytes bytes() {
    return file.bytes();
  }

  @Override
  public Format format() {
    return Format.ELF;
  }

  @Override
  public Architecture architecture() {
    return header.architecture(file.order(), file.is64());
  }

  @Override
  public ByteOrder byteOrder() {
    return file.order();
  }

  @Override
  public Kind kind() {
    return kind;
  }

  @Override
  public PlatformVersion platform() {
    return platform.version();
  }

  @Override
  public String installName() {
    return installName;
  }

  @Override
  public List<Section> sections() {
    return sections;
  }

  @Override
  public List<Segment> segments() {
    return segments;
  }

  @Override
  public List<Segment> readOnlyOnceLoaded() {
    return describeSegments(Elf.PT_GNU_RELRO, "GNU_RELRO");
  }

  @Override
  public List<CodeRange> code() {
    return code;
  }

  @Override
  public long fileOffset(long virtualAddress) {
    return layout.fileOffset(virtualAddress);
  }

  @Override
  public List<Needed> needed() {
    return needed;
  }

  @Override
  public List<String> searchPaths() {
    List<String> run = runPath();
    return run.isEmpty() ? rPath() : run;
  }

  @Override
  public List<String> rPath() {
    return paths(Elf.DT_RPATH);
  }

  @Override
  public List<String> runPath() {
    return paths(Elf.DT_RUNPATH);
  }

  private List<String> paths(long tag) {
    String text = strings.text(dynamic.value(tag, -1));
    return text.isEmpty() ? List.of() : List.of(text.split(":", -1));
  }

  @Override
  public List<VersionNeed> versionNeeds() {
    return symbols.versions().needs();
  }

  @Override
  public List<Initialiser> initialisers() {
    return initialisers.get();
  }

  @Override
  public Slot slot(long virtualAddress) {
    return relocations.get().slot(virtualAddress);
  }

  @Override
  public FunctionTable functions() {
    return functions.get();
  }

  @Override
  public @Nullable CallFrames callFrames() {
    return functions.get() instanceof ElfFunctions found ? new CallFrames(layout, found) : null;
  }

  @Override
  public SymbolTable symbols() {
    return symbols;
  }

  /**
   * Reads the tables that are read late first, so that the answer does not depend on what was
   * asked.
   */
  @Override
  public List<Problem> problems() {
    initialisers.get();
    functions.get();
    return problems.list();
  }

  @Override
  public long loadAlignment() {
    long least = Long.MAX_VALUE;
    for (ElfProgramHeader each : layout.programHeaders) {
      if (each.type() == Elf.PT_LOAD && each.memorySize() != 0) {
        // Whatever p_align says, pages are mapped only where place and address agree.
        long shared = Long.lowestOneBit(each.offset() ^ each.virtualAddress());
        long stated = Math.max(1, Long.highestOneBit(Math.max(0, each.alignment())));
        least = Math.min(least, shared > 0 ? Math.min(shared, stated) : stated);
      }
    }
    return least == Long.MAX_VALUE ? 0 : least;
  }

  @Override
  public boolean hasExecutableStack() {
    if (header.type() != Elf.ET_EXEC && header.type() != Elf.ET_DYN) {
      return false;
    }
    ElfProgramHeader stack = layout.first(Elf.PT_GNU_STACK);
    if (stack != null) {
      return stack.isExecutable();
    }
    return switch (header.machine()) {
      case Elf.EM_AARCH64, Elf.EM_RISCV, Elf.EM_LOONGARCH -> false;
      default -> true;
    };
  }

  @Override
  public int isaLevelNeeded() {
    return properties.x86Level();
  }

  @Override
  public int machine() {
    return header.machine();
  }

  @Override
  public int osAbi() {
    return header.osAbi();
  }

  @Override
  public int flags() {
    return header.flags();
  }

  @Override
  public long entry() {
    return header.entry();
  }

  @Override
  public boolean is64Bit() {
    return file.is64();
  }

  @Override
  public List<ElfProgramHeader> programHeaders() {
    return layout.programHeaders;
  }

  @Override
  public String interpreter() {
    return interpreter;
  }

  @Override
  public CLibrary cLibrary() {
    return platform.cLibrary();
  }

  @Override
  public List<ElfNote> notes() {
    return notes;
  }

  @Override
  public String buildId() {
    for (ElfNote note : notes) {
      long size = note.content().length();
      if (note.type() == Elf.NT_GNU_BUILD_ID && note.name().equals("GNU") && size <= 256) {
        return HexFormat.of().formatHex(note.content().array(0, (int) size));
      }
    }
    return "";
  }

  @Override
  public int protectionFeatures() {
    return properties.features();
  }

  @Override
  public long threadLocalSize() {
    ElfProgramHeader found = layout.first(Elf.PT_TLS);
    return found == null ? 0 : found.memorySize();
  }

  @Override
  public boolean needsStaticThreadLocals() {
    return (dynamic.value(Elf.DT_FLAGS, 0) & Elf.DF_STATIC_TLS) != 0;
  }

  @Override
  public boolean hasTextRelocations() {
    return dynamic.has(Elf.DT_TEXTREL) || (dynamic.value(Elf.DT_FLAGS, 0) & Elf.DF_TEXTREL) != 0;
  }

  @Override
  public List<String> definedVersions() {
    return symbols.versions().defined();
  }

  @Override
  public @Nullable Symbol exported(String name, String version) {
    return symbols.exported(name, version);
  }

  @Override
  public void forEachImport(Consumer<ElfImport> action) {
    symbols.forEachImport(action);
  }

  @Override
  public @Nullable ElfRelocation relocation(long virtualAddress) {
    return relocations.get().at(virtualAddress);
  }

  @Override
  public long relocationCount() {
    return relocations.get().count();
  }

  @Override
  public String toString() {
    return "ELF " + architecture().id() + " " + place();
  }
}
