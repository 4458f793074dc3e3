package dev.sigill.isa.x86;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * One encoding of every form of the tables, with its text and features, in {@code cases.txt};
 * {@link X86CaseWriter} finds new ones.
 */
class X86CaseTest {
  private static List<String> cases() throws IOException {
    try (var in = X86CaseTest.class.getResourceAsStream("cases.txt")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .filter(l -> !l.startsWith("#"))
          .toList();
    }
  }

  private static byte[] code(String line) {
    return Instructions.bytes(line.substring(0, line.indexOf(' ')));
  }

  @Test
  void cases_decoded_areAsWritten() throws IOException {
    var wrong = new ArrayList<String>();
    for (String line : cases()) {
      byte[] code = code(line);
      var padded = new byte[32];
      System.arraycopy(code, 0, padded, 0, code.length);
      String found = X86CaseWriter.line(padded);
      if (!found.equals(line)) {
        wrong.add(line + "  but is  " + found);
      }
    }
    assertThat(wrong).isEmpty();
  }

  @Test
  void cases_cutShort_runOutOfBytes() throws IOException {
    var decoder = new X86Decoder();
    var wrong = new ArrayList<String>();
    for (String line : cases()) {
      byte[] code = code(line);
      for (int room = 0; room < code.length; room++) {
        if (decoder.decode(code, 0, room, 0) != X86Decoder.TRUNCATED) {
          wrong.add(line + "  cut to " + room);
        }
      }
      if (decoder.decode(code, 0, code.length, 0) != code.length) {
        wrong.add(line + "  with nothing after it");
      }
    }
    assertThat(wrong).isEmpty();
  }

  @Test
  void forms_allOfThem_haveACase() throws IOException {
    var covered = new HashSet<Integer>();
    var decoder = new X86Decoder();
    for (String line : cases()) {
      byte[] code = code(line);
      decoder.decode(code, 0, code.length, 0);
      covered.add(decoder.form());
    }
    int forms = X86TableGenerator.read(Path.of("")).forms().size();
    assertThat(covered).containsAll(IntStream.range(1, forms).boxed().toList());
  }
}
