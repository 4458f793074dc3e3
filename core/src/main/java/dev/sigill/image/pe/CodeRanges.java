package dev.sigill.image.pe;

import dev.sigill.image.CodeRange;
import dev.sigill.image.pe.PeHeaders.DataDirectory;
import dev.sigill.image.pe.PeHeaders.SectionHeader;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Where an image's instructions are: executable sections, less the tables that lie in them. */
final class CodeRanges {
  private CodeRanges() {}

  static List<CodeRange> of(PeHeaders headers, PeMapping mapping) {
    List<DataDirectory> holes = new ArrayList<>();
    for (int i = 0; i < headers.directories().size(); i++) {
      DataDirectory directory = headers.directories().get(i);
      // That of the certificates is a file offset, and they are not mapped.
      if (i != PeHeaders.SECURITY && directory.isPresent() && directory.size() > 0) {
        holes.add(directory);
      }
    }
    holes.sort(Comparator.comparingLong(DataDirectory::virtualAddress));
    var out = new ArrayList<CodeRange>();
    long done = 0;
    for (SectionHeader section : mapping.sections()) {
      if (!section.is(PeHeaders.IMAGE_SCN_MEM_EXECUTE)) {
        continue;
      }
      long start = Math.max(done, section.virtualAddress());
      long end =
          Math.min(
              section.virtualAddress() + PeMapping.virtualSize(section),
              start + mapping.room(start));
      for (DataDirectory hole : holes) {
        if (hole.virtualAddress() >= end) {
          break;
        }
        if (hole.virtualAddress() + hole.size() > start) {
          add(out, headers, mapping, start, hole.virtualAddress());
          start = Math.max(start, hole.virtualAddress() + hole.size());
        }
      }
      add(out, headers, mapping, start, end);
      done = Math.max(done, end);
    }
    return List.copyOf(out);
  }

  private static void add(
      List<CodeRange> out, PeHeaders headers, PeMapping mapping, long start, long end) {
    if (start < end) {
      out.add(
          new CodeRange(
              headers.imageBase() + start, headers.imageBase() + end, mapping.fileOffset(start)));
    }
  }
}
