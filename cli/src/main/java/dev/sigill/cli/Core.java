package dev.sigill.cli;

import dev.sigill.Options;
import dev.sigill.Progress;
import dev.sigill.Sigill;
import dev.sigill.machine.Machine;
import dev.sigill.machine.Machines;
import dev.sigill.machine.SystemProfile;
import dev.sigill.verdict.Result;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** The library itself. */
final class Core implements Engine {
  @Override
  public List<Result> check(
      String target, Path path, List<Machine> machines, boolean isKept, ProgressLine progress)
      throws IOException {
    Options options = Options.standard().withProgress(listener(progress));
    return new Sigill(isKept ? options.withStandardStore() : options)
        .check(path, machines).stream().map(result -> result.withTarget(target)).toList();
  }

  private static Progress listener(ProgressLine progress) {
    return (step, done, total) -> {
      String what =
          switch (step) {
            case OPENING -> "opening";
            case READING -> "reading native files";
            case FOLLOWING -> "following what runs at load";
            case DECODING -> "decoding code";
          };
      if (total > 0) {
        progress.tell(what, done, total);
      } else {
        progress.tell(what);
      }
    };
  }

  @Override
  public Machine machine(String name) {
    return Machines.named(name);
  }

  @Override
  public Machine thisComputer() {
    return Machines.thisComputer();
  }

  @Override
  public List<Machine> catalog() {
    return Machines.catalog();
  }

  @Override
  public List<SystemProfile> systems() {
    return Machines.systems();
  }

  @Override
  public List<String> aliases(String name) {
    return Machines.aliases(name);
  }
}
