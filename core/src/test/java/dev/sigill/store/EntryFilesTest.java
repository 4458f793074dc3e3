package dev.sigill.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EntryFilesTest {
  private static final long ROOM = 1 << 20;
  @TempDir Path folder;

  private static Key key(String name) {
    return new Key.Collector().add(name).toKey();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private List<Path> files(String suffix) throws IOException {
    try (Stream<Path> walk = Files.walk(folder)) {
      return walk.filter(f -> f.toString().endsWith(suffix)).sorted().toList();
    }
  }

  @Test
  void entry_thatWasPut_isThereForAnotherReader() {
    assertThat(new EntryFiles(folder, ROOM).put(key("a"), bytes("content"))).isTrue();

    var other = new EntryFiles(folder, ROOM);
    assertThat(other.get(key("a"))).contains(bytes("content"));
    assertThat(other.get(key("b"))).isEmpty();
  }

  @Test
  void entry_putAgain_isReplaced() throws IOException {
    var entries = new EntryFiles(folder, ROOM);
    entries.put(key("a"), bytes("old"));
    entries.put(key("a"), bytes("new"));

    assertThat(entries.get(key("a"))).contains(bytes("new"));
    assertThat(files(".entry")).hasSize(1);
    assertThat(files(".tmp")).isEmpty();
  }

  @Test
  void entry_cutShortAnywhere_isIgnoredRemovedAndReplaced() throws IOException {
    var entries = new EntryFiles(folder, ROOM);
    entries.put(key("a"), bytes("some content"));
    Path file = files(".entry").getFirst();
    byte[] whole = Files.readAllBytes(file);
    for (int length = 0; length < whole.length; length++) {
      Files.write(file, Arrays.copyOf(whole, length));

      assertThat(entries.get(key("a"))).as("%d bytes", length).isEmpty();
      assertThat(file).doesNotExist();
    }
    entries.put(key("a"), bytes("some content"));
    assertThat(entries.get(key("a"))).contains(bytes("some content"));
  }

  @Test
  void entry_withAnyByteChanged_isIgnored() throws IOException {
    var entries = new EntryFiles(folder, ROOM);
    entries.put(key("a"), bytes("some content"));
    Path file = files(".entry").getFirst();
    byte[] whole = Files.readAllBytes(file);
    for (int i = 0; i < whole.length; i++) {
      byte[] changed = whole.clone();
      changed[i] ^= 0x40;
      Files.write(file, changed);

      assertThat(entries.get(key("a"))).as("byte %d", i).isEmpty();
    }
  }

  @Test
  void entryOfAnotherKey_underThisName_isIgnored() throws IOException {
    var entries = new EntryFiles(folder, ROOM);
    entries.put(key("a"), bytes("a"));
    entries.put(key("b"), bytes("b"));
    List<Path> files = files(".entry");
    byte[] first = Files.readAllBytes(files.get(0));
    Files.write(files.get(1), first);

    assertThat(Stream.of("a", "b").filter(n -> entries.get(key(n)).isPresent()).count())
        .isEqualTo(1);
  }

  @Test
  void folderThatCannotBeMade_keepsNothingAndSaysSo() throws IOException {
    Path file = Files.write(folder.resolve("file"), new byte[1]);
    var entries = new EntryFiles(file.resolve("cache"), ROOM);

    assertThat(entries.put(key("a"), bytes("a"))).isFalse();
    assertThat(entries.get(key("a"))).isEmpty();
  }

  @Test
  void contentBeyondTheBound_isNotKept() {
    assertThat(new EntryFiles(folder, 10).put(key("a"), new byte[11])).isFalse();
  }

  @Test
  void leastUsedEntries_goWhenThereIsNoRoom() throws IOException {
    var entries = new EntryFiles(folder, 3000);
    Instant start = Instant.now().minus(Duration.ofDays(10));
    for (int i = 0; i < 5; i++) {
      entries.put(key("e" + i), new byte[900]);
      for (Path file : files(".entry")) {
        if (Files.getLastModifiedTime(file).toInstant().isAfter(start.plus(Duration.ofDays(9)))) {
          Files.setLastModifiedTime(file, FileTime.from(start.plus(Duration.ofHours(i))));
        }
      }
    }
    // A use makes the oldest one the newest.
    assertThat(entries.get(key("e0"))).isPresent();

    entries.sweepNow(Instant.now());

    assertThat(entries.get(key("e0"))).isPresent();
    assertThat(entries.get(key("e1"))).isEmpty();
    assertThat(entries.get(key("e4"))).isPresent();
    assertThat(files(".entry")).hasSize(2);
  }

  @Test
  void whatAWriterLeftBehind_goesAfterAnHour() throws IOException {
    var entries = new EntryFiles(folder, ROOM);
    entries.put(key("a"), bytes("a"));
    Path group = files(".entry").getFirst().getParent();
    Path old = Files.write(group.resolve("x-1-2.tmp"), new byte[3]);
    Path young = Files.write(group.resolve("y-1-2.tmp"), new byte[3]);
    Files.setLastModifiedTime(old, FileTime.from(Instant.now().minus(Duration.ofHours(2))));

    entries.sweepNow(Instant.now());

    assertThat(old).doesNotExist();
    assertThat(young).exists();
    assertThat(entries.get(key("a"))).isPresent();
  }

  @Test
  void manyThreads_seeAllOfAnEntryOrNone() throws Exception {
    try (var pool = Executors.newFixedThreadPool(4)) {
      var tasks = new ArrayList<Callable<Boolean>>();
      for (int t = 0; t < 8; t++) {
        int seed = t;
        tasks.add(() -> writeAndRead(new EntryFiles(folder, ROOM), seed, 60));
      }
      for (var done : pool.invokeAll(tasks)) {
        assertThat(done.get()).isTrue();
      }
    }
    assertThat(files(".tmp")).isEmpty();
  }

  /** Every content is one byte repeated as often as it says. */
  static boolean writeAndRead(EntryFiles entries, int seed, int rounds) {
    for (int i = 0; i < rounds; i++) {
      var content = new byte[2000 + (seed * 31 + i) % 100];
      Arrays.fill(content, (byte) content.length);
      entries.put(key("shared" + i % 3), content);
      var read = entries.get(key("shared" + (i + 1) % 3));
      if (read.isPresent()) {
        byte[] found = read.get();
        for (byte b : found) {
          if (b != (byte) found.length) {
            return false;
          }
        }
      }
    }
    return true;
  }

  @Test
  void manyProcesses_seeAllOfAnEntryOrNone() throws Exception {
    var processes = new ArrayList<Process>();
    for (int i = 0; i < 3; i++) {
      processes.add(
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-XX:TieredStopAtLevel=1",
                  "-Xshare:auto",
                  "-cp",
                  System.getProperty("java.class.path"),
                  OtherProcess.class.getName(),
                  folder.toString(),
                  String.valueOf(i))
              .redirectErrorStream(true)
              .start());
    }
    boolean here = writeAndRead(new EntryFiles(folder, ROOM), 9, 300);
    for (Process process : processes) {
      String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(process.waitFor()).as(said).isZero();
    }
    assertThat(here).isTrue();
    assertThat(files(".tmp")).isEmpty();
  }

  static final class OtherProcess {
    private OtherProcess() {}

    public static void main(String[] arguments) {
      var entries = new EntryFiles(Path.of(arguments[0]), ROOM);
      if (!writeAndRead(entries, Integer.parseInt(arguments[1]), 300)) {
        throw new IllegalStateException("half an entry was seen");
      }
    }
  }
}
