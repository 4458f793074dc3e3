package dev.sigill.image.macho;

/**
 * A part of the file read byte by byte through a small window on the heap. Reads past the end give
 * 0 and are remembered.
 */
final class OpcodeStream {
  private static final int WINDOW = 1 << 14;

  private final MachOBytes file;
  private final long end;
  private final byte[] window;
  private long windowStart;
  private int position;
  private int filled;
  private boolean isSound = true;

  OpcodeStream(MachOBytes file, LoadCommands.Part part) {
    this.file = file;
    this.end = part.offset() + part.size();
    this.window = new byte[(int) Math.min(WINDOW, part.size())];
    this.windowStart = part.offset();
  }

  /** The file offset of the next byte. */
  long offset() {
    return windowStart + position;
  }

  boolean isAtEnd() {
    return offset() >= end;
  }

  /** Whether every value so far was there and had a proper form. */
  boolean isSound() {
    return isSound;
  }

  int u8() {
    if (position == filled && !refill()) {
      isSound = false;
      return 0;
    }
    return window[position++] & 0xff;
  }

  private boolean refill() {
    windowStart += position;
    position = 0;
    filled = (int) Math.min(window.length, end - windowStart);
    if (filled <= 0) {
      filled = 0;
      return false;
    }
    file.bytes().read(windowStart, window, 0, filled);
    return true;
  }

  /** An unsigned LEB128 value; one of more than 64 bits is not sound. */
  long uleb() {
    long value = 0;
    for (int shift = 0; shift < 70; shift += 7) {
      int b = u8();
      if (shift < 64) {
        value |= (long) (b & 0x7f) << shift;
      }
      if ((b & 0x80) == 0) {
        return value;
      }
    }
    isSound = false;
    return 0;
  }

  /** A signed LEB128 value; one of more than 64 bits is not sound. */
  long sleb() {
    long value = 0;
    for (int shift = 0; shift < 70; shift += 7) {
      int b = u8();
      if (shift < 64) {
        value |= (long) (b & 0x7f) << shift;
      }
      if ((b & 0x80) == 0) {
        return shift + 7 < 64 && (b & 0x40) != 0 ? value | (-1L << (shift + 7)) : value;
      }
    }
    isSound = false;
    return 0;
  }

  /** Passes over a text and the NUL after it; returns its file offset. */
  long skipText() {
    long start = offset();
    while (true) {
      int at = position;
      while (at < filled && window[at] != 0) {
        at++;
      }
      position = at;
      if (at < filled) {
        position++;
        return start;
      }
      if (!refill()) {
        isSound = false;
        return start;
      }
    }
  }
}
