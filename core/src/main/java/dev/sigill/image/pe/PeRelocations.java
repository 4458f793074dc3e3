package dev.sigill.image.pe;

import dev.sigill.bytes.Bytes;
import dev.sigill.bytes.Limits;
import dev.sigill.bytes.Problem;
import dev.sigill.image.pe.PeHeaders.DataDirectory;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.function.LongConsumer;

/**
 * The places that the loader adds the difference of bases to ("PE Format": The .reloc Section), as
 * far as they hold pointers: {@code IMAGE_REL_BASED_DIR64} and {@code HIGHLOW}. Kept as one sorted
 * list of page offsets (2 bytes a relocation) with an index by page.
 */
final class PeRelocations {
  static final PeRelocations NONE = new PeRelocations(new int[1], new char[0]);

  private static final int PAGE_BITS = 12;
  private static final int BLOCK_HEADER_SIZE = 8;

  private static final int IMAGE_REL_BASED_HIGHLOW = 3;
  private static final int IMAGE_REL_BASED_HIGHADJ = 4;
  private static final int IMAGE_REL_BASED_DIR64 = 10;

  /** The number of the first relocation of each page, and the count as the last element. */
  private final int[] firstOfPage;

  private final char[] offsets;

  private PeRelocations(int[] firstOfPage, char[] offsets) {
    this.firstOfPage = firstOfPage;
    this.offsets = offsets;
  }

  /** How many pointers are relocated. */
  int count() {
    return offsets.length;
  }

  /** Whether the loader relocates a pointer that lies at an RVA. */
  boolean contains(long rva) {
    long page = rva >>> PAGE_BITS;
    if (page >= firstOfPage.length - 1) {
      return false;
    }
    int from = firstOfPage[(int) page];
    int to = firstOfPage[(int) page + 1];
    return Arrays.binarySearch(offsets, from, to, (char) (rva & 0xfff)) >= 0;
  }

  /** Calls back with the RVA of every relocated pointer of a stretch, in the order of addresses. */
  void forEach(long startRva, long endRva, LongConsumer action) {
    for (long page = startRva >>> PAGE_BITS; page << PAGE_BITS < endRva; page++) {
      if (page >= firstOfPage.length - 1) {
        return;
      }
      for (int i = firstOfPage[(int) page]; i < firstOfPage[(int) page + 1]; i++) {
        long rva = page << PAGE_BITS | offsets[i];
        if (rva >= startRva && rva < endRva) {
          action.accept(rva);
        }
      }
    }
  }

  static PeRelocations read(
      Bytes bytes, PeHeaders headers, PeMapping mapping, Limits limits, PeProblems problems) {
    DataDirectory directory = headers.directory(PeHeaders.BASERELOC);
    if (!directory.isPresent() || directory.size() == 0) {
      return NONE;
    }
    long start = mapping.fileOffset(directory.virtualAddress());
    long room = mapping.room(directory.virtualAddress());
    if (room < directory.size()) {
      problems.partLost(
          Problem.Code.OUT_OF_RANGE,
          Math.max(start, headers.fileOffset()),
          "Base Relocation Table Size",
          directory.size(),
          room);
    }
    return new Reading(bytes, mapping, limits, problems)
        .read(start, start + Math.min(room, directory.size()));
  }

  /** Two passes over the blocks: one counts by page, one fills. */
  private static final class Reading {
    private final Bytes bytes;
    private final long mappedEnd;
    private final PeProblems problems;
    private final int most;
    private final int[] counts;
    private int total;
    private int filled;
    private char[] offsets = new char[0];
    private boolean isFilling;

    Reading(Bytes bytes, PeMapping mapping, Limits limits, PeProblems problems) {
      this.bytes = bytes;
      this.mappedEnd = mapping.end();
      this.problems = problems;
      this.most = limits.entries();
      this.counts = new int[(int) ((mappedEnd + (1 << PAGE_BITS) - 1) >>> PAGE_BITS) + 1];
    }

    PeRelocations read(long start, long end) {
      blocks(start, end);
      if (total == 0) {
        return NONE;
      }
      // Counts become each page's first place; filling moves that to the next page's first.
      int sum = 0;
      for (int page = 0; page < counts.length; page++) {
        int count = counts[page];
        counts[page] = sum;
        sum += count;
      }
      offsets = new char[total];
      isFilling = true;
      blocks(start, end);
      System.arraycopy(counts, 0, counts, 1, counts.length - 1);
      counts[0] = 0;
      for (int page = 0; page < counts.length - 1; page++) {
        sort(counts[page], counts[page + 1]);
      }
      return new PeRelocations(counts, offsets);
    }

    private void sort(int from, int to) {
      for (int i = from + 1; i < to; i++) {
        if (offsets[i - 1] > offsets[i]) {
          Arrays.sort(offsets, from, to);
          return;
        }
      }
    }

    private void blocks(long start, long end) {
      long at = start;
      while (end - at >= BLOCK_HEADER_SIZE) {
        long pageRva = bytes.u32(at, ByteOrder.LITTLE_ENDIAN);
        long blockSize = bytes.u32(at + 4, ByteOrder.LITTLE_ENDIAN);
        if (pageRva == 0 && blockSize == 0) {
          return;
        }
        if (blockSize < BLOCK_HEADER_SIZE || blockSize > end - at) {
          problem(
              blockSize < BLOCK_HEADER_SIZE ? Problem.Code.BAD_VALUE : Problem.Code.OUT_OF_RANGE,
              at + 4,
              "SizeOfBlock",
              blockSize,
              end - at);
          if (blockSize < BLOCK_HEADER_SIZE) {
            return;
          }
          blockSize = end - at;
        }
        if (!block(pageRva, at + BLOCK_HEADER_SIZE, at + blockSize)) {
          return;
        }
        at += blockSize;
      }
    }

    private boolean block(long pageRva, long from, long to) {
      int bad = 0;
      int count = (int) ((to - from) / 2);
      for (int i = 0; i < count; i++) {
        int entry = bytes.u16(from + 2L * i, ByteOrder.LITTLE_ENDIAN);
        switch (entry >>> PAGE_BITS) {
          case IMAGE_REL_BASED_HIGHLOW, IMAGE_REL_BASED_DIR64 -> {
            long rva = pageRva + (entry & 0xfff);
            if (rva >= mappedEnd) {
              bad++;
              break;
            }
            int page = (int) (rva >>> PAGE_BITS);
            if (isFilling) {
              offsets[counts[page]++] = (char) (rva & 0xfff);
              if (++filled == total) {
                return false;
              }
            } else if (total == most) {
              problem(Problem.Code.LIMIT, from, "base relocations", total, most);
              return false;
            } else {
              counts[page]++;
              total++;
            }
          }
          case IMAGE_REL_BASED_HIGHADJ -> i++;
          default -> {
            // ABSOLUTE is padding; the others patch parts of instructions or of words.
          }
        }
      }
      if (bad > 0) {
        problem(
            Problem.Code.OUT_OF_RANGE,
            from - BLOCK_HEADER_SIZE,
            "base relocation block",
            pageRva,
            mappedEnd);
      }
      return true;
    }

    private void problem(
        Problem.Code code, long fileOffset, String field, long actual, long limit) {
      if (!isFilling) {
        problems.partLost(code, fileOffset, field, actual, limit);
      }
    }
  }
}
