package dev.sigill.python;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Environment markers of Python's dependency specifiers. */
class ConditionTest {
  private static final Map<String, String> LINUX =
      Map.of(
          "python_version", "3.11",
          "sys_platform", "linux",
          "platform_machine", "x86_64",
          "extra", "");

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      textBlock =
          """
          python_version < '3.9'                                    , false
          python_version >= "3.9"                                   , true
          python_version ~= '3.10'                                  , true
          python_version == '3.*'                                   , true
          python_version in '3.10 3.11'                             , true
          sys_platform == 'win32'                                   , false
          sys_platform != 'win32' and python_version > '3.2'        , true
          sys_platform == 'win32' or platform_machine == 'x86_64'   , true
          (sys_platform == 'win32' or extra == 'x') and '3' == '3'  , false
          'linux' in sys_platform                                   , true
          'arm' not in platform_machine                             , true
          extra == 'test'                                           , false
          sys.platform == 'linux'                                   , true
          """)
  void known_isDecided(String condition, boolean expected) {
    assertThat(Condition.holds(condition, LINUX)).contains(expected);
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      textBlock =
          """
          platform_release > '5'
          platform_release > '5' and sys_platform == 'linux'
          python_version
          python_version <
          (python_version > '3'
          python_version > '3' )
          sys_platform < 'linux'
          os_name = 'posix'
          """)
  void whatIsNotKnownOrNotUnderstood_isOpen(String condition) {
    assertThat(Condition.holds(condition, LINUX)).isEmpty();
  }

  @Test
  void oneSideThatDecides_isEnough() {
    assertThat(Condition.holds("platform_release > '5' or sys_platform == 'linux'", LINUX))
        .contains(true);
    assertThat(Condition.holds("platform_release > '5' and sys_platform == 'win32'", LINUX))
        .contains(false);
    assertThat(Condition.holds("", LINUX)).isEqualTo(Optional.of(true));
  }
}
