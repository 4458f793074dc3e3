package dev.sigill.cli;

import dev.sigill.Options;
import dev.sigill.Progress;
import dev.sigill.Sigill;
import dev.sigill.analysis.Stage;
import dev.sigill.installation.Installation;
import dev.sigill.installation.Installations;
import dev.sigill.machine.Machine;
import dev.sigill.machine.Machines;
import dev.sigill.machine.SystemProfile;
import dev.sigill.machine.ThisComputer;
import dev.sigill.platform.Architecture;
import dev.sigill.verdict.Result;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;

/** The library itself. */
final class Core implements Engine {
  @Override
  public List<Result> check(
      String target,
      Path path,
      List<Machine> machines,
      Stage until,
      boolean isExplained,
      boolean isKept,
      ProgressLine progress)
      throws IOException {
    Options options = Options.standard().withProgress(listener(progress)).withUntil(until);
    if (isExplained) {
      options = options.explained();
    }
    return new Sigill(isKept ? options.withStandardStore() : options)
        .check(path, machines).stream().map(result -> result.withTarget(target)).toList();
  }

  private static Progress listener(ProgressLine progress) {
    return (step, done, total) -> {
      String what =
          switch (step) {
            case OPENING -> "opening";
            case READING -> "reading native files";
            case FOLLOWING -> "following what runs";
            case IMPORTS -> "reading what Python code imports";
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

  @Override
  public List<LanguageRuntime> runtimes(Path folder, ProgressLine progress) {
    progress.tell("looking for Pythons, JVMs and Node.js");
    ThisComputer computer = ThisComputer.look();
    var runtimes = new LinkedHashMap<Path, LanguageRuntime>();
    for (Installation each : Installations.find(folder)) {
      LanguageRuntime runtime = runtime(each, each.root(), computer);
      runtimes.putIfAbsent(each.root(), runtime);
      for (Path packages : each.packageFolders()) {
        runtimes.putIfAbsent(packages, runtime(each, packages, computer));
      }
    }
    return List.copyOf(runtimes.values());
  }

  /** The runtime with the machine that its own processes meet. */
  private static LanguageRuntime runtime(Installation found, Path path, ThisComputer computer) {
    var remarks = new ArrayList<String>();
    Machine machine = computer.machine();
    List<Architecture> architectures = found.architectures();
    boolean isNative =
        architectures.isEmpty()
            || architectures.stream()
                .anyMatch(
                    a -> computer.machineFor(a).filter(computer.machine()::equals).isPresent());
    if (!isNative) {
      Architecture first = architectures.getFirst();
      Optional<Machine> other =
          architectures.stream().flatMap(a -> computer.machineFor(a).stream()).findFirst();
      if (other.isPresent()) {
        machine = other.get();
        remarks.add(
            "The interpreter is an "
                + machine.architecture().id()
                + " build, so what was installed with it is "
                + machine.architecture().id()
                + " code");
      } else {
        remarks.add(
            "Its program is "
                + first.id()
                + " code, which this computer does not run; judged as for "
                + machine.architecture().id());
      }
    }
    return new LanguageRuntime(
        found.kind().language(),
        found.title(),
        found.version(),
        found.implementation(),
        path,
        machine,
        remarks);
  }
}
