package dev.sigill.crash;

import dev.sigill.image.Image;
import dev.sigill.image.elf.ElfImage;

/**
 * An image in the memory of the process.
 *
 * @param path as the report writes it
 * @param start its first address, or 0 where unknown
 * @param end the address after its last byte, or 0 where unknown
 * @param fileOffset the offset in the file of what lies at {@code start}, or -1 where {@code start}
 *     is what the loader added to the addresses as linked
 * @param architecture as the report writes it, or empty
 * @param buildId the id of the build that the process had loaded, in hexadecimal, or empty
 */
public record LoadedLibrary(
    String path, long start, long end, long fileOffset, String architecture, String buildId) {
  /** One whose build is not known. */
  public LoadedLibrary(String path, long start, long end, long fileOffset, String architecture) {
    this(path, start, end, fileOffset, architecture, "");
  }

  /** Whether a file may be the very build that was loaded: nothing says otherwise. */
  boolean isBuild(Image image) {
    return buildId.isEmpty()
        || !(image instanceof ElfImage elf)
        || elf.buildId().isEmpty()
        || elf.buildId().equals(buildId);
  }

  /** Whether an address lies in it. */
  boolean contains(long address) {
    return Long.compareUnsigned(address, start) >= 0 && Long.compareUnsigned(address, end) < 0;
  }
}
