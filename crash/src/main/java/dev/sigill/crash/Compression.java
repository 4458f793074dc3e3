package dev.sigill.crash;

import io.airlift.compress.v3.zstd.ZstdInputStream;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.compressors.lz4.FramedLZ4CompressorInputStream;
import org.tukaani.xz.XZInputStream;

/** How a file is compressed, told by its first bytes: systemd keeps core files so. */
enum Compression {
  NONE,
  GZIP,
  XZ,
  ZSTD,
  LZ4;

  /** Memory that an xz stream may ask for, in KiB. */
  private static final int XZ_MEMORY = 256 << 10;

  /** Looks at the first bytes of a stream without taking them. */
  static Compression of(BufferedInputStream in) throws IOException {
    in.mark(8);
    byte[] head = in.readNBytes(6);
    in.reset();
    long magic = 0;
    for (byte b : head) {
      magic = magic << 8 | b & 0xff;
    }
    if (head.length < 6) {
      return NONE;
    }
    if (magic >>> 32 == 0x1f8b) {
      return GZIP;
    }
    if (magic == 0xfd377a585a00L) {
      return XZ;
    }
    if (magic >>> 16 == 0x28b52ffdL) {
      return ZSTD;
    }
    return magic >>> 16 == 0x04224d18L ? LZ4 : NONE;
  }

  InputStream unpack(InputStream in) throws IOException {
    return switch (this) {
      case NONE -> in;
      case GZIP -> new GZIPInputStream(in, 1 << 16);
      case XZ -> new XZInputStream(in, XZ_MEMORY);
      case ZSTD -> new ZstdInputStream(in);
      case LZ4 -> new FramedLZ4CompressorInputStream(in, true);
    };
  }
}
