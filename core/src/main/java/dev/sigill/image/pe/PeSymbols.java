package dev.sigill.image.pe;

import dev.sigill.image.FunctionTable;
import dev.sigill.image.Symbol;
import dev.sigill.image.SymbolTable;
import java.util.Arrays;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The names of an image: its exports, and its COFF symbols where it has them. */
final class PeSymbols implements SymbolTable {
  /** Keys are RVA, then kind of name (the better one first), then number. */
  private static final int NUMBER_BITS = 31;

  private static final long COFF = 1L << 29;
  private static final long UNNAMED = 1L << 30;
  private static final long NUMBER = COFF - 1;

  private final PeHeaders headers;
  private final long imageBase;
  private final PeMapping mapping;
  private final PeExports exports;
  private final CoffSymbols coff;
  private final FunctionTable functions;
  private final long nameBudget;
  private volatile long @Nullable [] functionKeys;

  /**
   * @param nameBudget how many characters of names one enumeration reads at most; names that do not
   *     overlap are shorter than their file
   */
  PeSymbols(
      PeHeaders headers,
      PeMapping mapping,
      PeExports exports,
      CoffSymbols coff,
      FunctionTable functions,
      long nameBudget) {
    this.headers = headers;
    this.imageBase = headers.imageBase();
    this.mapping = mapping;
    this.exports = exports;
    this.coff = coff;
    this.functions = functions;
    this.nameBudget = nameBudget;
  }

  /** The definition of a name, or of an ordinal written {@code #12}. */
  @Override
  public @Nullable Symbol exported(String name) {
    int export = exports.find(name);
    return export < 0 || exports.rva(export) == 0 ? null : export(export, name);
  }

  private Symbol export(int export, String name) {
    long rva = exports.rva(export);
    if (exports.isForwarder(rva)) {
      return new Symbol(name, 0, 0, Symbol.Kind.FORWARD, true);
    }
    return symbol(name, rva, mapping.isExecutable(rva), true);
  }

  private Symbol symbol(String name, long rva, boolean isFunction, boolean isExported) {
    long address = imageBase + rva;
    long size = 0;
    if (isFunction) {
      address = headers.codeAddress(address);
      FunctionTable.Range range = functions.containing(address);
      size = range.start() == address ? range.end() - address : 0;
    }
    return new Symbol(
        name, address, size, isFunction ? Symbol.Kind.FUNCTION : Symbol.Kind.DATA, isExported);
  }

  @Override
  public void forEachExported(Consumer<Symbol> action) {
    var budget = new Budget(action);
    exports.forEach(
        export -> {
          if (budget.isLeft()) {
            budget.accept(export((int) export, exports.name((int) export)));
          }
        });
  }

  @Override
  public void forEachDefined(Consumer<Symbol> action) {
    forEachExported(action);
    var budget = new Budget(action);
    coff.forEach(
        symbol -> {
          if (budget.isLeft()) {
            budget.accept(
                symbol(coff.name(symbol), coff.rva(symbol), coff.isFunction(symbol), false));
          }
        });
  }

  /** Passes symbols on until their names have used up the budget. */
  private final class Budget implements Consumer<Symbol> {
    private final Consumer<Symbol> action;
    private long left = nameBudget;

    Budget(Consumer<Symbol> action) {
      this.action = action;
    }

    boolean isLeft() {
      return left >= 0;
    }

    @Override
    public void accept(Symbol symbol) {
      left -= symbol.name().length();
      action.accept(symbol);
    }
  }

  @Override
  public @Nullable Symbol containing(long address) {
    long rva = address - imageBase;
    if (rva < 0 || rva >>> 32 != 0) {
      return null;
    }
    long[] keys = functionKeys();
    int found = Arrays.binarySearch(keys, (rva + 1) << NUMBER_BITS);
    int index = (found < 0 ? ~found : found) - 1;
    if (index < 0) {
      return null;
    }
    long start = keys[index] >>> NUMBER_BITS;
    while (index > 0 && keys[index - 1] >>> NUMBER_BITS == start) {
      index--;
    }
    if (start != rva && !isSameFunction(start, rva)) {
      return null;
    }
    long key = keys[index];
    int number = (int) (key & NUMBER);
    boolean isCoff = (key & COFF) != 0 && (key & UNNAMED) == 0;
    return isCoff
        ? symbol(coff.name(number), start, true, false)
        : export((key & UNNAMED) != 0 ? exports.nameCount() + number : number);
  }

  private Symbol export(int export) {
    return export(export, exports.name(export));
  }

  /** Whether nothing that the image says of functions parts two addresses. */
  private boolean isSameFunction(long start, long rva) {
    if (!mapping.isSameSection(start, rva)) {
      return false;
    }
    FunctionTable.Range there = functions.containing(imageBase + rva);
    if (!there.isNone()) {
      return there.start() <= imageBase + start;
    }
    FunctionTable.Range named = functions.containing(imageBase + start);
    return named.isNone();
  }

  private long[] functionKeys() {
    long[] keys = functionKeys;
    if (keys == null) {
      synchronized (this) {
        keys = functionKeys;
        if (keys == null) {
          keys = readFunctionKeys();
          functionKeys = keys;
        }
      }
    }
    return keys;
  }

  private long[] readFunctionKeys() {
    var list = new Keys();
    exports.forEach(
        export -> {
          long rva = exports.rva((int) export);
          if (!exports.isForwarder(rva) && mapping.isExecutable(rva)) {
            int unnamed = (int) export - exports.nameCount();
            list.add(headers.codeAddress(rva), unnamed < 0 ? export : UNNAMED | unnamed);
          }
        });
    coff.forEach(
        symbol -> {
          if (coff.isFunction(symbol)) {
            list.add(headers.codeAddress(coff.rva(symbol)), COFF | symbol);
          }
        });
    return list.sorted();
  }

  private static final class Keys {
    private long[] keys = new long[64];
    private int size;

    void add(long rva, long number) {
      if (rva >>> 32 == 0) {
        if (size == keys.length) {
          keys = Arrays.copyOf(keys, size * 2);
        }
        keys[size++] = rva << NUMBER_BITS | number;
      }
    }

    long[] sorted() {
      long[] out = Arrays.copyOf(keys, size);
      Arrays.sort(out);
      return out;
    }
  }

  @Override
  public boolean isStripped() {
    return coff.isEmpty();
  }
}
