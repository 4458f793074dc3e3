package dev.sigill.image.elf;

import dev.sigill.bytes.Limits;
import dev.sigill.bytes.Problem;
import dev.sigill.image.FunctionTable;
import dev.sigill.image.lookup.SortedAddresses;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The functions of an ELF file: from the sorted table of {@code .eh_frame_hdr}, else from {@code
 * .eh_frame} read from end to end, else from {@code .ARM.exidx}, else from sized function symbols.
 * Sizes are read when they are first asked for.
 */
final class ElfFunctions implements FunctionTable {
  private static final int SIZE_UNKNOWN = -1;

  /** Finds the size of a function that begins at an address. */
  private interface Sizes {
    /** The size in bytes, or -1 where it is not to be had. */
    long sizeOf(int number, long start);

    /** The virtual address of the entry of call frame information, or -1 where there is none. */
    long entryOf(int number);
  }

  private final SortedAddresses starts;
  // Racy on purpose: every thread would write the same number.
  private final int[] sizes;
  private final Sizes source;

  private ElfFunctions(SortedAddresses starts, Sizes source) {
    this.starts = starts;
    this.source = source;
    this.sizes = new int[starts.count()];
    Arrays.fill(sizes, SIZE_UNKNOWN);
  }

  static FunctionTable read(
      ElfLayout layout, ElfSymbols symbols, Limits limits, ElfProblems problems) {
    if (!layout.isObject() && !layout.isDebug()) {
      ElfProgramHeader header = layout.first(Elf.PT_GNU_EH_FRAME);
      ElfFunctions found = null;
      if (header != null) {
        found = fromHeader(layout, header, limits, problems);
      }
      if (found == null) {
        found = fromSection(layout, limits, problems);
      }
      if (found == null && layout.header.machine() == Elf.EM_ARM) {
        found = fromExceptionIndex(layout, limits, problems);
      }
      if (found != null) {
        return found;
      }
    }
    return fromSymbols(symbols);
  }

  /** {@code .eh_frame_hdr} (LSB Core, "Exception Frame Header"), or null where it has no table. */
  private static @Nullable ElfFunctions fromHeader(
      ElfLayout layout, ElfProgramHeader header, Limits limits, ElfProblems problems) {
    ElfBytes file = layout.file;
    long base = header.virtualAddress();
    long offset = layout.fileOffset(base);
    long room = Math.min(layout.fileRoom(base), header.memorySize());
    if (offset < 0 || room < 4) {
      problems.partLost(
          Problem.Code.OUT_OF_RANGE, header.offset(), "PT_GNU_EH_FRAME: p_vaddr", base, -1);
      return null;
    }
    int version = file.u8(offset);
    int frameEncoding = file.u8(offset + 1);
    int countEncoding = file.u8(offset + 2);
    int tableEncoding = file.u8(offset + 3);
    if (version != 1) {
      problems.partLost(Problem.Code.BAD_VALUE, offset, ".eh_frame_hdr: version", version, 1);
      return null;
    }
    var frame = new EhFrame(file);
    int wordSize = file.wordSize();
    int frameSize = EhFrame.fixedSize(frameEncoding, wordSize);
    int countSize = EhFrame.fixedSize(countEncoding, wordSize);
    int size = EhFrame.fixedSize(tableEncoding, wordSize);
    long at = offset + 4;
    if (frameEncoding == EhFrame.DW_EH_PE_OMIT || frameSize == 0 || 4 + frameSize > room) {
      return null;
    }
    long frameAddress = frame.fixed(frameEncoding, at, base + 4, base);
    at += frameSize;
    if (countEncoding == EhFrame.DW_EH_PE_OMIT
        || tableEncoding == EhFrame.DW_EH_PE_OMIT
        || countSize == 0
        || size == 0
        || 4 + frameSize + countSize > room) {
      return fromFrames(layout, frameAddress, Long.MAX_VALUE, limits, problems);
    }
    long stated = frame.fixed(countEncoding & 0x0f, at, 0, 0);
    at += countSize;
    int most = (int) Math.min(limits.entries(), (room - (at - offset)) / (2L * size));
    if (stated < 0 || stated > most) {
      problems.partLost(
          Problem.Code.OUT_OF_RANGE, at - countSize, ".eh_frame_hdr: fde_count", stated, most);
      return fromFrames(layout, frameAddress, Long.MAX_VALUE, limits, problems);
    }
    int count = (int) stated;
    var addresses = new long[count];
    var frames = new int[count];
    if (tableEncoding == 0x3b) {
      // What every linker writes: pairs of 32-bit distances from this header.
      int chunk = 1 << 15;
      for (int first = 0; first < count; first += chunk) {
        int part = Math.min(chunk, count - first);
        int[] pairs = file.ints(at + 8L * first, 2 * part);
        for (int i = 0; i < part; i++) {
          addresses[first + i] = narrow(file, base + pairs[2 * i]);
          frames[first + i] = pairs[2 * i + 1];
        }
      }
    } else {
      for (int i = 0; i < count; i++) {
        long pair = at + 2L * size * i;
        addresses[i] = frame.fixed(tableEncoding, pair, base + (pair - offset), base);
        long entry =
            frame.fixed(tableEncoding, pair + size, base + (pair + size - offset), base) - base;
        frames[i] = entry == (int) entry ? (int) entry : 0;
      }
    }
    SortedAddresses starts = withoutRepeats(SortedAddresses.of(addresses, frames, count));
    return new ElfFunctions(
        starts,
        new Sizes() {
          @Override
          public long sizeOf(int distance, long start) {
            var into = new EhFrame.Entry();
            long address = entryOf(distance);
            long place = layout.fileOffset(address);
            boolean isRead =
                place >= 0 && frame.read(place, address, place + layout.fileRoom(address), into);
            return isRead && into.isFunction && into.start == start ? into.size : -1;
          }

          @Override
          public long entryOf(int distance) {
            return narrow(file, base + distance);
          }
        });
  }

  private static long narrow(ElfBytes file, long address) {
    return file.is64() ? address : address & 0xffff_ffffL;
  }

  private static @Nullable ElfFunctions fromSection(
      ElfLayout layout, Limits limits, ElfProblems problems) {
    for (ElfSectionHeader section : layout.sections) {
      if (section.name().equals(".eh_frame")
          && section.isAllocated()
          && section.fileSize() > 0
          && layout.fileOffset(section.address()) == section.offset()) {
        return fromFrames(layout, section.address(), section.size(), limits, problems);
      }
    }
    return null;
  }

  /** Reads {@code .eh_frame} from one end to the other; null where it describes nothing. */
  private static @Nullable ElfFunctions fromFrames(
      ElfLayout layout, long address, long size, Limits limits, ElfProblems problems) {
    ElfBytes file = layout.file;
    long offset = layout.fileOffset(address);
    if (offset < 0) {
      problems.partLost(Problem.Code.OUT_OF_RANGE, 0, ".eh_frame", address, -1);
      return null;
    }
    long end = offset + Math.min(size < 0 ? 0 : size, layout.fileRoom(address));
    var frame = new EhFrame(file);
    var entry = new EhFrame.Entry();
    var addresses = new long[1024];
    var numbers = new int[1024];
    var lengths = new long[1024];
    var entries = new long[1024];
    int count = 0;
    long at = offset;
    while (at >= 0 && at < end && count < limits.entries()) {
      if (at <= end - 4 && file.u32(at) == 0) {
        // A terminator; libraries linked from several parts may hold more entries after it.
        at += 4;
        continue;
      }
      boolean isRead = frame.read(at, address + (at - offset), end, entry);
      if (!isRead && entry.next < 0) {
        if (size != Long.MAX_VALUE) {
          problems.partLost(Problem.Code.OUT_OF_RANGE, at, ".eh_frame: length", file.u8(at), -1);
        }
        break;
      }
      if (isRead && entry.isFunction && entry.start != 0 && entry.size > 0) {
        if (count == addresses.length) {
          addresses = Arrays.copyOf(addresses, count * 2);
          numbers = Arrays.copyOf(numbers, count * 2);
          lengths = Arrays.copyOf(lengths, count * 2);
          entries = Arrays.copyOf(entries, count * 2);
        }
        addresses[count] = entry.start;
        numbers[count] = count;
        entries[count] = address + (at - offset);
        lengths[count++] = entry.size;
      }
      at = entry.next;
    }
    if (count == 0) {
      return null;
    }
    long[] known = lengths;
    long[] places = entries;
    return new ElfFunctions(
        withoutRepeats(SortedAddresses.of(addresses, numbers, count)),
        new Sizes() {
          @Override
          public long sizeOf(int number, long start) {
            return known[number];
          }

          @Override
          public long entryOf(int number) {
            return places[number];
          }
        });
  }

  /**
   * {@code .ARM.exidx} (EHABI32, "The index table"): pairs of words, the first the distance to a
   * function. Functions reach to the next one.
   */
  private static @Nullable ElfFunctions fromExceptionIndex(
      ElfLayout layout, Limits limits, ElfProblems problems) {
    ElfProgramHeader header = layout.first(Elf.PT_ARM_EXIDX);
    if (header == null) {
      return null;
    }
    long base = header.virtualAddress();
    long offset = layout.fileOffset(base, header.memorySize());
    long stated = header.memorySize() / 8;
    if (offset < 0 || stated > limits.entries()) {
      problems.partLost(
          Problem.Code.OUT_OF_RANGE, header.offset(), "PT_ARM_EXIDX: p_memsz", stated, -1);
      return null;
    }
    int count = (int) stated;
    int[] words = layout.file.ints(offset, 2 * count);
    var addresses = new long[count];
    for (int i = 0; i < count; i++) {
      int distance = words[2 * i] << 1 >> 1;
      addresses[i] = base + 8L * i + distance & 0xffff_ffffL & ~1L;
    }
    return new ElfFunctions(
        withoutRepeats(SortedAddresses.of(addresses, new int[count], count)),
        withoutEntries((number, start) -> -1));
  }

  /** Finds sizes where there is no call frame information. */
  private interface OnlySizes {
    long sizeOf(int number, long start);
  }

  private static Sizes withoutEntries(OnlySizes sizes) {
    return new Sizes() {
      @Override
      public long sizeOf(int number, long start) {
        return sizes.sizeOf(number, start);
      }

      @Override
      public long entryOf(int number) {
        return -1;
      }
    };
  }

  private static FunctionTable fromSymbols(ElfSymbols symbols) {
    SortedAddresses found = symbols.sizedFunctions();
    return found.count() == 0
        ? FunctionTable.EMPTY
        : new ElfFunctions(
            withoutRepeats(found), withoutEntries((number, start) -> symbols.sizeOf(number)));
  }

  /** Of several entries for one address keeps the first. */
  private static SortedAddresses withoutRepeats(SortedAddresses sorted) {
    int count = sorted.count();
    int repeats = 0;
    for (int i = 1; i < count; i++) {
      if (sorted.address(i) == sorted.address(i - 1)) {
        repeats++;
      }
    }
    if (repeats == 0) {
      return sorted;
    }
    var addresses = new long[count - repeats];
    var numbers = new int[count - repeats];
    int at = 0;
    for (int i = 0; i < count; i++) {
      if (i == 0 || sorted.address(i) != sorted.address(i - 1)) {
        addresses[at] = sorted.address(i);
        numbers[at++] = sorted.number(i);
      }
    }
    return SortedAddresses.of(addresses, numbers, at);
  }

  @Override
  public Range containing(long address) {
    int index = starts.floor(address);
    if (index < 0) {
      return Range.NONE;
    }
    long start = starts.address(index);
    long size = size(index);
    return Long.compareUnsigned(address - start, size) < 0
        ? new Range(start, start + size)
        : Range.NONE;
  }

  /**
   * The virtual address of the call frame information of the function that an address lies in, or
   * -1 where the file has none.
   */
  long entryOf(long address) {
    int index = starts.floor(address);
    return index < 0 ? -1 : source.entryOf(starts.number(index));
  }

  @Override
  public int count() {
    return starts.count();
  }

  @Override
  public Range at(int index) {
    long start = starts.address(index);
    return new Range(start, start + size(index));
  }

  /** A function's size, so far as it does not reach into the next one. */
  private long size(int index) {
    int known = sizes[index];
    if (known == SIZE_UNKNOWN) {
      known = findSize(index);
      sizes[index] = known;
    }
    return known;
  }

  private int findSize(int index) {
    long start = starts.address(index);
    long room = index + 1 < starts.count() ? starts.address(index + 1) - start : Integer.MAX_VALUE;
    long most = Long.compareUnsigned(room, Integer.MAX_VALUE) > 0 ? Integer.MAX_VALUE : room;
    long size = source.sizeOf(starts.number(index), start);
    if (size < 0 && index + 1 == starts.count()) {
      // Nothing says where the last one ends.
      return 0;
    }
    return (int) (size < 0 || size > most ? most : size);
  }
}
