package dev.sigill.image;

/**
 * A library that the loader must find with this image.
 *
 * @param name as the file writes it ({@code libm.so.6}, {@code @rpath/libomp.dylib}, {@code
 *     KERNEL32.dll})
 * @param isOptional whether the image loads without it (weak libraries of Mach-O, delay-loaded
 *     DLLs)
 * @param minimumVersion the least compatibility version asked for (Mach-O), or empty
 */
public record Needed(String name, boolean isOptional, String minimumVersion) {}
