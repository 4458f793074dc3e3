package dev.sigill.cli;

import dev.sigill.analysis.Stage;
import dev.sigill.machine.Machine;
import dev.sigill.machine.SystemProfile;
import dev.sigill.verdict.Result;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** What the commands ask of the library, so that they can be tried without it. */
interface Engine {
  /**
   * Judges one target on machines, one result for each, in their order.
   *
   * @param target the target as the user wrote it
   * @param path where it lies
   * @param until the last stage that code is followed to
   * @param isExplained whether to find out as well what protects what is merely contained
   * @param isKept whether results are read from and kept in the cache folder
   * @param progress is told what is being done
   */
  List<Result> check(
      String target,
      Path path,
      List<Machine> machines,
      Stage until,
      boolean isExplained,
      boolean isKept,
      ProgressLine progress)
      throws IOException;

  /**
   * The machine that a name or the path of a file means.
   *
   * @throws IllegalArgumentException where no machine is meant; the message names what is near
   */
  Machine machine(String name);

  /**
   * This computer.
   *
   * @throws IllegalArgumentException where it cannot be described
   */
  Machine thisComputer();

  /** Every machine of the catalog. */
  List<Machine> catalog();

  /** Every system that a machine can be composed with. */
  List<SystemProfile> systems();

  /** The other names of a machine of the catalog. */
  List<String> aliases(String name);

  /**
   * The Pythons, JVMs and Node.js of this computer, by language, the active one first.
   *
   * @param folder where environments and projects count too
   * @param progress is told where it looks
   */
  List<LanguageRuntime> runtimes(Path folder, ProgressLine progress);
}
