package dev.sigill.image.elf;

import dev.sigill.bytes.Bytes;
import dev.sigill.bytes.Cursor;
import dev.sigill.bytes.Limits;
import dev.sigill.bytes.Problem;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * {@code DT_ANDROID_REL} and {@code DT_ANDROID_RELA}: relocations in groups of signed LEB128
 * numbers, after the signature {@code APS2} (bionic, {@code linker_reloc_iterators.h}). They are
 * unpacked into a plain table in memory.
 */
final class PackedRelocations {
  private static final int GROUPED_BY_INFO = 1;
  private static final int GROUPED_BY_OFFSET_DELTA = 2;
  private static final int GROUPED_BY_ADDEND = 4;
  private static final int GROUP_HAS_ADDEND = 8;

  private static final int MOST = 1 << 22;

  private PackedRelocations() {}

  /** The relocations as a table of the plain form, or null with a problem. */
  static @Nullable RelocationTable unpack(
      ElfBytes file,
      long offset,
      long size,
      boolean hasAddends,
      Limits limits,
      ElfProblems problems) {
    if (size < 4
        || file.u8(offset) != 'A'
        || file.u8(offset + 1) != 'P'
        || file.u8(offset + 2) != 'S'
        || file.u8(offset + 3) != '2') {
      problems.partLost(Problem.Code.BAD_MAGIC, offset, "DT_ANDROID_RELA", -1, -1);
      return null;
    }
    var cursor = new Cursor(file.bytes().slice(offset, size), 4, file.order());
    long stated = cursor.sleb("relocation count");
    long address = cursor.sleb("first r_offset");
    int entrySize = RelocationTable.entrySize(file.is64(), hasAddends);
    long most = Math.min(Math.min(limits.entries(), MOST), Integer.MAX_VALUE / entrySize);
    if (stated < 0 || stated > most) {
      problems.partLost(
          Problem.Code.LIMIT, offset + 4, "DT_ANDROID_RELA: relocation count", stated, most);
      return null;
    }
    var out = new Growing(file, entrySize);
    long addend = 0;
    while (out.count < stated && cursor.isSound()) {
      long group = cursor.sleb("group size");
      long flags = cursor.sleb("group flags");
      if (group <= 0 || group > stated - out.count) {
        cursor.fail(Problem.Code.BAD_VALUE, "group size", group, stated - out.count);
        break;
      }
      boolean sharesDelta = (flags & GROUPED_BY_OFFSET_DELTA) != 0;
      boolean sharesInfo = (flags & GROUPED_BY_INFO) != 0;
      boolean hasAddend = (flags & GROUP_HAS_ADDEND) != 0;
      boolean sharesAddend = (flags & GROUPED_BY_ADDEND) != 0;
      long delta = sharesDelta ? cursor.sleb("group offset delta") : 0;
      long info = sharesInfo ? cursor.sleb("group r_info") : 0;
      if (!hasAddend) {
        addend = 0;
      } else if (sharesAddend) {
        addend += cursor.sleb("group r_addend");
      }
      for (long i = 0; i < group && cursor.isSound(); i++) {
        address += sharesDelta ? delta : cursor.sleb("r_offset delta");
        long own = sharesInfo ? info : cursor.sleb("r_info");
        if (hasAddend && !sharesAddend) {
          addend += cursor.sleb("r_addend delta");
        }
        if (cursor.isSound()) {
          out.add(address, own, addend, hasAddends);
        }
      }
    }
    Problem problem = cursor.problem();
    if (problem != null) {
      problems.partLost(
          problem.code(),
          offset + cursor.position(),
          "DT_ANDROID_RELA: " + problem.field(),
          problem.actual(),
          problem.limit());
    }
    return out.table(hasAddends);
  }

  /** A table under construction, in the file's own form. */
  private static final class Growing {
    private final ElfBytes file;
    private final int entrySize;
    private ByteBuffer buffer;
    private int count;

    Growing(ElfBytes file, int entrySize) {
      this.file = file;
      this.entrySize = entrySize;
      this.buffer = ByteBuffer.allocate(1024 * entrySize).order(file.order());
    }

    void add(long address, long info, long addend, boolean hasAddends) {
      if (buffer.remaining() < entrySize) {
        long size = Math.min(2L * buffer.capacity(), Integer.MAX_VALUE / entrySize * entrySize);
        var larger = ByteBuffer.allocate((int) size).order(file.order());
        larger.put(buffer.flip());
        buffer = larger;
      }
      put(address);
      put(info);
      if (hasAddends) {
        put(addend);
      }
      count++;
    }

    private void put(long word) {
      if (file.is64()) {
        buffer.putLong(word);
      } else {
        buffer.putInt((int) word);
      }
    }

    RelocationTable table(boolean hasAddends) {
      byte[] array = java.util.Arrays.copyOf(buffer.array(), buffer.position());
      var bytes = Bytes.of(array, file.bytes().place().file());
      return new RelocationTable(
          new ElfBytes(bytes, file.order(), file.is64()), 0, count, hasAddends);
    }
  }
}
