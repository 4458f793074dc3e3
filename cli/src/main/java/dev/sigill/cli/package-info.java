/**
 * The command line: arguments, streams, exit codes, progress.
 *
 * <p>In: arguments and the surroundings of the process ({@link dev.sigill.cli.Surroundings}). Out:
 * results on one stream, everything else on the other, and an exit code ({@link
 * dev.sigill.cli.ExitCode}). Nothing is judged or laid out here. Read {@link dev.sigill.cli.Cli}
 * first; each command is a class of its own.
 */
@NullMarked
package dev.sigill.cli;

import org.jspecify.annotations.NullMarked;
