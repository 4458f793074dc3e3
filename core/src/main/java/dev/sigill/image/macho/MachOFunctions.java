package dev.sigill.image.macho;

import dev.sigill.bytes.Limits;
import dev.sigill.bytes.Problem;
import dev.sigill.image.FunctionTable;
import dev.sigill.image.Initialiser;
import dev.sigill.image.lookup.SortedAddresses;
import dev.sigill.image.macho.LoadCommands.Part;
import java.util.Arrays;
import java.util.List;

/**
 * The functions of an image: from {@code LC_FUNCTION_STARTS}, or where that was left out from
 * {@code __unwind_info} and the symbols; and what the loader calls, which linkers that write {@code
 * __init_offsets} leave out of the list. None of them has sizes: a function reaches to the next one
 * or to the end of its section.
 */
final class MachOFunctions implements FunctionTable {
  private final SortedAddresses starts;

  private MachOFunctions(SortedAddresses starts) {
    this.starts = starts;
  }

  static FunctionTable read(
      MachOLayout layout,
      LoadCommands commands,
      MachOSymbols symbols,
      List<Initialiser> initialisers,
      Limits limits,
      MachOProblems problems) {
    long[] found = fromCommand(layout, commands.functionStarts, limits, problems);
    if (found.length == 0) {
      long[] unwound = UnwindInfo.functionStarts(layout, limits, problems);
      long[] named = symbols.functionAddresses();
      found = Arrays.copyOf(unwound, unwound.length + named.length);
      System.arraycopy(named, 0, found, unwound.length, named.length);
    }
    int count = found.length;
    found = Arrays.copyOf(found, count + initialisers.size());
    for (Initialiser each : initialisers) {
      found[count++] = each.address();
    }
    return of(layout, found);
  }

  /** {@code LC_FUNCTION_STARTS}: distances as ULEB128, the first from the header, ended by 0. */
  private static long[] fromCommand(
      MachOLayout layout, Part part, Limits limits, MachOProblems problems) {
    var out = new long[(int) Math.min(part.size(), 1024)];
    int count = 0;
    var stream = new OpcodeStream(layout.file, part);
    long address = layout.base;
    long mask = layout.header.cputype() == MachO.CPU_TYPE_ARM ? ~1L : ~0L;
    while (!stream.isAtEnd() && count < limits.entries()) {
      long at = stream.offset();
      long distance = stream.uleb();
      if (distance == 0) {
        break;
      }
      address += distance;
      if (!stream.isSound() || layout.segmentAt(address & mask) < 0) {
        problems.partLost(
            stream.isSound() ? Problem.Code.OUT_OF_RANGE : Problem.Code.TRUNCATED,
            at,
            "LC_FUNCTION_STARTS: entry " + count,
            distance,
            -1);
        break;
      }
      if (count == out.length) {
        out = Arrays.copyOf(out, count * 2);
      }
      out[count++] = address & mask;
    }
    return Arrays.copyOf(out, count);
  }

  private static FunctionTable of(MachOLayout layout, long[] found) {
    SortedAddresses sorted = SortedAddresses.of(found, new int[found.length], found.length);
    var starts = new long[sorted.count()];
    var sizes = new int[starts.length];
    int count = 0;
    MachOSection section = null;
    for (int i = 0; i < sorted.count(); i++) {
      long start = sorted.address(i);
      if (i + 1 < sorted.count() && sorted.address(i + 1) == start) {
        continue;
      }
      if (section == null || !section.contains(start)) {
        section = layout.sectionAt(start);
      }
      if (section == null || !section.holdsCode()) {
        continue;
      }
      long room = section.addr() + section.size() - start;
      if (i + 1 < sorted.count()) {
        long next = sorted.address(i + 1) - start;
        room = Long.compareUnsigned(next, room) < 0 ? next : room;
      }
      starts[count] = start;
      sizes[count++] = (int) Math.min(room, Integer.MAX_VALUE);
    }
    return count == 0
        ? FunctionTable.EMPTY
        : new MachOFunctions(SortedAddresses.of(starts, sizes, count));
  }

  @Override
  public Range containing(long address) {
    int index = starts.floor(address);
    if (index < 0) {
      return Range.NONE;
    }
    long start = starts.address(index);
    int size = starts.number(index);
    return Long.compareUnsigned(address - start, size) < 0
        ? new Range(start, start + size)
        : Range.NONE;
  }

  @Override
  public int count() {
    return starts.count();
  }

  @Override
  public Range at(int index) {
    long start = starts.address(index);
    return new Range(start, start + starts.number(index));
  }
}
