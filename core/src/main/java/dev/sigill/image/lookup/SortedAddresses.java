package dev.sigill.image.lookup;

import java.util.Arrays;

/**
 * Addresses in unsigned order, each with a number, as two primitive arrays and a coarse index over
 * them, so that a look-up takes a few steps among millions.
 */
public final class SortedAddresses {
  private static final int MOST_DIGIT_BITS = 12;

  private final long[] addresses;
  private final int[] numbers;
  // Bucket b begins at the first address with (address - first) >>> shift >= b.
  private final int[] buckets;
  private final int shift;

  private SortedAddresses(long[] addresses, int[] numbers) {
    this.addresses = addresses;
    this.numbers = numbers;
    int count = addresses.length;
    if (count == 0) {
      shift = 0;
      buckets = new int[2];
      return;
    }
    long span = addresses[count - 1] - addresses[0];
    int coarse = 0;
    while (coarse < 63 && Long.compareUnsigned(span >>> coarse, Math.max(16, count / 4)) > 0) {
      coarse++;
    }
    shift = coarse;
    int last = (int) (span >>> shift);
    buckets = new int[last + 2];
    int bucket = 0;
    for (int i = 0; i < count; i++) {
      int mine = (int) (addresses[i] - addresses[0] >>> shift);
      while (bucket <= mine) {
        buckets[bucket++] = i;
      }
    }
    while (bucket < buckets.length) {
      buckets[bucket++] = count;
    }
  }

  /**
   * Sorts the first {@code count} addresses, and their numbers along with them; the arrays are
   * taken over. Equal addresses keep their order.
   */
  public static SortedAddresses of(long[] addresses, int[] numbers, int count) {
    long[] keys = addresses.length == count ? addresses : Arrays.copyOf(addresses, count);
    int[] values = numbers.length == count ? numbers : Arrays.copyOf(numbers, count);
    boolean isSorted = true;
    long varying = 0;
    for (int i = 1; i < count; i++) {
      isSorted &= Long.compareUnsigned(keys[i - 1], keys[i]) <= 0;
      varying |= keys[i] ^ keys[0];
    }
    if (isSorted) {
      return new SortedAddresses(keys, values);
    }
    // Radix sort over the bits that differ, from the lowest up, in digits of equal width.
    int low = Long.numberOfTrailingZeros(varying);
    int width = 64 - Long.numberOfLeadingZeros(varying) - low;
    int passes = (width + MOST_DIGIT_BITS - 1) / MOST_DIGIT_BITS;
    int digitBits = (width + passes - 1) / passes;
    var keysTo = new long[count];
    var valuesTo = new int[count];
    for (int pass = 0; pass < passes; pass++) {
      distribute(keys, values, keysTo, valuesTo, low + pass * digitBits, (1 << digitBits) - 1);
      long[] keysFrom = keys;
      keys = keysTo;
      keysTo = keysFrom;
      int[] valuesFrom = values;
      values = valuesTo;
      valuesTo = valuesFrom;
    }
    return new SortedAddresses(keys, values);
  }

  /** Moves everything into the order of one digit. */
  private static void distribute(
      long[] keys, int[] values, long[] keysTo, int[] valuesTo, int shift, int mask) {
    var place = new int[mask + 2];
    for (long key : keys) {
      place[((int) (key >>> shift) & mask) + 1]++;
    }
    for (int digit = 0; digit < mask; digit++) {
      place[digit + 1] += place[digit];
    }
    for (int i = 0; i < keys.length; i++) {
      int to = place[(int) (keys[i] >>> shift) & mask]++;
      keysTo[to] = keys[i];
      valuesTo[to] = values[i];
    }
  }

  /** How many addresses there are. */
  public int count() {
    return addresses.length;
  }

  /** An address by its index in the order of addresses. */
  public long address(int index) {
    return addresses[index];
  }

  /** The number that came with the address of an index. */
  public int number(int index) {
    return numbers[index];
  }

  /** The index of the last address that is not after this one, or -1. */
  public int floor(long address) {
    int count = addresses.length;
    if (count == 0 || Long.compareUnsigned(address, addresses[0]) < 0) {
      return -1;
    }
    long bucket = address - addresses[0] >>> shift;
    if (Long.compareUnsigned(bucket, buckets.length - 2) > 0) {
      return count - 1;
    }
    int low = buckets[(int) bucket];
    int high = buckets[(int) bucket + 1];
    while (low < high) {
      int middle = low + high >>> 1;
      if (Long.compareUnsigned(addresses[middle], address) <= 0) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low - 1;
  }

  /** The index of the last one of these very addresses, or -1. */
  public int exact(long address) {
    int at = floor(address);
    return at >= 0 && addresses[at] == address ? at : -1;
  }
}
