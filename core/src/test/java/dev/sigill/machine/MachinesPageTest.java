package dev.sigill.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What {@code docs/machines.md} shows is so. */
class MachinesPageTest {
  private static final Path PAGE = Path.of("../docs/machines.md");

  @Test
  void names_ofTheTable_areMachines() throws IOException {
    var names = new ArrayList<String>();
    for (String line : Files.readAllLines(PAGE)) {
      if (line.startsWith("| `")) {
        Matcher name =
            Pattern.compile("`([^`]+)`").matcher(line.substring(0, line.indexOf('|', 1)));
        while (name.find()) {
          names.add(name.group(1));
        }
      }
    }
    names.remove("server.txt");
    names.remove("./nehalem");
    assertThat(names).hasSizeGreaterThan(25);
    assertThat(names).allSatisfy(name -> assertThat(Machines.named(name)).isNotNull());
  }

  @Test
  void refusedName_isRefused() {
    assertThatThrownBy(() -> Machines.named("m1-rosetta-macos14+macos-15"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void jsonByHand_isAMachine() throws IOException {
    String page = Files.readString(PAGE);
    int start = page.indexOf("    {\"name\": \"our-servers\"");
    int end = page.indexOf("}\n", start) + 1;
    Machine machine = Machines.parse(page.substring(start, end), "page");
    assertThat(machine.name()).isEqualTo("our-servers");
    assertThat(machine.system().libcVersion().text()).isEqualTo("2.31");
  }
}
