package dev.sigill.image.pe;

import dev.sigill.bytes.Problem;
import dev.sigill.image.pe.PeHeaders.DataDirectory;

/**
 * What the CLI header of a .NET assembly says (ECMA-335 II.25.3.3).
 *
 * @param isPresent whether there is one
 * @param isIlOnly whether the image's own code is intermediate language alone
 * @param requires32Bit whether it runs in 32-bit processes only
 * @param hasNativeCode whether it carries code compiled ahead ({@code ManagedNativeHeader})
 */
record ManagedCode(
    boolean isPresent, boolean isIlOnly, boolean requires32Bit, boolean hasNativeCode) {
  private static final ManagedCode NONE = new ManagedCode(false, false, false, false);

  private static final int COMIMAGE_FLAGS_ILONLY = 1;
  private static final int COMIMAGE_FLAGS_32BITREQUIRED = 2;
  private static final int CLI_HEADER_SIZE = 72;

  static ManagedCode read(PeHeaders headers, PeMapping mapping, PeProblems problems) {
    DataDirectory directory = headers.directory(PeHeaders.COM_DESCRIPTOR);
    if (!directory.isPresent()) {
      return NONE;
    }
    long rva = directory.virtualAddress();
    if (mapping.room(rva) < CLI_HEADER_SIZE) {
      problems.partLost(
          Problem.Code.OUT_OF_RANGE,
          headers.fileOffset(),
          "CLR Runtime Header RVA",
          rva,
          mapping.end());
      return NONE;
    }
    long flags = mapping.u32(rva + 16);
    return new ManagedCode(
        true,
        (flags & COMIMAGE_FLAGS_ILONLY) != 0,
        (flags & COMIMAGE_FLAGS_32BITREQUIRED) != 0,
        mapping.u32(rva + 64) != 0 && mapping.u32(rva + 68) != 0);
  }
}
