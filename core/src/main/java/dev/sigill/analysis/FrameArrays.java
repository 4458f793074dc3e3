package dev.sigill.analysis;

import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;

/**
 * Pointers that one function keeps in arrays of its frame, each array taken as a whole: whichever
 * element is stored, any of them may be read. Blocks that read an array are gone through again when
 * something is added to it.
 */
final class FrameArrays {
  /** What is kept, by the offset at which the array begins. */
  private final Map<Integer, Long> kept = new HashMap<>();

  private final BitSet readers = new BitSet();

  /** Blocks that store pointers in the frame, each in a slot of its own as it seems. */
  private final BitSet keepers = new BitSet();

  private final BitSet again = new BitSet();

  /** Forgets everything. */
  void forget() {
    kept.clear();
    readers.clear();
    keepers.clear();
    again.clear();
  }

  /** The pointers in an array that a block reads; BOTTOM where none was stored yet. */
  long read(int begin, int block) {
    readers.set(block);
    return array(begin);
  }

  private long array(int begin) {
    Long known = kept.putIfAbsent(begin, Values.BOTTOM);
    if (known == null) {
      // What was stored in its first element looked like any other slot.
      again.or(keepers);
      return Values.BOTTOM;
    }
    return known;
  }

  /**
   * Says that a block stores a pointer in the frame.
   *
   * @param isIndexed whether it is some element of an array that begins at this offset; else it may
   *     be its first element, or no array at all
   */
  void store(int begin, boolean isIndexed, int block, long pointer, Values values) {
    if (!isIndexed) {
      keepers.set(block);
      if (!kept.containsKey(begin)) {
        return;
      }
    }
    long before = array(begin);
    long joined = values.join(before, pointer);
    if (joined != before) {
      kept.put(begin, joined);
      again.or(readers);
    }
  }

  /** Adds the blocks that are to be gone through again to those that are. */
  void drainTo(BitSet work) {
    work.or(again);
    again.clear();
  }
}
