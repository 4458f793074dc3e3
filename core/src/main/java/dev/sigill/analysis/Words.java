package dev.sigill.analysis;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Words of 64 bits of which it is known what each bit implies: the guard behind which it is set,
 * and the guard behind which it is clear.
 *
 * <p>A word is described by an array: what each bit implies where it is set, and then, from {@link
 * #CLEAR} on, what each implies where it is clear; {@link #NEVER} where it never is.
 */
final class Words {
  /** A bit that never has this value. */
  static final int NEVER = -1;

  /** Where the second half of a word's description begins: what clear bits imply. */
  static final int CLEAR = 64;

  /** The most words that get a number. */
  private static final int MOST = 1 << 20;

  /** A description that is equal to others that say the same. */
  private record Word(int[] bits) {
    @Override
    public boolean equals(Object o) {
      return o instanceof Word other && Arrays.equals(bits, other.bits);
    }

    @Override
    public int hashCode() {
      return Arrays.hashCode(bits);
    }
  }

  private final Guards guards;
  private final List<Word> byNumber = new ArrayList<>();
  private final Map<Word, Integer> numbers = new HashMap<>();

  Words(Guards guards) {
    this.guards = guards;
  }

  /** The number of a word, whose description is taken over; -1 where there are too many. */
  int numberOf(int[] bits) {
    var key = new Word(bits);
    Integer known = numbers.get(key);
    if (known == null) {
      if (byNumber.size() >= MOST) {
        return -1;
      }
      known = byNumber.size();
      byNumber.add(key);
      numbers.put(key, known);
    }
    return known;
  }

  /** The description of the word with a number; it is not a copy. */
  int[] bits(int number) {
    return byNumber.get(number).bits();
  }

  /** A description of 64 bits none of which is ever set. */
  static int[] noBits() {
    var out = new int[2 * CLEAR];
    Arrays.fill(out, 0, CLEAR, NEVER);
    return out;
  }

  /** A description of 64 bits each of which may be set or clear, behind a guard. */
  static int[] anyBits(int guard) {
    var out = new int[2 * CLEAR];
    Arrays.fill(out, guard);
    return out;
  }

  /** A description of the bits of a number that is there behind a guard. */
  static int[] numberBits(long number, int guard) {
    var out = new int[2 * CLEAR];
    for (int i = 0; i < CLEAR; i++) {
      boolean isSet = (number >>> i & 1) != 0;
      out[i] = isSet ? guard : NEVER;
      out[CLEAR + i] = isSet ? NEVER : guard;
    }
    return out;
  }

  /** Whether no bit is ever set. */
  static boolean isZero(int[] bits) {
    for (int i = 0; i < CLEAR; i++) {
      if (bits[i] != NEVER) {
        return false;
      }
    }
    return true;
  }

  /** Whether no bit may be both set and clear. */
  static boolean isNumber(int[] bits) {
    for (int i = 0; i < CLEAR; i++) {
      if (bits[i] != NEVER && bits[CLEAR + i] != NEVER) {
        return false;
      }
    }
    return true;
  }

  /** The number whose bits are those that may be set. */
  static long number(int[] bits) {
    long number = 0;
    for (int i = 0; i < CLEAR; i++) {
      number |= bits[i] == NEVER ? 0 : 1L << i;
    }
    return number;
  }

  /** Whether some bit is only set, or only clear, where something let it. */
  static boolean isGuarded(int[] bits) {
    return isAnyAbove(bits, Guards.NONE);
  }

  /** Whether some bit is only set, or only clear, where a known check was passed. */
  static boolean tellsAny(int[] bits) {
    return isAnyAbove(bits, Guards.ENVIRONMENT);
  }

  private static boolean isAnyAbove(int[] bits, int guard) {
    for (int bit : bits) {
      if (bit > guard) {
        return true;
      }
    }
    return false;
  }

  /** A word that is there only behind a guard. */
  int[] guarded(int[] bits, int guard) {
    var out = new int[2 * CLEAR];
    for (int i = 0; i < out.length; i++) {
      out[i] = bits[i] == NEVER ? NEVER : guards.both(bits[i], guard);
    }
    return out;
  }

  /** A word that is there only behind a guard; bits that tell of another one stay as they are. */
  static int[] guardedOnce(int[] bits, int guard) {
    int[] out = bits.clone();
    for (int i = 0; i < out.length; i++) {
      out[i] = out[i] == Guards.NONE ? guard : out[i];
    }
    return out;
  }

  /** A word that is one of two. */
  int[] joined(int[] a, int[] b) {
    var out = new int[2 * CLEAR];
    for (int i = 0; i < out.length; i++) {
      out[i] = or(a[i], b[i]);
    }
    return out;
  }

  /** A word where two ways meet, as in {@link Values#met}. */
  int[] met(int[] a, int[] b, int[] chosenA, int[] chosenB) {
    int[] out = joined(chosenA, chosenB);
    for (int i = 0; i < CLEAR; i++) {
      if (a[i] == b[i] && a[CLEAR + i] == b[CLEAR + i]) {
        out[i] = a[i];
        out[CLEAR + i] = a[CLEAR + i];
      }
    }
    return out;
  }

  int[] anded(int[] a, int[] b) {
    var out = new int[2 * CLEAR];
    for (int i = 0; i < CLEAR; i++) {
      out[i] = and(a[i], b[i]);
      out[CLEAR + i] = or(a[CLEAR + i], b[CLEAR + i]);
    }
    return out;
  }

  int[] ored(int[] a, int[] b) {
    var out = new int[2 * CLEAR];
    for (int i = 0; i < CLEAR; i++) {
      out[i] = or(a[i], b[i]);
      out[CLEAR + i] = and(a[CLEAR + i], b[CLEAR + i]);
    }
    return out;
  }

  /** What a bit implies that has a value where one of two has it. */
  private int or(int a, int b) {
    return a == NEVER ? b : b == NEVER ? a : guards.either(a, b);
  }

  /** What a bit implies that has a value only where two have it. */
  private int and(int a, int b) {
    return a == NEVER || b == NEVER ? NEVER : guards.both(a, b);
  }

  /** Where a mask has a bit, set and clear change places. */
  static int[] flipped(int[] bits, long mask) {
    int[] out = bits.clone();
    for (int i = 0; i < CLEAR; i++) {
      if ((mask >>> i & 1) != 0) {
        out[i] = bits[CLEAR + i];
        out[CLEAR + i] = bits[i];
      }
    }
    return out;
  }

  /**
   * The low {@code size} bytes, moved by some bits: to the left, or to the right where negative.
   */
  static int[] shifted(int[] bits, int by, int size) {
    int[] out = noBits();
    for (int i = 0; i < size * 8; i++) {
      int to = i + by;
      if (to >= 0 && to < size * 8) {
        out[to] = bits[i];
        out[CLEAR + to] = bits[CLEAR + i];
      }
    }
    return out;
  }

  /** The low {@code size} bytes of a word. */
  static int[] truncated(int[] bits, int size) {
    int[] out = bits.clone();
    Arrays.fill(out, size * 8, CLEAR, NEVER);
    Arrays.fill(out, CLEAR + size * 8, 2 * CLEAR, Guards.NONE);
    return out;
  }

  /** Whether there is no bit that both may have set. */
  static boolean areDisjoint(int[] a, int[] b) {
    for (int i = 0; i < CLEAR; i++) {
      if (a[i] != NEVER && b[i] != NEVER) {
        return false;
      }
    }
    return true;
  }

  /** What a test promises on the side on which a word is not zero; {@code size} in bytes. */
  int impliedByNonZero(int[] bits, int size) {
    int implied = NEVER;
    for (int i = 0; i < size * 8; i++) {
      implied = or(implied, bits[i]);
    }
    return Math.max(implied, Guards.UNKNOWN);
  }

  /** What a comparison promises on the side on which a word equals a number. */
  int impliedByEqual(int[] bits, long number, int size) {
    int implied = Guards.NONE;
    for (int i = 0; i < size * 8; i++) {
      int bit = (number >>> i & 1) != 0 ? bits[i] : bits[CLEAR + i];
      if (bit == NEVER) {
        return Guards.UNKNOWN;
      }
      implied = guards.both(implied, bit);
    }
    return Math.max(implied, Guards.UNKNOWN);
  }

  /** What holds where a bit is set. */
  static int impliedByBit(int[] bits, int bit) {
    return Math.max(bits[bit & 63], Guards.UNKNOWN);
  }

  /** What holds where a bit is clear. */
  static int impliedByClearBit(int[] bits, int bit) {
    return Math.max(bits[CLEAR + (bit & 63)], Guards.UNKNOWN);
  }

  /** Whether a bit tells something of the processor. */
  static boolean tellsByBit(int[] bits, int bit) {
    return bits[bit & 63] != Guards.NONE || bits[CLEAR + (bit & 63)] != Guards.NONE;
  }
}
