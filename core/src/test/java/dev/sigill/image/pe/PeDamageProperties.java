package dev.sigill.image.pe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sigill.bytes.Bytes;
import dev.sigill.bytes.Limits;
import dev.sigill.image.CodeRange;
import dev.sigill.image.FunctionTable;
import dev.sigill.image.Image;
import dev.sigill.image.Images;
import dev.sigill.image.Initialiser;
import dev.sigill.image.Section;
import dev.sigill.image.Segment;
import dev.sigill.image.Slot;
import dev.sigill.image.Symbol;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** Reading never throws, ends soon and stays within the file, whatever the bytes are. */
class PeDamageProperties {
  private static final String[] FILES = {
    "orders-x64.dll",
    "orders-x64-symbols.dll",
    "orders-arm64.dll",
    "orders-x86.dll",
    "orders-arm.dll",
    "program-x64.exe",
    "hybrid-arm64ec.dll",
    "hybrid-arm64x.dll",
    "forwarder-arm64x.dll",
    "strings.dll",
    "constructors-x64.dll"
  };

  private static final List<byte[]> CONTENTS =
      Arrays.stream(FILES).map(file -> PeFixture.of(file).bytes).toList();

  private static final int[] HOSTILE = {
    0, 1, 7, 0x7f, 0xff, 0xfff, 0x1000, 0xffff, 0x7fff_ffff, 0x8000_0000, -1, -2, -8, 0x1000_0000
  };

  @Property(tries = 600)
  void truncation_neverThrows(
      @ForAll @IntRange(max = 10) int file, @ForAll @IntRange(max = 0x2000) int length) {
    byte[] content = CONTENTS.get(file);
    use(Arrays.copyOf(content, Math.min(length, content.length)));
  }

  @Property(tries = 1500)
  void changedBytes_neverThrow(
      @ForAll @IntRange(max = 10) int file,
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 24) int changes) {
    byte[] content = CONTENTS.get(file).clone();
    var random = new Random(seed);
    for (int i = 0; i < changes; i++) {
      content[random.nextInt(content.length)] = (byte) random.nextInt();
    }
    use(content);
  }

  @Property(tries = 2500)
  void hostileWords_neverThrow(
      @ForAll @IntRange(max = 10) int file,
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 6) int changes) {
    byte[] content = CONTENTS.get(file).clone();
    var random = new Random(seed);
    for (int i = 0; i < changes; i++) {
      // Words of headers and tables rather than of padding.
      int at = random.nextInt(content.length / 4) * 4;
      for (int tries = 0; tries < 8 && word(content, at) == 0; tries++) {
        at = random.nextInt(content.length / 4) * 4;
      }
      int value =
          random.nextBoolean()
              ? HOSTILE[random.nextInt(HOSTILE.length)]
              : word(content, random.nextInt(content.length / 4) * 4) + random.nextInt(9) - 4;
      for (int b = 0; b < 4; b++) {
        content[at + b] = (byte) (value >>> 8 * b);
      }
    }
    use(content);
  }

  private static int word(byte[] content, int at) {
    return content[at] & 0xff
        | (content[at + 1] & 0xff) << 8
        | (content[at + 2] & 0xff) << 16
        | content[at + 3] << 24;
  }

  /** Asks an image for everything, and checks what holds of any image. */
  private static void use(byte[] content) {
    long start = System.nanoTime();
    Images.Read read = Images.read(Bytes.of(content, "fixture"), Limits.standard());
    for (Image image : read.images()) {
      use((PeImage) image, content.length);
    }
    assertThat(System.nanoTime() - start).as("nanoseconds").isLessThan(2_000_000_000L);
  }

  private static void use(PeImage image, int length) {
    assertThat(image.problems()).hasSizeLessThanOrEqualTo(256);
    assertThat(image.problems()).allMatch(problem -> !problem.message().isEmpty());
    var addresses = new ArrayList<Long>();
    for (Section section : image.sections()) {
      assertThat(section.fileSize()).isBetween(0L, (long) length);
      addresses.add(section.virtualAddress());
      addresses.add(section.virtualAddress() + section.memorySize());
    }
    for (Segment segment : image.segments()) {
      assertThat(segment.fileSize()).isBetween(0L, (long) length);
    }
    long end = 0;
    for (CodeRange range : image.code()) {
      assertThat(range.size()).isPositive();
      assertThat(range.fileOffset()).isBetween(0L, length - range.size());
      assertThat(Long.compareUnsigned(range.start(), end)).isGreaterThanOrEqualTo(0);
      end = range.end();
      addresses.add(range.start());
    }
    image.hybridCode().forEach(part -> addresses.add(part.range().start()));
    for (Initialiser initialiser : image.initialisers()) {
      addresses.add(initialiser.address());
    }
    image.forEachImport(entry -> addresses.add(entry.slot()));
    var names = new ArrayList<String>();
    image
        .symbols()
        .forEachDefined(
            symbol -> {
              names.add(symbol.name());
              addresses.add(symbol.address());
            });
    assertThat(names.stream().mapToLong(String::length).sum()).isLessThan(3L * length + 100_000);
    for (String name : names.subList(0, Math.min(50, names.size()))) {
      Symbol symbol = image.symbols().exported(name);
      assertThat(symbol == null || symbol.name().equals(name)).isTrue();
      image.forwarder(name);
    }
    FunctionTable functions = image.functions();
    for (int i = 0; i < Math.min(50, functions.count()); i++) {
      addresses.add(functions.at(i).start());
    }
    for (long address : addresses.subList(0, Math.min(400, addresses.size()))) {
      for (long at = address - 8; at <= address + 8; at += 4) {
        FunctionTable.Range range = functions.containing(at);
        assertThat(range.isNone() || new CodeRange(range.start(), range.end(), 0).contains(at))
            .isTrue();
        image.symbols().containing(at);
        long offset = image.fileOffset(at);
        assertThat(offset).isBetween(-1L, length - 1L);
        if (image.slot(at) instanceof Slot.Imported imported) {
          assertThat(imported.name()).isNotEmpty();
          assertThat(imported.library()).isNotEmpty();
        }
      }
    }
    assertThat(image.architecture()).isNotNull();
    assertThat(image.subtype()).isNotNull();
    assertThat(image.kind()).isNotNull();
    assertThat(image.platform().system()).isNotNull();
    assertThat(image.installName()).isNotNull();
    assertThat(image.needed()).isNotNull();
    image.entryPoint();
    image.guardFlags();
    image.relocationCount();
  }
}
