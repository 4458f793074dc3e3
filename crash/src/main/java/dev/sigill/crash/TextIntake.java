package dev.sigill.crash;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;

/**
 * Takes in texts of any size. Small ones are kept whole; of large ones the beginning, the end, and
 * what lies around signs. Memory is bounded whatever comes, and so is time: a word that is met very
 * often without its sign is no longer looked at.
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

  /** How often a word is looked at, and all words together. */
  private static final int MOST_LOOKS_OF_ONE = 3000;

  private static final int MOST_LOOKS = 30_000;

  /** How often what lies around one word is kept: one message must not take the room of others. */
  private static final int MOST_KEPT_OF_ONE = 40;

  private final Signs signs;
  private final int[] looks;
  private final int[] keeps;
  private final ByteArrayOutputStream kept = new ByteArrayOutputStream(WHOLE);
  private final Effort effort = new Effort();
  private int allLooks;

  private TextIntake(Signs signs) {
    this.signs = signs;
    this.looks = new int[signs.wordCount()];
    this.keeps = new int[signs.wordCount()];
  }

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
  static Taken take(InputStream in, Signs signs) throws IOException {
    return new TextIntake(signs).take(new PlainText(Utf16Text.decoded(in)));
  }

  private Taken take(InputStream in) throws IOException {
    byte[] first = in.readNBytes(WHOLE);
    if (first.length < WHOLE) {
      return new Taken(first, first.length);
    }
    kept.write(first, 0, HEAD);
    keepWindows(first, HEAD, first.length);
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
      keepWindows(buffer, carried - AFTER, carried + size);
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

  private void keepWindows(byte[] text, int from, int to) {
    var last = new int[] {from};
    signs
        .search()
        .search(
            text,
            from,
            to,
            (word, end) -> {
              if (end > last[0] && isSign(word, text, end, to)) {
                int start = Math.max(Math.max(0, end - BEFORE), last[0] == from ? 0 : last[0]);
                int stop = Math.min(to, end + AFTER);
                if (stop > start && kept.size() + stop - start <= WINDOWS) {
                  kept.write('\n');
                  kept.write(text, start, stop - start);
                  last[0] = stop;
                  keeps[word]++;
                }
              }
              return kept.size() < WINDOWS;
            });
  }

  private boolean isSign(int word, byte[] text, int end, int to) {
    if (keeps[word] >= MOST_KEPT_OF_ONE
        || looks[word] >= MOST_LOOKS_OF_ONE
        || allLooks >= MOST_LOOKS) {
      return false;
    }
    looks[word]++;
    allLooks++;
    return signs.isNear(word, text, end, to, effort);
  }
}
