package dev.sigill.bytes;

import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/**
 * A reader that walks forward through {@link Bytes} and never throws. The first read that does not
 * fit is remembered with its place and field; later reads are inert and return 0. Whoever used a
 * cursor asks {@link #problem()} before trusting what was read.
 */
public final class Cursor {
  private final Bytes bytes;
  private final ByteOrder order;
  private long position;
  private @Nullable Problem problem;

  public Cursor(Bytes bytes, long position, ByteOrder order) {
    this.bytes = bytes;
    this.position = position;
    this.order = order;
  }

  /** The offset of the next read, relative to the bytes. */
  public long position() {
    return position;
  }

  /** Moves to another offset; a place outside is found by the next read. */
  public void seek(long newPosition) {
    position = newPosition;
  }

  /** The first read that failed, or null. */
  public @Nullable Problem problem() {
    return problem;
  }

  /** Whether every read so far fitted. */
  public boolean isSound() {
    return problem == null;
  }

  public int u8(String field) {
    return take(1, field) ? bytes.u8(position - 1) : 0;
  }

  public int u16(String field) {
    return take(2, field) ? bytes.u16(position - 2, order) : 0;
  }

  public long u32(String field) {
    return take(4, field) ? bytes.u32(position - 4, order) : 0;
  }

  public int i32(String field) {
    return take(4, field) ? bytes.i32(position - 4, order) : 0;
  }

  public long i64(String field) {
    return take(8, field) ? bytes.i64(position - 8, order) : 0;
  }

  /** A pointer-sized value: 64 or 32 bits, zero-extended. */
  public long word(boolean is64, String field) {
    return is64 ? i64(field) : u32(field);
  }

  /** An unsigned LEB128 value; more than 64 bits of it are a problem. */
  public long uleb(String field) {
    long value = 0;
    for (int shift = 0; shift < 70; shift += 7) {
      int b = u8(field);
      if (shift < 64) {
        value |= (long) (b & 0x7f) << shift;
      }
      if ((b & 0x80) == 0) {
        return value;
      }
    }
    fail(Problem.Code.BAD_VALUE, field, -1, -1);
    return 0;
  }

  /** A signed LEB128 value; more than 64 bits of it are a problem. */
  public long sleb(String field) {
    long value = 0;
    for (int shift = 0; shift < 70; shift += 7) {
      int b = u8(field);
      if (shift < 64) {
        value |= (long) (b & 0x7f) << shift;
      }
      if ((b & 0x80) == 0) {
        return shift + 7 < 64 && (b & 0x40) != 0 ? value | (-1L << (shift + 7)) : value;
      }
    }
    fail(Problem.Code.BAD_VALUE, field, -1, -1);
    return 0;
  }

  /**
   * Checks a count that the file states against what the file can hold from here and against a
   * limit; returns it, or 0 with a problem.
   */
  public int count(long stated, long entrySize, int limit, String field) {
    if (problem != null) {
      return 0;
    }
    long room = Math.max(0, bytes.length() - position) / Math.max(1, entrySize);
    if (stated < 0 || stated > room || stated > limit) {
      fail(
          stated > limit ? Problem.Code.LIMIT : Problem.Code.OUT_OF_RANGE,
          field,
          stated,
          Math.min(room, limit));
      return 0;
    }
    return (int) stated;
  }

  /** Remembers a defect at this position, unless one is remembered already. */
  public void fail(Problem.Code code, String field, long actual, long limit) {
    if (problem == null) {
      problem =
          new Problem(
              code, bytes.placeOf(position), field, actual, limit, Problem.Effect.PART_LOST);
    }
  }

  private boolean take(int size, String field) {
    if (problem != null) {
      return false;
    }
    if (!bytes.has(position, size)) {
      fail(Problem.Code.TRUNCATED, field, position, bytes.length());
      return false;
    }
    position += size;
    return true;
  }
}
