package dev.sigill.image.macho;

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
class MachODamageProperties {
  private static final String[] FILES = {
    "orders-x86_64.dylib",
    "orders-x86_64-chained.dylib",
    "orders-arm64-chained.dylib",
    "orders-x86_64-stripped.dylib",
    "orders-x86_64.o",
    "program-x86_64",
    "loads-x86_64.dylib",
    "loads-arm64.dylib",
    "ledger-universal.dylib",
    "plugin-x86_64.so"
  };

  private static final List<byte[]> CONTENTS =
      Arrays.stream(FILES).map(file -> MachOFixture.of(file).bytes).toList();

  private static final int[] HOSTILE = {
    0, 1, 7, 0x7f, 0xff, 0xfff, 0x1000, 0xffff, 0x7fff_ffff, 0x8000_0000, -1, -2, -8, 0x1000_0000
  };

  @Property(tries = 300)
  void truncation_neverThrows(
      @ForAll @IntRange(max = 9) int file, @ForAll @IntRange(max = 0x4000) int length) {
    byte[] content = CONTENTS.get(file);
    use(Arrays.copyOf(content, Math.min(length, content.length)));
  }

  @Property(tries = 700)
  void changedBytes_neverThrow(
      @ForAll @IntRange(max = 9) int file,
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 24) int changes) {
    byte[] content = CONTENTS.get(file).clone();
    var random = new Random(seed);
    for (int i = 0; i < changes; i++) {
      content[full(content, random, 1)] = (byte) random.nextInt();
    }
    use(content);
  }

  @Property(tries = 1200)
  void hostileWords_neverThrow(
      @ForAll @IntRange(max = 9) int file,
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 6) int changes) {
    byte[] content = CONTENTS.get(file).clone();
    var random = new Random(seed);
    for (int i = 0; i < changes; i++) {
      int at = full(content, random, 4);
      int value =
          random.nextBoolean()
              ? HOSTILE[random.nextInt(HOSTILE.length)]
              : word(content, full(content, random, 4)) + random.nextInt(9) - 4;
      for (int b = 0; b < 4; b++) {
        content[at + b] = (byte) (value >>> 8 * b);
      }
    }
    use(content);
  }

  /** Load commands first of all. */
  @Property(tries = 1200)
  void hostileCommands_neverThrow(
      @ForAll @IntRange(max = 9) int file,
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 4) int changes) {
    byte[] content = CONTENTS.get(file).clone();
    var random = new Random(seed);
    for (int i = 0; i < changes; i++) {
      int at = random.nextInt(1200 / 4) * 4;
      int value = HOSTILE[random.nextInt(HOSTILE.length)];
      for (int b = 0; b < 4; b++) {
        content[at + b] = (byte) (value >>> 8 * b);
      }
    }
    use(content);
  }

  /** An offset, of headers and tables rather than of padding. */
  private static int full(byte[] content, Random random, int unit) {
    int at = random.nextInt(content.length / unit - 4) * unit;
    for (int tries = 0; tries < 60 && word(content, at) == 0; tries++) {
      at = random.nextInt(content.length / unit - 4) * unit;
    }
    return at;
  }

  private static int word(byte[] content, int at) {
    return content[at] & 0xff
        | (content[at + 1] & 0xff) << 8
        | (content[at + 2] & 0xff) << 16
        | content[at + 3] << 24;
  }

  /** Asks images for everything, and checks what holds of any image. */
  private static void use(byte[] content) {
    long start = System.nanoTime();
    Images.Read read = Images.read(Bytes.of(content, "fixture"), Limits.standard());
    for (Image image : read.images()) {
      use((MachOImage) image);
    }
    assertThat(System.nanoTime() - start).as("nanoseconds").isLessThan(3_000_000_000L);
  }

  private static void use(MachOImage image) {
    long length = image.bytes().length();
    assertThat(image.problems()).hasSizeLessThanOrEqualTo(200);
    assertThat(image.problems()).allMatch(problem -> !problem.message().isEmpty());
    var addresses = new ArrayList<Long>();
    for (Section section : image.sections()) {
      assertThat(section.fileSize()).isBetween(0L, length);
      assertThat(section.fileOffset()).isBetween(0L, length - section.fileSize());
      addresses.add(section.virtualAddress());
      addresses.add(section.virtualAddress() + section.memorySize());
    }
    for (Segment segment : image.segments()) {
      assertThat(segment.fileSize()).isBetween(0L, length);
      addresses.add(segment.virtualAddress() + segment.fileSize());
    }
    CodeRange last = null;
    for (CodeRange range : image.code()) {
      assertThat(range.size()).isPositive();
      assertThat(range.fileOffset()).isBetween(0L, length - range.size());
      assertThat(image.fileOffset(range.start())).isEqualTo(range.fileOffset());
      assertThat(last == null || range.start() >= last.end()).isTrue();
      last = range;
      addresses.add(range.start());
    }
    for (Initialiser initialiser : image.initialisers()) {
      addresses.add(initialiser.address());
    }
    var names = new ArrayList<String>();
    image
        .symbols()
        .forEachDefined(
            symbol -> {
              names.add(symbol.name());
              addresses.add(symbol.address());
            });
    image.symbols().forEachExported(symbol -> names.add(symbol.name()));
    image.forEachImport(each -> names.add(each.name()));
    assertThat(names.stream().mapToLong(String::length).sum())
        .isLessThan(200L * length + 5_000_000);
    for (String name : names.subList(0, Math.min(50, names.size()))) {
      Symbol symbol = image.symbols().exported(name);
      assertThat(symbol == null || symbol.name().equals(name)).isTrue();
      image.reexport(name);
    }
    FunctionTable functions = image.functions();
    long end = Long.MIN_VALUE;
    for (int i = 0; i < Math.min(50, functions.count()); i++) {
      FunctionTable.Range range = functions.at(i);
      assertThat(range.start() + Long.MIN_VALUE).isGreaterThanOrEqualTo(end);
      end = range.end() + Long.MIN_VALUE;
      addresses.add(range.start());
    }
    for (long address : addresses.subList(0, Math.min(300, addresses.size()))) {
      for (long at = address - 8; at <= address + 8; at += 4) {
        FunctionTable.Range range = functions.containing(at);
        assertThat(range.isNone() || new CodeRange(range.start(), range.end(), 0).contains(at))
            .isTrue();
        image.symbols().containing(at);
        image.stub(at);
        assertThat(image.fileOffset(at)).isBetween(-1L, length - 1L);
        if (image.slot(at) instanceof Slot.Imported imported) {
          assertThat(imported.name()).isNotEmpty();
        }
      }
    }
    assertThat(image.architecture()).isNotNull();
    assertThat(image.subtype()).isNotEmpty();
    assertThat(image.kind()).isNotNull();
    assertThat(image.platform().system()).isNotNull();
    assertThat(image.platforms()).isNotEmpty();
    assertThat(image.installName()).isNotNull();
    assertThat(image.needed()).hasSameSizeAs(image.dylibs());
    assertThat(image.searchPaths()).isNotNull();
    assertThat(image.signature()).isNotNull();
    image.entry();
    image.uuid();
    image.symbols().isStripped();
    assertThat(image.rebaseCount()).isBetween(0L, length);
    assertThat(image.bindCount()).isBetween(0L, length);
  }
}
