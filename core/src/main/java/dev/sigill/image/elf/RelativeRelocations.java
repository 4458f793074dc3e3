package dev.sigill.image.elf;

import dev.sigill.bytes.Problem;
import dev.sigill.image.lookup.SortedAddresses;
import org.jspecify.annotations.Nullable;

/**
 * {@code DT_RELR}: relative relocations packed as addresses and bit maps (gABI chapter 4, "Relative
 * Relocation Table"). The words are kept as bit maps and found by the address at which they begin.
 */
final class RelativeRelocations {
  /** How many words may be kept; at their best they relocate 63 places each. */
  static final int MOST_WORDS = 1 << 23;

  /** How many places may be kept one by one, where the words are not in order. */
  private static final int MOST_LOOSE = 1 << 24;

  static final RelativeRelocations NONE =
      new RelativeRelocations(SortedAddresses.of(new long[0], new int[0], 0), new long[0], 8, 0);

  // The addresses at which words begin, with the words' numbers, or single relocated addresses
  // where maps is null.
  private final SortedAddresses starts;
  private final long @Nullable [] maps;
  private final int wordSize;
  private final long count;

  private RelativeRelocations(
      SortedAddresses starts, long @Nullable [] maps, int wordSize, long count) {
    this.starts = starts;
    this.maps = maps;
    this.wordSize = wordSize;
    this.count = count;
  }

  /** Reads {@code words} words, all of which lie in the file. */
  static RelativeRelocations read(
      ElfBytes file, long offset, int words, int most, ElfProblems problems) {
    int wordSize = file.wordSize();
    int bits = wordSize * 8 - 1;
    var maps = new long[words];
    file.words(offset, maps, words);
    var starts = new long[words];
    var numbers = new int[words];
    long next = 0;
    long end = 0;
    long count = 0;
    boolean ascends = true;
    for (int i = 0; i < words; i++) {
      long value = maps[i];
      numbers[i] = i;
      if ((value & 1) == 0) {
        starts[i] = value;
        maps[i] = 1;
        next = value + wordSize;
      } else {
        starts[i] = next;
        maps[i] = value >>> 1;
        next += (long) bits * wordSize;
      }
      ascends &= Long.compareUnsigned(starts[i], end) >= 0;
      end = starts[i] + (long) (64 - Long.numberOfLeadingZeros(maps[i])) * wordSize;
      ascends &= Long.compareUnsigned(end, starts[i]) >= 0;
      count += Long.bitCount(maps[i]);
    }
    if (ascends) {
      return new RelativeRelocations(
          SortedAddresses.of(starts, numbers, words), maps, wordSize, count);
    }
    int limit = Math.min(most, MOST_LOOSE);
    if (count > limit) {
      problems.partLost(Problem.Code.LIMIT, offset, "DT_RELRSZ", count, limit);
      return NONE;
    }
    var addresses = new long[(int) count];
    int at = 0;
    for (int i = 0; i < words; i++) {
      for (long map = maps[i]; map != 0; map &= map - 1) {
        addresses[at++] = starts[i] + (long) Long.numberOfTrailingZeros(map) * wordSize;
      }
    }
    return new RelativeRelocations(
        SortedAddresses.of(addresses, new int[at], at), null, wordSize, count);
  }

  /** How many places are relocated. */
  long count() {
    return count;
  }

  /** Whether the place at an address is relocated. */
  boolean contains(long address) {
    int at = starts.floor(address);
    if (at < 0) {
      return false;
    }
    long delta = address - starts.address(at);
    if (maps == null) {
      return delta == 0;
    }
    long place = delta / wordSize;
    return delta >= 0
        && place < 64
        && place * wordSize == delta
        && (maps[starts.number(at)] >>> place & 1) != 0;
  }
}
