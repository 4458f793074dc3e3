package dev.sigill.crash;

import java.io.BufferedInputStream;
import java.io.IOException;

/** Files that hold code, told by their first bytes: they are full of messages that never came. */
final class ProgramFile {
  /** ELF; ZIP, as JARs and wheels are; Mach-O of 32 and 64 bits, and universal. */
  private static final int[] MAGIC = {
    0x7f454c46, 0x504b0304, 0xfeedface, 0xfeedfacf, 0xcefaedfe, 0xcffaedfe, 0xcafebabe
  };

  private static final int PE_HEAD = 64;

  private ProgramFile() {}

  /** Looks at the first bytes of a stream without taking them. */
  static boolean begins(BufferedInputStream in) throws IOException {
    in.mark(PE_HEAD);
    byte[] head = in.readNBytes(PE_HEAD);
    in.reset();
    if (head.length < 4) {
      return false;
    }
    int first =
        (head[0] & 0xff) << 24 | (head[1] & 0xff) << 16 | (head[2] & 0xff) << 8 | head[3] & 0xff;
    for (int magic : MAGIC) {
      if (first == magic) {
        return true;
      }
    }
    // "MZ" may begin a text; the header of a program has zero bytes.
    boolean isHeader = head.length == PE_HEAD && head[PE_HEAD - 1] == 0 && head[PE_HEAD - 2] == 0;
    return first >>> 16 == 0x4d5a && isHeader;
  }
}
