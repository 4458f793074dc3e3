package dev.sigill.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sigill.bytes.Bytes;
import dev.sigill.bytes.Limits;
import dev.sigill.bytes.Place;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RoomTest {
  private static final Place PLACE = Place.of("x");

  private static Room room() {
    return new Room(new Budget(Limits.standard()), 100_000);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 99_999, 100_001, 700_000})
  void unpack_knownOrUnknownSize_givesTheBytes(int size) throws IOException {
    byte[] content = Arrays.copyOf(Samples.elf(Math.max(size, 8), 1), size);
    try (Room room = room()) {
      for (long promised : new long[] {size, -1}) {
        Bytes bytes = room.unpack(Unpacking.of(new ByteArrayInputStream(content)), promised, PLACE);
        assertThat(bytes.array(0, size)).isEqualTo(content);
        assertThat(bytes.length()).isEqualTo(size);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {5000, 200_000})
  void unpack_moreOrLessThanPromised_isRefused(int size) {
    byte[] content = Samples.elf(size, 1);
    try (Room room = room()) {
      for (long promised : new long[] {size - 1, size + 1}) {
        assertThatThrownBy(
                () -> room.unpack(Unpacking.of(new ByteArrayInputStream(content)), promised, PLACE))
            .isInstanceOf(UnreadableException.class)
            .hasMessageContaining("uncompressed size");
      }
    }
  }

  @Test
  void largeContent_liesInAFileWithoutAName() throws IOException {
    try (Room room = room()) {
      Bytes bytes =
          room.unpack(
              Unpacking.of(new ByteArrayInputStream(Samples.elf(200_000, 1))), 200_000, PLACE);
      assertThat(bytes.segment().isMapped()).isTrue();
      try (var files =
          java.nio.file.Files.list(java.nio.file.Path.of(System.getProperty("java.io.tmpdir")))) {
        assertThat(files.map(f -> f.getFileName().toString()))
            .noneMatch(n -> n.endsWith(".unpacked"));
      }
    }
  }

  @Test
  void close_twice_isHarmless() {
    Room room = room();
    room.close();
    room.close();
  }
}
