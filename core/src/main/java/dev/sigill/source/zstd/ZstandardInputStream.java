package dev.sigill.source.zstd;

import dev.sigill.bytes.Bytes;
import dev.sigill.source.zstd.ZstandardException.Kind;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/**
 * The unpacked bytes of Zstandard frames, one after the other (RFC 8878, 3.1); skippable frames are
 * skipped. Checksums are verified. For one thread.
 */
public final class ZstandardInputStream extends InputStream {
  /** The largest Window_Size taken; {@code zstd --ultra -22} writes 128 MiB. */
  public static final int LARGEST_WINDOW = 256 << 20;

  private static final int MAGIC = 0xfd2fb528;
  private static final int SKIPPABLE = 0x184d2a50;
  private static final int LARGEST_BLOCK = 1 << 17;

  private final Bytes packed;
  private long position;
  private final byte[] block = new byte[LARGEST_BLOCK + 8];
  private @Nullable Window window;
  private BlockDecoder decoder = new BlockDecoder();
  private XxHash64 hash = new XxHash64();
  private boolean hasChecksum;
  private int largestBlock;

  /** Size of the frame's content, or -1 where it does not say. */
  private long contentSize;

  private long produced;
  private int given;
  private boolean isFrameDone;

  /** A stream of what some packed bytes hold. */
  public ZstandardInputStream(Bytes packed) {
    this.packed = packed;
  }

  /** How many of the packed bytes were used. */
  public long position() {
    return position;
  }

  @Override
  public int read() throws IOException {
    var one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    while (window == null || given == window.end()) {
      if (window == null) {
        if (!openFrame()) {
          return -1;
        }
      } else {
        nextBlock(window);
      }
    }
    int count = Math.min(length, window.end() - given);
    System.arraycopy(window.bytes(), given, target, offset, count);
    given += count;
    if (given == window.end() && isFrameDone) {
      closeFrame();
    }
    return count;
  }

  /** Reads a Frame_Header (3.1.1.1); false where there is no further frame. */
  private boolean openFrame() throws ZstandardException {
    while (true) {
      if (position == packed.length()) {
        return false;
      }
      int magic = (int) number(4, "Magic_Number");
      if ((magic & 0xfffffff0) == SKIPPABLE) {
        long size = number(4, "Frame_Size");
        need(size, "User_Data");
        position += size;
        continue;
      }
      if (magic != MAGIC) {
        throw ZstandardException.corrupt("Magic_Number");
      }
      break;
    }
    int descriptor = (int) number(1, "Frame_Header_Descriptor");
    boolean isSingle = (descriptor & 0x20) != 0;
    if ((descriptor & 8) != 0) {
      throw new ZstandardException(Kind.UNSUPPORTED, "Reserved_Bit");
    }
    hasChecksum = (descriptor & 4) != 0;
    long windowSize = 0;
    if (!isSingle) {
      int written = (int) number(1, "Window_Descriptor");
      long base = 1L << (10 + (written >>> 3));
      windowSize = base + (base >>> 3) * (written & 7);
    }
    int dictionarySize = (1 << (descriptor & 3)) >>> 1;
    if (dictionarySize > 0 && number(dictionarySize, "Dictionary_ID") != 0) {
      throw new ZstandardException(Kind.UNSUPPORTED, "Dictionary_ID");
    }
    contentSize =
        switch (descriptor >>> 6) {
          case 0 -> isSingle ? number(1, "Frame_Content_Size") : -1;
          case 1 -> number(2, "Frame_Content_Size") + 256;
          case 2 -> number(4, "Frame_Content_Size");
          default -> number(8, "Frame_Content_Size");
        };
    if (isSingle) {
      windowSize = contentSize;
    }
    if (windowSize < 0 || windowSize > LARGEST_WINDOW) {
      throw new ZstandardException(Kind.UNSUPPORTED, "Window_Size");
    }
    largestBlock = (int) Math.min(windowSize, LARGEST_BLOCK);
    window = new Window((int) windowSize);
    given = 0;
    produced = 0;
    isFrameDone = false;
    decoder = new BlockDecoder();
    hash = new XxHash64();
    return true;
  }

  /** Reads a block (3.1.1.2), and the end of the frame behind the last. */
  private void nextBlock(Window into) throws ZstandardException {
    if (isFrameDone) {
      closeFrame();
      return;
    }
    int header = (int) number(3, "Block_Header");
    int size = header >>> 3;
    into.makeRoom();
    int start = into.end();
    given = start;
    switch (header >>> 1 & 3) {
      case 0 -> {
        checkBlock(size);
        take(size);
        into.append(block, 0, size);
      }
      case 1 -> {
        checkBlock(size);
        take(1);
        into.fill(block[0], size);
      }
      case 2 -> {
        checkBlock(size);
        take(size);
        decoder.decode(block, size, largestBlock, into);
      }
      default -> throw ZstandardException.corrupt("Block_Type");
    }
    produced += into.end() - start;
    if (hasChecksum) {
      hash.update(into.bytes(), start, into.end());
    }
    if ((header & 1) != 0) {
      if (contentSize >= 0 && produced != contentSize) {
        throw ZstandardException.corrupt("Frame_Content_Size");
      }
      if (hasChecksum && number(4, "Content_Checksum") != (hash.digest() & 0xffff_ffffL)) {
        throw ZstandardException.corrupt("Content_Checksum");
      }
      isFrameDone = true;
    }
  }

  private void closeFrame() {
    window = null;
  }

  private void checkBlock(int size) throws ZstandardException {
    if (size > largestBlock) {
      throw ZstandardException.corrupt("Block_Size");
    }
  }

  private void take(int size) throws ZstandardException {
    need(size, "Block_Content");
    packed.read(position, block, 0, size);
    position += size;
  }

  private long number(int size, String field) throws ZstandardException {
    need(size, field);
    long value =
        switch (size) {
          case 1 -> packed.u8(position);
          case 2 -> packed.u16(position, ByteOrder.LITTLE_ENDIAN);
          case 3 -> packed.u16(position, ByteOrder.LITTLE_ENDIAN) | packed.u8(position + 2) << 16;
          case 4 -> packed.u32(position, ByteOrder.LITTLE_ENDIAN);
          default -> packed.i64(position, ByteOrder.LITTLE_ENDIAN);
        };
    position += size;
    return value;
  }

  private void need(long size, String field) throws ZstandardException {
    if (!packed.has(position, size)) {
      throw new ZstandardException(Kind.TRUNCATED, field);
    }
  }
}
