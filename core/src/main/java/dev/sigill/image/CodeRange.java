package dev.sigill.image;

/**
 * A stretch of addresses that holds instructions, with content in the file: executable code
 * sections less what the file itself marks as data ({@code LC_DATA_IN_CODE}, Arm64EC code maps).
 *
 * @param start first virtual address
 * @param end the virtual address after the last byte
 * @param fileOffset where its content lies, relative to the image's first byte
 */
public record CodeRange(long start, long end, long fileOffset) {
  public boolean contains(long address) {
    return Long.compareUnsigned(address, start) >= 0 && Long.compareUnsigned(address, end) < 0;
  }

  public long size() {
    return end - start;
  }
}
