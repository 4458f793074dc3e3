package dev.sigill.image.macho;

import dev.sigill.bytes.Limits;
import dev.sigill.bytes.Problem;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The load commands of an image, each checked against the command's own size and the file. Of
 * commands that may stand once the first counts.
 */
final class LoadCommands {
  /** More than this is no linker's work, in bytes: programs have a few kilobytes. */
  private static final long MOST_COMMANDS = 16 << 20;

  /** Install names and search paths longer than this are no linker's work, in bytes. */
  private static final int MOST_PATH = 4096;

  /** {@code timestamp} of a {@code dylib_use_command}, which has flags after its fixed part. */
  private static final long DYLIB_USE_MARKER = 0x1a741800;

  private static final int DYLIB_USE_WEAK_LINK = 0x1;
  private static final int DYLIB_USE_REEXPORT = 0x2;
  private static final int DYLIB_USE_UPWARD = 0x4;
  private static final int DYLIB_USE_DELAYED_INIT = 0x8;

  /**
   * A part of the file that a command points to.
   *
   * @param offset where it lies, relative to the image's first byte
   * @param size its size in bytes, 0 where there is none
   */
  record Part(long offset, long size) {
    static final Part NONE = new Part(0, 0);

    boolean isPresent() {
      return size > 0;
    }
  }

  /** {@code symtab_command}. */
  record Symtab(long symoff, long nsyms, Part strings) {
    static final Symtab NONE = new Symtab(0, 0, Part.NONE);
  }

  /** The fields of {@code dysymtab_command} that loaders use. */
  record Dysymtab(
      long ilocalsym,
      long nlocalsym,
      long iextdefsym,
      long nextdefsym,
      long indirectsymoff,
      long nindirectsyms,
      long extreloff,
      long nextrel,
      long locreloff,
      long nlocrel) {}

  /** {@code dyld_info_command}. */
  record DyldInfo(Part rebase, Part bind, Part weakBind, Part lazyBind, Part export) {}

  /**
   * A platform that a command states.
   *
   * @param platform the {@code PLATFORM_} number
   * @param minos the least version, packed
   * @param sdk the version built with, packed
   */
  record BuildVersion(int platform, long minos, long sdk) {}

  /** {@code encryption_info_command}. */
  record Encryption(long cryptoff, long cryptsize, long cryptid) {}

  private final MachOBytes file;
  private final MachOHeader header;
  private final Limits limits;
  private final MachOProblems problems;
  private final Set<Integer> met = new LinkedHashSet<>();
  private int sectionCount;

  final List<MachOSegment> segments = new ArrayList<>();
  final List<MachODylib> dylibs = new ArrayList<>();
  final List<String> rpaths = new ArrayList<>();
  final List<BuildVersion> versions = new ArrayList<>();
  @Nullable MachODylib id;
  Symtab symtab = Symtab.NONE;
  @Nullable Dysymtab dysymtab;
  @Nullable DyldInfo dyldInfo;
  Part chainedFixups = Part.NONE;
  Part exportsTrie = Part.NONE;
  boolean hasExportsTrie;
  Part functionStarts = Part.NONE;
  boolean hasFunctionStarts;
  Part dataInCode = Part.NONE;
  Part codeSignature = Part.NONE;
  @Nullable Encryption encryption;
  @Nullable UUID uuid;
  String dylinker = "";

  /** {@code LC_MAIN}'s file offset of the program's entry, or -1. */
  long entryoff = -1;

  /** The program counter that {@code LC_UNIXTHREAD} sets, or 0. */
  long threadEntry;

  /** {@code init_address} of {@code LC_ROUTINES}, or 0. */
  long routines;

  private LoadCommands(MachOBytes file, MachOHeader header, Limits limits, MachOProblems problems) {
    this.file = file;
    this.header = header;
    this.limits = limits;
    this.problems = problems;
  }

  static LoadCommands read(
      MachOBytes file, MachOHeader header, Limits limits, MachOProblems problems) {
    var commands = new LoadCommands(file, header, limits, problems);
    commands.readAll();
    return commands;
  }

  private void readAll() {
    long start = header.size();
    long end = start + header.sizeofcmds();
    if (end > file.length()) {
      problems.partLost(
          Problem.Code.TRUNCATED, 20, "sizeofcmds", header.sizeofcmds(), file.length() - start);
      end = file.length();
    }
    if (end - start > MOST_COMMANDS) {
      problems.partLost(Problem.Code.LIMIT, 20, "sizeofcmds", end - start, MOST_COMMANDS);
      end = start + MOST_COMMANDS;
    }
    long at = start;
    for (long i = 0; i < header.ncmds(); i++) {
      if (end - at < 8) {
        problems.partLost(Problem.Code.OUT_OF_RANGE, 16, "ncmds", header.ncmds(), i);
        return;
      }
      int command = file.i32(at);
      long size = file.u32(at + 4);
      if (size < 8 || size > end - at || size % 4 != 0) {
        problems.partLost(
            Problem.Code.OUT_OF_RANGE, at + 4, "load command " + i + ": cmdsize", size, end - at);
        return;
      }
      read(command, at, size);
      at += size;
    }
  }

  private void read(int command, long at, long size) {
    switch (command) {
      case MachO.LC_SEGMENT -> segment(at, size, false);
      case MachO.LC_SEGMENT_64 -> segment(at, size, true);
      case MachO.LC_SYMTAB -> {
        if (isFirst(command, at) && fits(at, size, 24, "LC_SYMTAB")) {
          symtab(at);
        }
      }
      case MachO.LC_DYSYMTAB -> {
        if (isFirst(command, at) && fits(at, size, 80, "LC_DYSYMTAB")) {
          dysymtab =
              new Dysymtab(
                  file.u32(at + 8),
                  file.u32(at + 12),
                  file.u32(at + 16),
                  file.u32(at + 20),
                  file.u32(at + 56),
                  file.u32(at + 60),
                  file.u32(at + 64),
                  file.u32(at + 68),
                  file.u32(at + 72),
                  file.u32(at + 76));
        }
      }
      case MachO.LC_LOAD_DYLIB -> dylib(at, size, MachODylib.Kind.LC_LOAD_DYLIB);
      case MachO.LC_LOAD_WEAK_DYLIB -> dylib(at, size, MachODylib.Kind.LC_LOAD_WEAK_DYLIB);
      case MachO.LC_REEXPORT_DYLIB -> dylib(at, size, MachODylib.Kind.LC_REEXPORT_DYLIB);
      case MachO.LC_LAZY_LOAD_DYLIB -> dylib(at, size, MachODylib.Kind.LC_LAZY_LOAD_DYLIB);
      case MachO.LC_LOAD_UPWARD_DYLIB -> dylib(at, size, MachODylib.Kind.LC_LOAD_UPWARD_DYLIB);
      case MachO.LC_ID_DYLIB -> dylib(at, size, MachODylib.Kind.LC_ID_DYLIB);
      case MachO.LC_LOAD_DYLINKER -> dylinker = path(at, size, 8, "LC_LOAD_DYLINKER: name");
      case MachO.LC_RPATH -> {
        String path = path(at, size, 8, "LC_RPATH: path");
        if (!path.isEmpty()) {
          rpaths.add(path);
        }
      }
      case MachO.LC_ROUTINES, MachO.LC_ROUTINES_64 -> {
        boolean is64 = command == MachO.LC_ROUTINES_64;
        if (fits(at, size, is64 ? 16 : 12, "LC_ROUTINES")) {
          routines = is64 ? file.i64(at + 8) : file.u32(at + 8);
        }
      }
      case MachO.LC_UUID -> {
        if (isFirst(command, at) && fits(at, size, 24, "LC_UUID")) {
          uuid = new UUID(bigEndian(at + 8), bigEndian(at + 16));
        }
      }
      case MachO.LC_CODE_SIGNATURE ->
          codeSignature = linkedit(at, size, "LC_CODE_SIGNATURE", codeSignature, command);
      case MachO.LC_FUNCTION_STARTS -> {
        hasFunctionStarts = true;
        functionStarts = linkedit(at, size, "LC_FUNCTION_STARTS", functionStarts, command);
      }
      case MachO.LC_DATA_IN_CODE ->
          dataInCode = linkedit(at, size, "LC_DATA_IN_CODE", dataInCode, command);
      case MachO.LC_DYLD_EXPORTS_TRIE -> {
        hasExportsTrie = true;
        exportsTrie = linkedit(at, size, "LC_DYLD_EXPORTS_TRIE", exportsTrie, command);
      }
      case MachO.LC_DYLD_CHAINED_FIXUPS ->
          chainedFixups = linkedit(at, size, "LC_DYLD_CHAINED_FIXUPS", chainedFixups, command);
      case MachO.LC_DYLD_INFO, MachO.LC_DYLD_INFO_ONLY -> {
        if (isFirst(MachO.LC_DYLD_INFO, at) && fits(at, size, 48, "LC_DYLD_INFO")) {
          dyldInfo =
              new DyldInfo(
                  part(at + 8, "LC_DYLD_INFO: rebase_off"),
                  part(at + 16, "LC_DYLD_INFO: bind_off"),
                  part(at + 24, "LC_DYLD_INFO: weak_bind_off"),
                  part(at + 32, "LC_DYLD_INFO: lazy_bind_off"),
                  part(at + 40, "LC_DYLD_INFO: export_off"));
        }
      }
      case MachO.LC_MAIN -> {
        if (isFirst(command, at) && fits(at, size, 24, "LC_MAIN")) {
          entryoff = file.i64(at + 8);
        }
      }
      case MachO.LC_UNIXTHREAD -> {
        if (isFirst(command, at)) {
          threadEntry = programCounter(at, size);
        }
      }
      case MachO.LC_VERSION_MIN_MACOSX -> versionMin(at, size, ApplePlatform.MACOS);
      case MachO.LC_VERSION_MIN_IPHONEOS -> versionMin(at, size, ApplePlatform.IOS);
      case MachO.LC_VERSION_MIN_TVOS -> versionMin(at, size, ApplePlatform.TVOS);
      case MachO.LC_VERSION_MIN_WATCHOS -> versionMin(at, size, ApplePlatform.WATCHOS);
      case MachO.LC_BUILD_VERSION -> {
        if (fits(at, size, 24, "LC_BUILD_VERSION")) {
          addVersion(file.i32(at + 8), file.u32(at + 12), file.u32(at + 16), at);
        }
      }
      case MachO.LC_ENCRYPTION_INFO, MachO.LC_ENCRYPTION_INFO_64 -> {
        if (fits(at, size, 20, "LC_ENCRYPTION_INFO")) {
          encryption = new Encryption(file.u32(at + 8), file.u32(at + 12), file.u32(at + 16));
        }
      }
      default -> {}
    }
  }

  private boolean isFirst(int command, long at) {
    if (!met.add(command)) {
      problems.nothingLost(
          Problem.Code.BAD_VALUE,
          at,
          "load command that may stand once: cmd",
          command & 0xffff_ffffL,
          -1);
      return false;
    }
    return true;
  }

  private boolean fits(long at, long size, long needed, String field) {
    if (size < needed) {
      problems.partLost(Problem.Code.OUT_OF_RANGE, at + 4, field + ": cmdsize", size, needed);
      return false;
    }
    return true;
  }

  private long bigEndian(long at) {
    return file.bytes().i64(at, java.nio.ByteOrder.BIG_ENDIAN);
  }

  /** A pair of 32-bit offset and size, as far as it lies in the file. */
  private Part part(long at, String field) {
    return part(at, file.u32(at), file.u32(at + 4), field);
  }

  private Part part(long at, long offset, long size, String field) {
    if (size == 0) {
      return Part.NONE;
    }
    if (offset >= file.length()) {
      problems.partLost(Problem.Code.OUT_OF_RANGE, at, field, offset, file.length());
      return Part.NONE;
    }
    if (size > file.length() - offset) {
      problems.partLost(Problem.Code.TRUNCATED, at, field, offset + size, file.length());
      return new Part(offset, file.length() - offset);
    }
    return new Part(offset, size);
  }

  /** {@code linkedit_data_command}. */
  private Part linkedit(long at, long size, String name, Part known, int command) {
    if (!isFirst(command, at) || !fits(at, size, 16, name)) {
      return known;
    }
    return part(at + 8, name + ": dataoff");
  }

  private void symtab(long at) {
    long symoff = file.u32(at + 8);
    long nsyms = file.u32(at + 12);
    int entrySize = header.is64() ? 16 : 12;
    Part entries = part(at + 8, symoff, nsyms * entrySize, "LC_SYMTAB: symoff");
    long count = entries.size() / entrySize;
    if (count > limits.entries()) {
      problems.partLost(Problem.Code.LIMIT, at + 12, "LC_SYMTAB: nsyms", count, limits.entries());
      count = limits.entries();
    }
    symtab = new Symtab(entries.offset(), count, part(at + 16, "LC_SYMTAB: stroff"));
  }

  private void versionMin(long at, long size, int platform) {
    if (fits(at, size, 16, "LC_VERSION_MIN")) {
      addVersion(platform, file.u32(at + 8), file.u32(at + 12), at);
    }
  }

  private void addVersion(int platform, long minos, long sdk, long at) {
    var stated = new BuildVersion(platform, minos, sdk);
    if (versions.stream().anyMatch(known -> known.platform() == platform)) {
      problems.nothingLost(
          Problem.Code.BAD_VALUE, at, "LC_BUILD_VERSION: platform", platform & 0xffff_ffffL, -1);
    } else if (versions.size() < 64) {
      versions.add(stated);
    }
  }

  /** The text that an {@code lc_str} field leads to: an offset from the start of the command. */
  private String path(long at, long size, int field, String name) {
    if (size < field + 4L) {
      problems.partLost(Problem.Code.OUT_OF_RANGE, at + 4, name, size, field + 4L);
      return "";
    }
    long offset = file.u32(at + field);
    if (offset < field + 4L || offset >= size) {
      problems.partLost(Problem.Code.OUT_OF_RANGE, at + field, name, offset, size);
      return "";
    }
    return file.text(at + offset, (int) Math.min(MOST_PATH, size - offset));
  }

  private void dylib(long at, long size, MachODylib.Kind stated) {
    if (!fits(at, size, 24, stated.name())) {
      return;
    }
    MachODylib.Kind kind = stated;
    String name = path(at, size, 8, kind.name() + ": name");
    boolean isWeak =
        kind == MachODylib.Kind.LC_LOAD_WEAK_DYLIB || kind == MachODylib.Kind.LC_LAZY_LOAD_DYLIB;
    boolean isReexported = kind == MachODylib.Kind.LC_REEXPORT_DYLIB;
    boolean isUse =
        size >= 28
            && file.u32(at + 8) == 28
            && file.u32(at + 12) == DYLIB_USE_MARKER
            && kind != MachODylib.Kind.LC_ID_DYLIB;
    if (isUse) {
      int flags = file.i32(at + 24);
      isWeak |= (flags & (DYLIB_USE_WEAK_LINK | DYLIB_USE_DELAYED_INIT)) != 0;
      isReexported |= (flags & DYLIB_USE_REEXPORT) != 0;
      if ((flags & DYLIB_USE_REEXPORT) != 0) {
        kind = MachODylib.Kind.LC_REEXPORT_DYLIB;
      } else if ((flags & DYLIB_USE_UPWARD) != 0) {
        kind = MachODylib.Kind.LC_LOAD_UPWARD_DYLIB;
      } else if ((flags & DYLIB_USE_WEAK_LINK) != 0) {
        kind = MachODylib.Kind.LC_LOAD_WEAK_DYLIB;
      }
    }
    var dylib =
        new MachODylib(
            name,
            kind,
            isWeak,
            isReexported,
            dottedVersion(file.u32(at + 16)),
            dottedVersion(file.u32(at + 20)));
    if (kind != MachODylib.Kind.LC_ID_DYLIB) {
      dylibs.add(dylib);
    } else if (id == null) {
      id = dylib;
    }
  }

  private static String dottedVersion(long packed) {
    return (packed >>> 16) + "." + (packed >>> 8 & 0xff) + "." + (packed & 0xff);
  }

  /** The program counter in the register state of a thread command, or 0. */
  private long programCounter(long at, long size) {
    if (!fits(at, size, 16, "LC_UNIXTHREAD")) {
      return 0;
    }
    int flavor = file.i32(at + 8);
    int index =
        switch (header.cputype()) {
          case MachO.CPU_TYPE_X86_64 -> flavor == 4 ? 16 : -1;
          case MachO.CPU_TYPE_X86 -> flavor == 1 ? 10 : -1;
          case MachO.CPU_TYPE_ARM64, MachO.CPU_TYPE_ARM64_32 -> flavor == 6 ? 32 : -1;
          case MachO.CPU_TYPE_ARM -> flavor == 1 ? 15 : -1;
          case MachO.CPU_TYPE_POWERPC -> flavor == 1 ? 0 : -1;
          default -> -1;
        };
    boolean isWide = (header.cputype() & (MachO.CPU_ARCH_ABI64 | MachO.CPU_ARCH_ABI64_32)) != 0;
    int registerSize = isWide ? 8 : 4;
    if (index < 0 || size < 16 + (index + 1L) * registerSize) {
      return 0;
    }
    long place = at + 16 + (long) index * registerSize;
    return isWide ? file.i64(place) : file.u32(place);
  }

  private void segment(long at, long size, boolean is64) {
    String command = is64 ? "LC_SEGMENT_64" : "LC_SEGMENT";
    int fixed = is64 ? 72 : 56;
    if (!fits(at, size, fixed, command)) {
      return;
    }
    String segname = file.text(at + 8, 16);
    String name = command + " " + segname;
    long vmaddr = is64 ? file.i64(at + 24) : file.u32(at + 24);
    long vmsize = is64 ? file.i64(at + 32) : file.u32(at + 28);
    long fileoff = is64 ? file.i64(at + 40) : file.u32(at + 32);
    long filesize = is64 ? file.i64(at + 48) : file.u32(at + 36);
    int initprot = file.i32(is64 ? at + 60 : at + 44);
    long nsects = file.u32(is64 ? at + 64 : at + 48);
    int flags = file.i32(is64 ? at + 68 : at + 52);

    long space = is64 ? -1L : 0xffff_ffffL;
    if (vmsize < 0 || Long.compareUnsigned(vmsize, space - vmaddr) > 0) {
      problems.partLost(Problem.Code.OUT_OF_RANGE, at, name + ": vmsize", vmsize, -1);
      vmsize = vmsize < 0 ? 0 : Math.max(0, space - vmaddr);
    }
    if (fileoff < 0 || fileoff > file.length()) {
      problems.partLost(Problem.Code.OUT_OF_RANGE, at, name + ": fileoff", fileoff, file.length());
      fileoff = file.length();
    }
    if (filesize < 0 || filesize > file.length() - fileoff) {
      problems.partLost(
          Problem.Code.TRUNCATED, at, name + ": filesize", filesize, file.length() - fileoff);
      filesize = file.length() - fileoff;
    }
    if (filesize > vmsize) {
      if (!header.isObject()) {
        problems.nothingLost(Problem.Code.OUT_OF_RANGE, at, name + ": filesize", filesize, vmsize);
      }
      filesize = vmsize;
    }

    int entrySize = is64 ? 80 : 68;
    long room = (size - fixed) / entrySize;
    if (nsects > room) {
      problems.partLost(Problem.Code.OUT_OF_RANGE, at, name + ": nsects", nsects, room);
      nsects = room;
    }
    var sections = new ArrayList<MachOSection>((int) nsects);
    long alignment = 1;
    for (int i = 0; i < nsects; i++) {
      long place = at + fixed + (long) i * entrySize;
      int align = file.i32(is64 ? place + 52 : place + 44);
      if (align >= 0 && align < 32) {
        alignment = Math.max(alignment, 1L << align);
      }
      sections.add(section(place, is64, vmaddr, vmsize, fileoff, filesize));
    }
    segments.add(
        new MachOSegment(
            segments.size(),
            segname,
            vmaddr,
            vmsize,
            fileoff,
            filesize,
            initprot,
            flags,
            alignment,
            List.copyOf(sections)));
  }

  private MachOSection section(
      long at, boolean is64, long vmaddr, long vmsize, long fileoff, long filesize) {
    String sectname = file.text(at, 16);
    String segname = file.text(at + 16, 16);
    long addr = is64 ? file.i64(at + 32) : file.u32(at + 32);
    long size = is64 ? file.i64(at + 40) : file.u32(at + 36);
    long offset = file.u32(is64 ? at + 48 : at + 40);
    int flags = file.i32(is64 ? at + 64 : at + 56);
    int reserved1 = file.i32(is64 ? at + 68 : at + 60);
    int reserved2 = file.i32(is64 ? at + 72 : at + 64);
    String name = segname + "," + sectname;
    long start = addr - vmaddr;
    if (Long.compareUnsigned(start, vmsize) > 0) {
      if (size != 0) {
        problems.partLost(Problem.Code.OUT_OF_RANGE, at, name + ": addr", addr, -1);
      }
      addr = vmaddr;
      start = 0;
      size = 0;
    } else if (Long.compareUnsigned(size, vmsize - start) > 0) {
      problems.partLost(Problem.Code.OUT_OF_RANGE, at, name + ": size", size, vmsize - start);
      size = vmsize - start;
    }
    long content = 0;
    if (!MachOSection.isZeroFill(flags & MachO.SECTION_TYPE)) {
      content = Math.clamp(filesize - start, 0, size);
      // The loader maps segments; a section's own offset is an aid for people.
      if (content > 0 && offset != fileoff + start) {
        problems.nothingLost(
            Problem.Code.BAD_VALUE, at, name + ": offset", offset, fileoff + start);
      }
    }
    return new MachOSection(
        ++sectionCount,
        sectname,
        segname,
        addr,
        size,
        fileoff + (content > 0 ? start : 0),
        content,
        flags,
        reserved1,
        reserved2);
  }
}
