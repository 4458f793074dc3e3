package dev.sigill.report;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

class MachinesTextTest {
  private static final Style PLAIN = Style.plain();

  @Test
  void list_severalArchitectures_areGrouped() throws IOException {
    Golden.check(
        "machines-list.txt",
        MachinesText.list(
            List.of(Samples.NEHALEM, Samples.HASWELL, Samples.ROSETTA, Samples.ARM),
            List.of(Samples.ROSETTA.system(), Samples.ARM.system()),
            PLAIN));
  }

  @Test
  void one_translator_tellsWhatIsNotReported() throws IOException {
    Golden.check(
        "machines-one.txt", MachinesText.one(Samples.ROSETTA, List.of("m1-rosetta"), PLAIN));
  }

  @Test
  void compare_olderAgainstNewer_tellsWhatItLacks() throws IOException {
    Golden.check(
        "machines-compare.txt",
        MachinesText.compare(
            List.of(Samples.HASWELL, Samples.NEHALEM, Samples.ROSETTA, Samples.ARM), PLAIN));
  }
}
