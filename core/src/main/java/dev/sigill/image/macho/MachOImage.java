package dev.sigill.image.macho;

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
import dev.sigill.image.lookup.Lazy;
import dev.sigill.image.macho.LoadCommands.DyldInfo;
import dev.sigill.image.macho.LoadCommands.Part;
import dev.sigill.platform.Architecture;
import dev.sigill.platform.OperatingSystem;
import java.nio.ByteOrder;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One thin Mach-O file or one slice of a universal one, as dyld sees it: what every {@link Image}
 * says, and what only this format knows, in the words of {@code mach-o/loader.h}. Safe for use by
 * several threads.
 */
public final class MachOImage implements Image {
  /** Who signed an image. */
  public enum Signature {
    /** It has no signature; arm64 systems refuse it. */
    NONE,
    /** Hashes alone, without an identity ({@code CS_ADHOC}). */
    AD_HOC,
    /** A certificate. */
    CERTIFICATE,
    /** It has one that could not be read. */
    UNREADABLE
  }

  private final MachOBytes file;
  private final MachOHeader header;
  private final MachOProblems problems;
  private final LoadCommands commands;
  private final MachOLayout layout;
  private final Libraries libraries;
  private final List<Section> sections;
  private final List<Segment> segments;
  private final List<CodeRange> code;
  private final List<Needed> needed;
  private final List<PlatformVersion> platforms;
  private final Signature signature;
  private final MachOSymbols symbols;
  private final Lazy<Fixups> fixups;
  private final Lazy<List<Initialiser>> initialisers;
  private final Lazy<FunctionTable> functions;
  private final Lazy<IndirectSymbols> indirectSymbols;

  MachOImage(MachOBytes file, Limits limits) {
    this.file = file;
    this.header = MachOHeader.read(file);
    this.problems = new MachOProblems(file.bytes());
    this.commands = LoadCommands.read(file, header, limits, problems);
    this.layout = MachOLayout.of(file, header, commands, problems);
    // Without two-level names, ordinals mean nothing.
    this.libraries = new Libraries(commands.dylibs, header.has(MachO.MH_TWOLEVEL));
    this.sections = describeSections();
    this.segments = describeSegments();
    this.code = MachOCode.find(layout, commands, problems);
    this.needed =
        commands.dylibs.stream()
            .map(
                each ->
                    new Needed(
                        each.name(),
                        each.isWeak(),
                        each.compatibilityVersion().equals("0.0.0")
                            ? ""
                            : each.compatibilityVersion()))
            .toList();
    this.platforms = ApplePlatform.of(header, commands.versions);
    this.signature = CodeSignature.read(file.bytes(), commands.codeSignature, problems);
    this.symbols =
        new MachOSymbols(
            layout,
            new SymbolEntries(file, commands.symtab),
            exportTrie(),
            this::functions,
            problems);
    this.fixups = new Lazy<>(() -> readFixups(limits));
    this.initialisers =
        new Lazy<>(() -> MachOInitialisers.read(layout, commands, fixups.get(), problems));
    this.functions =
        new Lazy<>(
            () ->
                MachOFunctions.read(
                    layout, commands, symbols, initialisers.get(), limits, problems));
    this.indirectSymbols =
        new Lazy<>(() -> IndirectSymbols.of(layout, commands.dysymtab, problems));
  }

  private List<Section> describeSections() {
    return layout.segments.stream()
        .flatMap(
            segment ->
                segment.sections().stream()
                    .map(
                        each ->
                            new Section(
                                each.name(),
                                each.addr(),
                                each.size(),
                                each.fileOffset(),
                                each.fileSize(),
                                header.isObject() ? each.holdsCode() : segment.isExecutable(),
                                segment.isWritable(),
                                each.holdsCode())))
        .toList();
  }

  private List<Segment> describeSegments() {
    return layout.segments.stream().map(MachOImage::describe).toList();
  }

  @Override
  public List<Segment> readOnlyOnceLoaded() {
    return layout.segments.stream()
        .filter(MachOSegment::isReadOnlyOnceFixedUp)
        .map(MachOImage::describe)
        .toList();
  }

  private static Segment describe(MachOSegment segment) {
    return new Segment(
        segment.segname(),
        segment.vmaddr(),
        segment.vmsize(),
        segment.fileoff(),
        segment.filesize(),
        segment.isReadable(),
        segment.isWritable(),
        segment.isExecutable(),
        segment.alignment());
  }

  /** The trie that exports are found in, or null where the symbol table has them. */
  private @Nullable ExportTrie exportTrie() {
    DyldInfo info = commands.dyldInfo;
    Part part = commands.exportsTrie;
    if (!part.isPresent() && info != null) {
      part = info.export();
    }
    return commands.hasExportsTrie || info != null ? new ExportTrie(file, part, problems) : null;
  }

  private Fixups readFixups(Limits limits) {
    if (header.isObject() || header.filetype() == MachO.MH_DSYM) {
      // Those of object files are the linker's, not the loader's.
      return Fixups.NONE;
    }
    ImportTable.Maker importTable =
        (entries, names) -> new ImportTable(entries, names, libraries, symbols, installName());
    if (commands.chainedFixups.isPresent()) {
      return ChainedFixups.read(layout, commands.chainedFixups, importTable, problems);
    }
    DyldInfo info = commands.dyldInfo;
    if (info != null) {
      return OpcodeFixups.read(layout, info, importTable, limits, problems);
    }
    return RelocationFixups.read(layout, commands, symbols, libraries, limits, problems);
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
    return Format.MACH_O;
  }

  @Override
  public Architecture architecture() {
    return header.architecture();
  }

  /**
   * The finer name of the processor that Apple's tools use ({@code x86_64h}, {@code arm64e}, {@code
   * armv7s}), or the architecture's own.
   */
  public String subtype() {
    return header.subtype();
  }

  /** {@code cputype}. */
  public int cpuType() {
    return header.cputype();
  }

  /** {@code cpusubtype} with its capability bits. */
  public int cpuSubtype() {
    return header.cpusubtype();
  }

  /** The version of arm64e's pointer authentication ABI, or -1 where none is stated. */
  public int ptrauthVersion() {
    return header.ptrauthVersion();
  }

  /** {@code filetype}. */
  public int fileType() {
    return header.filetype();
  }

  /** {@code flags} of the header. */
  public int flags() {
    return header.flags();
  }

  @Override
  public ByteOrder byteOrder() {
    return file.order();
  }

  @Override
  public Kind kind() {
    return switch (header.filetype()) {
      case MachO.MH_EXECUTE -> Kind.EXECUTABLE;
      case MachO.MH_DYLIB, MachO.MH_BUNDLE -> Kind.SHARED_LIBRARY;
      case MachO.MH_OBJECT -> Kind.OBJECT;
      case MachO.MH_CORE -> Kind.CORE;
      case MachO.MH_DSYM -> Kind.DEBUG;
      default -> Kind.OTHER;
    };
  }

  /** The system that is stated first, but macOS where one image is for several. */
  @Override
  public PlatformVersion platform() {
    for (PlatformVersion each : platforms) {
      if (each.system() == OperatingSystem.MACOS) {
        return each;
      }
    }
    return platforms.getFirst();
  }

  /** All systems that the image states; never empty. */
  public List<PlatformVersion> platforms() {
    return platforms;
  }

  /** The names of all platforms stated ({@code macOS}, {@code iOS simulator}), as stated. */
  public List<String> platformNames() {
    return commands.versions.stream().map(each -> ApplePlatform.name(each.platform())).toList();
  }

  @Override
  public String installName() {
    MachODylib id = commands.id;
    return id == null ? "" : id.name();
  }

  /** {@code LC_ID_DYLIB}: its own name and versions, or null. */
  public @Nullable MachODylib id() {
    return commands.id;
  }

  /** The libraries that it names, in the order of the load commands. */
  public List<MachODylib> dylibs() {
    return List.copyOf(commands.dylibs);
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
  public List<CodeRange> code() {
    return code;
  }

  @Override
  public long fileOffset(long virtualAddress) {
    return layout.fileOffset(virtualAddress);
  }

  /** The address of the Mach-O header as linked; addresses in crash reports are relative to it. */
  public long baseAddress() {
    return layout.base;
  }

  /** Where a program starts ({@code LC_MAIN}, {@code LC_UNIXTHREAD}), or 0. */
  public long entry() {
    return commands.entryoff >= 0 ? layout.base + commands.entryoff : commands.threadEntry;
  }

  /** {@code LC_UUID}, by which crash reports name images, or null. */
  public @Nullable UUID uuid() {
    return commands.uuid;
  }

  /** The loader that a program asks for ({@code LC_LOAD_DYLINKER}), or empty. */
  public String dylinker() {
    return commands.dylinker;
  }

  @Override
  public List<Needed> needed() {
    return needed;
  }

  @Override
  public List<String> searchPaths() {
    return List.copyOf(commands.rpaths);
  }

  @Override
  public List<VersionNeed> versionNeeds() {
    return List.of();
  }

  /**
   * What runs when the image is loaded: {@code +load} methods of Objective-C classes, each class
   * after its superclass, and of categories; {@code LC_ROUTINES}; the pointers of {@code
   * S_MOD_INIT_FUNC_POINTERS} sections; the functions of {@code S_INIT_FUNC_OFFSETS} sections; last
   * those of {@code S_THREAD_LOCAL_INIT_FUNCTION_POINTERS}, which run when a thread first uses a
   * thread-local variable.
   */
  @Override
  public List<Initialiser> initialisers() {
    return initialisers.get();
  }

  /**
   * What dyld leaves at a pointer-sized place, once lazy bindings are done. The library of an
   * imported name is empty where dyld searches all images: flat names, names of the main program
   * and weak definitions, of which all images share one.
   */
  @Override
  public Slot slot(long virtualAddress) {
    return fixups.get().slot(virtualAddress);
  }

  /** How many places get an address of the image itself. */
  public long rebaseCount() {
    return fixups.get().rebaseCount();
  }

  /** How many places are bound to names. */
  public long bindCount() {
    return fixups.get().bindCount();
  }

  /** Every name that is bound, once for each library that it is asked of. */
  public void forEachImport(Consumer<MachOImport> action) {
    fixups.get().forEachImport(action);
  }

  /**
   * Where a stub (an entry of a {@code S_SYMBOL_STUBS} section) leads according to the indirect
   * symbol table; none for other addresses.
   */
  public Slot stub(long virtualAddress) {
    MachOSection section = layout.sectionAt(virtualAddress);
    if (section == null || section.type() != MachO.S_SYMBOL_STUBS || section.reserved2() <= 0) {
      return Slot.None.INSTANCE;
    }
    long index = (virtualAddress - section.addr()) / section.reserved2();
    int number = indirectSymbols.get().symbol((section.reserved1() & 0xffff_ffffL) + index);
    return number >= 0 && number < symbols.entries().count()
        ? RelocationFixups.symbolSlot(symbols, libraries, number, 0)
        : Slot.None.INSTANCE;
  }

  @Override
  public FunctionTable functions() {
    return functions.get();
  }

  /** Whether the function table is the file's own ({@code LC_FUNCTION_STARTS}). */
  public boolean hasFunctionStarts() {
    return commands.functionStarts.isPresent();
  }

  @Override
  public SymbolTable symbols() {
    return symbols;
  }

  /**
   * Where a re-exported name leads: the name and library that define it, or null where the image
   * does not re-export that very name.
   */
  public @Nullable MachOImport reexport(String name) {
    ExportTrie.Export export = symbols.reexport(name);
    if (export == null) {
      return null;
    }
    String there = export.importedName().isEmpty() ? name : export.importedName();
    return new MachOImport(there, libraries.name(export.ordinal()), false);
  }

  /** Whether names are bound to the library that defined them at link time. */
  public boolean isTwoLevel() {
    return header.has(MachO.MH_TWOLEVEL);
  }

  public Signature signature() {
    return signature;
  }

  public boolean isSigned() {
    return signature != Signature.NONE;
  }

  /** Whether some of it is encrypted, so that it cannot be looked at. */
  public boolean isEncrypted() {
    LoadCommands.Encryption encryption = commands.encryption;
    return encryption != null && encryption.cryptid() != 0;
  }

  /**
   * Reads the tables that are read late first, so that the answer does not depend on what was
   * asked.
   */
  @Override
  public List<Problem> problems() {
    initialisers.get();
    functions.get();
    indirectSymbols.get();
    return problems.list();
  }

  @Override
  public String toString() {
    return "Mach-O " + subtype() + " " + place();
  }
}
