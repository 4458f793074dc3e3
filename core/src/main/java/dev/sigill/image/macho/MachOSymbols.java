package dev.sigill.image.macho;

import dev.sigill.bytes.Problem;
import dev.sigill.image.FunctionTable;
import dev.sigill.image.Symbol;
import dev.sigill.image.SymbolTable;
import dev.sigill.image.lookup.Lazy;
import dev.sigill.image.lookup.SortedAddresses;
import dev.sigill.image.macho.ExportTrie.Export;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The names of an image: its export trie, which other images bind to, and its symbol table, which
 * has the local names too. Images without a trie export the external names of the symbol table.
 */
final class MachOSymbols implements SymbolTable {
  private final MachOLayout layout;
  private final SymbolEntries entries;
  private final @Nullable ExportTrie trie;
  private final Supplier<FunctionTable> functions;
  private final MachOProblems problems;
  private final Lazy<NameIndex> externals;
  private final Lazy<SortedAddresses> byAddress;
  private final Lazy<List<Symbol>> trieFunctions;
  private final Lazy<Boolean> isStripped;

  MachOSymbols(
      MachOLayout layout,
      SymbolEntries entries,
      @Nullable ExportTrie trie,
      Supplier<FunctionTable> functions,
      MachOProblems problems) {
    this.layout = layout;
    this.entries = entries;
    this.trie = trie;
    this.functions = functions;
    this.problems = problems;
    this.externals = new Lazy<>(() -> NameIndex.of(entries));
    this.byAddress = new Lazy<>(this::sortFunctions);
    this.trieFunctions = new Lazy<>(this::listTrieFunctions);
    this.isStripped = new Lazy<>(this::findIsStripped);
  }

  SymbolEntries entries() {
    return entries;
  }

  @Override
  public @Nullable Symbol exported(String name) {
    if (trie != null) {
      Export export = trie.find(name);
      return export == null ? null : symbol(name, export);
    }
    int number = externals.get().find(name);
    return number < 0 ? null : symbol(number, name, true);
  }

  /** The address of a name that the image asks of itself, or -1 where it does not define it. */
  long ownDefinition(String name) {
    Export export = trie == null ? null : trie.find(name);
    if (export != null && export.hasResolver()) {
      return -1;
    }
    if (export != null && !export.isReexport()) {
      return address(export);
    }
    int number = externals.get().find(name);
    return number >= 0 && (entries.type(number) & MachO.N_TYPE) == MachO.N_SECT
        ? entries.value(number)
        : -1;
  }

  /** Where a re-exported name leads: the library's ordinal and the name there; else null. */
  @Nullable Export reexport(String name) {
    Export export = trie == null ? null : trie.find(name);
    return export != null && export.isReexport() ? export : null;
  }

  /** The symbol of an export. */
  private Symbol symbol(String name, Export export) {
    if (export.isReexport()) {
      return new Symbol(name, 0, 0, Symbol.Kind.FORWARD, true);
    }
    long address = address(export);
    Symbol.Kind kind;
    if (export.isAbsolute()) {
      kind = Symbol.Kind.OTHER;
    } else if (export.hasResolver()) {
      kind = Symbol.Kind.INDIRECT_FUNCTION;
    } else if (export.isThreadLocal()) {
      kind = Symbol.Kind.THREAD_LOCAL;
    } else {
      kind = kind(layout.sectionAt(address));
    }
    return new Symbol(name, address, size(kind, address), kind, true, export.isWeak());
  }

  private long address(Export export) {
    return export.isAbsolute() ? export.offset() : layout.base + export.offset();
  }

  /** The symbol of an entry of the symbol table. */
  private Symbol symbol(int number, String name, boolean isExported) {
    long value = entries.value(number);
    return switch (entries.type(number) & MachO.N_TYPE) {
      case MachO.N_INDR -> new Symbol(name, 0, 0, Symbol.Kind.FORWARD, isExported);
      case MachO.N_SECT -> {
        Symbol.Kind kind = kind(layout.sectionNumbered(entries.section(number)));
        boolean isResolver =
            layout.header.isObject()
                && (entries.description(number) & MachO.N_SYMBOL_RESOLVER) != 0;
        yield new Symbol(
            name,
            value,
            size(kind, value),
            isResolver ? Symbol.Kind.INDIRECT_FUNCTION : kind,
            isExported,
            (entries.description(number) & MachO.N_WEAK_DEF) != 0);
      }
      default -> new Symbol(name, value, 0, Symbol.Kind.OTHER, isExported);
    };
  }

  private static Symbol.Kind kind(@Nullable MachOSection section) {
    if (section == null) {
      return Symbol.Kind.OTHER;
    }
    if (section.holdsCode()) {
      return Symbol.Kind.FUNCTION;
    }
    return section.isThreadLocal() ? Symbol.Kind.THREAD_LOCAL : Symbol.Kind.DATA;
  }

  /** The format has no sizes; a function reaches as far as the function table says. */
  private long size(Symbol.Kind kind, long address) {
    if (kind != Symbol.Kind.FUNCTION && kind != Symbol.Kind.INDIRECT_FUNCTION) {
      return 0;
    }
    FunctionTable.Range range = functions.get().containing(address);
    return range.isNone() ? 0 : range.end() - address;
  }

  @Override
  public @Nullable Symbol containing(long address) {
    SortedAddresses sorted = byAddress.get();
    int at = sorted.floor(address);
    if (at < 0) {
      return null;
    }
    long start = sorted.address(at);
    FunctionTable.Range range = functions.get().containing(address);
    if (!range.isNone() && Long.compareUnsigned(start, range.start()) < 0) {
      // The name is that of an earlier function; this one has none.
      return null;
    }
    MachOSection section = layout.sectionAt(address);
    if (section == null || !section.contains(start)) {
      return null;
    }
    int number = sorted.number(at);
    String name = number < 0 ? "" : entries.name(number);
    while (isTemporary(name) && at > 0 && sorted.address(at - 1) == start) {
      number = sorted.number(--at);
      name = number < 0 ? "" : entries.name(number);
    }
    return number < 0
        ? trieFunctions.get().get(-1 - number)
        : symbol(number, name, entries.isExternal(number));
  }

  /** Whether an assembler made the name up. */
  private static boolean isTemporary(String name) {
    return name.startsWith("ltmp") || name.startsWith("L") || name.startsWith("l_");
  }

  /** All named functions; of those at one address the last is the one to show. */
  private SortedAddresses sortFunctions() {
    boolean hasExternals = hasExternals();
    List<Symbol> fromTrie = hasExternals ? List.of() : trieFunctions.get();
    int most = entries.count() + fromTrie.size();
    var addresses = new long[Math.min(most, 1024)];
    var numbers = new int[addresses.length];
    int count = 0;
    for (int pass = 0; pass < 2; pass++) {
      for (int i = 0; i < entries.count(); i++) {
        if (entries.isExternal(i) == (pass == 1) && isFunction(i)) {
          if (count == addresses.length) {
            addresses = Arrays.copyOf(addresses, Math.min(most, count * 2));
            numbers = Arrays.copyOf(numbers, addresses.length);
          }
          addresses[count] = entries.value(i);
          numbers[count++] = i;
        }
      }
    }
    addresses = Arrays.copyOf(addresses, count + fromTrie.size());
    numbers = Arrays.copyOf(numbers, addresses.length);
    for (int i = 0; i < fromTrie.size(); i++) {
      addresses[count] = fromTrie.get(i).address();
      numbers[count++] = -1 - i;
    }
    return SortedAddresses.of(addresses, numbers, count);
  }

  /** Where functions are that have a symbol, unsorted, each address perhaps several times. */
  long[] functionAddresses() {
    SortedAddresses sorted = byAddress.get();
    var out = new long[sorted.count()];
    for (int i = 0; i < out.length; i++) {
      out[i] = sorted.address(i);
    }
    return out;
  }

  private boolean isFunction(int number) {
    int type = entries.type(number);
    if ((type & MachO.N_STAB) != 0 || (type & MachO.N_TYPE) != MachO.N_SECT) {
      return false;
    }
    MachOSection section = layout.sectionNumbered(entries.section(number));
    return section != null
        && section.holdsCode()
        && section.type() != MachO.S_SYMBOL_STUBS
        && section.contains(entries.value(number));
  }

  private boolean hasExternals() {
    for (int i = 0; i < entries.count(); i++) {
      if (entries.isDefinition(i) && entries.isExternal(i)) {
        return true;
      }
    }
    return false;
  }

  private List<Symbol> listTrieFunctions() {
    var out = new ArrayList<Symbol>();
    if (trie != null) {
      trie.forEach(
          (name, export) -> {
            if (!export.isReexport() && !export.isAbsolute() && !export.hasResolver()) {
              long address = layout.base + export.offset();
              if (kind(layout.sectionAt(address)) == Symbol.Kind.FUNCTION) {
                out.add(new Symbol(name, address, 0, Symbol.Kind.FUNCTION, true, export.isWeak()));
              }
            }
          });
    }
    out.sort(Comparator.comparing(Symbol::address, Long::compareUnsigned));
    return List.copyOf(out);
  }

  @Override
  public void forEachExported(Consumer<Symbol> action) {
    if (trie != null) {
      trie.forEach((name, export) -> action.accept(symbol(name, export)));
      return;
    }
    long room = textRoom();
    for (int i = 0; i < entries.count() && room > 0; i++) {
      if (entries.isDefinition(i) && entries.isExternal(i)) {
        String name = entries.name(i);
        room -= name.length();
        action.accept(symbol(i, name, true));
      }
    }
    checkRoom(room);
  }

  @Override
  public void forEachExported(List<String> prefixes, Consumer<Symbol> action) {
    if (trie != null) {
      for (String prefix : prefixes) {
        trie.forEach(prefix, (name, export) -> action.accept(symbol(name, export)));
      }
    } else {
      SymbolTable.super.forEachExported(prefixes, action);
    }
  }

  @Override
  public void forEachDefined(Consumer<Symbol> action) {
    long room = textRoom();
    for (int i = 0; i < entries.count() && room > 0; i++) {
      if (entries.isDefinition(i)) {
        String name = entries.name(i);
        room -= name.length();
        if (!name.isEmpty()) {
          action.accept(symbol(i, name, entries.isExternal(i)));
        }
      }
    }
    checkRoom(room);
    if (trie != null) {
      NameIndex known = externals.get();
      trie.forEach(
          (name, export) -> {
            if (known.find(name) < 0) {
              action.accept(symbol(name, export));
            }
          });
    }
  }

  /** Names may share their text, but not all of them all of it. */
  private long textRoom() {
    return 8 * entries.strings().length() + (1 << 20);
  }

  private void checkRoom(long room) {
    if (room <= 0) {
      problems.partLost(
          Problem.Code.LIMIT, 0, "LC_SYMTAB: n_strx", textRoom(), entries.strings().length());
    }
  }

  @Override
  public boolean isStripped() {
    return isStripped.get();
  }

  private boolean findIsStripped() {
    for (int i = 0; i < entries.count(); i++) {
      boolean isLocal = (entries.type(i) & MachO.N_EXT) == 0;
      if (isLocal && isFunction(i) && entries.nameOffset(i) != 0) {
        return false;
      }
    }
    return true;
  }
}
