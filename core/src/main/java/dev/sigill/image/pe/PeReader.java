package dev.sigill.image.pe;

import dev.sigill.bytes.Bytes;
import dev.sigill.bytes.Limits;
import dev.sigill.bytes.Problem;
import dev.sigill.image.Images;
import java.nio.ByteOrder;
import java.util.List;

/** Reads PE files, and tells them from DOS programs, whose signature they share. */
public final class PeReader {
  private static final int DOS_SIGNATURE = 'M' | 'Z' << 8;
  private static final int PE_SIGNATURE = 'P' | 'E' << 8;
  private static final int DOS_HEADER_SIZE = 64;
  private static final int E_LFARLC = 0x18;
  private static final int E_LFANEW = 0x3c;

  /** Headers further into a file than this are no linker's work. */
  private static final int MOST_E_LFANEW = 1 << 24;

  private PeReader() {}

  /**
   * Whether a file is or may be a PE file: a DOS header that leads to the signature, or out of what
   * is there of the file. What DOS programs have in place of {@code e_lfanew} seldom does either.
   *
   * @param head the first bytes of the file, or all of it
   */
  public static boolean matches(Bytes head) {
    if (!head.has(0, DOS_HEADER_SIZE) || head.u16(0, ByteOrder.LITTLE_ENDIAN) != DOS_SIGNATURE) {
      return false;
    }
    long start = head.u32(E_LFANEW, ByteOrder.LITTLE_ENDIAN);
    if (head.has(start, 4)) {
      return head.u32(start, ByteOrder.LITTLE_ENDIAN) == PE_SIGNATURE;
    }
    // Programs for DOS alone have their relocation table right after 28 bytes of header.
    int relocations = head.u16(E_LFARLC, ByteOrder.LITTLE_ENDIAN);
    return start >= DOS_HEADER_SIZE
        && start < MOST_E_LFANEW
        && start % 4 == 0
        && (relocations == 0 || relocations >= DOS_HEADER_SIZE);
  }

  /**
   * Reads a PE file. A DOS program gives no image and no problem; headers that are not all there
   * give no image and a problem.
   */
  public static Images.Read read(Bytes bytes, Limits limits) {
    if (!matches(bytes)) {
      return new Images.Read(List.of(), List.of());
    }
    var problems = new PeProblems(bytes);
    long start = bytes.u32(E_LFANEW, ByteOrder.LITTLE_ENDIAN);
    if (!bytes.has(start, 4)) {
      problems.add(
          Problem.Code.TRUNCATED,
          E_LFANEW,
          "e_lfanew",
          start,
          bytes.length(),
          Problem.Effect.FILE_LOST);
      return new Images.Read(List.of(), problems.list());
    }
    PeHeaders headers = PeHeaders.read(bytes, problems);
    return headers == null
        ? new Images.Read(List.of(), problems.list())
        : new Images.Read(List.of(new PeImage(bytes, limits, headers, problems)), List.of());
  }
}
