package dev.sigill.cli;

import dev.sigill.machine.Machine;
import dev.sigill.report.Style;

/**
 * One run of one command.
 *
 * @param surroundings where it runs
 * @param options the options common to all commands
 * @param engine the library
 */
record Session(Surroundings surroundings, CommonOptions options, Engine engine) {
  Style style() {
    return options.style(surroundings);
  }

  /** The style of what is written besides results. */
  Style errorStyle() {
    return options.errorStyle(surroundings);
  }

  boolean isJson() {
    return options.format() == CommonOptions.Format.JSON;
  }

  /** The progress line, shown only to people. */
  ProgressLine progress() {
    Terminal terminal = surroundings.terminal();
    return new ProgressLine(
        surroundings.err(), terminal.isErr() && !options.quiet(), terminal.columns());
  }

  /** A message for those who asked to hear more. */
  void remark(String text) {
    if (options.verbose()) {
      surroundings.err().println("sigill: " + text);
    }
  }

  /** The machine that a name means. */
  Machine machine(String name) throws UsageException {
    try {
      return name.equals("this") ? engine.thisComputer() : engine.machine(name);
    } catch (IllegalArgumentException e) {
      String reason = e.getMessage() == null ? "no machine is called " + name : e.getMessage();
      throw new UsageException(reason + "\n`sigill machines` lists them all.", e);
    }
  }

  /** This computer. */
  Machine thisComputer() throws UsageException {
    try {
      return engine.thisComputer();
    } catch (IllegalArgumentException e) {
      throw new UsageException(
          "this computer could not be described: "
              + e.getMessage()
              + "\nName a machine instead; `sigill machines` lists them.",
          e);
    }
  }
}
