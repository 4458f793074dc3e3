package dev.sigill.crash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPOutputStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LargeInputTest {
  private final Explainer explainer = new Explainer(false);

  /** A line over and over, with one other line somewhere. */
  private static final class Repeated extends InputStream {
    private final byte[] line;
    private final byte[] once;
    private final long length;
    private final long onceAt;
    private long position;

    Repeated(String line, String once, long length, long onceAt) {
      this.line = line.getBytes(StandardCharsets.UTF_8);
      this.once = once.getBytes(StandardCharsets.UTF_8);
      this.length = length;
      this.onceAt = onceAt;
    }

    @Override
    public int read() {
      if (position >= length) {
        return -1;
      }
      long in = position++ - onceAt;
      return in >= 0 && in < once.length
          ? once[(int) in] & 0xff
          : line[(int) (position % line.length)] & 0xff;
    }
  }

  @Test
  void log_fullOfWordsThatMeanNothing_keepsTheLineThatMatters() throws IOException {
    // 132 is the status of a process that SIGILL ended, and a number like others.
    String line = "2026-01-04T10:00:07 worker 132 of pool-4 served 139 requests, 134 of them new\n";
    for (long at : new long[] {4 << 20, 60 << 20}) {
      try (var in = new Repeated(line, "\nbuild step 7: exited with code 132\n", at * 3 / 2, at)) {
        Explanation found = explainer.explain(in, "log");
        assertThat(found.causes().getFirst().cause()).isEqualTo(Cause.ISA_MISSING);
      }
    }
  }

  @Test
  void log_of80Megabytes_keepsTheLineThatMatters() throws IOException {
    for (long at : new long[] {100, 9L << 20, 47_123_456, (80L << 20) - 300}) {
      try (var in =
          new Repeated(
              "2026-01-01 INFO nothing happened here at all\n",
              "\n"
                  + "traps: x[1] trap invalid opcode ip:7f4f02415979 sp:7f error:0 in"
                  + " a.so[7f4f016a9000+1985000]\n",
              80L << 20,
              at)) {
        Explanation found = explainer.explain(in, "log");
        assertThat(found.causes().getFirst().cause()).as("at " + at).isEqualTo(Cause.ISA_MISSING);
        assertThat(found.facts().get(Fact.IMAGE)).isEqualTo("a.so");
      }
    }
  }

  @Test
  void log_fullOfHits_staysBounded() {
    Assertions.assertTimeoutPreemptively(
        Duration.ofSeconds(60),
        () -> {
          try (var in =
              new Repeated("requires AVX illegal instruction 132 -4 => 0x", "", 40L << 20, 0)) {
            assertThat(explainer.explain(in, "log").isExplained()).isTrue();
          }
        });
  }

  /** Words that let a pattern with two gaps try each end of one with each end of the other. */
  @Test
  void log_thatMakesPatternsTryManyWays_staysBounded() {
    Assertions.assertTimeoutPreemptively(
        Duration.ofSeconds(60),
        () -> {
          String line =
              "Check failed: Assertion aa aaaa Fatal error: fail requires CPU with needs AVX"
                  + " dlopen( -linux-x64 404 Exec format error siginfo: status 4 Expected in:"
                  + " /usr/lib ";
          try (var in = new Repeated(line, "\nIllegal instruction\n", 40L << 20, 1 << 18)) {
            assertThat(explainer.explain(in, "log").causes()).isNotEmpty();
          }
        });
  }

  @Test
  void effort_ofAPatternThatTriesForEver_isSpent() {
    var endless = Pattern.compile("a{0,60}a{0,60}a{0,60}a{0,60}b");
    var effort = new Effort();
    String none = effort.find(endless, "a".repeat(200), Matcher::group);
    assertThat(none).isNull();
    assertThat(effort.isSpent()).isFalse();
    String found = effort.find(endless, "aab", Matcher::group);
    assertThat(found).isEqualTo("aab");
    for (int i = 0; i < 600; i++) {
      effort.find(endless, "a".repeat(200), Matcher::group);
    }
    assertThat(effort.isSpent()).isTrue();
  }

  @Test
  void compressed_damagedLog_isReadUpToThere() throws IOException {
    var packed = new ByteArrayOutputStream();
    try (var out = new GZIPOutputStream(packed)) {
      out.write("Illegal instruction (core dumped)\n".getBytes(StandardCharsets.UTF_8));
      var random = new byte[100_000];
      new Random(1).nextBytes(random);
      out.write(random);
    }
    byte[] half = Arrays.copyOf(packed.toByteArray(), packed.size() / 2);
    Explanation found = explainer.explain(new ByteArrayInputStream(half), "log.gz");
    assertThat(found.signal()).isEqualTo("SIGILL");
    assertThat(found.problems()).hasSize(1);
  }

  @Property(tries = 300)
  void bytes_ofAnyKind_neverThrow(@ForAll @Size(max = 2000) byte[] bytes) {
    assertThatCode(() -> explainer.explain(new ByteArrayInputStream(bytes), "junk"))
        .doesNotThrowAnyException();
  }

  @Test
  void json_nestedDeeply_isAProblemNotAFault() {
    String deep = "{\"bug_type\":\"309\"}\n" + "{\"a\":".repeat(100_000);
    assertThat(explainer.explain(deep).problems()).isNotEmpty();
  }

  @Test
  void folder_ofReports_isReadNewestFirst(@TempDir Path folder) throws IOException {
    Files.writeString(folder.resolve("a.crash"), "zsh: illegal hardware instruction");
    Files.writeString(
        folder.resolve("b.log"),
        "OMP: Error #15: Initializing x, but found x already initialized.");
    Files.writeString(folder.resolve("picture.png"), "Illegal instruction");
    Files.setLastModifiedTime(
        folder.resolve("a.crash"), java.nio.file.attribute.FileTime.fromMillis(1000));
    assertThat(explainer.explainFolder(folder))
        .extracting(e -> e.causes().getFirst().cause())
        .containsExactly(Cause.DUPLICATE_RUNTIME, Cause.ISA_MISSING);
  }
}
