package dev.sigill.cli;

import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Map;

/**
 * Where a command runs.
 *
 * @param in what is piped into it
 * @param out where results go, in UTF-8
 * @param err where everything else goes, in UTF-8
 * @param environment the environment's variables
 * @param folder the folder that relative paths begin in
 * @param terminal what is known of the terminal
 */
record Surroundings(
    InputStream in,
    PrintStream out,
    PrintStream err,
    Map<String, String> environment,
    Path folder,
    Terminal terminal) {
  Surroundings {
    environment = Map.copyOf(environment);
  }
}
