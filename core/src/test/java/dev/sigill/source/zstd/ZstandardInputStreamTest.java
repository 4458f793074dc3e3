package dev.sigill.source.zstd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sigill.bytes.Bytes;
import dev.sigill.source.zstd.ZstandardException.Kind;
import io.airlift.compress.v3.zstd.ZstdOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ZstandardInputStreamTest {
  private static final HexFormat HEX = HexFormat.of();

  private static byte[] unpack(byte[] packed) throws IOException {
    return new ZstandardInputStream(Bytes.of(packed, "x.zst")).readAllBytes();
  }

  private static byte[] pack(byte[] content) {
    var out = new ByteArrayOutputStream();
    try (var packer = new ZstdOutputStream(out)) {
      packer.write(content);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  /** Text of few letters with repetitions near and far, as code and tables have them. */
  private static byte[] compressible(int size, int seed) {
    var random = new Random(seed);
    var content = new byte[size];
    for (int i = 0; i < size; ) {
      int run = Math.min(1 + random.nextInt(60), size - i);
      if (i > 100 && random.nextBoolean()) {
        int from = random.nextInt(i);
        for (int j = 0; j < run; j++) {
          content[i + j] = content[from + j];
        }
      } else {
        for (int j = 0; j < run; j++) {
          content[i + j] = (byte) (random.nextGaussian() * 12 + 64);
        }
      }
      i += run;
    }
    return content;
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 7, 255, 300, 5_000, 131_072, 131_073, 3_000_000})
  void packedContent_comesBack(int size) throws IOException {
    byte[] content = compressible(size, size);
    assertThat(unpack(pack(content))).isEqualTo(content);
    byte[] noise = new byte[size];
    new Random(size).nextBytes(noise);
    assertThat(unpack(pack(noise))).isEqualTo(noise);
    assertThat(unpack(pack(new byte[size]))).isEqualTo(new byte[size]);
  }

  @Property(tries = 100)
  void anyContent_comesBack(@ForAll int seed, @ForAll @IntRange(max = 60_000) int size)
      throws IOException {
    byte[] content = compressible(size, seed);
    assertThat(unpack(pack(content))).isEqualTo(content);
  }

  @Test
  void severalFramesAndSkippableOnes_areJoined() throws IOException {
    var out = new ByteArrayOutputStream();
    out.write(pack(new byte[] {1, 2, 3}));
    out.write(HEX.parseHex("502a4d18" + "03000000" + "aabbcc"));
    out.write(pack(new byte[] {4}));
    assertThat(unpack(out.toByteArray())).containsExactly(1, 2, 3, 4);
  }

  @Test
  void rawAndRepeatedBlocks_areRead() throws IOException {
    // Frame_Header_Descriptor 0x20: single segment, one byte of Frame_Content_Size.
    String frame = "28b52ffd" + "20" + "08" + "180000" + "616263" + "2b0000" + "7a";
    assertThat(new String(unpack(HEX.parseHex(frame)), java.nio.charset.StandardCharsets.US_ASCII))
        .isEqualTo("abczzzzz");
  }

  @ParameterizedTest
  @CsvSource({
    "28b52ffd, TRUNCATED, Frame_Header_Descriptor",
    "28b52ffe20, CORRUPT, Magic_Number",
    "28b52ffd2800, UNSUPPORTED, Reserved_Bit",
    "28b52ffd00f8, UNSUPPORTED, Window_Size",
    "28b52ffd210501, UNSUPPORTED, Dictionary_ID",
    "28b52ffd200807, TRUNCATED, Block_Header",
    "28b52ffd2008070000, CORRUPT, Block_Type",
    "28b52ffd20081900006162, TRUNCATED, Block_Content",
    "28b52ffd200819000061626364, CORRUPT, Frame_Content_Size",
    "28b52ffd2002190000616263, CORRUPT, Block_Size",
    "502a4d18ffffff7f00, TRUNCATED, User_Data",
  })
  void damagedFrame_isNamed(String frame, Kind kind, String field) {
    assertThatThrownBy(() -> unpack(HEX.parseHex(frame)))
        .isInstanceOfSatisfying(
            ZstandardException.class,
            e -> {
              assertThat(e.kind()).isEqualTo(kind);
              assertThat(e.field()).isEqualTo(field);
            });
  }

  @Property(tries = 2000)
  void damagedContent_endsWithoutAnyOtherException(
      @ForAll @IntRange(max = 15) int which,
      @ForAll int seed,
      @ForAll @IntRange(min = 1, max = 6) int hits)
      throws IOException {
    byte[] packed = SAMPLES[which].clone();
    var random = new Random(seed);
    for (int i = 0; i < hits; i++) {
      packed[random.nextInt(packed.length)] = (byte) random.nextInt();
    }
    if (random.nextInt(4) == 0) {
      packed = Arrays.copyOf(packed, random.nextInt(packed.length));
    }
    try {
      unpack(packed);
    } catch (ZstandardException e) {
      assertThat(e.field()).isNotEmpty();
    }
  }

  private static final byte[][] SAMPLES = new byte[16][];

  static {
    for (int i = 0; i < SAMPLES.length; i++) {
      SAMPLES[i] = pack(compressible(200 + i * i * 60, i));
    }
  }

  @Test
  void checksum_isThatOfXxh64() {
    // The values of the algorithm's own specification for seed 0.
    var empty = new XxHash64();
    assertThat(empty.digest()).isEqualTo(0xef46db3751d8e999L);
    var letters = new XxHash64();
    letters.update("abc".getBytes(java.nio.charset.StandardCharsets.US_ASCII), 0, 3);
    assertThat(letters.digest()).isEqualTo(0x44bc2cf5ad770999L);
  }
}
