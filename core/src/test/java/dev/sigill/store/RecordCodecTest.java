package dev.sigill.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class RecordCodecTest {
  enum Colour {
    RED,
    GREEN
  }

  record Inner(String name, int number) {
    Inner {
      if (name.length() > 100) {
        throw new IllegalArgumentException("too long");
      }
    }
  }

  record Outer(
      List<Inner> inners,
      Colour colour,
      boolean flag,
      long big,
      Optional<Inner> maybe,
      Map<String, Integer> map,
      List<List<String>> nested) {}

  record Unknown(Object thing) {}

  record Boxed(List<Inner> inners, Colour colour, boolean flag, long big, Optional<Inner> maybe) {}

  private static final RecordCodec<Boxed> CODEC = new RecordCodec<>(Boxed.class, List.of());

  @Provide
  Arbitrary<Boxed> records() {
    Arbitrary<Inner> inners =
        Combinators.combine(Arbitraries.strings().ofMaxLength(20), Arbitraries.integers())
            .as(Inner::new);
    return Combinators.combine(
            inners.list().ofMaxSize(10),
            Arbitraries.of(Colour.class),
            Arbitraries.of(true, false),
            Arbitraries.longs(),
            inners.optional())
        .as(Boxed::new);
  }

  @Property(tries = 300)
  void record_writtenAndRead_isTheSame(@ForAll("records") Boxed record) throws IOException {
    // Lone surrogates have no UTF-8; names of files and symbols hold none.
    Boxed valid =
        new Boxed(
            record.inners().stream().filter(RecordCodecTest::isText).toList(),
            record.colour(),
            record.flag(),
            record.big(),
            record.maybe().filter(RecordCodecTest::isText));

    assertThat(CODEC.read(CODEC.write(valid))).isEqualTo(valid);
  }

  private static boolean isText(Inner inner) {
    return inner.name().codePoints().noneMatch(c -> c >= 0xd800 && c <= 0xdfff);
  }

  @Property(tries = 300)
  void anyBytes_giveARecordOrAnIOException(@ForAll byte[] bytes) {
    readSafely(bytes);
  }

  @Property(tries = 300)
  void damagedBytes_giveARecordOrAnIOException(
      @ForAll("records") Boxed record, @ForAll int where, @ForAll byte what) throws IOException {
    byte[] bytes = CODEC.write(record);
    bytes[Math.floorMod(where, bytes.length)] = what;
    readSafely(bytes);
    readSafely(Arrays.copyOf(bytes, Math.floorMod(where, bytes.length)));
  }

  private static void readSafely(byte[] bytes) {
    try {
      assertThat(CODEC.read(bytes)).isNotNull();
    } catch (IOException expected) {
      assertThat(expected).hasMessageMatching("(?s).+");
    }
  }

  @Test
  void stringsThatRepeat_areWrittenOnce() throws IOException {
    var inner = new Inner("a name of some length that repeats", 1);
    var one = new Boxed(List.of(inner), Colour.RED, true, 0, Optional.empty());
    var ten =
        new Boxed(java.util.Collections.nCopies(10, inner), Colour.RED, true, 0, Optional.empty());

    assertThat(CODEC.write(ten).length).isLessThan(CODEC.write(one).length + 30);
  }

  @Test
  void bytesAfterTheRecord_areAnError() throws IOException {
    byte[] bytes = CODEC.write(new Boxed(List.of(), Colour.RED, true, 0, Optional.empty()));

    assertThatThrownBy(() -> CODEC.read(Arrays.copyOf(bytes, bytes.length + 1)))
        .isInstanceOf(IOException.class);
  }

  @Test
  void shape_namesEveryComponentAndConstant() {
    assertThat(CODEC.shape()).contains("inners", "colour", "RED, GREEN", "number:int");
  }

  @Test
  void typeWithoutAForm_isRefusedAtOnce() {
    assertThatThrownBy(() -> new RecordCodec<>(Unknown.class, List.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("java.lang.Object");
    assertThatThrownBy(() -> new RecordCodec<>(Outer.class, List.of()))
        .hasMessageContaining("java.lang.Integer");
  }
}
