package dev.sigill.crash;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Text of UTF-16, as Windows writes reports and redirected output, read as UTF-8. */
final class Utf16Text extends TranslatedStream {
  /** How many bytes are looked at where no mark says the encoding. */
  private static final int SAMPLE = 64;

  private final Reader reader;
  private final char[] chars = new char[1 << 13];
  private char carried;

  private Utf16Text(InputStream in, Charset charset) {
    this.reader = new InputStreamReader(in, charset);
  }

  /** The stream as UTF-8; itself where it is no UTF-16. */
  static InputStream decoded(InputStream in) throws IOException {
    var buffered = new BufferedInputStream(in, 1 << 16);
    buffered.mark(SAMPLE);
    byte[] head = buffered.readNBytes(SAMPLE);
    buffered.reset();
    Charset charset = charset(head);
    if (charset == null) {
      return buffered;
    }
    boolean isMarked = head[0] == (byte) 0xff || head[0] == (byte) 0xfe;
    buffered.skipNBytes(isMarked ? 2 : 0);
    return new Utf16Text(buffered, charset);
  }

  private static @Nullable Charset charset(byte[] head) {
    if (head.length < 4) {
      return null;
    }
    if (head[0] == (byte) 0xff && head[1] == (byte) 0xfe) {
      return StandardCharsets.UTF_16LE;
    }
    if (head[0] == (byte) 0xfe && head[1] == (byte) 0xff) {
      return StandardCharsets.UTF_16BE;
    }
    int even = 0;
    int odd = 0;
    for (int i = 0; i + 1 < head.length; i += 2) {
      even += isText(head[i]) && head[i + 1] == 0 ? 1 : 0;
      odd += head[i] == 0 && isText(head[i + 1]) ? 1 : 0;
    }
    int pairs = head.length / 2;
    return even == pairs
        ? StandardCharsets.UTF_16LE
        : odd == pairs ? StandardCharsets.UTF_16BE : null;
  }

  private static boolean isText(byte value) {
    return value >= ' ' && value < 0x7f || value == '\n' || value == '\r' || value == '\t';
  }

  @Override
  byte @Nullable [] next() throws IOException {
    int from = 0;
    if (carried != 0) {
      chars[0] = carried;
      carried = 0;
      from = 1;
    }
    int size = reader.read(chars, from, chars.length - from);
    if (size < 0 && from == 0) {
      return null;
    }
    int length = from + Math.max(0, size);
    if (size >= 0 && Character.isHighSurrogate(chars[length - 1])) {
      // Its other half comes with the next characters.
      carried = chars[--length];
    }
    return new String(chars, 0, length).getBytes(StandardCharsets.UTF_8);
  }
}
