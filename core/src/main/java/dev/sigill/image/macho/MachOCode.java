package dev.sigill.image.macho;

import dev.sigill.bytes.Problem;
import dev.sigill.image.CodeRange;
import dev.sigill.image.macho.LoadCommands.Encryption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Where an image's instructions are: code sections, less what {@code LC_DATA_IN_CODE} marks as data
 * and what is encrypted.
 */
final class MachOCode {
  /** More than this is no linker's work. */
  private static final int MOST_HOLES = 1 << 20;

  private MachOCode() {}

  static List<CodeRange> find(MachOLayout layout, LoadCommands commands, MachOProblems problems) {
    long[] holes = dataInCode(layout, commands, problems);
    Encryption encryption = commands.encryption;
    long encrypted = 0;
    long encryptedEnd = 0;
    if (encryption != null && encryption.cryptid() != 0) {
      encrypted = encryption.cryptoff();
      encryptedEnd = encrypted + encryption.cryptsize();
      problems.partLost(
          Problem.Code.UNSUPPORTED,
          encrypted,
          "LC_ENCRYPTION_INFO: cryptid",
          encryption.cryptid(),
          0);
    }
    var out = new ArrayList<CodeRange>();
    for (MachOSection section : layout.sections) {
      if (!section.holdsCode() || section.fileSize() == 0) {
        continue;
      }
      if (layout.segments.get(layout.segmentAt(section.addr())).isProtected()) {
        problems.partLost(
            Problem.Code.UNSUPPORTED,
            section.fileOffset(),
            section.name() + ": SG_PROTECTED_VERSION_1",
            -1,
            -1);
        continue;
      }
      long from = section.addr();
      long end = from + section.fileSize();
      if (!out.isEmpty() && from < out.getLast().end()) {
        from = out.getLast().end();
      }
      int hole = Arrays.binarySearch(holes, from << 16);
      for (int i = hole < 0 ? Math.max(0, -2 - hole) : hole; i < holes.length && from < end; i++) {
        long holeStart = holes[i] >>> 16;
        long holeEnd = holeStart + (holes[i] & 0xffff);
        if (holeStart >= end) {
          break;
        }
        if (holeEnd > from) {
          add(out, section, from, Math.min(holeStart, end), encrypted, encryptedEnd);
          from = holeEnd;
        }
      }
      add(out, section, from, end, encrypted, encryptedEnd);
    }
    return List.copyOf(out);
  }

  private static void add(
      List<CodeRange> out,
      MachOSection section,
      long start,
      long end,
      long encrypted,
      long encryptedEnd) {
    if (start >= end) {
      return;
    }
    // The addresses of what is encrypted, in this section.
    long from = section.addr() + encrypted - section.fileOffset();
    long to = from + encryptedEnd - encrypted;
    if (encrypted == encryptedEnd || to <= start || from >= end) {
      out.add(range(section, start, end));
      return;
    }
    if (from > start) {
      out.add(range(section, start, from));
    }
    if (to < end) {
      out.add(range(section, to, end));
    }
  }

  private static CodeRange range(MachOSection section, long start, long end) {
    return new CodeRange(start, end, section.fileOffset() + start - section.addr());
  }

  /** Data among code as {@code address << 16 | length}, sorted. */
  private static long[] dataInCode(
      MachOLayout layout, LoadCommands commands, MachOProblems problems) {
    LoadCommands.Part part = commands.dataInCode;
    long stated = part.size() / 8;
    if (stated > MOST_HOLES) {
      problems.partLost(
          Problem.Code.LIMIT, part.offset(), "LC_DATA_IN_CODE: datasize", stated, MOST_HOLES);
      stated = MOST_HOLES;
    }
    var out = new long[(int) stated];
    int count = 0;
    for (int i = 0; i < stated; i++) {
      long at = part.offset() + 8L * i;
      long offset = layout.file.u32(at);
      int length = layout.file.u16(at + 4);
      // In an object file it is an address, in others where the data lies in the file.
      long address = layout.header.isObject() ? offset : layout.address(offset);
      if (address < 0 || address >= 1L << 47) {
        problems.nothingLost(Problem.Code.OUT_OF_RANGE, at, "LC_DATA_IN_CODE: offset", offset, -1);
      } else {
        out[count++] = address << 16 | length;
      }
    }
    out = Arrays.copyOf(out, count);
    Arrays.sort(out);
    return out;
  }
}
