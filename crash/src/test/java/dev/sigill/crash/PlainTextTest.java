package dev.sigill.crash;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PlainTextTest {
  private static String plain(byte[] bytes) throws IOException {
    try (var in = new PlainText(new ByteArrayInputStream(bytes))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "<[31mred<[0m, red",
    "<[1;38;5;196mbold<[K red<[m, bold red",
    "<]0;title~text, text",
    "<]8;;http://x<\\link<]8;;<\\ end, link end",
    "<(Btext, text",
    "<7text<8, text",
    "text<, text",
    "text<[3, text",
  })
  void escapeSequences_areLeftOut(String written, String read) throws IOException {
    String text = written.replace('<', '\u001b').replace('~', '\u0007');
    assertThat(plain(text.getBytes(StandardCharsets.UTF_8))).isEqualTo(read);
    assertThat(PlainText.of(text)).isEqualTo(read);
  }

  @Test
  void controlString_cutOff_endsWithItsLine() throws IOException {
    assertThat(plain("\u001b]0;title\nIllegal instruction".getBytes(StandardCharsets.UTF_8)))
        .isEqualTo("\nIllegal instruction");
  }

  @Test
  void bytes_thatAreNoUtf8_areReadAsWindows1252() throws IOException {
    byte[] latin = "Ungültiger Maschinenbefehl: Größe – ü".getBytes("windows-1252");
    assertThat(plain(latin)).isEqualTo("Ungültiger Maschinenbefehl: Größe – ü");
    assertThat(plain(new byte[] {'a', (byte) 0xe2, (byte) 0x82})).isEqualTo("aâ‚");
  }

  @Property(tries = 200)
  void text_ofAnyCharacters_isTheSame_howeverItComes(@ForAll String text) throws IOException {
    String clean = text.replaceAll("[\\x00\\x1b\\x{d800}-\\x{dfff}]", "");
    byte[] bytes = clean.getBytes(StandardCharsets.UTF_8);
    int half = bytes.length / 2;
    InputStream inParts =
        new SequenceInputStream(
            new ByteArrayInputStream(bytes, 0, half),
            new ByteArrayInputStream(bytes, half, bytes.length - half));
    try (var in = new PlainText(inParts)) {
      assertThat(in.readAllBytes()).isEqualTo(bytes);
    }
    assertThat(plain(bytes)).isEqualTo(clean);
  }

  @Property(tries = 300)
  void bytes_ofAnyKind_giveText(@ForAll byte[] bytes) throws IOException {
    String text = plain(bytes);
    assertThat(text).doesNotContain("\0", "\u001b");
  }

  @Test
  void message_inColoursOrWithZeroBytes_isFound() throws IOException {
    var explainer = new Explainer(false);
    for (String text :
        new String[] {
          "zsh: \u001b[31millegal\u001b[0m \u001b[1mhardware instruction\u001b[0m  python",
          "\0\0\0\0Illegal instruction (core dumped)\0\0",
          "started\nI\0l\0l\0e\0g\0a\0l\0 \0i\0n\0s\0t\0r\0u\0c\0t\0i\0o\0n\0\n\0"
        }) {
      Explanation found = explainer.explain(text);
      assertThat(found.causes().getFirst().cause()).as(text).isEqualTo(Cause.ISA_MISSING);
    }
    var latin = new ByteArrayInputStream("Ungültiger Maschinenbefehl".getBytes("ISO-8859-1"));
    assertThat(explainer.explain(latin, "log").signal()).isEqualTo("SIGILL");
  }
}
