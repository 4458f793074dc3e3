package dev.sigill.source;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sigill.bytes.Limits;
import dev.sigill.bytes.Problem;
import dev.sigill.bytes.Problem.Code;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class TarSourceTest {
  @TempDir Path folder;

  private OpenedTarget open(String name, byte[] content) {
    return OpenedTarget.write(folder, name, content);
  }

  /** Puts the right checksum into the header at an offset. */
  private static byte[] withChecksum(byte[] tar, int header) {
    Arrays.fill(tar, header + 148, header + 156, (byte) ' ');
    int sum = 0;
    for (int i = 0; i < 512; i++) {
      sum += tar[header + i] & 0xff;
    }
    byte[] text = String.format("%06o\0 ", sum).getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(text, 0, tar, header + 148, 8);
    return tar;
  }

  @Test
  void plainTar_filesArePartsOfTheMapping() throws IOException {
    byte[] library = Samples.elf(100_000, 1);
    try (var opened = open("x.tar", Samples.tar("a/x.so", library, "a/readme", "text"))) {
      assertThat(opened.source().kind()).isEqualTo(Source.Kind.TAR);
      assertThat(opened.paths()).containsExactly("a/x.so");
      assertThat(opened.member("a/x.so").bytes().segment().isMapped()).isTrue();
      assertThat(opened.bytes("a/x.so")).isEqualTo(library);
      assertThat(opened.problems()).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource(Compression.class)
  void packedTar_isReadThrough(Compression compression) throws IOException {
    byte[] first = Samples.elf(70_000, 1);
    byte[] second = Samples.elf(800, 2);
    byte[] tar = Samples.tar("a/x.so", first, "a/readme", "text", "b/y.node", second);
    try (var opened = open("x.bin", Samples.pack(compression, tar))) {
      assertThat(opened.paths()).containsExactly("a/x.so", "b/y.node");
      assertThat(opened.bytes("a/x.so")).isEqualTo(first);
      assertThat(opened.bytes("b/y.node")).isEqualTo(second);
      assertThat(opened.member("a/x.so").address()).endsWith("x.bin!/a/x.so");
      assertThat(opened.source().kind()).isEqualTo(Source.Kind.TAR);
    }
  }

  @ParameterizedTest
  @CsvSource({"GZIP,libx.so.gz", "XZ,libx.so.xz", "BZIP2,libx.so.bz2", "ZSTD,libx.so.zst"})
  void packedFile_isUnpacked(Compression compression, String name) throws IOException {
    byte[] library = Samples.elf(70_000, 1);
    try (var opened = open(name, Samples.pack(compression, library))) {
      assertThat(opened.source().kind()).isEqualTo(Source.Kind.FILE);
      assertThat(opened.paths()).containsExactly("libx.so");
      assertThat(opened.bytes("libx.so")).isEqualTo(library);
    }
  }

  @ParameterizedTest
  @EnumSource(Compression.class)
  void truncatedPackedTar_keepsWhatCameBefore(Compression compression) {
    byte[] tar = Samples.tar("x.so", Samples.elf(500, 1), "y.so", Samples.elf(400_000, 2));
    byte[] packed = Samples.pack(compression, tar);
    try (var opened = open("x.tar.z", Arrays.copyOf(packed, packed.length / 2))) {
      assertThat(opened.paths()).doesNotContain("y.so");
      assertThat(opened.problems()).isNotEmpty();
      assertThat(opened.problems()).allSatisfy(p -> assertThat(p.code()).isNotEqualTo(Code.FAULT));
    }
  }

  @Test
  void truncatedTar_isAProblemOfTheLastFile() {
    byte[] tar = Samples.tar("x.so", Samples.elf(500, 1), "y.so", Samples.elf(5000, 2));
    try (var opened = open("x.tar", Arrays.copyOf(tar, 4000))) {
      assertThat(opened.paths()).containsExactly("x.so");
      assertThat(opened.codes()).containsExactly(Code.TRUNCATED);
    }
  }

  @Test
  void links_areFollowedToMembers() {
    byte[] tar =
        Samples.tar(
            Map.of(
                "lib/libx.so", "libx.so.1",
                "lib/libx.so.1", "./libx.so.1.2",
                "lib64", "lib",
                "bin/loop", "loop2",
                "bin/loop2", "loop",
                "bin/out", "../../etc/passwd"),
            Samples.files("lib/libx.so.1.2", Samples.elf()));
    try (var opened = open("x.tgz", Samples.pack(Compression.GZIP, tar))) {
      assertThat(opened.paths()).containsExactly("lib/libx.so.1.2");
      assertThat(opened.source().links())
          .containsEntry("lib/libx.so", "lib/libx.so.1.2")
          .containsEntry("lib/libx.so.1", "lib/libx.so.1.2")
          .containsEntry("lib64/libx.so.1.2", "lib/libx.so.1.2");
      assertThat(opened.codes())
          .containsExactlyInAnyOrder(Code.CYCLE, Code.CYCLE, Code.PATH_ESCAPE);
      assertThat(opened.problems())
          .allSatisfy(p -> assertThat(p.effect()).isEqualTo(Problem.Effect.NOTHING_LOST));
    }
  }

  @Test
  void longNames_areRead() {
    String name = "a-rather-long-folder/".repeat(12) + "x.so";
    try (var opened = open("x.tar", Samples.tar(name, Samples.elf()))) {
      assertThat(opened.paths()).containsExactly(name);
    }
  }

  @Test
  void namesThatLeadOut_areProblems() {
    byte[] tar =
        Samples.tar("../x.so", Samples.elf(), "/y.so", Samples.elf(), "./z.so", Samples.elf());
    try (var opened = open("x.tar", tar)) {
      assertThat(opened.paths()).containsExactly("z.so");
      assertThat(opened.codes()).containsExactly(Code.PATH_ESCAPE, Code.PATH_ESCAPE);
    }
  }

  @Test
  void negativeSize_isAProblem() {
    byte[] tar = Samples.tar("x.so", Samples.elf(), "y.so", Samples.elf(400, 2));
    int header = 1024;
    Arrays.fill(tar, header + 124, header + 136, (byte) 0xff);
    try (var opened = open("x.tar", withChecksum(tar, header))) {
      assertThat(opened.paths()).containsExactly("x.so");
      assertThat(opened.problems())
          .singleElement()
          .satisfies(
              p -> {
                assertThat(p.code()).isEqualTo(Code.BAD_VALUE);
                assertThat(p.place().offset()).isEqualTo(1024);
                assertThat(p.field()).isEqualTo("tar size");
              });
    }
  }

  @Test
  void hugeSize_isAProblemPackedOrNot() {
    byte[] tar = Samples.tar("x.so", Samples.elf(), "y.so", Samples.elf(400, 2));
    int header = 1024;
    Arrays.fill(tar, header + 124, header + 136, (byte) 0);
    tar[header + 124] = (byte) 0x80;
    tar[header + 128] = 0x7f; // 0x7f00_0000_0000_0000
    withChecksum(tar, header);
    try (var plain = open("x.tar", tar);
        var packed = open("x.tar.gz", Samples.pack(Compression.GZIP, tar))) {
      assertThat(plain.paths()).containsExactly("x.so");
      assertThat(plain.problems()).isNotEmpty();
      assertThat(packed.paths()).containsExactly("x.so");
      assertThat(packed.problems()).isNotEmpty();
    }
  }

  @Test
  void sparseFile_isAProblem() {
    byte[] tar = Samples.tar("x.so", Samples.elf(), "y.so", Samples.elf(400, 2));
    tar[1024 + 156] = 'S';
    try (var opened = open("x.tar", withChecksum(tar, 1024))) {
      assertThat(opened.paths()).containsExactly("x.so");
      assertThat(opened.problems())
          .extracting(Problem::code, Problem::field)
          .containsExactly(org.assertj.core.groups.Tuple.tuple(Code.UNSUPPORTED, "sparse file"));
    }
  }

  @Test
  void wrongChecksumLater_isAProblem() {
    byte[] tar = Samples.tar("x.so", Samples.elf(), "y.so", Samples.elf(400, 2));
    tar[1024] = 'z';
    try (var opened = open("x.tar", tar)) {
      assertThat(opened.paths()).containsExactly("x.so");
      assertThat(opened.codes()).containsExactly(Code.CORRUPT);
    }
  }

  @Test
  void devicesAndPipes_haveNoContent() {
    byte[] tar = Samples.tar("x.so", Samples.elf(), "dev", new byte[0]);
    for (char type : new char[] {'3', '4', '6'}) {
      tar[1024 + 156] = (byte) type;
      try (var opened = open("x" + type + ".tar", withChecksum(tar, 1024))) {
        assertThat(opened.paths()).containsExactly("x.so");
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Compression.class)
  void bomb_isStopped(Compression compression) {
    byte[] zeros = new byte[30 << 20];
    byte[] tar = Samples.tar("zeros", zeros, "x.so", Samples.elf());
    var limits = new Limits(4, 100, 64 << 20, 8 << 20, 100, 100);
    byte[] packed = Samples.pack(compression, tar);
    try (var opened = OpenedTarget.write(folder, "x.tar.z", packed, limits)) {
      assertThat(opened.paths()).isEmpty();
      assertThat(opened.codes()).containsExactly(Code.LIMIT);
    }
  }

  @Test
  void tooManyEntries_areCutAtTheLimit() {
    var files = new java.util.LinkedHashMap<String, byte[]>();
    for (int i = 0; i < 50; i++) {
      files.put("x" + i + ".so", Samples.elf(100, i));
    }
    var limits = new Limits(4, 20, 1 << 20, 1 << 20, 100, 100);
    byte[] tar = Samples.tar(Map.of(), files);
    try (var opened = OpenedTarget.write(folder, "x.tar", tar, limits)) {
      assertThat(opened.paths()).hasSize(20);
      assertThat(opened.codes()).containsExactly(Code.LIMIT);
    }
  }

  @Test
  void longNameOfGigabytes_isAProblem() {
    byte[] tar = Samples.tar("x".repeat(200), Samples.elf(), "y.so", Samples.elf());
    byte[] size = "77777777777\0".getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(size, 0, tar, 124, 12);
    try (var opened = open("x.tar", withChecksum(tar, 0))) {
      assertThat(opened.codes()).contains(Code.LIMIT);
    }
  }

  @Test
  void imageLayers_areTarsInATar() {
    byte[] layer = Samples.tar("usr/lib/libx.so", Samples.elf());
    byte[] image =
        Samples.tar(
            "manifest.json", "[]", "blobs/sha256/abc", Samples.pack(Compression.GZIP, layer));
    try (var opened = open("image.tar", image)) {
      assertThat(opened.paths()).containsExactly("blobs/sha256/abc!/usr/lib/libx.so");
    }
  }
}
