package dev.sigill.image.pe;

import dev.sigill.bytes.Bytes;
import dev.sigill.bytes.Limits;
import dev.sigill.bytes.Problem;
import dev.sigill.image.pe.PeHeaders.SectionHeader;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.IntConsumer;

/**
 * The COFF symbol table of an image, read in place ("PE Format": COFF Symbol Table). Linkers of the
 * GNU and Go toolchains write one, Microsoft's does not.
 */
final class CoffSymbols {
  static final int SYMBOL_SIZE = 18;

  /** The most symbols, and exports, that fit the keys of {@link PeSymbols}. */
  static final int MOST = (1 << 29) - 1;

  private static final int LONGEST_NAME = 1 << 14;
  private static final int IMAGE_SYM_CLASS_EXTERNAL = 2;
  private static final int IMAGE_SYM_CLASS_STATIC = 3;
  private static final int IMAGE_SYM_CLASS_WEAK_EXTERNAL = 105;
  private static final int IMAGE_SYM_DTYPE_FUNCTION = 2;

  private final Bytes bytes;
  private final List<SectionHeader> sections;
  private final long start;
  private final int count;
  private final long stringTable;

  private CoffSymbols(
      Bytes bytes, List<SectionHeader> sections, long start, int count, long stringTable) {
    this.bytes = bytes;
    this.sections = sections;
    this.start = start;
    this.count = count;
    this.stringTable = stringTable;
  }

  static CoffSymbols read(Bytes bytes, PeHeaders headers, Limits limits, PeProblems problems) {
    long start = headers.pointerToSymbolTable();
    long stated = headers.numberOfSymbols();
    if (start == 0 || stated == 0) {
      return new CoffSymbols(bytes, List.of(), 0, 0, -1);
    }
    long room = Math.max(0, bytes.length() - start) / SYMBOL_SIZE;
    long most = Math.min(room, Math.min(limits.entries(), MOST));
    if (stated > most) {
      // Names for reports only: a stripped file often keeps the count.
      problems.nothingLost(
          stated > room ? Problem.Code.OUT_OF_RANGE : Problem.Code.LIMIT,
          headers.fileOffset() + 16,
          "NumberOfSymbols",
          stated,
          most);
    }
    return new CoffSymbols(
        bytes,
        headers.sections(),
        start,
        (int) Math.min(stated, most),
        stringTable(bytes, start, stated));
  }

  /** Where the string table lies, right after the symbols, or -1. */
  static long stringTable(Bytes bytes, long pointerToSymbolTable, long numberOfSymbols) {
    long at = pointerToSymbolTable + numberOfSymbols * SYMBOL_SIZE;
    return pointerToSymbolTable != 0 && bytes.has(at, 4) ? at : -1;
  }

  boolean isEmpty() {
    return count == 0;
  }

  /** Calls back with the index of each symbol that is defined in a section and names an address. */
  void forEach(IntConsumer action) {
    int i = 0;
    while (i < count) {
      int auxiliary = bytes.u8(at(i) + 17);
      if (isDefinition(i, auxiliary)) {
        action.accept(i);
      }
      i += 1 + auxiliary;
      if (i < 0) {
        return;
      }
    }
  }

  private boolean isDefinition(int symbol, int auxiliary) {
    int section = sectionNumber(symbol);
    if (section < 1 || section > sections.size()) {
      return false;
    }
    return switch (bytes.u8(at(symbol) + 16)) {
      case IMAGE_SYM_CLASS_EXTERNAL, IMAGE_SYM_CLASS_WEAK_EXTERNAL -> true;
      // A static symbol with value 0 and an auxiliary record names its section.
      case IMAGE_SYM_CLASS_STATIC -> auxiliary == 0 || isTypedFunction(symbol);
      default -> false;
    };
  }

  private boolean isTypedFunction(int symbol) {
    return bytes.u16(at(symbol) + 14, ByteOrder.LITTLE_ENDIAN) >>> 4 == IMAGE_SYM_DTYPE_FUNCTION;
  }

  /** Whether it names code: typed as a function, or in an executable section. */
  boolean isFunction(int symbol) {
    return isTypedFunction(symbol) || section(symbol).is(PeHeaders.IMAGE_SCN_MEM_EXECUTE);
  }

  private SectionHeader section(int symbol) {
    return sections.get(sectionNumber(symbol) - 1);
  }

  private int sectionNumber(int symbol) {
    return (short) bytes.u16(at(symbol) + 12, ByteOrder.LITTLE_ENDIAN);
  }

  /** In images {@code Value} is relative to the section. */
  long rva(int symbol) {
    return section(symbol).virtualAddress() + bytes.u32(at(symbol) + 8, ByteOrder.LITTLE_ENDIAN);
  }

  String name(int symbol) {
    long at = at(symbol);
    if (bytes.u32(at, ByteOrder.LITTLE_ENDIAN) == 0) {
      long offset = bytes.u32(at + 4, ByteOrder.LITTLE_ENDIAN);
      return stringTable < 0 ? "" : bytes.text(stringTable + offset, LONGEST_NAME);
    }
    byte[] raw = bytes.array(at, 8);
    int length = 0;
    while (length < 8 && raw[length] != 0) {
      length++;
    }
    return new String(raw, 0, length, StandardCharsets.UTF_8);
  }

  private long at(int symbol) {
    return start + (long) symbol * SYMBOL_SIZE;
  }
}
