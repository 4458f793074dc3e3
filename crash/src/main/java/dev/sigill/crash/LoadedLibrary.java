package dev.sigill.crash;

/**
 * An image in the memory of the process.
 *
 * @param path as the report writes it
 * @param start its first address, or 0 where unknown
 * @param end the address after its last byte, or 0 where unknown
 * @param fileOffset the offset in the file of what lies at {@code start}, or -1 where {@code start}
 *     is what the loader added to the addresses as linked
 * @param architecture as the report writes it, or empty
 */
public record LoadedLibrary(
    String path, long start, long end, long fileOffset, String architecture) {
  /** Whether an address lies in it. */
  boolean contains(long address) {
    return Long.compareUnsigned(address, start) >= 0 && Long.compareUnsigned(address, end) < 0;
  }
}
