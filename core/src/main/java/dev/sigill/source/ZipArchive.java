package dev.sigill.source;

import dev.sigill.bytes.Bytes;
import dev.sigill.bytes.Place;
import dev.sigill.bytes.Problem;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
import java.util.zip.Inflater;
import org.jspecify.annotations.Nullable;

/**
 * The central directory of a ZIP file (PKWARE's APPNOTE.TXT 6.3.10, section 4.3). Only entries that
 * it lists count; local headers are looked at when an entry is read.
 *
 * <p>Entries whose data overlap are refused (all but the one that reaches least far), so that no
 * byte of the file is unpacked twice; of entries with one name the last counts, as it would be left
 * by unpacking in order.
 */
final class ZipArchive {
  private static final int END_SIGNATURE = 0x06054b50;
  private static final int END_SIZE = 22;
  private static final int ZIP64_LOCATOR_SIGNATURE = 0x07064b50;
  private static final int ZIP64_LOCATOR_SIZE = 20;
  private static final int ZIP64_END_SIGNATURE = 0x06064b50;
  private static final int ZIP64_END_SIZE = 56;
  private static final int CENTRAL_SIGNATURE = 0x02014b50;
  private static final int CENTRAL_SIZE = 46;
  private static final int LOCAL_SIGNATURE = 0x04034b50;
  private static final int LOCAL_SIZE = 30;
  private static final int ZIP64_EXTRA = 1;
  private static final long IN_ZIP64 = 0xffff_ffffL;

  private static final int FLAG_ENCRYPTED = 1;
  private static final int FLAG_STRONG_ENCRYPTION = 1 << 6;
  private static final int FLAG_UTF8 = 1 << 11;
  private static final int MADE_BY_UNIX = 3;
  private static final int MADE_BY_DARWIN = 19;

  private final Bytes bytes;
  private final List<Entry> entries;
  private final Queue<Inflater> inflaters = new ConcurrentLinkedQueue<>();

  /**
   * An entry as the central directory has it.
   *
   * @param name path within the archive, checked
   * @param rawName bytes of the name, for comparison with the local header
   * @param method compression method
   * @param crc32 of the unpacked bytes
   * @param compressedSize bytes in the archive
   * @param size bytes unpacked
   * @param localHeader where its local header lies, from the start of the archive's bytes
   * @param isLink whether it is a symbolic link, whose content is where it leads
   * @param defect why it cannot be read, or null
   */
  record Entry(
      String name,
      byte[] rawName,
      int method,
      long crc32,
      long compressedSize,
      long size,
      long localHeader,
      boolean isLink,
      @Nullable Problem defect) {
    private Entry with(Problem newDefect) {
      return new Entry(
          name, rawName, method, crc32, compressedSize, size, localHeader, isLink, newDefect);
    }

    private long end() {
      return localHeader + LOCAL_SIZE + rawName.length + compressedSize;
    }
  }

  private record End(long entries, long size, long offset, long position) {}

  private ZipArchive(Bytes bytes, List<Entry> entries) {
    this.bytes = bytes;
    this.entries = entries;
  }

  static boolean matches(Bytes head) {
    if (!head.has(0, 4)) {
      return false;
    }
    int signature = head.i32(0, ByteOrder.LITTLE_ENDIAN);
    return signature == LOCAL_SIGNATURE || signature == END_SIGNATURE;
  }

  /** Whether a file with something else before it ends as an archive without a comment does. */
  static boolean endsAsArchive(Bytes bytes) {
    return bytes.has(0, END_SIZE)
        && bytes.i32(bytes.length() - END_SIZE, ByteOrder.LITTLE_ENDIAN) == END_SIGNATURE;
  }

  /**
   * Reads the central directory.
   *
   * @param most how many entries to read at most
   */
  static ZipArchive read(Bytes bytes, int most, Consumer<Problem> problems) {
    long endPosition = findEnd(bytes);
    if (endPosition < 0) {
      problems.accept(
          new Problem(
              Problem.Code.TRUNCATED,
              bytes.place(),
              "end of central directory record",
              -1,
              -1,
              Problem.Effect.FILE_LOST));
      return new ZipArchive(bytes, List.of());
    }
    End end = end(bytes, endPosition);
    long start = end.position() - end.size();
    long prepended = start - end.offset();
    if (end.size() < 0 || start < 0 || end.offset() < 0 || prepended < 0) {
      problems.accept(
          new Problem(
              Problem.Code.OUT_OF_RANGE,
              bytes.placeOf(endPosition),
              start < 0 || end.size() < 0
                  ? "size of the central directory"
                  : "offset of start of central directory",
              start < 0 || end.size() < 0 ? end.size() : end.offset(),
              end.position(),
              Problem.Effect.FILE_LOST));
      return new ZipArchive(bytes, List.of());
    }
    var reader = new Central(bytes, prepended, start, end.position(), problems);
    List<Entry> all = reader.read(most, end.entries());
    return new ZipArchive(
        bytes, withoutOverlaps(withoutDuplicates(all, bytes, problems), bytes, start));
  }

  List<Entry> entries() {
    return entries;
  }

  /** A decoder for the first bytes of an entry; to start one anew costs more than to reset it. */
  Inflater borrowInflater() {
    Inflater inflater = inflaters.poll();
    return inflater == null ? new Inflater(true) : inflater;
  }

  void giveBack(Inflater inflater) {
    inflater.reset();
    inflaters.add(inflater);
  }

  /** Lets the decoders go, once all entries were looked at. */
  void endInflaters() {
    for (Inflater inflater; (inflater = inflaters.poll()) != null; ) {
      inflater.end();
    }
  }

  /** The packed bytes of an entry. */
  Bytes data(Entry entry) throws UnreadableException {
    if (entry.defect() != null) {
      throw new UnreadableException(entry.defect());
    }
    long at = entry.localHeader();
    if (!bytes.has(at, LOCAL_SIZE)) {
      throw bad(
          at, Problem.Code.OUT_OF_RANGE, "relative offset of local header", at, bytes.length());
    }
    if (bytes.i32(at, ByteOrder.LITTLE_ENDIAN) != LOCAL_SIGNATURE) {
      throw bad(
          at,
          Problem.Code.BAD_MAGIC,
          "local file header signature",
          bytes.u32(at, ByteOrder.LITTLE_ENDIAN),
          LOCAL_SIGNATURE);
    }
    int nameLength = bytes.u16(at + 26, ByteOrder.LITTLE_ENDIAN);
    int extraLength = bytes.u16(at + 28, ByteOrder.LITTLE_ENDIAN);
    long start = at + LOCAL_SIZE + nameLength + extraLength;
    if (!bytes.has(start, entry.compressedSize())) {
      throw bad(
          at,
          Problem.Code.OUT_OF_RANGE,
          "compressed size",
          entry.compressedSize(),
          Math.max(bytes.length() - start, 0));
    }
    if (nameLength != entry.rawName().length
        || !java.util.Arrays.equals(bytes.array(at + LOCAL_SIZE, nameLength), entry.rawName())) {
      throw bad(at + LOCAL_SIZE, Problem.Code.BAD_VALUE, "file name of local header", -1, -1);
    }
    return bytes.slice(start, entry.compressedSize());
  }

  private UnreadableException bad(
      long at, Problem.Code code, String field, long actual, long limit) {
    return new UnreadableException(
        new Problem(code, bytes.placeOf(at), field, actual, limit, Problem.Effect.PART_LOST));
  }

  private static long findEnd(Bytes bytes) {
    long last = bytes.length() - END_SIZE;
    long first = Math.max(0, last - 0xffff);
    for (long at = last; at >= first; at--) {
      if (bytes.u8(at) == 'P'
          && bytes.i32(at, ByteOrder.LITTLE_ENDIAN) == END_SIGNATURE
          && bytes.has(at + END_SIZE, bytes.u16(at + 20, ByteOrder.LITTLE_ENDIAN))) {
        return at;
      }
    }
    return -1;
  }

  /** The end record, with the values of the ZIP64 one where there is one. */
  private static End end(Bytes bytes, long position) {
    long entries = bytes.u16(position + 10, ByteOrder.LITTLE_ENDIAN);
    long size = bytes.u32(position + 12, ByteOrder.LITTLE_ENDIAN);
    long offset = bytes.u32(position + 16, ByteOrder.LITTLE_ENDIAN);
    long locator = position - ZIP64_LOCATOR_SIZE;
    if (locator >= 0 && bytes.i32(locator, ByteOrder.LITTLE_ENDIAN) == ZIP64_LOCATOR_SIGNATURE) {
      long written = bytes.i64(locator + 8, ByteOrder.LITTLE_ENDIAN);
      // What was put before the archive is not counted in its offsets.
      for (long at : new long[] {written, locator - ZIP64_END_SIZE}) {
        if (bytes.has(at, ZIP64_END_SIZE)
            && at <= locator - ZIP64_END_SIZE
            && bytes.i32(at, ByteOrder.LITTLE_ENDIAN) == ZIP64_END_SIGNATURE) {
          long entries64 = bytes.i64(at + 32, ByteOrder.LITTLE_ENDIAN);
          long size64 = bytes.i64(at + 40, ByteOrder.LITTLE_ENDIAN);
          long offset64 = bytes.i64(at + 48, ByteOrder.LITTLE_ENDIAN);
          if ((entries == 0xffff || entries == entries64)
              && (size == IN_ZIP64 || size == size64)
              && (offset == IN_ZIP64 || offset == offset64)) {
            return new End(entries64, size64, offset64, at);
          }
        }
      }
    }
    return new End(entries, size, offset, position);
  }

  private static List<Entry> withoutDuplicates(
      List<Entry> all, Bytes bytes, Consumer<Problem> problems) {
    Map<String, Integer> last = HashMap.newHashMap(all.size());
    boolean isUnique = true;
    for (int i = 0; i < all.size(); i++) {
      isUnique &= last.put(all.get(i).name(), i) == null;
    }
    if (isUnique) {
      return all;
    }
    var kept = new ArrayList<Entry>(last.size());
    for (int i = 0; i < all.size(); i++) {
      Entry entry = all.get(i);
      if (last.get(entry.name()) == i) {
        kept.add(entry);
      } else if (!TextNames.matches(entry.name())) {
        problems.accept(
            new Problem(
                Problem.Code.BAD_VALUE,
                Place.of(bytes.place().file() + "!/" + entry.name()),
                "file name (more than one entry has it)",
                -1,
                -1,
                Problem.Effect.PART_LOST));
      }
    }
    return kept;
  }

  private static List<Entry> withoutOverlaps(List<Entry> all, Bytes bytes, long central) {
    Integer[] order = new Integer[all.size()];
    java.util.Arrays.setAll(order, i -> i);
    java.util.Arrays.sort(order, Comparator.comparingLong(i -> all.get(i).localHeader()));
    List<Entry> checked = null;
    long next = central;
    for (int i = order.length - 1; i >= 0; i--) {
      Entry entry = all.get(order[i]);
      if (entry.defect() != null) {
        continue;
      }
      if (entry.end() > next) {
        checked = checked == null ? new ArrayList<>(all) : checked;
        checked.set(
            order[i],
            entry.with(
                new Problem(
                    Problem.Code.OUT_OF_RANGE,
                    Place.of(bytes.place().file() + "!/" + entry.name()),
                    "compressed size (reaches into what follows)",
                    entry.compressedSize(),
                    Math.max(next - entry.localHeader(), 0),
                    Problem.Effect.PART_LOST)));
      } else {
        next = entry.localHeader();
      }
    }
    return checked == null ? all : checked;
  }

  /** Reads central directory headers (section 4.3.12). */
  private static final class Central {
    private final Bytes bytes;
    private final long prepended;
    private final long start;
    private final long end;
    private final Consumer<Problem> problems;

    Central(Bytes bytes, long prepended, long start, long end, Consumer<Problem> problems) {
      this.bytes = bytes;
      this.prepended = prepended;
      this.start = start;
      this.end = end;
      this.problems = problems;
    }

    List<Entry> read(int most, long promised) {
      var entries = new ArrayList<Entry>(Math.clamp(promised, 0, 1 << 16));
      long at = start;
      int count = 0;
      while (end - at >= CENTRAL_SIZE) {
        if (bytes.i32(at, ByteOrder.LITTLE_ENDIAN) != CENTRAL_SIGNATURE) {
          problem(
              Problem.Code.BAD_MAGIC,
              at,
              "central file header signature",
              bytes.u32(at, ByteOrder.LITTLE_ENDIAN),
              CENTRAL_SIGNATURE);
          return entries;
        }
        if (count == most) {
          problem(Problem.Code.LIMIT, at, "number of entries", promised, most);
          return entries;
        }
        int nameLength = bytes.u16(at + 28, ByteOrder.LITTLE_ENDIAN);
        int extraLength = bytes.u16(at + 30, ByteOrder.LITTLE_ENDIAN);
        int commentLength = bytes.u16(at + 32, ByteOrder.LITTLE_ENDIAN);
        long size = (long) CENTRAL_SIZE + nameLength + extraLength + commentLength;
        if (size > end - at) {
          problem(Problem.Code.TRUNCATED, at, "central directory header", size, end - at);
          return entries;
        }
        Entry entry = entry(at, nameLength, extraLength);
        if (entry != null) {
          entries.add(entry);
        }
        at += size;
        count++;
      }
      if ((count & 0xffff) != (promised & 0xffff)) {
        problems.accept(
            new Problem(
                Problem.Code.BAD_VALUE,
                bytes.placeOf(end),
                "total number of entries in the central directory",
                promised,
                count,
                Problem.Effect.NOTHING_LOST));
      }
      return entries;
    }

    private void problem(Problem.Code code, long at, String field, long actual, long limit) {
      problems.accept(
          new Problem(code, bytes.placeOf(at), field, actual, limit, Problem.Effect.PART_LOST));
    }

    /** An entry, or null for a folder or a name that leads out of the archive. */
    private @Nullable Entry entry(long at, int nameLength, int extraLength) {
      int madeBy = bytes.u8(at + 5);
      int flags = bytes.u16(at + 8, ByteOrder.LITTLE_ENDIAN);
      byte[] rawName = bytes.array(at + CENTRAL_SIZE, nameLength);
      String written = text(rawName, (flags & FLAG_UTF8) != 0);
      if (written.endsWith("/") || written.endsWith("\\")) {
        return null;
      }
      String name = MemberName.of(written);
      if (name == null) {
        problem(Problem.Code.PATH_ESCAPE, at, "file name " + Printable.of(written), -1, -1);
        return null;
      }
      long compressedSize = bytes.u32(at + 20, ByteOrder.LITTLE_ENDIAN);
      long size = bytes.u32(at + 24, ByteOrder.LITTLE_ENDIAN);
      long localHeader = bytes.u32(at + 42, ByteOrder.LITTLE_ENDIAN);
      Problem defect = null;
      if (size == IN_ZIP64 || compressedSize == IN_ZIP64 || localHeader == IN_ZIP64) {
        // Section 4.5.3: only the fields that say so are in the extra field, in this order.
        long field = zip64Extra(at + CENTRAL_SIZE + nameLength, extraLength);
        int fieldSize = field < 0 ? 0 : bytes.u16(field + 2, ByteOrder.LITTLE_ENDIAN);
        long value = field + 4;
        long stop = value + fieldSize;
        if (field >= 0 && size == IN_ZIP64 && value + 8 <= stop) {
          size = bytes.i64(value, ByteOrder.LITTLE_ENDIAN);
          value += 8;
        }
        if (field >= 0 && compressedSize == IN_ZIP64 && value + 8 <= stop) {
          compressedSize = bytes.i64(value, ByteOrder.LITTLE_ENDIAN);
          value += 8;
        }
        if (field >= 0 && localHeader == IN_ZIP64 && value + 8 <= stop) {
          localHeader = bytes.i64(value, ByteOrder.LITTLE_ENDIAN);
        }
      }
      if (size < 0 || compressedSize < 0 || compressedSize > bytes.length()) {
        defect =
            defect(
                at,
                Problem.Code.OUT_OF_RANGE,
                size < 0 ? "uncompressed size" : "compressed size",
                size < 0 ? size : compressedSize,
                bytes.length());
      } else if (localHeader < 0 || localHeader > start - prepended) {
        defect =
            defect(
                at,
                Problem.Code.OUT_OF_RANGE,
                "relative offset of local header",
                localHeader,
                start);
      } else if ((flags & (FLAG_ENCRYPTED | FLAG_STRONG_ENCRYPTION)) != 0) {
        defect =
            defect(
                at,
                Problem.Code.UNSUPPORTED,
                "general purpose bit flag (encrypted) of " + Printable.of(written),
                flags,
                -1);
      }
      int mode = bytes.u16(at + 40, ByteOrder.LITTLE_ENDIAN);
      boolean isLink =
          (madeBy == MADE_BY_UNIX || madeBy == MADE_BY_DARWIN) && (mode & 0xf000) == 0xa000;
      return new Entry(
          name,
          rawName,
          bytes.u16(at + 10, ByteOrder.LITTLE_ENDIAN),
          bytes.u32(at + 16, ByteOrder.LITTLE_ENDIAN),
          compressedSize,
          size,
          defect == null ? localHeader + prepended : 0,
          isLink,
          defect);
    }

    private Problem defect(long at, Problem.Code code, String field, long actual, long limit) {
      return new Problem(code, bytes.placeOf(at), field, actual, limit, Problem.Effect.PART_LOST);
    }

    private long zip64Extra(long at, int length) {
      long stop = at + length;
      while (at + 4 <= stop) {
        int size = bytes.u16(at + 2, ByteOrder.LITTLE_ENDIAN);
        if (at + 4 + size > stop) {
          return -1;
        }
        if (bytes.u16(at, ByteOrder.LITTLE_ENDIAN) == ZIP64_EXTRA) {
          return at;
        }
        at += 4 + size;
      }
      return -1;
    }

    private static String text(byte[] raw, boolean isUtf8) {
      boolean isAscii = true;
      for (byte b : raw) {
        isAscii &= b >= 0;
      }
      if (isAscii) {
        return new String(raw, StandardCharsets.ISO_8859_1);
      }
      if (isUtf8) {
        return new String(raw, StandardCharsets.UTF_8);
      }
      // Many writers put UTF-8 without saying so; the old code page is the fallback in spirit.
      try {
        return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(raw)).toString();
      } catch (CharacterCodingException e) {
        return new String(raw, StandardCharsets.ISO_8859_1);
      }
    }
  }
}
