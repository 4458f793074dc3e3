package dev.sigill.analysis;

/**
 * The frame of the function as others see it: by a place among all frames, and from the first
 * offset on whose address was given away.
 */
final class OwnFrame {
  /** A function interpreted more often than this adds to what it has stored in frames. */
  private static final int GROW_AFTER = 2;

  /** Where a function's allocated objects begin, in the numbering of {@link #place}. */
  private static final long ALLOCATED = 0x8_1000;

  private static final int ALLOCATED_BYTES = 0x1000;
  private static final int MOST_ALLOCATED = 126;

  /** How much of the frame above an address that is given away a call writes to. */
  private static final int MOST_WRITTEN = 128;

  private final BlockVisit visit;
  private final Interpretation interpretation;
  private final Values values;
  private final AnalysedFunction function;
  private final State state;

  OwnFrame(BlockVisit visit) {
    this.visit = visit;
    this.interpretation = visit.interpretation;
    this.values = visit.values;
    this.function = visit.function;
    this.state = visit.state;
  }

  /** The number of an offset of this frame among all frames. */
  long place(int offset) {
    return (long) function.number << 20 | offset + MIDDLE & 0xf_ffff;
  }

  /** Where the frame's offset 0 lies in that numbering. */
  private static final int MIDDLE = 1 << 19;

  private boolean isHere(long place) {
    return place >>> 20 == function.number;
  }

  /**
   * A new object: all that one call allocates counts as one, at a place of its own above the frame
   * of the function that calls.
   */
  long allocated(int atEvent) {
    long offset = ALLOCATED + (Math.max(0, atEvent) % MOST_ALLOCATED) * (long) ALLOCATED_BYTES;
    return Values.encode(Values.FRAME, Guards.NONE, (long) function.number << 20 | offset);
  }

  /** Objects that a function has allocated lie above its frame. */
  static boolean isAllocated(long framePlace) {
    return (framePlace & 0xf_ffff) >= ALLOCATED;
  }

  /** A value as others know it: an address of this frame by a name, and what lies there shared. */
  long named(long value) {
    if (Values.kind(value) != Values.STACK) {
      return value;
    }
    int offset = (int) Values.signed(value);
    if (offset >= 0 || offset <= -(1 << 18)) {
      return Values.UNKNOWN;
    }
    if (offset < state.escapedFrom) {
      share(offset);
    }
    return Values.encode(Values.FRAME, Values.guard(value), place(offset));
  }

  /** The frame from an offset on can be read and written by others from now on. */
  private void share(int from) {
    state.escapedFrom = Math.min(state.escapedFrom, from);
    if (visit.isSpeaking) {
      for (int i = 0; i < state.slots; i++) {
        if (state.slotOffset[i] >= from && state.slotOffset[i] < 0) {
          publish(state.slotOffset[i], state.slotSize[i], state.slotValue[i]);
        }
      }
    }
  }

  /** Stores in this frame for others. */
  void publish(int offset, int size, long value) {
    store(place(offset), size, named(value));
  }

  /**
   * Stores in any frame. What a function reads there is often what it has stored itself, at another
   * place or before: without an end to it the two would chase each other. What a check found is
   * known better with each visit, and takes the place of what was known before.
   */
  void store(long place, int size, long value) {
    Memory memory = interpretation.memory;
    long stored = value;
    if (function.visits > GROW_AFTER && !Values.isTainted(value)) {
      long before = memory.stored(Memory.FRAMES, place, size, visit.site());
      stored = Values.isTainted(before) ? value : values.join(before, value);
    }
    memory.store(Memory.FRAMES, place, size, visit.site(), stored, interpretation::changed);
  }

  /** What others may have overwritten is read from what they stored. */
  void forgetShared() {
    if (state.escapedFrom != Integer.MAX_VALUE) {
      state.forgetSlots(state.escapedFrom, writtenEnd());
    }
  }

  /** A call writes to the object it is given, not to the saved registers above it. */
  private int writtenEnd() {
    return Math.min(0, state.escapedFrom + MOST_WRITTEN);
  }

  /**
   * Whether what a check found lies in a shared part of the frame since the last call: nobody else
   * can have stored there yet.
   */
  boolean isOwn(int offset, long known) {
    return Values.isTainted(known) && offset < writtenEnd();
  }

  /** Keeps what a call was seen to store in this frame. */
  void keep(CallContext.Store store) {
    if (isHere(store.place()) && !isAllocated(store.place())) {
      int offset = (int) (store.place() & 0xf_ffff) - MIDDLE;
      state.setSlot(offset, store.size(), store.value());
    }
  }

  /** Whether a value is the name of an address in this frame. */
  boolean isNamed(long value) {
    return Values.kind(value) == Values.FRAME && isHere(Values.payload(value));
  }
}
