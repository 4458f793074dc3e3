package dev.sigill.image.elf;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sigill.bytes.Bytes;
import dev.sigill.bytes.Limits;
import dev.sigill.bytes.Problem;
import dev.sigill.image.CodeRange;
import dev.sigill.image.FunctionTable;
import dev.sigill.image.Image;
import dev.sigill.image.Segment;
import dev.sigill.platform.Architecture;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import org.junit.jupiter.api.Assertions;

/** Whatever happens to a file, everything about it can be asked, soon and without a fault. */
class ElfDamageProperties {
  @Property(tries = 400, shrinking = ShrinkingMode.OFF)
  void file_cutAnywhere_isStillRead(@ForAll("fixtures") String name, @ForAll Random random) {
    byte[] whole = ElfFixture.bytes(name);
    assertReadable(Arrays.copyOf(whole, random.nextInt(whole.length)));
  }

  @Property(tries = 1500, shrinking = ShrinkingMode.OFF)
  void file_withBytesChanged_isStillRead(@ForAll("fixtures") String name, @ForAll Random random) {
    byte[] file = ElfFixture.bytes(name);
    int changes = 1 + random.nextInt(6);
    for (int i = 0; i < changes; i++) {
      // Most of them where the headers and tables are.
      int reach = random.nextBoolean() ? Math.min(file.length, 0x800) : file.length;
      file[random.nextInt(reach)] = oddByte(random);
    }
    assertReadable(file);
  }

  @Property(tries = 800, shrinking = ShrinkingMode.OFF)
  void file_withWordsChanged_isStillRead(@ForAll("fixtures") String name, @ForAll Random random) {
    byte[] file = ElfFixture.bytes(name);
    for (int i = 0; i < 3; i++) {
      int at = random.nextInt(Math.max(1, file.length / 8 - 1)) * 8;
      long value = oddWord(random, file.length);
      for (int b = 0; b < 8 && at + b < file.length; b++) {
        file[at + b] = (byte) (value >>> 8 * b);
      }
    }
    assertReadable(file);
  }

  private static byte oddByte(Random random) {
    return switch (random.nextInt(4)) {
      case 0 -> 0;
      case 1 -> (byte) 0xff;
      case 2 -> (byte) (1 << random.nextInt(8));
      default -> (byte) random.nextInt(256);
    };
  }

  private static long oddWord(Random random, int length) {
    return switch (random.nextInt(7)) {
      case 0 -> 0;
      case 1 -> -1;
      case 2 -> Long.MIN_VALUE;
      case 3 -> 1L << random.nextInt(64);
      case 4 -> random.nextInt(length);
      case 5 -> length - random.nextInt(64);
      default -> random.nextLong();
    };
  }

  @Provide
  Arbitrary<String> fixtures() {
    return Arbitraries.of(ElfFixture.names());
  }

  private static void assertReadable(byte[] file) {
    Assertions.assertTimeout(Duration.ofSeconds(5), () -> askEverything(file));
  }

  /** Reads a file and asks for everything that there is to know about it. */
  static void askEverything(byte[] file) {
    var bytes = Bytes.of(file, "damaged.so");
    if (!ElfReader.matches(bytes)) {
      return;
    }
    var read = ElfReader.read(bytes, Limits.standard());
    assertThat(read.images().isEmpty()).isEqualTo(!read.problems().isEmpty());
    for (Image each : read.images()) {
      ask((ElfImage) each, file.length);
    }
  }

  private static void ask(ElfImage image, int length) {
    assertThat(image.toString()).isNotEmpty();
    assertThat(image.architecture()).isNotNull();
    assertThat(image.kind()).isNotNull();
    assertThat(image.platform()).isNotNull();
    assertThat(image.cLibrary()).isNotNull();
    assertThat(image.installName()).isNotNull();
    assertThat(image.interpreter()).isNotNull();
    assertThat(image.buildId()).isNotNull();
    assertThat(image.loadAlignment()).isNotNegative();
    assertThat(image.isaLevelNeeded()).isBetween(0, 4);
    image.hasExecutableStack();
    image.hasTextRelocations();
    image.needsStaticThreadLocals();
    image.protectionFeatures();
    image.threadLocalSize();
    image.needed();
    image.searchPaths();
    image.definedVersions();
    image.versionNeeds();
    image.initialisers();
    image.relocationCount();
    image.sections();
    for (ElfNote note : image.notes()) {
      assertThat(note.content().length()).isLessThanOrEqualTo(length);
    }
    long end = 0;
    for (CodeRange range : image.code()) {
      assertThat(Long.compareUnsigned(range.start(), end)).isNotNegative();
      end = range.end();
      assertThat(image.bytes().has(range.fileOffset(), range.size())).isTrue();
    }
    FunctionTable functions = image.functions();
    long previous = 0;
    for (int i = 0; i < functions.count(); i++) {
      FunctionTable.Range range = functions.at(i);
      assertThat(Long.compareUnsigned(range.start(), previous)).isNotNegative();
      previous = range.end();
      functions.containing(range.start());
    }
    callers(image);
    for (Segment segment : image.segments()) {
      long words = Math.clamp(segment.memorySize(), 0, 1 << 14) / 4;
      for (long i = 0; i < words; i++) {
        long address = segment.virtualAddress() + 4 * i;
        image.slot(address);
        functions.containing(address);
        assertThat(image.fileOffset(address)).isLessThan(length);
      }
      image.symbols().containing(segment.virtualAddress());
      image.symbols().containing(segment.virtualAddress() + segment.memorySize() / 2);
      image.relocation(segment.virtualAddress());
    }
    image
        .symbols()
        .forEachExported(
            symbol -> {
              image.symbols().exported(symbol.name());
              image.exported(symbol.name(), "SHAPES_1");
              image.symbols().containing(symbol.address());
            });
    image.symbols().forEachDefined(symbol -> assertThat(symbol.name()).isNotNull());
    image.forEachImport(each -> assertThat(each.name()).isNotNull());
    for (Problem problem : image.problems()) {
      assertThat(problem.message()).contains("damaged.so");
    }
  }

  private static void callers(ElfImage image) {
    CallFrames frames = image.callFrames();
    for (Architecture architecture : List.of(Architecture.X86_64, Architecture.ARM64)) {
      for (int i = 0; frames != null && i < Math.min(image.functions().count(), 40); i++) {
        FunctionTable.Range range = image.functions().at(i);
        for (long at : new long[] {range.start(), (range.start() + range.end()) / 2}) {
          var registers = FrameRegisters.of(architecture, new long[32], at);
          assertThat(frames.caller(registers, 0, OptionalLong::of)).isNotNull();
        }
      }
    }
  }
}
