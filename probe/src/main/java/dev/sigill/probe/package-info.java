/**
 * Runs programs: in comes a command, out go its exit status and, where it died, what the system
 * knew of it at that moment. {@link dev.sigill.probe.Launch} is what to run, {@link
 * dev.sigill.probe.Runner} runs it and explains its end. On Linux {@code Tracer} watches it through
 * ptrace(2); elsewhere, and where that is not allowed, only what the system leaves behind is read.
 * What crashes mean is the business of {@code dev.sigill.crash}.
 */
@NullMarked
package dev.sigill.probe;

import org.jspecify.annotations.NullMarked;
