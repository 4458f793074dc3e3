package dev.sigill.source;

import dev.sigill.bytes.Bytes;
import dev.sigill.bytes.Place;
import dev.sigill.bytes.Problem;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * A packed entry of a ZIP file.
 *
 * @param archive the archive
 * @param entry which entry
 * @param address of the entry
 * @param container the archive's identity
 * @param budget bounds the unpacking
 */
record ZipContent(
    ZipArchive archive, ZipArchive.Entry entry, String address, String container, Budget budget)
    implements Content {
  private static final int STORED = 0;
  private static final int DEFLATED = 8;
  private static final int BZIP2 = 12;
  private static final int ZSTANDARD = 93;
  private static final int XZ = 95;

  /** Input is handed to the decoder in parts, as a buffer holds 2 GB at most. */
  private static final long WINDOW = 1L << 24;

  /** A stored entry is a part of the archive's bytes. */
  static Content of(
      ZipArchive archive, ZipArchive.Entry entry, String address, String container, Budget budget)
      throws UnreadableException {
    var content = new ZipContent(archive, entry, address, container, budget);
    if (entry.method() != STORED) {
      return content;
    }
    Bytes data = archive.data(entry);
    if (entry.size() != entry.compressedSize()) {
      throw content.bad(
          Problem.Code.BAD_VALUE, "uncompressed size", entry.size(), entry.compressedSize());
    }
    return new MemoryContent(Bytes.of(data.segment(), Place.of(address)), content.identity());
  }

  @Override
  public long size() {
    return entry.size();
  }

  @Override
  public String identity() {
    return container
        + "!/"
        + entry.name()
        + "|"
        + entry.size()
        + "|"
        + Long.toHexString(entry.crc32());
  }

  @Override
  public Bytes head(int size) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate((int) Math.min(size, entry.size()));
    if (entry.method() == DEFLATED) {
      Inflater inflater = archive.borrowInflater();
      var inflation = new Inflation(inflater, archive.data(entry));
      while (buffer.hasRemaining() && inflation.fill(buffer) >= 0) {}
      archive.giveBack(inflater);
    } else {
      try (Decoder decoder = decoder()) {
        while (buffer.hasRemaining() && decoder.fill(buffer) >= 0) {}
      }
    }
    return Bytes.of(buffer.array(), address).slice(0, buffer.position());
  }

  @Override
  public Bytes bytes(Room room) throws IOException {
    check();
    var crc = new CRC32();
    try (Decoder decoder = decoder()) {
      Bytes unpacked =
          room.unpack(
              target -> {
                int start = target.position();
                int count = decoder.fill(target);
                if (count > 0) {
                  crc.update(target.duplicate().position(start).limit(start + count));
                }
                return count;
              },
              entry.size(),
              Place.of(address));
      if (crc.getValue() != entry.crc32()) {
        throw bad(Problem.Code.CORRUPT, "crc-32", crc.getValue(), entry.crc32());
      }
      return unpacked;
    }
  }

  @Override
  public void check() throws UnreadableException {
    budget.check(entry.compressedSize(), entry.size(), Place.of(address));
  }

  @Override
  public InputStream stream() throws IOException {
    Decoder decoder = decoder();
    return new InputStream() {
      @Override
      public int read() throws IOException {
        var one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
      }

      @Override
      public int read(byte[] target, int offset, int length) throws IOException {
        return length == 0 ? 0 : decoder.fill(ByteBuffer.wrap(target, offset, length));
      }

      @Override
      public void close() {
        decoder.close();
      }
    };
  }

  @Override
  public Content keep(Room room) {
    return this;
  }

  private Decoder decoder() throws IOException {
    Bytes data = archive.data(entry);
    return switch (entry.method()) {
      case DEFLATED -> new Inflation(new Inflater(true), data);
      case BZIP2 -> new Streamed(Compression.BZIP2.open(data, budget));
      case ZSTANDARD -> new Streamed(Compression.ZSTD.open(data, budget));
      case XZ -> new Streamed(Compression.XZ.open(data, budget));
      default -> throw bad(Problem.Code.UNSUPPORTED, "compression method", entry.method(), -1);
    };
  }

  private UnreadableException bad(Problem.Code code, String field, long actual, long limit) {
    return new UnreadableException(
        new Problem(code, Place.of(address), field, actual, limit, Problem.Effect.FILE_LOST));
  }

  private interface Decoder extends Unpacking, AutoCloseable {
    @Override
    void close();
  }

  private static final class Streamed implements Decoder {
    private final InputStream stream;
    private final Unpacking unpacking;

    Streamed(InputStream stream) {
      this.stream = stream;
      this.unpacking = Unpacking.of(stream);
    }

    @Override
    public int fill(ByteBuffer target) throws IOException {
      return unpacking.fill(target);
    }

    @Override
    public void close() {
      try {
        stream.close();
      } catch (IOException e) {
        // Nothing is written, so nothing can be lost.
      }
    }
  }

  private final class Inflation implements Decoder {
    private final Inflater inflater;
    private final MemorySegment packed;
    private long position;

    Inflation(Inflater inflater, Bytes packed) {
      this.inflater = inflater;
      this.packed = packed.segment();
    }

    @Override
    public int fill(ByteBuffer target) throws IOException {
      try {
        while (true) {
          int count = inflater.inflate(target);
          if (count > 0) {
            return count;
          }
          if (inflater.finished()) {
            return -1;
          }
          if (!inflater.needsInput() || position == packed.byteSize()) {
            throw bad(
                Problem.Code.CORRUPT, "file data", inflater.getBytesRead(), packed.byteSize());
          }
          long size = Math.min(WINDOW, packed.byteSize() - position);
          inflater.setInput(packed.asSlice(position, size).asByteBuffer());
          position += size;
        }
      } catch (DataFormatException e) {
        throw bad(Problem.Code.CORRUPT, "file data", inflater.getBytesRead(), packed.byteSize());
      }
    }

    @Override
    public void close() {
      inflater.end();
    }
  }
}
