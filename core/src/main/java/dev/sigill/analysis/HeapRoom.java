package dev.sigill.analysis;

import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.lang.management.MemoryUsage;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How much of Java's heap is in use by what stays: a large analysis that would not fit ends early
 * with a gap, where an {@link OutOfMemoryError} would leave everybody without an answer.
 */
final class HeapRoom {
  /**
   * The part of the old generation that may be in use after a collection; the rest is to finish.
   */
  private static final double MOST_USED = 0.8;

  private HeapRoom() {}

  /** Whether there is little room left. */
  static boolean isShort() {
    MemoryPoolMXBean pool = Pool.LARGEST;
    MemoryUsage usage = pool == null ? null : pool.getCollectionUsage();
    return usage != null && usage.getMax() > 0 && usage.getUsed() > usage.getMax() * MOST_USED;
  }

  /** Asked for late: small analyses end before the management classes would be loaded. */
  private static final class Pool {
    static final @Nullable MemoryPoolMXBean LARGEST =
        largest(ManagementFactory.getMemoryPoolMXBeans());

    private static @Nullable MemoryPoolMXBean largest(List<MemoryPoolMXBean> pools) {
      return pools.stream()
          .filter(pool -> pool.getType() == MemoryType.HEAP && pool.getCollectionUsage() != null)
          .max(Comparator.comparingLong(pool -> pool.getUsage().getMax()))
          .orElse(null);
    }
  }
}
