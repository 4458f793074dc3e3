package dev.sigill.image.macho;

import dev.sigill.bytes.Bytes;
import dev.sigill.bytes.Problem;
import dev.sigill.image.macho.LoadCommands.Part;
import java.nio.ByteOrder;

/**
 * {@code LC_CODE_SIGNATURE} ({@code kern/cs_blobs.h}); always big-endian. Hashes are not checked.
 */
final class CodeSignature {
  private static final int CSMAGIC_EMBEDDED_SIGNATURE = 0xfade0cc0;
  private static final int CSMAGIC_CODEDIRECTORY = 0xfade0c02;
  private static final int CSSLOT_CODEDIRECTORY = 0;
  private static final int CSSLOT_SIGNATURESLOT = 0x10000;
  private static final int CS_ADHOC = 0x2;
  private static final int MOST_BLOBS = 64;

  private CodeSignature() {}

  /** Who signed an image, as far as it is told. */
  static MachOImage.Signature read(Bytes bytes, Part part, MachOProblems problems) {
    if (!part.isPresent()) {
      return MachOImage.Signature.NONE;
    }
    Bytes data = bytes.slice(part.offset(), part.size());
    if (!data.has(0, 12) || u32(data, 0) != CSMAGIC_EMBEDDED_SIGNATURE) {
      problems.nothingLost(
          Problem.Code.BAD_MAGIC, part.offset(), "LC_CODE_SIGNATURE: magic", -1, -1);
      return MachOImage.Signature.UNREADABLE;
    }
    int count = u32(data, 8);
    boolean isAdHoc = false;
    boolean hasDirectory = false;
    boolean hasCertificate = false;
    for (int i = 0; i < count && i < MOST_BLOBS && data.has(12 + 8L * i, 8); i++) {
      int type = u32(data, 12 + 8L * i);
      long offset = u32(data, 16 + 8L * i) & 0xffff_ffffL;
      if (type == CSSLOT_CODEDIRECTORY
          && data.has(offset, 16)
          && u32(data, offset) == CSMAGIC_CODEDIRECTORY) {
        hasDirectory = true;
        isAdHoc = (u32(data, offset + 12) & CS_ADHOC) != 0;
      } else if (type == CSSLOT_SIGNATURESLOT && data.has(offset, 8)) {
        hasCertificate = u32(data, offset + 4) > 8;
      }
    }
    if (!hasDirectory) {
      return MachOImage.Signature.UNREADABLE;
    }
    return isAdHoc || !hasCertificate
        ? MachOImage.Signature.AD_HOC
        : MachOImage.Signature.CERTIFICATE;
  }

  private static int u32(Bytes data, long offset) {
    return data.i32(offset, ByteOrder.BIG_ENDIAN);
  }
}
