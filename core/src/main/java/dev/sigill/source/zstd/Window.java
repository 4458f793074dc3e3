package dev.sigill.source.zstd;

import java.util.Arrays;

/** The unpacked bytes that later ones may repeat. Grows as they come, up to what a frame asks. */
final class Window {
  private static final int FIRST = 1 << 20;
  private static final int LARGEST_BLOCK = 1 << 17;

  private final int size;
  private final int capacity;
  private byte[] bytes;
  private int end;

  /**
   * A window.
   *
   * @param size how far back a repetition may reach
   */
  Window(int size) {
    this.size = size;
    // Room enough that moving the window down is rare.
    this.capacity = size + Math.max(size / 4, 8 * LARGEST_BLOCK);
    this.bytes = new byte[Math.min(FIRST, capacity)];
  }

  byte[] bytes() {
    return bytes;
  }

  int end() {
    return end;
  }

  /** Makes room for one block, whatever it unpacks to. */
  void makeRoom() {
    if (bytes.length - end >= LARGEST_BLOCK) {
      return;
    }
    if (bytes.length < capacity) {
      bytes = Arrays.copyOf(bytes, (int) Math.min(2L * bytes.length, capacity));
      makeRoom();
    } else {
      System.arraycopy(bytes, end - size, bytes, 0, size);
      end = size;
    }
  }

  void append(byte[] source, int from, int count) {
    System.arraycopy(source, from, bytes, end, count);
    end += count;
  }

  void fill(byte value, int count) {
    Arrays.fill(bytes, end, end + count, value);
    end += count;
  }

  /** Repeats bytes from before, also those that this very repetition writes. */
  void repeat(int offset, int count) throws ZstandardException {
    if (offset <= 0 || offset > end || offset > size) {
      throw ZstandardException.corrupt("Offset_Value");
    }
    byte[] all = bytes;
    int from = end - offset;
    if (offset >= count) {
      System.arraycopy(all, from, all, end, count);
    } else {
      int to = end;
      for (int i = 0; i < count; i++) {
        all[to + i] = all[from + i];
      }
    }
    end += count;
  }
}
