package dev.sigill.image.macho;

import dev.sigill.bytes.Bytes;
import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;

/** Finds external definitions of a symbol table by name: an open hash table of their numbers. */
final class NameIndex {
  /** Not known beforehand, so that nobody can choose names that collide. */
  private static final int SEED = new SplittableRandom().nextInt();

  private final SymbolEntries entries;
  private final int[] table;
  private final int count;

  private NameIndex(SymbolEntries entries, int[] table, int count) {
    this.entries = entries;
    this.table = table;
    this.count = count;
  }

  static NameIndex of(SymbolEntries entries) {
    int count = 0;
    for (int i = 0; i < entries.count(); i++) {
      if (entries.isDefinition(i) && entries.isExternal(i)) {
        count++;
      }
    }
    var table = new int[Math.max(2, Integer.highestOneBit(Math.max(1, count)) * 4)];
    long room = 8 * entries.strings().length() + (1 << 20);
    for (int i = 0; i < entries.count() && room > 0; i++) {
      if (entries.isDefinition(i) && entries.isExternal(i)) {
        byte[] name = entries.name(i).getBytes(StandardCharsets.UTF_8);
        room -= name.length;
        int at = hash(name) & table.length - 1;
        while (table[at] != 0 && !isName(entries, table[at] - 1, name)) {
          at = at + 1 & table.length - 1;
        }
        if (table[at] == 0) {
          table[at] = i + 1;
        }
      }
    }
    return new NameIndex(entries, table, count);
  }

  int count() {
    return count;
  }

  private static int hash(byte[] name) {
    int hash = SEED;
    for (byte b : name) {
      hash = Integer.rotateLeft((hash ^ b) * 0x9e3779b1, 13);
    }
    return hash ^ hash >>> 15;
  }

  /** The number of the first entry of a name, or -1. */
  int find(String name) {
    byte[] wanted = name.getBytes(StandardCharsets.UTF_8);
    if (count == 0 || wanted.length == 0) {
      return -1;
    }
    int at = hash(wanted) & table.length - 1;
    while (table[at] != 0) {
      if (isName(entries, table[at] - 1, wanted)) {
        return table[at] - 1;
      }
      at = at + 1 & table.length - 1;
    }
    return -1;
  }

  private static boolean isName(SymbolEntries entries, int number, byte[] wanted) {
    long offset = entries.nameOffset(number);
    Bytes strings = entries.strings();
    if (!strings.has(offset, wanted.length)) {
      return false;
    }
    for (int i = 0; i < wanted.length; i++) {
      if ((byte) strings.u8(offset + i) != wanted[i]) {
        return false;
      }
    }
    return !strings.has(offset, wanted.length + 1L) || strings.u8(offset + wanted.length) == 0;
  }
}
