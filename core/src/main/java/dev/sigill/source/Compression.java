package dev.sigill.source;

import dev.sigill.bytes.Bytes;
import dev.sigill.bytes.Problem;
import dev.sigill.source.zstd.ZstandardException;
import dev.sigill.source.zstd.ZstandardInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteOrder;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorInputStream;
import org.jspecify.annotations.Nullable;
import org.tukaani.xz.XZInputStream;

/** Ways in which a single stream of bytes is packed. */
enum Compression {
  GZIP(".gz"),
  XZ(".xz"),
  BZIP2(".bz2"),
  ZSTD(".zst");

  /** Decoders that need more memory than this are refused; {@code xz -9} needs 65 MB. */
  private static final int LARGEST_DICTIONARY_KIB = 256 << 10;

  private static final int BUFFER = 1 << 16;

  private final String suffix;

  Compression(String suffix) {
    this.suffix = suffix;
  }

  /** Which one a file's first bytes show, or null. */
  static @Nullable Compression of(Bytes head) {
    if (!head.has(0, 6)) {
      return null;
    }
    int first = head.i32(0, ByteOrder.BIG_ENDIAN);
    if (first >>> 8 == 0x1f8b08) {
      return GZIP; // RFC 1952, 2.3.1
    }
    if (first == 0xfd377a58 && head.u16(4, ByteOrder.BIG_ENDIAN) == 0x5a00) {
      return XZ; // The .xz File Format, 2.1.1.1
    }
    if (first >>> 8 == 0x425a68 && (first & 0xff) >= '1' && (first & 0xff) <= '9') {
      return BZIP2;
    }
    return first == 0x28b52ffd ? ZSTD : null; // RFC 8878, 3.1.1
  }

  /** A name without this compression's suffix: {@code x.tgz} becomes {@code x.tar}. */
  String strip(String name) {
    if (name.endsWith(suffix)) {
      return name.substring(0, name.length() - suffix.length());
    }
    for (String shortTar : new String[] {".tgz", ".txz", ".tbz2", ".tbz", ".tzst"}) {
      if (name.endsWith(shortTar)) {
        return name.substring(0, name.length() - shortTar.length()) + ".tar";
      }
    }
    return name;
  }

  /**
   * The unpacked bytes. Whatever is wrong with the packed ones comes as an {@link
   * UnreadableException} from reading, as does growth beyond the budget's limits.
   */
  InputStream open(Bytes packed, Budget budget) {
    return new Guarded(this, packed, budget);
  }

  private InputStream decoder(Bytes packed, SegmentInputStream source) throws IOException {
    return switch (this) {
      case ZSTD -> new ZstandardInputStream(packed);
      case GZIP -> new GZIPInputStream(source, BUFFER);
      case XZ ->
          new XZInputStream(
              new java.io.BufferedInputStream(source, BUFFER), LARGEST_DICTIONARY_KIB);
      case BZIP2 ->
          new BZip2CompressorInputStream(new java.io.BufferedInputStream(source, BUFFER), true);
    };
  }

  /** Turns what decoders throw at damaged input into problems, and stops what grows too much. */
  private static final class Guarded extends InputStream {
    private final Compression compression;
    private final SegmentInputStream source;
    private final Bytes packed;
    private final Budget budget;
    private @Nullable InputStream decoder;
    private @Nullable UnreadableException failure;
    private long unpacked;

    Guarded(Compression compression, Bytes packed, Budget budget) {
      this.compression = compression;
      this.source = new SegmentInputStream(packed);
      this.packed = packed;
      this.budget = budget;
    }

    @Override
    public int read() throws IOException {
      var one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      if (failure != null) {
        throw failure;
      }
      int count;
      try {
        if (decoder == null) {
          decoder = compression.decoder(packed, source);
        }
        count = decoder.read(target, offset, length);
      } catch (java.io.EOFException e) {
        throw problem(Problem.Code.TRUNCATED, "");
      } catch (org.tukaani.xz.MemoryLimitException e) {
        throw problem(Problem.Code.LIMIT, "dictionary size");
      } catch (OutOfMemoryError e) {
        throw problem(Problem.Code.LIMIT, "need of memory");
      } catch (ZstandardException e) {
        throw problem(
            switch (e.kind()) {
              case TRUNCATED -> Problem.Code.TRUNCATED;
              case CORRUPT -> Problem.Code.CORRUPT;
              case UNSUPPORTED -> Problem.Code.UNSUPPORTED;
            },
            e.field());
      } catch (IOException | RuntimeException e) {
        throw problem(Problem.Code.CORRUPT, "");
      }
      if (count > 0) {
        unpacked += count;
        if (budget.isBomb(position(), unpacked)) {
          throw problem(Problem.Code.LIMIT, "rate of expansion");
        }
        if (unpacked > budget.limits().totalBytes()) {
          throw problem(Problem.Code.LIMIT, "unpacked bytes");
        }
      }
      return count;
    }

    private long position() {
      return decoder instanceof ZstandardInputStream zstd ? zstd.position() : source.position();
    }

    private UnreadableException problem(Problem.Code code, String field) {
      String name = compression.name().toLowerCase(java.util.Locale.ROOT);
      failure =
          new UnreadableException(
              new Problem(
                  code,
                  packed.placeOf(position()),
                  field.isEmpty() ? name + " stream" : name + " stream's " + field,
                  -1,
                  -1,
                  Problem.Effect.PART_LOST));
      return failure;
    }
  }
}
