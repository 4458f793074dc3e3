package dev.sigill.image.macho;

import dev.sigill.bytes.Bytes;
import dev.sigill.image.macho.LoadCommands.Symtab;

/** {@code nlist} or {@code nlist_64}, read in place. */
final class SymbolEntries {
  private final MachOBytes file;
  private final long symoff;
  private final int entrySize;
  private final int count;
  private final Bytes strings;

  SymbolEntries(MachOBytes file, Symtab symtab) {
    this.file = file;
    this.symoff = symtab.symoff();
    this.entrySize = file.is64() ? 16 : 12;
    this.count = (int) symtab.nsyms();
    this.strings = file.bytes().slice(symtab.strings().offset(), symtab.strings().size());
  }

  int count() {
    return count;
  }

  private long entry(int number) {
    return symoff + (long) number * entrySize;
  }

  int type(int number) {
    return file.u8(entry(number) + 4);
  }

  /** {@code n_sect}: the number of the section, from 1. */
  int section(int number) {
    return file.u8(entry(number) + 5);
  }

  /** {@code n_desc}. */
  int description(int number) {
    return file.u16(entry(number) + 6);
  }

  long value(int number) {
    return file.word(entry(number) + 8);
  }

  String name(int number) {
    return text(nameOffset(number));
  }

  long nameOffset(int number) {
    return file.u32(entry(number));
  }

  /** A text of the string table; offset 0 is the name of what has none. */
  String text(long offset) {
    return offset == 0 ? "" : strings.text(offset, MachO.MOST_NAME);
  }

  Bytes strings() {
    return strings;
  }

  boolean isStab(int number) {
    return (type(number) & MachO.N_STAB) != 0;
  }

  /** Whether the image defines it: in a section, as a number, or as another name's alias. */
  boolean isDefinition(int number) {
    int type = type(number);
    if ((type & MachO.N_STAB) != 0) {
      return false;
    }
    return switch (type & MachO.N_TYPE) {
      case MachO.N_SECT, MachO.N_ABS, MachO.N_INDR -> true;
      default -> false;
    };
  }

  /** Whether other images could bind to it. */
  boolean isExternal(int number) {
    return (type(number) & (MachO.N_EXT | MachO.N_PEXT)) == MachO.N_EXT;
  }
}
