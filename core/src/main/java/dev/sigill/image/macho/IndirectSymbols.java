package dev.sigill.image.macho;

import dev.sigill.bytes.Problem;
import dev.sigill.image.macho.LoadCommands.Dysymtab;
import org.jspecify.annotations.Nullable;

/** The indirect symbol table: which symbol each pointer of a section and each stub stands for. */
record IndirectSymbols(MachOBytes file, long offset, long count) {
  /** In place of a number: a pointer into the image itself, without a name. */
  static final int LOCAL = -2;

  private static final int NONE = -1;

  static IndirectSymbols of(MachOLayout layout, @Nullable Dysymtab table, MachOProblems problems) {
    if (table == null) {
      return new IndirectSymbols(layout.file, 0, 0);
    }
    long room = Math.max(0, layout.file.length() - table.indirectsymoff()) / 4;
    if (table.nindirectsyms() > room) {
      problems.partLost(
          Problem.Code.OUT_OF_RANGE,
          Math.min(table.indirectsymoff(), layout.file.length()),
          "LC_DYSYMTAB: nindirectsyms",
          table.nindirectsyms(),
          room);
    }
    return new IndirectSymbols(
        layout.file, table.indirectsymoff(), Math.min(table.nindirectsyms(), room));
  }

  /** The number of an entry's symbol, {@link #LOCAL}, or -1 where there is none. */
  int symbol(long index) {
    if (index < 0 || index >= count) {
      return NONE;
    }
    int entry = file.i32(offset + 4 * index);
    if ((entry & MachO.INDIRECT_SYMBOL_LOCAL) != 0) {
      return (entry & MachO.INDIRECT_SYMBOL_ABS) != 0 ? NONE : LOCAL;
    }
    return (entry & MachO.INDIRECT_SYMBOL_ABS) != 0 ? NONE : entry;
  }
}
