package dev.sigill.image;

import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The names that an image has for its addresses. Nothing is read before it is asked for: names of
 * large libraries run into millions.
 */
public interface SymbolTable {
  /** A table without symbols. */
  SymbolTable EMPTY =
      new SymbolTable() {
        @Override
        public @Nullable Symbol exported(String name) {
          return null;
        }

        @Override
        public @Nullable Symbol containing(long address) {
          return null;
        }

        @Override
        public void forEachExported(Consumer<Symbol> action) {}

        @Override
        public void forEachDefined(Consumer<Symbol> action) {}

        @Override
        public boolean isStripped() {
          return true;
        }
      };

  /** The definition that other images bind to under a name, or null. */
  @Nullable Symbol exported(String name);

  /**
   * The function symbol that an address lies in: the one with the greatest address not after it,
   * within its size where that is known. Null where there is none. For reports; not for hot loops.
   */
  @Nullable Symbol containing(long address);

  /** All definitions that other images can bind to. */
  void forEachExported(Consumer<Symbol> action);

  /**
   * The definitions that other images can bind to whose names begin with one of several texts.
   * Large libraries export hundreds of thousands of names: this reads only those that are wanted,
   * where the format allows it.
   */
  default void forEachExported(List<String> prefixes, Consumer<Symbol> action) {
    forEachExported(
        symbol -> {
          if (prefixes.stream().anyMatch(symbol.name()::startsWith)) {
            action.accept(symbol);
          }
        });
  }

  /** All definitions, exported and local. */
  void forEachDefined(Consumer<Symbol> action);

  /** Whether only the symbols needed for linking are left. */
  boolean isStripped();
}
