package dev.sigill.image.elf;

import dev.sigill.bytes.Limits;
import dev.sigill.bytes.Problem;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where an ELF file's parts lie in the file and in memory. Program headers are what the loader
 * believes; section headers are an aid that may be missing or wrong.
 */
final class ElfLayout {
  /** More section headers than any linker writes for one file. */
  private static final int MOST_SECTIONS = 1 << 20;

  final ElfBytes file;
  final ElfHeader header;
  final List<ElfProgramHeader> programHeaders;
  final List<ElfSectionHeader> sections;

  // The stretches of memory with content in the file: PT_LOAD, or sections of an object file.
  private final long[] starts;
  private final long[] sizes;
  private final long[] offsets;
  private final boolean isAscending;
  private final boolean isDebug;

  private ElfLayout(
      ElfBytes file,
      ElfHeader header,
      List<ElfProgramHeader> programHeaders,
      List<ElfSectionHeader> sections) {
    this.file = file;
    this.header = header;
    this.programHeaders = List.copyOf(programHeaders);
    this.sections = List.copyOf(sections);
    this.isDebug = isDebug(sections);
    int most = isObject() ? sections.size() : programHeaders.size();
    var start = new long[most];
    var size = new long[most];
    var offset = new long[most];
    int count = 0;
    if (isObject()) {
      for (ElfSectionHeader section : sections) {
        if (section.isAllocated() && section.fileSize() > 0) {
          start[count] = section.address();
          offset[count] = section.offset();
          size[count++] = room(section.offset(), section.fileSize());
        }
      }
    } else if (!isDebug) {
      for (ElfProgramHeader load : programHeaders) {
        if (load.type() == Elf.PT_LOAD && load.fileSize() != 0) {
          start[count] = load.virtualAddress();
          offset[count] = load.offset();
          size[count++] = room(load.offset(), min(load.fileSize(), load.memorySize()));
        }
      }
    }
    starts = Arrays.copyOf(start, count);
    sizes = Arrays.copyOf(size, count);
    offsets = Arrays.copyOf(offset, count);
    boolean ascends = true;
    for (int i = 1; i < count; i++) {
      long end = starts[i - 1] + sizes[i - 1];
      ascends &=
          Long.compareUnsigned(end, starts[i - 1]) >= 0
              && Long.compareUnsigned(starts[i], end) >= 0;
    }
    isAscending = ascends;
  }

  static ElfLayout read(ElfBytes file, ElfHeader header, Limits limits, ElfProblems problems) {
    List<ElfProgramHeader> programs = readProgramHeaders(file, header, limits, problems);
    List<ElfSectionHeader> sections = readSectionHeaders(file, header, limits, problems);
    return new ElfLayout(file, header, programs, sections);
  }

  private static List<ElfProgramHeader> readProgramHeaders(
      ElfBytes file, ElfHeader header, Limits limits, ElfProblems problems) {
    int size = file.is64() ? 56 : 32;
    long stated = header.phnum();
    if (stated == Elf.PN_XNUM) {
      long info = header.shoff() + (file.is64() ? 44 : 28);
      stated = file.has(info, 4) ? file.u32(info) : 0;
    }
    if (stated == 0) {
      return List.of();
    }
    long place = file.is64() ? 54 : 42;
    if (header.phentsize() < size) {
      problems.partLost(Problem.Code.BAD_VALUE, place, "e_phentsize", header.phentsize(), size);
      return List.of();
    }
    int count = fitting(file, header.phoff(), header.phentsize(), stated, limits.entries());
    if (count < stated) {
      problems.partLost(
          Problem.Code.OUT_OF_RANGE, place + 2, "e_phoff + e_phnum * e_phentsize", stated, count);
    }
    var out = new ArrayList<ElfProgramHeader>(count);
    for (int i = 0; i < count; i++) {
      long at = header.phoff() + (long) i * header.phentsize();
      ElfProgramHeader read = readProgramHeader(file, at);
      out.add(read);
      if (read.type() == Elf.PT_LOAD && !file.has(read.offset(), read.fileSize())) {
        problems.partLost(
            Problem.Code.TRUNCATED,
            at,
            "program header " + i + ": p_offset + p_filesz",
            read.offset() + read.fileSize(),
            file.length());
      }
    }
    return out;
  }

  private static ElfProgramHeader readProgramHeader(ElfBytes file, long at) {
    return file.is64()
        ? new ElfProgramHeader(
            file.i32(at),
            file.i32(at + 4),
            file.i64(at + 8),
            file.i64(at + 16),
            file.i64(at + 32),
            file.i64(at + 40),
            file.i64(at + 48))
        : new ElfProgramHeader(
            file.i32(at),
            file.i32(at + 24),
            file.u32(at + 4),
            file.u32(at + 8),
            file.u32(at + 16),
            file.u32(at + 20),
            file.u32(at + 28));
  }

  private static List<ElfSectionHeader> readSectionHeaders(
      ElfBytes file, ElfHeader header, Limits limits, ElfProblems problems) {
    int size = file.is64() ? 64 : 40;
    long place = file.is64() ? 58 : 46;
    if (header.shoff() == 0) {
      return List.of();
    }
    if (header.shentsize() < size || !file.has(header.shoff(), header.shentsize())) {
      if (header.shnum() != 0) {
        // The loader needs no section headers; stripped and packed files point to none.
        problems.nothingLost(
            Problem.Code.OUT_OF_RANGE, place - 18, "e_shoff", header.shoff(), file.length());
      }
      return List.of();
    }
    long stated = header.shnum();
    if (stated == 0) {
      stated = file.word(header.shoff() + (file.is64() ? 32 : 20));
    }
    int most = Math.min(MOST_SECTIONS, limits.entries());
    int count = fitting(file, header.shoff(), header.shentsize(), stated, most);
    if (count != stated) {
      problems.nothingLost(
          Problem.Code.OUT_OF_RANGE, place + 2, "e_shoff + e_shnum * e_shentsize", stated, count);
    }
    long namesIndex = header.shstrndx();
    if (namesIndex == Elf.SHN_XINDEX) {
      namesIndex = file.u32(header.shoff() + (file.is64() ? 40 : 24));
    }
    ElfStrings names = ElfStrings.EMPTY;
    if (namesIndex > 0 && namesIndex < count) {
      ElfSectionHeader s =
          readSectionHeader(
              file, header.shoff() + namesIndex * header.shentsize(), ElfStrings.EMPTY);
      names = ElfStrings.of(file, s.offset(), s.fileSize());
    }
    var out = new ArrayList<ElfSectionHeader>(count);
    long endOfFile = file.length() + 0xfff & ~0xfffL;
    for (int i = 0; i < count; i++) {
      long at = header.shoff() + (long) i * header.shentsize();
      ElfSectionHeader read = readSectionHeader(file, at, names);
      if (header.type() == Elf.ET_REL) {
        // Every section of an object file says address 0; its place in the file tells it apart.
        long address = read.offset();
        if (read.fileSize() == 0) {
          address = endOfFile;
          endOfFile += Math.clamp(read.size(), 0, 1L << 40) + 15 & ~15L;
        }
        read =
            new ElfSectionHeader(
                read.name(),
                read.type(),
                read.flags(),
                address,
                read.offset(),
                read.size(),
                read.link(),
                read.info(),
                read.entrySize());
      }
      out.add(read);
    }
    return out;
  }

  private static ElfSectionHeader readSectionHeader(ElfBytes file, long at, ElfStrings names) {
    return file.is64()
        ? new ElfSectionHeader(
            names.text(file.u32(at)),
            file.i32(at + 4),
            file.i64(at + 8),
            file.i64(at + 16),
            file.i64(at + 24),
            file.i64(at + 32),
            file.i32(at + 40),
            file.i32(at + 44),
            file.i64(at + 56))
        : new ElfSectionHeader(
            names.text(file.u32(at)),
            file.i32(at + 4),
            file.u32(at + 8),
            file.u32(at + 12),
            file.u32(at + 16),
            file.u32(at + 20),
            file.i32(at + 24),
            file.i32(at + 28),
            file.u32(at + 36));
  }

  /** How many entries of a table lie in the file, at most as many as stated and allowed. */
  static int fitting(ElfBytes file, long offset, long entrySize, long stated, int most) {
    if (offset < 0 || offset > file.length() || entrySize <= 0) {
      return 0;
    }
    long room = (file.length() - offset) / entrySize;
    return (int) min(min(stated, room), most);
  }

  private static long min(long a, long b) {
    return Long.compareUnsigned(a, b) < 0 ? a : b;
  }

  /** How much of a stated range lies in the file. */
  private long room(long offset, long size) {
    return offset < 0 || offset > file.length() ? 0 : min(size, file.length() - offset);
  }

  /** Whether code has sections but no content: what is left for a debugger after stripping. */
  private static boolean isDebug(List<ElfSectionHeader> sections) {
    boolean hasEmptyCode = false;
    for (ElfSectionHeader section : sections) {
      if (section.holdsCode() && section.size() > 0) {
        return false;
      }
      hasEmptyCode |=
          section.isExecutable() && section.isAllocated() && section.type() == Elf.SHT_NOBITS;
    }
    return hasEmptyCode;
  }

  /**
   * Whether the file holds debugging information only; its program headers speak of the file that
   * it was taken from.
   */
  boolean isDebug() {
    return isDebug;
  }

  boolean isObject() {
    return header.type() == Elf.ET_REL;
  }

  /** The stretch that holds an address, or -1. */
  private int stretch(long address) {
    if (isAscending) {
      int low = 0;
      int high = starts.length - 1;
      while (low <= high) {
        int middle = low + high >>> 1;
        if (Long.compareUnsigned(starts[middle], address) <= 0) {
          low = middle + 1;
        } else {
          high = middle - 1;
        }
      }
      return high >= 0 && Long.compareUnsigned(address - starts[high], sizes[high]) < 0 ? high : -1;
    }
    // The last one wins, as a later mapping replaces an earlier one.
    for (int i = starts.length - 1; i >= 0; i--) {
      if (Long.compareUnsigned(address - starts[i], sizes[i]) < 0) {
        return i;
      }
    }
    return -1;
  }

  /** The offset of an address's byte in the file, or -1. */
  long fileOffset(long address) {
    int i = stretch(address);
    return i < 0 ? -1 : offsets[i] + (address - starts[i]);
  }

  /** The file offset of a range of memory that lies in the file in one piece, or -1. */
  long fileOffset(long address, long size) {
    int i = stretch(address);
    if (i < 0) {
      return -1;
    }
    long delta = address - starts[i];
    return size >= 0 && size <= sizes[i] - delta ? offsets[i] + delta : -1;
  }

  /** How many bytes from an address on lie in the file in one piece. */
  long fileRoom(long address) {
    int i = stretch(address);
    return i < 0 ? 0 : sizes[i] - (address - starts[i]);
  }

  /** The first program header of a type, or null. */
  @Nullable ElfProgramHeader first(int type) {
    for (ElfProgramHeader each : programHeaders) {
      if (each.type() == type) {
        return each;
      }
    }
    return null;
  }

  /** Whether an address lies in memory that is mapped executable. */
  boolean isExecutable(long address) {
    if (isObject()) {
      for (ElfSectionHeader section : sections) {
        if (section.isExecutable()
            && Long.compareUnsigned(address - section.address(), section.fileSize()) < 0) {
          return true;
        }
      }
      return false;
    }
    for (ElfProgramHeader each : programHeaders) {
      if (each.type() == Elf.PT_LOAD && each.isExecutable() && each.contains(address)) {
        return true;
      }
    }
    return false;
  }

  /** The first address of the image in memory. */
  long lowestAddress() {
    long lowest = -1;
    for (ElfProgramHeader each : programHeaders) {
      if (each.type() == Elf.PT_LOAD && each.memorySize() != 0) {
        lowest = min(lowest, each.virtualAddress());
      }
    }
    return lowest;
  }

  /** The address after the last one of the image in memory. */
  long highestAddress() {
    long highest = 0;
    for (ElfProgramHeader each : programHeaders) {
      if (each.type() == Elf.PT_LOAD && each.memorySize() != 0) {
        long end = each.virtualAddress() + each.memorySize();
        highest = Long.compareUnsigned(end, highest) > 0 ? end : highest;
      }
    }
    return highest;
  }
}
