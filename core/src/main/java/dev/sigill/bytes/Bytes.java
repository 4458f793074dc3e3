package dev.sigill.bytes;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * A read-only view of some bytes and the place they came from. Offsets are relative to this view
 * and 64-bit, so files over 2 GB work. Reads outside the view throw {@link
 * IndexOutOfBoundsException}: readers check first with {@link #has}, or use a {@link Cursor}, which
 * never throws.
 *
 * <p>Bulk reads ({@link #read}, {@link #longs}) copy a small window to the heap; cold code runs
 * over arrays many times faster than over segments.
 */
public final class Bytes {
  private static final ValueLayout.OfShort SHORT_LE =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfInt INT_LE =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfLong LONG_LE =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final MemorySegment segment;
  private final Place place;

  private Bytes(MemorySegment segment, Place place) {
    this.segment = segment;
    this.place = place;
  }

  /** A view of a whole segment; {@code place.offset()} is where the segment starts in its file. */
  public static Bytes of(MemorySegment segment, Place place) {
    return new Bytes(segment.asReadOnly(), place);
  }

  /** A view of an array, mostly for tests. */
  public static Bytes of(byte[] array, String file) {
    return of(MemorySegment.ofArray(array), Place.of(file));
  }

  /** How many bytes there are. */
  public long length() {
    return segment.byteSize();
  }

  /** The file these bytes came from; its offset is that of this view's first byte, or -1 for 0. */
  public Place place() {
    return place;
  }

  /** The place of one byte of this view. */
  public Place placeOf(long offset) {
    return place.at(Math.max(place.offset(), 0) + offset);
  }

  /** The read-only segment itself. */
  public MemorySegment segment() {
    return segment;
  }

  /**
   * Whether {@code size} bytes from {@code offset} lie inside, for any values, without overflow.
   */
  public boolean has(long offset, long size) {
    return offset >= 0 && size >= 0 && offset <= length() && size <= length() - offset;
  }

  /** A part of this view. */
  public Bytes slice(long offset, long size) {
    return new Bytes(segment.asSlice(offset, size), placeOf(offset));
  }

  public int u8(long offset) {
    return segment.get(ValueLayout.JAVA_BYTE, offset) & 0xff;
  }

  public int u16(long offset, ByteOrder order) {
    short value = segment.get(SHORT_LE, offset);
    return (order == ByteOrder.LITTLE_ENDIAN ? value : Short.reverseBytes(value)) & 0xffff;
  }

  public int i32(long offset, ByteOrder order) {
    int value = segment.get(INT_LE, offset);
    return order == ByteOrder.LITTLE_ENDIAN ? value : Integer.reverseBytes(value);
  }

  public long u32(long offset, ByteOrder order) {
    return i32(offset, order) & 0xffff_ffffL;
  }

  public long i64(long offset, ByteOrder order) {
    long value = segment.get(LONG_LE, offset);
    return order == ByteOrder.LITTLE_ENDIAN ? value : Long.reverseBytes(value);
  }

  /** Copies {@code size} bytes from {@code offset} into {@code target} at {@code targetOffset}. */
  public void read(long offset, byte[] target, int targetOffset, int size) {
    MemorySegment.copy(segment, ValueLayout.JAVA_BYTE, offset, target, targetOffset, size);
  }

  /** A heap copy of a small part. */
  public byte[] array(long offset, int size) {
    var out = new byte[size];
    read(offset, out, 0, size);
    return out;
  }

  /** A heap copy of {@code count} little-endian 64-bit values. */
  public long[] longs(long offset, int count) {
    var out = new long[count];
    MemorySegment.copy(segment, LONG_LE, offset, out, 0, count);
    return out;
  }

  /** A heap copy of {@code count} little-endian 32-bit values. */
  public int[] ints(long offset, int count) {
    var out = new int[count];
    MemorySegment.copy(segment, INT_LE, offset, out, 0, count);
    return out;
  }

  /**
   * The NUL-terminated text at an offset, of at most {@code limit} bytes; it ends early where the
   * view ends. Bytes that are not UTF-8 become replacement characters.
   */
  public String text(long offset, int limit) {
    if (!has(offset, 0)) {
      return "";
    }
    int room = (int) Math.min(limit, length() - offset);
    var window = new byte[Math.min(room, 64)];
    int size = 0;
    while (size < room) {
      if (size == window.length) {
        window = java.util.Arrays.copyOf(window, Math.min(room, window.length * 2));
      }
      int part = window.length - size;
      read(offset + size, window, size, part);
      for (int i = size; i < size + part; i++) {
        if (window[i] == 0) {
          return new String(window, 0, i, StandardCharsets.UTF_8);
        }
      }
      size += part;
    }
    return new String(window, 0, size, StandardCharsets.UTF_8);
  }
}
