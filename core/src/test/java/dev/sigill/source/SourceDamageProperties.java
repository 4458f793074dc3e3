package dev.sigill.source;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sigill.bytes.Limits;
import dev.sigill.bytes.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

/** Whatever a stranger does to an archive, opening and reading it ends, with problems at most. */
class SourceDamageProperties {
  private static final Limits TIGHT = new Limits(4, 100, 1 << 20, 4 << 20, 100, 100);

  private static final Map<String, byte[]> ARCHIVES = archives();

  private static Map<String, byte[]> archives() {
    byte[] inner = Samples.zip("a/x.so", Samples.elf(), "META-INF/MANIFEST.MF", "A: b\n");
    byte[] tar =
        Samples.tar(
            Map.of("lib/l.so", "x.so"),
            Samples.files("lib/x.so", Samples.elf(2000, 1), "n".repeat(150), Samples.elf(90, 2)));
    byte[] wheel =
        Samples.zip(
            "p/x.so",
            Samples.elf(2000, 3),
            "p-1.dist-info/METADATA",
            "Name: p\nVersion: 1\n",
            "p-1.dist-info/RECORD",
            "p/x.so,,\n",
            "p/inner.jar",
            inner,
            "p/inner.tar",
            tar);
    return Map.of(
        "p-1-py3-none-any.whl", wheel,
        "s.jar", Samples.storedZip("i.jar", inner, "x.so", Samples.elf()),
        "x.tar", tar,
        "x.tar.gz", Samples.pack(Compression.GZIP, tar),
        "x.tar.xz", Samples.pack(Compression.XZ, tar),
        "x.tar.bz2", Samples.pack(Compression.BZIP2, tar),
        "x.tar.zst", Samples.pack(Compression.ZSTD, tar));
  }

  @Provide
  Arbitrary<String> names() {
    return Arbitraries.of(ARCHIVES.keySet().stream().sorted().toList());
  }

  @Property(tries = 700)
  void damagedArchive_isReadWithoutFault(
      @ForAll("names") String name, @ForAll int seed, @ForAll @IntRange(min = 1, max = 12) int hits)
      throws IOException {
    byte[] bytes = ARCHIVES.get(name).clone();
    var random = new Random(seed);
    for (int i = 0; i < hits; i++) {
      int at = random.nextInt(bytes.length);
      switch (random.nextInt(4)) {
        case 0 -> bytes[at] = (byte) random.nextInt();
        case 1 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
        case 2 -> Arrays.fill(bytes, at, Math.min(at + 4, bytes.length), (byte) 0xff);
        default -> {
          int from = random.nextInt(bytes.length);
          int size = Math.min(random.nextInt(40), bytes.length - Math.max(at, from));
          System.arraycopy(bytes.clone(), from, bytes, at, size);
        }
      }
    }
    read(name, bytes);
  }

  @Property(tries = 300)
  void truncatedArchive_isReadWithoutFault(
      @ForAll("names") String name, @ForAll @IntRange(min = 0, max = 10_000) int share)
      throws IOException {
    byte[] bytes = ARCHIVES.get(name);
    read(name, Arrays.copyOf(bytes, (int) ((long) bytes.length * share / 10_000)));
  }

  private static void read(String name, byte[] bytes) throws IOException {
    Path folder = Files.createTempDirectory("damaged");
    Path file = Files.write(folder.resolve(name), bytes);
    try (Source source = Sources.open(file, TIGHT)) {
      assertThat(source.problems())
          .allSatisfy(p -> assertThat(p.code()).as(p.message()).isNotEqualTo(Problem.Code.FAULT));
      for (Member member : source.members()) {
        assertThat(member.size()).isLessThanOrEqualTo(TIGHT.memberBytes());
        try {
          assertThat(member.bytes().length()).isEqualTo(member.size());
        } catch (UnreadableException e) {
          assertThat(e.problem().code()).isNotEqualTo(Problem.Code.FAULT);
        }
      }
    } finally {
      Files.delete(file);
      Files.delete(folder);
    }
  }
}
