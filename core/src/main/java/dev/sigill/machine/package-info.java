/**
 * Machines as data: a processor's features, an operating system, a C library, a page size, a
 * translator.
 *
 * <p>In: names ({@code nehalem+ubuntu-22.04}), files ({@code /proc/cpuinfo}, {@code lscpu}, {@code
 * sysctl -a}, {@code machines --this} as JSON), or this computer. Out: a {@link
 * dev.sigill.machine.Machine}. Binaries are not known here. Read {@link dev.sigill.machine.Machine}
 * first, then {@link dev.sigill.machine.Machines}.
 */
@NullMarked
package dev.sigill.machine;

import org.jspecify.annotations.NullMarked;
