package dev.sigill.verdict;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sigill.analysis.Certainty;
import dev.sigill.analysis.Stage;
import dev.sigill.analysis.TargetRequirements;
import dev.sigill.isa.Feature;
import dev.sigill.isa.FeatureSet;
import dev.sigill.machine.Machine;
import dev.sigill.platform.Architecture;
import dev.sigill.platform.OperatingSystem;
import dev.sigill.source.Source;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class RulesPropertyTest {
  private static final List<Feature> X86 = Feature.of(Architecture.X86_64);

  private record Need(int order, Stage stage, Certainty certainty, Feature feature) {}

  @Provide
  Arbitrary<TargetRequirements> targets() {
    Arbitrary<Need> needs =
        Combinators.combine(
                Arbitraries.integers().between(0, 50),
                Arbitraries.of(Stage.LOAD, Stage.IMPORT, Stage.USE),
                Arbitraries.of(Certainty.class),
                Arbitraries.of(X86))
            .as(Need::new);
    Arbitrary<TestImage> images =
        Combinators.combine(
                needs.list().ofMaxSize(6),
                Arbitraries.of("a.so", "b/b.so", "c.cpython-311-x86_64-linux-gnu.so"),
                Arbitraries.of(Architecture.X86_64, Architecture.ARM64, Architecture.I386),
                Arbitraries.of(
                    OperatingSystem.LINUX, OperatingSystem.MACOS, OperatingSystem.WINDOWS),
                Arbitraries.of("", "10.9", "14.0"),
                Arbitraries.of("GLIBC_2.17", "GLIBC_2.38", "GLIBC_x"),
                Arbitraries.of(X86).list().ofMaxSize(2))
            .as(
                (list, path, architecture, system, minimum, glibc, checked) -> {
                  TestImage image =
                      switch (system) {
                        case MACOS -> TestImage.macos(path);
                        case WINDOWS -> TestImage.windows(path);
                        default -> TestImage.linux(path).version("libc.so.6", glibc);
                      };
                  image.architecture(architecture).minimum(minimum).entry("PyInit_" + path);
                  for (Need need : list) {
                    image.reaches(
                        need.stage(), need.certainty(), need.order(), path, need.feature());
                  }
                  if (!checked.isEmpty()) {
                    image.checks(7, checked.toArray(new Feature[0]));
                  }
                  return image;
                });
    return Combinators.combine(
            images.list().ofMaxSize(5),
            Arbitraries.of(Source.Kind.class),
            Arbitraries.of(
                "a-1.0-cp311-cp311-manylinux_2_17_x86_64.whl", "a.jar", "-.whl", "a-b-c-d.whl"))
        .as(
            (list, kind, name) ->
                TestTarget.of(kind, name, list.toArray(new TestImage[0])).python("3.11.2").build());
  }

  @Provide
  Arbitrary<Machine> machines() {
    return Combinators.combine(
            Arbitraries.of(X86).set(),
            Arbitraries.of("", "linux", "musl", "macos", "windows", "arm"))
        .as(
            (features, system) -> {
              TestMachine machine =
                  (system.equals("arm") ? TestMachine.m1("14") : TestMachine.core2())
                      .with(FeatureSet.of(features));
              return switch (system) {
                case "linux" -> machine.glibc("2.31", "3.4.28");
                case "musl" -> machine.musl();
                case "macos" -> machine.macos("12");
                case "windows" -> machine.windows("11");
                default -> machine;
              };
            })
        .map(TestMachine::build);
  }

  @Property(tries = 500)
  void sameTargetAndMachine_giveTheSameResult(
      @ForAll("targets") TargetRequirements target, @ForAll("machines") Machine machine) {
    assertThat(Rules.judge(target, machine)).isEqualTo(Rules.judge(target, machine));
  }

  @Property(tries = 500)
  void moreFeatures_neverAddAMissingFeature(
      @ForAll("targets") TargetRequirements target, @ForAll("machines") Machine machine) {
    for (Feature feature : List.of(Feature.AVX, Feature.AVX512F, Feature.BMI2)) {
      Machine richer = with(machine, feature);

      assertThat(missing(Rules.judge(target, machine)))
          .containsAll(missing(Rules.judge(target, richer)));
    }
  }

  @Property(tries = 500)
  void verdict_isThatOfTheFirstFinding_orSaysWhyNot(
      @ForAll("targets") TargetRequirements target, @ForAll("machines") Machine machine) {
    Result result = Rules.judge(target, machine);

    if (!result.findings().isEmpty()
        && Found.weight(result.findings().getFirst().verdict()) < Found.weight(Verdict.UNKNOWN)) {
      assertThat(result.verdict()).isEqualTo(result.findings().getFirst().verdict());
      assertThat(result.stage()).isEqualTo(result.findings().getFirst().stage());
    } else if (result.verdict() == Verdict.UNKNOWN) {
      assertThat(result.coverage().images() == 0 || result.stage() != null).isTrue();
      assertThat(
              !result.coverage().notAnalysed().isEmpty()
                  || result.findings().getFirst().verdict() == Verdict.UNKNOWN)
          .isTrue();
    } else {
      assertThat(result.verdict()).isEqualTo(Verdict.RUNS);
    }
    for (Finding finding : result.findings()) {
      assertThat(finding.summary()).isNotBlank().doesNotEndWith(".");
      assertThat(finding.fixes()).noneMatch(Fix::verified);
    }
  }

  private static Machine with(Machine m, Feature feature) {
    FeatureSet more = FeatureSet.of(feature);
    return new Machine(
        m.name(),
        m.title(),
        m.architecture(),
        m.advertised().with(more),
        m.executes().with(more),
        m.uncertain(),
        m.translator(),
        m.hostArchitecture(),
        m.system(),
        m.pageSize(),
        m.sources());
  }

  private static Set<String> missing(Result result) {
    var ids = new HashSet<String>();
    for (Finding finding : result.findings()) {
      if (finding.rule() == Rule.SIG101) {
        finding.missing().forEach(id -> ids.add(finding.image() + " " + id));
      }
    }
    return ids;
  }
}
