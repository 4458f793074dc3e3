package dev.sigill.image.macho;

import org.jspecify.annotations.Nullable;

/** A layout of the pointers in a chain of fixups ({@code fixup-chains.h}, pointer_format). */
enum ChainedPointer {
  ARM64E(1, 8, 8, false, 16),
  PTR_64(2, 4, 8, false, 24),
  PTR_32(3, 4, 4, false, 20),
  PTR_32_FIRMWARE(5, 4, 4, false, 0),
  PTR_64_OFFSET(6, 4, 8, true, 24),
  ARM64E_KERNEL(7, 4, 8, true, 16),
  ARM64E_USERLAND(9, 8, 8, true, 16),
  ARM64E_FIRMWARE(10, 4, 8, false, 16),
  ARM64E_USERLAND24(12, 8, 8, true, 24);

  private final int number;
  private final int stride;
  private final int size;
  private final boolean hasOffsets;
  private final int ordinalBits;

  /**
   * A layout.
   *
   * @param stride the unit of the distance to the next pointer, in bytes
   * @param size the size of a pointer, in bytes
   * @param hasOffsets whether plain targets are relative to the image's header
   */
  ChainedPointer(int number, int stride, int size, boolean hasOffsets, int ordinalBits) {
    this.number = number;
    this.stride = stride;
    this.size = size;
    this.hasOffsets = hasOffsets;
    this.ordinalBits = ordinalBits;
  }

  static @Nullable ChainedPointer of(int pointerFormat) {
    for (ChainedPointer each : values()) {
      if (each.number == pointerFormat) {
        return each;
      }
    }
    return null;
  }

  int size() {
    return size;
  }

  private boolean isPtr64() {
    return this == PTR_64 || this == PTR_64_OFFSET;
  }

  /** The distance to the next pointer of the chain in bytes, or 0 at its end. */
  int next(long value) {
    long steps =
        switch (this) {
          case PTR_32 -> value >>> 26 & 0x1f;
          case PTR_32_FIRMWARE -> value >>> 26 & 0x3f;
          case PTR_64, PTR_64_OFFSET -> value >>> 51 & 0xfff;
          case ARM64E, ARM64E_KERNEL, ARM64E_USERLAND, ARM64E_FIRMWARE, ARM64E_USERLAND24 ->
              value >>> 51 & 0x7ff;
        };
    return (int) steps * stride;
  }

  /** Whether the pointer is bound to a name. */
  boolean isBind(long value) {
    return switch (this) {
      case PTR_32 -> (value >>> 31 & 1) != 0;
      case PTR_32_FIRMWARE -> false;
      case PTR_64, PTR_64_OFFSET -> value < 0;
      case ARM64E, ARM64E_KERNEL, ARM64E_USERLAND, ARM64E_FIRMWARE, ARM64E_USERLAND24 ->
          (value >>> 62 & 1) != 0;
    };
  }

  /** The number of the name that a bound pointer is bound to. */
  int ordinal(long value) {
    return (int) value & (1 << ordinalBits) - 1;
  }

  /** What is added to the name's address. */
  long addend(long value) {
    if (isPtr64()) {
      return value >>> 24 & 0xff;
    }
    if (size == 4) {
      return value >>> 20 & 0x3f;
    }
    // Signed pointers have a discriminator in its place.
    return value < 0 ? 0 : value << 13 >> 45;
  }

  /**
   * The address that a pointer into the image itself gets, without a tag in its top byte.
   *
   * @param base the address of the image's header
   */
  long target(long value, long base) {
    if (size == 4) {
      return value & 0x3ff_ffff;
    }
    if (isPtr64()) {
      return (value & 0xf_ffff_ffffL) + (hasOffsets ? base : 0);
    }
    if (value < 0) {
      return (value & 0xffff_ffffL) + base;
    }
    return (value & 0x7ff_ffff_ffffL) + (hasOffsets ? base : 0);
  }
}
