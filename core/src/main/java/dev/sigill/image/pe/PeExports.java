package dev.sigill.image.pe;

import dev.sigill.bytes.Bytes;
import dev.sigill.bytes.Limits;
import dev.sigill.bytes.Problem;
import dev.sigill.image.pe.PeHeaders.DataDirectory;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.BitSet;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The export table, read in place ("PE Format": The .edata Section). Exports have numbers here:
 * first the names in the order of the name pointer table, then the functions without a name in the
 * order of their ordinals.
 */
final class PeExports {
  private static final int EXPORT_DIRECTORY_SIZE = 40;
  private static final int LONGEST_NAME = 1 << 14;

  private final Bytes bytes;
  private final PeMapping mapping;
  private final DataDirectory directory;
  private final String dllName;
  private final long ordinalBase;
  private final int functions;
  private final int names;
  private final long functionsOffset;
  private final long namesOffset;
  private final long ordinalsOffset;

  private PeExports(
      Bytes bytes,
      PeMapping mapping,
      DataDirectory directory,
      String dllName,
      long ordinalBase,
      int functions,
      int names,
      long functionsOffset,
      long namesOffset,
      long ordinalsOffset) {
    this.bytes = bytes;
    this.mapping = mapping;
    this.directory = directory;
    this.dllName = dllName;
    this.ordinalBase = ordinalBase;
    this.functions = functions;
    this.names = names;
    this.functionsOffset = functionsOffset;
    this.namesOffset = namesOffset;
    this.ordinalsOffset = ordinalsOffset;
  }

  static PeExports read(
      Bytes bytes, PeHeaders headers, PeMapping mapping, Limits limits, PeProblems problems) {
    DataDirectory directory = headers.directory(PeHeaders.EXPORT);
    long at = mapping.fileOffset(directory.virtualAddress(), EXPORT_DIRECTORY_SIZE);
    if (!directory.isPresent() || at < 0) {
      if (directory.isPresent()) {
        problems.partLost(
            Problem.Code.OUT_OF_RANGE,
            headers.fileOffset(),
            "Export Table RVA",
            directory.virtualAddress(),
            mapping.end());
      }
      return new PeExports(bytes, mapping, DataDirectory.NONE, "", 0, 0, 0, 0, 0, 0);
    }
    var counts = new Counts(bytes, mapping, limits, problems);
    long functionsRva = bytes.u32(at + 28, ByteOrder.LITTLE_ENDIAN);
    long namesRva = bytes.u32(at + 32, ByteOrder.LITTLE_ENDIAN);
    long ordinalsRva = bytes.u32(at + 36, ByteOrder.LITTLE_ENDIAN);
    int functions = counts.checked(at + 20, functionsRva, 4, "NumberOfFunctions");
    int names = counts.checked(at + 24, namesRva, 4, "NumberOfNames");
    names = Math.min(names, counts.checked(at + 24, ordinalsRva, 2, "NumberOfNames"));
    return new PeExports(
        bytes,
        mapping,
        directory,
        mapping.text(bytes.u32(at + 12, ByteOrder.LITTLE_ENDIAN), 512),
        bytes.u32(at + 16, ByteOrder.LITTLE_ENDIAN),
        functions,
        names,
        mapping.fileOffset(functionsRva),
        mapping.fileOffset(namesRva),
        mapping.fileOffset(ordinalsRva));
  }

  private record Counts(Bytes bytes, PeMapping mapping, Limits limits, PeProblems problems) {
    int checked(long field, long table, int entrySize, String name) {
      long stated = bytes.u32(field, ByteOrder.LITTLE_ENDIAN);
      long room = mapping.room(table) / entrySize;
      long most = Math.min(room, Math.min(limits.entries(), CoffSymbols.MOST));
      if (stated > most) {
        problems.partLost(
            stated > room ? Problem.Code.OUT_OF_RANGE : Problem.Code.LIMIT,
            field,
            name,
            stated,
            most);
      }
      return (int) Math.min(stated, most);
    }
  }

  /** The DLL's name as the export directory writes it, or empty. */
  String dllName() {
    return dllName;
  }

  int nameCount() {
    return names;
  }

  int functionCount() {
    return functions;
  }

  /** The number of the export of this name or {@code #ordinal}, or -1. */
  int find(String name) {
    if (name.startsWith("#") && name.length() > 1 && name.length() < 8) {
      long ordinal = 0;
      for (int i = 1; i < name.length(); i++) {
        char digit = name.charAt(i);
        if (digit < '0' || digit > '9') {
          return findName(name);
        }
        ordinal = ordinal * 10 + (digit - '0');
      }
      long function = ordinal - ordinalBase;
      return function >= 0 && function < functions ? names + (int) function : -1;
    }
    return findName(name);
  }

  private int findName(String name) {
    byte[] wanted = name.getBytes(StandardCharsets.UTF_8);
    int low = 0;
    int high = names - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      int order = compare(nameRva(middle), wanted);
      if (order == 0) {
        return middle;
      }
      if (order < 0) {
        low = middle + 1;
      } else {
        high = middle - 1;
      }
    }
    return -1;
  }

  /** As {@code strcmp}: the name at an RVA against the one wanted. */
  private int compare(long rva, byte[] wanted) {
    long room = mapping.room(rva);
    long at = mapping.fileOffset(rva);
    for (int i = 0; i < wanted.length; i++) {
      int there = i < room ? bytes.u8(at + i) : 0;
      int order = there - (wanted[i] & 0xff);
      if (order != 0) {
        return order;
      }
    }
    return wanted.length < room ? bytes.u8(at + wanted.length) : 0;
  }

  private long nameRva(int index) {
    return bytes.u32(namesOffset + 4L * index, ByteOrder.LITTLE_ENDIAN);
  }

  private int functionOfName(int index) {
    return bytes.u16(ordinalsOffset + 2L * index, ByteOrder.LITTLE_ENDIAN);
  }

  /** The RVA of an export, or 0 where there is none. */
  long rva(int export) {
    int function = export < names ? functionOfName(export) : export - names;
    return function < functions
        ? bytes.u32(functionsOffset + 4L * function, ByteOrder.LITTLE_ENDIAN)
        : 0;
  }

  String name(int export) {
    return export < names
        ? mapping.text(nameRva(export), LONGEST_NAME)
        : "#" + (ordinalBase + export - names);
  }

  /** The forwarder ({@code NTDLL.RtlAllocateHeap}, {@code OTHER.#12}) at an RVA, or null. */
  @Nullable String forwarder(long rva) {
    return isForwarder(rva) ? mapping.text(rva, LONGEST_NAME) : null;
  }

  /** An address inside the export directory is the text of a forwarder rather than code. */
  boolean isForwarder(long rva) {
    return rva >= directory.virtualAddress() && rva < directory.virtualAddress() + directory.size();
  }

  /** Calls back with the number of every export that is there. */
  void forEach(LongConsumer action) {
    var named = new BitSet();
    for (int i = 0; i < names; i++) {
      if (rva(i) != 0) {
        named.set(functionOfName(i));
        action.accept(i);
      }
    }
    for (int i = 0; i < functions; i++) {
      if (!named.get(i) && rva(names + i) != 0) {
        action.accept((long) names + i);
      }
    }
  }

  /**
   * Whether names, ordinals and addresses lead somewhere and the names are sorted, as the loader's
   * search needs; the first of each that fails is a problem.
   */
  void check(PeProblems problems) {
    // What neighbours have in common is shorter than the file, unless names overlap.
    long bytesLeft = bytes.length();
    boolean order = true;
    boolean name = true;
    boolean ordinal = true;
    for (int i = 0; i < names && (order || name || ordinal); i++) {
      long at = namesOffset + 4L * i;
      if (name && mapping.room(nameRva(i)) == 0) {
        name = false;
        problems.partLost(
            Problem.Code.OUT_OF_RANGE, at, "Export Name Pointer", nameRva(i), mapping.end());
      }
      if (ordinal && functionOfName(i) >= functions) {
        ordinal = false;
        problems.partLost(
            Problem.Code.OUT_OF_RANGE,
            ordinalsOffset + 2L * i,
            "Export Ordinal",
            functionOfName(i),
            functions);
      }
      if (order && i > 0) {
        int common = commonLength(nameRva(i - 1), nameRva(i));
        bytesLeft -= common;
        if (bytesLeft < 0 || isAfter(nameRva(i - 1), nameRva(i), common)) {
          order = false;
          problems.partLost(Problem.Code.BAD_VALUE, at, "Export Name Pointer order", i, -1);
        }
      }
    }
    for (int i = 0; i < functions; i++) {
      long rva = rva(names + i);
      if (rva != 0 && !mapping.isMapped(rva)) {
        problems.partLost(
            Problem.Code.OUT_OF_RANGE, functionsOffset + 4L * i, "Export RVA", rva, mapping.end());
        break;
      }
    }
  }

  /** How many bytes two names share before they differ or end. */
  private int commonLength(long first, long second) {
    long room = Math.min(LONGEST_NAME, Math.min(mapping.room(first), mapping.room(second)));
    long a = mapping.fileOffset(first);
    long b = mapping.fileOffset(second);
    int i = 0;
    while (i < room && bytes.u8(a + i) == bytes.u8(b + i) && bytes.u8(a + i) != 0) {
      i++;
    }
    return i;
  }

  private boolean isAfter(long first, long second, int common) {
    return mapping.room(first) > common
        && mapping.room(second) > common
        && bytes.u8(mapping.fileOffset(first) + common)
            > bytes.u8(mapping.fileOffset(second) + common);
  }
}
