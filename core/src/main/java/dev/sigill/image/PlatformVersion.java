package dev.sigill.image;

import dev.sigill.platform.OperatingSystem;

/**
 * The operating system that an image says it is built for, and the least version of it.
 *
 * @param system the operating system
 * @param minimum the least version as the file states it ({@code 10.15}, {@code 12.0}), or empty
 * @param sdk the version of the headers it was built with, or empty
 */
public record PlatformVersion(OperatingSystem system, String minimum, String sdk) {}
