package dev.sigill.image.elf;

import dev.sigill.bytes.Limits;
import dev.sigill.bytes.Problem;
import dev.sigill.image.Slot;
import dev.sigill.image.Symbol;
import dev.sigill.image.lookup.Lazy;
import dev.sigill.image.lookup.SortedAddresses;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All dynamic relocations of an image, found by the address that they change. Of several for one
 * address the last counts, in the order in which loaders apply them: {@code DT_RELR}, {@code
 * DT_REL}, {@code DT_RELA}, {@code DT_JMPREL}.
 */
final class Relocations {
  /*
   * What a relocation does, in one word, so that asking touches no file: the tag in the upper four
   * bits, then an address, or a symbol's number and a small addend. What does not fit is looked up
   * in its table.
   */
  private static final long AS_WRITTEN = 0;
  private static final long NOTHING = 1L << 60;
  private static final long LOCAL = 2L << 60;
  private static final long SYMBOL = 3L << 60;
  private static final long TAG = 0xfL << 60;
  private static final int ADDEND_BITS = 28;

  /** How many characters of symbols' names may be kept. */
  private static final long MOST_REMEMBERED = 1L << 27;

  private final ElfLayout layout;
  private final ElfSymbols symbols;
  private final boolean bindsToItself;
  private final List<RelocationTable> tables;
  private final int[] firstNumbers;
  private final SortedAddresses index;
  private final RelativeRelocations relative;
  private final long[] values;
  private final boolean hasResolvers;
  private final Lazy<Slot[]> bindings;
  private long rememberedNames;

  private Relocations(
      ElfLayout layout,
      ElfSymbols symbols,
      boolean bindsToItself,
      List<RelocationTable> tables,
      SortedAddresses index,
      long[] values,
      boolean hasResolvers,
      RelativeRelocations relative) {
    this.layout = layout;
    this.symbols = symbols;
    this.bindsToItself = bindsToItself;
    this.tables = List.copyOf(tables);
    this.index = index;
    this.relative = relative;
    this.values = values;
    this.hasResolvers = hasResolvers;
    this.bindings = new Lazy<>(() -> new Slot[symbols.dynamic().count()]);
    firstNumbers = new int[tables.size()];
    for (int i = 1; i < firstNumbers.length; i++) {
      firstNumbers[i] = firstNumbers[i - 1] + tables.get(i - 1).count();
    }
  }

  /**
   * Reads and sorts the relocations.
   *
   * @param bindsToItself whether the image's own definitions come first in every look-up, as those
   *     of programs do and of libraries linked with {@code -Bsymbolic}
   */
  static Relocations read(
      ElfLayout layout,
      DynamicSection dynamic,
      ElfSymbols symbols,
      boolean bindsToItself,
      Limits limits,
      ElfProblems problems) {
    var tables = new ArrayList<RelocationTable>();
    RelativeRelocations relative = RelativeRelocations.NONE;
    if (layout.isObject() || layout.isDebug()) {
      // Relocations of object files are the linker's, not the loader's.
    } else if (dynamic.isPresent()) {
      add(tables, layout, dynamic, Elf.DT_REL, Elf.DT_RELSZ, false, "DT_REL", problems);
      add(tables, layout, dynamic, Elf.DT_RELA, Elf.DT_RELASZ, true, "DT_RELA", problems);
      if (layout.header.osAbi() != Elf.ELFOSABI_SOLARIS) {
        // Solaris has tags of its own by the same numbers.
        addPacked(tables, layout, dynamic, limits, problems);
      }
      boolean hasAddends = dynamic.value(Elf.DT_PLTREL, Elf.DT_RELA) == Elf.DT_RELA;
      add(
          tables,
          layout,
          dynamic,
          Elf.DT_JMPREL,
          Elf.DT_PLTRELSZ,
          hasAddends,
          "DT_JMPREL",
          problems);
      relative = readRelative(layout, dynamic, limits, problems);
    } else {
      // A static program relocates itself; the linker put what it needs into loaded sections.
      for (ElfSectionHeader section : layout.sections) {
        boolean isRela = section.type() == Elf.SHT_RELA;
        if (section.isAllocated() && (isRela || section.type() == Elf.SHT_REL)) {
          int count =
              ElfLayout.fitting(
                  layout.file, section.offset(), 1, section.size(), Integer.MAX_VALUE);
          int size = RelocationTable.entrySize(layout.file.is64(), isRela);
          tables.add(new RelocationTable(layout.file, section.offset(), count / size, isRela));
        }
      }
    }
    long total = 0;
    for (RelocationTable table : tables) {
      total += table.count();
    }
    if (total > limits.entries()) {
      problems.partLost(Problem.Code.LIMIT, 0, "DT_RELASZ", total, limits.entries());
      tables.clear();
      total = 0;
    }
    return index(layout, symbols, bindsToItself, tables, (int) total, relative, problems);
  }

  private static Relocations index(
      ElfLayout layout,
      ElfSymbols symbols,
      boolean bindsToItself,
      List<RelocationTable> tables,
      int total,
      RelativeRelocations relative,
      ElfProblems problems) {
    var addresses = new long[total];
    var numbers = new int[total];
    var values = new long[total];
    int machine = layout.header.machine();
    boolean is64 = layout.file.is64();
    long low = layout.lowestAddress();
    long extent = layout.highestAddress() - low;
    int count = 0;
    int number = 0;
    long outside = 0;
    boolean hasResolvers = false;
    for (RelocationTable table : tables) {
      int lastType = 0;
      long tag = NOTHING;
      int words = table.words();
      boolean hasAddends = table.hasAddends();
      long[] copy = table.buffer();
      for (int first = 0; first < table.count(); first += RelocationTable.CHUNK) {
        int part = Math.min(RelocationTable.CHUNK, table.count() - first);
        table.copy(first, part, copy);
        for (int i = 0; i < part; i++, number++) {
          long info = copy[i * words + 1];
          int type = RelocationTable.type(is64, info);
          if (type == 0) {
            continue;
          }
          if (type != lastType) {
            // They come in long runs of one type.
            lastType = type;
            RelocationKind kind = RelocationKind.of(machine, is64, type);
            hasResolvers |= kind == RelocationKind.IRELATIVE;
            tag = hasAddends ? tag(kind) : AS_WRITTEN;
          }
          long address = copy[i * words];
          if (Long.compareUnsigned(address - low, extent) >= 0) {
            outside++;
            continue;
          }
          addresses[count] = address;
          numbers[count++] = number;
          long value = tag;
          if (tag == LOCAL) {
            value = pack(LOCAL, copy[i * words + 2], TAG);
          } else if (tag == SYMBOL) {
            long symbol = RelocationTable.symbol(is64, info) & 0xffff_ffffL;
            value = pack(SYMBOL | symbol << ADDEND_BITS, copy[i * words + 2], -1L << ADDEND_BITS);
          }
          values[number] = value;
        }
      }
    }
    if (outside > 0) {
      problems.partLost(
          Problem.Code.OUT_OF_RANGE,
          tables.getFirst().offset(),
          "r_offset of " + outside + " relocations",
          -1,
          -1);
    }
    SortedAddresses sorted = SortedAddresses.of(addresses, numbers, count);
    var inOrder = new long[count];
    for (int i = 0; i < count; i++) {
      inOrder[i] = values[sorted.number(i)];
    }
    return new Relocations(
        layout, symbols, bindsToItself, tables, sorted, inOrder, hasResolvers, relative);
  }

  private static long tag(RelocationKind kind) {
    return switch (kind) {
      case RELATIVE -> LOCAL;
      case SYMBOLIC, GLOB_DAT, JUMP_SLOT -> SYMBOL;
      case IRELATIVE -> AS_WRITTEN;
      case OTHER, COPY, THREAD_LOCAL -> NOTHING;
    };
  }

  /** A value in one word, or {@link #AS_WRITTEN} where it has some of the bits that are taken. */
  private static long pack(long head, long value, long taken) {
    return (value & taken) == 0 ? head | value : AS_WRITTEN;
  }

  private static void add(
      List<RelocationTable> tables,
      ElfLayout layout,
      DynamicSection dynamic,
      long addressTag,
      long sizeTag,
      boolean hasAddends,
      String name,
      ElfProblems problems) {
    long size = dynamic.value(sizeTag, 0);
    int entrySize = RelocationTable.entrySize(layout.file.is64(), hasAddends);
    long offset = dynamic.table(layout, problems, addressTag, name, size);
    if (offset < 0) {
      return;
    }
    for (RelocationTable other : tables) {
      long otherSize = (long) other.count() * entrySize;
      if (offset >= other.offset() && offset + size <= other.offset() + otherSize) {
        // Some linkers count the entries of DT_JMPREL in DT_RELASZ as well.
        return;
      }
    }
    tables.add(
        new RelocationTable(
            layout.file, offset, (int) Math.min(Integer.MAX_VALUE, size / entrySize), hasAddends));
  }

  private static void addPacked(
      List<RelocationTable> tables,
      ElfLayout layout,
      DynamicSection dynamic,
      Limits limits,
      ElfProblems problems) {
    boolean hasAddends = dynamic.has(Elf.DT_ANDROID_RELA);
    long addressTag = hasAddends ? Elf.DT_ANDROID_RELA : Elf.DT_ANDROID_REL;
    long size = dynamic.value(hasAddends ? Elf.DT_ANDROID_RELASZ : Elf.DT_ANDROID_RELSZ, 0);
    long offset = dynamic.table(layout, problems, addressTag, "DT_ANDROID_RELA", size);
    if (offset >= 0) {
      RelocationTable unpacked =
          PackedRelocations.unpack(layout.file, offset, size, hasAddends, limits, problems);
      if (unpacked != null) {
        tables.add(unpacked);
      }
    }
  }

  private static RelativeRelocations readRelative(
      ElfLayout layout, DynamicSection dynamic, Limits limits, ElfProblems problems) {
    boolean isStandard = dynamic.has(Elf.DT_RELR);
    long size = dynamic.value(isStandard ? Elf.DT_RELRSZ : Elf.DT_ANDROID_RELRSZ, 0);
    long offset =
        dynamic.table(
            layout, problems, isStandard ? Elf.DT_RELR : Elf.DT_ANDROID_RELR, "DT_RELR", size);
    if (offset < 0) {
      return RelativeRelocations.NONE;
    }
    long words = size / layout.file.wordSize();
    int most = Math.min(limits.entries(), RelativeRelocations.MOST_WORDS);
    if (words > most) {
      problems.partLost(Problem.Code.LIMIT, offset, "DT_RELRSZ", words, most);
      return RelativeRelocations.NONE;
    }
    return RelativeRelocations.read(layout.file, offset, (int) words, limits.entries(), problems);
  }

  /** How many places are relocated. */
  long count() {
    return index.count() + relative.count();
  }

  /** What the loader leaves at an address. */
  Slot slot(long address) {
    int found = index.exact(address);
    if (found >= 0) {
      long value = values[found];
      if ((value & TAG) == LOCAL) {
        return new Slot.Local(value & ~TAG);
      }
      if ((value & TAG) == SYMBOL) {
        return bound((int) (value >>> ADDEND_BITS), value & (1L << ADDEND_BITS) - 1);
      }
      return value == NOTHING ? Slot.None.INSTANCE : slotOf(index.number(found));
    }
    return relative.contains(address) ? atPlace(address) : Slot.None.INSTANCE;
  }

  /** The last relocation of an address by a table other than {@code DT_RELR}, or null. */
  @Nullable ElfRelocation at(long address) {
    int found = index.exact(address);
    if (found < 0) {
      return null;
    }
    int number = index.number(found);
    int t = tableOf(number);
    RelocationTable table = tables.get(t);
    int entry = number - firstNumbers[t];
    int symbol = table.symbol(entry);
    return new ElfRelocation(
        table.type(entry),
        symbol > 0 && symbol < symbols.dynamic().count() ? symbols.dynamic().name(symbol) : "",
        table.hasAddends() ? table.addend(entry) : 0);
  }

  private int tableOf(int number) {
    int table = firstNumbers.length - 1;
    while (number < firstNumbers[table]) {
      table--;
    }
    return table;
  }

  private Slot slotOf(int number) {
    int t = tableOf(number);
    RelocationTable table = tables.get(t);
    int entry = number - firstNumbers[t];
    RelocationKind kind =
        RelocationKind.of(layout.header.machine(), layout.file.is64(), table.type(entry));
    return switch (kind) {
      case RELATIVE ->
          table.hasAddends()
              ? new Slot.Local(narrow(table.addend(entry)))
              : atPlace(table.address(entry));
      case IRELATIVE -> new Slot.Resolved(resolver(table, entry));
      case SYMBOLIC -> bound(table.symbol(entry), addend(table, entry));
      case GLOB_DAT, JUMP_SLOT ->
          bound(table.symbol(entry), table.hasAddends() ? table.addend(entry) : 0);
      case OTHER, COPY, THREAD_LOCAL -> Slot.None.INSTANCE;
    };
  }

  private long addend(RelocationTable table, int entry) {
    if (table.hasAddends()) {
      return table.addend(entry);
    }
    long offset = layout.fileOffset(table.address(entry), layout.file.wordSize());
    return offset < 0 ? 0 : layout.file.signedWord(offset);
  }

  private long resolver(RelocationTable table, int entry) {
    return narrow(addend(table, entry));
  }

  /** An address computed from a signed addend. */
  private long narrow(long address) {
    return layout.file.is64() ? address : address & 0xffff_ffffL;
  }

  /** A place that holds an address of the same image as linked. */
  private Slot atPlace(long address) {
    long offset = layout.fileOffset(address, layout.file.wordSize());
    return offset < 0 ? Slot.None.INSTANCE : new Slot.Local(layout.file.word(offset));
  }

  /** What a reference to a symbol means; made once where nothing is added to it, as is usual. */
  private Slot bound(int symbol, long addend) {
    if (addend != 0 || symbol <= 0 || symbol >= symbols.dynamic().count()) {
      return bind(symbol, addend);
    }
    Slot[] known = bindings.get();
    Slot slot = known[symbol];
    if (slot == null) {
      slot = bind(symbol, 0);
      int size = slot instanceof Slot.Imported imported ? imported.name().length() : 0;
      // Racy on purpose: it only keeps a file whose names all overlap from filling the memory.
      rememberedNames += size;
      if (rememberedNames < MOST_REMEMBERED) {
        known[symbol] = slot;
      }
    }
    return slot;
  }

  private Slot bind(int symbol, long addend) {
    SymbolSection table = symbols.dynamic();
    if (symbol <= 0 || symbol >= table.count()) {
      return Slot.None.INSTANCE;
    }
    int type = table.type(symbol);
    if (type == Elf.STT_TLS) {
      return Slot.None.INSTANCE;
    }
    int binding = table.binding(symbol);
    int section = table.sectionIndex(symbol);
    if (section == Elf.SHN_UNDEF) {
      return new Slot.Imported(symbols.dynamic().name(symbol), "", addend, binding == Elf.STB_WEAK);
    }
    boolean isLocal =
        bindsToItself
            || binding == Elf.STB_LOCAL
            || table.visibility(symbol) != Elf.STV_DEFAULT
            || table.nameIndex(symbol) == 0;
    if (!isLocal) {
      return new Slot.Imported(symbols.dynamic().name(symbol), "", addend, false);
    }
    if (section == Elf.SHN_ABS) {
      return Slot.None.INSTANCE;
    }
    long address = symbols.addressOf(table, symbol);
    return type == Elf.STT_GNU_IFUNC
        ? new Slot.Resolved(address)
        : new Slot.Local(narrow(address + addend));
  }

  /** The address of this image's own definition of a name that it refers to, or 0. */
  long ownDefinition(Slot.Imported imported) {
    Symbol own = symbols.exported(imported.name());
    return own == null ? 0 : narrow(own.address() + imported.addend());
  }

  /**
   * The resolvers that the loader calls while it applies these relocations, each once, in the order
   * of the tables.
   */
  List<Long> resolvers() {
    var out = new LinkedHashSet<Long>();
    BitSet indirect = symbols.indirectFunctions();
    if (!hasResolvers && indirect.isEmpty()) {
      return List.of();
    }
    int machine = layout.header.machine();
    boolean is64 = layout.file.is64();
    for (RelocationTable table : tables) {
      int words = table.words();
      int lastType = 0;
      RelocationKind kind = RelocationKind.OTHER;
      long[] copy = table.buffer();
      for (int first = 0; first < table.count(); first += RelocationTable.CHUNK) {
        int part = Math.min(RelocationTable.CHUNK, table.count() - first);
        table.copy(first, part, copy);
        for (int i = 0; i < part; i++) {
          int type = RelocationTable.type(is64, copy[i * words + 1]);
          if (type != lastType) {
            lastType = type;
            kind = RelocationKind.of(machine, is64, type);
          }
          if (kind == RelocationKind.IRELATIVE) {
            out.add(resolver(table, first + i));
          } else if (kind.refersToSymbol()) {
            int symbol = RelocationTable.symbol(is64, copy[i * words + 1]);
            if (symbol > 0 && indirect.get(symbol)) {
              out.add(symbols.addressOf(symbols.dynamic(), symbol));
            }
          }
        }
      }
    }
    return List.copyOf(out);
  }
}
