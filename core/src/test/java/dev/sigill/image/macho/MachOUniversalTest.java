package dev.sigill.image.macho;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sigill.bytes.Bytes;
import dev.sigill.bytes.Limits;
import dev.sigill.bytes.Problem;
import dev.sigill.image.Image;
import dev.sigill.image.Images;
import dev.sigill.platform.Architecture;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Universal files, and what only looks like one. */
class MachOUniversalTest {
  private static final byte[] INTEL = new MachOBuilder(MachO.CPU_TYPE_X86_64, 3, 0x100).build();
  private static final byte[] HASWELL =
      new MachOBuilder(MachO.CPU_TYPE_X86_64, MachO.CPU_SUBTYPE_X86_64_H, 0x100).build();
  private static final byte[] ARM64 = new MachOBuilder(MachO.CPU_TYPE_ARM64, 0, 0x100).build();
  private static final byte[] ARM64E =
      new MachOBuilder(MachO.CPU_TYPE_ARM64, 0x8100_0002, 0x100).build();

  /** One slice's header, as the file states it. */
  private record Arch(int cputype, int cpusubtype, long offset, long size, int align) {}

  private static byte[] pack(boolean isWide, List<Arch> table, byte[]... slices) {
    var out = new ByteArrayOutputStream();
    try (var data = new DataOutputStream(out)) {
      data.writeInt(isWide ? MachO.FAT_MAGIC_64 : MachO.FAT_MAGIC);
      data.writeInt(table.size());
      for (Arch arch : table) {
        data.writeInt(arch.cputype);
        data.writeInt(arch.cpusubtype);
        if (isWide) {
          data.writeLong(arch.offset);
          data.writeLong(arch.size);
          data.writeInt(arch.align);
          data.writeInt(0);
        } else {
          data.writeInt((int) arch.offset);
          data.writeInt((int) arch.size);
          data.writeInt(arch.align);
        }
      }
      for (byte[] slice : slices) {
        data.write(new byte[0x1000 - data.size() % 0x1000]);
        data.write(slice);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  private static Images.Read read(byte[] content) {
    return Images.read(Bytes.of(content, "fat"), Limits.standard());
  }

  private static byte[] four(boolean isWide) {
    return pack(
        isWide,
        List.of(
            new Arch(MachO.CPU_TYPE_X86_64, 3, 0x1000, INTEL.length, 12),
            new Arch(MachO.CPU_TYPE_X86_64, 8, 0x3000, HASWELL.length, 12),
            new Arch(MachO.CPU_TYPE_ARM64, 0, 0x5000, ARM64.length, 12),
            new Arch(MachO.CPU_TYPE_ARM64, 0x8100_0002, 0x7000, ARM64E.length, 12)),
        INTEL,
        HASWELL,
        ARM64,
        ARM64E);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void universal_givesOneImageForEachSlice(boolean isWide) {
    Images.Read read = read(four(isWide));
    assertThat(read.problems()).isEmpty();
    assertThat(read.images())
        .extracting(image -> ((MachOImage) image).subtype())
        .containsExactly("x86_64", "x86_64h", "arm64", "arm64e");
    assertThat(read.images())
        .extracting(Image::architecture)
        .containsExactly(
            Architecture.X86_64, Architecture.X86_64, Architecture.ARM64, Architecture.ARM64E);
    assertThat(read.images())
        .extracting(image -> image.place().offset())
        .containsExactly(0x1000L, 0x3000L, 0x5000L, 0x7000L);
    assertThat(read.images())
        .extracting(image -> ((MachOImage) image).ptrauthVersion())
        .containsExactly(-1, -1, -1, 1);
  }

  @Test
  void universal_ofALinker_isRead() {
    Images.Read read = MachOFixture.of("ledger-universal.dylib").read();
    assertThat(read.problems()).isEmpty();
    assertThat(read.images())
        .extracting(image -> image.architecture() + " " + image.platform().minimum())
        .containsExactly("X86_64 10.14", "ARM64 11.0");
    for (Image image : read.images()) {
      assertThat(image.installName()).isEqualTo("@rpath/libledger.dylib");
      assertThat(image.symbols().exported("_ledger_balance")).isNotNull();
      assertThat(image.problems()).isEmpty();
    }
  }

  @Test
  void classFile_isNoMachO() throws IOException {
    try (InputStream in =
        MachOUniversalTest.class.getResourceAsStream("MachOUniversalTest.class")) {
      byte[] content = in.readAllBytes();
      assertThat(content[0] & 0xff).isEqualTo(0xca);
      assertThat(Images.isNative(Bytes.of(content, "Some.class"))).isFalse();
      assertThat(read(content).images()).isEmpty();
      assertThat(read(content).problems()).isEmpty();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "45,false", // Java 1.1
    "69,false", // Java 25
    "0xffff0041,false", // a preview of Java 21
    "0,false",
    "1,true",
    "44,true"
  })
  void signatureOfBoth_isToldByTheCount(String count, boolean isMachO) {
    byte[] head = new byte[64];
    java.nio.ByteBuffer.wrap(head).putInt(MachO.FAT_MAGIC).putInt((int) (long) Long.decode(count));
    assertThat(MachOReader.matches(Bytes.of(head, "head"))).isEqualTo(isMachO);
  }

  @Test
  void slice_inAnotherOne_isAProblem() {
    Images.Read read =
        read(
            pack(
                false,
                List.of(
                    new Arch(MachO.CPU_TYPE_X86_64, 3, 0x1000, INTEL.length, 12),
                    new Arch(MachO.CPU_TYPE_ARM64, 0, 0x1000 + 64, 64, 6)),
                INTEL));
    assertThat(read.images()).hasSize(1);
    assertThat(read.problems())
        .singleElement()
        .satisfies(
            problem -> {
              assertThat(problem.code()).isEqualTo(Problem.Code.OUT_OF_RANGE);
              assertThat(problem.field()).isEqualTo("fat_arch 1: offset");
            });
  }

  @Test
  void slice_thatIsTheFileItself_isNotFollowed() {
    byte[] content = pack(false, List.of(new Arch(MachO.CPU_TYPE_X86_64, 3, 0, 0x2000, 0)), INTEL);
    assertThat(read(content).images()).isEmpty();
    assertThat(read(content).problems()).hasSize(1);
  }

  @Test
  void slice_thatIsUniversal_isNotFollowed() {
    byte[] inner = four(false);
    Images.Read read =
        read(
            pack(
                true,
                List.of(new Arch(MachO.CPU_TYPE_X86_64, 3, 0x1000, inner.length, 12)),
                inner));
    assertThat(read.images()).isEmpty();
    assertThat(read.problems())
        .singleElement()
        .satisfies(problem -> assertThat(problem.code()).isEqualTo(Problem.Code.BAD_MAGIC));
  }

  @Test
  void slice_pastTheEnd_isReadAsFarAsItGoes() {
    byte[] content =
        pack(
            false,
            List.of(
                new Arch(MachO.CPU_TYPE_X86_64, 3, 0x1000, INTEL.length + 5000, 12),
                new Arch(MachO.CPU_TYPE_ARM64, 0, 0x7fff_0000, 100, 12)),
            INTEL);
    Images.Read read = read(content);
    assertThat(read.images()).hasSize(1);
    assertThat(read.problems())
        .extracting(Problem::field)
        .containsExactly("fat_arch 0: size", "fat_arch 1: offset");
  }

  @Test
  void slice_withHugeNumbers_overflowsNothing() {
    byte[] content =
        pack(
            true,
            List.of(
                new Arch(MachO.CPU_TYPE_X86_64, 3, Long.MAX_VALUE, Long.MAX_VALUE, -1),
                new Arch(MachO.CPU_TYPE_X86_64, 3, -1, -1, 64),
                new Arch(MachO.CPU_TYPE_X86_64, 3, 0x1000, Long.MIN_VALUE, 12)),
            INTEL);
    Images.Read read = read(content);
    assertThat(read.images()).hasSize(1);
    assertThat(read.problems()).hasSize(3);
  }

  @Test
  void slice_ofAnArchive_isNothingForALoader() {
    byte[] archive = "!<arch>\nabc".getBytes(java.nio.charset.StandardCharsets.US_ASCII);
    Images.Read read =
        read(
            pack(
                false,
                List.of(new Arch(MachO.CPU_TYPE_X86_64, 3, 0x1000, archive.length, 3)),
                archive));
    assertThat(read.images()).isEmpty();
    assertThat(read.problems())
        .singleElement()
        .satisfies(problem -> assertThat(problem.effect()).isEqualTo(Problem.Effect.NOTHING_LOST));
  }

  @Test
  void table_longerThanTheFile_isAProblem() {
    byte[] head = new byte[40];
    java.nio.ByteBuffer.wrap(head).putInt(MachO.FAT_MAGIC).putInt(30);
    assertThat(read(head).images()).isEmpty();
    assertThat(read(head).problems()).extracting(Problem::field).contains("nfat_arch");
  }
}
