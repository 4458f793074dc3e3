package dev.sigill.source;

import dev.sigill.bytes.Bytes;
import dev.sigill.bytes.Place;
import dev.sigill.bytes.Problem;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Reads a tar archive once, from front to back: POSIX.1-2024 {@code pax}, "ustar Interchange
 * Format" and "pax Interchange Format", with GNU's long names, and archives from before ustar.
 * Sparse files are named as problems and skipped.
 */
final class TarArchive {
  static final int BLOCK = 512;

  private static final int LONGEST_NAME = 1 << 16;
  private static final int LARGEST_PAX_HEADER = 1 << 20;
  private static final int CHECKSUM = 148;
  private static final int TYPE_FLAG = 156;

  private final Input input;
  private final Prefix prefix;
  private final int most;
  private final Visitor visitor;
  private final Consumer<Problem> problems;

  /** Is shown the entries in their order. */
  interface Visitor {
    /** A file; its content can be read until this returns, or kept. */
    void file(String name, Content content) throws IOException;

    /** A link; {@code target} is relative to the archive's root, or null where it leads out. */
    void link(String name, @Nullable String target);
  }

  private TarArchive(
      Input input, Prefix prefix, int most, Visitor visitor, Consumer<Problem> problems) {
    this.input = input;
    this.prefix = prefix;
    this.most = most;
    this.visitor = visitor;
    this.problems = problems;
  }

  /** Whether the first block of a file is a tar header: its checksum decides. */
  static boolean matches(Bytes head) {
    if (!head.has(0, BLOCK) || head.u8(0) == 0) {
      return false;
    }
    byte[] block = head.array(0, BLOCK);
    return number(block, CHECKSUM, 8) > 0 && isChecksumRight(block);
  }

  /** Reads an archive that lies in memory; its files are parts of it. */
  static void read(
      Bytes bytes,
      String identity,
      Prefix prefix,
      int most,
      Visitor visitor,
      Consumer<Problem> problems)
      throws IOException {
    var input = new MappedInput(bytes, identity);
    new TarArchive(input, prefix, most, visitor, problems).read();
  }

  /** Reads an archive that comes out of a decoder. */
  static void read(
      InputStream stream,
      String identity,
      Prefix prefix,
      int most,
      Visitor visitor,
      Consumer<Problem> problems)
      throws IOException {
    var input = new PassingInput(stream, identity);
    new TarArchive(input, prefix, most, visitor, problems).read();
  }

  private void read() throws IOException {
    Map<String, String> global = new HashMap<>();
    Map<String, String> pax = new HashMap<>();
    @Nullable String longName = null;
    @Nullable String longLink = null;
    boolean wasZero = false;
    int count = 0;
    var block = new byte[BLOCK];
    while (true) {
      long at = input.position();
      int got = input.read(block, BLOCK);
      if (got == 0) {
        return;
      }
      if (got < BLOCK) {
        problem(Problem.Code.TRUNCATED, at, "header block", got, BLOCK);
        return;
      }
      if (isZero(block)) {
        if (wasZero) {
          return;
        }
        wasZero = true;
        continue;
      }
      wasZero = false;
      if (!isChecksumRight(block)) {
        problem(
            Problem.Code.CORRUPT, at, "chksum", number(block, CHECKSUM, 8), checksum(block, false));
        return;
      }
      if (++count > most) {
        problem(Problem.Code.LIMIT, at, "number of entries", count, most);
        return;
      }
      long size = number(block, 124, 12);
      @Nullable String paxSize = pax.getOrDefault("size", global.get("size"));
      if (paxSize != null) {
        size = decimal(paxSize);
      }
      char type = (char) (block[TYPE_FLAG] & 0xff);
      boolean hasData =
          switch (type) {
            case '1', '2', '3', '4', '5', '6' -> false;
            default -> true;
          };
      if (size < 0 || size > Long.MAX_VALUE - BLOCK - at) {
        problem(Problem.Code.BAD_VALUE, at, "size", size, -1);
        return;
      }
      // A hard link or folder has no data, whatever its size says (pax, "typeflag").
      long data = hasData ? size : 0;
      long start = input.position();
      switch (type) {
        case 'L', 'K' -> {
          @Nullable String text = text(at, size, LONGEST_NAME, "long name");
          if (type == 'L') {
            longName = text;
          } else {
            longLink = text;
          }
        }
        case 'x', 'X', 'g' -> {
          byte[] records = payload(at, size, LARGEST_PAX_HEADER, "pax extended header");
          if (records != null) {
            parsePax(records, at, type == 'g' ? global : pax);
          }
        }
        default -> {
          String name = longName != null ? longName : paxOr("path", pax, global, name(block));
          String link =
              longLink != null ? longLink : paxOr("linkpath", pax, global, text(block, 157, 100));
          boolean isSparse =
              type == 'S' || pax.keySet().stream().anyMatch(k -> k.startsWith("GNU.sparse."));
          if (type == 'S') {
            for (boolean goesOn = block[482] != 0; goesOn; goesOn = block[504] != 0) {
              if (input.read(block, BLOCK) < BLOCK) {
                problem(Problem.Code.TRUNCATED, at, "sparse header", -1, -1);
                return;
              }
            }
            start = input.position();
          }
          entry(at, type, name, link, data, isSparse);
          longName = null;
          longLink = null;
          pax.clear();
        }
      }
      long next = start + data + (BLOCK - data % BLOCK) % BLOCK;
      if (!input.skipTo(next) && input.position() < start + data) {
        problem(Problem.Code.TRUNCATED, at, "size", data, input.position() - start);
        return;
      }
    }
  }

  private void entry(long at, char type, String written, String link, long size, boolean isSparse)
      throws IOException {
    if (written.endsWith("/") && type != '2') {
      return;
    }
    @Nullable String name = MemberName.of(written);
    if (name == null) {
      if (type != '5' && !written.equals(".") && !written.equals("./")) {
        problem(Problem.Code.PATH_ESCAPE, at, "name " + Printable.of(written), -1, -1);
      }
      return;
    }
    switch (type) {
      case '0', '\0', '7' -> {
        if (isSparse) {
          unsupported(name, "sparse file");
        } else {
          Content content = input.content(prefix.child(name).address(), name, size);
          visitor.file(name, content);
        }
      }
      case 'S' -> unsupported(name, "sparse file");
      case '1' -> visitor.link(name, MemberName.of(link));
      case '2' -> visitor.link(name, MemberName.resolve(MemberName.folder(name), link));
      case '3', '4', '6' -> {
        // Devices and pipes have no content.
      }
      default -> {
        // POSIX: other types are to be treated as plain files; vendors' own ones hold no file.
      }
    }
  }

  private void unsupported(String name, String what) {
    if (!TextNames.matches(name)) {
      problems.accept(
          new Problem(
              Problem.Code.UNSUPPORTED,
              Place.of(prefix.child(name).address()),
              what,
              -1,
              -1,
              Problem.Effect.FILE_LOST));
    }
  }

  private void problem(Problem.Code code, long at, String field, long actual, long limit) {
    String archive = prefix.address();
    if (archive.endsWith("!/")) {
      archive = archive.substring(0, archive.length() - 2);
    }
    problems.accept(
        new Problem(
            code, new Place(archive, at), "tar " + field, actual, limit, Problem.Effect.PART_LOST));
  }

  private byte @Nullable [] payload(long at, long size, int most, String field) throws IOException {
    if (size > most) {
      problem(Problem.Code.LIMIT, at, field, size, most);
      return null;
    }
    var out = new byte[(int) size];
    if (input.read(out, out.length) < out.length) {
      problem(Problem.Code.TRUNCATED, at, field, size, -1);
      return null;
    }
    return out;
  }

  private @Nullable String text(long at, long size, int most, String field) throws IOException {
    byte[] raw = payload(at, size, most, field);
    return raw == null ? null : text(raw, 0, raw.length);
  }

  private static String paxOr(
      String key, Map<String, String> pax, Map<String, String> global, String other) {
    return pax.getOrDefault(key, global.getOrDefault(key, other));
  }

  /** Records are {@code "%d %s=%s\n", length, keyword, value}. */
  private void parsePax(byte[] records, long at, Map<String, String> into) {
    int start = 0;
    while (start < records.length && records[start] != 0) {
      int length = 0;
      int i = start;
      while (i < records.length && records[i] >= '0' && records[i] <= '9' && length < (1 << 24)) {
        length = length * 10 + records[i++] - '0';
      }
      int stop = start + length;
      if (i >= records.length || records[i] != ' ' || length < 5 || stop > records.length) {
        problem(Problem.Code.BAD_VALUE, at, "pax extended header", length, records.length);
        return;
      }
      String record = new String(records, i + 1, stop - i - 2, StandardCharsets.UTF_8);
      int equals = record.indexOf('=');
      if (equals > 0) {
        into.put(record.substring(0, equals), record.substring(equals + 1));
      }
      start = stop;
    }
  }

  private static String name(byte[] block) {
    String name = text(block, 0, 100);
    // Only ustar proper has the prefix; GNU's own format keeps times there.
    boolean isPosix = block[257] == 'u' && block[262] == 0;
    String before = isPosix ? text(block, 345, 155) : "";
    return before.isEmpty() ? name : before + "/" + name;
  }

  private static String text(byte[] block, int start, int length) {
    int stop = start;
    while (stop < start + length && block[stop] != 0) {
      stop++;
    }
    return new String(block, start, stop - start, StandardCharsets.UTF_8);
  }

  /** An octal number, or one in base 256 where the first bit is set; -1 where it is neither. */
  private static long number(byte[] block, int start, int length) {
    if ((block[start] & 0x80) != 0) {
      long value = block[start] & 0x3f;
      if ((block[start] & 0x40) != 0) {
        return -1;
      }
      for (int i = start + 1; i < start + length; i++) {
        if (value >>> 55 != 0) {
          return -1;
        }
        value = value << 8 | block[i] & 0xff;
      }
      return value;
    }
    int i = start;
    while (i < start + length && block[i] == ' ') {
      i++;
    }
    long value = 0;
    for (; i < start + length && block[i] != 0 && block[i] != ' '; i++) {
      if (block[i] < '0' || block[i] > '7') {
        return -1;
      }
      value = value << 3 | block[i] - '0';
    }
    return value;
  }

  private static long decimal(String text) {
    try {
      return Long.parseLong(text.strip());
    } catch (NumberFormatException e) {
      return -1;
    }
  }

  private static boolean isZero(byte[] block) {
    for (byte b : block) {
      if (b != 0) {
        return false;
      }
    }
    return true;
  }

  private static boolean isChecksumRight(byte[] block) {
    long written = number(block, CHECKSUM, 8);
    return written == checksum(block, false) || written == checksum(block, true);
  }

  /** The sum of all bytes with the checksum's own as spaces; some old writers took them signed. */
  private static long checksum(byte[] block, boolean isSigned) {
    long sum = 8 * ' ';
    for (int i = 0; i < BLOCK; i++) {
      if (i < CHECKSUM || i >= CHECKSUM + 8) {
        sum += isSigned ? block[i] : block[i] & 0xff;
      }
    }
    return sum;
  }

  private interface Input {
    long position();

    /** Reads as many bytes as there are, up to {@code size}. */
    int read(byte[] target, int size) throws IOException;

    /** False where the input ends before. */
    boolean skipTo(long newPosition) throws IOException;

    Content content(String address, String name, long size) throws IOException;
  }

  private static final class MappedInput implements Input {
    private final Bytes bytes;
    private final String identity;
    private long position;

    MappedInput(Bytes bytes, String identity) {
      this.bytes = bytes;
      this.identity = identity;
    }

    @Override
    public long position() {
      return position;
    }

    @Override
    public int read(byte[] target, int size) {
      int count = (int) Math.min(size, bytes.length() - position);
      bytes.read(position, target, 0, count);
      position += count;
      return count;
    }

    @Override
    public boolean skipTo(long newPosition) {
      boolean isInside = newPosition <= bytes.length();
      position = isInside ? newPosition : bytes.length();
      return isInside;
    }

    @Override
    public Content content(String address, String name, long size) throws IOException {
      if (!bytes.has(position, size)) {
        throw new UnreadableException(
            new Problem(
                Problem.Code.TRUNCATED,
                Place.of(address),
                "tar size",
                size,
                bytes.length() - position,
                Problem.Effect.FILE_LOST));
      }
      return new MemoryContent(
          Bytes.of(bytes.slice(position, size).segment(), Place.of(address)),
          identity + "!/" + name + "|" + size + "|" + position);
    }
  }

  private static final class PassingInput implements Input {
    private final InputStream stream;
    private final String identity;
    private long position;

    PassingInput(InputStream stream, String identity) {
      this.stream = stream;
      this.identity = identity;
    }

    @Override
    public long position() {
      return position;
    }

    @Override
    public int read(byte[] target, int size) throws IOException {
      int count = stream.readNBytes(target, 0, size);
      position += count;
      return count;
    }

    @Override
    public boolean skipTo(long newPosition) throws IOException {
      var waste = new byte[1 << 14];
      while (position < newPosition) {
        int count = stream.read(waste, 0, (int) Math.min(waste.length, newPosition - position));
        if (count < 0) {
          return false;
        }
        position += count;
      }
      return true;
    }

    @Override
    public Content content(String address, String name, long size) {
      return new PassingContent(
          this, address, identity + "!/" + name + "|" + size + "|" + position, size);
    }
  }

  /** A file that can be read only while the archive stands at it. */
  private static final class PassingContent implements Content {
    private final PassingInput input;
    private final String address;
    private final String identity;
    private final long size;
    private final long start;
    private byte[] window = new byte[0];

    PassingContent(PassingInput input, String address, String identity, long size) {
      this.input = input;
      this.address = address;
      this.identity = identity;
      this.size = size;
      this.start = input.position();
    }

    @Override
    public long size() {
      return size;
    }

    @Override
    public String identity() {
      return identity;
    }

    @Override
    public Bytes head(int wanted) throws IOException {
      int count = (int) Math.min(wanted, size);
      if (window.length < count) {
        var larger = java.util.Arrays.copyOf(window, count);
        var rest = new byte[count - window.length];
        int got = input.read(rest, rest.length);
        System.arraycopy(rest, 0, larger, window.length, got);
        window = java.util.Arrays.copyOf(larger, window.length + got);
      }
      return Bytes.of(window, address).slice(0, Math.min(count, window.length));
    }

    @Override
    public Bytes bytes(Room room) throws IOException {
      room.budget().check(Long.MAX_VALUE, size, Place.of(address));
      return room.unpack(Unpacking.of(stream()), size, Place.of(address));
    }

    @Override
    public InputStream stream() {
      return new SequenceInputStream(new ByteArrayInputStream(window), new Rest());
    }

    @Override
    public Content keep(Room room) throws IOException {
      return new MemoryContent(bytes(room), identity);
    }

    private final class Rest extends InputStream {
      @Override
      public int read() throws IOException {
        var one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
      }

      @Override
      public int read(byte[] target, int offset, int length) throws IOException {
        long left = start + size - input.position;
        if (left <= 0) {
          return -1;
        }
        int count = input.stream.read(target, offset, (int) Math.min(length, left));
        if (count > 0) {
          input.position += count;
        }
        return count;
      }
    }
  }
}
