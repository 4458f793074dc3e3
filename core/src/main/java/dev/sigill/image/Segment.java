package dev.sigill.image;

/**
 * A part of an image that the loader maps as one.
 *
 * @param name its name where the format has one ({@code __TEXT}), else the type ({@code LOAD})
 * @param virtualAddress where it is mapped, as linked
 * @param memorySize its size in memory, in bytes
 * @param fileOffset where its content lies, relative to the image's first byte
 * @param fileSize how many bytes of content the file holds
 * @param isReadable whether it is mapped readable
 * @param isWritable whether it is mapped writable
 * @param isExecutable whether it is mapped executable
 * @param alignment the alignment that the file asks for, in bytes
 */
public record Segment(
    String name,
    long virtualAddress,
    long memorySize,
    long fileOffset,
    long fileSize,
    boolean isReadable,
    boolean isWritable,
    boolean isExecutable,
    long alignment) {}
