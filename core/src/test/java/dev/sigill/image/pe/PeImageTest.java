package dev.sigill.image.pe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.sigill.image.CodeRange;
import dev.sigill.image.Format;
import dev.sigill.image.FunctionTable;
import dev.sigill.image.Image;
import dev.sigill.image.Initialiser;
import dev.sigill.image.Needed;
import dev.sigill.image.Section;
import dev.sigill.image.Segment;
import dev.sigill.image.Slot;
import dev.sigill.image.Symbol;
import dev.sigill.platform.Architecture;
import dev.sigill.platform.OperatingSystem;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is read of sound images, compared with their sources and with the linker's map. */
class PeImageTest {
  private static final String[] LIBRARIES = {
    "orders-x64.dll", "orders-arm64.dll", "orders-x86.dll", "orders-arm.dll"
  };

  private static long address(PeImage image, String export) {
    Symbol symbol = image.symbols().exported(export);
    assertThat(symbol).as(export).isNotNull();
    return symbol.address();
  }

  private static Slot.Imported imported(String name, String library, boolean isWeak) {
    return new Slot.Imported(name, library, 0, isWeak);
  }

  @ParameterizedTest
  @CsvSource({
    "orders-x64.dll, X86_64, SHARED_LIBRARY, 180000000, 6.0",
    "orders-arm64.dll, ARM64, SHARED_LIBRARY, 180000000, 6.0",
    "orders-x86.dll, I386, SHARED_LIBRARY, 10000000, 5.1",
    "orders-arm.dll, ARM, SHARED_LIBRARY, 10000000, 6.0",
    "program-x64.exe, X86_64, EXECUTABLE, 140000000, 10.0",
    "strings.dll, X86_64, SHARED_LIBRARY, 180000000, 6.0",
  })
  void headers_ofEachFixture_areRead(
      String file, Architecture architecture, Image.Kind kind, String base, String minimum) {
    PeImage image = PeFixture.image(file);

    assertThat(image.format()).isEqualTo(Format.PE);
    assertThat(image.architecture()).isEqualTo(architecture);
    assertThat(image.subtype()).isEmpty();
    assertThat(image.kind()).isEqualTo(kind);
    assertThat(image.imageBase()).isEqualTo(Long.parseLong(base, 16));
    assertThat(image.platform().system()).isEqualTo(OperatingSystem.WINDOWS);
    assertThat(image.platform().minimum()).isEqualTo(minimum);
    assertThat(image.linkerVersion()).isEqualTo("14.0");
    assertThat(image.isManaged()).isFalse();
    assertThat(image.problems()).isEmpty();
  }

  @Test
  void sections_ofLibrary_areThoseOfTheSectionTable() {
    PeImage image = PeFixture.image("orders-x64.dll");

    assertThat(image.sections())
        .extracting(Section::name, Section::isExecutable, Section::isWritable, Section::holdsCode)
        .containsExactly(
            tuple(".text", true, false, true),
            tuple(".rdata", false, false, false),
            tuple(".data", false, true, false),
            tuple(".pdata", false, false, false),
            tuple(".CRT", false, false, false),
            tuple(".reloc", false, false, false));
    Section text = image.sections().getFirst();
    assertThat(text.virtualAddress()).isEqualTo(0x1_8000_1000L);
    assertThat(text.fileOffset()).isEqualTo(0x400);
    assertThat(text.fileSize()).isEqualTo(text.memorySize());
  }

  @Test
  void segments_ofLibrary_areHeadersAndSections() {
    PeImage image = PeFixture.image("orders-x64.dll");

    assertThat(image.segments()).hasSize(image.sections().size() + 1);
    assertThat(image.segments())
        .extracting(Segment::name, Segment::isReadable, Segment::isWritable, Segment::isExecutable)
        .startsWith(
            tuple("headers", true, false, false),
            tuple(".text", true, false, true),
            tuple(".rdata", true, false, false));
    assertThat(image.segments()).allMatch(segment -> segment.alignment() == 0x1000);
  }

  @Test
  void code_ofLibrary_isItsTextSection() {
    PeImage image = PeFixture.image("orders-x64.dll");
    Section text = image.sections().getFirst();

    assertThat(image.code())
        .containsExactly(
            new CodeRange(
                text.virtualAddress(),
                text.virtualAddress() + text.memorySize(),
                text.fileOffset()));
  }

  @Test
  void code_withDirectoryInside_leavesItOut() {
    PeFixture fixture = PeFixture.of("orders-x64.dll");
    fixture.put32(fixture.directory(PeHeaders.DEBUG), 0x1020);
    fixture.put32(fixture.directory(PeHeaders.DEBUG) + 4, 0x1c);
    PeImage image = fixture.image();

    assertThat(image.code())
        .extracting(CodeRange::start, CodeRange::fileOffset)
        .containsExactly(tuple(0x1_8000_1000L, 0x400L), tuple(0x1_8000_103cL, 0x43cL));
    assertThat(image.code().getFirst().end()).isEqualTo(0x1_8000_1020L);
  }

  @Test
  void fileOffset_ofHeadersSectionsAndGaps_isWhereTheLoaderMapsFrom() {
    PeImage image = PeFixture.image("orders-x64.dll");

    assertThat(image.fileOffset(0x1_8000_0000L)).isZero();
    assertThat(image.fileOffset(0x1_8000_1000L)).isEqualTo(0x400);
    assertThat(image.fileOffset(0x1_8000_1010L)).isEqualTo(0x410);
    assertThat(image.fileOffset(0x1_8000_0fffL)).isEqualTo(-1);
    assertThat(image.fileOffset(0x1_7fff_ffffL)).isEqualTo(-1);
    assertThat(image.fileOffset(0)).isEqualTo(-1);
    assertThat(image.fileOffset(-1)).isEqualTo(-1);
    assertThat(image.fileOffset(0x2_8000_1000L)).isEqualTo(-1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"orders-x64.dll", "orders-arm64.dll", "orders-x86.dll", "orders-arm.dll"})
  void imports_byNameOrdinalAndDelayed_areInTheirSlots(String file) {
    PeImage image = PeFixture.image(file);
    var imports = new ArrayList<PeImport>();
    image.forEachImport(imports::add);

    assertThat(image.needed())
        .containsExactly(new Needed("ledger.dll", false, ""), new Needed("printer.dll", true, ""));
    assertThat(imports)
        .extracting(PeImport::library, PeImport::name, PeImport::isDelayed)
        .containsExactlyInAnyOrder(
            tuple("ledger.dll", "#7", false),
            tuple("ledger.dll", "ledger_rate", false),
            tuple("ledger.dll", "ledger_total", false),
            tuple("printer.dll", "print_page", true));
    assertThat(imports)
        .allSatisfy(
            entry -> {
              assertThat(image.slot(entry.slot()))
                  .isEqualTo(imported(entry.name(), entry.library(), entry.isDelayed()));
              assertThat(image.slot(entry.slot() + 1)).isEqualTo(Slot.None.INSTANCE);
            });
  }

  @ParameterizedTest
  @ValueSource(strings = {"orders-x64.dll", "orders-arm64.dll", "orders-x86.dll", "orders-arm.dll"})
  void slot_ofRelocatedPointer_isItsTarget(String file) {
    PeImage image = PeFixture.image(file);
    int size = image.architecture().bits() / 8;
    long slots = address(image, "order_slots");

    assertThat(image.slot(slots)).isEqualTo(new Slot.Local(address(image, "order_leaf")));
    assertThat(image.slot(slots + size)).isEqualTo(new Slot.Local(address(image, "order_count")));
    assertThat(image.slot(slots + 2L * size)).isEqualTo(new Slot.Local(slots + 2));
    assertThat(image.slot(slots + 3L * size)).isEqualTo(Slot.None.INSTANCE);
    assertThat(image.slot(slots + 1)).isEqualTo(Slot.None.INSTANCE);
    assertThat(image.slot(0)).isEqualTo(Slot.None.INSTANCE);
    assertThat(image.slot(-1)).isEqualTo(Slot.None.INSTANCE);
  }

  @ParameterizedTest
  @ValueSource(strings = {"orders-x64.dll", "orders-arm64.dll", "orders-x86.dll", "orders-arm.dll"})
  void slot_betweenInitialiserMarkers_isEachInitialiser(String file) {
    PeImage image = PeFixture.image(file);
    int size = image.architecture().bits() / 8;
    long first = address(image, "order_initialisers");

    assertThat(address(image, "order_initialisers_end")).isEqualTo(first + 3L * size);
    assertThat(image.slot(first)).isEqualTo(Slot.None.INSTANCE);
    assertThat(LongStream.of(first + size, first + 2L * size).mapToObj(image::slot))
        .allSatisfy(
            slot -> {
              assertThat(slot).isInstanceOf(Slot.Local.class);
              long target = ((Slot.Local) slot).address();
              assertThat(image.code()).anyMatch(range -> range.contains(target));
            });
  }

  @Test
  void slot_ofImageThatCannotMove_isTheAddressWritten() {
    PeFixture fixture = PeFixture.of("program-x64.exe");
    PeImage image = fixture.image();
    Section text = image.sections().getFirst();
    // The one place outside the code that holds an address of the image is the pointer of the
    // source.
    long found = 0;
    for (Section section : image.sections()) {
      for (long at = section.virtualAddress();
          at + 8 <= section.virtualAddress() + section.fileSize();
          at += 8) {
        if (image.slot(at) instanceof Slot.Local local && !text.equals(section)) {
          found = local.address();
        }
      }
    }
    assertThat(found).isNotZero();
    int answer = (int) image.fileOffset(found);
    assertThat(fixture.i32(answer)).isEqualTo(42);
    assertThat(image.relocationCount()).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"orders-x64.dll", "orders-arm64.dll", "orders-x86.dll", "orders-arm.dll"})
  void initialisers_ofLibrary_areTlsCallbackThenEntry(String file) {
    PeImage image = PeFixture.image(file);

    assertThat(image.initialisers())
        .containsExactly(
            new Initialiser(Initialiser.Kind.TLS_CALLBACK, 0, 1, address(image, "order_thread")),
            new Initialiser(Initialiser.Kind.DLL_ENTRY, 0, 1, address(image, "order_entry")));
    assertThat(image.entryPoint()).isEqualTo(address(image, "order_entry"));
  }

  @Test
  void initialisers_ofGnuLibrary_endWithItsConstructorsFromTheLast() {
    PeImage image = PeFixture.image("constructors-x64.dll");

    assertThat(image.initialisers())
        .extracting(Initialiser::kind, Initialiser::index, Initialiser::count, Initialiser::address)
        .containsExactly(
            tuple(Initialiser.Kind.DLL_ENTRY, 0, 1, address(image, "start")),
            tuple(Initialiser.Kind.CRT_INITIALISER, 0, 2, address(image, "second_constructor")),
            tuple(Initialiser.Kind.CRT_INITIALISER, 1, 2, address(image, "first_constructor")));
  }

  @Test
  void initialisers_withoutDestructorTable_haveNoConstructors() {
    PeFixture fixture = PeFixture.of("constructors-x64.dll");
    PeImage image = fixture.image();
    int table = (int) image.fileOffset(address(image, "constructor_list"));

    assertThat(fixture.i64(table)).isEqualTo(-1);
    assertThat(fixture.i64(table + 32)).isEqualTo(-1);
    fixture.put64(table + 32, 0);
    assertThat(fixture.image().initialisers())
        .extracting(Initialiser::kind)
        .containsExactly(Initialiser.Kind.DLL_ENTRY);
  }

  @Test
  void initialisers_ofProgram_areNone() {
    PeImage image = PeFixture.image("program-x64.exe");

    assertThat(image.initialisers()).isEmpty();
    assertThat(image.code()).anyMatch(range -> range.contains(image.entryPoint()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"orders-x64.dll", "orders-arm64.dll", "orders-x86.dll", "orders-arm.dll"})
  void exports_ofEachKind_areFoundByName(String file) {
    PeImage image = PeFixture.image(file);
    var all = new ArrayList<Symbol>();
    image.symbols().forEachExported(all::add);

    // The linker writes the name of its output, whatever the definition file says.
    assertThat(image.installName()).isEqualTo(file);
    assertThat(all)
        .extracting(Symbol::name)
        .containsExactly(
            "forwarded",
            "forwarded_by_number",
            "order_add",
            "order_count",
            "order_entry",
            "order_initialisers",
            "order_initialisers_end",
            "order_leaf",
            "order_print",
            "order_slots",
            "order_split",
            "order_split_end",
            "order_sum",
            "order_thread",
            "#40");
    assertThat(all)
        .allSatisfy(
            symbol -> assertThat(image.symbols().exported(symbol.name())).isEqualTo(symbol));
    assertThat(image.symbols().exported("order_add").kind()).isEqualTo(Symbol.Kind.FUNCTION);
    assertThat(image.symbols().exported("order_count").kind()).isEqualTo(Symbol.Kind.DATA);
    for (String absent : List.of("", "order", "order_ad", "order_addd", "zz", "#500", "#", "#x")) {
      assertThat(image.symbols().exported(absent)).as(absent).isNull();
    }
  }

  @Test
  void exports_thatForward_sayWhere() {
    PeImage image = PeFixture.image("orders-x64.dll");

    assertThat(image.symbols().exported("forwarded"))
        .isEqualTo(new Symbol("forwarded", 0, 0, Symbol.Kind.FORWARD, true));
    assertThat(image.forwarder("forwarded"))
        .isEqualTo(new PeImage.Forwarder("OTHER.dll", "target"));
    assertThat(image.forwarder("forwarded_by_number"))
        .isEqualTo(new PeImage.Forwarder("OTHER.dll", "#12"));
    assertThat(image.forwarder("order_add")).isNull();
    assertThat(image.forwarder("absent")).isNull();
  }

  @Test
  void functions_ofX64_joinChainedParts() {
    PeImage image = PeFixture.image("orders-x64.dll");
    long split = address(image, "order_split");
    long next = address(image, "order_split_end");
    FunctionTable functions = image.functions();

    var whole = new FunctionTable.Range(split, next);
    for (long at = split; at < next; at++) {
      assertThat(functions.containing(at)).isEqualTo(whole);
    }
    // The fourth part lies behind another function: a range of its own.
    assertThat(functions.containing(next)).isEqualTo(new FunctionTable.Range(next, next + 9));
    assertThat(functions.containing(next + 9))
        .isEqualTo(new FunctionTable.Range(next + 9, next + 13));
    assertThat(functions.containing(next + 13).isNone()).isTrue();
    assertThat(functions.containing(split - 0x1000).isNone()).isTrue();
    assertThat(functions.containing(address(image, "order_leaf")).isNone()).isTrue();
    assertThat(functions.containing(0).isNone()).isTrue();
    assertThat(functions.containing(-1).isNone()).isTrue();
    // Eight of the C source with unwind information, the split one, the next and the part.
    assertThat(functions.count()).isEqualTo(11);
    for (int i = 0; i < functions.count(); i++) {
      FunctionTable.Range range = functions.at(i);
      assertThat(functions.containing(range.start())).isEqualTo(range);
      assertThat(functions.containing(range.end() - 1)).isEqualTo(range);
    }
  }

  @ParameterizedTest
  @CsvSource({"orders-arm64.dll, 4", "orders-arm.dll, 2"})
  void functions_ofArm_joinFragments(String file, int unit) {
    PeImage image = PeFixture.image(file);
    long split = address(image, "order_split");
    long next = address(image, "order_split_end");

    assertThat(next - split).isEqualTo(7L * unit);
    assertThat(image.functions().containing(split + 6L * unit))
        .isEqualTo(new FunctionTable.Range(split, next));
    assertThat(image.functions().containing(next))
        .isEqualTo(new FunctionTable.Range(next, next + 2L * unit));
    assertThat(image.functions().containing(next + 2L * unit).isNone()).isTrue();
  }

  @Test
  void functions_ofX86_areUnknown() {
    assertThat(PeFixture.image("orders-x86.dll").functions().count()).isZero();
  }

  @Test
  void containing_addressOfFunction_isItsExport() {
    PeImage image = PeFixture.image("orders-x64.dll");
    long split = address(image, "order_split");
    long add = address(image, "order_add");

    assertThat(image.symbols().containing(add + 3).name()).isEqualTo("order_add");
    assertThat(image.symbols().containing(split + 7).name()).isEqualTo("order_split");
    assertThat(image.symbols().containing(split + 7).size()).isEqualTo(11);
    assertThat(image.symbols().containing(address(image, "order_leaf")).name())
        .isEqualTo("order_leaf");
    assertThat(image.symbols().containing(address(image, "#40")).name()).isEqualTo("#40");
    assertThat(image.symbols().containing(address(image, "order_count"))).isNull();
    assertThat(image.symbols().containing(0)).isNull();
    assertThat(image.symbols().containing(-1)).isNull();
  }

  @Test
  void containing_functionWithoutName_isNotThatOfItsNeighbour() {
    PeImage image = PeFixture.image("orders-x64.dll");
    Slot second = image.slot(address(image, "order_initialisers") + 16);

    assertThat(image.symbols().containing(((Slot.Local) second).address())).isNull();
  }

  @Test
  void containing_withCoffSymbols_namesLocalFunctions() {
    PeImage image = PeFixture.image("orders-x64-symbols.dll");
    Slot second = image.slot(address(image, "order_initialisers") + 16);
    var names = new ArrayList<String>();
    image.symbols().forEachDefined(symbol -> names.add(symbol.name()));

    assertThat(image.symbols().isStripped()).isFalse();
    assertThat(image.symbols().containing(((Slot.Local) second).address() + 1).name())
        .isEqualTo("second_initialiser");
    assertThat(image.symbols().containing(address(image, "order_add")).isExported()).isTrue();
    assertThat(names).contains("second_initialiser", "run_table", "order_add", "journal");
    assertThat(PeFixture.image("orders-x64.dll").symbols().isStripped()).isTrue();
  }

  @Test
  void hybrid_arm64ec_hasCodeOfThreeInstructionSets() {
    PeImage image = PeFixture.image("hybrid-arm64ec.dll");
    long x64 = address(image, "code_x64");
    long ec = address(image, "code_arm64ec");
    long arm64 = address(image, "code_arm64");

    assertThat(image.architecture()).isEqualTo(Architecture.ARM64EC);
    assertThat(image.subtype()).isEqualTo("arm64ec");
    assertThat(image.guardFlags()).isEqualTo(0x500);
    assertThat(image.hybridCode())
        .extracting(part -> part.range().start(), PeImage.HybridCode::architecture)
        .containsExactlyInAnyOrder(
            tuple(x64, Architecture.X86_64),
            tuple(ec, Architecture.ARM64EC),
            tuple(arm64, Architecture.ARM64));
    assertThat(image.code())
        .containsExactly(
            new CodeRange(ec, ec + 12, image.fileOffset(ec)),
            new CodeRange(arm64, arm64 + 8, image.fileOffset(arm64)));
    assertThat(image.functions().containing(x64 + 4))
        .isEqualTo(new FunctionTable.Range(x64, x64 + 15));
    assertThat(image.functions().containing(ec + 8))
        .isEqualTo(new FunctionTable.Range(ec, ec + 12));
    assertThat(image.functions().containing(arm64))
        .isEqualTo(new FunctionTable.Range(arm64, arm64 + 8));
    assertThat(image.functions().count()).isEqualTo(3);
    assertThat(image.functions().at(2).end()).isEqualTo(arm64 + 8);
    assertThat(image.problems()).isEmpty();
  }

  @Test
  void hybrid_auxiliaryAddressTable_standsForTheImports() {
    PeImage image = PeFixture.image("hybrid-arm64ec.dll");
    Section data =
        image.sections().stream().filter(s -> s.name().equals(".data")).findFirst().orElseThrow();

    assertThat(image.slot(data.virtualAddress()))
        .isEqualTo(imported("ledger_total", "ledger.dll", false));
  }

  @Test
  void hybrid_arm64x_isArm64WithX64Besides() {
    PeImage image = PeFixture.image("hybrid-arm64x.dll");
    long x64 = address(image, "code_x64");

    assertThat(image.architecture()).isEqualTo(Architecture.ARM64);
    assertThat(image.subtype()).isEqualTo("arm64x");
    assertThat(image.hybridCode())
        .extracting(PeImage.HybridCode::architecture)
        .containsExactly(Architecture.ARM64, Architecture.ARM64EC, Architecture.X86_64);
    assertThat(image.code()).noneMatch(range -> range.contains(x64));
    assertThat(image.functions().containing(x64)).isEqualTo(new FunctionTable.Range(x64, x64 + 9));
    assertThat(image.problems()).isEmpty();
  }

  @Test
  void forwarder_arm64x_hasForwardersAlone() {
    PeImage image = PeFixture.image("forwarder-arm64x.dll");

    assertThat(image.subtype()).isEqualTo("arm64x");
    assertThat(image.code()).isEmpty();
    assertThat(image.initialisers()).isEmpty();
    assertThat(image.needed()).isEmpty();
    assertThat(image.forwarder("alpha")).isEqualTo(new PeImage.Forwarder("REAL.dll", "alpha"));
    // It leads back to the export itself; nothing here follows it.
    assertThat(image.forwarder("beta")).isEqualTo(new PeImage.Forwarder("forwarder.dll", "beta"));
    assertThat(image.symbols().exported("beta").kind()).isEqualTo(Symbol.Kind.FORWARD);
    assertThat(image.problems()).isEmpty();
  }

  @Test
  void resources_alone_areALibraryWithoutCode() {
    PeImage image = PeFixture.image("strings.dll");

    assertThat(image.sections()).extracting(Section::name).containsExactly(".rsrc");
    assertThat(image.code()).isEmpty();
    assertThat(image.needed()).isEmpty();
    assertThat(image.entryPoint()).isZero();
    assertThat(image.initialisers()).isEmpty();
    assertThat(image.symbols().isStripped()).isTrue();
  }

  @Test
  void managed_intermediateLanguageAlone_runsNothingOfItsOwn() {
    PeImage image = managed("orders-x86.dll", 1, 0).image();

    assertThat(image.isManaged()).isTrue();
    assertThat(image.kind()).isEqualTo(Image.Kind.OTHER);
    assertThat(image.subtype()).isEqualTo("anycpu");
    assertThat(image.code()).isEmpty();
    assertThat(image.initialisers())
        .extracting(Initialiser::kind)
        .doesNotContain(Initialiser.Kind.DLL_ENTRY);
    assertThat(image.needed()).allMatch(Needed::isOptional);
  }

  @Test
  void managed_for32BitOrAheadOfTime_isNotForAnyProcessor() {
    assertThat(managed("orders-x86.dll", 3, 0).image().subtype()).isEmpty();
    assertThat(managed("orders-x64.dll", 1, 0).image().subtype()).isEmpty();
    PeImage ahead = managed("orders-x64.dll", 1, 0x2000).image();
    assertThat(ahead.isManaged()).isFalse();
    assertThat(ahead.code()).isNotEmpty();
    assertThat(managed("orders-x64.dll", 0, 0).image().initialisers()).hasSize(2);
  }

  /** A library with a CLI header in place of the first bytes of its code. */
  private static PeFixture managed(String file, int flags, int nativeHeader) {
    PeFixture fixture = PeFixture.of(file);
    int at = fixture.i32(fixture.section(0) + 20);
    fixture.put32(fixture.directory(PeHeaders.COM_DESCRIPTOR), 0x1000);
    fixture.put32(fixture.directory(PeHeaders.COM_DESCRIPTOR) + 4, 72);
    fixture.put32(at, 72).put32(at + 16, flags);
    return fixture.put32(at + 64, nativeHeader).put32(at + 68, nativeHeader);
  }

  @Test
  void machine_ofCodeCompiledAheadForLinux_saysSo() {
    PeFixture fixture = PeFixture.of("orders-x64.dll");
    fixture.put16(fixture.peHeader() + 4, 0x8664 ^ 0x7b79);
    PeImage image = fixture.image();

    assertThat(image.architecture()).isEqualTo(Architecture.X86_64);
    assertThat(image.platform().system()).isEqualTo(OperatingSystem.LINUX);
    assertThat(image.platform().minimum()).isEmpty();
    assertThat(image.functions().count()).isEqualTo(11);
  }

  @ParameterizedTest
  @CsvSource({
    "0xa641, ARM64EC, arm64ec",
    "0xa64e, ARM64, arm64x",
    "0x5064, RISCV64, ''",
    "0x1c0, ARM, ''",
    "0x1234, OTHER, ''",
  })
  void machine_ofOtherValues_isNamed(int machine, Architecture architecture, String subtype) {
    PeFixture fixture = PeFixture.of("orders-x64.dll");
    fixture.put16(fixture.peHeader() + 4, machine);

    assertThat(fixture.image().architecture()).isEqualTo(architecture);
    assertThat(fixture.image().subtype()).isEqualTo(subtype);
  }

  @ParameterizedTest
  @CsvSource({"1, OTHER, WINDOWS", "10, OTHER, UNKNOWN", "3, SHARED_LIBRARY, WINDOWS"})
  void subsystem_ofDriversAndFirmware_isNoProcess(
      int subsystem, Image.Kind kind, OperatingSystem system) {
    PeFixture fixture = PeFixture.of("orders-x64.dll");
    fixture.put16(fixture.optionalHeader() + 68, subsystem);

    assertThat(fixture.image().kind()).isEqualTo(kind);
    assertThat(fixture.image().platform().system()).isEqualTo(system);
  }

  @Test
  void apiSet_namesAreThoseOfContracts() {
    assertThat(PeImage.isApiSet("api-ms-win-crt-runtime-l1-1-0.dll")).isTrue();
    assertThat(PeImage.isApiSet("API-MS-Win-core-synch-l1-2-0")).isTrue();
    assertThat(PeImage.isApiSet("ext-ms-win-ntuser-window-l1-1-0.dll")).isTrue();
    assertThat(PeImage.isApiSet("KERNEL32.dll")).isFalse();
    assertThat(PeImage.isApiSet("apiary.dll")).isFalse();
  }

  @Test
  void tables_usedByManyThreads_answerTheSame() {
    for (String file : LIBRARIES) {
      PeImage image = PeFixture.image(file);
      long slots = address(image, "order_slots");
      List<Slot> answers =
          LongStream.range(0, 2000).parallel().mapToObj(_ -> image.slot(slots)).distinct().toList();
      assertThat(answers).containsExactly(new Slot.Local(address(image, "order_leaf")));
    }
  }
}
