package dev.sigill;

import dev.sigill.machine.Machine;
import dev.sigill.verdict.Result;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** The library's front door: the command line's verbs for Java programs. */
public final class Sigill {
  /** Whether targets run on machines, one result for each machine, in their order. */
  public List<Result> check(Path target, List<Machine> machines) throws IOException {
    throw new IOException("placeholder " + target + machines);
  }
}
