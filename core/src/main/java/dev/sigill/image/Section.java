package dev.sigill.image;

/**
 * A named part of an image.
 *
 * @param name its name ({@code .text}, {@code __TEXT,__text}); may be empty or repeated
 * @param virtualAddress where it lies in memory, relative to the image's preferred base 0 (ELF,
 *     Mach-O: the address as linked; PE: image base + relative virtual address)
 * @param memorySize its size in memory, in bytes
 * @param fileOffset where its content lies, relative to the image's first byte
 * @param fileSize how many bytes of content the file holds, 0 for zero-filled sections
 * @param isExecutable whether the loader maps it executable
 * @param isWritable whether the loader maps it writable
 * @param holdsCode whether the format says that it holds instructions rather than data
 */
public record Section(
    String name,
    long virtualAddress,
    long memorySize,
    long fileOffset,
    long fileSize,
    boolean isExecutable,
    boolean isWritable,
    boolean holdsCode) {}
