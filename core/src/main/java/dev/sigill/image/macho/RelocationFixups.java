package dev.sigill.image.macho;

import dev.sigill.bytes.Limits;
import dev.sigill.bytes.Problem;
import dev.sigill.image.Slot;
import dev.sigill.image.lookup.SortedAddresses;
import dev.sigill.image.macho.LoadCommands.Dysymtab;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HashSet;
import java.util.function.Consumer;

/**
 * The fixups of images from before {@code LC_DYLD_INFO}: the local and external relocations of
 * {@code LC_DYSYMTAB} ({@code reloc.h}), and symbol pointers, whose names the indirect symbol table
 * tells.
 */
final class RelocationFixups implements Fixups {
  private static final int R_SCATTERED = 0x8000_0000;

  /** Marks in place of a symbol's number a pointer whose content is its address. */
  private static final int LOCAL = -1;

  private final MachOLayout layout;
  private final MachOSymbols symbols;
  private final Libraries libraries;
  private final MachOProblems problems;
  private final int most;
  private long[] addresses = new long[256];
  private int[] numbers = new int[256];
  private int count;
  private SortedAddresses sorted = SortedAddresses.of(addresses, numbers, 0);

  /** Pointers that get the symbol's address alone, whatever they hold. */
  private final FixupMap symbolPointers;

  private long bindCount;

  private RelocationFixups(
      MachOLayout layout,
      MachOSymbols symbols,
      Libraries libraries,
      Limits limits,
      MachOProblems problems) {
    this.layout = layout;
    this.symbols = symbols;
    this.libraries = libraries;
    this.problems = problems;
    this.most = limits.entries();
    this.symbolPointers = new FixupMap(layout);
  }

  static Fixups read(
      MachOLayout layout,
      LoadCommands commands,
      MachOSymbols symbols,
      Libraries libraries,
      Limits limits,
      MachOProblems problems) {
    Dysymtab table = commands.dysymtab;
    if (table == null || layout.header.isObject()) {
      return Fixups.NONE;
    }
    var fixups = new RelocationFixups(layout, symbols, libraries, limits, problems);
    fixups.relocations(table.locreloff(), table.nlocrel(), "LC_DYSYMTAB: locreloff");
    fixups.relocations(table.extreloff(), table.nextrel(), "LC_DYSYMTAB: extreloff");
    IndirectSymbols indirect = IndirectSymbols.of(layout, table, problems);
    for (MachOSection section : layout.sections) {
      switch (section.type()) {
        case MachO.S_NON_LAZY_SYMBOL_POINTERS,
            MachO.S_LAZY_SYMBOL_POINTERS,
            MachO.S_LAZY_DYLIB_SYMBOL_POINTERS ->
            fixups.pointers(section, indirect);
        default -> {}
      }
    }
    fixups.symbolPointers.complete();
    fixups.sorted = SortedAddresses.of(fixups.addresses, fixups.numbers, fixups.count);
    return fixups;
  }

  private void add(long address, int number) {
    if (count == addresses.length) {
      addresses = Arrays.copyOf(addresses, count * 2);
      numbers = Arrays.copyOf(numbers, count * 2);
    }
    addresses[count] = address;
    numbers[count++] = number;
    if (number >= 0) {
      bindCount++;
    }
  }

  /** What {@code r_address} is relative to. */
  private long relocationBase() {
    boolean isFromWritable =
        layout.header.cputype() == MachO.CPU_TYPE_X86_64 || layout.header.has(MachO.MH_SPLIT_SEGS);
    MachOSegment first = null;
    for (MachOSegment segment : layout.segments) {
      if ((!isFromWritable || segment.isWritable())
          && (first == null || segment.index() < first.index())) {
        first = segment;
      }
    }
    return first == null ? 0 : first.vmaddr();
  }

  private void relocations(long offset, long stated, String field) {
    MachOBytes file = layout.file;
    long room = Math.min((file.length() - offset) / 8, most - count);
    if (stated > 0 && stated > room) {
      problems.partLost(
          Problem.Code.OUT_OF_RANGE, Math.min(offset, file.length()), field, stated, room);
    }
    long base = relocationBase();
    int length = file.is64() ? 3 : 2;
    for (long i = 0; i < Math.min(stated, room); i++) {
      long at = offset + 8 * i;
      int address = file.i32(at);
      int word = file.i32(at + 4);
      if ((address & R_SCATTERED) != 0 && !file.is64()) {
        if ((address >>> 28 & 3) == length && (address >>> 24 & 0xf) == 0) {
          place(base + (address & 0xff_ffff), LOCAL);
        }
        continue;
      }
      boolean isLittle = file.order() == ByteOrder.LITTLE_ENDIAN;
      int symbol = isLittle ? word & 0xff_ffff : word >>> 8;
      int kind = isLittle ? word >>> 24 : Integer.reverse(word & 0xff) >>> 24;
      boolean isRelative = (kind & 1) != 0;
      int itsLength = isLittle ? kind >>> 1 & 3 : word >>> 5 & 3;
      boolean isExternal = (kind >>> 3 & 1) != 0;
      int type = isLittle ? kind >>> 4 & 0xf : word & 0xf;
      if (!isRelative && itsLength == length && type == 0) {
        place(base + (file.is64() ? address : address & 0xffff_ffffL), isExternal ? symbol : LOCAL);
      }
    }
  }

  private void place(long address, int symbol) {
    if (layout.fileOffset(address, layout.file.wordSize()) < 0
        || symbol >= symbols.entries().count()) {
      problems.partLost(
          Problem.Code.OUT_OF_RANGE, 0, "relocation_info: r_address", address, symbol);
      return;
    }
    add(address, symbol);
  }

  private void pointers(MachOSection section, IndirectSymbols indirect) {
    int wordSize = layout.file.wordSize();
    long entries = Math.min(section.fileSize() / wordSize, most - count);
    for (long i = 0; i < entries; i++) {
      int number = indirect.symbol(section.reserved1() + i);
      long address = section.addr() + i * wordSize;
      if (number == IndirectSymbols.LOCAL) {
        add(address, LOCAL);
      } else if (number >= 0 && number < symbols.entries().count()) {
        int segment = layout.segmentAt(address);
        symbolPointers.addRebase(segment, address - layout.segments.get(segment).vmaddr());
        add(address, number);
      }
    }
  }

  @Override
  public Slot slot(long address) {
    int at = sorted.exact(address);
    if (at < 0) {
      return Slot.None.INSTANCE;
    }
    long content = layout.file.word(layout.fileOffset(address));
    int number = sorted.number(at);
    if (number == LOCAL) {
      return content == 0 ? Slot.None.INSTANCE : new Slot.Local(content);
    }
    int segment = layout.segmentAt(address);
    boolean isPointer =
        symbolPointers.at(segment, address - layout.segments.get(segment).vmaddr())
            != FixupMap.NONE;
    return symbolSlot(symbols, libraries, number, isPointer ? 0 : content);
  }

  /** What a pointer to a symbol of the symbol table holds. */
  static Slot symbolSlot(MachOSymbols symbols, Libraries libraries, int number, long addend) {
    SymbolEntries entries = symbols.entries();
    int type = entries.type(number);
    if ((type & MachO.N_STAB) == 0 && (type & MachO.N_TYPE) == MachO.N_SECT) {
      return new Slot.Local(entries.value(number) + addend);
    }
    String name = entries.name(number);
    if (name.isEmpty()) {
      return Slot.None.INSTANCE;
    }
    int description = entries.description(number);
    return new Slot.Imported(
        name,
        libraries.name(Libraries.ordinalOf(description)),
        addend,
        (description & MachO.N_WEAK_REF) != 0);
  }

  @Override
  public long rebaseCount() {
    return count - bindCount;
  }

  @Override
  public long bindCount() {
    return bindCount;
  }

  @Override
  public void forEachImport(Consumer<MachOImport> action) {
    SymbolEntries entries = symbols.entries();
    var given = new HashSet<MachOImport>();
    for (int i = 0; i < entries.count(); i++) {
      int type = entries.type(i);
      boolean isUndefined =
          (type & (MachO.N_STAB | MachO.N_TYPE | MachO.N_EXT)) == (MachO.N_UNDF | MachO.N_EXT);
      if (isUndefined && entries.value(i) == 0) {
        String name = entries.name(i);
        int description = entries.description(i);
        var entry =
            new MachOImport(
                name,
                libraries.name(Libraries.ordinalOf(description)),
                (description & MachO.N_WEAK_REF) != 0);
        if (!name.isEmpty() && given.add(entry)) {
          action.accept(entry);
        }
      }
    }
  }
}
