package dev.sigill.cli;

import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Help.ColorScheme;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.UnmatchedArgumentException;

/** The command {@code sigill}: finds out which command is meant, runs it, and tells how it went. */
public final class Cli {
  private final Engine engine;

  Cli(Engine engine) {
    this.engine = engine;
  }

  /**
   * Runs one command. Never ends the process.
   *
   * @return the exit code
   */
  int run(List<String> arguments, Surroundings surroundings) {
    // Without the parser, whose loading takes longer than the answer.
    if (arguments.equals(List.of("--version"))) {
      surroundings.out().println(versionLine());
      surroundings.out().flush();
      return ExitCode.OK;
    }
    int code;
    try {
      code = new Run(engine, surroundings).run(arguments);
    } catch (IOException | RuntimeException | Error e) {
      code = internalFault(e, surroundings.err());
    }
    surroundings.out().flush();
    surroundings.err().flush();
    return code;
  }

  static String versionLine() {
    return "sigill " + Version.text();
  }

  private static int internalFault(Throwable fault, PrintStream err) {
    err.println("sigill: internal fault: " + fault);
    err.println("This is a defect of Sigill, not of what it looks at. Please report it, with the");
    err.println("command, these lines, and the file if you may pass it on:");
    err.println("  " + versionLine() + ", Java " + Runtime.version());
    StackTraceElement[] trace = fault.getStackTrace();
    Arrays.stream(trace).limit(12).forEach(frame -> err.println("  at " + frame));
    if (fault.getCause() != null) {
      err.println("  caused by " + fault.getCause());
      Arrays.stream(fault.getCause().getStackTrace())
          .limit(6)
          .forEach(frame -> err.println("  at " + frame));
    }
    return ExitCode.INTERNAL;
  }

  /** One run, with options and a parser of its own. */
  private static final class Run {
    private final Engine engine;
    private final Surroundings surroundings;
    private final CommonOptions options = new CommonOptions();
    private final Map<String, Command> commands = new LinkedHashMap<>();

    Run(Engine engine, Surroundings surroundings) {
      this.engine = engine;
      this.surroundings = surroundings;
    }

    int run(List<String> arguments) throws IOException {
      CommandLine parser = parser();
      ParseResult parsed;
      try {
        parsed = parser.parseArgs(withoutHelpVerb(arguments).toArray(String[]::new));
      } catch (ParameterException e) {
        return misused(e);
      }
      ParseResult command = parsed.hasSubcommand() ? parsed.subcommand() : parsed;
      if (parsed.isUsageHelpRequested() || command.isUsageHelpRequested()) {
        boolean isTerminal = surroundings.terminal().isOut();
        command.commandSpec().commandLine().usage(surroundings.out(), scheme(isTerminal));
        return ExitCode.OK;
      }
      if (parsed.isVersionHelpRequested()) {
        surroundings.out().println(versionLine());
        return ExitCode.OK;
      }
      if (!parsed.hasSubcommand()) {
        boolean isTerminal = surroundings.terminal().isErr();
        parser.usage(surroundings.err(), scheme(isTerminal));
        return ExitCode.USAGE;
      }
      String name = command.commandSpec().name();
      try {
        return commands.get(name).run(new Session(surroundings, options, engine), command);
      } catch (UsageException e) {
        surroundings.err().println("sigill " + name + ": " + e.getMessage());
        return ExitCode.USAGE;
      }
    }

    /** {@code help check} as {@code check --help}. */
    private static List<String> withoutHelpVerb(List<String> arguments) {
      if (arguments.isEmpty() || !arguments.getFirst().equals("help")) {
        return arguments;
      }
      return arguments.size() == 1 ? List.of("--help") : List.of(arguments.get(1), "--help");
    }

    private CommandLine parser() {
      CommandSpec root = CommandSpec.create().name("sigill");
      root.usageMessage()
          .description(
              "Will this native code run on that machine, and if not, when does it stop, why, and"
                  + " what fixes it?")
          .commandListHeading("%nCommands:%n")
          .footer(
              "",
              "Examples:",
              "  sigill doctor",
              "  sigill check .venv",
              "  sigill check package.whl --on nehalem,haswell",
              "  sigill explain hs_err_pid4711.log",
              "  sigill run -- python -c 'import tensorflow'",
              "  sigill verify tensorflow --in .venv",
              "  sigill machines m1-rosetta-macos14",
              "  sigill rule SIG101",
              "",
              "Exit status: 0 it runs; 1 findings at or above --fail-on; 2 wrong usage or a fault"
                  + " of",
              "the tool; 3 not decided, input unreadable or looked at in part.");
      options.addTo(root);
      root.addOption(
          OptionSpec.builder("-h", "--help")
              .usageHelp(true)
              .scopeType(ScopeType.INHERIT)
              .description("Show this help.")
              .build());
      root.addOption(
          OptionSpec.builder("--version")
              .versionHelp(true)
              .description("Show the version.")
              .build());
      for (Command command :
          new Command[] {
            new DoctorCommand(),
            new CheckCommand(),
            new ExplainCommand(),
            new RunCommand(),
            new VerifyCommand(),
            new MachinesCommand(),
            new RuleCommand()
          }) {
        CommandSpec spec = command.spec();
        spec.usageMessage()
            .optionListHeading("%n")
            .parameterListHeading("%n")
            .abbreviateSynopsis(true);
        commands.put(spec.name(), command);
        root.addSubcommand(spec.name(), spec);
      }
      root.usageMessage()
          .optionListHeading("%nOptions of every command:%n")
          .synopsisSubcommandLabel("COMMAND")
          .abbreviateSynopsis(true);
      return new CommandLine(root)
          .setExpandAtFiles(false)
          .setUsageHelpWidth(usageWidth())
          .setCaseInsensitiveEnumValuesAllowed(true);
    }

    private int usageWidth() {
      int columns = surroundings.terminal().columns();
      return columns == 0 ? 100 : Math.clamp(columns, 60, 120);
    }

    private ColorScheme scheme(boolean isTerminal) {
      Ansi ansi = options.ansi(surroundings, isTerminal);
      return CommandLine.Help.defaultColorScheme(ansi);
    }

    private int misused(ParameterException e) {
      CommandSpec spec = e.getCommandLine().getCommandSpec();
      PrintStream err = surroundings.err();
      String name = spec.qualifiedName();
      String reason = e.getMessage();
      err.println(name + ": " + Character.toLowerCase(reason.charAt(0)) + reason.substring(1));
      var suggestions = new StringWriter();
      if (UnmatchedArgumentException.printSuggestions(e, new PrintWriter(suggestions))) {
        err.print(suggestions);
      }
      err.println("`" + name + " --help` shows how it is used.");
      return ExitCode.USAGE;
    }
  }
}
