package dev.sigill.image.pe;

import dev.sigill.bytes.Problem;
import dev.sigill.image.CodeRange;
import dev.sigill.image.pe.PeHeaders.DataDirectory;
import dev.sigill.platform.Architecture;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What of the load configuration matters here ("PE Format": The Load Configuration Structure;
 * {@code IMAGE_LOAD_CONFIG_DIRECTORY} of winnt.h).
 *
 * @param guardFlags {@code GuardFlags}, 0 where the structure ends before it
 * @param hybrid the hybrid metadata of ARM64EC and ARM64X images, or null
 */
record LoadConfig(long guardFlags, @Nullable Hybrid hybrid) {
  static final LoadConfig NONE = new LoadConfig(0, null);

  private static final int GUARD_FLAGS_32 = 88;
  private static final int GUARD_FLAGS_64 = 144;
  private static final int CHPE_METADATA_POINTER_64 = 200;

  /** {@code IMAGE_ARM64EC_METADATA} up to and with {@code ExtraRFETableSize}. */
  private static final int HYBRID_METADATA_SIZE = 72;

  private static final int MOST_STRETCHES = 1 << 20;

  /**
   * {@code IMAGE_ARM64EC_METADATA}, to which {@code CHPEMetadataPointer} leads.
   *
   * @param code the stretches of the code map, in the order of addresses
   * @param auxiliaryIat RVA of the address table that Arm64EC code calls through; it runs parallel
   *     to the import address table
   * @param extraRfeTable RVA of the function table of the instruction set that {@code Machine} does
   *     not name
   * @param extraRfeTableSize its size in bytes
   */
  record Hybrid(
      List<Stretch> code, long auxiliaryIat, long extraRfeTable, long extraRfeTableSize) {}

  /** An entry of the code map: RVAs, and the instruction set of what lies between them. */
  record Stretch(long start, long end, Architecture architecture) {}

  static LoadConfig read(PeHeaders headers, PeMapping mapping, PeProblems problems) {
    DataDirectory directory = headers.directory(PeHeaders.LOAD_CONFIG);
    if (!directory.isPresent()) {
      return NONE;
    }
    long rva = directory.virtualAddress();
    long at = mapping.fileOffset(rva, 4);
    if (at < 0) {
      problems.partLost(
          Problem.Code.OUT_OF_RANGE,
          headers.fileOffset(),
          "Load Config Table RVA",
          rva,
          mapping.end());
      return NONE;
    }
    // The structure's own Size says how much of it there is; the directory's is historical.
    long size = Math.min(mapping.u32(rva), mapping.room(rva));
    int guardFlagsAt = headers.isPe32Plus() ? GUARD_FLAGS_64 : GUARD_FLAGS_32;
    long guardFlags = size >= guardFlagsAt + 4 ? mapping.u32(rva + guardFlagsAt) : 0;
    long pointer =
        headers.isPe32Plus() && size >= CHPE_METADATA_POINTER_64 + 8
            ? mapping.word(rva + CHPE_METADATA_POINTER_64, true)
            : 0;
    return new LoadConfig(
        guardFlags,
        pointer == 0
            ? null
            : hybrid(
                mapping, pointer - headers.imageBase(), at + CHPE_METADATA_POINTER_64, problems));
  }

  private static @Nullable Hybrid hybrid(
      PeMapping mapping, long rva, long field, PeProblems problems) {
    long at = mapping.fileOffset(rva, HYBRID_METADATA_SIZE);
    if (at < 0) {
      problems.partLost(
          Problem.Code.OUT_OF_RANGE, field, "CHPEMetadataPointer", rva, mapping.end());
      return null;
    }
    long codeMap = mapping.u32(rva + 4);
    long stated = mapping.u32(rva + 8);
    long room = mapping.room(codeMap) / 8;
    long count = Math.min(stated, Math.min(room, MOST_STRETCHES));
    if (count < stated) {
      problems.partLost(
          stated > room ? Problem.Code.OUT_OF_RANGE : Problem.Code.LIMIT,
          at + 8,
          "CodeMapCount",
          stated,
          count);
    }
    var code = new ArrayList<Stretch>();
    for (long i = 0; i < count; i++) {
      long startOffset = mapping.u32(codeMap + i * 8);
      long length = mapping.u32(codeMap + i * 8 + 4);
      Architecture architecture =
          switch ((int) startOffset & 3) {
            case 0 -> Architecture.ARM64;
            case 1 -> Architecture.ARM64EC;
            case 2 -> Architecture.X86_64;
            default -> Architecture.OTHER;
          };
      if (length != 0) {
        code.add(new Stretch(startOffset & ~3L, (startOffset & ~3L) + length, architecture));
      }
    }
    code.sort(Comparator.comparingLong(Stretch::start));
    return new Hybrid(
        List.copyOf(code), mapping.u32(rva + 44), mapping.u32(rva + 64), mapping.u32(rva + 68));
  }

  /** The code of a hybrid image by instruction set; what two stretches claim is the first's. */
  static List<PeImage.HybridCode> code(Hybrid hybrid, List<CodeRange> code, long imageBase) {
    var out = new ArrayList<PeImage.HybridCode>();
    int next = 0;
    long done = 0;
    for (Stretch stretch : hybrid.code()) {
      long start = Math.max(done, stretch.start());
      long end = stretch.end();
      // Both lists are sorted; a stretch may span several ranges and share one with others.
      while (next < code.size() && code.get(next).end() - imageBase <= start) {
        next++;
      }
      for (int i = next; i < code.size() && code.get(i).start() - imageBase < end; i++) {
        CodeRange range = code.get(i);
        long rva = range.start() - imageBase;
        long from = Math.max(start, rva);
        long to = Math.min(end, range.end() - imageBase);
        if (from < to) {
          out.add(
              new PeImage.HybridCode(
                  new CodeRange(imageBase + from, imageBase + to, range.fileOffset() + from - rva),
                  stretch.architecture()));
        }
      }
      done = Math.max(done, end);
    }
    return List.copyOf(out);
  }
}
