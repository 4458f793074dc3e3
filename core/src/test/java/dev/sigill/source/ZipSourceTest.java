package dev.sigill.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sigill.bytes.Limits;
import dev.sigill.bytes.Problem;
import dev.sigill.bytes.Problem.Code;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.commons.compress.archivers.zip.Zip64Mode;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipArchiveOutputStream;
import org.apache.commons.compress.utils.SeekableInMemoryByteChannel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ZipSourceTest {
  private static final int END = 0x06054b50;
  private static final int CENTRAL = 0x02014b50;

  @TempDir Path folder;

  private OpenedTarget open(String name, byte[] content) {
    return OpenedTarget.write(folder, name, content);
  }

  @Test
  void archive_nativeFilesUnderAnyName_areFoundByContent() throws IOException {
    byte[] library = Samples.elf();
    byte[] zip =
        Samples.zip(
            "a/lib.so_macos_arm64",
            Samples.machO(),
            "a/x.pyd",
            Samples.pe(),
            "b/tool",
            library,
            "b/text.so",
            "not a library, whatever its name says, and long enough to be looked at",
            "b/A.class",
            new byte[] {(byte) 0xca, (byte) 0xfe, (byte) 0xba, (byte) 0xbe, 0, 0, 0, 65},
            "b/tiny.so",
            new byte[] {0x7f, 'E', 'L', 'F'});
    try (var opened = open("x.zip", zip)) {
      assertThat(opened.paths()).containsExactly("a/lib.so_macos_arm64", "a/x.pyd", "b/tool");
      assertThat(opened.source().kind()).isEqualTo(Source.Kind.ZIP);
      assertThat(opened.bytes("b/tool")).isEqualTo(library);
      assertThat(opened.member("b/tool").address()).isEqualTo(folder.resolve("x.zip") + "!/b/tool");
      assertThat(opened.problems()).isEmpty();
    }
  }

  @Test
  void storedEntry_isAPartOfTheMapping() throws IOException {
    byte[] library = Samples.elf(100_000, 2);
    try (var opened = open("x.whl", Samples.storedZip("p/x.so", library))) {
      Member member = opened.member("p/x.so");
      assertThat(member.bytes().segment().isMapped()).isTrue();
      assertThat(opened.bytes("p/x.so")).isEqualTo(library);
    }
  }

  @Test
  void deflatedEntry_askedByManyThreads_isUnpackedOnce() throws Exception {
    byte[] library = Samples.elf(500_000, 3);
    try (var opened = open("x.whl", Samples.zip("p/x.so", library));
        var threads = Executors.newFixedThreadPool(4)) {
      Member member = opened.member("p/x.so");
      Callable<Object> ask = member::bytes;
      List<Future<Object>> answers = threads.invokeAll(List.of(ask, ask, ask, ask));
      for (Future<Object> answer : answers) {
        assertThat(answer.get()).isSameAs(member.bytes());
      }
      assertThat(opened.bytes("p/x.so")).isEqualTo(library);
    }
  }

  @Test
  void nestedArchives_areJoinedByMarks() throws IOException {
    byte[] library = Samples.elf();
    byte[] inner =
        Samples.zip("linux/libx.so", library, "META-INF/MANIFEST.MF", "Manifest-Version: 1.0\n");
    byte[] stored = Samples.storedZip("BOOT-INF/lib/x-1.2.jar", inner);
    try (var opened = open("app.jar", stored)) {
      assertThat(opened.paths()).containsExactly("BOOT-INF/lib/x-1.2.jar!/linux/libx.so");
      assertThat(opened.bytes("BOOT-INF/lib/x-1.2.jar!/linux/libx.so")).isEqualTo(library);
      assertThat(opened.source().kind()).isEqualTo(Source.Kind.JAR);
      Distribution nested = opened.distribution("x");
      assertThat(nested.version()).isEqualTo("1.2");
      assertThat(nested.location()).isEqualTo("BOOT-INF/lib/x-1.2.jar");
      assertThat(nested.members()).containsExactly("BOOT-INF/lib/x-1.2.jar!/linux/libx.so");
    }
    try (var opened = open("app.war", Samples.zip("WEB-INF/lib/x-1.2.jar", inner))) {
      assertThat(opened.bytes("WEB-INF/lib/x-1.2.jar!/linux/libx.so")).isEqualTo(library);
    }
  }

  @Test
  void archiveBehindAScript_isRead() throws IOException {
    var out = new ByteArrayOutputStream();
    out.write(Samples.text("#!/bin/sh\nexec java -jar \"$0\"\n" + "#".repeat(100) + "\n"));
    out.write(Samples.zip("x.so", Samples.elf()));
    for (String name : new String[] {"app.jar", "app"}) {
      try (var opened = open(name, out.toByteArray())) {
        assertThat(opened.paths()).containsExactly("x.so");
        assertThat(opened.bytes("x.so")).isEqualTo(Samples.elf());
      }
    }
  }

  @Test
  void zip64Archive_isRead() throws IOException {
    var channel = new SeekableInMemoryByteChannel();
    try (var zip = new ZipArchiveOutputStream(channel)) {
      zip.setUseZip64(Zip64Mode.Always);
      zip.putArchiveEntry(new ZipArchiveEntry("x.so"));
      zip.write(Samples.elf());
      zip.closeArchiveEntry();
    }
    byte[] bytes = Arrays.copyOf(channel.array(), (int) channel.size());
    try (var opened = open("x.zip", bytes)) {
      assertThat(opened.bytes("x.so")).isEqualTo(Samples.elf());
      assertThat(opened.problems()).isEmpty();
    }
  }

  @Test
  void symbolicLinkEntry_becomesALink() throws IOException {
    var channel = new SeekableInMemoryByteChannel();
    try (var zip = new ZipArchiveOutputStream(channel)) {
      zip.putArchiveEntry(new ZipArchiveEntry("lib/libx.so.1"));
      zip.write(Samples.elf());
      zip.closeArchiveEntry();
      var link = new ZipArchiveEntry("lib/libx.so");
      link.setUnixMode(0120777);
      zip.putArchiveEntry(link);
      zip.write(Samples.text("libx.so.1"));
      zip.closeArchiveEntry();
    }
    byte[] bytes = Arrays.copyOf(channel.array(), (int) channel.size());
    try (var opened = open("x.zip", bytes)) {
      assertThat(opened.paths()).containsExactly("lib/libx.so.1");
      assertThat(opened.source().links())
          .containsExactly(Map.entry("lib/libx.so", "lib/libx.so.1"));
    }
  }

  @Test
  void namesThatLeadOut_areProblems() {
    byte[] zip =
        Samples.zip(
            "../x.so", Samples.elf(),
            "/etc/y.so", Samples.elf(),
            "C:/z.so", Samples.elf(),
            "a/../../w.so", Samples.elf(),
            "a\\..\\v.so", Samples.elf(),
            "a/./ok.so", Samples.elf());
    try (var opened = open("x.whl", zip)) {
      assertThat(opened.paths()).containsExactly("a/ok.so");
      assertThat(opened.codes()).hasSize(5).containsOnly(Code.PATH_ESCAPE);
    }
  }

  @Test
  void nameTwice_lastCounts() throws IOException {
    byte[] first = Samples.elf(300, 1);
    byte[] last = Samples.elf(400, 2);
    byte[] zip = Samples.storedZip("a.so", first, "b.so", last);
    // The second name becomes the first one's in both headers.
    for (int at = 0; at < zip.length - 4; at++) {
      if (zip[at] == 'b' && zip[at + 1] == '.' && zip[at + 2] == 's') {
        zip[at] = 'a';
      }
    }
    try (var opened = open("x.zip", zip)) {
      assertThat(opened.paths()).containsExactly("a.so");
      assertThat(opened.bytes("a.so")).isEqualTo(last);
      assertThat(opened.codes()).containsExactly(Code.BAD_VALUE);
    }
  }

  @Test
  void namesThatDifferInCase_areBothReadAndReported() {
    try (var opened =
        open("x.zip", Samples.zip("a.so", Samples.elf(), "A.so", Samples.elf(99, 5)))) {
      assertThat(opened.paths()).containsExactly("A.so", "a.so");
      assertThat(opened.problems())
          .singleElement()
          .satisfies(p -> assertThat(p.effect()).isEqualTo(Problem.Effect.NOTHING_LOST));
    }
  }

  @Test
  void bomb_isRefusedBeforeItIsUnpacked() {
    byte[] bomb = Samples.elf(4 << 20, 1);
    Arrays.fill(bomb, 64, bomb.length, (byte) 0);
    try (var opened = open("x.zip", Samples.zip("bomb.so", bomb, "ok.so", Samples.elf()))) {
      assertThat(opened.paths()).containsExactly("ok.so");
      assertThat(opened.problems())
          .singleElement()
          .satisfies(
              p -> {
                assertThat(p.code()).isEqualTo(Code.LIMIT);
                assertThat(p.field()).isEqualTo("rate of expansion");
                assertThat(p.limit()).isEqualTo(200);
              });
    }
  }

  @Test
  void bombInABomb_isRefused() {
    byte[] zeros = new byte[6 << 20];
    byte[] inner = Samples.zip("zeros.bin", zeros);
    byte[] packed = Samples.zip("inner.zip", Samples.zip("inner.zip", inner));
    try (var opened = open("x.zip", packed)) {
      assertThat(opened.source().members()).isEmpty();
    }
    // One whose declared size lies stays within what it declared.
    byte[] bomb = Samples.elf(3 << 20, 1);
    Arrays.fill(bomb, 64, bomb.length, (byte) 0);
    byte[] lying = Samples.zip("lie.so", bomb);
    Samples.littleEndian(lying).putInt(Samples.lastIndexOf(lying, CENTRAL) + 24, 1000);
    try (var opened = open("y.zip", lying)) {
      assertThat(opened.paths()).containsExactly("lie.so");
      assertThatThrownBy(() -> opened.member("lie.so").bytes())
          .isInstanceOfSatisfying(
              UnreadableException.class,
              e -> {
                assertThat(e.problem().code()).isEqualTo(Code.CORRUPT);
                assertThat(e.problem().limit()).isEqualTo(1000);
              });
    }
  }

  @Test
  void memberBeyondTheLimit_isRefused() {
    byte[] large = Samples.elf(9 << 20, 4);
    try (var opened = open("x.zip", Samples.zip("large.so", large))) {
      assertThat(opened.paths()).isEmpty();
      assertThat(opened.problems())
          .extracting(Problem::code, Problem::field, Problem::actual)
          .containsExactly(
              org.assertj.core.groups.Tuple.tuple(
                  Code.LIMIT, "uncompressed size", (long) (9 << 20)));
    }
  }

  @Test
  void totalBeyondTheLimit_stopsUnpacking() throws IOException {
    var limits = new Limits(4, 100, 1 << 20, 1 << 20, 100, 100);
    var files = new LinkedHashMap<String, byte[]>();
    for (int i = 0; i < 4; i++) {
      files.put("x" + i + ".so", Samples.elf(400_000, i));
    }
    try (var opened = OpenedTarget.write(folder, "x.zip", Samples.zip(false, files), limits)) {
      assertThat(opened.paths()).hasSize(4);
      opened.member("x0.so").bytes();
      opened.member("x1.so").bytes();
      assertThatThrownBy(() -> opened.member("x2.so").bytes())
          .isInstanceOf(UnreadableException.class)
          .hasMessageContaining("unpacked bytes of the whole target");
    }
  }

  @Test
  void tooManyEntries_areCutAtTheLimit() {
    var files = new LinkedHashMap<String, byte[]>();
    for (int i = 0; i < 100_000; i++) {
      files.put("f" + i, new byte[0]);
    }
    files.put("last.so", Samples.elf());
    var limits = new Limits(4, 100_000, 1 << 20, 1 << 20, 100, 100);
    try (var opened = OpenedTarget.write(folder, "x.zip", Samples.zip(true, files), limits)) {
      assertThat(opened.paths()).isEmpty();
      assertThat(opened.problems())
          .singleElement()
          .satisfies(
              p -> {
                assertThat(p.code()).isEqualTo(Code.LIMIT);
                assertThat(p.limit()).isEqualTo(100_000);
                assertThat(p.effect()).isEqualTo(Problem.Effect.PART_LOST);
              });
    }
  }

  @Test
  void containersDeeperThanTheLimit_areAProblem() {
    byte[] content = Samples.zip("x.so", Samples.elf());
    for (int i = 0; i < 6; i++) {
      content = Samples.storedZip("deep.zip", content);
    }
    try (var opened = open("x.zip", content)) {
      assertThat(opened.paths()).isEmpty();
      assertThat(opened.problems())
          .singleElement()
          .satisfies(
              p -> {
                assertThat(p.code()).isEqualTo(Code.LIMIT);
                assertThat(p.limit()).isEqualTo(4);
              });
    }
  }

  @Test
  void truncatedArchive_isAProblem() {
    byte[] zip = Samples.zip("x.so", Samples.elf());
    try (var opened = open("x.whl", Arrays.copyOf(zip, zip.length - 30))) {
      assertThat(opened.paths()).isEmpty();
      assertThat(opened.problems())
          .singleElement()
          .satisfies(
              p -> {
                assertThat(p.code()).isEqualTo(Code.TRUNCATED);
                assertThat(p.field()).isEqualTo("end of central directory record");
                assertThat(p.effect()).isEqualTo(Problem.Effect.FILE_LOST);
              });
    }
  }

  @Test
  void centralDirectoryPastTheEnd_isAProblem() {
    byte[] zip = Samples.zip("x.so", Samples.elf());
    int end = Samples.lastIndexOf(zip, END);
    Samples.littleEndian(zip).putInt(end + 16, zip.length + 1000);
    try (var opened = open("x.zip", zip)) {
      assertThat(opened.codes()).containsExactly(Code.OUT_OF_RANGE);
      assertThat(opened.problems().getFirst().field())
          .isEqualTo("offset of start of central directory");
    }
    Samples.littleEndian(zip).putInt(end + 16, 0).putInt(end + 12, zip.length + 1000);
    try (var opened = open("y.zip", zip)) {
      assertThat(opened.codes()).containsExactly(Code.OUT_OF_RANGE);
    }
  }

  @Test
  void localHeaderPastTheEnd_isAProblemOfThatEntryAlone() throws IOException {
    byte[] zip = Samples.zip("a.so", Samples.elf(), "b.so", Samples.elf(400, 2));
    Samples.littleEndian(zip).putInt(Samples.lastIndexOf(zip, CENTRAL) + 42, 0x7fff_0000);
    try (var opened = open("x.zip", zip)) {
      assertThat(opened.paths()).containsExactly("a.so");
      assertThat(opened.codes()).containsExactly(Code.OUT_OF_RANGE);
      assertThat(opened.bytes("a.so")).isEqualTo(Samples.elf());
    }
  }

  @Test
  void overlappingEntries_areNotUnpackedTwice() {
    byte[] zip = Samples.storedZip("a.so", Samples.elf(2000, 1), "b.so", Samples.elf(2000, 2));
    ByteBuffer buffer = Samples.littleEndian(zip);
    // The first entry claims the second one's bytes besides its own.
    int first = 0;
    while (buffer.getInt(first) != CENTRAL) {
      first++;
    }
    buffer.putInt(first + 20, 3000).putInt(first + 24, 3000);
    try (var opened = open("x.zip", zip)) {
      assertThat(opened.paths()).containsExactly("b.so");
      assertThat(opened.problems())
          .singleElement()
          .satisfies(
              p -> {
                assertThat(p.code()).isEqualTo(Code.OUT_OF_RANGE);
                assertThat(p.place().file()).endsWith("x.zip!/a.so");
                assertThat(p.actual()).isEqualTo(3000);
              });
    }
  }

  @Test
  void localHeaderOfAnotherName_isAProblem() {
    byte[] zip = Samples.storedZip("a.so", Samples.elf());
    zip[30] = 'z';
    try (var opened = open("x.zip", zip)) {
      assertThat(opened.paths()).isEmpty();
      assertThat(opened.codes()).containsExactly(Code.BAD_VALUE);
    }
  }

  @Test
  void encryptedEntry_isAProblem() {
    byte[] zip = Samples.zip("a.so", Samples.elf(), "b.so", Samples.elf(400, 2));
    int central = Samples.lastIndexOf(zip, CENTRAL);
    zip[central + 8] |= 1;
    try (var opened = open("x.zip", zip)) {
      assertThat(opened.paths()).containsExactly("a.so");
      assertThat(opened.codes()).containsExactly(Code.UNSUPPORTED);
    }
  }

  @Test
  void unknownMethod_isAProblem() {
    byte[] zip = Samples.zip("a.so", Samples.elf());
    zip[Samples.lastIndexOf(zip, CENTRAL) + 10] = 14;
    try (var opened = open("x.zip", zip)) {
      assertThat(opened.paths()).isEmpty();
      assertThat(opened.problems())
          .extracting(Problem::code, Problem::field, Problem::actual)
          .containsExactly(
              org.assertj.core.groups.Tuple.tuple(Code.UNSUPPORTED, "compression method", 14L));
    }
  }

  @Test
  void damagedData_isAProblemOnReadingAndStaysOne() {
    byte[] zip = Samples.zip("a.so", Samples.elf(5000, 7));
    zip[3000] ^= 0x55;
    try (var opened = open("x.zip", zip)) {
      Member member = opened.member("a.so");
      for (int i = 0; i < 2; i++) {
        assertThatThrownBy(member::bytes)
            .isInstanceOfSatisfying(
                UnreadableException.class,
                e -> assertThat(e.problem().code()).isEqualTo(Code.CORRUPT));
      }
    }
  }

  @Test
  void identity_changesWithTheContentAndHashIsThatOfTheBytes() throws IOException {
    try (var a = open("x.zip", Samples.zip("a.so", Samples.elf(300, 1)));
        var b = open("y.zip", Samples.zip("a.so", Samples.elf(300, 2)))) {
      assertThat(a.member("a.so").identity()).isNotEqualTo(b.member("a.so").identity());
      assertThat(a.member("a.so").sha256()).hasSize(64).isNotEqualTo(b.member("a.so").sha256());
      Path plain = java.nio.file.Files.write(folder.resolve("a.so"), Samples.elf(300, 1));
      try (var c = OpenedTarget.of(plain)) {
        assertThat(c.member("a.so").sha256()).isEqualTo(a.member("a.so").sha256());
      }
    }
  }

  @Test
  void manyTextFiles_areNotOpened() {
    var files = new LinkedHashMap<String, byte[]>();
    for (int i = 0; i < 900; i++) {
      // Would be found if it were looked at.
      files.put("p/m" + i + ".py", Samples.elf(80, i));
    }
    files.put("p/x.so", Samples.elf());
    try (var opened = open("x.whl", Samples.zip(false, files))) {
      assertThat(opened.paths()).containsExactly("p/x.so");
    }
  }
}
