package dev.sigill.image.pe;

import dev.sigill.image.FunctionTable;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The two function tables of an image with code for two instruction sets, as one. */
final class HybridFunctions implements FunctionTable {
  private final FunctionTable first;
  private final FunctionTable second;
  private volatile Range @Nullable [] sorted;

  HybridFunctions(FunctionTable first, FunctionTable second) {
    this.first = first;
    this.second = second;
  }

  @Override
  public Range containing(long address) {
    Range range = first.containing(address);
    return range.isNone() ? second.containing(address) : range;
  }

  @Override
  public int count() {
    return first.count() + second.count();
  }

  @Override
  public Range at(int index) {
    Range[] ranges = sorted;
    if (ranges == null) {
      ranges = new Range[count()];
      for (int i = 0; i < ranges.length; i++) {
        ranges[i] = i < first.count() ? first.at(i) : second.at(i - first.count());
      }
      Arrays.sort(ranges, (a, b) -> Long.compareUnsigned(a.start(), b.start()));
      sorted = ranges;
    }
    return ranges[index];
  }

  /** Checks both tables. */
  void check(PeProblems problems) {
    for (FunctionTable table : new FunctionTable[] {first, second}) {
      if (table instanceof PeFunctions own) {
        own.check(problems);
      }
    }
  }
}
