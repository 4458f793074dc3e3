package dev.sigill.image.elf;

import dev.sigill.bytes.Bytes;
import dev.sigill.bytes.Limits;
import dev.sigill.bytes.Problem;
import dev.sigill.image.Images;
import java.nio.ByteOrder;
import java.util.List;

/** Reads ELF files of either class and byte order (System V gABI, edition 4.1 and its drafts). */
public final class ElfReader {
  private ElfReader() {}

  /** Whether a file's first bytes are the signature of ELF. */
  public static boolean matches(Bytes head) {
    return head.has(0, 4)
        && head.u8(0) == 0x7f
        && head.u8(1) == 'E'
        && head.u8(2) == 'L'
        && head.u8(3) == 'F';
  }

  /**
   * Reads a file with that signature: headers and the dynamic section now, tables when they are
   * asked for.
   */
  public static Images.Read read(Bytes bytes, Limits limits) {
    if (!matches(bytes)) {
      return lost(bytes, Problem.Code.BAD_MAGIC, 0, "e_ident[EI_MAG0]", -1, -1);
    }
    if (!bytes.has(0, 16)) {
      return lost(bytes, Problem.Code.TRUNCATED, 0, "e_ident", bytes.length(), 16);
    }
    int elfClass = bytes.u8(4);
    int data = bytes.u8(5);
    if (elfClass != Elf.ELFCLASS32 && elfClass != Elf.ELFCLASS64) {
      return lost(bytes, Problem.Code.BAD_VALUE, 4, "e_ident[EI_CLASS]", elfClass, 2);
    }
    if (data != Elf.ELFDATA2LSB && data != Elf.ELFDATA2MSB) {
      return lost(bytes, Problem.Code.BAD_VALUE, 5, "e_ident[EI_DATA]", data, 2);
    }
    boolean is64 = elfClass == Elf.ELFCLASS64;
    ByteOrder order = data == Elf.ELFDATA2LSB ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN;
    if (!bytes.has(0, ElfHeader.size(is64))) {
      return lost(
          bytes, Problem.Code.TRUNCATED, 0, "e_ehsize", bytes.length(), ElfHeader.size(is64));
    }
    var image = new ElfFile(new ElfBytes(bytes, order, is64), limits);
    return new Images.Read(List.of(image), List.of());
  }

  private static Images.Read lost(
      Bytes bytes, Problem.Code code, long offset, String field, long actual, long limit) {
    return new Images.Read(
        List.of(),
        List.of(
            new Problem(
                code, bytes.placeOf(offset), field, actual, limit, Problem.Effect.FILE_LOST)));
  }
}
