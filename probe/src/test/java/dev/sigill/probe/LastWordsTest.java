package dev.sigill.probe;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LastWordsTest {
  private static final String FIRST =
      """
      Could not load dynamic library 'libcudart.so.11.0'
      Traceback (most recent call last):
        File "a.py", line 1, in <module>
      ImportError: libone.so: cannot open shared object file: No such file or directory
      """;

  private static final String SECOND =
      """
      Traceback (most recent call last):
        File "a.py", line 9, in <module>
      KeyError: 'x'
      """;

  @Test
  void of_handledErrorBefore_isOnlyTheLastTraceback() {
    assertThat(LastWords.of(FIRST + "going on without it\n" + SECOND)).isEqualTo(SECOND);
  }

  @Test
  void of_chainOfReasons_isTheWholeChain() {
    String joint = "\nThe above exception was the direct cause of the following exception:\n\n";
    String context = "\nDuring handling of the above exception, another exception occurred:\n\n";
    String chain = FIRST.substring(FIRST.indexOf("Traceback")) + joint + SECOND + context + SECOND;
    assertThat(LastWords.of("before\n" + chain)).isEqualTo(chain);
  }

  @Test
  void of_textWithoutTraceback_isTheText() {
    assertThat(LastWords.of("app: undefined symbol: f\n")).isEqualTo("app: undefined symbol: f\n");
    assertThat(LastWords.of("")).isEmpty();
  }
}
