package dev.sigill.image.elf;

import dev.sigill.bytes.Problem;
import dev.sigill.image.Symbol;
import dev.sigill.image.SymbolTable;
import dev.sigill.image.lookup.Lazy;
import dev.sigill.image.lookup.SortedAddresses;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/**
 * The symbols of an ELF file: the dynamic ones, which the loader binds, and those of {@code
 * .symtab}, where the file still has it.
 */
final class ElfSymbols implements SymbolTable {
  private final ElfLayout layout;
  private final SymbolSection dynamic;
  private final SymbolSection all;
  private final @Nullable SymbolHash hash;
  private final SymbolVersions versions;
  private final boolean isExecutable;
  private final boolean isStripped;
  private final ElfProblems problems;
  private final Lazy<SortedAddresses> functions;
  private final Lazy<SortedAddresses> labels;
  private final Lazy<NameIndex> names;

  /**
   * @param dynamic the dynamic symbols
   * @param full the symbols of {@code .symtab}, or null
   * @param hash the hash table over the dynamic symbols, or null
   * @param isExecutable whether only dynamic symbols can be bound to
   */
  ElfSymbols(
      ElfLayout layout,
      SymbolSection dynamic,
      @Nullable SymbolSection full,
      @Nullable SymbolHash hash,
      SymbolVersions versions,
      boolean isExecutable,
      ElfProblems problems) {
    this.problems = problems;
    this.layout = layout;
    this.dynamic = dynamic;
    this.all = full == null ? dynamic : full;
    this.hash = hash;
    this.versions = versions;
    this.isExecutable = isExecutable;
    this.isStripped = full == null;
    this.functions = new Lazy<>(this::indexFunctions);
    this.labels = new Lazy<>(this::indexLabels);
    this.names = new Lazy<>(() -> NameIndex.of(exportTable()));
  }

  /** The dynamic symbols. */
  SymbolSection dynamic() {
    return dynamic;
  }

  SymbolVersions versions() {
    return versions;
  }

  /** The table that names are bound in: of an object file, the only one it has. */
  private SymbolSection exportTable() {
    return layout.isObject() ? all : dynamic;
  }

  private boolean isExported(SymbolSection table, int symbol) {
    int binding = table.binding(symbol);
    int type = table.type(symbol);
    int visibility = table.visibility(symbol);
    return table.isDefined(symbol)
        && (binding == Elf.STB_GLOBAL || binding == Elf.STB_WEAK || binding == Elf.STB_GNU_UNIQUE)
        && type != Elf.STT_SECTION
        && type != Elf.STT_FILE
        && (visibility == Elf.STV_DEFAULT || visibility == Elf.STV_PROTECTED);
  }

  @Override
  public @Nullable Symbol exported(String name) {
    // A name without version means the default one; a hidden one is better than none.
    SymbolSection table = exportTable();
    int found = find(name, s -> isExported(table, s) && !versions.isHidden(s));
    if (found < 0) {
      found = find(name, s -> isExported(table, s));
    }
    return found < 0 ? null : symbol(table, found, name, true);
  }

  /** The definition of a name in one version, or null. */
  @Nullable Symbol exported(String name, String version) {
    SymbolSection table = exportTable();
    int found = find(name, s -> isExported(table, s) && versions.of(s).name().equals(version));
    return found < 0 ? null : symbol(table, found, name, true);
  }

  private int find(String name, IntPredicate accepts) {
    byte[] bytes = ElfStrings.bytes(name);
    return hash != null && !layout.isObject()
        ? hash.find(dynamic, bytes, accepts)
        : names.get().find(exportTable(), bytes, accepts);
  }

  @Override
  public @Nullable Symbol containing(long address) {
    int function = best(functions.get(), address);
    if (function >= 0) {
      long size = all.size(function);
      long start = addressOf(all, function);
      if (size != 0 && Long.compareUnsigned(address - start, size) < 0) {
        return describe(function);
      }
    }
    int label = layout.isExecutable(address) ? best(labels.get(), address) : -1;
    if (label >= 0) {
      long start = addressOf(all, label);
      long size = all.size(label);
      boolean isWithin = size == 0 || Long.compareUnsigned(address - start, size) < 0;
      boolean isNearer = function < 0 || Long.compareUnsigned(start, addressOf(all, function)) > 0;
      if (isWithin && isNearer && endOf(function, start)) {
        return describe(label);
      }
    }
    return function >= 0 && all.size(function) == 0 ? describe(function) : null;
  }

  /** Whether a function, if it has a size, ends before an address. */
  private boolean endOf(int function, long address) {
    if (function < 0 || all.size(function) == 0) {
      return true;
    }
    return Long.compareUnsigned(address - addressOf(all, function), all.size(function)) >= 0;
  }

  /** Of the symbols at the greatest address that is not after this one, the most telling. */
  private int best(SortedAddresses index, long address) {
    int at = index.floor(address);
    if (at < 0) {
      return -1;
    }
    long start = index.address(at);
    int best = index.number(at);
    // Names for one address are few, except in files made to hurt.
    for (int i = at - 1; i >= 0 && i > at - 64 && index.address(i) == start; i--) {
      if (rank(index.number(i)) >= rank(best)) {
        best = index.number(i);
      }
    }
    return best;
  }

  private int rank(int symbol) {
    int binding = all.binding(symbol);
    int rank = binding == Elf.STB_GLOBAL ? 2 : binding == Elf.STB_LOCAL ? 0 : 1;
    return all.size(symbol) != 0 ? rank + 4 : rank;
  }

  /**
   * How many characters all names of a table may have together. Names may share their ends, but
   * where they come to many times their table's size a file was made to exhaust its reader.
   */
  private static long nameRoom(SymbolSection table) {
    return 16 * table.strings().size() + (1 << 20);
  }

  @Override
  public void forEachExported(Consumer<Symbol> action) {
    forEachExported(List.of(""), action);
  }

  @Override
  public void forEachExported(List<String> prefixes, Consumer<Symbol> action) {
    byte[][] starts = prefixes.stream().map(ElfStrings::bytes).toArray(byte[][]::new);
    SymbolSection table = exportTable();
    ElfStrings strings = table.strings();
    long room = nameRoom(table);
    for (int symbol = 1; symbol < table.count() && room > 0; symbol++) {
      if (strings.startsWithOne(table.nameIndex(symbol), starts) && isExported(table, symbol)) {
        String name = table.name(symbol);
        room -= name.length();
        action.accept(symbol(table, symbol, name, true));
      }
    }
    checkNames(room, table);
  }

  private void checkNames(long room, SymbolSection table) {
    if (room <= 0) {
      problems.partLost(
          Problem.Code.LIMIT, table.strings().offset(), "st_name", nameRoom(table), -1);
    }
  }

  @Override
  public void forEachDefined(Consumer<Symbol> action) {
    long room = nameRoom(all);
    for (int symbol = 1; symbol < all.count() && room > 0; symbol++) {
      int type = all.type(symbol);
      if (all.isDefined(symbol) && type != Elf.STT_SECTION && type != Elf.STT_FILE) {
        Symbol described = describe(symbol);
        room -= described.name().length();
        action.accept(described);
      }
    }
    checkNames(room, all);
  }

  /** The names that other images must define. */
  void forEachImport(Consumer<ElfImport> action) {
    long room = nameRoom(dynamic);
    for (int symbol = 1; symbol < dynamic.count() && room > 0; symbol++) {
      if (!dynamic.isDefined(symbol) && dynamic.nameIndex(symbol) != 0) {
        String name = dynamic.name(symbol);
        room -= name.length();
        SymbolVersions.Version version = versions.of(symbol);
        action.accept(
            new ElfImport(
                name, version.name(), version.library(), dynamic.binding(symbol) == Elf.STB_WEAK));
      }
    }
    checkNames(room, dynamic);
  }

  @Override
  public boolean isStripped() {
    return isStripped;
  }

  private Symbol describe(int symbol) {
    String name = all.name(symbol);
    boolean isExported = isExported(all, symbol);
    if (isExported && isExecutable && all != dynamic) {
      // Global symbols of a program are bound to only where they are dynamic as well.
      int found = find(name, s -> isExported(dynamic, s));
      isExported = found >= 0 && dynamic.value(found) == all.value(symbol);
    }
    return symbol(all, symbol, name, isExported);
  }

  private Symbol symbol(SymbolSection table, int symbol, String name, boolean isExported) {
    long address = addressOf(table, symbol);
    int binding = table.binding(symbol);
    return new Symbol(
        name,
        address,
        table.size(symbol),
        kind(table.type(symbol), address),
        isExported,
        binding == Elf.STB_WEAK || binding == Elf.STB_GNU_UNIQUE);
  }

  private Symbol.Kind kind(int type, long address) {
    return switch (type) {
      case Elf.STT_FUNC -> Symbol.Kind.FUNCTION;
      case Elf.STT_GNU_IFUNC -> Symbol.Kind.INDIRECT_FUNCTION;
      case Elf.STT_OBJECT, Elf.STT_COMMON -> Symbol.Kind.DATA;
      case Elf.STT_TLS -> Symbol.Kind.THREAD_LOCAL;
      // Assembly often leaves the type out.
      case Elf.STT_NOTYPE ->
          layout.isExecutable(address) ? Symbol.Kind.FUNCTION : Symbol.Kind.OTHER;
      default -> Symbol.Kind.OTHER;
    };
  }

  /** The address that a symbol means. */
  long addressOf(SymbolSection table, int symbol) {
    return address(table.type(symbol), table.sectionIndex(symbol), table.value(symbol));
  }

  private long address(int type, int sectionIndex, long value) {
    long address = value;
    if (layout.isObject() && sectionIndex > 0 && sectionIndex < layout.sections.size()) {
      address += layout.sections.get(sectionIndex).address();
    }
    // The lowest bit of a function's value says that it is Thumb code (AAELF32, "Symbol Values").
    boolean isThumb = layout.header.machine() == Elf.EM_ARM && type == Elf.STT_FUNC;
    return isThumb ? address & ~1L : address;
  }

  /** The dynamic symbols that are resolvers of this image. */
  java.util.BitSet indirectFunctions() {
    var out = new java.util.BitSet();
    dynamic.scan(
        (symbol, type, binding, section, value) -> {
          if (type == Elf.STT_GNU_IFUNC && section != Elf.SHN_UNDEF) {
            out.set(symbol);
          }
        });
    return out;
  }

  /** Functions whose size is known, with their numbers. */
  SortedAddresses sizedFunctions() {
    SortedAddresses found = functions.get();
    var addresses = new long[found.count()];
    var numbers = new int[found.count()];
    int count = 0;
    for (int i = 0; i < found.count(); i++) {
      if (all.size(found.number(i)) > 0) {
        addresses[count] = found.address(i);
        numbers[count++] = found.number(i);
      }
    }
    return SortedAddresses.of(addresses, numbers, count);
  }

  /** The size of a symbol of {@link #sizedFunctions}. */
  long sizeOf(int symbol) {
    return all.size(symbol);
  }

  private SortedAddresses indexFunctions() {
    return index(
        (type, section, value) ->
            section != Elf.SHN_UNDEF && (type == Elf.STT_FUNC || type == Elf.STT_GNU_IFUNC));
  }

  private SortedAddresses indexLabels() {
    boolean hasMappingSymbols =
        switch (layout.header.machine()) {
          case Elf.EM_ARM, Elf.EM_AARCH64, Elf.EM_RISCV -> true;
          default -> false;
        };
    SortedAddresses found =
        index(
            (type, section, value) ->
                type == Elf.STT_NOTYPE
                    && section != Elf.SHN_UNDEF
                    && section != Elf.SHN_ABS
                    && layout.isExecutable(address(type, section, value)));
    if (!hasMappingSymbols) {
      return found;
    }
    // $x, $d and their kind mark instructions and data; they name nothing.
    var addresses = new long[found.count()];
    var numbers = new int[found.count()];
    int count = 0;
    for (int i = 0; i < found.count(); i++) {
      if (!all.name(found.number(i)).startsWith("$")) {
        addresses[count] = found.address(i);
        numbers[count++] = found.number(i);
      }
    }
    return SortedAddresses.of(addresses, numbers, count);
  }

  private interface Choice {
    boolean takes(int type, int sectionIndex, long value);
  }

  private SortedAddresses index(Choice choice) {
    var addresses =
        new Object() {
          long[] values = new long[1024];
          int[] numbers = new int[1024];
          int count;
        };
    all.scan(
        (symbol, type, binding, section, value) -> {
          if (choice.takes(type, section, value)) {
            if (addresses.count == addresses.values.length) {
              addresses.values = Arrays.copyOf(addresses.values, addresses.count * 2);
              addresses.numbers = Arrays.copyOf(addresses.numbers, addresses.count * 2);
            }
            addresses.values[addresses.count] = address(type, section, value);
            addresses.numbers[addresses.count++] = symbol;
          }
        });
    return SortedAddresses.of(addresses.values, addresses.numbers, addresses.count);
  }

  /** An index over names for tables that come without one. */
  private static final class NameIndex {
    /** Where more symbols than this share a place, files are made to hurt. */
    private static final int MOST_STEPS = 256;

    private final int[] slots;

    private NameIndex(int[] slots) {
      this.slots = slots;
    }

    static NameIndex of(SymbolSection table) {
      int size = Math.max(16, Integer.highestOneBit(Math.max(1, table.count())) * 4);
      var slots = new int[size];
      long room = nameRoom(table);
      for (int symbol = 1; symbol < table.count() && room > 0; symbol++) {
        if (table.isDefined(symbol) && table.binding(symbol) != Elf.STB_LOCAL) {
          byte[] name = ElfStrings.bytes(table.name(symbol));
          room -= name.length;
          int at = hash(name) & size - 1;
          for (int steps = 0; steps < MOST_STEPS; steps++) {
            if (slots[at] == 0) {
              slots[at] = symbol;
              break;
            }
            at = at + 1 & size - 1;
          }
        }
      }
      return new NameIndex(slots);
    }

    int find(SymbolSection table, byte[] name, IntPredicate accepts) {
      for (int at = hash(name) & slots.length - 1; slots[at] != 0; at = at + 1 & slots.length - 1) {
        if (table.strings().isText(table.nameIndex(slots[at]), name) && accepts.test(slots[at])) {
          return slots[at];
        }
      }
      return -1;
    }

    private static int hash(byte[] name) {
      int hash = Arrays.hashCode(name) * 0x9e3779b9;
      return hash ^ hash >>> 15;
    }
  }
}
