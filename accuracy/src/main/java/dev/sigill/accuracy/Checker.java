package dev.sigill.accuracy;

import dev.sigill.Options;
import dev.sigill.Sigill;
import dev.sigill.machine.Machine;
import dev.sigill.verdict.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Asks the library about what runs had in memory, and about whole environments, without running
 * them.
 */
final class Checker {
  private final Sigill sigill;
  private final Containment containment = new Containment();
  private final Path scratch;

  /**
   * @param scratch a folder on the same file system as the environments
   * @param threads how many threads may work
   */
  Checker(Path scratch, int threads) throws IOException {
    this.scratch = Files.createDirectories(scratch);
    this.sigill = new Sigill(Options.standard().withParallelism(threads));
  }

  /**
   * What is said of the images that runs had in memory, one answer a run.
   *
   * @param environment where the runs took place
   * @param runs runs of one action
   */
  List<Answer> aboutRuns(PythonEnvironment environment, List<Run> runs) throws IOException {
    Map<List<String>, List<Run>> bySet = new LinkedHashMap<>();
    for (Run run : runs) {
      bySet.computeIfAbsent(run.loaded(), _ -> new ArrayList<>()).add(run);
    }
    var answers = new ArrayList<Answer>();
    for (var each : bySet.entrySet()) {
      Path tree = scratch.resolve("loaded");
      List<Path> files = lay(environment, each.getKey(), tree);
      List<Processor> processors =
          each.getValue().stream().map(run -> Processor.ofModel(run.cpu())).toList();
      answers.addAll(
          answers(
              each.getValue().getFirst().name(),
              each.getValue().getFirst().version(),
              each.getValue().getFirst().action(),
              tree,
              files,
              processors));
      PythonEnvironment.delete(tree);
    }
    return answers;
  }

  /** What is said of a whole environment. */
  List<Answer> aboutEnvironment(
      PythonEnvironment environment, String name, List<Processor> processors) throws IOException {
    return answers(
        name,
        environment.versionOf(name),
        Answer.ENVIRONMENT,
        environment.root(),
        List.of(),
        processors);
  }

  /** A folder with only those images, at their places, so that they find one another. */
  private static List<Path> lay(PythonEnvironment environment, List<String> loaded, Path tree)
      throws IOException {
    PythonEnvironment.delete(tree);
    Files.createDirectories(tree);
    var files = new ArrayList<Path>();
    for (String each : loaded) {
      Path from = environment.root().resolve(each);
      if (Files.isRegularFile(from)) {
        Path to = tree.resolve(each);
        Files.createDirectories(to.getParent());
        Files.createLink(to, from);
        files.add(to);
      }
    }
    return files;
  }

  private List<Answer> answers(
      String name,
      String version,
      String scope,
      Path target,
      List<Path> files,
      List<Processor> processors)
      throws IOException {
    List<Machine> machines = processors.stream().map(Processor::inCatalog).toList();
    long start = System.nanoTime();
    List<Result> results = sigill.check(target, machines);
    double seconds = Math.round((System.nanoTime() - start) / 1e7 / processors.size()) / 100.0;
    var answers = new ArrayList<Answer>();
    for (int i = 0; i < results.size(); i++) {
      Result result = results.get(i);
      answers.add(
          new Answer(
              name,
              version,
              scope,
              processors.get(i).model(),
              result.verdict().id(),
              Answer.word(result.stage()),
              Answer.said(result),
              containment.beyond(files, machines.get(i).executes()),
              result.coverage().notAnalysed(),
              result.coverage().images(),
              result.coverage().codeBytes(),
              seconds));
    }
    return answers;
  }
}
