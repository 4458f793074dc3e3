package dev.sigill.image.macho;

import dev.sigill.bytes.Problem;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where an image's parts lie in memory and in the file: segments and sections in the order of
 * addresses, found by binary search. Of segments that overlap the earlier one counts.
 */
final class MachOLayout {
  final MachOBytes file;
  final MachOHeader header;

  /** Segments in the order of addresses, none overlapping. */
  final List<MachOSegment> segments;

  /** All sections that occupy memory, in the order of addresses. */
  final List<MachOSection> sections;

  /** All sections in the file's order; a section's number is its index plus 1. */
  final List<MachOSection> numberedSections;

  /** The address of the Mach-O header, which offsets in the file's tables are relative to. */
  final long base;

  private final long[] segmentStarts;
  private final long[] segmentSizes;
  private final long[] sectionStarts;
  private final int[] byCommand;

  private MachOLayout(
      MachOBytes file,
      MachOHeader header,
      List<MachOSegment> segments,
      int commandCount,
      List<MachOSection> numberedSections) {
    this.file = file;
    this.header = header;
    this.segments = segments;
    this.numberedSections = numberedSections;
    this.segmentStarts = segments.stream().mapToLong(MachOSegment::vmaddr).toArray();
    this.segmentSizes = segments.stream().mapToLong(MachOSegment::vmsize).toArray();
    this.sections =
        segments.stream()
            .flatMap(segment -> segment.sections().stream())
            .filter(section -> section.size() > 0)
            .sorted((a, b) -> Long.compareUnsigned(a.addr(), b.addr()))
            .toList();
    this.sectionStarts = sections.stream().mapToLong(MachOSection::addr).toArray();
    this.byCommand = new int[commandCount];
    java.util.Arrays.fill(byCommand, -1);
    for (int i = 0; i < segments.size(); i++) {
      byCommand[segments.get(i).index()] = i;
    }
    this.base = base();
  }

  static MachOLayout of(
      MachOBytes file, MachOHeader header, LoadCommands commands, MachOProblems problems) {
    var sorted = new ArrayList<>(commands.segments);
    sorted.sort(
        Comparator.comparing(MachOSegment::vmaddr, Long::compareUnsigned)
            .thenComparing(MachOSegment::index));
    var kept = new ArrayList<MachOSegment>();
    long end = 0;
    for (MachOSegment segment : sorted) {
      if (segment.vmsize() == 0) {
        continue;
      }
      if (!kept.isEmpty() && Long.compareUnsigned(segment.vmaddr(), end) < 0) {
        problems.partLost(
            Problem.Code.OUT_OF_RANGE, 0, segment.segname() + ": vmaddr", segment.vmaddr(), -1);
        continue;
      }
      kept.add(segment);
      end = segment.vmaddr() + segment.vmsize();
    }
    List<MachOSection> numbered =
        commands.segments.stream().flatMap(segment -> segment.sections().stream()).toList();
    return new MachOLayout(file, header, List.copyOf(kept), commands.segments.size(), numbered);
  }

  private long base() {
    for (MachOSegment segment : segments) {
      if (segment.fileoff() == 0 && segment.filesize() > 0) {
        return segment.vmaddr();
      }
    }
    for (MachOSegment segment : segments) {
      if (segment.segname().equals("__TEXT")) {
        return segment.vmaddr();
      }
    }
    return 0;
  }

  /** The number, in the order of addresses, of the segment that an address lies in, or -1. */
  int segmentAt(long address) {
    int index = floor(segmentStarts, address);
    return index >= 0
            && Long.compareUnsigned(address - segmentStarts[index], segmentSizes[index]) < 0
        ? index
        : -1;
  }

  /**
   * The number, in the order of addresses, of the segment of a command by the command's number; -1
   * where it occupies no memory of its own.
   */
  int segmentOfCommand(int command) {
    return command >= 0 && command < byCommand.length ? byCommand[command] : -1;
  }

  /** The section that an address lies in, or null. */
  @Nullable MachOSection sectionAt(long address) {
    int index = floor(sectionStarts, address);
    return index >= 0 && sections.get(index).contains(address) ? sections.get(index) : null;
  }

  /** The section with a number as symbols use it, from 1, or null. */
  @Nullable MachOSection sectionNumbered(int number) {
    return number > 0 && number <= numberedSections.size()
        ? numberedSections.get(number - 1)
        : null;
  }

  private static int floor(long[] starts, long address) {
    int low = 0;
    int high = starts.length;
    while (low < high) {
      int middle = low + high >>> 1;
      if (Long.compareUnsigned(starts[middle], address) <= 0) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low - 1;
  }

  /** Where an address's byte lies in the file, or -1. */
  long fileOffset(long address) {
    int index = segmentAt(address);
    if (index < 0) {
      return -1;
    }
    MachOSegment segment = segments.get(index);
    long distance = address - segment.vmaddr();
    return distance < segment.filesize() ? segment.fileoff() + distance : -1;
  }

  /** Where {@code size} bytes from an address lie in the file, or -1 where it has not all. */
  long fileOffset(long address, long size) {
    int index = segmentAt(address);
    if (index < 0 || size < 0) {
      return -1;
    }
    MachOSegment segment = segments.get(index);
    long distance = address - segment.vmaddr();
    return distance < segment.filesize() && size <= segment.filesize() - distance
        ? segment.fileoff() + distance
        : -1;
  }

  /** The address at which a byte of the file is mapped, or -1. */
  long address(long fileOffset) {
    for (MachOSegment segment : segments) {
      long distance = fileOffset - segment.fileoff();
      if (distance >= 0 && distance < segment.filesize()) {
        return segment.vmaddr() + distance;
      }
    }
    return -1;
  }

  /** How many bytes of the image have content in the file. */
  long contentSize() {
    return segments.stream().mapToLong(MachOSegment::filesize).sum();
  }
}
