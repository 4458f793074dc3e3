package dev.sigill.image.elf;

import dev.sigill.bytes.Problem;
import dev.sigill.image.CodeRange;
import java.util.ArrayList;
import java.util.List;

/**
 * Finds where instructions are. An executable segment may hold constants and code for graphics
 * processors besides, so sections tell where there are any and they agree with the segments.
 */
final class ElfCode {
  private ElfCode() {}

  /**
   * The code of an image.
   *
   * @param starts addresses at which the loader enters the image; code that sections leave out
   *     although it is entered means that the sections are not to be believed
   */
  static List<CodeRange> find(ElfLayout layout, List<Long> starts, ElfProblems problems) {
    if (layout.header.type() == Elf.ET_CORE || layout.isDebug()) {
      return List.of();
    }
    var ranges = new ArrayList<CodeRange>();
    boolean isTrusted = true;
    for (int i = 0; i < layout.sections.size(); i++) {
      ElfSectionHeader section = layout.sections.get(i);
      if (!section.holdsCode() || section.size() == 0) {
        continue;
      }
      if (layout.isObject()) {
        if (layout.file.has(section.offset(), section.size())
            && (section.flags() & Elf.SHF_COMPRESSED) == 0) {
          ranges.add(
              new CodeRange(
                  section.address(), section.address() + section.size(), section.offset()));
        }
        continue;
      }
      long room = layout.fileRoom(section.address());
      boolean agrees =
          layout.fileOffset(section.address()) == section.offset()
              && layout.isExecutable(section.address())
              && section.size() > 0;
      if (agrees) {
        long size = Math.min(section.size(), room);
        ranges.add(new CodeRange(section.address(), section.address() + size, section.offset()));
      } else if (layout.first(Elf.PT_LOAD) != null) {
        isTrusted = false;
        problems.nothingLost(
            Problem.Code.BAD_VALUE,
            section.offset(),
            "section header " + i + ": sh_addr",
            section.address(),
            -1);
      }
    }
    boolean coversStarts =
        starts.stream()
            .allMatch(
                start ->
                    !layout.isExecutable(start)
                        || layout.fileOffset(start) < 0
                        || ranges.stream().anyMatch(range -> range.contains(start)));
    if (isTrusted && coversStarts && !ranges.isEmpty()) {
      return merged(ranges);
    }
    ranges.clear();
    for (ElfProgramHeader each : layout.programHeaders) {
      if (each.type() == Elf.PT_LOAD && each.isExecutable()) {
        long start = each.virtualAddress();
        long size = layout.fileRoom(start);
        if (size > 0 && layout.fileOffset(start) == each.offset()) {
          long skipped = each.offset() == 0 ? headersEnd(layout) : 0;
          if (skipped < size) {
            ranges.add(new CodeRange(start + skipped, start + size, each.offset() + skipped));
          }
        }
      }
    }
    return merged(ranges);
  }

  /** Where the ELF header and the program headers end, which share a segment with code. */
  private static long headersEnd(ElfLayout layout) {
    int size = ElfHeader.size(layout.file.is64());
    ElfHeader header = layout.header;
    return header.phoff() == size
        ? size + (long) layout.programHeaders.size() * header.phentsize()
        : size;
  }

  /** In the order of addresses, without overlap. */
  private static List<CodeRange> merged(List<CodeRange> ranges) {
    ranges.sort((a, b) -> Long.compareUnsigned(a.start(), b.start()));
    var out = new ArrayList<CodeRange>();
    for (CodeRange range : ranges) {
      CodeRange last = out.isEmpty() ? null : out.getLast();
      if (last == null || Long.compareUnsigned(range.start(), last.end()) >= 0) {
        out.add(range);
      } else if (Long.compareUnsigned(range.end(), last.end()) > 0) {
        long cut = last.end() - range.start();
        out.add(new CodeRange(last.end(), range.end(), range.fileOffset() + cut));
      }
    }
    return List.copyOf(out);
  }
}
