package dev.sigill.image.macho;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Which places of an image's content the loader changes: two bits for every four bytes, so that a
 * look-up touches one or two words of memory and building needs no sorting. Places that are not
 * aligned to four bytes, which packed structures have, are kept apart and found by binary search.
 */
final class FixupMap {
  /** The place is left as it is. */
  static final int NONE = -2;

  /** The place gets an address of the image itself. */
  static final int REBASE = -1;

  private final MachOLayout layout;

  // For each segment a word of rebases and one of binds for every 256 bytes of content, in turn.
  private final long[] @Nullable [] words;

  // For each segment how many binds there are before every 256 bytes of content.
  private final int[] @Nullable [] ranks;
  private long[] oddRebases = new long[0];
  private int oddRebaseCount;
  private long[] oddBinds = new long[0];
  private int oddBindCount;
  private int evenBindCount;
  private long rebaseCount;

  FixupMap(MachOLayout layout) {
    this.layout = layout;
    words = new long[layout.segments.size()][];
    ranks = new int[layout.segments.size()][];
  }

  /** How many places have a bind; final when the map is complete. */
  int bindCount() {
    return evenBindCount + oddBindCount;
  }

  /** How many places have a rebase, whether or not a bind comes after it. */
  long rebaseCount() {
    return rebaseCount;
  }

  /** Whether a place can be told from its neighbours without being kept apart. */
  static boolean isAligned(long distance) {
    return (distance & 3) == 0;
  }

  /**
   * Adds a place whose content lies in the file.
   *
   * @param segment the number of its segment in the order of addresses
   * @param distance how far it is from the segment's start
   * @return whether it is new; of places that are not aligned this is not known
   */
  boolean addRebase(int segment, long distance) {
    if (!isAligned(distance)) {
      if (oddRebaseCount == oddRebases.length) {
        oddRebases = Arrays.copyOf(oddRebases, Math.max(64, oddRebaseCount * 2));
      }
      oddRebases[oddRebaseCount++] = layout.segments.get(segment).vmaddr() + distance;
      return true;
    }
    boolean isNew = set(segment, distance, 0);
    rebaseCount += isNew ? 1 : 0;
    return isNew;
  }

  /** As {@link #addRebase}, for a place that is bound to a name. */
  void addBind(int segment, long distance) {
    if (!isAligned(distance)) {
      if (oddBindCount == oddBinds.length) {
        oddBinds = Arrays.copyOf(oddBinds, Math.max(64, oddBindCount * 2));
      }
      oddBinds[oddBindCount++] = layout.segments.get(segment).vmaddr() + distance;
    } else if (set(segment, distance, 1)) {
      evenBindCount++;
    }
  }

  private boolean set(int segment, long distance, int which) {
    long[] ofSegment = words[segment];
    if (ofSegment == null) {
      long content = layout.segments.get(segment).filesize();
      ofSegment = new long[2 * Math.toIntExact((content >>> 8) + 1)];
      words[segment] = ofSegment;
    }
    int at = 2 * (int) (distance >>> 8) + which;
    long before = ofSegment[at];
    long after = before | 1L << (distance >>> 2);
    ofSegment[at] = after;
    return before != after;
  }

  /** Numbers the binds in the order of addresses; nothing may be added afterwards. */
  void complete() {
    int rank = 0;
    for (int segment = 0; segment < words.length; segment++) {
      long[] ofSegment = words[segment];
      if (ofSegment == null) {
        continue;
      }
      var before = new int[ofSegment.length / 2];
      for (int i = 0; i < before.length; i++) {
        before[i] = rank;
        rank += Long.bitCount(ofSegment[2 * i + 1]);
      }
      ranks[segment] = before;
    }
    oddBinds = distinct(oddBinds, oddBindCount);
    oddBindCount = oddBinds.length;
    oddRebases = distinct(oddRebases, oddRebaseCount);
    oddRebaseCount = oddRebases.length;
    rebaseCount += oddRebaseCount;
  }

  private static long[] distinct(long[] values, int count) {
    Arrays.sort(values, 0, count);
    int kept = 0;
    for (int i = 0; i < count; i++) {
      if (i == 0 || values[i] != values[i - 1]) {
        values[kept++] = values[i];
      }
    }
    return Arrays.copyOf(values, kept);
  }

  /**
   * What happens to a place: {@link #NONE}, {@link #REBASE}, or the number of its bind, below
   * {@link #bindCount}.
   */
  int at(int segment, long distance) {
    if (!isAligned(distance)) {
      return oddAt(layout.segments.get(segment).vmaddr() + distance);
    }
    long[] ofSegment = words[segment];
    int at = 2 * (int) (distance >>> 8);
    if (ofSegment == null || at >= ofSegment.length) {
      return NONE;
    }
    long binds = ofSegment[at + 1];
    // A shift takes the lowest six bits of its distance.
    if ((binds >>> (distance >>> 2) & 1) != 0) {
      long below = binds & (1L << (distance >>> 2)) - 1;
      return ranks[segment][at >>> 1] + Long.bitCount(below);
    }
    return (ofSegment[at] >>> (distance >>> 2) & 1) != 0 ? REBASE : NONE;
  }

  private int oddAt(long address) {
    int bind = Arrays.binarySearch(oddBinds, address);
    if (bind >= 0) {
      return evenBindCount + bind;
    }
    return Arrays.binarySearch(oddRebases, address) >= 0 ? REBASE : NONE;
  }
}
