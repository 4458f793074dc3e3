package dev.sigill.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class WorkloadsTest {
  static List<String> names() {
    return Workloads.names();
  }

  @ParameterizedTest
  @MethodSource("names")
  void builtIn_everyOne_isRead(String name) {
    Workload workload = Workloads.named(name);
    assertThat(workload.name()).isEqualTo(name);
    assertThat(workload.needs()).isNotEmpty();
    assertThat(workload.steps().getFirst().name()).isEqualTo("import");
    assertThat(workload.steps()).hasSizeGreaterThan(3).allMatch(s -> !s.source().isBlank());
    // Besides the import, a step without a check would pass whatever it computes.
    assertThat(workload.steps().subList(1, workload.steps().size()))
        .allMatch(s -> !s.checks().isEmpty());
  }

  @Test
  void tensorflow_steps_areInTheOrderPromised() {
    assertThat(Workloads.named("tensorflow").steps())
        .extracting(Workload.Step::name)
        .containsExactly(
            "import",
            "version",
            "devices",
            "add",
            "matmul",
            "transpose-cpu",
            "train-regression",
            "train-classifier",
            "gpu");
  }

  @Test
  void parse_preludeAndIndentation_makeEachProgram() {
    Workload workload =
        Workloads.parse(
            """
            # A comment.
            workload: mine
            needs: a | b
            needs: c

            prelude:
                x = 1

            step: one
            title: The first
            python:
                if x:

                    show("x", x)
            check: equals x 1 within 0
            """,
            "mine.workload");
    assertThat(workload.title()).isEqualTo("mine");
    assertThat(workload.needs()).containsExactly(List.of("a", "b"), List.of("c"));
    assertThat(workload.steps().getFirst().source())
        .isEqualTo("x = 1\n\nif x:\n\n    show(\"x\", x)\n");
  }

  @Test
  void parse_mistakes_nameTheLine() {
    assertMistake("workload: w\nstep: s\nstep: t\n", "line 3", "no program");
    assertMistake("workload: w\nstep: s\npython:\n  x\ncheck: odd\n", "line 5", "no check");
    assertMistake("workload: w\ncolour: red\n", "line 2", "`colour` is none of");
    assertMistake("workload: w\n", "line 1", "at least one");
    assertMistake("workload: w\nstep: s\npython:\n  x\nstep: s\npython:\n  x\n", "two steps");
    assertMistake("word\n", "line 1", "key: value");
  }

  private static void assertMistake(String text, String... words) {
    assertThatThrownBy(() -> Workloads.parse(text, "w"))
        .isInstanceOf(IllegalArgumentException.class)
        .message()
        .contains(words);
  }

  @Property(tries = 300)
  void parse_anyText_isReadOrRefused(@ForAll String text) {
    try {
      Workloads.parse("workload: w\nstep: s\n" + text, "w");
    } catch (IllegalArgumentException e) {
      assertThat(e).hasMessageContaining("w, line ");
    }
  }
}
