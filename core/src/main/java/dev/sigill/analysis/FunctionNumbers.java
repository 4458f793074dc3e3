package dev.sigill.analysis;

import java.util.Arrays;
import java.util.BitSet;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/** A set of functions by their numbers: a list while there are few, as most sets have. */
final class FunctionNumbers {
  private static final int MOST_LISTED = 16;
  private static final int[] NONE = {};

  private int count;
  private int[] listed = NONE;
  private @Nullable BitSet many;

  void add(int function) {
    if (many != null) {
      many.set(function);
      return;
    }
    for (int i = 0; i < count; i++) {
      if (listed[i] == function) {
        return;
      }
    }
    if (count == MOST_LISTED) {
      many = new BitSet();
      for (int known : listed) {
        many.set(known);
      }
      many.set(function);
      return;
    }
    if (count == listed.length) {
      listed = Arrays.copyOf(listed, Math.max(1, count * 2));
    }
    listed[count++] = function;
  }

  void forEach(IntConsumer action) {
    if (many != null) {
      many.stream().forEach(action);
      return;
    }
    for (int i = 0; i < count; i++) {
      action.accept(listed[i]);
    }
  }
}
