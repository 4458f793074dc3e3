package dev.sigill.accuracy;

import dev.sigill.Options;
import dev.sigill.Sigill;
import dev.sigill.machine.Machine;
import dev.sigill.machine.Machines;
import dev.sigill.verdict.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Asks about wheels of which it is recorded how they fare; those not there are fetched by pip. */
final class WheelCheck {
  private final Path wheels;
  private final String python;
  private final int threads;
  private final JsonLines<Answer> answers;

  /**
   * @param results where answers are kept
   * @param wheels a folder with wheels
   * @param python the interpreter whose pip fetches
   * @param threads how many threads the analysis may use
   */
  WheelCheck(Path results, Path wheels, String python, int threads) throws IOException {
    this.wheels = Files.createDirectories(wheels).toRealPath();
    this.python = python;
    this.threads = threads;
    this.answers =
        JsonLines.open(Files.createDirectories(results).resolve("wheels.jsonl"), Answer.class);
  }

  List<Answer> answers() {
    return answers.rows();
  }

  void forget() throws IOException {
    answers.remove(_ -> true);
  }

  /** Asks about each wheel on each machine of its rows, unless that was asked before. */
  void check(List<Recorded> rows) throws IOException, InterruptedException {
    Map<String, Set<String>> machines = new LinkedHashMap<>();
    for (Recorded row : rows) {
      machines.computeIfAbsent(row.wheel(), _ -> new LinkedHashSet<>()).add(row.machine());
    }
    for (var each : machines.entrySet()) {
      List<String> due = new ArrayList<>(each.getValue());
      for (Answer answer : answers.rows()) {
        if (answer.scope().equals(each.getKey())) {
          due.remove(answer.cpu());
        }
      }
      if (!due.isEmpty()) {
        Path file = fetched(each.getKey());
        if (Files.exists(file)) {
          System.err.println(each.getKey() + " on " + due.size() + " machines");
          check(file, due);
        } else {
          System.err.println(each.getKey() + ": not fetched");
        }
      }
    }
  }

  private void check(Path file, List<String> names) throws IOException {
    List<Machine> machines = names.stream().map(Machines::named).toList();
    long start = System.nanoTime();
    List<Result> results =
        new Sigill(Options.standard().withParallelism(threads)).check(file, machines);
    double seconds = Math.round((System.nanoTime() - start) / 1e7 / names.size()) / 100.0;
    String wheel = file.getFileName().toString();
    String[] parts = wheel.split("-");
    for (int i = 0; i < results.size(); i++) {
      Result result = results.get(i);
      answers.add(
          new Answer(
              parts[0],
              parts[1],
              wheel,
              names.get(i),
              result.verdict().id(),
              Answer.word(result.stage()),
              Answer.said(result),
              List.of(),
              result.coverage().notAnalysed(),
              result.coverage().images(),
              result.coverage().codeBytes(),
              seconds));
    }
  }

  /** The wheel's file; pip is asked for it by what its name says. */
  private Path fetched(String wheel) throws IOException, InterruptedException {
    Path file = wheels.resolve(wheel);
    if (Files.exists(file)) {
      return file;
    }
    String[] parts = wheel.substring(0, wheel.length() - ".whl".length()).split("-");
    int tags = parts.length - 3;
    var command = new ArrayList<>(List.of(python, "-m", "pip", "download", "--quiet", "--no-deps"));
    command.addAll(List.of("--disable-pip-version-check", "--only-binary", ":all:"));
    command.addAll(List.of("--implementation", "cp", "--python-version"));
    command.add(parts[tags].replaceAll("\\D", ""));
    for (String abi : List.of(parts[tags + 1], "abi3", "none")) {
      command.addAll(List.of("--abi", abi));
    }
    for (String platform : parts[tags + 2].split("\\.")) {
      command.addAll(List.of("--platform", platform));
    }
    command.addAll(List.of("-d", wheels.toString(), parts[0] + "==" + parts[1]));
    Program.run(command, wheels, null, 1800);
    return file;
  }
}
