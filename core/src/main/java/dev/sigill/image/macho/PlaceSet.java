package dev.sigill.image.macho;

import org.jspecify.annotations.Nullable;

/**
 * A set of addresses within an image's content, as bits: a look-up is a few steps, and building it
 * needs no sorting. Once it is complete each address has a rank, its number in the order of
 * addresses.
 */
final class PlaceSet {
  private static final int CHUNK_BITS = 16;
  private static final int CHUNK_WORDS = 1 << CHUNK_BITS - 6;
  private static final int CHUNK_MASK = (1 << CHUNK_BITS) - 1;

  private final MachOLayout layout;
  private final long[] @Nullable [][] chunks;
  private int[] @Nullable [][] ranks = new int[0][][];
  private int size;

  PlaceSet(MachOLayout layout) {
    this.layout = layout;
    chunks = new long[layout.segments.size()][][];
  }

  /** How many addresses there are. */
  int size() {
    return size;
  }

  /**
   * Adds an address whose content lies in the file.
   *
   * @param segment the number of its segment in the order of addresses
   * @param distance how far it is from the segment's start
   * @return whether it is new
   */
  boolean add(int segment, long distance) {
    long[][] ofSegment = chunks[segment];
    if (ofSegment == null) {
      long content = layout.segments.get(segment).filesize();
      ofSegment = new long[(int) (content + CHUNK_MASK >>> CHUNK_BITS)][];
      chunks[segment] = ofSegment;
    }
    long[] words = ofSegment[(int) (distance >>> CHUNK_BITS)];
    if (words == null) {
      words = new long[CHUNK_WORDS];
      ofSegment[(int) (distance >>> CHUNK_BITS)] = words;
    }
    int bit = (int) distance & CHUNK_MASK;
    long before = words[bit >>> 6];
    long after = before | 1L << bit;
    words[bit >>> 6] = after;
    if (before == after) {
      return false;
    }
    size++;
    return true;
  }

  boolean contains(int segment, long distance) {
    long[] words = words(segment, distance);
    return words != null && (words[((int) distance & CHUNK_MASK) >>> 6] >>> distance & 1) != 0;
  }

  private long @Nullable [] words(int segment, long distance) {
    long[][] ofSegment = chunks[segment];
    int chunk = (int) (distance >>> CHUNK_BITS);
    return ofSegment == null || chunk >= ofSegment.length ? null : ofSegment[chunk];
  }

  /** Counts the ranks; nothing may be added afterwards. */
  void complete() {
    int rank = 0;
    ranks = new int[chunks.length][][];
    for (int segment = 0; segment < chunks.length; segment++) {
      long[][] ofSegment = chunks[segment];
      if (ofSegment == null) {
        continue;
      }
      ranks[segment] = new int[ofSegment.length][];
      for (int chunk = 0; chunk < ofSegment.length; chunk++) {
        long[] words = ofSegment[chunk];
        if (words == null) {
          continue;
        }
        var before = new int[CHUNK_WORDS];
        for (int i = 0; i < CHUNK_WORDS; i++) {
          before[i] = rank;
          rank += Long.bitCount(words[i]);
        }
        ranks[segment][chunk] = before;
      }
    }
  }

  /** The number of an address of this set in the order of addresses, or -1 where it is not in. */
  int rank(int segment, long distance) {
    long[] words = words(segment, distance);
    if (words == null) {
      return -1;
    }
    int bit = (int) distance & CHUNK_MASK;
    long word = words[bit >>> 6];
    if ((word >>> bit & 1) == 0) {
      return -1;
    }
    long below = word & (1L << bit) - 1;
    return ranks[segment][(int) (distance >>> CHUNK_BITS)][bit >>> 6] + Long.bitCount(below);
  }
}
