package dev.sigill.image.pe;

import dev.sigill.bytes.Bytes;
import dev.sigill.bytes.Problem;
import dev.sigill.image.pe.PeHeaders.SectionHeader;
import java.nio.ByteOrder;
import java.util.Comparator;
import java.util.List;

/**
 * Which bytes of the file the loader maps at which RVA: the headers at 0, and each section's raw
 * data at its {@code VirtualAddress}, with zeros up to its {@code VirtualSize}.
 */
final class PeMapping {
  private static final long PAGE = 0x1000;

  /** The loader rounds {@code PointerToRawData} down to this where pages are mapped. */
  private static final long SECTOR = 0x200;

  private final Bytes bytes;
  private final List<SectionHeader> sections;
  private final long[] starts;
  private final long[] backedEnds;
  private final long[] ends;
  private final long[] fileOffsets;

  private PeMapping(
      Bytes bytes,
      List<SectionHeader> sections,
      long[] starts,
      long[] backedEnds,
      long[] ends,
      long[] fileOffsets) {
    this.bytes = bytes;
    this.sections = sections;
    this.starts = starts;
    this.backedEnds = backedEnds;
    this.ends = ends;
    this.fileOffsets = fileOffsets;
  }

  static PeMapping of(Bytes bytes, PeHeaders headers, PeProblems problems) {
    List<SectionHeader> sections =
        headers.sections().stream()
            .sorted(Comparator.comparingLong(SectionHeader::virtualAddress))
            .toList();
    int count = sections.size() + 1;
    var starts = new long[count];
    var backedEnds = new long[count];
    var ends = new long[count];
    var fileOffsets = new long[count];
    // Row 0 is the headers.
    ends[0] = headers.sizeOfHeaders();
    if (!sections.isEmpty()) {
      ends[0] = Math.min(ends[0], sections.getFirst().virtualAddress());
    }
    backedEnds[0] = Math.min(ends[0], bytes.length());
    for (int i = 1; i < count; i++) {
      SectionHeader section = sections.get(i - 1);
      long start = section.virtualAddress();
      long size = virtualSize(section);
      long fileOffset = fileOffset(section, headers.sectionAlignment());
      // Raw data beyond VirtualSize is mapped as far as the last page goes.
      long backed = Math.min(section.sizeOfRawData(), (size + PAGE - 1) & -PAGE);
      if (section.pointerToRawData() == 0) {
        backed = 0;
      }
      if (backed > 0 && !bytes.has(fileOffset, backed)) {
        problems.partLost(
            Problem.Code.OUT_OF_RANGE,
            section.fileOffset() + 16,
            "PointerToRawData + SizeOfRawData of section " + section.name(),
            fileOffset + backed,
            bytes.length());
        backed = Math.max(0, bytes.length() - fileOffset);
      }
      if (start < ends[i - 1] || start + size > 1L << 32) {
        problems.partLost(
            Problem.Code.BAD_VALUE,
            section.fileOffset() + 12,
            "VirtualAddress of section " + section.name(),
            start,
            start < ends[i - 1] ? ends[i - 1] : 1L << 32);
      }
      starts[i] = start;
      ends[i] = Math.min(start + Math.max(size, backed), 1L << 32);
      backedEnds[i] = Math.min(start + backed, 1L << 32);
      fileOffsets[i] = fileOffset;
    }
    return new PeMapping(bytes, sections, starts, backedEnds, ends, fileOffsets);
  }

  static long virtualSize(SectionHeader section) {
    return section.virtualSize() == 0 ? section.sizeOfRawData() : section.virtualSize();
  }

  static long fileOffset(SectionHeader section, long sectionAlignment) {
    return sectionAlignment >= PAGE
        ? section.pointerToRawData() & -SECTOR
        : section.pointerToRawData();
  }

  /** The section table in the order of addresses. */
  List<SectionHeader> sections() {
    return sections;
  }

  /** The RVA after the last mapped byte, at most 4 GiB. */
  long end() {
    long end = 0;
    for (long e : ends) {
      end = Math.max(end, e);
    }
    return end;
  }

  /** The file offset of an RVA, or -1 where the file holds nothing for it. */
  long fileOffset(long rva) {
    int i = row(rva);
    return i >= 0 && rva < backedEnds[i] ? fileOffsets[i] + (rva - starts[i]) : -1;
  }

  /** How many bytes the file holds for this RVA and those that follow it in the same section. */
  long room(long rva) {
    int i = row(rva);
    return i >= 0 && rva < backedEnds[i] ? backedEnds[i] - rva : 0;
  }

  /** The file offset of {@code size} bytes from an RVA, or -1 where the file does not hold all. */
  long fileOffset(long rva, long size) {
    return room(rva) >= size ? fileOffset(rva) : -1;
  }

  /** Whether the loader maps something there, be it only zeros. */
  boolean isMapped(long rva) {
    int i = row(rva);
    return i >= 0 && rva < ends[i];
  }

  /** Whether the loader maps it executable. */
  boolean isExecutable(long rva) {
    int i = row(rva);
    return i > 0 && rva < ends[i] && sections.get(i - 1).is(PeHeaders.IMAGE_SCN_MEM_EXECUTE);
  }

  /** Whether two RVAs lie in one section. */
  boolean isSameSection(long rva, long otherRva) {
    int i = row(rva);
    return i >= 0 && i == row(otherRva) && rva < ends[i] && otherRva < ends[i];
  }

  /**
   * The NUL-terminated text at an RVA, of at most {@code limit} bytes; empty where nothing is
   * mapped.
   */
  String text(long rva, int limit) {
    long room = room(rva);
    return room == 0 ? "" : bytes.text(fileOffset(rva), (int) Math.min(room, limit));
  }

  /** The 32-bit value at an RVA; 0 where the file holds none, as the loader's zeros read. */
  long u32(long rva) {
    long offset = fileOffset(rva, 4);
    return offset < 0 ? 0 : bytes.u32(offset, ByteOrder.LITTLE_ENDIAN);
  }

  /** A pointer-sized value, zero-extended; 0 where the file holds none. */
  long word(long rva, boolean is64) {
    if (!is64) {
      return u32(rva);
    }
    long offset = fileOffset(rva, 8);
    return offset < 0 ? 0 : bytes.i64(offset, ByteOrder.LITTLE_ENDIAN);
  }

  /** The last row that starts at or before an RVA. */
  private int row(long rva) {
    if (rva < 0) {
      return -1;
    }
    int low = 0;
    int high = starts.length - 1;
    while (low < high) {
      int middle = (low + high + 1) >>> 1;
      if (starts[middle] <= rva) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    return low;
  }
}
