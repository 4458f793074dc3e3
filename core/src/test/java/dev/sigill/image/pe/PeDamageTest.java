package dev.sigill.image.pe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sigill.bytes.Bytes;
import dev.sigill.bytes.Limits;
import dev.sigill.bytes.Problem;
import dev.sigill.image.Images;
import dev.sigill.image.Initialiser;
import dev.sigill.image.Slot;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is read of images that lie: the rest is there, and the lie is a problem. */
@Timeout(10)
class PeDamageTest {
  private static final String LIBRARY = "orders-x64.dll";

  private static Images.Read read(byte[] bytes) {
    return Images.read(Bytes.of(bytes, "fixture"), Limits.standard());
  }

  @Test
  void dosProgram_isNoImageAndNoProblem() {
    var bytes = new byte[4096];
    bytes[0] = 'M';
    bytes[1] = 'Z';
    bytes[0x18] = 0x1c;
    Arrays.fill(bytes, 0x1c, 200, (byte) 0x90);

    assertThat(Images.isNative(Bytes.of(bytes, "edit.com"))).isFalse();
    assertThat(read(bytes)).isEqualTo(new Images.Read(java.util.List.of(), java.util.List.of()));
  }

  @Test
  void newExecutableOf16Bits_isNoImageAndNoProblem() {
    PeFixture fixture = PeFixture.of(LIBRARY);
    fixture.put32(fixture.peHeader(), 'N' | 'E' << 8);

    assertThat(fixture.read().images()).isEmpty();
    assertThat(fixture.read().problems()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 63})
  void fileShorterThanItsDosHeader_isNoImage(int length) {
    byte[] head = Arrays.copyOf(PeFixture.of(LIBRARY).bytes, length);

    assertThat(Images.isNative(Bytes.of(head, "head"))).isFalse();
    assertThat(read(head).images()).isEmpty();
  }

  @Test
  void headOf64Bytes_isNativeAlready() {
    byte[] head = Arrays.copyOf(PeFixture.of(LIBRARY).bytes, 64);

    assertThat(Images.isNative(Bytes.of(head, "head"))).isTrue();
  }

  @Test
  void eLfanew_pastTheEnd_isProblem() {
    PeFixture fixture = PeFixture.of(LIBRARY);
    fixture.put32(0x3c, 0x10000);

    assertThat(fixture.read().images()).isEmpty();
    assertThat(fixture.read().problems())
        .singleElement()
        .satisfies(
            problem -> {
              assertThat(problem.field()).isEqualTo("e_lfanew");
              assertThat(problem.actual()).isEqualTo(0x10000);
              assertThat(problem.effect()).isEqualTo(Problem.Effect.FILE_LOST);
            });
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 2, 0x40, 0x7ffffffc, -1, -4})
  void eLfanew_leadingElsewhere_isNoImage(int lie) {
    PeFixture fixture = PeFixture.of(LIBRARY);
    fixture.put32(0x3c, lie);

    assertThat(fixture.read().images()).isEmpty();
  }

  @Test
  void optionalHeader_cut_isProblemOfTheFile() {
    PeFixture fixture = PeFixture.of(LIBRARY);
    byte[] cut = Arrays.copyOf(fixture.bytes, fixture.optionalHeader() + 50);

    assertThat(read(cut).images()).isEmpty();
    assertThat(read(cut).problems())
        .extracting(Problem::effect)
        .containsExactly(Problem.Effect.FILE_LOST);
  }

  @Test
  void magic_ofNoKnownKind_isProblemOfTheFile() {
    PeFixture fixture = PeFixture.of(LIBRARY);
    fixture.put16(fixture.optionalHeader(), 0x107);

    assertThat(fixture.read().images()).isEmpty();
    assertThat(fixture.read().problems()).extracting(Problem::field).containsExactly("Magic");
  }

  @ParameterizedTest
  @ValueSource(ints = {17, 0x10000, -1})
  void numberOfRvaAndSizes_tooLarge_readsTheSixteen(int lie) {
    PeFixture fixture = PeFixture.of(LIBRARY);
    fixture.put32(fixture.numberOfRvaAndSizes(), lie);
    PeImage image = fixture.image();

    assertThat(image.needed()).hasSize(2);
    assertThat(image.symbols().exported("order_add")).isNotNull();
    assertThat(fixture.problemFields()).contains("NumberOfRvaAndSizes");
  }

  @Test
  void numberOfRvaAndSizes_tooSmall_readsAsMany() {
    PeFixture fixture = PeFixture.of(LIBRARY);
    fixture.put32(fixture.numberOfRvaAndSizes(), 1);
    PeImage image = fixture.image();

    assertThat(image.symbols().exported("order_add")).isNotNull();
    assertThat(image.needed()).isEmpty();
    assertThat(image.relocationCount()).isZero();
  }

  @Test
  void imageBase_atTheEndOfTheAddresses_isProblem() {
    PeFixture fixture = PeFixture.of(LIBRARY);
    fixture.put64(fixture.optionalHeader() + 24, -0x1000L);

    assertThat(fixture.problemFields()).contains("ImageBase");
    assertThat(fixture.image().code().getFirst().start()).isEqualTo(0x1000);
  }

  @Test
  void numberOfSections_pastTheEnd_readsWhatIsThere() {
    PeFixture fixture = PeFixture.of(LIBRARY);
    fixture.put16(fixture.peHeader() + 6, 0xffff);

    assertThat(fixture.image().sections()).isNotEmpty();
    assertThat(fixture.problemFields()).contains("NumberOfSections");
  }

  @Test
  void sections_overlapping_areProblemAndCodeIsCountedOnce() {
    PeFixture fixture = PeFixture.of(LIBRARY);
    int text = fixture.section(0);
    int rdata = fixture.section(1);
    fixture.put32(rdata + 12, fixture.i32(text + 12) + 0x10);
    fixture.put32(rdata + 36, fixture.i32(text + 36));
    PeImage image = fixture.image();

    assertThat(fixture.problemFields()).contains("VirtualAddress of section .rdata");
    for (int i = 1; i < image.code().size(); i++) {
      assertThat(image.code().get(i).start()).isGreaterThanOrEqualTo(image.code().get(i - 1).end());
    }
  }

  @Test
  void section_pastTheEndOfTheFile_keepsWhatIsThere() {
    PeFixture fixture = PeFixture.of(LIBRARY);
    fixture.put32(fixture.section(0) + 16, 0x7fff_f000).put32(fixture.section(0) + 8, 0x7fff_f000);
    PeImage image = fixture.image();

    assertThat(fixture.problemFields())
        .contains("PointerToRawData + SizeOfRawData of section .text");
    assertThat(image.code().getFirst().size()).isLessThan(fixture.bytes.length);
  }

  @Test
  void imports_withoutEnd_stopAtTheEndOfTheSection() {
    PeFixture fixture = PeFixture.of(LIBRARY);
    // The list goes on into other data, which is made to look like descriptors that all name one
    // library; the section's content has no end before its file content does.
    int start = fixture.directoryContent(PeHeaders.IMPORT);
    int section = sectionOf(fixture, start);
    int end = fixture.i32(section + 20) + fixture.i32(section + 16);
    fixture.put32(section + 8, fixture.i32(section + 16));
    for (int at = start; at + 20 <= end; at += 20) {
      for (int field = 0; field < 20; field += 4) {
        fixture.put32(at + field, fixture.i32(start + field));
      }
    }
    PeImage image = fixture.image();

    assertThat(image.needed()).hasSizeGreaterThanOrEqualTo(1);
    assertThat(fixture.problemFields()).contains("import descriptor");
  }

  @Test
  void importNames_withoutEnd_stopAtTheEndOfTheSection() {
    PeFixture fixture = PeFixture.of(LIBRARY);
    int descriptor = fixture.directoryContent(PeHeaders.IMPORT);
    int section = sectionOf(fixture, descriptor);
    int size = fixture.i32(section + 16);
    fixture.put32(section + 8, size);
    fixture.put32(descriptor, fixture.i32(section + 12) + size - 16);
    int end = fixture.i32(section + 20) + size;
    fixture.put64(end - 16, Long.MIN_VALUE | 3).put64(end - 8, Long.MIN_VALUE | 4);
    var names = new ArrayList<String>();
    fixture.image().forEachImport(entry -> names.add(entry.name()));

    assertThat(names).containsExactly("#3", "#4", "print_page");
    assertThat(fixture.problemFields()).anyMatch(field -> field.startsWith("import lookup table"));
  }

  @Test
  void importName_outsideTheImage_isProblemAndOthersAreThere() {
    PeFixture fixture = PeFixture.of(LIBRARY);
    int lookup = fixture.offset(fixture.i32(fixture.directoryContent(PeHeaders.IMPORT)));
    var before = new ArrayList<PeImport>();
    fixture.image().forEachImport(before::add);
    int entry = fixture.i64(lookup) < 0 ? 1 : 0;
    fixture.put64(lookup + 8 * entry, 0x7f00_0000);
    var after = new ArrayList<PeImport>();
    fixture.image().forEachImport(after::add);

    assertThat(after).hasSize(before.size() - 1).isSubsetOf(before);
    assertThat(fixture.image().slot(before.get(entry).slot())).isEqualTo(Slot.None.INSTANCE);
    assertThat(fixture.problemFields()).anyMatch(field -> field.startsWith("import lookup entry"));
  }

  @Test
  void delayImports_ofAddressesRatherThanRvas_areRead() {
    PeFixture fixture = PeFixture.of("orders-x86.dll");
    int at = fixture.directoryContent(PeHeaders.DELAY_IMPORT);
    fixture.put32(at, 0);
    for (int field = 4; field <= 16; field += 4) {
      fixture.put32(at + field, fixture.i32(at + field) + 0x1000_0000);
    }
    var imports = new ArrayList<PeImport>();
    fixture.image().forEachImport(imports::add);

    assertThat(imports).anyMatch(entry -> entry.isDelayed() && entry.name().equals("print_page"));
    assertThat(fixture.image().problems()).isEmpty();
  }

  @Test
  void tlsCallbacks_withoutEnd_areThoseThatAreCode() {
    PeFixture fixture = PeFixture.of(LIBRARY);
    int section = sectionOf(fixture, callbacks(fixture));
    int end = fixture.i32(section + 20) + fixture.i32(section + 16);
    fixture.put32(section + 8, fixture.i32(section + 16));
    long callback = fixture.i64(callbacks(fixture));
    for (int at = callbacks(fixture); at + 8 <= end; at += 8) {
      fixture.put64(at, callback);
    }
    PeImage image = fixture.image();

    assertThat(fixture.problemFields()).contains("AddressOfCallBacks");
    assertThat(image.initialisers()).hasSizeBetween(2, 4097);
    assertThat(image.initialisers().getLast().kind()).isEqualTo(Initialiser.Kind.DLL_ENTRY);
  }

  @Test
  void tlsCallbacks_leadingOutOfCode_stopThere() {
    PeFixture fixture = PeFixture.of(LIBRARY);
    fixture.put64(callbacks(fixture), 0x1_8000_0000L);

    assertThat(fixture.problemFields()).contains("TLS callback 0");
    assertThat(fixture.image().initialisers()).hasSize(1);
  }

  @Test
  void entryPoint_outsideTheImage_isProblem() {
    PeFixture fixture = PeFixture.of(LIBRARY);
    fixture.put32(fixture.optionalHeader() + 16, 0x7000_0000);

    assertThat(fixture.problemFields()).contains("AddressOfEntryPoint");
    assertThat(fixture.image().initialisers()).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 7})
  void relocationBlock_tooSmall_isProblemAndEndsTheTable(int size) {
    PeFixture fixture = PeFixture.of(LIBRARY);
    fixture.put32(fixture.directoryContent(PeHeaders.BASERELOC) + 4, size);

    assertThat(fixture.image().relocationCount()).isZero();
    assertThat(fixture.problemFields()).contains("SizeOfBlock");
  }

  @Test
  void relocationBlock_largerThanTheTable_isCut() {
    PeFixture fixture = PeFixture.of(LIBRARY);
    int at = fixture.directoryContent(PeHeaders.BASERELOC);
    int before = fixture.image().relocationCount();
    fixture.put32(at + 4, 0x7fff_ffff);

    assertThat(fixture.image().relocationCount()).isBetween(1, before + 10);
    assertThat(fixture.problemFields()).contains("SizeOfBlock");
  }

  @Test
  void relocationBlock_outsideTheImage_isProblem() {
    PeFixture fixture = PeFixture.of(LIBRARY);
    fixture.put32(fixture.directoryContent(PeHeaders.BASERELOC), 0x7fff_f000);

    assertThat(fixture.problemFields()).contains("base relocation block");
  }

  @Test
  void relocations_beyondTheLimit_areProblemAndTheFirstAreThere() {
    PeFixture fixture = PeFixture.of(LIBRARY);
    Limits standard = Limits.standard();
    var small =
        new Limits(
            standard.containerDepth(),
            standard.members(),
            standard.memberBytes(),
            standard.totalBytes(),
            standard.expansion(),
            5);
    var image =
        (PeImage) Images.read(Bytes.of(fixture.bytes, "fixture"), small).images().getFirst();

    assertThat(image.relocationCount()).isEqualTo(5);
    assertThat(image.problems())
        .anyMatch(
            problem ->
                problem.code() == Problem.Code.LIMIT && problem.field().equals("base relocations"));
  }

  @Test
  void relocations_unsorted_areFoundAll() {
    PeFixture fixture = PeFixture.of(LIBRARY);
    int at = fixture.directoryContent(PeHeaders.BASERELOC);
    PeImage sound = fixture.image();
    int entries = (fixture.i32(at + 4) - 8) / 2;
    var places = new HashSet<Long>();
    for (int i = 0; i < entries; i++) {
      int entry = fixture.u16(at + 8 + 2 * i);
      if (entry >>> 12 == 10) {
        places.add(sound.imageBase() + fixture.i32(at) + (entry & 0xfff));
      }
    }
    for (int i = 0; i < entries / 2; i++) {
      int first = fixture.u16(at + 8 + 2 * i);
      int last = fixture.u16(at + 8 + 2 * (entries - 1 - i));
      fixture.put16(at + 8 + 2 * i, last).put16(at + 8 + 2 * (entries - 1 - i), first);
    }
    PeImage image = fixture.image();

    assertThat(places).isNotEmpty();
    assertThat(image.relocationCount()).isEqualTo(sound.relocationCount());
    assertThat(places)
        .allSatisfy(place -> assertThat(image.slot(place)).isEqualTo(sound.slot(place)));
  }

  @Test
  void exports_withCountsPastTheEnd_keepWhatIsThere() {
    PeFixture fixture = PeFixture.of(LIBRARY);
    int at = fixture.directoryContent(PeHeaders.EXPORT);
    fixture.put32(at + 20, -1).put32(at + 24, 0x7fff_ffff);
    PeImage image = fixture.image();
    int[] count = {0};
    image.symbols().forEachExported(_ -> count[0]++);

    assertThat(count[0]).isLessThan(fixture.bytes.length);
    assertThat(fixture.problemFields()).contains("NumberOfFunctions", "NumberOfNames");
  }

  @Test
  void exports_withNamesOutOfOrder_areProblem() {
    PeFixture fixture = PeFixture.of(LIBRARY);
    int names = fixture.offset(fixture.i32(fixture.directoryContent(PeHeaders.EXPORT) + 32));
    int first = fixture.i32(names);
    fixture.put32(names, fixture.i32(names + 16)).put32(names + 16, first);

    assertThat(fixture.problemFields()).contains("Export Name Pointer order");
  }

  @Test
  void exports_thatAllHaveOneLongName_areNotReadWithoutEnd() {
    // Every name is the rest of one long text: together far longer than the file.
    byte[] bytes = manyExports(50_000, 16_000);
    PeImage image = (PeImage) read(bytes).images().getFirst();
    long[] characters = {0};
    image.symbols().forEachExported(symbol -> characters[0] += symbol.name().length());

    assertThat(characters[0]).isBetween(1L, bytes.length + 20_000L);
    assertThat(image.problems()).isNotNull();
  }

  /** A library whose only section is an export table with so many copies of one name. */
  private static byte[] manyExports(int count, int nameLength) {
    PeFixture head = PeFixture.of("strings.dll");
    int table = head.i32(head.section(0) + 20);
    int size = 40 + nameLength + 1 + count * 10;
    var bytes = Arrays.copyOf(head.bytes, table + size);
    Arrays.fill(bytes, table, bytes.length, (byte) 0);
    var out = java.nio.ByteBuffer.wrap(bytes).order(java.nio.ByteOrder.LITTLE_ENDIAN);
    int rva = head.i32(head.section(0) + 12);
    out.putInt(head.section(0) + 8, size).putInt(head.section(0) + 16, size);
    out.putInt(head.directory(PeHeaders.EXPORT), rva);
    out.putInt(head.directory(PeHeaders.EXPORT) + 4, 40);
    out.putLong(head.directory(PeHeaders.RESOURCE), 0);
    int functions = 40 + nameLength + 1;
    out.putInt(table + 20, count).putInt(table + 24, count);
    out.putInt(table + 28, rva + functions);
    out.putInt(table + 32, rva + functions + 4 * count);
    out.putInt(table + 36, rva + functions + 8 * count);
    out.put(table + 40, "n".repeat(nameLength).getBytes(StandardCharsets.US_ASCII));
    for (int i = 0; i < count; i++) {
      out.putInt(table + functions + 4 * i, rva + 40);
      out.putInt(table + functions + 4 * (count + i), rva + 40);
      out.putShort(table + functions + 8 * count + 2 * i, (short) i);
    }
    return bytes;
  }

  @Test
  void imports_ofManyDescriptors_stopAtTheLimit() {
    PeFixture head = PeFixture.of("strings.dll");
    int table = head.i32(head.section(0) + 20);
    int rva = head.i32(head.section(0) + 12);
    int count = 200_000;
    int size = 512 + 20 * count;
    var bytes = Arrays.copyOf(head.bytes, table + size);
    Arrays.fill(bytes, table, bytes.length, (byte) 'l');
    var out = java.nio.ByteBuffer.wrap(bytes).order(java.nio.ByteOrder.LITTLE_ENDIAN);
    out.putInt(head.section(0) + 8, size).putInt(head.section(0) + 16, size);
    out.putLong(head.directory(PeHeaders.RESOURCE), 0);
    out.putInt(head.directory(PeHeaders.IMPORT), rva + 512);
    for (int i = 0; i < count; i++) {
      // Each is named by the same text, and its lookup table runs through everything.
      int at = table + 512 + 20 * i;
      out.putInt(at, rva + i % 8).putInt(at + 12, rva + i % 400).putInt(at + 16, rva + 8);
    }
    PeImage image = (PeImage) read(bytes).images().getFirst();
    int[] imports = {0};
    image.forEachImport(_ -> imports[0]++);

    assertThat(image.needed()).hasSizeLessThanOrEqualTo(1 << 14);
    assertThat(imports[0]).isLessThan(bytes.length);
    assertThat(image.problems()).anyMatch(problem -> problem.code() == Problem.Code.LIMIT);
  }

  @Test
  void forwarder_withoutEndOfText_isCut() {
    PeFixture fixture = PeFixture.of("forwarder-arm64x.dll");
    int end = fixture.bytes.length;
    int functions = fixture.offset(fixture.i32(fixture.directoryContent(PeHeaders.EXPORT) + 28));
    int section = sectionOf(fixture, functions);
    // Ordinals begin at 1 in a table that begins at 0.
    int text = fixture.offset(fixture.i32(functions + 4));
    fixture.put32(section + 16, end - fixture.i32(section + 20));
    fixture.put32(section + 8, end - fixture.i32(section + 20));
    Arrays.fill(fixture.bytes, text, end, (byte) 'x');

    PeImage image = fixture.image();
    assertThat(image.problems()).isNotNull();
    assertThat(image.forwarder("#1").name()).startsWith("xxx").hasSizeLessThan(end);
  }

  @Test
  void functions_outOfOrder_areProblem() {
    PeFixture fixture = PeFixture.of(LIBRARY);
    int at = fixture.directoryContent(PeHeaders.EXCEPTION);
    fixture.put32(at, 0x1f00);

    assertThat(fixture.problemFields()).contains("BeginAddress");
    for (long address = 0x1_8000_1000L; address < 0x1_8000_2000L; address++) {
      var range = fixture.image().functions().containing(address);
      assertThat(range.isNone() || range.start() <= address && address < range.end()).isTrue();
    }
  }

  @Test
  void unwindInformation_chainedToItself_ends() {
    PeFixture fixture = PeFixture.of(LIBRARY);
    int table = fixture.directoryContent(PeHeaders.EXCEPTION);
    int size = fixture.i32(fixture.directory(PeHeaders.EXCEPTION) + 4);
    for (int at = table; at < table + size; at += 12) {
      int info = fixture.offset(fixture.i32(at + 8));
      // Version 1, UNW_FLAG_CHAININFO, no codes; the chained entry is the same one again.
      fixture.put32(info, 0x21);
      int self = fixture.i32(at + 8);
      if (info + 16 <= fixture.bytes.length) {
        fixture.put32(info + 12, self);
      }
    }
    PeImage image = fixture.image();

    assertThat(image.functions().count()).isPositive();
    assertThat(image.functions().containing(0x1_8000_1010L)).isNotNull();
  }

  @Test
  void codeMap_pastTheEnd_isProblem() {
    PeFixture fixture = PeFixture.of("hybrid-arm64ec.dll");
    int config = fixture.directoryContent(PeHeaders.LOAD_CONFIG);
    int metadata = fixture.offset((int) (fixture.i64(config + 200) - 0x1_8000_0000L));
    fixture.put32(metadata + 8, -1);

    assertThat(fixture.problemFields()).contains("CodeMapCount");
    assertThat(fixture.image().subtype()).isEqualTo("arm64ec");
  }

  @Test
  void hybridMetadata_outsideTheImage_isProblem() {
    PeFixture fixture = PeFixture.of("hybrid-arm64ec.dll");
    fixture.put64(fixture.directoryContent(PeHeaders.LOAD_CONFIG) + 200, 0x7777_0000L);

    assertThat(fixture.problemFields()).contains("CHPEMetadataPointer");
    assertThat(fixture.image().code()).isNotEmpty();
  }

  @Test
  void loadConfig_thatEndsBeforeAField_hasNone() {
    PeFixture fixture = PeFixture.of("hybrid-arm64ec.dll");
    fixture.put32(fixture.directoryContent(PeHeaders.LOAD_CONFIG), 147);

    assertThat(fixture.image().guardFlags()).isZero();
    assertThat(fixture.image().subtype()).isEmpty();
    assertThat(fixture.image().problems()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 5, 6, 9, 10, 13, 14})
  void directory_outsideTheImage_isProblemOrNothing(int index) {
    PeFixture fixture = PeFixture.of(LIBRARY);
    fixture.put32(fixture.directory(index), 0x7abc_def0);
    fixture.put32(fixture.directory(index) + 4, 0x7fff_ffff);
    PeImage image = fixture.image();

    boolean isRead = index != PeHeaders.RESOURCE && index != PeHeaders.DEBUG;
    assertThat(image.problems().isEmpty()).isEqualTo(!isRead);
    assertThat(image.sections()).hasSize(6);
  }

  @Test
  void coffSymbols_pastTheEnd_hideNothingThatMatters() {
    PeFixture fixture = PeFixture.of("orders-x64-symbols.dll");
    fixture.put32(fixture.peHeader() + 16, -1);

    assertThat(fixture.image().problems())
        .allMatch(problem -> problem.effect() == Problem.Effect.NOTHING_LOST)
        .extracting(Problem::field)
        .containsExactly("NumberOfSymbols");
    fixture.image().symbols().forEachDefined(symbol -> assertThat(symbol.name()).isNotNull());
  }

  /** The file offset of the list of TLS callbacks. */
  private static int callbacks(PeFixture fixture) {
    int tls = fixture.directoryContent(PeHeaders.TLS);
    return fixture.offset((int) (fixture.i64(tls + 24) - 0x1_8000_0000L));
  }

  /** The row of the section table in whose file content an offset lies. */
  private static int sectionOf(PeFixture fixture, int fileOffset) {
    for (int i = 0; ; i++) {
      int row = fixture.section(i);
      int start = fixture.i32(row + 20);
      if (fileOffset >= start && fileOffset < start + fixture.i32(row + 16)) {
        return row;
      }
    }
  }
}
