package dev.sigill.crash;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;

/**
 * Takes in texts of any size. Small ones are kept whole; of large ones the beginning, the end, and
 * what lies around the words that signs begin with. Memory is bounded whatever comes.
 */
final class TextIntake {
  /** Up to here a text is kept whole, in bytes. */
  static final int WHOLE = 8 << 20;

  private static final int HEAD = 1 << 20;
  private static final int TAIL = 256 << 10;
  private static final int CHUNK = 1 << 20;
  private static final int BEFORE = 1500;
  private static final int AFTER = 4000;

  /** How much is kept around words, in bytes. */
  private static final int WINDOWS = 6 << 20;

  private TextIntake() {}

  /**
   * What was kept.
   *
   * @param bytes the text or parts of it, each on lines of its own
   * @param length how long the text is, in bytes
   */
  record Taken(byte[] bytes, long length) {
    boolean isWhole() {
      return bytes.length == length;
    }
  }

  /** Reads a stream to its end. */
  static Taken take(InputStream raw, WordSearch search) throws IOException {
    InputStream in = Utf16Text.decoded(raw);
    byte[] first = in.readNBytes(WHOLE);
    if (first.length < WHOLE) {
      return new Taken(first, first.length);
    }
    var kept = new ByteArrayOutputStream(WHOLE);
    kept.write(first, 0, HEAD);
    keepWindows(first, HEAD, first.length, search, kept);
    long length = first.length;
    // Each buffer begins with the end of the one before, so that no window is cut.
    var buffer = new byte[BEFORE + AFTER + CHUNK];
    int carried = BEFORE + AFTER;
    System.arraycopy(first, first.length - carried, buffer, 0, carried);
    var tail = new byte[TAIL];
    System.arraycopy(first, first.length - TAIL, tail, 0, TAIL);
    while (true) {
      int size = in.readNBytes(buffer, carried, CHUNK);
      if (size == 0) {
        break;
      }
      length += size;
      keepWindows(buffer, carried - AFTER, carried + size, search, kept);
      int total = carried + size;
      int end = Math.min(TAIL, size);
      System.arraycopy(tail, end, tail, 0, TAIL - end);
      System.arraycopy(buffer, total - end, tail, TAIL - end, end);
      carried = Math.min(total, BEFORE + AFTER);
      System.arraycopy(buffer, total - carried, buffer, 0, carried);
    }
    kept.write('\n');
    kept.write(tail, 0, TAIL);
    return new Taken(kept.toByteArray(), length);
  }

  private static void keepWindows(
      byte[] text, int from, int to, WordSearch search, ByteArrayOutputStream kept) {
    var last = new int[] {from};
    search.search(
        text,
        from,
        to,
        (word, end) -> {
          if (end > last[0]) {
            int start = Math.max(Math.max(0, end - BEFORE), last[0] == from ? 0 : last[0]);
            int stop = Math.min(to, end + AFTER);
            if (stop > start && kept.size() + stop - start <= WINDOWS) {
              kept.write('\n');
              kept.write(text, start, stop - start);
              last[0] = stop;
            }
          }
          return kept.size() < WINDOWS;
        });
  }
}
