package dev.sigill.image.macho;

import java.util.Arrays;

/** Imports gathered one by one. */
final class ListedImports implements ImportTable.Entries {
  private long[] nameOffsets = new long[64];
  private long[] addends = new long[64];
  private int[] ordinals = new int[64];
  private boolean[] isWeak = new boolean[64];
  private int count;

  /** Adds one and returns its number. */
  int add(long nameOffset, int ordinal, long addend, boolean weak) {
    if (count == nameOffsets.length) {
      int larger = count * 2;
      nameOffsets = Arrays.copyOf(nameOffsets, larger);
      addends = Arrays.copyOf(addends, larger);
      ordinals = Arrays.copyOf(ordinals, larger);
      isWeak = Arrays.copyOf(isWeak, larger);
    }
    nameOffsets[count] = nameOffset;
    addends[count] = addend;
    ordinals[count] = ordinal;
    isWeak[count] = weak;
    return count++;
  }

  @Override
  public int count() {
    return count;
  }

  @Override
  public long nameOffset(int number) {
    return nameOffsets[number];
  }

  @Override
  public int ordinal(int number) {
    return ordinals[number];
  }

  @Override
  public boolean isWeak(int number) {
    return isWeak[number];
  }

  @Override
  public long addend(int number) {
    return addends[number];
  }
}
