package dev.sigill.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sigill.crash.Cause;
import dev.sigill.crash.Explanation;
import dev.sigill.crash.Fact;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 120, unit = TimeUnit.SECONDS)
class RunnerTest {
  private static final String DEATH =
      """
      __attribute__((noinline)) void fail(void) { __asm__ volatile("%s"); }
      int main(void) { fail(); return 0; }
      """;

  @TempDir Path folder;

  @BeforeEach
  void onLinux() {
    Programs.neededLinux();
  }

  private Runner.Outcome run(boolean isWatched, String... command)
      throws NotStartedException, IOException {
    var streams = new Launch.Streams(folder.resolve("out"), folder.resolve("err"));
    var launch = new Launch(List.of(command), Map.copyOf(System.getenv()), streams);
    return new Runner(isWatched).run(launch, folder);
  }

  private Explanation death(String source, String... options) throws Exception {
    Path program = Programs.compile(folder, "program", source, options);
    return run(true, program.toString()).explanation().orElseThrow();
  }

  @Test
  void run_missingFeature_namesInstructionFunctionAndFeature() throws Exception {
    if (Files.readString(Path.of("/proc/cpuinfo")).contains("avx512f")) {
      Programs.skip("this processor has AVX-512");
    }
    Explanation found = death(DEATH.formatted("vpaddd %zmm1,%zmm2,%zmm3"));
    assertThat(found.signal()).isEqualTo("SIGILL");
    assertThat(found.causes().getFirst().cause()).isEqualTo(Cause.ISA_MISSING);
    assertThat(found.causes().getFirst().missing()).containsExactly("avx512f");
    assertThat(found.facts().get(Fact.FUNCTION)).startsWith("fail +0x");
    assertThat(found.facts().get(Fact.IMAGE)).isEqualTo(folder.resolve("program").toString());
    assertThat(found.facts().get(Fact.INSTRUCTION)).isEqualTo("vpaddd zmm3, zmm2, zmm1");
  }

  @Test
  void run_deliberateTrap_isToldApart() throws Exception {
    Explanation found = death(DEATH.formatted("ud2"));
    assertThat(found.signal()).isEqualTo("SIGILL");
    assertThat(found.causes().getFirst().cause()).isEqualTo(Cause.NOT_AN_ISA_PROBLEM);
    assertThat(found.facts().get(Fact.CALLERS)).startsWith("main (program)");
    assertThat(found.facts().get(Fact.STAGE)).isEqualTo("use");
  }

  @Test
  void run_jumpToNowhere_isABadJump() throws Exception {
    Explanation found = death("int main(void) { ((void (*)(void)) 0x12345)(); return 0; }");
    assertThat(found.signal()).isEqualTo("SIGSEGV");
    assertThat(found.causes().getFirst().cause()).isEqualTo(Cause.NOT_AN_ISA_PROBLEM);
    assertThat(found.facts().get(Fact.ADDRESS)).isEqualTo("0x12345");
  }

  @Test
  void run_abort_namesTheCallerNotTheLibrary() throws Exception {
    Explanation found =
        death(
            """
            #include <stdlib.h>
            __attribute__((noinline)) void refuse(void) { abort(); }
            int main(void) { refuse(); return 0; }
            """);
    assertThat(found.signal()).isEqualTo("SIGABRT");
    assertThat(found.facts().get(Fact.IMAGE)).endsWith("/program");
    assertThat(found.facts().get(Fact.CALLERS)).contains("abort (libc.so.6)", "main (program)");
  }

  @Test
  void run_constructorOfALibrary_diesAtLoad() throws Exception {
    Path library =
        Programs.compile(
            folder,
            "libearly.so",
            "__attribute__((constructor)) static void early(void) { __asm__(\"ud2\"); }",
            "-shared",
            "-fPIC");
    var streams = new Launch.Streams(folder.resolve("out"), folder.resolve("err"));
    var environment = new java.util.HashMap<>(System.getenv());
    environment.put("LD_PRELOAD", library.toString());
    var launch = new Launch(List.of(Programs.needed("true").toString()), environment, streams);
    Explanation found = new Runner(true).run(launch, folder).explanation().orElseThrow();
    assertThat(found.facts().get(Fact.IMAGE)).isEqualTo(library.toString());
    assertThat(found.facts().get(Fact.STAGE))
        .matches("load: in \\.init_array entry \\d+ of \\d+ of libearly\\.so");
  }

  @Test
  void run_grandchildOfAShell_isTheOneExplained() throws Exception {
    Path program = Programs.compile(folder, "program", DEATH.formatted("ud2"));
    Runner.Outcome outcome = run(true, "sh", "-c", program + "; exit $?");
    assertThat(outcome.status()).isEqualTo(132);
    assertThat(outcome.explanation().orElseThrow().facts().get(Fact.IMAGE))
        .isEqualTo(program.toString());
  }

  @Test
  void run_handledFaultRaisedAgain_isExplainedWhereItStruckFirst() throws Exception {
    Explanation found =
        death(
            """
            #include <signal.h>
            static void again(int number) { signal(number, SIG_DFL); raise(number); }
            __attribute__((noinline)) void fail(void) { __asm__ volatile("ud2"); }
            int main(void) { signal(SIGILL, again); fail(); return 0; }
            """);
    assertThat(found.signal()).isEqualTo("SIGILL");
    assertThat(found.facts().get(Fact.FUNCTION)).startsWith("fail +0x");
  }

  @Test
  void run_threads_areFollowed() throws Exception {
    Explanation found =
        death(
            """
            #include <pthread.h>
            #include <stddef.h>
            static void *inThread(void *nothing) { __asm__ volatile("ud2"); return nothing; }
            int main(void) {
              pthread_t thread;
              pthread_create(&thread, NULL, inThread, NULL);
              pthread_join(thread, NULL);
              return 0;
            }
            """,
            "-pthread");
    assertThat(found.facts().get(Fact.FUNCTION)).startsWith("inThread +0x");
  }

  @Test
  void run_signalsThatAreHandled_reachTheProgram() throws Exception {
    Path program =
        Programs.compile(
            folder,
            "program",
            """
            #include <signal.h>
            #include <stdlib.h>
            static void leave(int number) { exit(number == SIGSEGV ? 7 : 8); }
            int main(void) {
              signal(SIGSEGV, leave);
              *(volatile int *) 16 = 1;
              return 0;
            }
            """);
    Runner.Outcome outcome = run(true, program.toString());
    assertThat(outcome.status()).isEqualTo(7);
    assertThat(outcome.explanation()).isEmpty();
  }

  @Test
  void run_unwatched_stillTellsTheStatus() throws Exception {
    Path program = Programs.compile(folder, "program", DEATH.formatted("ud2"));
    Runner.Outcome outcome = run(false, program.toString());
    assertThat(outcome.status()).isEqualTo(132);
    assertThat(outcome.explanation().orElseThrow().signal()).isEqualTo("SIGILL");
  }

  @Test
  void run_successAndFailure_passTheStatusOn() throws Exception {
    assertThat(run(true, "sh", "-c", "exit 0").status()).isZero();
    assertThat(run(true, "sh", "-c", "exit 41").status()).isEqualTo(41);
    Runner.Outcome ended = run(true, "sh", "-c", "kill -TERM $$");
    assertThat(ended.status()).isEqualTo(143);
    assertThat(ended.explanation()).isEmpty();
    assertThat(run(true, "sh", "-c", "echo word; echo fault >&2").explanation()).isEmpty();
    assertThat(folder.resolve("out")).hasContent("word");
    assertThat(folder.resolve("err")).hasContent("fault");
  }

  @Test
  void run_noSuchProgram_isToldAsShellsDo() {
    assertThatThrownBy(() -> run(true, "no-such-program-anywhere"))
        .isInstanceOfSatisfying(
            NotStartedException.class, e -> assertThat(e.status()).isEqualTo(127))
        .hasMessageContaining("command not found");
    assertThatThrownBy(() -> run(true, folder.toString()))
        .isInstanceOfSatisfying(
            NotStartedException.class, e -> assertThat(e.status()).isEqualTo(126));
  }

  /** The tests' own error stream, which is a pipe where the build runs them. */
  private Runner.Outcome runInPlace(String... command) throws NotStartedException, IOException {
    if (Files.readSymbolicLink(Path.of("/proc/self/fd/2")).toString().equals("/dev/null")) {
      Programs.skip("the error stream of the tests leads nowhere");
    }
    var launch =
        new Launch(List.of(command), Map.copyOf(System.getenv()), Launch.Streams.INHERITED);
    return new Runner(true).run(launch, folder);
  }

  private static final String MESSAGE =
      "app: error while loading shared libraries: libnone.so.3: cannot open shared object file: No"
          + " such file or directory";

  @Test
  void run_loaderMessageOnAPipe_isExplained() throws Exception {
    Path program =
        Programs.compile(
            folder,
            "writes",
            """
            #include <string.h>
            #include <unistd.h>
            int main(int count, char **words) {
              write(2, words[1], strlen(words[1]));
              write(2, "\\n", 1);
              return 9;
            }
            """,
            "-w");
    Runner.Outcome outcome = runInPlace(program.toString(), MESSAGE);
    assertThat(outcome.status()).isEqualTo(9);
    Explanation found = outcome.explanation().orElseThrow();
    assertThat(found.causes().getFirst().cause()).isEqualTo(Cause.MISSING_LIBRARY);
    assertThat(found.facts().get(Fact.LIBRARY)).isEqualTo("libnone.so.3");
  }

  @Test
  void run_loaderMessageInParts_isPutTogether() throws Exception {
    Path program =
        Programs.compile(
            folder,
            "parts",
            """
            #include <sys/uio.h>
            #include <unistd.h>
            int main(void) {
              struct iovec parts[] = {{"app: undefined ", 15}, {"symbol: of_no", 13}, {"where\\n", 6}};
              writev(2, parts, 3);
              return 1;
            }
            """);
    Explanation found = runInPlace(program.toString()).explanation().orElseThrow();
    assertThat(found.causes().getFirst().cause()).isEqualTo(Cause.MISSING_SYMBOL);
    assertThat(found.facts().get(Fact.SYMBOL)).isEqualTo("of_nowhere");
  }

  @Test
  void run_messageThatWasThrownAway_isNotCounted() throws Exception {
    assertThat(runInPlace("sh", "-c", "echo '" + MESSAGE + "' 2>/dev/null >&2; exit 9").status())
        .isEqualTo(9);
    Runner.Outcome outcome =
        runInPlace("sh", "-c", "(echo '" + MESSAGE + "' >&2) 2>/dev/null; exit 9");
    assertThat(outcome.explanation()).isEmpty();
  }

  @Test
  void run_messageOfAProgramThatEndsWell_isNotExplained() throws Exception {
    assertThat(runInPlace("sh", "-c", "echo '" + MESSAGE + "' >&2").explanation()).isEmpty();
  }

  @Test
  void run_handledImportError_isNotTheReason() throws Exception {
    Path python = Programs.needed("python3");
    String program =
        """
        import sys, traceback
        try:
            raise ImportError("libnone.so.3: cannot open shared object file: No such file or directory")
        except ImportError:
            traceback.print_exc()
        raise KeyError("x")
        """;
    Runner.Outcome outcome = runInPlace(python.toString(), "-c", program);
    assertThat(outcome.status()).isEqualTo(1);
    assertThat(outcome.explanation()).isEmpty();
  }

  @Test
  void run_verySlowlyCountedCalls_endSoon() throws Exception {
    Path program =
        Programs.compile(
            folder,
            "busy",
            """
            #include <unistd.h>
            #include <sys/syscall.h>
            int main(void) { for (int i = 0; i < 3000000; i++) syscall(SYS_getppid); return 3; }
            """);
    long start = System.nanoTime();
    assertThat(runInPlace(program.toString()).status()).isEqualTo(3);
    // Two stops for each call would take a minute or more.
    assertThat((System.nanoTime() - start) / 1e9).isLessThan(30);
  }

  @Test
  void run_openFiles_areOnlyTheStandardStreams() throws Exception {
    run(true, "sh", "-c", "ls -l /proc/self/fd");
    // The fourth is the folder that ls reads.
    assertThat(
            Files.readString(folder.resolve("out"))
                .lines()
                .filter(line -> line.contains(" -> "))
                .map(line -> line.replaceFirst(".* (\\d+) -> .*", "$1")))
        .containsExactly("0", "1", "2", "3");
  }
}
