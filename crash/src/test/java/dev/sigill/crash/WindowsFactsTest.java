package dev.sigill.crash;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One crash as Windows tells it in different places and languages. */
class WindowsFactsTest {
  private static final String WER =
      """
      Version=1\r
      EventType=APPCRASH\r
      Sig[0].Name=Application Name\r
      Sig[0].Value=python.exe\r
      Sig[3].Name=Fault Module Name\r
      Sig[3].Value=torch_cpu.dll\r
      Sig[6].Name=Exception Code\r
      Sig[6].Value=c000001d\r
      Sig[7].Name=Exception Offset\r
      Sig[7].Value=0000000001b0a6a3\r
      LoadedModule[1]=C:\\Windows\\SYSTEM32\\ntdll.dll\r
      """;

  private final Explainer explainer = new Explainer(false);

  @ParameterizedTest
  @ValueSource(
      strings = {
        """
        Faulting application name: python.exe, version: 3.9.7150.1013, time stamp: 0x612e9b6d
        Faulting module name: torch_cpu.dll, version: 0.0.0.0, time stamp: 0x6171039f
        Exception code: 0xc000001d
        Fault offset: 0x0000000001b0a6a3
        Faulting process id: 0x54b4
        """,
        "ERROR(1000): Application Error: Faulting application name: python.exe, version: 3.9.0.0,"
            + " time stamp: 0x5d68bcfc  Faulting module name: torch_cpu.dll, version: 0.0.0.0, time"
            + " stamp: 0x5d68bcfc  Exception code: 0xc000001d  Fault offset: 0x0000000001b0a6a3"
            + "  Faulting process id: 0xfd8",
        """
        Name der fehlerhaften Anwendung: python.exe, Version: 3.9.7150.1013, Zeitstempel: 0x612e
        Name des fehlerhaften Moduls: torch_cpu.dll, Version: 0.0.0.0, Zeitstempel: 0x61
        Ausnahmecode: 0xc000001d
        Fehleroffset: 0x0000000001b0a6a3
        """,
        """
        Nom de l’application défaillante python.exe, version : 3.9.7150.1013
        Nom du module défaillant : torch_cpu.dll, version : 0.0.0.0
        Code d’exception : 0xc000001d
        Décalage d’erreur : 0x0000000001b0a6a3
        """,
        """
        错误应用程序名称: python.exe，版本: 3.9.7150.1013，时间戳: 0x612e9b6d
        错误模块名称: torch_cpu.dll，版本: 0.0.0.0，时间戳: 0x6171039f
        异常代码: 0xc000001d
        错误偏移量: 0x0000000001b0a6a3
        """,
        """
        Event Name: APPCRASH
        Problem signature:
        P1: python.exe
        P2: 3.9.7150.1013
        P3: 612e9b6d
        P4: torch_cpu.dll
        P5: 0.0.0.0
        P6: 5c9b9cf0
        P7: c000001d
        P8: 0000000001b0a6a3
        """,
        """
        <EventData>
          <Data>python.exe</Data>
          <Data>3.9.7150.1013</Data>
          <Data>612e9b6d</Data>
          <Data>torch_cpu.dll</Data>
          <Data>0.0.0.0</Data>
          <Data>5c9b9cf0</Data>
          <Data>c000001d</Data>
          <Data>0000000001b0a6a3</Data>
          <Data>20c8</Data>
        </EventData>
        """,
        """
        <Data Name="AppName">python.exe</Data><Data Name="ModuleName">torch_cpu.dll</Data>
        <Data Name="ExceptionCode">c000001d</Data><Data Name='FaultingOffset'>1b0a6a3</Data>
        """,
        WER
      })
  void report_inEveryForm_givesTheSameFacts(String report) {
    Explanation found = explainer.explain(report);
    assertSameCrash(found);
  }

  private static void assertSameCrash(Explanation found) {
    assertThat(found.causes().getFirst().cause()).isEqualTo(Cause.ISA_MISSING);
    assertThat(found.signal()).isEqualTo("SIGILL");
    Facts facts = found.facts();
    assertThat(facts.get(Fact.PROCESS)).isEqualTo("python.exe");
    assertThat(facts.get(Fact.IMAGE)).isEqualTo("torch_cpu.dll");
    assertThat(facts.get(Fact.IMAGE_OFFSET)).isEqualTo("0x1b0a6a3");
    assertThat(facts.get(Fact.EXCEPTION)).isEqualTo("0xC000001D");
    assertThat(facts.get(Fact.OS)).isEqualTo("Windows");
  }

  @Test
  void report_inUtf16_isReadWithAndWithoutItsMark() throws IOException {
    for (Charset charset : new Charset[] {StandardCharsets.UTF_16LE, StandardCharsets.UTF_16BE}) {
      for (String mark : new String[] {"", "\ufeff"}) {
        byte[] bytes = (mark + WER).getBytes(charset);
        assertSameCrash(explainer.explain(new ByteArrayInputStream(bytes), "Report.wer"));
      }
    }
  }

  @Test
  void text_ofUtf16OfAnyLength_isReadToItsEnd() throws IOException {
    // Characters of two halves fall on both sides of every border.
    for (String lead : new String[] {"", "x"}) {
      String text = lead + "\ud83d\ude00".repeat(20_000) + "\nzsh: illegal hardware instruction";
      byte[] bytes = ("\ufeff" + text).getBytes(StandardCharsets.UTF_16LE);
      var decoded = Utf16Text.decoded(new ByteArrayInputStream(bytes)).readAllBytes();
      assertThat(new String(decoded, StandardCharsets.UTF_8)).isEqualTo(text);
    }
  }

  @Test
  void bytes_thatOnlyLookLikeUtf16_doNotThrow() throws IOException {
    byte[] odd = {(byte) 0xff, (byte) 0xfe, 'a', 0, 'b'};
    assertThat(explainer.explain(new ByteArrayInputStream(odd), "-").causes()).isNotEmpty();
    byte[] half = {(byte) 0xff, (byte) 0xfe, 0x3d, (byte) 0xd8};
    assertThat(explainer.explain(new ByteArrayInputStream(half), "-").causes()).isNotEmpty();
  }
}
