package dev.sigill.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ExpectationTest {
  private static final Map<String, Object> VALUES =
      Map.of(
          "a", List.of(List.of(1, 2, 3), List.of(4, 5, 6)),
          "b", List.of(List.of(7, 8), List.of(9, 10), List.of(11, 12)),
          "ab", List.of(List.of(58.0, 64.0), List.of(139.0, 154.0)),
          "off", List.of(List.of(58.0, 64.0), List.of(139.0, 155.0)),
          "aat", List.of(List.of(14, 32), List.of(32, 77)),
          "falling", List.of(2.0, 1.5, 1.0),
          "broken", List.of(2.0, "nan"),
          "half", 0.5,
          "word", "cde",
          "empty", List.of());

  private static String complaint(String check) {
    return Expectation.parse(check).complaint(VALUES).orElse("");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "told a",
        "equals ab [[58, 64], [139, 154]] within 0",
        "equals half 0.4 within 0.2",
        "equals word \"cde\" within 0",
        "same ab ab within 0",
        "same ab off within 1",
        "product ab = a × b within 1e-12",
        "product ab = a * b within 1e-12",
        "product aat = a × transpose a within 1e-12",
        "symmetric aat within 0",
        "falls falling",
        "least half 0.5"
      })
  void check_thatHolds_hasNoComplaint(String check) {
    assertThat(complaint(check)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "told empty",
        "told nothing",
        "equals ab [[58, 64], [139, 155]] within 0.001",
        "equals ab [[58, 64]] within 1",
        "equals ab 58 within 1",
        "equals word \"cdf\" within 1",
        "same ab off within 0.5",
        "same ab nothing within 1",
        "product off = a × b within 1e-3",
        "product ab = a × transpose b within 1",
        "product ab = a × a within 1",
        "product word = a × b within 1",
        "symmetric ab within 0.1",
        "symmetric a within 1",
        "rises falling",
        "falls broken",
        "falls half",
        "least half 0.6",
        "least word 1"
      })
  void check_thatDoesNotHold_complains(String check) {
    assertThat(complaint(check)).isNotEmpty();
  }

  @Test
  void product_complaint_namesTheEntryAndBothNumbers() {
    assertThat(complaint("product off = a × b within 1e-3"))
        .isEqualTo("off[1,1] is 155.000000, should be 154.000000");
  }

  @Test
  void product_notANumber_isWrong() {
    Map<String, Object> values =
        Map.of(
            "a", List.of(List.of(1)),
            "c", List.of(List.of("nan")));
    assertThat(Expectation.parse("product c = a × a within 1e9").complaint(values)).isPresent();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "told",
        "equals a within 1",
        "equals a [1 within 1",
        "equals a 1 within much",
        "product a = b within 1",
        "is a 1",
        "least a much"
      })
  void line_thatIsNoCheck_isRefusedWithTheGrammar(String line) {
    assertThatThrownBy(() -> Expectation.parse(line)).isInstanceOf(IllegalArgumentException.class);
  }
}
