package dev.sigill.image.elf;

import dev.sigill.bytes.Problem;
import java.util.ArrayList;
import java.util.List;

/** Reads notes. */
final class ElfNotes {
  /** More notes than any file has; a core file has some for every thread. */
  private static final int MOST = 1 << 20;

  private ElfNotes() {}

  /** The notes of the program headers, or those of the sections where there are none. */
  static List<ElfNote> read(ElfLayout layout, ElfProblems problems) {
    var out = new ArrayList<ElfNote>();
    for (ElfProgramHeader each : layout.programHeaders) {
      if (each.type() == Elf.PT_NOTE && !layout.isDebug()) {
        read(layout.file, each.offset(), each.fileSize(), each.alignment(), out, problems);
      }
    }
    if (out.isEmpty()) {
      for (ElfSectionHeader each : layout.sections) {
        if (each.type() == Elf.SHT_NOTE) {
          long alignment = each.name().equals(".note.gnu.property") && layout.file.is64() ? 8 : 4;
          read(layout.file, each.offset(), each.size(), alignment, out, problems);
        }
      }
    }
    return List.copyOf(out);
  }

  private static void read(
      ElfBytes file,
      long offset,
      long size,
      long alignment,
      List<ElfNote> out,
      ElfProblems problems) {
    if (!file.has(offset, size)) {
      problems.nothingLost(
          Problem.Code.TRUNCATED, offset, "PT_NOTE: p_filesz", size, file.length());
      if (offset < 0 || offset > file.length()) {
        return;
      }
    }
    long end = file.has(offset, size) ? offset + size : file.length();
    // Only segments of GNU properties are aligned to 8 bytes; the rest is to 4, whatever it says.
    long mask = alignment == 8 ? 7 : 3;
    long at = offset;
    while (at <= end - 12 && out.size() < MOST) {
      long nameSize = file.u32(at);
      long contentSize = file.u32(at + 4);
      int type = file.i32(at + 8);
      long name = at + 12;
      long content = offset + (name + nameSize - offset + mask & ~mask);
      if (content > end || contentSize > end - content) {
        problems.nothingLost(
            Problem.Code.OUT_OF_RANGE, at, "n_namesz + n_descsz", nameSize + contentSize, end - at);
        return;
      }
      out.add(
          new ElfNote(
              file.bytes().text(name, (int) Math.min(nameSize, 256)),
              type,
              file.bytes().slice(content, contentSize)));
      at = offset + (content + contentSize - offset + mask & ~mask);
    }
  }
}
