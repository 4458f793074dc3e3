package dev.sigill.cli;

import dev.sigill.crash.Explanation;
import dev.sigill.probe.Launch;
import dev.sigill.probe.NotStartedException;
import dev.sigill.probe.Runner;
import dev.sigill.report.ExplainJson;
import dev.sigill.report.ExplainText;
import java.io.IOException;
import java.io.PrintStream;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParseResult;

/** {@code sigill run -- COMMAND…}. */
final class RunCommand implements Command {
  @Override
  public CommandSpec spec() {
    CommandSpec spec = CommandSpec.create().name("run");
    spec.usageMessage()
        .description(
            "Run a command unchanged, and where it dies of a signal, say on standard error which"
                + " instruction of which function of which library it was, and why. On Linux it is"
                + " watched through the debugger interface; elsewhere the system's crash report is"
                + " read.")
        .footer(
            "",
            "Examples:",
            "  sigill run -- python -c 'import tensorflow'",
            "  sigill run --redact -- ./server --port 8080 2> for-the-bug-report.txt",
            "",
            "Exit status: the command's own; 128 and the signal where one ended it; 127 where it",
            "was not found, 126 where it may not be run.");
    spec.addPositional(
        PositionalParamSpec.builder()
            .paramLabel("COMMAND")
            .arity("1..*")
            .type(List.class)
            .auxiliaryTypes(String.class)
            .description("What to run, with its arguments, after --.")
            .build());
    spec.addOption(
        OptionSpec.builder("--redact")
            .type(boolean.class)
            .initialValue(false)
            .description("Hide names of users, their folders and this computer's name.")
            .build());
    spec.addOption(
        OptionSpec.builder("--no-watch")
            .type(boolean.class)
            .initialValue(false)
            .description(
                "Do not use the debugger interface: for commands that use it themselves (gdb,"
                    + " strace) or change users (sudo).")
            .build());
    spec.parser().stopAtPositional(true);
    return spec;
  }

  @Override
  public int run(Session session, ParseResult parsed) throws UsageException, IOException {
    List<String> command = parsed.matchedPositionalValue(0, List.of());
    if (command.isEmpty()) {
      throw new UsageException("name a command to run: sigill run -- COMMAND");
    }
    boolean isRedacted = parsed.matchedOptionValue("--redact", false);
    boolean isWatched = !parsed.matchedOptionValue("--no-watch", false);
    Surroundings surroundings = session.surroundings();
    PrintStream err = surroundings.err();
    var launch = new Launch(command, surroundings.inheritedEnvironment(), Launch.Streams.INHERITED);
    Runner.Outcome outcome;
    try {
      outcome = new Runner(isWatched).run(launch, surroundings.folder());
    } catch (NotStartedException e) {
      err.println("sigill run: " + e.getMessage());
      return e.status();
    }
    if (outcome.explanation().isPresent()) {
      Explanation explanation = outcome.explanation().get();
      tell(session, isRedacted ? surroundings.redacted(explanation) : explanation, err);
      if (!outcome.remark().isEmpty()) {
        err.println("sigill: less is known, because " + outcome.remark() + ".");
      }
    } else if (!outcome.remark().isEmpty()) {
      session.remark(outcome.remark());
    }
    return outcome.status();
  }

  private static void tell(Session session, Explanation explanation, PrintStream err)
      throws IOException {
    if (session.isJson()) {
      ExplainJson.write(List.of(explanation), false, Version.text(), err);
    } else {
      err.print("\n" + ExplainText.render(List.of(explanation), session.errorStyle()));
    }
  }
}
