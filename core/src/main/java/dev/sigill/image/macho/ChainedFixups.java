package dev.sigill.image.macho;

import dev.sigill.bytes.Problem;
import dev.sigill.image.Slot;
import dev.sigill.image.macho.LoadCommands.Part;
import java.nio.ByteBuffer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The fixups of {@code LC_DYLD_CHAINED_FIXUPS} ({@code fixup-chains.h}): in each page a chain of
 * pointers, each with the distance to the next. Walking the chains finds the places; what a place
 * gets is decoded from its content when it is asked for.
 */
final class ChainedFixups implements Fixups {
  private static final String COMMAND = "LC_DYLD_CHAINED_FIXUPS: ";

  /** As many as the widest ordinal can number. */
  private static final int MOST_IMPORTS = 1 << 24;

  private static final int PAGE_START_NONE = 0xffff;
  private static final int PAGE_START_MULTI = 0x8000;
  private static final int PAGE_START_LAST = 0x8000;

  private final MachOLayout layout;
  private final MachOProblems problems;
  private final Part part;
  private final ImportTable imports;
  private final FixupMap places;
  private final @Nullable ChainedPointer[] formats;
  private final long[] mostPointers;
  private long bindCount;

  private ChainedFixups(
      MachOLayout layout, Part part, ImportTable.Maker importTable, MachOProblems problems) {
    this.layout = layout;
    this.part = part;
    this.problems = problems;
    this.places = new FixupMap(layout);
    this.formats = new ChainedPointer[layout.segments.size()];
    this.mostPointers = new long[layout.segments.size()];
    this.imports =
        importTable.of(readImports(), layout.file.bytes().slice(part.offset(), part.size()));
    readStarts();
  }

  static Fixups read(
      MachOLayout layout, Part part, ImportTable.Maker importTable, MachOProblems problems) {
    if (part.size() < 28) {
      problems.partLost(
          Problem.Code.TRUNCATED, part.offset(), COMMAND + "datasize", part.size(), 28);
      return Fixups.NONE;
    }
    return new ChainedFixups(layout, part, importTable, problems);
  }

  /** Where a table of the command's data begins, or -1 with a problem where it does not fit. */
  private long table(int field, String name, long size) {
    long offset = layout.file.u32(part.offset() + field);
    if (offset > part.size() || size > part.size() - offset) {
      problems.partLost(
          Problem.Code.OUT_OF_RANGE, part.offset() + field, COMMAND + name, offset, part.size());
      return -1;
    }
    return part.offset() + offset;
  }

  private ImportTable.Entries readImports() {
    MachOBytes file = layout.file;
    long start = part.offset();
    long version = file.u32(start);
    if (version != 0) {
      problems.partLost(Problem.Code.UNSUPPORTED, start, COMMAND + "fixups_version", version, 0);
      return ImportTable.Entries.NONE;
    }
    long count = file.u32(start + 16);
    long format = file.u32(start + 20);
    long symbolsFormat = file.u32(start + 24);
    int entrySize =
        switch ((int) format) {
          case 1 -> 4;
          case 2 -> 8;
          case 3 -> 16;
          default -> 0;
        };
    if (count == 0) {
      return ImportTable.Entries.NONE;
    }
    if (entrySize == 0) {
      problems.partLost(
          Problem.Code.UNSUPPORTED, start + 20, COMMAND + "imports_format", format, 3);
      return ImportTable.Entries.NONE;
    }
    if (symbolsFormat != 0) {
      problems.partLost(
          Problem.Code.UNSUPPORTED, start + 24, COMMAND + "symbols_format", symbolsFormat, 0);
      return ImportTable.Entries.NONE;
    }
    long at = table(8, "imports_offset", 0);
    long symbols = table(12, "symbols_offset", 0);
    if (at < 0 || symbols < 0) {
      return ImportTable.Entries.NONE;
    }
    long most = Math.min((part.offset() + part.size() - at) / entrySize, MOST_IMPORTS);
    if (count > most) {
      problems.partLost(
          Problem.Code.OUT_OF_RANGE, start + 16, COMMAND + "imports_count", count, most);
      count = most;
    }
    var entries = new ChainedImports(file, at, entrySize, (int) count, symbols - part.offset());
    long lost = entries.firstNameNotBefore(part.size());
    if (lost >= 0) {
      problems.partLost(Problem.Code.OUT_OF_RANGE, lost, COMMAND + "name_offset", -1, part.size());
    }
    return entries;
  }

  private void readStarts() {
    MachOBytes file = layout.file;
    long image = table(4, "starts_offset", 4);
    if (image < 0) {
      return;
    }
    long end = part.offset() + part.size();
    long count = file.u32(image);
    long most = (end - image - 4) / 4;
    if (count > most) {
      problems.partLost(Problem.Code.OUT_OF_RANGE, image, COMMAND + "seg_count", count, most);
      count = most;
    }
    for (int i = 0; i < count; i++) {
      long offset = file.u32(image + 4 + 4L * i);
      if (offset == 0) {
        continue;
      }
      if (offset > end - image - 22) {
        problems.partLost(
            Problem.Code.OUT_OF_RANGE,
            image + 4 + 4L * i,
            COMMAND + "seg_info_offset " + i,
            offset,
            end - image);
        continue;
      }
      int segment = layout.segmentOfCommand(i);
      if (segment < 0) {
        problems.partLost(Problem.Code.OUT_OF_RANGE, image, COMMAND + "seg_info_offset", i, -1);
        continue;
      }
      readSegment(image + offset, end, segment);
    }
  }

  /** {@code dyld_chained_starts_in_segment}. */
  private void readSegment(long at, long end, int number) {
    MachOBytes file = layout.file;
    MachOSegment segment = layout.segments.get(number);
    int pageSize = file.u16(at + 4);
    int pointerFormat = file.u16(at + 6);
    long segmentOffset = file.i64(at + 8);
    int pageCount = file.u16(at + 20);
    ChainedPointer format = ChainedPointer.of(pointerFormat);
    if (format == null) {
      problems.partLost(
          Problem.Code.UNSUPPORTED, at + 6, COMMAND + "pointer_format", pointerFormat, -1);
      return;
    }
    if (pageSize < 64 || segmentOffset != segment.vmaddr() - layout.base) {
      problems.partLost(
          Problem.Code.BAD_VALUE,
          at,
          COMMAND + (pageSize < 64 ? "page_size" : "segment_offset"),
          pageSize < 64 ? pageSize : segmentOffset,
          -1);
      return;
    }
    // The table goes on after the pages with the further starts of pages that have several.
    long starts = at + 22;
    long entries = Math.min((end - starts) / 2, (file.u32(at) - 22) / 2);
    if (pageCount > entries) {
      problems.partLost(
          Problem.Code.OUT_OF_RANGE, at + 20, COMMAND + "page_count", pageCount, entries);
      pageCount = (int) Math.max(0, entries);
    }
    formats[number] = format;
    mostPointers[number] = file.u32(at + 16);
    var walk = new Walk(number, format, pageSize);
    for (int page = 0; page < pageCount; page++) {
      int start = file.u16(starts + 2L * page);
      if (start == PAGE_START_NONE) {
        continue;
      }
      if ((start & PAGE_START_MULTI) == 0) {
        walk.chain(page, start);
        continue;
      }
      int index = start & ~PAGE_START_MULTI;
      while (true) {
        if (index >= entries) {
          problems.partLost(
              Problem.Code.OUT_OF_RANGE,
              starts + 2L * page,
              COMMAND + "page_start",
              index,
              entries);
          break;
        }
        int further = file.u16(starts + 2L * index);
        walk.chain(page, further & ~PAGE_START_LAST);
        if ((further & PAGE_START_LAST) != 0 || walk.isLost) {
          break;
        }
        index++;
      }
    }
  }

  /** Walks the chains of one segment. */
  private final class Walk {
    private final int number;
    private final MachOSegment segment;
    private final ChainedPointer format;
    private final int pageSize;
    private final byte[] content;
    private final ByteBuffer values;
    private int loaded = -1;
    private int size;
    private boolean isLost;

    Walk(int number, ChainedPointer format, int pageSize) {
      this.number = number;
      this.segment = layout.segments.get(number);
      this.format = format;
      this.pageSize = pageSize;
      this.content = new byte[pageSize + 8];
      this.values = ByteBuffer.wrap(content).order(layout.file.order());
    }

    private void load(int page) {
      long start = (long) page * pageSize;
      // A pointer may reach into the next page.
      size = Math.clamp(segment.filesize() - start, 0, content.length);
      layout.file.bytes().read(segment.fileoff() + start, content, 0, size);
      loaded = page;
    }

    void chain(int page, int start) {
      if (loaded != page) {
        long first = (long) page * pageSize;
        if (first >= segment.filesize()) {
          lose(Problem.Code.OUT_OF_RANGE, "page_start", page);
          return;
        }
        load(page);
      }
      int at = start;
      while (true) {
        if (at >= pageSize || at > size - format.size() || !FixupMap.isAligned(at)) {
          lose(Problem.Code.OUT_OF_RANGE, "next", at);
          return;
        }
        if (!places.addRebase(number, (long) page * pageSize + at)) {
          lose(Problem.Code.CYCLE, "next", at);
          return;
        }
        long value = format.size() == 8 ? values.getLong(at) : values.getInt(at) & 0xffff_ffffL;
        if (format.isBind(value)) {
          bindCount++;
          if (format.ordinal(value) >= imports.count()) {
            lose(Problem.Code.OUT_OF_RANGE, "ordinal", format.ordinal(value));
          }
        }
        int next = format.next(value);
        if (next == 0) {
          return;
        }
        at += next;
      }
    }

    private void lose(Problem.Code code, String field, long value) {
      isLost = true;
      problems.partLost(
          code,
          segment.fileoff() + (long) Math.max(0, loaded) * pageSize,
          "chained fixups of " + segment.segname() + ": " + field,
          value,
          -1);
    }
  }

  @Override
  public Slot slot(long address) {
    int segment = layout.segmentAt(address);
    if (segment < 0) {
      return Slot.None.INSTANCE;
    }
    MachOSegment holder = layout.segments.get(segment);
    long distance = address - holder.vmaddr();
    ChainedPointer format = formats[segment];
    if (format == null || places.at(segment, distance) == FixupMap.NONE) {
      return Slot.None.INSTANCE;
    }
    long offset = holder.fileoff() + distance;
    long value = format.size() == 8 ? layout.file.i64(offset) : layout.file.u32(offset);
    if (format.isBind(value)) {
      int ordinal = format.ordinal(value);
      return ordinal < imports.count()
          ? imports.slot(ordinal, format.addend(value))
          : Slot.None.INSTANCE;
    }
    long target = format.target(value, layout.base);
    // In a chain of 32-bit pointers what lies beyond max_valid_pointer is a number, not an address.
    boolean isNumber =
        format.size() == 4 && mostPointers[segment] != 0 && target > mostPointers[segment];
    return isNumber ? Slot.None.INSTANCE : new Slot.Local(target);
  }

  @Override
  public long rebaseCount() {
    return places.rebaseCount() - bindCount;
  }

  @Override
  public long bindCount() {
    return bindCount;
  }

  @Override
  public void forEachImport(Consumer<MachOImport> action) {
    imports.forEach(action);
  }
}
