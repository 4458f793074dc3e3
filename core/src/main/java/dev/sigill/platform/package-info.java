/**
 * The words for where code runs: {@link dev.sigill.platform.Architecture}, {@link
 * dev.sigill.platform.OperatingSystem} and {@link dev.sigill.platform.Version}. Images say what
 * they are made for in these words, machines what they are; this package knows neither.
 */
@NullMarked
package dev.sigill.platform;

import org.jspecify.annotations.NullMarked;
