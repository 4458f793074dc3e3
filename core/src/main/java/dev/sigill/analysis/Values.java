package dev.sigill.analysis;

import dev.sigill.isa.Feature;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongPredicate;

/*
 * A value is a long:
 *
 *   bits 63..60  kind
 *   bits 59..44  guard: the check without which the value would be another one, or Guards.NONE
 *   bits 43..0   payload
 *
 * Kinds form a lattice of finite height: BOTTOM below everything, TOP above everything, and between
 * them constants and pointers, sets of at most MOST_ELEMENTS of those (each with a guard of its own),
 * and words of which every bit is known to imply something (BITS). Booleans, enumerated levels and
 * small flag words computed from CPUID live as sets of guarded constants; raw CPUID registers and
 * larger flag words as BITS. "Bit i implies S" stays true when the word is joined with zero, which is
 * what makes variables that start as zero and are filled by a detection useful.
 */

/** The domain of the abstract interpretation: values of registers and memory, encoded as longs. */
final class Values {
  static final long BOTTOM = 0;

  static final int TOP = 1;
  static final int CONST = 2;

  /** An address in an image: image number and offset from the image's base. */
  static final int ADDRESS = 3;

  /** An offset from the stack pointer at the function's entry. */
  static final int STACK = 4;

  /** A place in another function's stack frame. */
  static final int FRAME = 5;

  static final int SET = 6;
  static final int BITS = 7;

  /** A function or object outside the target, by number of its name. */
  static final int EXTERNAL = 8;

  /** Somewhere in the object that begins at an address. */
  static final int OBJECT = 9;

  /** One of the pointers in the object that begins at an address. */
  static final int ENTRY = 10;

  /** A number that does not fit a payload, by its place in a table. */
  static final int BIG = 11;

  /**
   * The highest leaf that CPUID answers: above zero, for every x86-64 processor reports in leaf 1,
   * and in 0x80000001, that it is one. How high it is says nothing that the leaves do not say.
   */
  static final int HIGHEST_LEAF = 12;

  static final int MOST_ELEMENTS = 32;

  private static final int GUARD_SHIFT = 44;
  private static final long PAYLOAD = (1L << GUARD_SHIFT) - 1;
  private static final long GUARD_FIELD = 0xffffL << GUARD_SHIFT;
  private static final int MOST_TABLES = 1 << 20;

  /** Any value, behind no check. */
  static final long UNKNOWN = top(Guards.NONE);

  /** Elements of a set, ascending by payload and kind; no two differ only in their guard. */
  private record Elements(long[] values) {
    @Override
    public boolean equals(Object o) {
      return o instanceof Elements other && Arrays.equals(values, other.values);
    }

    @Override
    public int hashCode() {
      return Arrays.hashCode(values);
    }
  }

  private final Guards guards;
  private final Words words;
  private final List<Elements> sets = new ArrayList<>();
  private final Map<Elements, Integer> setNumbers = new HashMap<>();
  private final List<Long> bigNumbers = new ArrayList<>();
  private final Map<Long, Integer> bigIndex = new HashMap<>();

  Values(Guards guards) {
    this.guards = guards;
    this.words = new Words(guards);
  }

  int guardOf(Feature feature) {
    return guards.of(feature);
  }

  static int kind(long value) {
    return (int) (value >>> 60);
  }

  static long payload(long value) {
    return value & PAYLOAD;
  }

  /** The guard of a single value; of a set or word, whether any part is guarded. */
  static int guard(long value) {
    return (int) (value >>> GUARD_SHIFT) & 0xffff;
  }

  /** Whether a value depends on a check of the processor. */
  static boolean isTainted(long value) {
    int guard = guard(value);
    return guard != Guards.NONE && guard != Guards.ENVIRONMENT;
  }

  /** Whether a value is only there where something let it: a check, or a variable of the user. */
  static boolean isGuarded(long value) {
    return (value & GUARD_FIELD) != 0;
  }

  static long encode(int kind, int guard, long payload) {
    return (long) kind << 60 | (long) guard << GUARD_SHIFT | payload & PAYLOAD;
  }

  static long top(int guard) {
    return encode(TOP, guard, 0);
  }

  /** A constant, or an unknown value where it does not fit the payload. */
  static long constant(long number, int guard) {
    return number << 20 >> 20 == number ? encode(CONST, guard, number) : top(guard);
  }

  /** A number of any size. */
  long literal(long number) {
    long small = constant(number, Guards.NONE);
    if (kind(small) == CONST) {
      return small;
    }
    Integer index = bigIndex.get(number);
    if (index == null) {
      if (bigNumbers.size() >= MOST_TABLES) {
        return top(Guards.NONE);
      }
      index = bigNumbers.size();
      bigNumbers.add(number);
      bigIndex.put(number, index);
    }
    return encode(BIG, Guards.NONE, index);
  }

  static long number(long constant) {
    return constant << 20 >> 20;
  }

  static boolean isConstant(long value) {
    return kind(value) == CONST;
  }

  static long stack(long offset) {
    return encode(STACK, 0, offset);
  }

  /** The signed payload, of constants and stack offsets. */
  static long signed(long value) {
    return value << 20 >> 20;
  }

  private static long withGuardField(long value, int guard) {
    return value & ~GUARD_FIELD | (long) guard << GUARD_SHIFT;
  }

  /** The elements of a set, or the value itself. */
  long[] elements(long value) {
    return kind(value) == SET ? sets.get((int) payload(value)).values() : new long[] {value};
  }

  /** What the bits of a word imply, in the order that {@link Words} says. */
  int[] bits(long word) {
    return words.bits((int) payload(word));
  }

  /** A value that is there only behind a guard. */
  long guarded(long value, int guard) {
    if (guard == Guards.NONE || value == BOTTOM) {
      return value;
    }
    return switch (kind(value)) {
      case SET -> {
        long[] old = elements(value);
        var out = new long[old.length];
        for (int i = 0; i < out.length; i++) {
          out[i] = withGuardField(old[i], guards.both(guard(old[i]), guard));
        }
        yield set(out, out.length);
      }
      case BITS -> word(words.guarded(bits(value), guard));
      default -> withGuardField(value, guards.both(guard(value), guard));
    };
  }

  /**
   * A value that code behind a guard leaves somewhere. What is chosen (a constant, a pointer) tells
   * of the check; what is unknown anyway does not.
   */
  long chosen(long value, int guard) {
    if (guard == Guards.ENVIRONMENT && isNumeric(value)) {
      // A setting: what depends on it does not depend on the processor.
      return value;
    }
    return switch (kind(value)) {
      case CONST, ADDRESS, FRAME, OBJECT, EXTERNAL, SET, BITS -> guarded(value, guard);
      default -> value;
    };
  }

  /** A value as an argument: a plain number says nothing of the check behind which it is passed. */
  long passed(long value) {
    return kind(value) == CONST ? withGuardField(value, Guards.NONE) : value;
  }

  /** The least value above both. */
  long join(long a, long b) {
    if (a == b || b == BOTTOM) {
      return a;
    }
    if (a == BOTTOM) {
      return b;
    }
    int ka = kind(a);
    int kb = kind(b);
    if (ka == TOP || kb == TOP) {
      return top(anyTaint(a, b));
    }
    if (ka == kb && payload(a) == payload(b)) {
      return withGuardField(a, guards.either(guard(a), guard(b)));
    }
    if (isElement(ka) && isElement(kb)) {
      return union(elements(a), elements(b));
    }
    boolean isNumericA = ka == BITS || ka == BIG || isNumeric(a);
    boolean isNumericB = kb == BITS || kb == BIG || isNumeric(b);
    if (isNumericA && isNumericB && (isTainted(a) || isTainted(b))) {
      return word(words.joined(toBits(a), toBits(b)));
    }
    return top(anyTaint(a, b));
  }

  /**
   * A value where two ways meet. A bit of which the same is known on both says nothing of which way
   * was taken.
   *
   * @param a what it is on one way
   * @param chosenA the same with the check behind which that way is taken
   */
  long met(long a, long chosenA, long b, long chosenB) {
    if (kind(a) != BITS && kind(b) != BITS || !isWord(a) || !isWord(b)) {
      return join(chosenA, chosenB);
    }
    int[] x = toBits(a);
    int[] y = toBits(b);
    return word(words.met(x, y, toBits(chosenA), toBits(chosenB)));
  }

  /**
   * A value that code behind a guard leaves somewhere, some parts of which were chosen before:
   * those already tell of a check that is behind it.
   */
  long chosenOnce(long value, int guard) {
    if (guard == Guards.NONE || guard == Guards.ENVIRONMENT && isNumeric(value)) {
      return value;
    }
    return switch (kind(value)) {
      case BITS -> word(Words.guardedOnce(bits(value), guard));
      case CONST, ADDRESS, FRAME, OBJECT, EXTERNAL, SET -> {
        long out = BOTTOM;
        for (long element : elements(value)) {
          out = join(out, guard(element) == Guards.NONE ? withGuardField(element, guard) : element);
        }
        yield out;
      }
      default -> value;
    };
  }

  private static boolean isElement(int kind) {
    return switch (kind) {
      case CONST, ADDRESS, FRAME, SET, EXTERNAL, ENTRY, STACK, OBJECT -> true;
      default -> false;
    };
  }

  /** A guard for an unknown value: whether any part of its origin is guarded. */
  int anyTaint(long a, long b) {
    int ga = isTainted(a) ? guard(a) : Guards.NONE;
    int gb = isTainted(b) ? guard(b) : Guards.NONE;
    if (ga == Guards.NONE) {
      return gb == Guards.NONE ? Guards.NONE : Guards.UNKNOWN;
    }
    return gb == Guards.NONE ? Guards.UNKNOWN : guards.either(ga, gb);
  }

  private boolean isNumeric(long value) {
    for (long element : elements(value)) {
      if (kind(element) != CONST) {
        return false;
      }
    }
    return true;
  }

  private long union(long[] a, long[] b) {
    var merged = new long[a.length + b.length];
    int size = 0;
    boolean hasPointer = false;
    for (long[] part : List.of(a, b)) {
      for (long element : part) {
        hasPointer |= kind(element) != CONST;
        size = insert(merged, size, element);
      }
    }
    if (hasPointer) {
      // A null or flag value beside pointers is never called or read through.
      int kept = 0;
      for (int i = 0; i < size; i++) {
        if (kind(merged[i]) != CONST) {
          merged[kept++] = merged[i];
        }
      }
      size = kept;
    }
    boolean isTainted = false;
    boolean hasStack = false;
    for (int i = 0; i < size; i++) {
      isTainted |= isTainted(merged[i]);
      hasStack |= kind(merged[i]) == STACK;
    }
    if (size == 1) {
      return merged[0];
    }
    if (size > MOST_ELEMENTS || hasStack || !hasPointer && !isTainted) {
      if (!hasPointer && isTainted) {
        int[] bits = constantBits(merged[0]);
        for (int i = 1; i < size; i++) {
          bits = words.joined(bits, constantBits(merged[i]));
        }
        return word(bits);
      }
      return top(isTainted ? Guards.UNKNOWN : Guards.NONE);
    }
    return set(merged, size);
  }

  /** Inserts in order; equal values keep the weaker guard. */
  private int insert(long[] sorted, int size, long element) {
    long key = element & ~GUARD_FIELD;
    int at = 0;
    while (at < size && (sorted[at] & ~GUARD_FIELD) < key) {
      at++;
    }
    if (at < size && (sorted[at] & ~GUARD_FIELD) == key) {
      sorted[at] = withGuardField(element, guards.either(guard(sorted[at]), guard(element)));
      return size;
    }
    System.arraycopy(sorted, at, sorted, at + 1, size - at);
    sorted[at] = element;
    return size + 1;
  }

  private long set(long[] elements, int size) {
    boolean isTainted = false;
    for (int i = 0; i < size; i++) {
      isTainted |= isTainted(elements[i]);
    }
    int guard = isTainted ? Guards.UNKNOWN : Guards.NONE;
    var key = new Elements(Arrays.copyOf(elements, size));
    Integer number = setNumbers.get(key);
    if (number == null) {
      if (sets.size() >= MOST_TABLES) {
        return top(guard);
      }
      number = sets.size();
      sets.add(key);
      setNumbers.put(key, number);
    }
    return encode(SET, guard, number);
  }

  /** A word whose bits imply what the array says; it is taken over. */
  long word(int[] bits) {
    if (Words.isZero(bits)) {
      return constant(0, Guards.UNKNOWN);
    }
    if (!Words.isGuarded(bits)) {
      return Words.isNumber(bits) ? literal(Words.number(bits)) : top(Guards.NONE);
    }
    int number = words.numberOf(bits);
    return number < 0 ? top(Guards.UNKNOWN) : encode(BITS, Guards.UNKNOWN, number);
  }

  private int[] toBits(long value) {
    switch (kind(value)) {
      case BITS -> {
        return bits(value);
      }
      case BIG -> {
        return Words.numberBits(bigNumbers.get((int) payload(value)), guard(value));
      }
      case TOP -> {
        return Words.anyBits(guard(value));
      }
      default -> {}
    }
    int[] out = null;
    for (long element : elements(value)) {
      int[] bits = constantBits(element);
      out = out == null ? bits : words.joined(out, bits);
    }
    return out;
  }

  private static int[] constantBits(long constant) {
    return Words.numberBits(number(constant), guard(constant));
  }

  /** The kinds of arithmetic that keep what is known. */
  enum Operation {
    AND,
    OR,
    XOR,
    ADD,
    SUBTRACT,
    SHIFT_LEFT,
    SHIFT_RIGHT
  }

  /** The result of an operation on values of {@code size} bytes. */
  long compute(Operation operation, long a, long b, int size) {
    if (a == BOTTOM || b == BOTTOM) {
      return BOTTOM;
    }
    int ka = kind(a);
    int kb = kind(b);
    if ((ka == CONST || ka == BIG) && (kb == CONST || kb == BIG)) {
      return applied(operation, a, b, size);
    }
    if (operation == Operation.ADD || operation == Operation.SUBTRACT) {
      long moved = moved(operation, a, b, size);
      if (moved != BOTTOM) {
        return moved;
      }
    }
    if (isNumericSet(a) && isNumericSet(b)) {
      long[] left = elements(a);
      long[] right = elements(b);
      if (left.length * right.length <= 64) {
        long result = BOTTOM;
        for (long x : left) {
          for (long y : right) {
            result = join(result, applied(operation, x, y, size));
          }
        }
        return result;
      }
    }
    boolean isMask =
        operation == Operation.AND
            && (ka == TOP && isTainted(a) && (kb == CONST || kb == BIG)
                || kb == TOP && isTainted(b) && (ka == CONST || ka == BIG));
    boolean isWordA = isWord(a);
    boolean isWordB = isWord(b);
    // What somebody wishes for, of what there is.
    boolean isChoice =
        operation == Operation.AND
            && (ka == TOP && isWordB && isTainted(b) || kb == TOP && isWordA && isTainted(a));
    if (isMask || isChoice || isWordA && isWordB && (isTainted(a) || isTainted(b))) {
      switch (operation) {
        case AND -> {
          long left = truncated(a, size);
          long right = truncated(b, size);
          return word(words.anded(toBits(left), toBits(right)));
        }
        case OR -> {
          return word(words.ored(toBits(a), toBits(b)));
        }
        case SHIFT_LEFT, SHIFT_RIGHT -> {
          if (kb == CONST) {
            int by = (int) number(b) & (size == 8 ? 63 : 31);
            int toLeft = operation == Operation.SHIFT_LEFT ? by : -by;
            return word(Words.shifted(toBits(a), toLeft, size));
          }
        }
        case XOR, ADD -> {
          if (operation == Operation.XOR && isNumber(b)) {
            return word(Words.flipped(toBits(a), mask(anyNumber(b), size)));
          }
          if (operation == Operation.XOR && isNumber(a)) {
            return word(Words.flipped(toBits(b), mask(anyNumber(a), size)));
          }
          // Without a bit that both may have set there is no carry: compilers add flags with LEA.
          int[] left = toBits(truncated(a, size));
          int[] right = toBits(truncated(b, size));
          if (Words.areDisjoint(left, right)) {
            return word(words.ored(left, right));
          }
        }
        case SUBTRACT -> {}
      }
    }
    return top(anyTaint(a, b));
  }

  /** Whether it is known of each bit of a number what it is, or on what that depends. */
  boolean isWord(long value) {
    int kind = kind(value);
    return kind == BITS || kind == BIG || isNumericSet(value);
  }

  private boolean isNumericSet(long value) {
    int kind = kind(value);
    return kind == CONST || kind == SET && isNumeric(value);
  }

  private static boolean isNumber(long value) {
    return kind(value) == CONST || kind(value) == BIG;
  }

  /** Whether a value is a number, as far as is known, and no address. */
  static boolean mayBeNumber(long value) {
    return switch (kind(value)) {
      case TOP, CONST, BITS, SET -> true;
      default -> false;
    };
  }

  private long applied(Operation operation, long a, long b, int size) {
    long x = anyNumber(a);
    long y = anyNumber(b);
    long z =
        switch (operation) {
          case AND -> x & y;
          case OR -> x | y;
          case XOR -> x ^ y;
          case ADD -> x + y;
          case SUBTRACT -> x - y;
          case SHIFT_LEFT -> x << (y & (size == 8 ? 63 : 31));
          case SHIFT_RIGHT -> mask(x, size) >>> (y & (size == 8 ? 63 : 31));
        };
    return withGuardField(literal(mask(z, size)), guards.both(guard(a), guard(b)));
  }

  private long anyNumber(long literal) {
    return kind(literal) == BIG ? bigNumbers.get((int) payload(literal)) : number(literal);
  }

  /** A number as an unsigned one of {@code size} bytes; 8-byte numbers stay as they are. */
  static long mask(long number, int size) {
    return switch (size) {
      case 1 -> number & 0xff;
      case 2 -> number & 0xffff;
      case 4 -> number & 0xffff_ffffL;
      default -> number;
    };
  }

  /** The low {@code size} bytes of a number with their sign. */
  static long signExtended(long number, int size) {
    return switch (size) {
      case 1 -> (byte) number;
      case 2 -> (short) number;
      case 4 -> (int) number;
      default -> number;
    };
  }

  /** Pointer arithmetic, or {@link #BOTTOM} where no pointer is involved. */
  private long moved(Operation operation, long a, long b, int size) {
    if (operation == Operation.ADD && isPointer(b) && !isPointer(a)) {
      return moved(operation, b, a, size);
    }
    if (!isPointer(a) || size != 8) {
      return BOTTOM;
    }
    if (kind(b) == CONST) {
      long by = operation == Operation.ADD ? number(b) : -number(b);
      return moved(a, by);
    }
    if (isPointer(b)) {
      return BOTTOM;
    }
    // An unknown distance: somewhere in the object.
    long result = BOTTOM;
    for (long element : elements(a)) {
      long somewhere =
          switch (kind(element)) {
            case ADDRESS, OBJECT ->
                encode(OBJECT, guards.both(guard(element), guard(b)), payload(element));
            default -> top(anyTaint(element, b));
          };
      result = join(result, somewhere);
    }
    return result;
  }

  /** A pointer moved by a known distance. */
  long moved(long pointer, long by) {
    if (by == 0) {
      return pointer;
    }
    return switch (kind(pointer)) {
      case ADDRESS -> {
        long image = payload(pointer) >>> 32;
        long offset = (payload(pointer) & 0xffff_ffffL) + by;
        yield offset < 0 || offset > 0xffff_ffffL
            ? top(guard(pointer))
            : encode(ADDRESS, guard(pointer), image << 32 | offset);
      }
      case STACK -> encode(STACK, guard(pointer), signed(pointer) + by);
      case FRAME -> {
        long offset = (payload(pointer) & 0xf_ffff) + by;
        yield offset < 0 || offset > 0xf_ffff
            ? top(guard(pointer))
            : encode(FRAME, guard(pointer), payload(pointer) & ~0xf_ffffL | offset);
      }
      case OBJECT -> pointer;
      case SET -> {
        long result = BOTTOM;
        for (long element : elements(pointer)) {
          result = join(result, moved(element, by));
        }
        yield result;
      }
      default -> top(guard(pointer));
    };
  }

  private boolean isPointer(long value) {
    return switch (kind(value)) {
      case ADDRESS, STACK, FRAME, OBJECT -> true;
      case SET -> !isNumeric(value);
      default -> false;
    };
  }

  /** The low {@code size} bytes of a value. */
  long truncated(long value, int size) {
    return switch (kind(value)) {
      case CONST -> size == 8 ? value : constant(mask(number(value), size), guard(value));
      case BITS -> size == 8 ? value : word(Words.truncated(bits(value), size));
      case SET -> {
        if (size == 8) {
          yield value;
        }
        long result = BOTTOM;
        for (long element : elements(value)) {
          result = join(result, truncated(element, size));
        }
        yield result;
      }
      case TOP -> value;
      case HIGHEST_LEAF -> size >= 4 ? value : top(guard(value));
      case BIG ->
          size == 8
              ? value
              : constant(mask(bigNumbers.get((int) payload(value)), size), guard(value));
      default -> size == 8 ? value : top(guard(value));
    };
  }

  /** A register that CPUID filled. */
  long cpuid(int leaf, int subleaf, String register) {
    int[] out = Words.noBits();
    Arrays.fill(out, 0, 32, Guards.UNKNOWN);
    Arrays.fill(out, Words.CLEAR, Words.CLEAR + 32, Guards.UNKNOWN);
    for (Feature feature : Feature.values()) {
      Feature.CpuidBit bit = feature.cpuid();
      if (bit != null
          && bit.leaf() == leaf
          && bit.subleaf() == subleaf
          && bit.register().equals(register)
          && bit.bit() >= 0) {
        out[bit.bit()] = guards.of(feature);
      }
    }
    for (int bit = 0; bit < 32; bit++) {
      if (CpuCheckSources.isDescription(leaf, subleaf, register, bit)) {
        out[bit] = Guards.NONE;
        out[Words.CLEAR + bit] = Guards.NONE;
      }
    }
    if (leaf == 1 && register.equals("ECX")) {
      // OSXSAVE: the operating system has enabled XSAVE, which it can only where the CPU has it.
      out[27] = guards.of(Feature.XSAVE);
    }
    return word(out);
  }

  /** What XGETBV leaves in EAX: the register states that the operating system saves. */
  long enabledStates() {
    int[] out = Words.noBits();
    Arrays.fill(out, 0, 32, Guards.UNKNOWN);
    Arrays.fill(out, Words.CLEAR, Words.CLEAR + 32, Guards.UNKNOWN);
    out[1] = guards.ofState(Guards.STATE_SSE);
    out[2] = guards.ofState(Guards.STATE_AVX);
    for (int bit = 5; bit <= 7; bit++) {
      out[bit] = guards.ofState(Guards.STATE_AVX512);
    }
    return word(out);
  }

  /** What a test promises on the side on which the value is not zero; {@code size} in bytes. */
  int impliedByNonZero(long value, int size) {
    return switch (kind(value)) {
      case BITS -> words.impliedByNonZero(bits(value), size);
      case SET, CONST -> impliedWhere(value, number -> number != 0);
      default -> Guards.UNKNOWN;
    };
  }

  /** Whether some bit or some number of a value is only there where a known check was passed. */
  boolean tellsAny(long value) {
    if (kind(value) == BITS) {
      return Words.tellsAny(bits(value));
    }
    for (long element : elements(value)) {
      if (kind(element) == CONST && guard(element) > Guards.ENVIRONMENT) {
        return true;
      }
    }
    return false;
  }

  /** What a comparison promises on the side on which the value equals a number. */
  int impliedByEqual(long value, long number, int size) {
    if (kind(value) == BITS) {
      return words.impliedByEqual(bits(value), number, size);
    }
    long masked = mask(number, size);
    return impliedWhere(value, x -> mask(x, size) == masked);
  }

  /** What holds where a set's value meets a condition. */
  int impliedWhere(long value, LongPredicate condition) {
    int kind = kind(value);
    if (kind != SET && kind != CONST) {
      return Guards.UNKNOWN;
    }
    int implied = -1;
    for (long element : elements(value)) {
      if (kind(element) != CONST) {
        return Guards.UNKNOWN;
      }
      if (condition.test(number(element))) {
        implied = implied < 0 ? guard(element) : guards.either(implied, guard(element));
      }
    }
    return Math.max(implied, Guards.UNKNOWN);
  }

  /** What holds where a value is zero; {@code size} in bytes. */
  int impliedByZero(long value, int size) {
    return kind(value) == BITS
        ? impliedByEqual(value, 0, size)
        : impliedWhere(value, number -> mask(number, size) == 0);
  }

  /** What holds where a bit is set. */
  int impliedByBit(long value, int bit) {
    if (kind(value) == BITS) {
      return Words.impliedByBit(bits(value), bit);
    }
    return impliedWhere(value, number -> (number >>> (bit & 63) & 1) != 0);
  }

  /** Whether a bit tells something of the processor. */
  boolean tellsByBit(long value, int bit) {
    if (kind(value) == BITS) {
      return Words.tellsByBit(bits(value), bit);
    }
    return isTainted(value);
  }

  /** What holds where a bit is clear. */
  int impliedByClearBit(long value, int bit) {
    if (kind(value) == BITS) {
      return Words.impliedByClearBit(bits(value), bit);
    }
    return impliedWhere(value, number -> (number >>> (bit & 63) & 1) == 0);
  }
}
