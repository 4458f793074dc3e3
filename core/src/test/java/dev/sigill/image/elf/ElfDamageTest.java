package dev.sigill.image.elf;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sigill.bytes.Problem;
import dev.sigill.image.Image;
import dev.sigill.image.Slot;
import dev.sigill.image.Symbol;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;

/** Counts, offsets and links that no linker writes. */
class ElfDamageTest {
  private static ByteBuffer buffer(byte[] file) {
    return ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** Everything can be asked, and the problems name a field. */
  private static ElfImage assertReadable(byte[] file, String field) {
    Assertions.assertTimeout(Duration.ofSeconds(5), () -> ElfDamageProperties.askEverything(file));
    ElfImage image = ElfFixture.read(file);
    assertThat(image.problems()).extracting(Problem::field).anyMatch(f -> f.contains(field));
    return image;
  }

  /** The file offset of the value of a dynamic tag. */
  private static int dynamicValue(ElfImage image, long tag) {
    ElfProgramHeader dynamic =
        image.programHeaders().stream().filter(h -> h.type() == Elf.PT_DYNAMIC).findFirst().get();
    int word = image.is64Bit() ? 8 : 4;
    for (long at = dynamic.offset(); at < dynamic.offset() + dynamic.fileSize(); at += 2 * word) {
      long found =
          word == 8
              ? image.bytes().i64(at, image.byteOrder())
              : image.bytes().u32(at, image.byteOrder());
      if (found == tag) {
        return (int) (at + word);
      }
    }
    throw new AssertionError("no such tag");
  }

  private static int tableOffset(ElfImage image, long tag) {
    int place = dynamicValue(image, tag);
    long address =
        image.is64Bit()
            ? image.bytes().i64(place, image.byteOrder())
            : image.bytes().u32(place, image.byteOrder());
    return (int) image.fileOffset(address);
  }

  @Test
  void sectionCount_beyondTheFile_isAProblemAndCodeIsThere() {
    byte[] file = ElfFixture.bytes("shapes-x86_64.so");
    buffer(file).putShort(60, (short) 0);
    long sections = buffer(file).getLong(40);
    buffer(file).putLong((int) sections + 32, 1L << 60);
    ElfImage image = assertReadable(file, "e_shnum");
    assertThat(image.code()).isNotEmpty();
    assertThat(image.symbols().exported("area")).isNotNull();
  }

  @Test
  void sectionHeaders_behindTheFile_areAProblemWithoutLoss() {
    byte[] file = ElfFixture.bytes("shapes-x86_64.so");
    buffer(file).putLong(40, file.length + 1000L);
    ElfImage image = assertReadable(file, "e_shoff");
    assertThat(image.code()).hasSize(1);
    assertThat(image.problems())
        .extracting(Problem::effect)
        .containsOnly(Problem.Effect.NOTHING_LOST);
  }

  @Test
  void programHeaderCount_beyondTheFile_isAProblem() {
    byte[] file = ElfFixture.bytes("shapes-x86_64.so");
    buffer(file).putShort(56, (short) 0xfffe);
    assertReadable(file, "e_phnum");
    byte[] extended = ElfFixture.bytes("shapes-x86_64.so");
    buffer(extended).putShort(56, (short) 0xffff);
    long sections = buffer(extended).getLong(40);
    buffer(extended).putInt((int) sections + 44, 0x7fff_ffff);
    assertReadable(extended, "e_phnum");
  }

  @Test
  void sectionThatLies_isNotBelieved() {
    byte[] file = ElfFixture.bytes("shapes-x86_64.so");
    ElfImage whole = ElfFixture.read(file);
    long sections = buffer(file).getLong(40);
    int count = buffer(file).getShort(60);
    long area = whole.symbols().exported("area").address();
    for (int i = 0; i < count; i++) {
      int at = (int) sections + 64 * i;
      if ((buffer(file).getLong(at + 8) & Elf.SHF_EXECINSTR) != 0) {
        // Elsewhere in memory than the loader maps it.
        buffer(file).putLong(at + 16, buffer(file).getLong(at + 16) + 0x10_0000);
      }
    }
    ElfImage image = assertReadable(file, "sh_addr");
    assertThat(image.code()).anyMatch(range -> range.contains(area));
  }

  @Test
  void codeThatSectionsLeaveOut_isFoundByItsEntry() {
    byte[] file = ElfFixture.bytes("program-pie");
    ElfImage whole = ElfFixture.read(file);
    long sections = buffer(file).getLong(40);
    int count = buffer(file).getShort(60);
    for (int i = 0; i < count; i++) {
      int at = (int) sections + 64 * i;
      if ((buffer(file).getLong(at + 8) & Elf.SHF_EXECINSTR) != 0) {
        buffer(file).putLong(at + 8, Elf.SHF_ALLOC);
      }
    }
    ElfImage image = ElfFixture.read(file);
    assertThat(image.code()).anyMatch(range -> range.contains(whole.entry()));
  }

  @Test
  void hashTable_withTooManyBuckets_isAProblem() {
    byte[] file = ElfFixture.bytes("shapes-x86_64.so");
    int hash = tableOffset(ElfFixture.read(file), Elf.DT_GNU_HASH);
    buffer(file).putInt(hash, -1);
    ElfImage image = assertReadable(file, "DT_GNU_HASH");
    assertThat(image.symbols().exported("area")).isNotNull();
  }

  @Test
  void hashChain_thatDoesNotEnd_endsWithTheTable() {
    byte[] file = ElfFixture.bytes("shapes-x86_64.so");
    int hash = tableOffset(ElfFixture.read(file), Elf.DT_GNU_HASH);
    int buckets = buffer(file).getInt(hash);
    int bloom = buffer(file).getInt(hash + 8);
    int chains = hash + 16 + 8 * bloom + 4 * buckets;
    for (int i = 0; i < 10; i++) {
      buffer(file).putInt(chains + 4 * i, buffer(file).getInt(chains + 4 * i) & ~1);
    }
    Assertions.assertTimeout(Duration.ofSeconds(5), () -> ElfDamageProperties.askEverything(file));
  }

  @Test
  void hashChain_thatTurnsBack_isLeft() {
    byte[] file = ElfFixture.bytes("shapes-i386.so");
    int hash = tableOffset(ElfFixture.read(file), Elf.DT_HASH);
    int buckets = buffer(file).getInt(hash);
    int chains = buffer(file).getInt(hash + 4);
    for (int i = 0; i < chains; i++) {
      // Every symbol leads to itself.
      buffer(file).putInt(hash + 8 + 4 * (buckets + i), i);
    }
    Assertions.assertTimeout(Duration.ofSeconds(5), () -> ElfDamageProperties.askEverything(file));
    ElfImage image = ElfFixture.read(file);
    assertThat(image.symbols().exported("nowhere")).isNull();
    // The first of every bucket is still found.
    assertThat(List.of("area", "order", "guarded", "pointers", "row", "numbers"))
        .anyMatch(name -> image.symbols().exported(name) != null);
  }

  @Test
  void packedWords_thatOverlap_areStillFound() {
    byte[] file = ElfFixture.bytes("shapes-relr.so");
    ElfImage whole = ElfFixture.read(file);
    long row = whole.symbols().exported("row").address();
    int relr = tableOffset(whole, Elf.DT_RELR);
    int words = (int) buffer(file).getLong(dynamicValue(whole, Elf.DT_RELRSZ)) / 8;
    assertThat(words).isGreaterThan(2);
    // The first word becomes the last place once more, so that the words no longer ascend.
    buffer(file).putLong(relr, row + 99 * 8);
    buffer(file).putLong(relr + 8, row);
    Assertions.assertTimeout(Duration.ofSeconds(5), () -> ElfDamageProperties.askEverything(file));
    ElfImage image = ElfFixture.read(file);
    assertThat(image.slot(row)).isInstanceOf(Slot.Local.class);
    assertThat(image.slot(row + 99 * 8)).isInstanceOf(Slot.Local.class);
  }

  @Test
  void packedWords_ofOnlyBits_relocateFromZero() {
    byte[] file = ElfFixture.bytes("shapes-relr.so");
    ElfImage whole = ElfFixture.read(file);
    int relr = tableOffset(whole, Elf.DT_RELR);
    int words = (int) buffer(file).getLong(dynamicValue(whole, Elf.DT_RELRSZ)) / 8;
    for (int i = 0; i < words; i++) {
      buffer(file).putLong(relr + 8 * i, -1);
    }
    Assertions.assertTimeout(Duration.ofSeconds(5), () -> ElfDamageProperties.askEverything(file));
    assertThat(ElfFixture.read(file).relocationCount()).isGreaterThanOrEqualTo(63L * words);
  }

  @Test
  void packedRelocations_withAnEnormousCount_areAProblem() {
    byte[] file = ElfFixture.bytes("shapes-packed-i386.so");
    ElfImage whole = ElfFixture.read(file);
    int packed = tableOffset(whole, Elf.DT_ANDROID_REL);
    assertThat(file[packed]).isEqualTo((byte) 'A');
    for (int i = 4; i < 9; i++) {
      file[packed + i] = (byte) 0xff;
    }
    file[packed + 9] = 0x3f;
    assertReadable(file, "relocation count");
  }

  @Test
  void everyDynamicValue_pointingAnywhere_isSurvived() {
    for (String name : new String[] {"shapes-symbolic.so", "shapes-packed.so", "user.so"}) {
      byte[] original = ElfFixture.bytes(name);
      ElfProgramHeader dynamic =
          ElfFixture.read(original).programHeaders().stream()
              .filter(h -> h.type() == Elf.PT_DYNAMIC)
              .findFirst()
              .get();
      for (int at = (int) dynamic.offset(); at < dynamic.offset() + dynamic.fileSize(); at += 16) {
        for (long value :
            new long[] {0, 1, 8, -1, Long.MIN_VALUE, 1L << 40, original.length - 1, at}) {
          byte[] file = original.clone();
          buffer(file).putLong(at + 8, value);
          Assertions.assertTimeout(
              Duration.ofSeconds(5), () -> ElfDamageProperties.askEverything(file));
        }
      }
    }
  }

  @Test
  void versionLinks_thatStandStill_end() {
    byte[] file = ElfFixture.bytes("user.so");
    ElfImage whole = ElfFixture.read(file);
    int needs = tableOffset(whole, Elf.DT_VERNEED);
    buffer(file).putShort(needs + 2, (short) -1);
    buffer(file).putInt(needs + 12, 1);
    buffer(file).putInt(needs + 16 + 12, 1);
    Assertions.assertTimeout(Duration.ofSeconds(5), () -> ElfDamageProperties.askEverything(file));
  }

  @Test
  void names_thatAllOverlap_doNotExhaustTheReader() {
    // An object file whose symbols all have one name that fills most of the file.
    int symbols = 20_000;
    int nameSize = 1 << 16;
    int symbolsAt = 64;
    int namesAt = symbolsAt + 24 * symbols;
    int sectionsAt = namesAt + nameSize;
    byte[] file = new byte[sectionsAt + 3 * 64];
    ByteBuffer out = buffer(file);
    out.put(new byte[] {0x7f, 'E', 'L', 'F', 2, 1, 1});
    out.putShort(16, (short) Elf.ET_REL).putShort(18, (short) Elf.EM_X86_64);
    out.putLong(40, sectionsAt).putShort(58, (short) 64).putShort(60, (short) 3);
    for (int i = 1; i < symbols; i++) {
      out.put(symbolsAt + 24 * i + 4, (byte) 0x12).putShort(symbolsAt + 24 * i + 6, (short) 1);
    }
    java.util.Arrays.fill(file, namesAt, sectionsAt, (byte) 'x');
    out.putInt(sectionsAt + 64 + 4, Elf.SHT_SYMTAB).putLong(sectionsAt + 64 + 24, symbolsAt);
    out.putLong(sectionsAt + 64 + 32, 24L * symbols).putInt(sectionsAt + 64 + 40, 2);
    out.putInt(sectionsAt + 128 + 4, 3).putLong(sectionsAt + 128 + 24, namesAt);
    out.putLong(sectionsAt + 128 + 32, nameSize);
    Assertions.assertTimeout(Duration.ofSeconds(5), () -> ElfDamageProperties.askEverything(file));
    ElfImage image = ElfFixture.read(file);
    image.symbols().forEachDefined(symbol -> {});
    assertThat(image.problems()).extracting(Problem::field).contains("st_name");
  }

  @Test
  void exceptionTable_withTooManyEntries_isReadFromEndToEnd() {
    byte[] file = ElfFixture.bytes("shapes-x86_64.so");
    ElfImage whole = ElfFixture.read(file);
    ElfProgramHeader header =
        whole.programHeaders().stream()
            .filter(h -> h.type() == Elf.PT_GNU_EH_FRAME)
            .findFirst()
            .get();
    buffer(file).putInt((int) header.offset() + 8, 0x7fff_ffff);
    ElfImage image = assertReadable(file, "fde_count");
    Symbol area = image.symbols().exported("area");
    assertThat(image.functions().containing(area.address()).start()).isEqualTo(area.address());
    assertThat(image.functions().count()).isEqualTo(whole.functions().count());
  }

  @Test
  void segments_coveringAllMemory_areSurvived() {
    byte[] file = ElfFixture.bytes("shapes-x86_64.so");
    int count = buffer(file).getShort(56);
    for (int i = 0; i < count; i++) {
      int at = 64 + 56 * i;
      if (buffer(file).getInt(at) == Elf.PT_LOAD) {
        buffer(file).putLong(at + 16, 1L << 63);
        buffer(file).putLong(at + 40, -1);
      }
    }
    Assertions.assertTimeout(Duration.ofSeconds(5), () -> ElfDamageProperties.askEverything(file));
    assertThat(ElfFixture.read(file).kind()).isEqualTo(Image.Kind.SHARED_LIBRARY);
  }
}
