package dev.sigill.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Starts the packaged tool by its script, as users do. */
@DisabledOnOs(OS.WINDOWS)
class LauncherIT {
  private static final Path SCRIPT = Path.of("..", "sigill").toAbsolutePath().normalize();
  private static final Path APP = Path.of("target", "app").toAbsolutePath();

  @TempDir Path folder;

  private record Outcome(int code, String out, String err) {}

  private Outcome run(Map<String, String> environment, Path script, String... arguments)
      throws IOException, InterruptedException {
    var command = new ArrayList<String>();
    command.add(script.toString());
    command.addAll(List.of(arguments));
    Path out = Files.createTempFile(folder, "out", "");
    Path err = Files.createTempFile(folder, "err", "");
    var builder =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectOutput(out.toFile())
            .redirectError(err.toFile());
    builder.environment().putAll(environment);
    Process process = builder.start();
    process.getOutputStream().close();
    assertThat(process.waitFor(300, TimeUnit.SECONDS)).isTrue();
    return new Outcome(
        process.exitValue(),
        Files.readString(out, StandardCharsets.UTF_8),
        Files.readString(err, StandardCharsets.UTF_8));
  }

  @Test
  void script_throughLinkFromElsewhere_startsTheBuild() throws Exception {
    Path link = Files.createSymbolicLink(folder.resolve("sigill-link"), SCRIPT);
    Outcome outcome = run(Map.of(), link, "--version");
    assertThat(outcome.err()).isEmpty();
    assertThat(outcome.out()).isEqualTo("sigill " + Version.text() + "\n");
    assertThat(outcome.code()).isZero();
  }

  @Test
  void script_usage_passesTheExitCodeAndStreams() throws Exception {
    Outcome outcome = run(Map.of(), SCRIPT, "check", "missing file.so");
    assertThat(outcome.code()).isEqualTo(2);
    assertThat(outcome.out()).isEmpty();
    assertThat(outcome.err()).contains("there is no file or folder 'missing file.so'");
  }

  /** Java gives the number of a closed stream to the first file that it opens. */
  @Test
  void script_withClosedInput_givesTheCommandAnEmptyOne() throws Exception {
    Path shell = Path.of("/bin/sh");
    String line = "exec '" + SCRIPT + "' run -- cat <&-";
    Outcome outcome = run(Map.of(), shell, "-c", line);
    assertThat(outcome.code()).isZero();
    assertThat(outcome.out()).isEmpty();
  }

  @Test
  void script_oldJdkNamed_tellsWhatToDo() throws Exception {
    Path old = Files.createDirectories(folder.resolve("jdk-17/bin"));
    Files.writeString(old.resolve("java"), "#!/bin/sh\nexit 9\n");
    assertThat(old.resolve("java").toFile().setExecutable(true)).isTrue();
    Files.writeString(old.resolveSibling("release"), "JAVA_VERSION=\"17.0.15\"\n");
    Outcome named =
        run(Map.of("SIGILL_JAVA_HOME", old.getParent().toString()), SCRIPT, "--version");
    assertThat(named.code()).isEqualTo(2);
    assertThat(named.err()).contains("is not a JDK of version 25 or later");
    Outcome passedOver = run(Map.of("JAVA_HOME", old.getParent().toString()), SCRIPT, "--version");
    assertThat(passedOver.code()).isZero();
  }

  @Test
  void app_cache_isMadeAndUsed() throws Exception {
    assumeThat(Path.of(System.getProperty("java.home"), "release")).exists();
    assertThat(APP.resolve("sigill.aot")).exists();
    var command =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:AOTMode=on",
            "-XX:AOTCache=" + APP.resolve("sigill.aot"),
            "-jar",
            APP.resolve("sigill.jar").toString(),
            "--version");
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
    assertThat(output).isEqualTo("sigill " + Version.text() + "\n");
  }

  @Test
  void script_compressedFile_isUnpackedWithTheCacheToo() throws Exception {
    // 300 bytes that begin as an ELF file does.
    Files.write(
        folder.resolve("libx.so.xz"),
        Base64.getDecoder()
            .decode(
                "/Td6WFoAAATm1rRGAgAhARYAAAB0L+Wj4AErAA9dAD+RRYRoPYmm2/HrptCQAAAAm6sXaX"
                    + "7ItnkAASusAgAAADSb4LGxxGf7AgAAAAAEWVo="));
    Outcome outcome = run(Map.of(), SCRIPT, "check", "libx.so.xz", "--on", "haswell", "--no-cache");
    assertThat(outcome.err()).isEmpty();
    // Unpacked, it turns out to hold no code; what cannot be unpacked is a finding instead.
    assertThat(outcome.out()).contains("no native code").doesNotContain("SIG9");
  }

  /** The streams of a terminal cannot be looked into afterwards, as those of a file can. */
  @Test
  @EnabledOnOs(OS.LINUX)
  void script_messageOfTheLoaderOnATerminal_isExplained() throws Exception {
    Path script = Path.of("/usr/bin/script");
    if (!Files.exists(script)) {
      System.err.println("SKIPPED explaining on a terminal: /usr/bin/script is not there");
    }
    assumeThat(script).exists();
    Files.writeString(
        folder.resolve("app.awk"),
        """
        BEGIN {
          print "app: error while loading shared libraries: libnone.so.3: cannot open shared \
        object file: No such file or directory" > "/dev/stderr"
          exit 127
        }
        """);
    String command = "'" + SCRIPT + "' run -- awk -f app.awk";
    Outcome outcome = run(Map.of(), script, "-qec", command, "/dev/null");
    assertThat(outcome.out())
        .contains("app: error while loading shared libraries")
        .contains("a library that it needs is not there: libnone.so.3");
    assertThat(outcome.code()).isEqualTo(127);
  }

  @Test
  void app_everyClass_hasStackMaps() throws IOException {
    try (var files = Files.list(APP)) {
      for (Path jar : files.filter(f -> f.toString().endsWith(".jar")).toList()) {
        try (var zip = new java.util.zip.ZipFile(jar.toFile())) {
          for (var entry : zip.stream().filter(e -> e.getName().endsWith(".class")).toList()) {
            try (var in = zip.getInputStream(entry)) {
              byte[] head = in.readNBytes(8);
              assertThat(head[6] << 8 | head[7]).as("%s in %s", entry, jar).isGreaterThan(50);
            }
          }
        }
      }
    }
  }
}
