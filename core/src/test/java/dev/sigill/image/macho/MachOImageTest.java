package dev.sigill.image.macho;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sigill.image.CodeRange;
import dev.sigill.image.Format;
import dev.sigill.image.FunctionTable;
import dev.sigill.image.Image;
import dev.sigill.image.Initialiser;
import dev.sigill.image.Needed;
import dev.sigill.image.PlatformVersion;
import dev.sigill.image.Section;
import dev.sigill.image.Segment;
import dev.sigill.image.Slot;
import dev.sigill.image.Symbol;
import dev.sigill.platform.Architecture;
import dev.sigill.platform.OperatingSystem;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What linkers of today write, read with the values that LLVM's tools show. */
class MachOImageTest {
  private static final String LEDGER = "@rpath/libledger.dylib";
  private static final String SYSTEM = "/usr/lib/libSystem.B.dylib";

  @Test
  void header_ofLibrary_isRead() {
    MachOImage image = MachOFixture.image("orders-x86_64.dylib");
    assertThat(image.format()).isEqualTo(Format.MACH_O);
    assertThat(image.architecture()).isEqualTo(Architecture.X86_64);
    assertThat(image.subtype()).isEqualTo("x86_64");
    assertThat(image.kind()).isEqualTo(Image.Kind.SHARED_LIBRARY);
    assertThat(image.byteOrder()).isEqualTo(ByteOrder.LITTLE_ENDIAN);
    assertThat(image.platform())
        .isEqualTo(new PlatformVersion(OperatingSystem.MACOS, "10.14", "13.3"));
    assertThat(image.platformNames()).containsExactly("macOS");
    assertThat(image.installName()).isEqualTo("@rpath/liborders.dylib");
    assertThat(image.searchPaths()).containsExactly("@loader_path/lib", "/usr/local/lib");
    assertThat(image.uuid()).isEqualTo(UUID.fromString("4c4c442b-5555-3144-a1dc-c4da9cc668ad"));
    assertThat(image.isTwoLevel()).isTrue();
    assertThat(image.baseAddress()).isZero();
    assertThat(image.signature()).isEqualTo(MachOImage.Signature.NONE);
    assertThat(image.problems()).isEmpty();
  }

  @Test
  void needed_ofLibrary_areThoseOfTheLoadCommands() {
    MachOImage image = MachOFixture.image("orders-x86_64.dylib");
    assertThat(image.needed())
        .containsExactly(new Needed(LEDGER, false, "1.2.0"), new Needed(SYSTEM, false, "1.0.0"));
    assertThat(image.dylibs().getFirst())
        .isEqualTo(
            new MachODylib(LEDGER, MachODylib.Kind.LC_LOAD_DYLIB, false, false, "2.3.1", "1.2.0"));
  }

  @Test
  void needed_reexported_saysSo() {
    assertThat(MachOFixture.image("facade-x86_64.dylib").dylibs())
        .filteredOn(MachODylib::isReexported)
        .extracting(MachODylib::name, MachODylib::kind)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple(LEDGER, MachODylib.Kind.LC_REEXPORT_DYLIB));
  }

  @Test
  void sections_haveAddressesAndRights() {
    MachOImage image = MachOFixture.image("orders-x86_64.dylib");
    assertThat(image.sections())
        .contains(
            new Section("__TEXT,__text", 0x6f0, 0x15c, 0x6f0, 0x15c, true, false, true),
            new Section("__TEXT,__stubs", 0x84c, 0x18, 0x84c, 0x18, true, false, true),
            new Section("__TEXT,__cstring", 0x892, 7, 0x892, 7, true, false, false),
            new Section("__DATA,__data", 0x2050, 0x48, 0x2050, 0x48, false, true, false));
    assertThat(image.sections())
        .filteredOn(section -> section.name().equals("__DATA,__bss"))
        .allMatch(section -> section.fileSize() == 0 && section.memorySize() == 4);
    assertThat(image.segments())
        .extracting(Segment::name)
        .containsExactly("__TEXT", "__DATA", "__LINKEDIT");
    Segment text = image.segments().getFirst();
    assertThat(text.isReadable() && text.isExecutable() && !text.isWritable()).isTrue();
    assertThat(image.fileOffset(0x2050)).isEqualTo(0x2050);
    assertThat(image.fileOffset(0x100000)).isEqualTo(-1);
  }

  @Test
  void constantData_isReadOnlyOnceFixedUp() {
    assertThat(MachOFixture.image("orders-x86_64-chained.dylib").readOnlyOnceLoaded())
        .extracting(Segment::name)
        .containsExactly("__DATA_CONST");
    assertThat(MachOFixture.image("orders-x86_64.dylib").readOnlyOnceLoaded()).isEmpty();
  }

  @Test
  void code_withJumpTable_leavesItOut() {
    assertThat(MachOFixture.image("orders-x86_64.dylib").code())
        .containsExactly(
            new CodeRange(0x6f0, 0x82c, 0x6f0),
            new CodeRange(0x84c, 0x864, 0x84c),
            new CodeRange(0x864, 0x892, 0x864));
  }

  @Test
  void slots_ofOpcodes_areWhatTheLoaderLeaves() {
    MachOImage image = MachOFixture.image("orders-x86_64.dylib");
    assertThat(image.slot(0x2050)).isEqualTo(new Slot.Local(0x6f0));
    assertThat(image.slot(0x2058)).isEqualTo(new Slot.Local(0x700));
    assertThat(image.slot(0x2060))
        .isEqualTo(new Slot.Imported("_ledger_balance", LEDGER, 0, false));
    assertThat(image.slot(0x2068)).isEqualTo(new Slot.Local(0x6f0));
    assertThat(image.slot(0x2070))
        .isEqualTo(new Slot.Imported("_ledger_versions", LEDGER, 8, false));
    // Packed, so not aligned.
    assertThat(image.slot(0x2079)).isEqualTo(new Slot.Local(0x700));
    // Weak definitions are bound to whichever image has the first.
    assertThat(image.slot(0x2088)).isEqualTo(new Slot.Imported("_order_shared", "", 0, false));
    // Lazy pointers first hold the way to the binder.
    assertThat(image.slot(0x2020)).isEqualTo(new Slot.Imported("_puts", SYSTEM, 0, false));
    assertThat(image.slot(0x2010)).isEqualTo(new Slot.Imported("_order_shared", "", 0, false));
    assertThat(image.slot(0x2000)).isEqualTo(new Slot.Imported("_ledger_later", "", 0, true));
    for (long address : new long[] {0x2051, 0x2054, 0x2078, 0x20b0, 0x6f0, -8, 0x7fff_ffff_ffffL}) {
      assertThat(image.slot(address)).isEqualTo(Slot.None.INSTANCE);
    }
    assertThat(image.rebaseCount()).isEqualTo(12);
    assertThat(image.bindCount()).isEqualTo(10);
  }

  @ParameterizedTest
  @ValueSource(strings = {"orders-x86_64-chained.dylib", "orders-arm64-chained.dylib"})
  void slots_ofChains_areWhatTheLoaderLeaves(String file) {
    MachOImage image = MachOFixture.image(file);
    long steps = address(image, "_order_steps");
    assertThat(image.slot(steps)).isEqualTo(new Slot.Local(address(image, "_twice")));
    assertThat(image.slot(steps + 8)).isEqualTo(new Slot.Local(address(image, "_thrice")));
    assertThat(image.slot(steps + 16))
        .isEqualTo(new Slot.Imported("_ledger_balance", LEDGER, 0, false));
    assertThat(image.slot(address(image, "_order_version")))
        .isEqualTo(new Slot.Imported("_ledger_versions", LEDGER, 8, false));
    assertThat(image.slot(address(image, "_order_shared_pointer")))
        .isEqualTo(new Slot.Imported("_order_shared", "", 0, false));
    assertThat(image.slot(steps + 4)).isEqualTo(Slot.None.INSTANCE);
    assertThat(image.rebaseCount()).isEqualTo(4);
    assertThat(image.bindCount()).isEqualTo(8);
    assertThat(image.problems()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"orders-x86_64.dylib", "orders-arm64-chained.dylib"})
  void imports_areListedOnceEach(String file) {
    var imports = new ArrayList<MachOImport>();
    MachOFixture.image(file).forEachImport(imports::add);
    assertThat(imports)
        .contains(
            new MachOImport("_ledger_balance", LEDGER, false),
            new MachOImport("_ledger_versions", LEDGER, false),
            new MachOImport("_puts", SYSTEM, false),
            new MachOImport("_ledger_later", "", true))
        .doesNotHaveDuplicates();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "orders-x86_64.dylib",
        "orders-x86_64-chained.dylib",
        "orders-arm64-chained.dylib"
      })
  void initialisers_ofBothForms_runInTheirOrder(String file) {
    MachOImage image = MachOFixture.image(file);
    assertThat(image.initialisers())
        .containsExactly(
            new Initialiser(Initialiser.Kind.MOD_INIT, 0, 3, address(image, "_start_early")),
            new Initialiser(Initialiser.Kind.MOD_INIT, 1, 3, address(image, "_start_late")),
            new Initialiser(Initialiser.Kind.MOD_INIT, 2, 3, address(image, "_start_last")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"loads-x86_64.dylib", "loads-arm64.dylib"})
  void initialisers_ofObjectiveC_runSuperclassesFirstThenCategories(String file) {
    MachOImage image = MachOFixture.image(file);
    assertThat(image.initialisers())
        .containsExactly(
            new Initialiser(Initialiser.Kind.OBJC_LOAD, 0, 3, address(image, "+[Base load]")),
            new Initialiser(Initialiser.Kind.OBJC_LOAD, 1, 3, address(image, "+[Derived load]")),
            new Initialiser(
                Initialiser.Kind.OBJC_LOAD, 2, 3, address(image, "+[Quiet(Loud) load]")),
            new Initialiser(Initialiser.Kind.MOD_INIT, 0, 1, address(image, "_start")));
    assertThat(image.problems()).isEmpty();
  }

  @Test
  void functions_reachToTheNextOrTheEndOfTheirSection() {
    FunctionTable functions = MachOFixture.image("orders-x86_64.dylib").functions();
    assertThat(functions.count()).isEqualTo(8);
    assertThat(functions.at(0)).isEqualTo(new FunctionTable.Range(0x6f0, 0x700));
    assertThat(functions.at(7)).isEqualTo(new FunctionTable.Range(0x790, 0x84c));
    assertThat(functions.containing(0x6f0)).isEqualTo(functions.at(0));
    assertThat(functions.containing(0x6ff)).isEqualTo(functions.at(0));
    assertThat(functions.containing(0x700)).isEqualTo(functions.at(1));
    assertThat(functions.containing(0x84b)).isEqualTo(functions.at(7));
    assertThat(functions.containing(0x84c).isNone()).isTrue();
    assertThat(functions.containing(0x6ef).isNone()).isTrue();
    assertThat(functions.containing(-1).isNone()).isTrue();
  }

  @Test
  void functions_withoutFunctionStarts_comeFromSymbolsAndUnwindInformation() {
    var fixture = MachOFixture.of("orders-x86_64.dylib");
    fixture.put32(fixture.command(MachO.LC_FUNCTION_STARTS), 0x7777);
    MachOImage image = fixture.image();
    FunctionTable functions = image.functions();
    assertThat(image.hasFunctionStarts()).isFalse();
    assertThat(functions.count()).isEqualTo(8);
    assertThat(functions.containing(0x735)).isEqualTo(new FunctionTable.Range(0x730, 0x740));

    var stripped = MachOFixture.of("orders-x86_64-stripped.dylib");
    stripped.put32(stripped.command(MachO.LC_FUNCTION_STARTS), 0x7777);
    assertThat(stripped.image().functions().containing(0x798))
        .isEqualTo(new FunctionTable.Range(0x790, 0x84c));
    assertThat(stripped.image().functions().count()).isGreaterThan(2);
  }

  @Test
  void exports_areFoundByName() {
    MachOImage image = MachOFixture.image("orders-x86_64.dylib");
    assertThat(image.symbols().exported("_order_price"))
        .isEqualTo(new Symbol("_order_price", 0x790, 0xbc, Symbol.Kind.FUNCTION, true));
    assertThat(image.symbols().exported("_order_steps"))
        .isEqualTo(new Symbol("_order_steps", 0x2050, 0, Symbol.Kind.DATA, true));
    assertThat(image.symbols().exported("_order_depth"))
        .isEqualTo(new Symbol("_order_depth", 0x2030, 0, Symbol.Kind.THREAD_LOCAL, true));
    for (String absent : List.of("_order", "_order_pricey", "_order_hidden", "_puts", "", "x")) {
      assertThat(image.symbols().exported(absent)).as(absent).isNull();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"orders-x86_64.dylib", "orders-arm64-chained.dylib"})
  void exports_listed_areThoseOfTheTrie(String file) {
    MachOImage image = MachOFixture.image(file);
    var names = new ArrayList<String>();
    image
        .symbols()
        .forEachExported(
            symbol -> {
              names.add(symbol.name());
              assertThat(image.symbols().exported(symbol.name())).isEqualTo(symbol);
            });
    assertThat(names)
        .containsExactlyInAnyOrder(
            "_order_entry",
            "_order_price",
            "_order_depth",
            "_order_version",
            "_order_steps",
            "_order_shared_pointer",
            "_order_shared");
  }

  @ParameterizedTest
  @ValueSource(strings = {"orders-x86_64.dylib", "orders-arm64-chained.dylib", "orders-x86_64.o"})
  void exports_byPrefix_areThoseThatBeginWithIt(String file) {
    MachOImage image = MachOFixture.image(file);
    for (String prefix : List.of("", "_", "_order_s", "_order_shared", "_order_sharedx", "x")) {
      var expected = new ArrayList<Symbol>();
      image
          .symbols()
          .forEachExported(
              symbol -> {
                if (symbol.name().startsWith(prefix)) {
                  expected.add(symbol);
                }
              });
      var found = new ArrayList<Symbol>();
      image.symbols().forEachExported(List.of(prefix), found::add);
      assertThat(found).as(prefix).isEqualTo(expected);
      assertThat(found.isEmpty()).isEqualTo(prefix.endsWith("x"));
    }
  }

  @Test
  void symbols_defined_areLocalOnesToo() {
    var symbols = new ArrayList<Symbol>();
    MachOFixture.image("orders-x86_64.dylib").symbols().forEachDefined(symbols::add);
    assertThat(symbols)
        .contains(
            new Symbol("_twice", 0x6f0, 0x10, Symbol.Kind.FUNCTION, false),
            new Symbol("_order_hidden", 0x760, 0x30, Symbol.Kind.FUNCTION, false),
            new Symbol("_order_price", 0x790, 0xbc, Symbol.Kind.FUNCTION, true))
        .doesNotHaveDuplicates()
        .extracting(Symbol::name)
        .doesNotContain("_puts");
  }

  @Test
  void symbols_containing_stayWithinTheirFunction() {
    var names = MachOFixture.image("orders-x86_64.dylib").symbols();
    assertThat(names.containing(0x705)).extracting(Symbol::name).isEqualTo("_thrice");
    assertThat(names.containing(0x84b)).extracting(Symbol::name).isEqualTo("_order_price");
    assertThat(names.containing(0x84c)).isNull();
    assertThat(names.containing(0x6ef)).isNull();
    assertThat(names.isStripped()).isFalse();

    MachOImage stripped = MachOFixture.image("orders-x86_64-stripped.dylib");
    assertThat(stripped.symbols().isStripped()).isTrue();
    assertThat(stripped.symbols().containing(0x715))
        .extracting(Symbol::name)
        .isEqualTo("_order_shared");
    // The functions after it lost their names.
    assertThat(stripped.symbols().containing(0x725)).isNull();
    assertThat(stripped.symbols().containing(0x705)).isNull();
  }

  @Test
  void symbols_ofExportTrieAlone_nameCode() {
    var fixture = MachOFixture.of("orders-x86_64.dylib");
    fixture.put32(fixture.command(MachO.LC_SYMTAB) + 12, 0);
    var names = fixture.image().symbols();
    assertThat(names.containing(0x7a0)).extracting(Symbol::name).isEqualTo("_order_price");
    assertThat(names.containing(0x705)).isNull();
    var defined = new ArrayList<String>();
    names.forEachDefined(symbol -> defined.add(symbol.name()));
    assertThat(defined).hasSize(7).contains("_order_depth");
  }

  @Test
  void stubs_leadToTheirSymbols() {
    MachOImage image = MachOFixture.image("orders-x86_64.dylib");
    var names = new ArrayList<String>();
    for (long at = 0x84c; at < 0x864; at += 6) {
      if (image.stub(at) instanceof Slot.Imported imported) {
        names.add(imported.name() + "@" + imported.library());
      } else if (image.stub(at) instanceof Slot.Local local) {
        names.add(Long.toHexString(local.address()));
      }
    }
    assertThat(names)
        .containsExactlyInAnyOrder(
            "710", "_ledger_later@", "_puts@" + SYSTEM, "_ledger_balance@" + LEDGER);
    assertThat(image.stub(0x6f0)).isEqualTo(Slot.None.INSTANCE);
  }

  @Test
  void program_hasEntryAndLoader() {
    MachOImage image = MachOFixture.image("program-x86_64");
    assertThat(image.kind()).isEqualTo(Image.Kind.EXECUTABLE);
    assertThat(image.baseAddress()).isEqualTo(0x1_0000_0000L);
    assertThat(image.entry()).isEqualTo(0x1_0000_05c0L);
    assertThat(image.dylinker()).isEqualTo("/usr/lib/dyld");
    assertThat(image.installName()).isEmpty();
    assertThat(image.symbols().exported("_main"))
        .isEqualTo(
            new Symbol(
                "_main",
                0x1_0000_05c0L,
                image.symbols().exported("_main").size(),
                Symbol.Kind.FUNCTION,
                true));
    assertThat(image.initialisers()).isEmpty();
  }

  @Test
  void library_ofArm64_isSignedWithoutIdentity() {
    MachOImage image = MachOFixture.image("orders-arm64-chained.dylib");
    assertThat(image.architecture()).isEqualTo(Architecture.ARM64);
    assertThat(image.signature()).isEqualTo(MachOImage.Signature.AD_HOC);
    assertThat(image.isSigned()).isTrue();
    assertThat(image.platform().minimum()).isEqualTo("13.0");
    assertThat(image.problems()).isEmpty();
  }

  @Test
  void bundle_looksUpItsHostsNamesAnywhere() {
    MachOImage image = MachOFixture.image("plugin-x86_64.so");
    assertThat(image.kind()).isEqualTo(Image.Kind.SHARED_LIBRARY);
    assertThat(image.slot(0x2010)).isEqualTo(new Slot.Imported("_host_register", "", 0, false));
  }

  @Test
  void object_hasSymbolsButNothingForTheLoader() {
    MachOImage image = MachOFixture.image("orders-x86_64.o");
    assertThat(image.kind()).isEqualTo(Image.Kind.OBJECT);
    assertThat(image.initialisers()).isEmpty();
    assertThat(image.code()).isNotEmpty();
    assertThat(image.symbols().exported("_order_price")).isNotNull();
    assertThat(image.symbols().exported("_order_hidden")).isNull();
    assertThat(image.functions().count()).isEqualTo(8);
    assertThat(image.problems()).isEmpty();
    CodeRange first = image.code().getFirst();
    assertThat(image.code()).noneMatch(range -> range.contains(first.end()));
  }

  private static long address(MachOImage image, String name) {
    var found = new ArrayList<Long>();
    image
        .symbols()
        .forEachDefined(
            symbol -> {
              if (symbol.name().equals(name)) {
                found.add(symbol.address());
              }
            });
    assertThat(found).as(name).hasSize(1);
    return found.getFirst();
  }
}
