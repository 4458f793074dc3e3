package dev.sigill.analysis;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What is known at one place of a function: registers, the stack slots of its own frame that hold
 * something worth knowing, and what the flags were set from.
 */
final class State {
  /** 16 general registers, then the low and high halves of 16 vector registers. */
  static final int REGISTERS = 48;

  static final int VECTOR = 16;

  static final int VECTORS = 16;

  private static final int MOST_SLOTS = 96;

  /** Flags of unknown origin. */
  static final int FLAGS_OTHER = 0;

  /** Flags of a value compared with zero: {@link #flagLeft}. */
  static final int FLAGS_TEST = 1;

  /** Flags of {@link #flagLeft} minus {@link #flagRight}. */
  static final int FLAGS_COMPARE = 2;

  /** The carry flag is bit {@link #flagRight} of {@link #flagLeft}. */
  static final int FLAGS_BIT = 3;

  final long[] register = new long[REGISTERS];

  /**
   * The two upper halves of each of 16 vector registers of 256 bits, null where nothing is known of
   * any: few functions keep more there than numbers.
   */
  private long @Nullable [] upper;

  int flagKind;
  long flagLeft;
  long flagRight;

  /** Size in bytes of the compared values. */
  int flagSize;

  /** Whether the flags depend on a CPU check. */
  boolean flagTaint;

  int slots;
  int[] slotOffset = new int[8];

  /** Bytes of each slot; no two slots overlap. */
  int[] slotSize = new int[8];

  long[] slotValue = new long[8];

  /** Registers that differed where ways met here: they tell already which one was taken. */
  private long differed;

  /** The least offset of the frame whose address was given away, or MAX_VALUE. */
  int escapedFrom = Integer.MAX_VALUE;

  static State unknown() {
    var state = new State();
    Arrays.fill(state.register, Values.top(Guards.NONE));
    return state;
  }

  void copyFrom(State other) {
    System.arraycopy(other.register, 0, register, 0, REGISTERS);
    differed = 0;
    upper = other.upper == null ? null : other.upper.clone();
    flagKind = other.flagKind;
    flagLeft = other.flagLeft;
    flagRight = other.flagRight;
    flagSize = other.flagSize;
    flagTaint = other.flagTaint;
    escapedFrom = other.escapedFrom;
    slots = other.slots;
    if (slotOffset.length < slots) {
      slotOffset = new int[other.slotOffset.length];
      slotSize = new int[other.slotOffset.length];
      slotValue = new long[other.slotOffset.length];
    }
    System.arraycopy(other.slotOffset, 0, slotOffset, 0, slots);
    System.arraycopy(other.slotSize, 0, slotSize, 0, slots);
    System.arraycopy(other.slotValue, 0, slotValue, 0, slots);
  }

  /** What a half of a vector register holds, from the lowest, 0, to 3. */
  long vector(int number, int half) {
    if (half < 2) {
      return register[VECTOR + number * 2 + half];
    }
    return upper == null ? Values.top(Guards.NONE) : upper[number * 2 + half - 2];
  }

  void setVector(int number, int half, long value) {
    if (half < 2) {
      register[VECTOR + number * 2 + half] = value;
      return;
    }
    if (upper == null) {
      if (value == Values.top(Guards.NONE)) {
        return;
      }
      upper = new long[VECTORS * 2];
      Arrays.fill(upper, Values.top(Guards.NONE));
    }
    upper[number * 2 + half - 2] = value;
  }

  /** Forgets the upper halves of all vector registers. */
  void forgetUpperHalves() {
    upper = null;
  }

  /** What is known of some bytes of the frame; unknown where no slot lies there. */
  long known(int offset, int size, Values values) {
    long slot = slot(offset, size, values);
    return slot == Values.BOTTOM ? Values.top(Guards.NONE) : slot;
  }

  /**
   * What is known of some bytes of the frame: a slot, a part of one, or slots beside each other.
   * BOTTOM where no slot lies there.
   */
  long slot(int offset, int size, Values values) {
    long parts = Values.BOTTOM;
    int known = 0;
    for (int i = firstSlot(offset); i < slots && slotOffset[i] < offset + size; i++) {
      int start = slotOffset[i] - offset;
      int end = start + slotSize[i];
      long value = slotValue[i];
      if (start <= 0 && end >= size) {
        return start == 0
            ? values.truncated(value, size)
            : values.truncated(
                shifted(value, Values.Operation.SHIFT_RIGHT, -start, slotSize[i], values), size);
      }
      if (start < 0 || end > size) {
        return Values.top(values.anyTaint(value, value));
      }
      if (start > 0) {
        value = shifted(value, Values.Operation.SHIFT_LEFT, start, size, values);
      }
      parts =
          parts == Values.BOTTOM ? value : values.compute(Values.Operation.OR, parts, value, size);
      known += slotSize[i];
    }
    // Numbers of which a part is not known are not; what a check found in a part stays that.
    return parts == Values.BOTTOM || known == size || Values.isTainted(parts)
        ? parts
        : Values.top(Guards.NONE);
  }

  private static long shifted(
      long value, Values.Operation direction, int bytes, int size, Values values) {
    return values.compute(direction, value, Values.constant(bytes * 8L, Guards.NONE), size);
  }

  /** The first slot that ends behind an offset. */
  private int firstSlot(int offset) {
    int at = Arrays.binarySearch(slotOffset, 0, slots, offset);
    if (at >= 0) {
      return at;
    }
    int next = -at - 1;
    return next > 0 && slotOffset[next - 1] + slotSize[next - 1] > offset ? next - 1 : next;
  }

  /** Whether something is known of one of some bytes of the frame. */
  boolean hasSlot(int offset, int size) {
    int at = firstSlot(offset);
    return at < slots && slotOffset[at] < offset + size;
  }

  /** Keeps what was stored in some bytes of the frame, and forgets what lay there. */
  void setSlot(int offset, int size, long value) {
    boolean isUnknown = value == Values.top(Guards.NONE);
    int at = firstSlot(offset);
    if (!isUnknown && at < slots && slotOffset[at] == offset && slotSize[at] == size) {
      slotValue[at] = value;
      return;
    }
    forgetSlots(offset, offset + size);
    if (isUnknown || slots >= MOST_SLOTS) {
      return;
    }
    if (slots == slotOffset.length) {
      slotOffset = Arrays.copyOf(slotOffset, slots * 2);
      slotSize = Arrays.copyOf(slotSize, slots * 2);
      slotValue = Arrays.copyOf(slotValue, slots * 2);
    }
    at = firstSlot(offset);
    moveSlots(at, at + 1);
    slotOffset[at] = offset;
    slotSize[at] = size;
    slotValue[at] = value;
  }

  /** Forgets the slots of which a byte lies in a range of offsets. */
  void forgetSlots(int from, int to) {
    int first = firstSlot(from);
    int end = first;
    while (end < slots && slotOffset[end] < to) {
      end++;
    }
    if (end > first) {
      moveSlots(end, first);
    }
  }

  /** Moves the slots from a number on, up or down. */
  private void moveSlots(int from, int to) {
    System.arraycopy(slotOffset, from, slotOffset, to, slots - from);
    System.arraycopy(slotSize, from, slotSize, to, slots - from);
    System.arraycopy(slotValue, from, slotValue, to, slots - from);
    slots += to - from;
  }

  /**
   * Joins another state into this one; whether this one changed. Where the two differ, the checks
   * on the ways that lead here have chosen.
   *
   * @param widen whether what differs is given up
   * @param guard what the ways by which this state came imply
   * @param otherGuard what the other's way implies
   */
  boolean join(State other, Values values, boolean widen, int guard, int otherGuard) {
    boolean changed = false;
    for (int i = 0; i < REGISTERS; i++) {
      long before = register[i];
      if (before != other.register[i]) {
        long theirs = other.register[i];
        boolean isChosen = (differed >>> i & 1) != 0;
        boolean isNumber = i >= VECTOR && (Values.isConstant(before) || Values.isConstant(theirs));
        long joined =
            isNumber
                ? values.join(before, theirs)
                : values.met(
                    before,
                    isChosen ? values.chosenOnce(before, guard) : values.chosen(before, guard),
                    theirs,
                    values.chosen(theirs, otherGuard));
        differed |= 1L << i;
        if (joined != before) {
          register[i] = widen ? Values.top(values.anyTaint(joined, joined)) : joined;
          changed |= register[i] != before;
        }
      }
    }
    changed |= joinUpperHalves(other, values);
    changed |= joinFlags(other);
    changed |= joinSlots(other, values, widen, guard, otherGuard);
    if (other.escapedFrom < escapedFrom) {
      escapedFrom = other.escapedFrom;
      changed = true;
    }
    return changed;
  }

  private boolean joinUpperHalves(State other, Values values) {
    if (upper == null && other.upper == null) {
      return false;
    }
    boolean changed = false;
    for (int v = 0; v < VECTORS; v++) {
      for (int half = 2; half < 4; half++) {
        long before = vector(v, half);
        long theirs = other.vector(v, half);
        if (before != theirs) {
          // What differs is given up at once, all but where it comes from.
          long joined = Values.top(values.anyTaint(before, theirs));
          setVector(v, half, joined);
          changed |= joined != before;
        }
      }
    }
    return changed;
  }

  private boolean joinFlags(State other) {
    boolean isSame =
        flagKind == other.flagKind
            && flagLeft == other.flagLeft
            && flagRight == other.flagRight
            && flagSize == other.flagSize;
    boolean changed = false;
    if (!isSame && flagKind != FLAGS_OTHER) {
      flagKind = FLAGS_OTHER;
      flagLeft = 0;
      flagRight = 0;
      flagSize = 0;
      changed = true;
    }
    if (other.flagTaint && !flagTaint) {
      flagTaint = true;
      changed = true;
    }
    return changed;
  }

  /** A slot kept by one side only is unknown afterwards, but stays tainted where it was. */
  private boolean joinSlots(State other, Values values, boolean widen, int guard, int otherGuard) {
    boolean changed = false;
    int mine = 0;
    while (mine < slots) {
      int offset = slotOffset[mine];
      long before = slotValue[mine];
      long theirs = other.known(offset, slotSize[mine], values);
      long joined =
          before == theirs
              ? before
              : values.met(
                  before, values.chosen(before, guard), theirs, values.chosen(theirs, otherGuard));
      if (widen && joined != before) {
        joined = Values.top(values.anyTaint(joined, joined));
      }
      if (joined != before) {
        changed = true;
        int old = slots;
        setSlot(offset, slotSize[mine], joined);
        if (slots < old) {
          continue;
        }
      }
      mine++;
    }
    for (int i = 0; i < other.slots; i++) {
      if (Values.isTainted(other.slotValue[i])
          && !hasSlot(other.slotOffset[i], other.slotSize[i])) {
        int old = slots;
        setSlot(other.slotOffset[i], other.slotSize[i], Values.top(Guards.UNKNOWN));
        changed |= slots > old;
      }
    }
    return changed;
  }
}
