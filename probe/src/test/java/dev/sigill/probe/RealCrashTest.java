package dev.sigill.probe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sigill.crash.Cause;
import dev.sigill.crash.CrashFolders;
import dev.sigill.crash.Explainer;
import dev.sigill.crash.Explanation;
import dev.sigill.crash.Fact;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Crash files that are made here, by programs that really die, and what is explained of them. */
@Timeout(value = 180, unit = TimeUnit.SECONDS)
class RealCrashTest {
  private static final String TRAP =
      """
      __attribute__((noinline)) void fail(void) { __asm__ volatile("ud2"); }
      int main(void) { fail(); return 0; }
      """;

  @TempDir Path folder;

  @BeforeEach
  void onLinux() {
    Programs.neededLinux();
  }

  private int run(String... command) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectOutput(folder.resolve("out").toFile())
            .redirectError(folder.resolve("err").toFile())
            .start();
    assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();
    return process.exitValue();
  }

  /** The core file that a program leaves; the test is skipped where the system keeps none here. */
  private Path core(Path program) throws Exception {
    run("sh", "-c", "ulimit -c unlimited; " + program);
    try (var files = Files.newDirectoryStream(folder, "core*")) {
      for (Path file : files) {
        return file;
      }
    }
    Programs.skip("this system leaves no core file in the current folder");
    throw new IllegalStateException("unreachable");
  }

  @Test
  void coreFile_withSymbols_namesTheFunction() throws Exception {
    Path program = Programs.compile(folder, "trap", TRAP);
    Explanation found = new Explainer(true).explain(core(program));
    assertThat(found.kind()).isEqualTo("core file");
    assertThat(found.signal()).isEqualTo("SIGILL");
    assertThat(found.facts().get(Fact.IMAGE)).isEqualTo(program.toString());
    assertThat(found.facts().get(Fact.FUNCTION)).startsWith("fail +0x");
    assertThat(found.facts().get(Fact.INSTRUCTION)).isEqualTo("ud2");
    assertThat(found.causes().getFirst().cause()).isEqualTo(Cause.NOT_AN_ISA_PROBLEM);
  }

  @Test
  void coreFile_withoutSymbols_namesWhereTheFunctionBegins() throws Exception {
    Path program = Programs.compile(folder, "trap", TRAP, "-s");
    Explanation found = new Explainer(true).explain(core(program));
    assertThat(found.facts().get(Fact.IMAGE)).isEqualTo(program.toString());
    assertThat(found.facts().get(Fact.FUNCTION)).matches("function at 0x[0-9a-f]+ \\+0x[0-9a-f]+");
    assertThat(found.facts().get(Fact.INSTRUCTION)).isEqualTo("ud2");
  }

  /**
   * A frame full of what earlier calls left: a search of the stack would name {@code earlier} and
   * {@code deeper}, which have returned.
   */
  private static final String LEFTOVERS =
      """
      #include <stdlib.h>
      #include <string.h>
      static volatile int sink;
      __attribute__((noinline)) void deepest(void) { char a[64]; memset(a, 1, 64); sink = a[sink]; }
      __attribute__((noinline)) void deeper(void) { deepest(); sink++; }
      __attribute__((noinline)) void earlier(void) { deeper(); sink++; }
      __attribute__((noinline)) static int compare(const void *a, const void *b) {
        volatile char room[900];
        room[0] = 1;
        __asm__ volatile("ud2");
        return room[0];
      }
      __attribute__((noinline)) void sort(int *numbers) {
        qsort(numbers, 3, sizeof(int), compare);
        sink++;
      }
      int main(void) { int n[] = {3, 1, 2}; earlier(); sort(n); return sink; }
      """;

  @Test
  void coreFile_callers_areThoseThatHaveNotReturned() throws Exception {
    Path program = Programs.compile(folder, "sorts", LEFTOVERS, "-O2", "-fomit-frame-pointer");
    Explanation found = new Explainer(true).explain(core(program));
    assertThat(found.facts().get(Fact.FUNCTION)).startsWith("compare +0x");
    assertThat(found.facts().get(Fact.CALLERS))
        .contains("(libc.so.6) ← sort (sorts) ← main (sorts) ← ")
        .doesNotContain("earlier", "deeper", "deepest");
    assertThat(found.facts().get(Fact.STAGE)).isEqualTo("use");
  }

  @Test
  void coreFile_ofAConstructor_diedAtLoad() throws Exception {
    Path library =
        Programs.compile(
            folder,
            "libearly.so",
            "__attribute__((constructor)) static void early(void) { __asm__(\"ud2\"); }",
            "-shared",
            "-fPIC");
    Path program =
        Programs.compile(
            folder, "loads", "int main(void) { return 0; }", "-Wl,--no-as-needed", "" + library);
    Explanation found = new Explainer(true).explain(core(program));
    assertThat(found.facts().get(Fact.IMAGE)).isEqualTo(library.toString());
    assertThat(found.facts().get(Fact.STAGE))
        .matches("load: in \\.init_array entry \\d+ of \\d+ of libearly\\.so");
  }

  @Test
  void coreFile_ofAnotherBuild_isNotJoinedWithTheFileHere() throws Exception {
    Path program = Programs.compile(folder, "trap", TRAP, "-Wl,--build-id");
    Path core = core(program);
    Programs.compile(folder, "trap", "int other(void) { return 7; }" + TRAP, "-Wl,--build-id");
    Explanation found = new Explainer(true).explain(core);
    assertThat(found.facts().get(Fact.IMAGE)).isEqualTo(program.toString());
    assertThat(found.facts().get(Fact.FUNCTION)).isEmpty();
    assertThat(found.problems().getFirst().message()).contains("NT_GNU_BUILD_ID");
  }

  @Test
  void coreFile_newestHere_isFound() throws Exception {
    Path core = core(Programs.compile(folder, "trap", TRAP));
    Files.writeString(folder.resolve("later.txt"), "not a report");
    assertThat(CrashFolders.newest(folder, Map.of())).contains(core);
  }

  @Test
  void coreFile_cutAnywhere_isExplainedAsFarAsItGoes() throws Exception {
    byte[] whole = Files.readAllBytes(core(Programs.compile(folder, "trap", TRAP)));
    for (int i = 1; i < 20; i++) {
      Path cut = folder.resolve("cut");
      Files.write(cut, Arrays.copyOf(whole, (int) ((long) whole.length * i / 20)));
      assertThat(new Explainer(true).explain(cut).causes()).isNotEmpty();
    }
  }

  @Test
  void jvm_faultingLibrary_isNamedByItsErrorLog() throws Exception {
    Path home = Path.of(System.getProperty("java.home"));
    if (!Files.exists(home.resolve("include/jni.h"))) {
      Programs.skip("this Java has no jni.h");
    }
    Path library =
        Programs.compile(
            folder,
            "libnative.so",
            """
            #include <jni.h>
            static void __attribute__((noinline)) fail(void) { __asm__ volatile("ud2"); }
            JNIEXPORT jint JNICALL JNI_OnLoad(JavaVM *vm, void *reserved) {
              fail();
              return JNI_VERSION_10;
            }
            """,
            "-shared",
            "-fPIC",
            "-I" + home.resolve("include"),
            "-I" + home.resolve("include/linux"));
    Files.writeString(
        folder.resolve("Load.java"),
        "class Load { static void main(String[] a) { System.load(a[0]); } }");
    int status =
        run(
            home.resolve("bin/java").toString(),
            "--enable-native-access=ALL-UNNAMED",
            "-XX:ErrorFile=" + folder.resolve("hs_err_pid1.log"),
            folder.resolve("Load.java").toString(),
            library.toString());
    assertThat(status).isEqualTo(134);
    Explanation found = new Explainer(true).explain(folder.resolve("hs_err_pid1.log"));
    assertThat(found.kind()).isEqualTo("JVM error log");
    assertThat(found.signal()).isEqualTo("SIGILL");
    assertThat(found.facts().get(Fact.IMAGE)).isEqualTo(library.toString());
    assertThat(found.facts().get(Fact.FUNCTION)).startsWith("fail");
    assertThat(found.facts().get(Fact.INSTRUCTION)).isEqualTo("ud2");
    assertThat(found.causes().getFirst().cause()).isEqualTo(Cause.NOT_AN_ISA_PROBLEM);
  }

  @Test
  void python_faulthandler_isReadAndWatchedBehindItsHandler() throws Exception {
    Path python = Programs.needed("python3");
    Path library =
        Programs.compile(
            folder,
            "libearly.so",
            "static void __attribute__((noinline)) fail(void) { __asm__ volatile(\"ud2\"); }\n"
                + "__attribute__((constructor)) static void early(void) { fail(); __asm__(\"\"); }",
            "-shared",
            "-fPIC");
    String program =
        "import faulthandler, ctypes; faulthandler.enable(); ctypes.CDLL('" + library + "')";
    assertThat(run(python.toString(), "-c", program)).isEqualTo(132);
    Explanation read = new Explainer(true).explain(folder.resolve("err"));
    assertThat(read.signal()).isEqualTo("SIGILL");
    assertThat(read.facts().get(Fact.RUNTIME)).isEqualTo("Python");
    var streams = new Launch.Streams(folder.resolve("out"), folder.resolve("err"));
    var launch = new Launch(List.of(python.toString(), "-c", program), System.getenv(), streams);
    Explanation watched = new Runner(true).run(launch, folder).explanation().orElseThrow();
    assertThat(watched.facts().get(Fact.IMAGE)).isEqualTo(library.toString());
    assertThat(watched.facts().get(Fact.FUNCTION)).startsWith("fail +0x");
    assertThat(watched.facts().get(Fact.STAGE)).startsWith("load: in .init_array entry");
  }

  @Test
  void loader_missingLibrary_isToldWithoutItsMessage() throws Exception {
    Path library = Programs.compile(folder, "libone.so", "int f(void) { return 1; }", "-shared");
    Path program =
        Programs.compile(
            folder,
            "use",
            "int f(void); int main(void) { return f(); }",
            library.toString(),
            "-Wl,-rpath," + folder);
    Files.delete(library);
    var streams = new Launch.Streams(folder.resolve("out"), folder.resolve("err"));
    var launch = new Launch(List.of(program.toString()), System.getenv(), streams);
    Runner.Outcome outcome = new Runner(true).run(launch, folder);
    assertThat(outcome.status()).isEqualTo(127);
    Explanation found = outcome.explanation().orElseThrow();
    assertThat(found.causes().getFirst().cause()).isEqualTo(Cause.MISSING_LIBRARY);
    assertThat(found.facts().get(Fact.LIBRARY)).isEqualTo("libone.so");
  }

  @Test
  void log_ofOneGigabyte_isAnsweredInBoundedMemoryAndTime() throws Exception {
    byte[] line =
        "2026-01-01T00:00:00 worker 7 did its work and found nothing odd\n"
            .getBytes(StandardCharsets.UTF_8);
    byte[] block = new byte[1 << 20];
    for (int i = 0; i < block.length; i++) {
      block[i] = line[i % line.length];
    }
    var parts = new ArrayList<InputStream>();
    parts.add(new Repeated(block, 512));
    parts.add(
        new java.io.ByteArrayInputStream(
            "zsh: illegal hardware instruction  python app.py\n".getBytes(StandardCharsets.UTF_8)));
    parts.add(new Repeated(block, 512));
    long start = System.nanoTime();
    // The JVM of the tests has one gigabyte of heap for all of them.
    Explanation found =
        new Explainer(false)
            .explain(new SequenceInputStream(java.util.Collections.enumeration(parts)), "log");
    assertThat(found.causes().getFirst().cause()).isEqualTo(Cause.ISA_MISSING);
    assertThat((System.nanoTime() - start) / 1e9).isLessThan(60);
  }

  /** A block again and again. */
  private static final class Repeated extends InputStream {
    private final byte[] block;
    private long left;
    private int at;

    Repeated(byte[] block, int times) {
      this.block = block;
      this.left = (long) block.length * times;
    }

    @Override
    public int read() {
      if (left == 0) {
        return -1;
      }
      left--;
      int value = block[at] & 0xff;
      at = (at + 1) % block.length;
      return value;
    }

    @Override
    public int read(byte[] target, int from, int length) {
      if (left == 0) {
        return -1;
      }
      int size = (int) Math.min(Math.min(length, left), block.length - at);
      System.arraycopy(block, at, target, from, size);
      at = (at + size) % block.length;
      left -= size;
      return size;
    }
  }
}
