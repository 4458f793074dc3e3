package dev.sigill.cli;

import dev.sigill.machine.Machine;
import dev.sigill.report.MachinesJson;
import dev.sigill.report.MachinesText;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParseResult;

/** {@code sigill machines [NAME…] [--this]}. */
final class MachinesCommand implements Command {
  @Override
  public CommandSpec spec() {
    CommandSpec spec = CommandSpec.create().name("machines");
    spec.usageMessage()
        .description(
            "The machines that `--on` takes: without a name a list, with one that machine in full,"
                + " with several what each further one lacks of the first.")
        .footer(
            "",
            "Examples:",
            "  sigill machines",
            "  sigill machines m1-rosetta-macos14",
            "  sigill machines haswell nehalem",
            "  sigill machines --this --format json >this.json    to attach to a report of a bug");
    spec.addPositional(
        PositionalParamSpec.builder()
            .paramLabel("NAME")
            .arity("0..*")
            .type(List.class)
            .auxiliaryTypes(String.class)
            .description("A machine's name, composed or altered, or a file that describes one.")
            .build());
    spec.addOption(
        OptionSpec.builder("--this")
            .type(boolean.class)
            .description("This computer, as the first of the machines named.")
            .build());
    return spec;
  }

  @Override
  public int run(Session session, ParseResult parsed) throws UsageException, IOException {
    var machines = new ArrayList<Machine>();
    if (parsed.matchedOptionValue("--this", false)) {
      machines.add(session.thisComputer());
    }
    for (String value : parsed.matchedPositionalValue(0, List.<String>of())) {
      for (String name : CheckCommand.names(value)) {
        machines.add(session.machine(name));
      }
    }
    boolean isList = machines.isEmpty();
    List<Machine> shown = isList ? session.engine().catalog() : machines;
    if (session.isJson()) {
      MachinesJson.write(shown, Version.text(), session.surroundings().out());
      return ExitCode.OK;
    }
    String text =
        isList
            ? MachinesText.list(shown, session.engine().systems(), session.style())
            : shown.size() == 1
                ? MachinesText.one(
                    shown.getFirst(),
                    session.engine().aliases(shown.getFirst().name()),
                    session.style())
                : MachinesText.compare(shown, session.style());
    session.surroundings().out().print(text);
    return ExitCode.OK;
  }
}
