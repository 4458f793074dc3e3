package dev.sigill.verdict;

import dev.sigill.analysis.TargetRequirements;
import dev.sigill.bytes.Problem;
import dev.sigill.machine.Machine;
import dev.sigill.source.Distribution;
import dev.sigill.source.Distribution.Ecosystem;
import dev.sigill.source.Interpreter;
import dev.sigill.source.Source;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Builds a target for a test. */
final class TestTarget {
  private final String name;
  private final Source.Kind kind;
  private final List<Distribution> distributions = new ArrayList<>();
  private final List<TestImage> images = new ArrayList<>();
  private final List<Problem> problems = new ArrayList<>();
  private final Map<String, String> links = new TreeMap<>();
  private Optional<Interpreter> interpreter = Optional.empty();

  private TestTarget(String name, Source.Kind kind) {
    this.name = name;
    this.kind = kind;
  }

  static TestTarget of(Source.Kind kind, String name, TestImage... images) {
    return new TestTarget(name, kind).with(images);
  }

  /** A wheel of the distribution that its name says. */
  static TestTarget wheel(String name, TestImage... images) {
    String[] parts = name.split("-");
    var target = new TestTarget(name, Source.Kind.WHEEL).with(images);
    String tag = name.substring(name.indexOf("-", parts[0].length() + 1) + 1, name.length() - 4);
    return target.distribution(Ecosystem.PYTHON, parts[0], parts[1], List.of(tag));
  }

  static TestTarget jar(String name, TestImage... images) {
    return new TestTarget(name, Source.Kind.JAR)
        .with(images)
        .distribution(Ecosystem.MAVEN, name, "1.0", List.of());
  }

  static TestTarget environment(TestImage... images) {
    return new TestTarget("venv", Source.Kind.VIRTUAL_ENVIRONMENT).with(images);
  }

  static TestTarget file(TestImage... images) {
    return new TestTarget("lib.so", Source.Kind.FILE).with(images);
  }

  TestTarget with(TestImage... more) {
    images.addAll(Arrays.asList(more));
    return this;
  }

  TestTarget distribution(
      Ecosystem ecosystem,
      String packageName,
      String version,
      List<String> tags,
      String... members) {
    distributions.add(
        new Distribution(ecosystem, packageName, version, "", tags, List.of(members), List.of()));
    return this;
  }

  TestTarget python(String version) {
    interpreter =
        Optional.of(new Interpreter("python", version, "cpython", "bin/python3", List.of()));
    return this;
  }

  TestTarget link(String from, String to) {
    links.put(from, to);
    return this;
  }

  /** The package that all of an archive is, with what its metadata and its name promise. */
  TestTarget declares(Ecosystem ecosystem, List<String> tags, List<String> fileNameTags) {
    distributions.clear();
    distributions.add(
        new Distribution(
            ecosystem,
            "a",
            "1.0",
            "",
            tags,
            fileNameTags,
            List.of(),
            List.of(),
            List.of(),
            List.of()));
    return this;
  }

  TestTarget distribution(Distribution distribution) {
    distributions.add(distribution);
    return this;
  }

  TestTarget problem(Problem problem) {
    problems.add(problem);
    return this;
  }

  TargetRequirements build() {
    return new TargetRequirements(
        name,
        name,
        kind,
        distributions,
        interpreter,
        images.stream().map(TestImage::build).toList(),
        links,
        problems);
  }

  Result on(TestMachine machine) {
    return on(machine.build());
  }

  Result on(Machine machine) {
    return Rules.judge(build(), machine);
  }
}
