package dev.sigill.image.macho;

import dev.sigill.bytes.Limits;
import dev.sigill.bytes.Problem;
import java.util.Arrays;

/**
 * {@code __TEXT,__unwind_info}: compact unwind information ({@code compact_unwind_encoding.h} of
 * libunwind). Neighbours that unwind alike share an entry, so it knows fewer functions than there
 * are.
 */
final class UnwindInfo {
  private static final int SECOND_LEVEL_REGULAR = 2;
  private static final int SECOND_LEVEL_COMPRESSED = 3;

  private final MachOLayout layout;
  private final MachOProblems problems;
  private final long start;
  private final long size;
  private final int most;
  private long[] out = new long[1024];
  private int count;

  private UnwindInfo(
      MachOLayout layout, MachOSection section, Limits limits, MachOProblems problems) {
    this.layout = layout;
    this.problems = problems;
    this.start = section.fileOffset();
    this.size = section.fileSize();
    this.most = (int) Math.min(limits.entries(), size);
  }

  /** Where functions begin according to it; empty where the image has none. */
  static long[] functionStarts(MachOLayout layout, Limits limits, MachOProblems problems) {
    for (MachOSection section : layout.sections) {
      if (section.sectname().equals("__unwind_info") && section.fileSize() >= 28) {
        var info = new UnwindInfo(layout, section, limits, problems);
        info.read();
        return Arrays.copyOf(info.out, info.count);
      }
    }
    return new long[0];
  }

  private void read() {
    MachOBytes file = layout.file;
    long version = file.u32(start);
    if (version != 1) {
      lose(Problem.Code.BAD_VALUE, "version", version, 1);
      return;
    }
    long index = file.u32(start + 20);
    long stated = file.u32(start + 24);
    long room = index > size ? 0 : (size - index) / 12;
    if (stated > room) {
      lose(Problem.Code.OUT_OF_RANGE, "indexCount", stated, room);
      stated = room;
    }
    // The last entry is a sentinel.
    for (long i = 0; i + 1 < stated && count < most; i++) {
      long entry = start + index + 12 * i;
      long page = file.u32(entry + 4);
      if (page != 0) {
        readPage(page, file.u32(entry));
      }
    }
  }

  private void readPage(long page, long functionOffset) {
    MachOBytes file = layout.file;
    if (page > size - 8) {
      lose(Problem.Code.OUT_OF_RANGE, "secondLevelPagesSectionOffset", page, size);
      return;
    }
    long at = start + page;
    long kind = file.u32(at);
    int first = file.u16(at + 4);
    int entries = file.u16(at + 6);
    int entrySize =
        switch ((int) kind) {
          case SECOND_LEVEL_REGULAR -> 8;
          case SECOND_LEVEL_COMPRESSED -> 4;
          default -> 0;
        };
    if (entrySize == 0) {
      lose(Problem.Code.BAD_VALUE, "kind", kind, -1);
      return;
    }
    long room = Math.max(0, size - page - first) / entrySize;
    if (entries > room) {
      lose(Problem.Code.OUT_OF_RANGE, "entryCount", entries, room);
      entries = (int) room;
    }
    for (int i = 0; i < entries && count < most; i++) {
      long value = file.u32(at + first + (long) i * entrySize);
      long offset = kind == SECOND_LEVEL_COMPRESSED ? functionOffset + (value & 0xff_ffff) : value;
      if (count == out.length) {
        out = Arrays.copyOf(out, count * 2);
      }
      out[count++] = layout.base + offset;
    }
  }

  private void lose(Problem.Code code, String field, long actual, long limit) {
    problems.partLost(code, start, "__unwind_info: " + field, actual, limit);
  }
}
