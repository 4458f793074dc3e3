package dev.sigill.image.macho;

import dev.sigill.bytes.Bytes;
import dev.sigill.image.Slot;
import java.util.HashSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The names that the loader binds pointers to, each with its library and what is added to it. */
final class ImportTable {
  /** No more text than this is made of one image's imports, in characters. */
  private static final long MOST_TEXT = 1 << 28;

  /** The entries of a table, as the file has them. */
  interface Entries {
    Entries NONE = new ListedImports();

    int count();

    /** Where the name lies, relative to the bytes that hold the names. */
    long nameOffset(int number);

    /** The library's ordinal, as {@link Libraries} knows it. */
    int ordinal(int number);

    boolean isWeak(int number);

    long addend(int number);
  }

  /** Makes tables that belong to one image. */
  interface Maker {
    /** A table of these entries, whose names do not reach beyond {@code names}. */
    ImportTable of(Entries entries, Bytes names);
  }

  private final Entries entries;
  private final Bytes names;
  private final Libraries libraries;
  private final MachOSymbols symbols;
  private final String ownName;
  private final @Nullable Slot[] slots;

  /**
   * A table.
   *
   * @param ownName the image's install name
   */
  ImportTable(
      Entries entries, Bytes names, Libraries libraries, MachOSymbols symbols, String ownName) {
    this.entries = entries;
    this.names = names;
    this.libraries = libraries;
    this.symbols = symbols;
    this.ownName = ownName;
    this.slots = new Slot[entries.count()];
  }

  int count() {
    return slots.length;
  }

  /** What an entry leaves in a pointer. */
  Slot slot(int number) {
    Slot known = slots[number];
    if (known == null) {
      // Racy on purpose: every thread would make an equal one.
      known = make(number, 0);
      slots[number] = known;
    }
    return known;
  }

  /** What an entry leaves in a pointer that has an addend of its own besides. */
  Slot slot(int number, long addend) {
    return addend == 0 ? slot(number) : make(number, addend);
  }

  private Slot make(int number, long addend) {
    String name = name(number);
    if (name.isEmpty()) {
      return Slot.None.INSTANCE;
    }
    long sum = entries.addend(number) + addend;
    int ordinal = entries.ordinal(number);
    if (ordinal == Libraries.SELF) {
      long own = symbols.ownDefinition(name);
      if (own != -1) {
        return new Slot.Local(own + sum);
      }
    }
    return new Slot.Imported(name, library(ordinal), sum, entries.isWeak(number));
  }

  private String name(int number) {
    return names.text(entries.nameOffset(number), MachO.MOST_NAME);
  }

  private String library(int ordinal) {
    return ordinal == Libraries.SELF ? ownName : libraries.name(ordinal);
  }

  /** Every name once for each library that it is asked of. */
  void forEach(Consumer<MachOImport> action) {
    var given = new HashSet<MachOImport>();
    long room = Math.min(4 * names.length() + (1 << 20), MOST_TEXT);
    for (int i = 0; i < entries.count() && room > 0; i++) {
      String name = name(i);
      room -= name.length();
      var entry = new MachOImport(name, library(entries.ordinal(i)), entries.isWeak(i));
      if (!name.isEmpty() && given.add(entry)) {
        action.accept(entry);
      }
    }
  }
}
