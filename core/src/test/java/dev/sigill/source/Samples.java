package dev.sigill.source;

import io.airlift.compress.v3.zstd.ZstdOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorOutputStream;
import org.tukaani.xz.LZMA2Options;
import org.tukaani.xz.XZOutputStream;

/** Small native files and archives, made in the test that reads them. */
final class Samples {
  private Samples() {}

  /** Something with the signature of an ELF file; no two seeds give the same bytes. */
  static byte[] elf(int size, int seed) {
    var bytes = new byte[size];
    new Random(seed).nextBytes(bytes);
    System.arraycopy(new byte[] {0x7f, 'E', 'L', 'F', 2, 1, 1, 0}, 0, bytes, 0, 8);
    return bytes;
  }

  static byte[] elf() {
    return elf(300, 1);
  }

  /** Something with the signature of a PE file. */
  static byte[] pe() {
    ByteBuffer bytes = ByteBuffer.allocate(256).order(ByteOrder.LITTLE_ENDIAN);
    bytes.put(0, (byte) 'M').put(1, (byte) 'Z').putInt(0x3c, 0x80).putInt(0x80, 0x4550);
    return bytes.array();
  }

  /** Something with the signature of a thin Mach-O file for arm64. */
  static byte[] machO() {
    ByteBuffer bytes = ByteBuffer.allocate(256).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putInt(0, 0xfeedfacf).putInt(4, 0x0100000c).putInt(12, 6);
    return bytes.array();
  }

  static byte[] text(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  static Map<String, byte[]> files(Object... namesAndBytes) {
    var files = new LinkedHashMap<String, byte[]>();
    for (int i = 0; i < namesAndBytes.length; i += 2) {
      Object content = namesAndBytes[i + 1];
      files.put(
          (String) namesAndBytes[i], content instanceof String s ? text(s) : (byte[]) content);
    }
    return files;
  }

  static byte[] zip(Object... namesAndBytes) {
    return zip(false, files(namesAndBytes));
  }

  static byte[] storedZip(Object... namesAndBytes) {
    return zip(true, files(namesAndBytes));
  }

  static byte[] zip(boolean isStored, Map<String, byte[]> files) {
    var out = new ByteArrayOutputStream();
    try (var zip = new ZipOutputStream(out)) {
      zip.setLevel(Deflater.BEST_COMPRESSION);
      for (Map.Entry<String, byte[]> file : files.entrySet()) {
        var entry = new ZipEntry(file.getKey());
        if (isStored) {
          var crc = new CRC32();
          crc.update(file.getValue());
          entry.setMethod(ZipEntry.STORED);
          entry.setSize(file.getValue().length);
          entry.setCrc(crc.getValue());
        }
        zip.putNextEntry(entry);
        zip.write(file.getValue());
        zip.closeEntry();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  static byte[] tar(Object... namesAndBytes) {
    return tar(Map.of(), files(namesAndBytes));
  }

  /** A tar archive with symbolic links, link to target. */
  static byte[] tar(Map<String, String> links, Map<String, byte[]> files) {
    var out = new ByteArrayOutputStream();
    try (var tar = new TarArchiveOutputStream(out)) {
      tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_GNU);
      for (Map.Entry<String, byte[]> file : files.entrySet()) {
        var entry = new TarArchiveEntry(file.getKey(), true);
        entry.setSize(file.getValue().length);
        tar.putArchiveEntry(entry);
        tar.write(file.getValue());
        tar.closeArchiveEntry();
      }
      for (Map.Entry<String, String> link : links.entrySet()) {
        var entry = new TarArchiveEntry(link.getKey(), TarConstants.LF_SYMLINK);
        entry.setLinkName(link.getValue());
        tar.putArchiveEntry(entry);
        tar.closeArchiveEntry();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  static byte[] pack(Compression compression, byte[] content) {
    var out = new ByteArrayOutputStream();
    try (OutputStream packer =
        switch (compression) {
          case GZIP -> new GZIPOutputStream(out);
          case XZ -> new XZOutputStream(out, new LZMA2Options(1));
          case BZIP2 -> new BZip2CompressorOutputStream(out, 1);
          case ZSTD -> new ZstdOutputStream(out);
        }) {
      packer.write(content);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  /** Where a signature lies last, little-endian. */
  static int lastIndexOf(byte[] bytes, int signature) {
    ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    for (int at = bytes.length - 4; at >= 0; at--) {
      if (buffer.getInt(at) == signature) {
        return at;
      }
    }
    throw new AssertionError("no " + Integer.toHexString(signature));
  }

  static ByteBuffer littleEndian(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }
}
