package dev.sigill.analysis;

import dev.sigill.isa.x86.X86Decoder;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** The memory operand of an instruction: the place that it names, read and written. */
final class MemoryOperand {
  // What kind of place it is.
  private static final int PLACE_UNKNOWN = 0;
  private static final int PLACE_STACK = 1;
  private static final int PLACE_POINTER = 2;
  private static final int PLACE_FIELD = 3;

  /** A table of flags is looked through so far. */
  private static final int MOST_FLAG_BYTES = 256;

  /** Segment overrides from FS on are thread-local or system memory. */
  private static final int FS = 4;

  private final BlockVisit visit;
  private final Interpretation interpretation;
  private final Values values;
  private final AnalysedFunction function;
  private final FunctionGraph graph;
  private final X86Decoder decoder;
  private final State state;
  private final OwnFrame frame;

  /** The variables from which the function reads what checks decided. */
  private final Set<Long> toldPlaces = new HashSet<>();

  /** What this round stores in variables in which nothing was stored before it. */
  private final Map<Variable, Long> first = new HashMap<>();

  private record Variable(long place, int size) {}

  private int placeKind;

  /** The stack offset, or the displacement of a field. */
  private long placeOffset;

  /** The pointer, with the displacement applied. */
  private long placePointer;

  /** Whether an unknown index is added to the pointer. */
  private boolean isIndexed;

  /** The check that the address depends on. */
  private int placeGuard;

  MemoryOperand(BlockVisit visit, OwnFrame frame) {
    this.visit = visit;
    this.interpretation = visit.interpretation;
    this.values = visit.values;
    this.function = visit.function;
    this.graph = visit.graph;
    this.decoder = visit.decoder;
    this.state = visit.state;
    this.frame = frame;
  }

  /** Forgets what was stored so far. */
  void forgetStores() {
    first.clear();
  }

  /** Forgets the operands of the block before. */
  void forgetPlace() {
    placeKind = PLACE_UNKNOWN;
    placeOffset = 0;
    placePointer = 0;
    isIndexed = false;
    placeGuard = Guards.NONE;
  }

  /** The check that the address of the operand met last in the block depends on. */
  int guard() {
    return placeGuard;
  }

  // The place.

  private void locate() {
    locate(decoder.memoryDisplacement());
  }

  private void locate(long displacement) {
    isIndexed = false;
    placeGuard = Guards.NONE;
    if (decoder.isRipRelative()) {
      placeKind = PLACE_POINTER;
      placePointer = interpretation.address(visit.imageNumber, decoder.memoryAddress());
      if (visit.isSpeaking) {
        interpretation.refer(Values.payload(placePointer));
      }
      return;
    }
    if (decoder.segment() >= FS) {
      placeKind = PLACE_UNKNOWN;
      return;
    }
    int baseRegister = decoder.memoryBase();
    int indexRegister = decoder.memoryIndex();
    long base = baseRegister < 0 ? Values.constant(0, 0) : state.register[baseRegister & 15];
    if (indexRegister >= 0) {
      long index = state.register[indexRegister & 15];
      int scale = decoder.memoryScale();
      if (Values.isConstant(index)) {
        base =
            values.compute(
                Values.Operation.ADD,
                base,
                Values.constant(Values.number(index) * scale, Values.guard(index)),
                8);
      } else if (scale == 1 && isPointer(index) && Values.isConstant(base)) {
        base = values.moved(index, Values.number(base));
      } else {
        if (Values.isTainted(index)) {
          placeGuard = Guards.UNKNOWN;
        }
        boolean isBaseUnknown =
            Values.kind(base) == Values.TOP || Values.kind(base) == Values.CONST;
        if (isBaseUnknown && scale == 1 && isPointer(index)) {
          base = index;
        } else if (isBaseUnknown && baseRegister < 0) {
          // table[index*8] in code linked at a fixed address
          base = Values.constant(0, 0);
        }
        isIndexed = true;
      }
    }
    base = interpretation.followed(base);
    if (Values.isConstant(base)) {
      long fixed =
          interpretation.fixedAddress(visit.imageNumber, Values.number(base) + displacement);
      if (fixed != Values.BOTTOM) {
        placeKind = PLACE_POINTER;
        placePointer = fixed;
      } else {
        placeKind = PLACE_UNKNOWN;
      }
      return;
    }
    switch (Values.kind(base)) {
      case Values.STACK -> {
        placeKind = PLACE_STACK;
        placeOffset = Values.signed(base) + displacement;
      }
      case Values.ADDRESS, Values.FRAME, Values.OBJECT, Values.SET, Values.EXTERNAL -> {
        placeKind = PLACE_POINTER;
        placePointer = values.moved(base, displacement);
        if (Values.kind(base) == Values.EXTERNAL) {
          placePointer = base;
          placeOffset = displacement;
        } else if (Values.kind(placePointer) == Values.TOP) {
          placeKind = PLACE_UNKNOWN;
        }
      }
      default -> {
        placeKind = isIndexed ? PLACE_UNKNOWN : PLACE_FIELD;
        placeOffset = displacement;
      }
    }
    if (Values.isTainted(base) && Values.kind(base) != Values.SET) {
      placeGuard = interpretation.guards.both(placeGuard, Values.guard(base));
    }
  }

  /** The place of the eight bytes with this number in the operand in memory. */
  private void locatePart(int part) {
    locate(decoder.memoryDisplacement() + part * 8L);
    if (decoder.isRipRelative()) {
      placePointer = values.moved(placePointer, part * 8L);
    }
  }

  private static boolean isPointer(long value) {
    return switch (Values.kind(value)) {
      case Values.ADDRESS, Values.STACK, Values.FRAME, Values.OBJECT -> true;
      default -> false;
    };
  }

  private static boolean mayBePointer(long value) {
    return switch (Values.kind(value)) {
      case Values.ADDRESS, Values.OBJECT, Values.ENTRY, Values.SET -> true;
      default -> false;
    };
  }

  /** The register with the table of which the operand is an element; -1 for other operands. */
  int tableRegister() {
    return decoder.hasMemory() && isIndexed ? decoder.memoryBase() : -1;
  }

  /** The address itself, as LEA gives it. */
  long address() {
    locate();
    return switch (placeKind) {
      case PLACE_STACK -> isIndexed ? Values.UNKNOWN : Values.stack(placeOffset);
      case PLACE_POINTER ->
          isIndexed
              ? values.compute(Values.Operation.ADD, placePointer, Values.top(placeGuard), 8)
              : placePointer;
      default -> addressArithmetic();
    };
  }

  /** LEA used to add numbers. */
  private long addressArithmetic() {
    int base = decoder.memoryBase();
    int index = decoder.memoryIndex();
    long sum = Values.constant(decoder.memoryDisplacement(), Guards.NONE);
    if (base >= 0) {
      sum = values.compute(Values.Operation.ADD, state.register[base & 15], sum, 8);
    }
    if (index >= 0) {
      long scaled = state.register[index & 15];
      int by = Integer.numberOfTrailingZeros(decoder.memoryScale());
      if (by > 0) {
        scaled =
            values.compute(
                Values.Operation.SHIFT_LEFT, scaled, Values.constant(by, Guards.NONE), 8);
      }
      sum = values.compute(Values.Operation.ADD, sum, scaled, 8);
    }
    return sum;
  }

  // What lies there.

  /** What the operand holds. */
  long load(int size) {
    locate();
    return loadPlace(size);
  }

  /** The eight bytes with this number of the operand. */
  long loadPart(int part) {
    locatePart(part);
    return loadPlace(8);
  }

  /** What lies at the place that was found last. */
  private long loadPlace(int size) {
    if (size > 8 || size <= 0 || visit.isBlind && placeKind != PLACE_STACK) {
      return Values.UNKNOWN;
    }
    long loaded =
        switch (placeKind) {
          case PLACE_STACK -> loadStack((int) placeOffset, size);
          case PLACE_POINTER -> loadAny(values.elements(placePointer), size);
          case PLACE_FIELD -> loadField(size);
          default -> Values.UNKNOWN;
        };
    return values.guarded(loaded, placeGuard);
  }

  /** What lies at one of several places. */
  private long loadAny(long[] pointers, int size) {
    long result = Values.BOTTOM;
    boolean isAnyUnset = false;
    for (long pointer : pointers) {
      long loaded = values.guarded(loadThrough(pointer, size), Values.guard(pointer));
      if (loaded == Values.UNKNOWN && startsAsZero(pointer, size)) {
        isAnyUnset = true;
      } else {
        result = values.join(result, loaded);
      }
    }
    if (pointers.length > 1 && Arrays.stream(pointers).allMatch(this::isInTable)) {
      visit.walks.set(visit.block);
    }
    if (!isAnyUnset) {
      return result;
    }
    // Beside variables that checks fill, one that nothing fills is a choice of none of them.
    return values.join(result, Values.isTainted(result) ? zero() : Values.UNKNOWN);
  }

  /** Whether a pointer leads to a place of an image that does not change. */
  private boolean isInTable(long pointer) {
    long place = Values.payload(pointer);
    return isInImage(pointer)
        && interpretation.isReadOnly(
            Interpretation.imageNumberOf(place), interpretation.virtualAddressOf(place));
  }

  private boolean startsAsZero(long pointer, int size) {
    long place = Values.payload(pointer);
    return isInImage(pointer)
        && !isIndexed
        && interpretation.isZeroAtStart(
            Interpretation.imageNumberOf(place), interpretation.virtualAddressOf(place), size);
  }

  /** Whether a pointer leads to a place that all threads share. */
  private static boolean isInImage(long pointer) {
    return Values.kind(pointer) == Values.ADDRESS
        && Interpretation.imageNumberOf(Values.payload(pointer)) < Interpretation.THREAD_LOCAL;
  }

  private long loadStack(int offset, int size) {
    if (isIndexed) {
      if (size == 8) {
        long kept = visit.arrays.read(offset, visit.block);
        if (kept != Values.BOTTOM) {
          return kept;
        }
      }
      for (int i = 0; i < state.slots; i++) {
        if (state.slotOffset[i] < 0 && Values.isTainted(state.slotValue[i])) {
          return Values.top(Guards.UNKNOWN);
        }
      }
      return Values.UNKNOWN;
    }
    long known = state.slot(offset, size, values);
    if (offset >= state.escapedFrom && !frame.isOwn(offset, known)) {
      if (visit.isBlind) {
        return Values.UNKNOWN;
      }
      long shared =
          interpretation.memory.load(Memory.FRAMES, frame.place(offset), size, function.number);
      known = values.join(known, shared);
    }
    return known == Values.BOTTOM ? Values.UNKNOWN : known;
  }

  private long loadThrough(long pointer, int size) {
    long place = Values.payload(pointer);
    switch (Values.kind(pointer)) {
      case Values.ADDRESS -> {
        if (isIndexed) {
          return loadTable(pointer, size);
        }
        return loadGlobal(place, size);
      }
      case Values.OBJECT -> {
        return loadTable(pointer, size);
      }
      case Values.FRAME -> {
        if (isIndexed) {
          return Values.UNKNOWN;
        }
        long stored = interpretation.memory.load(Memory.FRAMES, place, size, function.number);
        if (stored == Values.BOTTOM) {
          return OwnFrame.isAllocated(place) ? zero() : Values.UNKNOWN;
        }
        return stored;
      }
      case Values.EXTERNAL -> {
        return CpuCheckSources.load(
            values, interpretation.externalName(pointer), placeOffset, size);
      }
      default -> {
        return Values.UNKNOWN;
      }
    }
  }

  private long loadGlobal(long place, int size) {
    int number = Interpretation.imageNumberOf(place);
    long stored = interpretation.memory.load(Memory.IMAGES, place, size, function.number);
    if (number >= Interpretation.THREAD_LOCAL) {
      return stored == Values.BOTTOM ? Values.UNKNOWN : values.join(stored, zero());
    }
    long address = interpretation.virtualAddressOf(place);
    if (size == 8) {
      long pointer = interpretation.loaderPointer(number, address, function);
      if (pointer != Values.BOTTOM) {
        return values.join(stored, pointer);
      }
    }
    if (stored != Values.BOTTOM) {
      if (Values.isTainted(stored)) {
        toldPlaces.add(place);
        lookUp();
      }
      return sinceStart(stored);
    }
    if (graph.asksProcessor
        && size < 8
        && visit.context == 0
        && interpretation.isZeroAtStart(number, address, size)) {
      // What detection adds what it finds to, as libgcc's __cpu_indicator_init does.
      return zero();
    }
    Long own = first.get(new Variable(place, size));
    if (own != null) {
      // Its stores are told to others only once it has been gone through.
      return sinceStart(own);
    }
    if (interpretation.isReadOnly(number, address)) {
      long constant = interpretation.fileNumber(number, address, size);
      return constant == Values.BOTTOM ? Values.UNKNOWN : constant;
    }
    return Values.UNKNOWN;
  }

  /**
   * What a variable holds from the start on, given what is stored in it: it starts as zero; other
   * initial numbers mean "not yet computed". Zero is left out where nobody minds: a number that is
   * stored tells nothing by itself, unless it decides which way is taken.
   */
  private long sinceStart(long stored) {
    boolean decides = graph.copy(visit.block) > 0 && Values.isConstant(stored);
    return decides || Values.isTainted(stored) ? values.join(stored, zero()) : stored;
  }

  /** Notes that the function looks up what checks decided. */
  private void lookUp() {
    boolean isNews = visit.isSpeaking && !function.looksUp && Calls.answersByNumber(function);
    if (isNews) {
      function.looksUp = true;
      interpretation.tells(function);
    }
  }

  private static long zero() {
    return Values.constant(0, Guards.NONE);
  }

  /** One entry of a table, which one is not known. */
  private long loadTable(long pointer, int size) {
    long place = Values.payload(pointer);
    int number = Interpretation.imageNumberOf(place);
    if (number >= Interpretation.THREAD_LOCAL) {
      return Values.UNKNOWN;
    }
    if (size == 8) {
      long first =
          interpretation.loaderPointer(number, interpretation.virtualAddressOf(place), function);
      if (first != Values.BOTTOM || Values.kind(pointer) == Values.OBJECT) {
        return Values.encode(Values.ENTRY, Values.guard(pointer), place);
      }
    }
    return Values.top(
        Values.kind(pointer) == Values.ADDRESS && size < 8 && holdsChecks(place)
            ? Guards.UNKNOWN
            : Guards.NONE);
  }

  /** Whether results of checks were stored in a table of flags. */
  private boolean holdsChecks(long place) {
    boolean any = false;
    for (int offset = 0; offset < MOST_FLAG_BYTES && !any; offset += 8) {
      any =
          Values.isTainted(
              interpretation.memory.load(Memory.IMAGES, place + offset, 8, function.number));
    }
    return any;
  }

  /**
   * A field of an object whose address is not known: only whether a check's result was ever stored
   * in such a field of this image.
   */
  private long loadField(int size) {
    if (placeOffset < 0 || placeOffset > 0xffff) {
      return Values.UNKNOWN;
    }
    Long own = function.ownFields.get(placeOffset << 4 | size);
    if (own != null) {
      // What the function itself stores there is what it means.
      return values.join(own, zero());
    }
    long stored = interpretation.memory.field(fieldPlace(), size, function.number);
    return Values.isTainted(stored) ? values.join(stored, zero()) : Values.UNKNOWN;
  }

  private long fieldPlace() {
    return (long) visit.imageNumber << 32 | placeOffset & 0xffff_ffffL;
  }

  // What is stored there.

  /** Stores in the operand. */
  void store(int size, long value) {
    locate();
    storePlace(size, value);
  }

  /** Stores in the eight bytes with this number of the operand. */
  void storePart(int part, long value) {
    locatePart(part);
    storePlace(8, value);
  }

  /** Numbers are stored over the eight bytes with this number of the operand. */
  void forgetPart(int part) {
    locatePart(part);
    forget(8);
  }

  /** Forgets what is known of some bytes there. */
  private void forget(int size) {
    if (placeKind == PLACE_STACK && !isIndexed) {
      state.forgetSlots((int) placeOffset, (int) placeOffset + size);
    }
  }

  /** Stores at the place that was found last. */
  void storePlace(int size, long value) {
    if (size <= 0) {
      return;
    }
    if (size > 8) {
      forget(size);
      return;
    }
    long chosen = values.guarded(values.chosen(value, keptBehind(value)), placeGuard);
    long guarded = placeKind == PLACE_STACK ? chosen : visit.learnt(chosen);
    switch (placeKind) {
      case PLACE_STACK -> {
        int offset = (int) placeOffset;
        if (size == 8 && mayBePointer(guarded)) {
          visit.arrays.store(offset, isIndexed, visit.block, guarded, values);
        }
        if (isIndexed) {
          return;
        }
        state.setSlot(offset, size, guarded);
        if (visit.isSpeaking && offset >= state.escapedFrom) {
          frame.publish(offset, size, guarded);
        }
      }
      case PLACE_POINTER -> {
        boolean isAlways = visit.context > 0 && graph.blockCount() == 1 && !isIndexed;
        if (isAlways && Values.kind(placePointer) == Values.FRAME) {
          visit.callerStores.add(
              new CallContext.Store(Values.payload(placePointer), size, guarded));
        }
        if (!visit.isSpeaking) {
          storeFirst(size, guarded);
          return;
        }
        if (Values.kind(placePointer) == Values.ADDRESS && isWish(guarded)) {
          interpretation.memory.storesWish(visit.site());
        }
        boolean isNewObject = false;
        for (long element : values.elements(placePointer)) {
          storeThrough(element, size, frame.named(lasting(element, size, guarded)));
          tell(guarded, Values.kind(element) != Values.ADDRESS);
          isNewObject |=
              Values.kind(element) == Values.FRAME && OwnFrame.isAllocated(Values.payload(element));
        }
        if (isNewObject && isSmallResult(guarded)) {
          // Others meet the object without knowing where it comes from.
          placeOffset = decoder.memoryDisplacement();
          storeField(size, guarded);
        }
        visit.escape(-1, value);
      }
      case PLACE_FIELD -> {
        if (visit.isSpeaking) {
          storeField(size, guarded);
          tell(guarded, true);
          visit.escape(-1, value);
        }
      }
      default -> {
        if (visit.isSpeaking) {
          tell(guarded, true);
          visit.escape(-1, value);
        }
      }
    }
  }

  /**
   * Keeps a number that is stored in a variable for reads of the same visit, so that flags which
   * are added to it do not look as if they were added to something unknown.
   */
  private void storeFirst(int size, long value) {
    boolean isNumber = Values.mayBeNumber(value) && value != Values.UNKNOWN;
    if (Values.kind(placePointer) != Values.ADDRESS || isIndexed || !isNumber) {
      return;
    }
    long place = Values.payload(placePointer);
    if (interpretation.memory.peek(Memory.IMAGES, place, size) == Values.BOTTOM) {
      first.merge(new Variable(place, size), value, values::join);
    }
  }

  /** A value that is stored in a variable, with the check without which it is overwritten again. */
  private long lasting(long pointer, int size, long value) {
    if (Values.kind(pointer) != Values.ADDRESS || isIndexed) {
      return value;
    }
    long site = visit.site();
    visit.stores.add(
        new Overwriting.Store(visit.block, Values.payload(pointer), size, site, value));
    Integer guard = function.lasting == null ? null : function.lasting.get(site);
    return guard == null ? value : values.guarded(value, guard);
  }

  private void storeThrough(long pointer, int size, long value) {
    if (isIndexed) {
      return;
    }
    switch (Values.kind(pointer)) {
      case Values.ADDRESS ->
          interpretation.memory.store(
              Memory.IMAGES,
              Values.payload(pointer),
              size,
              visit.site(),
              value,
              interpretation::changed);
      case Values.FRAME -> frame.store(Values.payload(pointer), size, value);
      default -> {}
    }
  }

  /**
   * The check behind which a value is stored. That of the callers counts where others find the
   * value: what is called, and numbers in variables. Other numbers are too many.
   */
  private int keptBehind(long value) {
    boolean isVariable = placeKind == PLACE_POINTER && Values.kind(placePointer) == Values.ADDRESS;
    boolean isKept = isVariable || placeKind != PLACE_STACK && !Values.mayBeNumber(value);
    return isKept ? visit.behind : visit.here;
  }

  /**
   * Whether what is stored in a variable is what somebody wishes, or the variable's own value
   * changed in a way that is not followed.
   */
  private boolean isWish(long value) {
    if (visit.here == Guards.ENVIRONMENT || visit.here != Guards.NONE && value == Values.UNKNOWN) {
      return true;
    }
    return value == Values.top(Guards.UNKNOWN) && toldPlaces.contains(Values.payload(placePointer));
  }

  private void storeField(int size, long value) {
    if (placeOffset < 0 || placeOffset > 0xffff) {
      return;
    }
    if (isSmallResult(value)) {
      long key = placeOffset << 4 | size;
      Long before = function.ownFields.get(key);
      long joined = before == null ? value : values.join(before, value);
      if (before == null || before != joined) {
        function.ownFields.put(key, joined);
        interpretation.changed(function.number);
      }
      interpretation.memory.store(
          Memory.FIELDS, fieldPlace(), size, visit.site(), value, interpretation::changed);
    } else if (!(Values.isConstant(value) && Values.number(value) == 0)) {
      // A field that also holds other things says nothing.
      interpretation.memory.blur(fieldPlace(), size, visit.site(), interpretation::changed);
    }
  }

  /** Whether a value is the result of a check of known meaning. */
  private boolean isSmallResult(long value) {
    return switch (Values.kind(value)) {
      case Values.SET, Values.BITS -> values.tellsAny(value);
      default -> false;
    };
  }

  /** Notes that what a check decided is left where callers may read it. */
  private void tell(long value, boolean isForCallers) {
    if (isForCallers && Values.isTainted(value) && !function.tells) {
      function.tells = true;
      interpretation.tells(function);
    }
  }
}
