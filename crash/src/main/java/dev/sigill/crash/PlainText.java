package dev.sigill.crash;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Text as a person reads it: without the escape sequences that colour it on a terminal (ECMA-48,
 * 5.4 and 5.6) and without the zero bytes that a file system leaves in a log after a crash. A byte
 * that is no UTF-8 is read as the character it is in Windows-1252, which older systems of western
 * languages write.
 */
final class PlainText extends TranslatedStream {
  private static final int CHUNK = 1 << 16;
  private static final int ESCAPE = 0x1b;
  private static final int BELL = 7;

  /** What Windows-1252 has for bytes from 0x80, in UTF-8. */
  private static final byte[][] OTHERWISE = otherwise();

  /** Where in an escape sequence the reading is. */
  private enum State {
    TEXT,
    ESCAPED,
    CONTROL_SEQUENCE,
    CONTROL_STRING
  }

  private final InputStream in;
  private final byte[] raw = new byte[CHUNK];

  /** How many bytes at the beginning of {@link #raw} are of a character that is not complete. */
  private int carried;

  private State state = State.TEXT;

  PlainText(InputStream in) {
    this.in = in;
  }

  /** A text without what only terminals read. */
  static String of(String text) {
    if (text.indexOf(ESCAPE) < 0) {
      return text;
    }
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    try (var plain = new PlainText(new ByteArrayInputStream(bytes))) {
      return new String(plain.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static byte[][] otherwise() {
    Charset windows = Charset.forName("windows-1252");
    var characters = new byte[128][];
    for (int i = 0; i < characters.length; i++) {
      String character = new String(new byte[] {(byte) (0x80 + i)}, windows);
      characters[i] = character.getBytes(StandardCharsets.UTF_8);
    }
    return characters;
  }

  @Override
  byte @Nullable [] next() throws IOException {
    int size = in.read(raw, carried, raw.length - carried);
    if (size < 0 && carried == 0) {
      return null;
    }
    int length = carried + Math.max(0, size);
    carried = 0;
    return state == State.TEXT && isPlain(length)
        ? Arrays.copyOf(raw, length)
        : translated(length, size < 0);
  }

  private boolean isPlain(int length) {
    for (int i = 0; i < length; i++) {
      if (raw[i] <= 0 || raw[i] == ESCAPE) {
        return false;
      }
    }
    return true;
  }

  private byte[] translated(int length, boolean isLast) {
    var text = new ByteArrayOutputStream(length + 16);
    int i = 0;
    while (i < length) {
      int value = raw[i] & 0xff;
      if (state != State.TEXT) {
        i += escaped(value);
      } else if (value == ESCAPE) {
        state = State.ESCAPED;
        i++;
      } else if (value == 0) {
        i++;
      } else if (value < 0x80) {
        text.write(value);
        i++;
      } else {
        int size = characterSize(i, length);
        if (size == 0 && !isLast) {
          carried = length - i;
          System.arraycopy(raw, i, raw, 0, carried);
          break;
        }
        if (size > 0) {
          text.write(raw, i, size);
          i += size;
        } else {
          byte[] character = OTHERWISE[value - 0x80];
          text.write(character, 0, character.length);
          i++;
        }
      }
    }
    return text.toByteArray();
  }

  /** Takes a byte of an escape sequence; 0 where it belongs to the text after it. */
  private int escaped(int value) {
    switch (state) {
      case ESCAPED -> {
        state =
            value == '['
                ? State.CONTROL_SEQUENCE
                : value == ']' || value == 'P' || value == '^' || value == '_' || value == 'X'
                    ? State.CONTROL_STRING
                    // Intermediate bytes come before the last one.
                    : value >= 0x20 && value < 0x30 ? State.ESCAPED : State.TEXT;
        return value >= 0x20 && value < 0x7f ? 1 : 0;
      }
      case CONTROL_SEQUENCE -> {
        boolean goesOn = value >= 0x20 && value < 0x40;
        if (!goesOn) {
          state = State.TEXT;
        }
        return goesOn || value >= 0x40 && value < 0x7f ? 1 : 0;
      }
      case CONTROL_STRING -> {
        if (value == BELL) {
          state = State.TEXT;
        } else if (value == ESCAPE) {
          state = State.ESCAPED;
        } else if (value == '\n') {
          // It was cut off: the text must not be lost with it.
          state = State.TEXT;
          return 0;
        }
        return 1;
      }
      case TEXT -> {
        return 0;
      }
    }
    throw new AssertionError(state);
  }

  /**
   * How many bytes a character of UTF-8 has (RFC 3629, section 4); -1 where there is none, 0 where
   * it is not complete.
   */
  private int characterSize(int from, int length) {
    int first = raw[from] & 0xff;
    int size =
        first >= 0xc2 && first < 0xe0
            ? 2
            : first >= 0xe0 && first < 0xf0 ? 3 : first >= 0xf0 && first < 0xf5 ? 4 : -1;
    for (int i = 1; i < size; i++) {
      if (from + i >= length) {
        return 0;
      }
      if ((raw[from + i] & 0xc0) != 0x80) {
        return -1;
      }
    }
    return size;
  }
}
