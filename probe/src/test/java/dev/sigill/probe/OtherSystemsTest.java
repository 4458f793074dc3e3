package dev.sigill.probe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sigill.crash.Cause;
import dev.sigill.crash.Explanation;
import dev.sigill.crash.Fact;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Deaths on macOS and Windows, as they leave the files of these systems behind. */
class OtherSystemsTest {
  private static final String IPS =
      """
      {"app_name":"python3.9","timestamp":"2022-01-20 10:00:00.00 +0100","bug_type":"309","os_version":"macOS 12.1 (21C52)"}
      {"cpuType":"X86-64","translated":true,"procName":"python3.9",
       "exception":{"type":"EXC_BAD_INSTRUCTION","signal":"SIGILL"},"faultingThread":0,
       "threads":[{"triggered":true,"frames":[{"imageOffset":350,"imageIndex":0}]}],
       "instructionByteStream":{"atPC":"xfhXwEiJ5Q=="},
       "usedImages":[{"arch":"x86_64","base":4355064256,"size":40960,
         "path":"/Users/jane/venv/libtensorflow_framework.2.dylib"}]}
      """;

  @TempDir Path folder;

  private static Ending ending(int status) {
    return new Ending(4711, status, 0, Optional.empty(), "", "");
  }

  private Optional<Explanation> explain(int status, Map<String, String> environment, String text) {
    var ending = ending(status);
    var remains = new Remains(ending, folder, environment, Instant.now().minusSeconds(5));
    var launch = new Launch(List.of("python"), environment, Launch.Streams.INHERITED);
    return Runner.explain(ending, remains, text, launch);
  }

  @Test
  void macOs_crashReportOfTheSystem_isExplained() throws Exception {
    Path reports = Files.createDirectories(folder.resolve("Library/Logs/DiagnosticReports"));
    Files.writeString(reports.resolve("python3.9-2022-01-20-100000.ips"), IPS);
    Explanation found = explain(132, Map.of("HOME", folder.toString()), "").orElseThrow();
    assertThat(found.facts().get(Fact.IMAGE)).endsWith("libtensorflow_framework.2.dylib");
    assertThat(found.facts().get(Fact.INSTRUCTION)).isEqualTo("vxorps xmm0, xmm0, xmm0");
    assertThat(found.causes().getFirst().missing()).containsExactly("avx");
  }

  @Test
  void macOs_reportOfAnEarlierCrash_isNotTaken() throws Exception {
    Path reports = Files.createDirectories(folder.resolve("Library/Logs/DiagnosticReports"));
    Path old = Files.writeString(reports.resolve("python3.9-2022-01-19-100000.ips"), IPS);
    Files.setLastModifiedTime(
        old, java.nio.file.attribute.FileTime.from(Instant.now().minusSeconds(3600)));
    Explanation found = explain(132, Map.of("HOME", folder.toString()), "").orElseThrow();
    assertThat(found.signal()).isEqualTo("SIGILL");
    assertThat(found.facts().get(Fact.IMAGE)).isEmpty();
  }

  @Test
  void windows_reportOfTheSystem_isExplained() throws Exception {
    Path reports =
        Files.createDirectories(
            folder.resolve("Microsoft/Windows/WER/ReportArchive/AppCrash_python.exe_1"));
    Files.write(
        reports.resolve("Report.wer"),
        ("\ufeffEventType=APPCRASH\r\nSig[0].Value=python.exe\r\nSig[3].Value=torch_cpu.dll\r\n"
                + "Sig[6].Value=c000001d\r\nSig[7].Value=01b0a6a3\r\n")
            .getBytes(StandardCharsets.UTF_16LE));
    Explanation found =
        explain(0xc000001d, Map.of("LOCALAPPDATA", folder.toString()), "").orElseThrow();
    assertThat(found.facts().get(Fact.IMAGE)).isEqualTo("torch_cpu.dll");
    assertThat(found.causes().getFirst().cause()).isEqualTo(Cause.ISA_MISSING);
  }

  @Test
  void windows_statusAlone_isExplained() {
    assertThat(explain(0xc000001d, Map.of(), "").orElseThrow().causes().getFirst().cause())
        .isEqualTo(Cause.ISA_MISSING);
    assertThat(explain(0xc0000135, Map.of(), "").orElseThrow().causes().getFirst().cause())
        .isEqualTo(Cause.MISSING_LIBRARY);
    assertThat(explain(0xc000007b, Map.of(), "").orElseThrow().causes().getFirst().cause())
        .isEqualTo(Cause.ARCH_MISMATCH);
  }

  @Test
  void ordinaryFailure_isNotExplained() {
    assertThat(explain(1, Map.of(), "")).isEmpty();
    assertThat(explain(1, Map.of(), "usage: app FILE\n")).isEmpty();
  }
}
