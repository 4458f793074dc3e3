package dev.sigill.image.pe;

import dev.sigill.bytes.Bytes;
import dev.sigill.bytes.Limits;
import dev.sigill.bytes.Problem;
import dev.sigill.image.Needed;
import dev.sigill.image.Slot;
import dev.sigill.image.pe.PeHeaders.DataDirectory;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What an image imports ("PE Format": The .idata Section, Delay-Load Import Tables). Bound imports
 * are ignored: binding is a cache of addresses that a loader may use and ours never trusts.
 */
final class PeImports {
  private static final int IMPORT_DESCRIPTOR_SIZE = 20;
  private static final int DELAYLOAD_DESCRIPTOR_SIZE = 32;

  /** Attributes: the descriptor holds RVAs rather than addresses (all but the oldest linkers). */
  private static final int RVA_BASED = 1;

  /** The largest published images import from fewer than 100 libraries. */
  private static final int MOST_LIBRARIES = 1 << 14;

  private static final int MOST_IMPORTS = 1 << 22;
  private static final int LONGEST_LIBRARY = 512;
  private static final int LONGEST_NAME = 1 << 14;

  private final Bytes bytes;
  private final PeMapping mapping;
  private final boolean is64;
  private final int wordSize;
  private final List<Library> libraries;

  /** The libraries in the order of their import address tables, for {@link #slot}. */
  private final Library[] byAddress;

  private final long[] tableStarts;

  /** One import descriptor. */
  private static final class Library {
    final String name;
    final boolean isDelayed;
    final long addressTable;
    final long lookupTableOffset;
    final int count;

    /** Filled as asked for; a lost race only reads a name twice. */
    private Slot @Nullable [] slots;

    Library(String name, boolean isDelayed, long addressTable, long lookupTableOffset, int count) {
      this.name = name;
      this.isDelayed = isDelayed;
      this.addressTable = addressTable;
      this.lookupTableOffset = lookupTableOffset;
      this.count = count;
    }
  }

  private PeImports(Bytes bytes, PeMapping mapping, boolean isPe32Plus, List<Library> libraries) {
    this.bytes = bytes;
    this.mapping = mapping;
    this.is64 = isPe32Plus;
    this.wordSize = isPe32Plus ? 8 : 4;
    this.libraries = libraries;
    this.byAddress =
        libraries.stream()
            .filter(library -> library.count > 0)
            .sorted(Comparator.comparingLong(library -> library.addressTable))
            .toArray(Library[]::new);
    this.tableStarts = new long[byAddress.length];
    for (int i = 0; i < byAddress.length; i++) {
      tableStarts[i] = byAddress[i].addressTable;
    }
  }

  static PeImports read(
      Bytes bytes, PeHeaders headers, PeMapping mapping, Limits limits, PeProblems problems) {
    return new Reading(bytes, headers, mapping, limits, problems).read();
  }

  /** The state of reading the two directories. */
  private static final class Reading {
    private final Bytes bytes;
    private final PeHeaders headers;
    private final PeMapping mapping;
    private final PeProblems problems;
    private final List<Library> libraries = new ArrayList<>();

    /** Lists that do not overlap cannot have more entries than this altogether. */
    private long entriesLeft;

    Reading(Bytes bytes, PeHeaders headers, PeMapping mapping, Limits limits, PeProblems problems) {
      this.bytes = bytes;
      this.headers = headers;
      this.mapping = mapping;
      this.problems = problems;
      this.entriesLeft =
          Math.min(
              Math.min(limits.entries(), MOST_IMPORTS), bytes.length() / headers.pointerSize());
    }

    PeImports read() {
      readImports(headers.directory(PeHeaders.IMPORT));
      readDelayImports(headers.directory(PeHeaders.DELAY_IMPORT));
      return new PeImports(bytes, mapping, headers.isPe32Plus(), List.copyOf(libraries));
    }

    private void readImports(DataDirectory directory) {
      if (!directory.isPresent()) {
        return;
      }
      // The loader ignores the directory's size: a descriptor of zeros ends the list.
      for (long rva = directory.virtualAddress(); ; rva += IMPORT_DESCRIPTOR_SIZE) {
        long offset = descriptor(rva, IMPORT_DESCRIPTOR_SIZE, "import descriptor");
        if (offset < 0) {
          return;
        }
        long originalFirstThunk = u32(offset);
        long nameRva = u32(offset + 12);
        long firstThunk = u32(offset + 16);
        if (nameRva == 0 || firstThunk == 0) {
          return;
        }
        add(nameRva, offset + 12, firstThunk, originalFirstThunk, false);
      }
    }

    private void readDelayImports(DataDirectory directory) {
      if (!directory.isPresent()) {
        return;
      }
      for (long rva = directory.virtualAddress(); ; rva += DELAYLOAD_DESCRIPTOR_SIZE) {
        long offset = descriptor(rva, DELAYLOAD_DESCRIPTOR_SIZE, "delay-load descriptor");
        if (offset < 0) {
          return;
        }
        long base = (u32(offset) & RVA_BASED) != 0 ? 0 : headers.imageBase();
        long nameRva = u32(offset + 4);
        long addressTable = u32(offset + 12);
        long nameTable = u32(offset + 16);
        if (nameRva == 0 || addressTable == 0) {
          return;
        }
        add(nameRva - base, offset + 4, addressTable - base, nameTable - base, true);
      }
    }

    /** Where a descriptor lies in the file, or -1 where the list ends there. */
    private long descriptor(long rva, int size, String field) {
      long offset = mapping.fileOffset(rva, size);
      if (offset < 0) {
        // Zeros that the file leaves out end a list as well as zeros that it holds.
        if (!mapping.isMapped(rva) || mapping.room(rva) > 0) {
          problems.partLost(
              Problem.Code.OUT_OF_RANGE, headers.fileOffset(), field, rva, mapping.end());
        }
        return -1;
      }
      if (libraries.size() == MOST_LIBRARIES) {
        problems.partLost(Problem.Code.LIMIT, offset, field, libraries.size(), MOST_LIBRARIES);
        return -1;
      }
      return offset;
    }

    private void add(
        long nameRva, long nameField, long addressTable, long lookupTable, boolean isDelayed) {
      String name = mapping.text(nameRva, LONGEST_LIBRARY);
      if (name.isEmpty()) {
        problems.partLost(
            Problem.Code.OUT_OF_RANGE, nameField, "Name of an import", nameRva, mapping.end());
        return;
      }
      // Some linkers write no lookup table; then the address table holds the names until load.
      long table = lookupTable > 0 && mapping.isMapped(lookupTable) ? lookupTable : addressTable;
      libraries.add(
          new Library(
              name, isDelayed, addressTable, mapping.fileOffset(table), count(name, table)));
    }

    private int count(String name, long table) {
      int wordSize = headers.pointerSize();
      long room = mapping.room(table);
      long start = mapping.fileOffset(table);
      long most = Math.min(room / wordSize, entriesLeft);
      int count = 0;
      boolean ended = false;
      while (count < most) {
        long thunk = thunk(bytes, start + (long) count * wordSize, headers.isPe32Plus());
        if (thunk == 0) {
          ended = true;
          break;
        }
        count++;
      }
      entriesLeft -= count;
      boolean zerosFollow = count == room / wordSize && mapping.isMapped(table + room);
      if (!ended && !zerosFollow) {
        problems.partLost(
            count < room / wordSize ? Problem.Code.LIMIT : Problem.Code.OUT_OF_RANGE,
            Math.max(0, start),
            "import lookup table of " + name,
            table + (long) count * wordSize,
            mapping.end());
      }
      return count;
    }

    private long u32(long offset) {
      return bytes.u32(offset, ByteOrder.LITTLE_ENDIAN);
    }
  }

  private static long thunk(Bytes bytes, long offset, boolean is64) {
    return is64
        ? bytes.i64(offset, ByteOrder.LITTLE_ENDIAN)
        : bytes.u32(offset, ByteOrder.LITTLE_ENDIAN);
  }

  /** The DLLs in the order of the descriptors, each once; delay-loaded ones are optional. */
  List<Needed> needed() {
    Map<String, Needed> byName = new LinkedHashMap<>();
    for (Library library : libraries) {
      byName.merge(
          library.name,
          new Needed(library.name, library.isDelayed, ""),
          (first, second) -> first.isOptional() ? second : first);
    }
    return List.copyOf(byName.values());
  }

  /**
   * Calls back with every import, in the order of the file, until more characters of names were
   * read than the file has: names that do not overlap are shorter.
   */
  void forEach(long imageBase, Consumer<PeImport> action) {
    long charactersLeft = bytes.length();
    for (Library library : libraries) {
      for (int i = 0; i < library.count && charactersLeft > 0; i++) {
        if (read(library, i) instanceof Slot.Imported imported) {
          charactersLeft -= imported.name().length();
          action.accept(
              new PeImport(
                  library.name,
                  imported.name(),
                  imageBase + library.addressTable + (long) i * wordSize,
                  library.isDelayed));
        }
      }
    }
  }

  /** The import whose address table entry lies at an RVA, or null. */
  @Nullable Slot slot(long rva) {
    int low = 0;
    int high = tableStarts.length - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      if (tableStarts[middle] <= rva) {
        low = middle + 1;
      } else {
        high = middle - 1;
      }
    }
    if (high < 0) {
      return null;
    }
    Library library = byAddress[high];
    long distance = rva - library.addressTable;
    if (distance % wordSize != 0 || distance / wordSize >= library.count) {
      return null;
    }
    int index = (int) (distance / wordSize);
    Slot[] slots = library.slots;
    if (slots == null) {
      slots = new Slot[library.count];
      library.slots = slots;
    }
    Slot slot = slots[index];
    if (slot == null) {
      slot = read(library, index);
      slots[index] = slot;
    }
    return slot;
  }

  private Slot read(Library library, int index) {
    long entry = thunk(bytes, library.lookupTableOffset + (long) index * wordSize, is64);
    boolean isOrdinal = is64 ? entry < 0 : (entry & 0x8000_0000L) != 0;
    if (isOrdinal) {
      return new Slot.Imported("#" + (entry & 0xffff), library.name, 0, library.isDelayed);
    }
    // IMAGE_IMPORT_BY_NAME: a 16-bit hint, then the name.
    String name = mapping.text(entry + 2, LONGEST_NAME);
    return name.isEmpty()
        ? Slot.None.INSTANCE
        : new Slot.Imported(name, library.name, 0, library.isDelayed);
  }

  /** Whether every name can be read; the first that cannot is a problem. */
  void check(PeProblems problems) {
    for (Library library : libraries) {
      for (int i = 0; i < library.count; i++) {
        long at = library.lookupTableOffset + (long) i * wordSize;
        long entry = thunk(bytes, at, is64);
        boolean isOrdinal = is64 ? entry < 0 : (entry & 0x8000_0000L) != 0;
        if (!isOrdinal && (entry < 0 || mapping.room(entry + 2) == 0)) {
          problems.partLost(
              Problem.Code.OUT_OF_RANGE,
              at,
              "import lookup entry " + i + " of " + library.name,
              entry,
              mapping.end());
          break;
        }
      }
    }
  }
}
