package dev.sigill.image.elf;

import dev.sigill.bytes.Problem;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The array of {@code ElfN_Dyn} that {@code PT_DYNAMIC} leads to (gABI chapter 5, "Dynamic
 * Section"): what the loader knows about an image.
 */
final class DynamicSection {
  static final DynamicSection NONE = new DynamicSection(new long[0], new long[0], false);

  /** More entries than any linker writes. */
  private static final int MOST = 1 << 16;

  private final long[] tags;
  private final long[] values;
  private final boolean isPresent;

  private DynamicSection(long[] tags, long[] values, boolean isPresent) {
    this.tags = tags;
    this.values = values;
    this.isPresent = isPresent;
  }

  static DynamicSection read(ElfLayout layout, ElfProblems problems) {
    ElfProgramHeader header = layout.first(Elf.PT_DYNAMIC);
    if (header == null || layout.isObject() || layout.isDebug()) {
      return NONE;
    }
    ElfBytes file = layout.file;
    // The loader reads it from memory; p_offset is only what the linker meant.
    long offset = layout.fileOffset(header.virtualAddress());
    long room = layout.fileRoom(header.virtualAddress());
    if (offset < 0) {
      if (header.fileSize() != 0) {
        problems.partLost(
            Problem.Code.OUT_OF_RANGE,
            header.offset(),
            "PT_DYNAMIC: p_vaddr",
            header.virtualAddress(),
            -1);
      }
      return NONE;
    }
    int size = 2 * file.wordSize();
    int most = (int) Math.min(MOST, room / size);
    var tags = new long[Math.min(most, 64)];
    var values = new long[tags.length];
    int count = 0;
    boolean ends = false;
    for (int i = 0; i < most && !ends; i++) {
      long at = offset + (long) i * size;
      long tag = file.signedWord(at);
      if (tag == Elf.DT_NULL) {
        ends = true;
      } else {
        if (count == tags.length) {
          tags = Arrays.copyOf(tags, count * 2);
          values = Arrays.copyOf(values, count * 2);
        }
        tags[count] = tag;
        values[count++] = file.word(at + file.wordSize());
      }
    }
    if (!ends) {
      problems.partLost(Problem.Code.TRUNCATED, offset, "DT_NULL", most, -1);
    }
    return new DynamicSection(Arrays.copyOf(tags, count), Arrays.copyOf(values, count), true);
  }

  boolean isPresent() {
    return isPresent;
  }

  /** The value of a tag, or null; of a repeated tag the last, as in the loader. */
  @Nullable Long value(long tag) {
    for (int i = tags.length - 1; i >= 0; i--) {
      if (tags[i] == tag) {
        return values[i];
      }
    }
    return null;
  }

  long value(long tag, long otherwise) {
    Long found = value(tag);
    return found == null ? otherwise : found;
  }

  boolean has(long tag) {
    return value(tag) != null;
  }

  /** All values of a tag, in order. */
  List<Long> values(long tag) {
    var out = new ArrayList<Long>();
    for (int i = 0; i < tags.length; i++) {
      if (tags[i] == tag) {
        out.add(values[i]);
      }
    }
    return out;
  }

  /**
   * The file offset of a table that one tag locates and another one sizes, or -1 where the image
   * has none or it does not lie in the file.
   */
  long table(ElfLayout layout, ElfProblems problems, long addressTag, String name, long size) {
    Long address = value(addressTag);
    if (address == null || size == 0) {
      return -1;
    }
    long offset = layout.fileOffset(address, size);
    if (offset < 0) {
      problems.partLost(Problem.Code.OUT_OF_RANGE, 0, name, address, layout.fileRoom(address));
    }
    return offset;
  }
}
