/**
 * The Pythons, JVMs and Nodes of a computer, found without running them.
 *
 * <p>In: the file system and the environment. Out: {@link dev.sigill.installation.Installation}s,
 * each with the folder to open, the program that loads what is in it, its version and the
 * architectures of that program. What is installed in them is the concern of {@code source}. Read
 * {@link dev.sigill.installation.Installation} first, then {@link
 * dev.sigill.installation.Installations}.
 */
@NullMarked
package dev.sigill.installation;

import org.jspecify.annotations.NullMarked;
