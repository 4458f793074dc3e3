package dev.sigill.analysis;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** A hash map from longs to objects, by open addressing; not shared between threads. */
final class LongMap<T> {
  /** Most maps stay small, and every function that is looked at has some. */
  private static final int LEAST = 4;

  private long[] keys;
  private @Nullable Object[] values;
  private int size;

  LongMap() {
    keys = new long[LEAST];
    values = new Object[LEAST];
  }

  @SuppressWarnings("unchecked") // Only put() writes, and it takes a T.
  @Nullable T get(long key) {
    int mask = keys.length - 1;
    int at = slotOf(key) & mask;
    while (values[at] != null) {
      if (keys[at] == key) {
        return (T) values[at];
      }
      at = (at + 1) & mask;
    }
    return null;
  }

  void put(long key, T value) {
    if ((size + 1) * 2 > keys.length) {
      grow();
    }
    if (insert(key, value)) {
      size++;
    }
  }

  int size() {
    return size;
  }

  /** Whether another map holds the same. */
  boolean holdsSame(LongMap<T> other) {
    if (size != other.size) {
      return false;
    }
    for (int i = 0; i < keys.length; i++) {
      if (values[i] != null && !values[i].equals(other.get(keys[i]))) {
        return false;
      }
    }
    return true;
  }

  private boolean insert(long key, Object value) {
    int mask = keys.length - 1;
    int at = slotOf(key) & mask;
    while (values[at] != null) {
      if (keys[at] == key) {
        values[at] = value;
        return false;
      }
      at = (at + 1) & mask;
    }
    keys[at] = key;
    values[at] = value;
    return true;
  }

  private void grow() {
    long[] oldKeys = keys;
    @Nullable Object[] oldValues = values;
    keys = new long[oldKeys.length * 2];
    values = new Object[oldKeys.length * 2];
    Arrays.fill(values, null);
    for (int i = 0; i < oldKeys.length; i++) {
      Object value = oldValues[i];
      if (value != null) {
        insert(oldKeys[i], value);
      }
    }
  }

  private static int slotOf(long key) {
    long mixed = key * 0x9e37_79b9_7f4a_7c15L;
    return (int) (mixed >>> 33);
  }
}
