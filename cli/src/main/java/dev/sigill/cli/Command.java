package dev.sigill.cli;

import java.io.IOException;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** One command: how it is called, and what it does. */
interface Command {
  /** Its name, options, parameters and help text. */
  CommandSpec spec();

  /**
   * Does it.
   *
   * @param parsed its own options and parameters
   * @return the exit code
   */
  int run(Session session, ParseResult parsed) throws UsageException, IOException;
}
