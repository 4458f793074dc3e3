package dev.sigill.image.macho;

import dev.sigill.bytes.Bytes;
import dev.sigill.bytes.Limits;
import dev.sigill.bytes.Problem;
import dev.sigill.image.Image;
import dev.sigill.image.Images;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads Mach-O files, thin and universal ({@code mach-o/loader.h}, {@code mach-o/fat.h}), and tells
 * universal ones from Java class files, whose signature they share.
 */
public final class MachOReader {
  /**
   * A class file has its major version where a universal file has the number of its slices; the
   * first version ever published is 45.
   */
  private static final int MOST_SLICES = 44;

  private static final int FAT_HEADER_SIZE = 8;

  /** The largest power of two that a slice may be aligned to, as Apple's tools have it. */
  private static final int MOST_ALIGN = 15;

  private static final long ARCHIVE = 0x213c_6172_6368_3e0aL;

  private MachOReader() {}

  /** Whether a file's first bytes are those of a thin or universal Mach-O file. */
  public static boolean matches(Bytes head) {
    if (!head.has(0, 4)) {
      return false;
    }
    return switch (head.i32(0, ByteOrder.BIG_ENDIAN)) {
      case MachO.MH_MAGIC, MachO.MH_CIGAM, MachO.MH_MAGIC_64, MachO.MH_CIGAM_64 -> true;
      case MachO.FAT_MAGIC, MachO.FAT_MAGIC_64 -> {
        long count = head.has(4, 4) ? head.u32(4, ByteOrder.BIG_ENDIAN) : 0;
        yield count > 0 && count <= MOST_SLICES;
      }
      default -> false;
    };
  }

  /**
   * Reads a Mach-O file: one image, or one for each slice of a universal file. Headers are read
   * now, tables when they are asked for.
   */
  public static Images.Read read(Bytes bytes, Limits limits) {
    if (!matches(bytes)) {
      return new Images.Read(List.of(), List.of());
    }
    var problems = new MachOProblems(bytes);
    int magic = bytes.i32(0, ByteOrder.BIG_ENDIAN);
    if (magic == MachO.FAT_MAGIC || magic == MachO.FAT_MAGIC_64) {
      List<Image> images = universal(bytes, magic == MachO.FAT_MAGIC_64, limits, problems);
      return new Images.Read(images, problems.list());
    }
    MachOImage image = thin(bytes, limits, problems);
    return new Images.Read(image == null ? List.of() : List.of(image), problems.list());
  }

  /** One image; its own defects are in the image, {@code problems} are the file's. */
  private static @Nullable MachOImage thin(Bytes bytes, Limits limits, MachOProblems problems) {
    int magic = bytes.has(0, 4) ? bytes.i32(0, ByteOrder.BIG_ENDIAN) : 0;
    boolean isLittle = magic == MachO.MH_CIGAM || magic == MachO.MH_CIGAM_64;
    boolean is64 = magic == MachO.MH_MAGIC_64 || magic == MachO.MH_CIGAM_64;
    if (!bytes.has(0, MachOHeader.size(is64))) {
      problems.add(
          Problem.Code.TRUNCATED,
          Math.max(0, bytes.place().offset()),
          "mach_header",
          bytes.length(),
          MachOHeader.size(is64),
          Problem.Effect.FILE_LOST);
      return null;
    }
    var file =
        new MachOBytes(bytes, isLittle ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN, is64);
    return new MachOImage(file, limits);
  }

  private static List<Image> universal(
      Bytes bytes, boolean isWide, Limits limits, MachOProblems problems) {
    int entrySize = isWide ? 32 : 20;
    int count = bytes.i32(4, ByteOrder.BIG_ENDIAN);
    int room = (int) Math.min(count, (bytes.length() - FAT_HEADER_SIZE) / entrySize);
    if (room < count) {
      problems.partLost(Problem.Code.TRUNCATED, 4, "nfat_arch", count, room);
    }
    var images = new ArrayList<Image>();
    var taken = new ArrayList<long[]>();
    taken.add(new long[] {0, FAT_HEADER_SIZE + (long) count * entrySize});
    for (int i = 0; i < room; i++) {
      long at = FAT_HEADER_SIZE + (long) i * entrySize;
      String name = "fat_arch " + i + ": ";
      int cputype = bytes.i32(at, ByteOrder.BIG_ENDIAN);
      long offset =
          isWide
              ? bytes.i64(at + 8, ByteOrder.BIG_ENDIAN)
              : bytes.u32(at + 8, ByteOrder.BIG_ENDIAN);
      long size =
          isWide
              ? bytes.i64(at + 16, ByteOrder.BIG_ENDIAN)
              : bytes.u32(at + 12, ByteOrder.BIG_ENDIAN);
      long align = bytes.u32(isWide ? at + 24 : at + 16, ByteOrder.BIG_ENDIAN);
      if (offset < 0 || offset > bytes.length()) {
        problems.partLost(Problem.Code.OUT_OF_RANGE, at, name + "offset", offset, bytes.length());
        continue;
      }
      if (size < 0 || size > bytes.length() - offset) {
        problems.partLost(Problem.Code.TRUNCATED, at, name + "size", size, bytes.length() - offset);
        size = bytes.length() - offset;
      }
      if (overlaps(taken, offset, offset + size)) {
        problems.partLost(Problem.Code.OUT_OF_RANGE, at, name + "offset", offset, -1);
        continue;
      }
      taken.add(new long[] {offset, offset + size});
      if (align > MOST_ALIGN || (offset & (1L << align) - 1) != 0) {
        problems.nothingLost(Problem.Code.BAD_VALUE, at, name + "align", align, MOST_ALIGN);
      }
      Bytes slice = bytes.slice(offset, size);
      if (isThin(slice)) {
        MachOImage image = thin(slice, limits, problems);
        if (image != null) {
          if (image.cpuType() != cputype) {
            problems.nothingLost(
                Problem.Code.BAD_VALUE,
                at,
                name + "cputype",
                cputype & 0xffff_ffffL,
                image.cpuType() & 0xffff_ffffL);
          }
          images.add(image);
        }
      } else if (slice.has(0, 8) && slice.i64(0, ByteOrder.BIG_ENDIAN) == ARCHIVE) {
        // A universal static library: nothing that a loader takes.
        problems.nothingLost(Problem.Code.UNSUPPORTED, offset, name + "archive", -1, -1);
      } else {
        problems.partLost(Problem.Code.BAD_MAGIC, offset, name + "magic", -1, -1);
      }
    }
    return images;
  }

  private static boolean isThin(Bytes slice) {
    return slice.has(0, 4)
        && switch (slice.i32(0, ByteOrder.BIG_ENDIAN)) {
          case MachO.MH_MAGIC, MachO.MH_CIGAM, MachO.MH_MAGIC_64, MachO.MH_CIGAM_64 -> true;
          default -> false;
        };
  }

  private static boolean overlaps(List<long[]> taken, long start, long end) {
    for (long[] range : taken) {
      if (start < range[1] && end > range[0] || start == range[0]) {
        return true;
      }
    }
    return false;
  }
}
