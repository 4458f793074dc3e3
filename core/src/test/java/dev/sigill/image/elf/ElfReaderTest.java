package dev.sigill.image.elf;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sigill.bytes.Bytes;
import dev.sigill.bytes.Limits;
import dev.sigill.bytes.Problem;
import dev.sigill.image.CodeRange;
import dev.sigill.image.Format;
import dev.sigill.image.FunctionTable;
import dev.sigill.image.Image;
import dev.sigill.image.Initialiser;
import dev.sigill.image.Needed;
import dev.sigill.image.Section;
import dev.sigill.image.Slot;
import dev.sigill.image.Symbol;
import dev.sigill.image.VersionNeed;
import dev.sigill.platform.Architecture;
import dev.sigill.platform.OperatingSystem;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ElfReaderTest {
  private static final String ALL_SHAPES =
      "shapes-x86_64.so,shapes-i386.so,shapes-aarch64.so,shapes-arm.so,shapes-ppc64.so,"
          + "shapes-riscv64.so,shapes-relr.so,shapes-packed.so,shapes-packed-i386.so,"
          + "shapes-unsorted.so,shapes-stripped.so,shapes-nosections.so";

  private static List<String> shapes() {
    return List.of(ALL_SHAPES.split(","));
  }

  @ParameterizedTest
  @CsvSource({
    "shapes-x86_64.so, X86_64, false, 64, 4096",
    "shapes-i386.so, I386, false, 32, 4096",
    "shapes-aarch64.so, ARM64, false, 64, 65536",
    "shapes-arm.so, ARM, false, 32, 4096",
    "shapes-ppc64.so, PPC64, true, 64, 65536",
    "shapes-riscv64.so, RISCV64, false, 64, 4096",
    "indirect-aarch64.so, ARM64, false, 64, 4096",
  })
  void header_ofEveryTarget_isRead(
      String name, Architecture architecture, boolean isBigEndian, int bits, long alignment) {
    ElfImage image = ElfFixture.read(name);
    assertThat(image.format()).isEqualTo(Format.ELF);
    assertThat(image.architecture()).isEqualTo(architecture);
    assertThat(image.byteOrder())
        .isEqualTo(isBigEndian ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);
    assertThat(image.is64Bit()).isEqualTo(bits == 64);
    assertThat(image.kind()).isEqualTo(Image.Kind.SHARED_LIBRARY);
    assertThat(image.loadAlignment()).isEqualTo(alignment);
    assertThat(image.problems()).isEmpty();
  }

  @Test
  void dynamicSection_isRead() {
    for (String name : shapes()) {
      ElfImage image = ElfFixture.read(name);
      assertThat(image.installName()).as(name).isEqualTo("libshapes.so.1");
      assertThat(image.searchPaths()).containsExactly("$ORIGIN/../lib", "/opt/shapes");
      assertThat(image.runPath()).isEqualTo(image.searchPaths());
      assertThat(image.rPath()).isEmpty();
      assertThat(image.buildId()).isEqualTo("0123456789abcdef");
      assertThat(image.threadLocalSize()).isEqualTo(4);
      assertThat(image.hasExecutableStack()).isFalse();
      assertThat(image.interpreter()).isEmpty();
    }
  }

  @Test
  void initialisers_comeInTheOrderOfTheLoader() {
    for (String name : shapes()) {
      ElfImage image = ElfFixture.read(name);
      List<Initialiser> found = image.initialisers();
      assertThat(found)
          .as(name)
          .extracting(Initialiser::kind)
          .containsExactly(
              Initialiser.Kind.INIT,
              Initialiser.Kind.INIT_ARRAY,
              Initialiser.Kind.INIT_ARRAY,
              Initialiser.Kind.INIT_ARRAY);
      assertThat(found.getFirst().address()).isEqualTo(exported(image, "area").address());
      assertThat(found).extracting(Initialiser::index).containsExactly(0, 0, 1, 2);
      assertThat(found.getLast().count()).isEqualTo(3);
      if (!image.symbols().isStripped()) {
        Map<String, Symbol> symbols = ElfFixture.definitions(image);
        assertThat(found.subList(1, 4))
            .extracting(Initialiser::address)
            .containsExactly(
                address(symbols, "first"), address(symbols, "middle"), address(symbols, "last"));
      }
    }
  }

  /** Whatever the language made of the name of a static function. */
  private static long address(Map<String, Symbol> symbols, String name) {
    Symbol found = symbols.getOrDefault(name, symbols.get("_ZL" + name.length() + name + "v"));
    return found.address();
  }

  private static Symbol exported(ElfImage image, String name) {
    Symbol found = image.symbols().exported(name);
    assertThat(found).as(name).isNotNull();
    return found;
  }

  @Test
  void slot_holdsWhatItsRelocationSays() {
    for (String name : shapes()) {
      ElfImage image = ElfFixture.read(name);
      int word = image.is64Bit() ? 8 : 4;
      long pointers = exported(image, "pointers").address();
      assertThat(image.slot(pointers)).as(name).isInstanceOf(Slot.Local.class);
      assertThat(image.slot(pointers + word)).isInstanceOf(Slot.Local.class);
      assertThat(image.slot(pointers + 2 * word))
          .isEqualTo(new Slot.Imported("area", "", 0, false));
      assertThat(image.slot(pointers + 3 * word))
          .isEqualTo(new Slot.Imported("outside", "", 0, false));
      assertThat(image.slot(pointers + 4 * word))
          .isEqualTo(new Slot.Imported("optional", "", 0, true));
      long numbers = exported(image, "numbers").address();
      assertThat(image.slot(numbers)).isEqualTo(new Slot.Imported("order", "", 8, false));
      assertThat(image.slot(numbers + word))
          .isEqualTo(new Slot.Imported("outside_data", "", 0, false));
      assertThat(image.slot(numbers + 1)).isEqualTo(Slot.None.INSTANCE);
      assertThat(image.slot(exported(image, "order").address())).isEqualTo(Slot.None.INSTANCE);
      assertThat(image.slot(0)).isEqualTo(Slot.None.INSTANCE);
      assertThat(image.slot(-1)).isEqualTo(Slot.None.INSTANCE);
      if (!image.symbols().isStripped()) {
        Map<String, Symbol> symbols = ElfFixture.definitions(image);
        assertThat(image.slot(pointers))
            .isEqualTo(new Slot.Local(symbols.get("_ZL6squarei").address()));
        assertThat(image.slot(pointers + word))
            .isEqualTo(new Slot.Local(symbols.get("inner").address()));
        Slot inside = new Slot.Local(symbols.get("_ZL6inside").address());
        long row = exported(image, "row").address();
        for (int i = 0; i < 100; i++) {
          assertThat(image.slot(row + (long) i * word)).as(name + " " + i).isEqualTo(inside);
        }
        assertThat(image.slot(row + 100L * word)).isNotEqualTo(inside);
      }
    }
  }

  @Test
  void slot_ofAnImageThatBindsToItself_isItsOwnDefinition() {
    ElfImage image = ElfFixture.read("shapes-symbolic.so");
    long pointers = exported(image, "pointers").address();
    assertThat(image.slot(pointers + 16))
        .isEqualTo(new Slot.Local(exported(image, "area").address()));
    assertThat(image.slot(pointers + 24)).isEqualTo(new Slot.Imported("outside", "", 0, false));
    assertThat(image.hasExecutableStack()).isTrue();
  }

  @Test
  void relocation_ofThreadLocal_isToldByItsNumber() {
    ElfImage image = ElfFixture.read("shapes-x86_64.so");
    var threadLocal = new ArrayList<ElfRelocation>();
    for (Section section : image.sections()) {
      if (section.name().equals(".got")) {
        for (long at = 0; at < section.memorySize(); at += 8) {
          ElfRelocation found = image.relocation(section.virtualAddress() + at);
          if (found != null && found.symbol().equals("per_thread")) {
            threadLocal.add(found);
            assertThat(image.slot(section.virtualAddress() + at)).isEqualTo(Slot.None.INSTANCE);
          }
        }
      }
    }
    // R_X86_64_DTPMOD64 and R_X86_64_DTPOFF64.
    assertThat(threadLocal).extracting(ElfRelocation::type).containsExactly(16, 17);
    assertThat(image.relocationCount()).isEqualTo(121);
  }

  @Test
  void symbols_haveKindSizeAndReach() {
    for (String name : shapes()) {
      ElfImage image = ElfFixture.read(name);
      Symbol area = exported(image, "area");
      assertThat(area.kind()).as(name).isEqualTo(Symbol.Kind.FUNCTION);
      assertThat(area.size()).isPositive();
      assertThat(area.isExported()).isTrue();
      assertThat(exported(image, "guarded").kind()).isEqualTo(Symbol.Kind.FUNCTION);
      assertThat(exported(image, "order").kind()).isEqualTo(Symbol.Kind.DATA);
      assertThat(exported(image, "order").size()).isEqualTo(32);
      assertThat(exported(image, "per_thread").kind()).isEqualTo(Symbol.Kind.THREAD_LOCAL);
      assertThat(image.symbols().exported("inner")).isNull();
      assertThat(image.symbols().exported("outside")).isNull();
      assertThat(image.symbols().exported("")).isNull();
      assertThat(image.symbols().exported("are")).isNull();
      assertThat(image.symbols().exported("areas")).isNull();
      var imports = new ArrayList<ElfImport>();
      image.forEachImport(imports::add);
      assertThat(imports)
          .contains(
              new ElfImport("outside", "", "", false),
              new ElfImport("outside_data", "", "", false),
              new ElfImport("optional", "", "", true));
      var exports = new ArrayList<String>();
      image.symbols().forEachExported(symbol -> exports.add(symbol.name()));
      assertThat(exports)
          .contains("area", "guarded", "order", "per_thread", "_ZTVN6shapes3BoxIiEE")
          .doesNotContain("inner", "outside", "_ZL6squarei", "");
      for (String each : exports) {
        assertThat(image.symbols().exported(each)).as(each).isNotNull();
      }
    }
  }

  @Test
  void exports_thatBeginWithAText_areFound() {
    ElfImage image = ElfFixture.read("shapes-x86_64.so");
    var found = new ArrayList<String>();
    image.symbols().forEachExported(List.of("p"), symbol -> found.add(symbol.name()));
    assertThat(found).containsExactlyInAnyOrder("per_thread", "pointers");
    found.clear();
    image.symbols().forEachExported(List.of("pointers"), symbol -> found.add(symbol.name()));
    image.symbols().forEachExported(List.of("pointers_"), symbol -> found.add(symbol.name()));
    assertThat(found).containsExactly("pointers");
  }

  @Test
  void relocatedConstants_areReadOnlyOnceLoaded() {
    ElfImage image = ElfFixture.read("shapes-x86_64.so");

    assertThat(image.readOnlyOnceLoaded())
        .singleElement()
        .satisfies(
            part -> {
              assertThat(part.name()).isEqualTo("GNU_RELRO");
              assertThat(part.isWritable()).isFalse();
              assertThat(image.segments())
                  .anySatisfy(
                      segment -> {
                        assertThat(segment.isWritable()).isTrue();
                        assertThat(part.virtualAddress())
                            .isBetween(
                                segment.virtualAddress(),
                                segment.virtualAddress() + segment.memorySize());
                      });
            });
  }

  @Test
  void image_askedByManyThreads_answersThemAlike() throws Exception {
    ElfImage expected = ElfFixture.read("shapes-x86_64.so");
    long start = expected.segments().getFirst().virtualAddress();
    long end = expected.segments().getLast().virtualAddress();
    for (int round = 0; round < 20; round++) {
      ElfImage image = ElfFixture.read("shapes-x86_64.so");
      try (var threads = Executors.newFixedThreadPool(4)) {
        var answers = new ArrayList<Future<Boolean>>();
        for (int thread = 0; thread < 4; thread++) {
          answers.add(
              threads.submit(
                  () -> {
                    boolean isAlike = true;
                    for (long at = start; at < end + 512; at += 8) {
                      isAlike &= image.slot(at).equals(expected.slot(at));
                      isAlike &=
                          image
                              .functions()
                              .containing(at)
                              .equals(expected.functions().containing(at));
                      isAlike &=
                          Objects.equals(
                              image.symbols().containing(at), expected.symbols().containing(at));
                    }
                    return isAlike && image.initialisers().equals(expected.initialisers());
                  }));
        }
        for (Future<Boolean> answer : answers) {
          assertThat(answer.get()).isTrue();
        }
      }
    }
  }

  @Test
  void symbolContaining_isFoundByAnyAddressInIt() {
    ElfImage image = ElfFixture.read("shapes-x86_64.so");
    Symbol square = ElfFixture.definitions(image).get("_ZL6squarei");
    assertThat(image.symbols().containing(square.address())).isEqualTo(square);
    assertThat(image.symbols().containing(square.address() + square.size() - 1)).isEqualTo(square);
    Symbol after = image.symbols().containing(square.address() + square.size());
    assertThat(after == null || !after.name().equals(square.name())).isTrue();
    assertThat(square.isExported()).isFalse();
    assertThat(image.symbols().containing(0)).isNull();
    assertThat(image.symbols().containing(-1)).isNull();
    ElfImage stripped = ElfFixture.read("shapes-stripped.so");
    assertThat(stripped.symbols().containing(square.address())).isNull();
    Symbol area = exported(stripped, "area");
    assertThat(stripped.symbols().containing(area.address() + 1)).isEqualTo(area);
  }

  @Test
  void symbolContaining_withoutType_isFoundInCode() {
    ElfImage image = ElfFixture.read("level.so");
    Symbol untyped = exported(image, "untyped");
    assertThat(untyped.kind()).isEqualTo(Symbol.Kind.FUNCTION);
    assertThat(image.symbols().containing(untyped.address() + 1)).isEqualTo(untyped);
    Symbol f = exported(image, "f");
    assertThat(image.symbols().containing(f.address())).isEqualTo(f);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "shapes-x86_64.so",
        "shapes-i386.so",
        "shapes-aarch64.so",
        "shapes-ppc64.so",
        "shapes-riscv64.so",
        "shapes-stripped.so",
        "shapes-nosections.so",
        "shapes-nohdr.so",
        "shapes-noframe.so"
      })
  void function_hasTheBoundsOfItsSymbol(String name) {
    ElfImage image = ElfFixture.read(name);
    FunctionTable functions = image.functions();
    for (String each : List.of("area", "guarded", "thread_place", "inside_place")) {
      Symbol symbol = exported(image, each);
      FunctionTable.Range range = functions.containing(symbol.address());
      assertThat(range)
          .as(each)
          .isEqualTo(new FunctionTable.Range(symbol.address(), symbol.address() + symbol.size()));
      assertThat(functions.containing(symbol.address() + symbol.size() - 1)).isEqualTo(range);
    }
    assertThat(functions.containing(0)).isEqualTo(FunctionTable.Range.NONE);
    assertThat(functions.containing(-1)).isEqualTo(FunctionTable.Range.NONE);
    assertThat(functions.containing(exported(image, "order").address()))
        .isEqualTo(FunctionTable.Range.NONE);
    long end = 0;
    assertThat(functions.count()).isGreaterThan(7);
    for (int i = 0; i < functions.count(); i++) {
      FunctionTable.Range range = functions.at(i);
      assertThat(range.start()).isGreaterThanOrEqualTo(end);
      end = range.end();
    }
  }

  @Test
  void functions_onArm_startAtTheIndexTablesEntries() {
    ElfImage image = ElfFixture.read("shapes-arm.so");
    long area = exported(image, "area").address();
    assertThat(image.functions().containing(area).start()).isEqualTo(area);
  }

  @Test
  void code_isTheExecutableSections() {
    ElfImage image = ElfFixture.read("shapes-x86_64.so");
    List<Section> sections = image.sections().stream().filter(Section::holdsCode).toList();
    assertThat(sections).extracting(Section::name).containsExactly(".text", ".plt");
    assertThat(image.code())
        .isEqualTo(
            sections.stream()
                .map(
                    s ->
                        new CodeRange(
                            s.virtualAddress(),
                            s.virtualAddress() + s.memorySize(),
                            s.fileOffset()))
                .toList());
    Section text = sections.getFirst();
    assertThat(image.fileOffset(text.virtualAddress() + 1)).isEqualTo(text.fileOffset() + 1);
    assertThat(image.fileOffset(0x7000_0000)).isEqualTo(-1);
    assertThat(image.segments()).filteredOn(s -> s.isExecutable()).hasSize(1);
  }

  @Test
  void code_withoutSections_isTheExecutableSegments() {
    ElfImage image = ElfFixture.read("shapes-nosections.so");
    assertThat(image.sections()).isEmpty();
    assertThat(image.code()).hasSize(1);
    CodeRange range = image.code().getFirst();
    assertThat(range.contains(exported(image, "area").address())).isTrue();
    assertThat(image.problems()).isEmpty();
  }

  @Test
  void resolvers_runBeforeOtherInitialisers() {
    for (String name : List.of("indirect-x86_64.so", "indirect-aarch64.so")) {
      ElfImage image = ElfFixture.read(name);
      long resolver = ElfFixture.definitions(image).get("choose").address();
      assertThat(image.initialisers())
          .as(name)
          .containsExactly(new Initialiser(Initialiser.Kind.IFUNC_RESOLVER, 0, 1, resolver));
      assertThat(exported(image, "chosen").kind()).isEqualTo(Symbol.Kind.INDIRECT_FUNCTION);
      assertThat(exported(image, "chosen").address()).isEqualTo(resolver);
    }
  }

  @Test
  void staticProgram_hasInitialisersWithoutDynamicSection() {
    ElfImage image = ElfFixture.read("program-static");
    Map<String, Symbol> symbols = ElfFixture.definitions(image);
    long init = symbols.get("init").address();
    assertThat(image.kind()).isEqualTo(Image.Kind.EXECUTABLE);
    assertThat(image.initialisers())
        .containsExactly(
            new Initialiser(Initialiser.Kind.IFUNC_RESOLVER, 0, 1, symbols.get("choose").address()),
            new Initialiser(Initialiser.Kind.PREINIT_ARRAY, 0, 1, symbols.get("before").address()),
            new Initialiser(Initialiser.Kind.INIT_ARRAY, 0, 2, init),
            new Initialiser(Initialiser.Kind.INIT_ARRAY, 1, 2, init));
    assertThat(image.entry()).isEqualTo(symbols.get("_start").address());
    Section slots =
        image.sections().stream()
            .filter(s -> s.name().equals(".got.plt"))
            .findFirst()
            .orElseThrow();
    // The first three entries are the loader's own.
    assertThat(image.slot(slots.virtualAddress() + 24))
        .isEqualTo(new Slot.Resolved(symbols.get("choose").address()));
    assertThat(symbols.get("init").isExported()).isFalse();
    assertThat(symbols.get("_start").isExported()).isFalse();
  }

  @Test
  void positionIndependentProgram_isAProgram() {
    ElfImage image = ElfFixture.read("program-pie");
    Map<String, Symbol> symbols = ElfFixture.definitions(image);
    assertThat(image.kind()).isEqualTo(Image.Kind.EXECUTABLE);
    assertThat(image.interpreter()).isEqualTo("/lib64/ld-linux-x86-64.so.2");
    assertThat(image.cLibrary()).isEqualTo(ElfImage.CLibrary.GLIBC);
    assertThat(image.platform().system()).isEqualTo(OperatingSystem.LINUX);
    assertThat(image.initialisers())
        .extracting(Initialiser::kind)
        .containsExactly(
            Initialiser.Kind.PREINIT_ARRAY,
            Initialiser.Kind.INIT_ARRAY,
            Initialiser.Kind.INIT_ARRAY);
    assertThat(image.slot(symbols.get("own").address()))
        .isEqualTo(new Slot.Local(symbols.get("init").address()));
  }

  @Test
  void versions_areOfferedAndNeeded() {
    ElfImage offers = ElfFixture.read("versions.so");
    assertThat(offers.definedVersions()).containsExactly("SHAPES_1", "SHAPES_2");
    Map<String, Symbol> symbols = ElfFixture.definitions(offers);
    long older = symbols.get("area_old").address();
    long newer = symbols.get("area_new").address();
    assertThat(exported(offers, "area").address()).isEqualTo(newer);
    assertThat(offers.exported("area", "SHAPES_1").address()).isEqualTo(older);
    assertThat(offers.exported("area", "SHAPES_2").address()).isEqualTo(newer);
    assertThat(offers.exported("area", "SHAPES_3")).isNull();
    assertThat(offers.symbols().exported("area_new")).isNull();

    ElfImage needs = ElfFixture.read("user.so");
    assertThat(needs.needed()).containsExactly(new Needed("libversions.so.2", false, ""));
    assertThat(needs.versionNeeds())
        .containsExactly(new VersionNeed("libversions.so.2", "SHAPES_2", false));
    var imports = new ArrayList<ElfImport>();
    needs.forEachImport(imports::add);
    assertThat(imports)
        .containsExactly(new ElfImport("area", "SHAPES_2", "libversions.so.2", false));
  }

  @Test
  void notes_tellLevelKernelAndProtection() {
    ElfImage image = ElfFixture.read("level.so");
    assertThat(image.isaLevelNeeded()).isEqualTo(3);
    assertThat(image.protectionFeatures()).isEqualTo(3);
    assertThat(image.platform().system()).isEqualTo(OperatingSystem.LINUX);
    assertThat(image.platform().minimum()).isEqualTo("4.18.0");
    assertThat(image.hasExecutableStack()).isTrue();
    assertThat(ElfFixture.read("shapes-x86_64.so").isaLevelNeeded()).isZero();
  }

  @Test
  void androidLibrary_tellsItsLevelAndKit() {
    ElfImage image = ElfFixture.read("android.so");
    assertThat(image.platform().system()).isEqualTo(OperatingSystem.ANDROID);
    assertThat(image.platform().minimum()).isEqualTo("24");
    assertThat(image.platform().sdk()).isEqualTo("r26b");
    assertThat(image.cLibrary()).isEqualTo(ElfImage.CLibrary.BIONIC);
  }

  @Test
  void library_thatNeedsNobody_isOfNoKnownSystem() {
    ElfImage image = ElfFixture.read("shapes-x86_64.so");
    assertThat(image.platform().system()).isEqualTo(OperatingSystem.UNKNOWN);
    assertThat(image.cLibrary()).isEqualTo(ElfImage.CLibrary.UNKNOWN);
  }

  @Test
  void objectFile_hasAddressesOfItsOwn() {
    ElfImage image = ElfFixture.read("shapes.o");
    assertThat(image.kind()).isEqualTo(Image.Kind.OBJECT);
    Symbol area = ElfFixture.definitions(image).get("area");
    assertThat(image.code()).anyMatch(range -> range.contains(area.address()));
    assertThat(image.functions().containing(area.address() + 1))
        .isEqualTo(new FunctionTable.Range(area.address(), area.address() + area.size()));
    assertThat(image.symbols().containing(area.address() + 1)).isEqualTo(area);
    assertThat(image.initialisers()).isEmpty();
    assertThat(image.hasExecutableStack()).isFalse();
    int instruction = image.bytes().u8(image.fileOffset(area.address()));
    ElfImage linked = ElfFixture.read("shapes-x86_64.so");
    long same = linked.fileOffset(exported(linked, "area").address());
    assertThat(instruction).isEqualTo(linked.bytes().u8(same));
  }

  @Test
  void debugFile_hasNoCode() {
    ElfImage image = ElfFixture.read("shapes.debug");
    assertThat(image.kind()).isEqualTo(Image.Kind.DEBUG);
    assertThat(image.code()).isEmpty();
    assertThat(image.initialisers()).isEmpty();
    assertThat(image.problems()).isEmpty();
    ElfImage whole = ElfFixture.read("shapes-x86_64.so");
    assertThat(image.buildId()).isEqualTo(whole.buildId());
    Symbol area = exported(whole, "area");
    assertThat(image.symbols().containing(area.address()).name()).isEqualTo("area");
    assertThat(image.functions().containing(area.address()))
        .isEqualTo(whole.functions().containing(area.address()));
  }

  @Test
  void coreFile_hasNotesAndMemory() {
    ElfImage image = ElfFixture.read("process.core");
    assertThat(image.kind()).isEqualTo(Image.Kind.CORE);
    assertThat(image.code()).isEmpty();
    assertThat(image.notes()).extracting(ElfNote::name).containsExactly("CORE", "LINUX");
    assertThat(image.notes()).extracting(ElfNote::type).containsExactly(1, 0x202);
    Bytes status = image.notes().getFirst().content();
    assertThat(status.length()).isEqualTo(16);
    assertThat(status.u8(0)).isEqualTo(11);
    long place = image.fileOffset(0x7fff_f003L);
    assertThat(image.bytes().u8(place)).isEqualTo(4);
    assertThat(image.segments()).hasSize(1);
    assertThat(image.problems()).isEmpty();
  }

  @Test
  void stackOfX86_withoutWord_isExecutable() {
    // PT_GNU_STACK becomes PT_NULL.
    for (String name : List.of("shapes-x86_64.so", "shapes-aarch64.so")) {
      byte[] file = ElfFixture.bytes(name);
      for (int at = 64; at < 64 + 56 * 12; at += 56) {
        if (file[at] == 0x51 && file[at + 1] == (byte) 0xe5 && file[at + 3] == 0x64) {
          file[at] = file[at + 1] = file[at + 2] = file[at + 3] = 0;
        }
      }
      assertThat(ElfFixture.read(file).hasExecutableStack())
          .isEqualTo(name.equals("shapes-x86_64.so"));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "3, I386",
    "8, MIPS64",
    "21, PPC64LE",
    "22, S390X",
    "40, ARM",
    "62, X86_64",
    "183, ARM64",
    "190, GPU",
    "224, GPU",
    "243, RISCV64",
    "258, LOONGARCH64",
    "0, OTHER",
    "65535, OTHER"
  })
  void machineNumber_namesTheArchitecture(int machine, Architecture architecture) {
    byte[] file = ElfFixture.bytes("shapes-x86_64.so");
    file[18] = (byte) machine;
    file[19] = (byte) (machine >>> 8);
    assertThat(ElfFixture.read(file).architecture()).isEqualTo(architecture);
    assertThat(ElfFixture.read(file).machine()).isEqualTo(machine);
  }

  @Test
  void otherFile_isNotElf() {
    byte[] text = "#!/bin/sh\n".getBytes(java.nio.charset.StandardCharsets.UTF_8);
    assertThat(ElfReader.matches(Bytes.of(text, "x"))).isFalse();
    assertThat(ElfReader.matches(Bytes.of(new byte[3], "x"))).isFalse();
    assertThat(ElfReader.matches(Bytes.of(ElfFixture.bytes("shapes.o"), "x"))).isTrue();
  }

  @Test
  void header_cutShort_isAProblemAndNoImage() {
    byte[] whole = ElfFixture.bytes("shapes-x86_64.so");
    for (int length = 4; length < 64; length++) {
      var read =
          ElfReader.read(
              Bytes.of(java.util.Arrays.copyOf(whole, length), "x.so"), Limits.standard());
      assertThat(read.images()).isEmpty();
      assertThat(read.problems()).hasSize(1);
      assertThat(read.problems().getFirst().effect()).isEqualTo(Problem.Effect.FILE_LOST);
    }
  }
}
