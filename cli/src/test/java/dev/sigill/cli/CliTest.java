package dev.sigill.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sigill.analysis.Stage;
import dev.sigill.verdict.Verdict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CliTest {
  private static final Terminal SCREEN = new Terminal(true, true, 90);

  @TempDir Path folder;

  @BeforeEach
  void targets() throws IOException {
    Files.writeString(folder.resolve("x.whl"), "");
    Files.writeString(folder.resolve("y.jar"), "");
  }

  private Trial trial() {
    return new Trial(new FakeEngine(), folder);
  }

  @Test
  void check_withoutMachine_asksForThisComputer() {
    var engine = new FakeEngine();
    new Trial(engine, folder).run("check", "x.whl");
    assertThat(engine.asked).containsExactly("x.whl on this");
  }

  @Test
  void check_machinesWithCommasAndRepeated_areAskedInOrderOnce() {
    var engine = new FakeEngine();
    new Trial(engine, folder)
        .run("check", "x.whl", "y.jar", "--on", "haswell,nehalem", "--on=rpi4", "--on", "haswell");
    assertThat(engine.asked)
        .containsExactly(
            "x.whl on haswell",
            "x.whl on nehalem",
            "x.whl on rpi4",
            "y.jar on haswell",
            "y.jar on nehalem",
            "y.jar on rpi4");
  }

  @Test
  void check_commaBeforeSign_belongsToTheName() {
    assertThat(CheckCommand.names("haswell:-fma,-avx2, nehalem:+popcnt,,rpi4"))
        .containsExactly("haswell:-fma,-avx2", "nehalem:+popcnt", "rpi4");
  }

  @Test
  void check_unknownMachine_tellsWhatIsNear() {
    assertThat(trial().run("check", "x.whl", "--on", "nohalem").err())
        .isEqualTo(
            "sigill check: no machine is called 'nohalem'; near: nehalem\n"
                + "`sigill machines` lists them all.\n");
  }

  @Test
  void check_explainPath_addsWhatIsContained() {
    assertThat(trial().run("check", "x.whl", "--format", "json").out())
        .doesNotContain("\"contained\"");
    assertThat(trial().run("check", "x.whl", "--explain-path", "--format", "json").out())
        .contains("\"contained\"");
  }

  @Test
  void check_missingFile_tellsTheNeighbour() {
    assertThat(trial().run("check", "x.wlh").err())
        .isEqualTo("sigill check: there is no file or folder 'x.wlh'; did you mean 'x.whl'?\n");
    assertThat(trial().run("check", "nofolder/sub/x.whl").err())
        .contains("there is no file or folder 'nofolder/sub/x.whl'.")
        .contains("Already " + folder.resolve("nofolder") + " does not exist.");
  }

  @ParameterizedTest
  @ValueSource(strings = {"pypi:numpy==2.0", "npm:sharp", "maven:org.example:lib:1.0"})
  void check_registry_tellsHowToGoOn(String target) {
    assertThat(trial().run("check", target).err())
        .contains("'" + target + "' names a package in a registry")
        .contains("Download it first, then check the file: ");
  }

  @Test
  void check_fileNamedLikeRegistry_isTheFile() throws IOException {
    Files.writeString(folder.resolve("npm:sharp"), "");
    assertThat(trial().run("check", "npm:sharp").code()).isZero();
  }

  @Test
  void check_argumentWithAt_isNoArgumentFile() throws IOException {
    Files.writeString(folder.resolve("@x.whl"), "--help");
    var engine = new FakeEngine();
    new Trial(engine, folder).run("check", "@x.whl");
    assertThat(engine.asked).containsExactly("@x.whl on this");
  }

  @Test
  void option_unknown_suggestsTheNearest() {
    assertThat(trial().run("check", "x.whl", "--formt", "json").err())
        .contains("nknown option: '--formt'", "--format", "`sigill check --help`");
  }

  @Test
  void command_unknown_suggestsTheNearest() {
    assertThat(trial().run("chekc", "x.whl").err()).contains("check", "`sigill --help`");
  }

  @Test
  void options_beforeTheCommand_countToo() {
    assertThat(trial().run("--format", "json", "check", "x.whl").out()).startsWith("{");
    assertThat(trial().run("check", "--format=json", "x.whl").out()).startsWith("{");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "doctor", "check", "machines", "rule"})
  void help_everyCommand_showsExamples(String command) {
    String help =
        command.isEmpty() ? trial().run("--help").out() : trial().run(command, "--help").out();
    String example = command.isEmpty() ? "sigill doctor" : "sigill " + command;
    assertThat(help).contains("Examples:\n  " + example);
    assertThat(help.lines()).allSatisfy(line -> assertThat(line.length()).isLessThan(101));
  }

  @Test
  void version_isTheBuilds() {
    assertThat(trial().run("--version").out()).matches("sigill [0-9]+\\.[0-9]+\\.[0-9].*\\n");
    assertThat(trial().run("--version").out()).isEqualTo(trial().run("-q", "--version").out());
  }

  @Test
  void json_sameInput_sameBytesAndNothingElse() {
    var engine = new FakeEngine().answers(Verdict.CRASHES).finds(Verdict.CRASHES, Stage.LOAD);
    Trial.Outcome first = new Trial(engine, folder).run("check", "x.whl", "--format", "json");
    Trial.Outcome second = new Trial(engine, folder).run("check", "x.whl", "--format", "json");
    assertThat(first).isEqualTo(second);
    assertThat(first.err()).isEmpty();
    assertThat(first.out()).startsWith("{\n").endsWith("}\n");
  }

  @Test
  void text_piped_tellsNoTime() {
    assertThat(trial().run("check", "x.whl").out()).doesNotContain(" s)");
    assertThat(trial().on(SCREEN).run("check", "x.whl").out()).contains(" s)");
  }

  @Test
  void progress_isShownOnTerminalsOnlyAndWiped() {
    var slow = new FakeEngine().takes(5, 110);
    assertThat(new Trial(slow, folder).run("check", "x.whl").err()).isEmpty();
    assertThat(new Trial(slow, folder).on(SCREEN).run("-q", "check", "x.whl").err()).isEmpty();
    assertThat(new Trial(slow, folder).on(SCREEN).run("check", "x.whl").err())
        .contains("reading native files 5/5")
        .endsWith("\r\u001b[K");
  }

  @ParameterizedTest(name = "{0} on terminal {1}: {2}")
  @CsvSource({
    "'', true, true",
    "'', false, false",
    "NO_COLOR=1, true, false",
    "NO_COLOR=, true, true",
    "FORCE_COLOR=1, false, true",
    "FORCE_COLOR=0, true, false",
    "NO_COLOR=1 FORCE_COLOR=1, true, false",
    "TERM=dumb, true, false",
    "TERM=xterm, true, true",
    "--color=always, false, true",
    "--color=always NO_COLOR=1, false, true",
    "--color=never FORCE_COLOR=1, true, false",
  })
  void color_followsOptionEnvironmentAndTerminal(
      String setting, boolean isTerminal, boolean isColored) {
    Map<String, String> environment = new HashMap<>(Map.of("LANG", "C.UTF-8"));
    String option = "--color=auto";
    for (String part : setting.split(" ")) {
      int equals = part.indexOf('=');
      if (part.startsWith("--")) {
        option = part;
      } else if (equals > 0) {
        environment.put(part.substring(0, equals), part.substring(equals + 1));
      }
    }
    Terminal terminal = new Terminal(isTerminal, isTerminal, 80);
    String out = trial().with(environment).on(terminal).run("check", "x.whl", option).out();
    assertThat(out.contains("\u001b[")).isEqualTo(isColored);
  }

  @ParameterizedTest
  @CsvSource({
    "LC_ALL=C LANG=en_US.UTF-8, false",
    "LANG=en_US.UTF-8, true",
    "LANG=de_DE.utf8, true",
    "LANG=en_US.ISO-8859-1, false",
    "LC_CTYPE=C.UTF-8 LANG=C, true",
    "SIGILL_LOCALE=C LC_ALL=C.UTF-8, false",
  })
  void marks_followTheLocale(String setting, boolean isUnicode) {
    Map<String, String> environment = new HashMap<>();
    for (String part : setting.split(" ")) {
      environment.put(part.split("=")[0], part.split("=")[1]);
    }
    String out = trial().with(environment).run("check", "x.whl").out();
    assertThat(out).startsWith(isUnicode ? "✓ this" : "ok this");
  }

  @Test
  void machines_withoutName_listsThem() {
    assertThat(trial().run("machines").out()).contains("haswell", "The machine nehalem");
  }

  @Test
  void machines_this_isDescribedAlsoAsJson() {
    assertThat(trial().run("machines", "--this").out()).startsWith("this   The machine this");
    assertThat(trial().run("machines", "--this", "--format", "json").out())
        .contains("\"machines\": [", "\"name\": \"this\"");
  }

  @Test
  void machines_two_areCompared() {
    assertThat(trial().run("machines", "haswell", "nehalem").out())
        .startsWith("nehalem against haswell");
  }

  @Test
  void rule_idOrName_showsItsPage() {
    String page = trial().run("rule", "sig101").out();
    assertThat(page).startsWith("# SIG101").contains("## Fix");
    assertThat(trial().run("rule", "instruction-beyond-machine").out()).isEqualTo(page);
    assertThat(trial().run("rule", "SIG101", "--format=json").out()).contains("\"id\": \"SIG101\"");
  }

  @Test
  void rule_unknown_tellsTheNearest() {
    Trial.Outcome outcome = trial().run("rule", "page-sise");
    assertThat(outcome.code()).isEqualTo(2);
    assertThat(outcome.err())
        .contains("did you mean 'page-size'?", "`sigill rule` lists them all.");
  }

  @Test
  void rule_withoutId_listsThem() {
    assertThat(trial().run("rule").out()).contains("SIG101   instruction-beyond-machine");
  }
}
