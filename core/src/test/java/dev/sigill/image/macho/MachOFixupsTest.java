package dev.sigill.image.macho;

import static dev.sigill.image.macho.MachOBuilder.BASE;
import static dev.sigill.image.macho.MachOBuilder.CODE;
import static dev.sigill.image.macho.MachOBuilder.DATA;
import static dev.sigill.image.macho.MachOBuilder.stream;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sigill.bytes.Problem;
import dev.sigill.image.Slot;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every form of fixups that images have had. */
class MachOFixupsTest {
  private static final byte[] NOTHING = {};
  private static final int LIBRARY = 1;

  // Places are named after the streams of loader.h.
  private static final int SET_TYPE_POINTER = 0x51;
  private static final int SET_LIBRARY_1 = 0x10 | LIBRARY;
  private static final int SET_DATA = 0x71;
  private static final int BIND = 0x90;

  private static MachOBuilder builder() {
    return new MachOBuilder(MachO.CPU_TYPE_ARM64, 0, 0x100)
        .dylib(MachO.LC_ID_DYLIB, "self.dylib")
        .dylib(MachO.LC_LOAD_DYLIB, "one.dylib")
        .dylib(MachO.LC_LOAD_WEAK_DYLIB, "two.dylib");
  }

  /** A chain's data for one page of {@code __DATA}. */
  private static byte[] chains(
      int format, int importsFormat, byte[] imports, String names, int... starts) {
    int importSize = new int[] {1, 4, 8, 16}[importsFormat];
    byte[] text = names.getBytes(java.nio.charset.StandardCharsets.UTF_8);
    int inSegment = 22 + 2 * starts.length;
    int importsAt = 28 + 16 + (inSegment + 3) / 4 * 4;
    ByteBuffer out = little(importsAt + imports.length + text.length);
    out.putInt(0).putInt(28).putInt(importsAt).putInt(importsAt + imports.length);
    out.putInt(imports.length / importSize).putInt(importsFormat).putInt(0);
    // Segments are __TEXT, __DATA and __LINKEDIT.
    out.putInt(3).putInt(0).putInt(16).putInt(0);
    out.putInt(inSegment).putShort((short) 0x1000).putShort((short) format);
    out.putLong(DATA - BASE).putInt(0x3fff_ffff).putShort((short) 1);
    for (int start : starts) {
      out.putShort((short) start);
    }
    return out.put(importsAt, imports).put(importsAt + imports.length, text).array();
  }

  private static ByteBuffer little(int size) {
    return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static byte[] plainImports() {
    // _one of library 1, _two of library 2 and weak, _any of any image.
    return little(12).putInt(1 | 1 << 9).putInt(2 | 1 << 8 | 6 << 9).putInt(0xfe | 11 << 9).array();
  }

  private static final String NAMES = "\0_one\0_two\0_any\0";

  @ParameterizedTest
  @CsvSource({"1,false,16", "7,true,16", "9,true,16", "10,false,16", "12,true,24"})
  void chain_ofArm64e_isDecoded(int format, boolean hasOffsets, int ordinalBits) {
    int steps = format == 7 || format == 10 ? 4 : 8;
    long next = 8 / steps;
    long target = CODE - (hasOffsets ? BASE : 0);
    var image =
        builder()
            .pointer(0, target | 0x5aL << 43 | next << 51)
            // Signed, with a discriminator and a key.
            .pointer(8, 1L << 63 | CODE - BASE | 0x1234L << 32 | 1L << 49 | next << 51)
            // Bound with the addend -5.
            .pointer(16, 1L << 62 | 0 | (-5L & 0x7ffff) << 32 | next << 51)
            // Bound and signed: the discriminator is no addend.
            .pointer(24, 3L << 62 | 1 | 0x1234L << 32 | next << 51)
            .pointer(32, 1L << 62 | 2 | (ordinalBits == 24 ? 0 : 0xffL << 16))
            .linkedit(MachO.LC_DYLD_CHAINED_FIXUPS, chains(format, 1, plainImports(), NAMES, 0))
            .image();
    assertThat(image.slot(DATA)).isEqualTo(new Slot.Local(CODE));
    assertThat(image.slot(DATA + 8)).isEqualTo(new Slot.Local(CODE));
    assertThat(image.slot(DATA + 16)).isEqualTo(new Slot.Imported("_one", "one.dylib", -5, false));
    assertThat(image.slot(DATA + 24)).isEqualTo(new Slot.Imported("_two", "two.dylib", 0, true));
    assertThat(image.slot(DATA + 32)).isEqualTo(new Slot.Imported("_any", "", 0, false));
    assertThat(image.slot(DATA + 40)).isEqualTo(Slot.None.INSTANCE);
    assertThat(image.problems()).isEmpty();
    assertThat(image.bindCount()).isEqualTo(3);
    assertThat(image.rebaseCount()).isEqualTo(2);
  }

  @ParameterizedTest
  @CsvSource({"2,false", "6,true"})
  void chain_of64Bits_isDecoded(int format, boolean hasOffsets) {
    var image =
        builder()
            .pointer(8, CODE - (hasOffsets ? BASE : 0) | 0x80L << 36 | 3L << 51)
            .pointer(20, 1L << 63 | 1 | 0x7fL << 24)
            .linkedit(MachO.LC_DYLD_CHAINED_FIXUPS, chains(format, 1, plainImports(), NAMES, 8))
            .image();
    // The mark in the top byte is no part of the address.
    assertThat(image.slot(DATA + 8)).isEqualTo(new Slot.Local(CODE));
    assertThat(image.slot(DATA + 20)).isEqualTo(new Slot.Imported("_two", "two.dylib", 0x7f, true));
    assertThat(image.slot(DATA)).isEqualTo(Slot.None.INSTANCE);
    assertThat(image.problems()).isEmpty();
  }

  @Test
  void chain_of32Bits_leavesNumbersOut() {
    byte[] chains = chains(3, 1, plainImports(), NAMES, 0);
    // max_valid_pointer
    little(4).putInt(0, 0x20000).rewind();
    ByteBuffer.wrap(chains).order(ByteOrder.LITTLE_ENDIAN).putInt(28 + 16 + 16, 0x20000);
    var image =
        new MachOBuilder(MachO.CPU_TYPE_ARM64_32, 1, 0x100)
            .dylib(MachO.LC_LOAD_DYLIB, "one.dylib")
            .pointer(0, CODE | 1L << 26)
            .pointer(4, 0x2345678 | 1L << 26)
            .pointer(8, 1L << 31 | 0 | 3 << 20)
            .linkedit(MachO.LC_DYLD_CHAINED_FIXUPS, chains)
            .image();
    assertThat(image.subtype()).isEqualTo("arm64_32");
    assertThat(image.slot(DATA)).isEqualTo(new Slot.Local(CODE));
    assertThat(image.slot(DATA + 4)).isEqualTo(Slot.None.INSTANCE);
    assertThat(image.slot(DATA + 8)).isEqualTo(new Slot.Imported("_one", "one.dylib", 3, false));
    assertThat(image.problems()).isEmpty();
  }

  @Test
  void chain_ofFirmware_isDecoded() {
    var image =
        new MachOBuilder(MachO.CPU_TYPE_ARM64_32, 1, 0x100)
            .pointer(0, CODE | 2L << 26)
            .pointer(8, CODE + 4)
            .linkedit(MachO.LC_DYLD_CHAINED_FIXUPS, chains(5, 1, NOTHING, "", 0))
            .image();
    assertThat(image.slot(DATA)).isEqualTo(new Slot.Local(CODE));
    assertThat(image.slot(DATA + 8)).isEqualTo(new Slot.Local(CODE + 4));
  }

  @Test
  void chain_pageWithSeveralStarts_followsEach() {
    // The page's entry leads to entries 1 and 2 of the table, the last one marked.
    var image =
        builder()
            .pointer(0, CODE | 2L << 51)
            .pointer(8, CODE + 4)
            .pointer(64, CODE + 8)
            .linkedit(
                MachO.LC_DYLD_CHAINED_FIXUPS,
                chains(2, 1, plainImports(), NAMES, 0x8001, 0, 0x8000 | 64))
            .image();
    assertThat(image.slot(DATA)).isEqualTo(new Slot.Local(CODE));
    assertThat(image.slot(DATA + 8)).isEqualTo(new Slot.Local(CODE + 4));
    assertThat(image.slot(DATA + 64)).isEqualTo(new Slot.Local(CODE + 8));
    assertThat(image.problems()).isEmpty();
  }

  @Test
  void chain_pageWithoutStart_isLeftAlone() {
    var image =
        builder()
            .pointer(0, CODE)
            .linkedit(MachO.LC_DYLD_CHAINED_FIXUPS, chains(2, 1, plainImports(), NAMES, 0xffff))
            .image();
    assertThat(image.slot(DATA)).isEqualTo(Slot.None.INSTANCE);
    assertThat(image.rebaseCount()).isZero();
    assertThat(image.problems()).isEmpty();
  }

  @Test
  void imports_withAddends_areAdded() {
    byte[] narrow = little(8).putInt(1 | 1 << 9).putInt(-16).array();
    byte[] wide = little(16).putLong(0xfffdL | 1L << 16 | 1L << 32).putLong(1L << 40).array();
    var first =
        builder()
            .pointer(0, 1L << 63 | 4L << 24)
            .linkedit(MachO.LC_DYLD_CHAINED_FIXUPS, chains(6, 2, narrow, NAMES, 0))
            .image();
    assertThat(first.slot(DATA)).isEqualTo(new Slot.Imported("_one", "one.dylib", -12, false));
    var second =
        builder()
            .pointer(0, 1L << 63)
            .linkedit(MachO.LC_DYLD_CHAINED_FIXUPS, chains(6, 3, wide, NAMES, 0))
            .image();
    // The ordinal -3 is the look-up of weak definitions.
    assertThat(second.slot(DATA)).isEqualTo(new Slot.Imported("_one", "", 1L << 40, true));
  }

  @ParameterizedTest
  @CsvSource({
    "0,fixups_version",
    "20,imports_format",
    "24,symbols_format",
  })
  void chain_inUnknownForm_isUnsupported(int field, String name) {
    byte[] chains = chains(2, 1, plainImports(), NAMES, 0);
    ByteBuffer.wrap(chains).order(ByteOrder.LITTLE_ENDIAN).putInt(field, 9);
    var image = builder().pointer(0, CODE).linkedit(MachO.LC_DYLD_CHAINED_FIXUPS, chains).image();
    assertThat(image.problems())
        .anyMatch(
            problem ->
                problem.code() == Problem.Code.UNSUPPORTED && problem.field().endsWith(name));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 4, 8, 11, 13, 14, 99})
  void chain_ofUnknownPointers_isUnsupported(int format) {
    var image =
        builder()
            .pointer(0, CODE)
            .linkedit(MachO.LC_DYLD_CHAINED_FIXUPS, chains(format, 1, plainImports(), NAMES, 0))
            .image();
    assertThat(image.slot(DATA)).isEqualTo(Slot.None.INSTANCE);
    assertThat(image.problems())
        .singleElement()
        .satisfies(problem -> assertThat(problem.code()).isEqualTo(Problem.Code.UNSUPPORTED));
  }

  private static MachOImage opcodes(byte[] rebase, byte[] bind, byte[] weak, byte[] lazy) {
    var builder = builder();
    for (int i = 0; i < 0x100; i += 8) {
      builder.pointer(i, CODE + i);
    }
    return builder.dyldInfo(rebase, bind, weak, lazy, NOTHING).image();
  }

  @Test
  void rebase_allOpcodes_areUnderstood() {
    byte[] rebase =
        stream(
            0x11, // SET_TYPE_IMM pointer
            0x21, 0x00L, // SET_SEGMENT_AND_OFFSET_ULEB __DATA
            0x52, // DO_REBASE_IMM_TIMES 2: 0, 8
            0x30, 8L, // ADD_ADDR_ULEB
            0x41, // ADD_ADDR_IMM_SCALED
            0x60, 1L, // DO_REBASE_ULEB_TIMES: 0x20
            0x70, 0x10L, // DO_REBASE_ADD_ADDR_ULEB: 0x28
            0x80, 3L, 8L, // DO_REBASE_ULEB_TIMES_SKIPPING_ULEB: 0x40, 0x50, 0x60
            0x00);
    MachOImage image = opcodes(rebase, NOTHING, NOTHING, NOTHING);
    assertThat(locals(image)).containsExactly(0L, 8L, 0x20L, 0x28L, 0x40L, 0x50L, 0x60L);
    assertThat(image.rebaseCount()).isEqualTo(7);
    assertThat(image.problems()).isEmpty();
  }

  private static ArrayList<Long> locals(MachOImage image) {
    var out = new ArrayList<Long>();
    for (long at = 0; at < 0x100; at++) {
      if (image.slot(DATA + at) instanceof Slot.Local) {
        out.add(at);
      }
    }
    return out;
  }

  @Test
  void bind_allOpcodes_areUnderstood() {
    byte[] bind =
        stream(
            SET_LIBRARY_1,
            SET_TYPE_POINTER,
            0x41,
            "_weak", // SET_SYMBOL_TRAILING_FLAGS_IMM weak import
            0x60,
            0x7c, // SET_ADDEND_SLEB -4
            SET_DATA,
            0x00L,
            BIND, // 0
            0xa0,
            8L, // DO_BIND_ADD_ADDR_ULEB: 8
            0x40,
            "_plain",
            0x60,
            0x00,
            0x20,
            2L, // SET_DYLIB_ORDINAL_ULEB
            0xb1, // DO_BIND_ADD_ADDR_IMM_SCALED: 0x18
            0x80,
            8L, // ADD_ADDR_ULEB
            0xc0,
            2L,
            8L, // DO_BIND_ULEB_TIMES_SKIPPING_ULEB: 0x30, 0x40
            0x3e, // SET_DYLIB_SPECIAL_IMM flat
            BIND, // 0x50
            0x3f, // the main program
            BIND, // 0x58
            0x30, // the image itself
            BIND, // 0x60
            0x00);
    MachOImage image = opcodes(NOTHING, bind, NOTHING, NOTHING);
    assertThat(image.slot(DATA)).isEqualTo(new Slot.Imported("_weak", "one.dylib", -4, true));
    assertThat(image.slot(DATA + 8)).isEqualTo(new Slot.Imported("_weak", "one.dylib", -4, true));
    var plain = new Slot.Imported("_plain", "two.dylib", 0, false);
    assertThat(image.slot(DATA + 0x18)).isEqualTo(plain);
    assertThat(image.slot(DATA + 0x30)).isEqualTo(plain);
    assertThat(image.slot(DATA + 0x40)).isEqualTo(plain);
    var anywhere = new Slot.Imported("_plain", "", 0, false);
    assertThat(image.slot(DATA + 0x50)).isEqualTo(anywhere);
    assertThat(image.slot(DATA + 0x58)).isEqualTo(anywhere);
    assertThat(image.slot(DATA + 0x60))
        .isEqualTo(new Slot.Imported("_plain", "self.dylib", 0, false));
    assertThat(image.bindCount()).isEqualTo(8);
    assertThat(image.problems()).isEmpty();
  }

  @Test
  void bind_toTheImageItself_isLocalWhereItExportsTheName() {
    byte[] bind = stream(0x30, SET_TYPE_POINTER, 0x40, "_mine", 0x60, 4, SET_DATA, 0L, BIND, 0);
    byte[] trie = stream(0, 1, "_mine", 9, 3, 0, 0x80 | 0x400 & 0x7f, 0x400 >> 7, 0);
    MachOImage image = builder().dyldInfo(NOTHING, bind, NOTHING, NOTHING, trie).image();
    assertThat(image.slot(DATA)).isEqualTo(new Slot.Local(BASE + 0x400 + 4));
  }

  @Test
  void bind_severalForOnePlace_theWeakOneCounts() {
    byte[] rebase = stream(0x11, 0x21, 0L, 0x53, 0);
    byte[] lazy =
        stream(SET_DATA, 0L, 0x11, 0x40, "_lazy", BIND, 0, SET_DATA, 8L, 0x40, "_lazy", BIND, 0);
    byte[] bind = stream(0x11, SET_TYPE_POINTER, 0x40, "_plain", SET_DATA, 8L, BIND, BIND, 0);
    byte[] weak =
        stream(0x48, "_strong", 0x40, "_shared", SET_TYPE_POINTER, SET_DATA, 16L, BIND, 0);
    MachOImage image = opcodes(rebase, bind, weak, lazy);
    assertThat(image.slot(DATA)).isEqualTo(new Slot.Imported("_lazy", "one.dylib", 0, false));
    assertThat(image.slot(DATA + 8)).isEqualTo(new Slot.Imported("_plain", "one.dylib", 0, false));
    assertThat(image.slot(DATA + 16)).isEqualTo(new Slot.Imported("_shared", "", 0, false));
  }

  @Test
  void bind_threaded_followsTheThread() {
    byte[] bind =
        stream(
            0xd0,
            2L, // THREADED, SET_BIND_ORDINAL_TABLE_SIZE_ULEB
            0x11,
            SET_TYPE_POINTER,
            0x40,
            "_one",
            BIND,
            0x12,
            0x41,
            "_two",
            0x60,
            0x10,
            BIND,
            SET_DATA,
            8L,
            0xd1, // THREADED, APPLY
            0x00);
    MachOImage image =
        builder()
            .pointer(8, CODE | 2L << 51)
            .pointer(24, 1L << 62 | 1 | 1L << 51)
            .pointer(32, 1L << 63 | CODE - BASE | 0x77L << 32 | 1L << 51)
            .pointer(40, 3L << 62)
            .dyldInfo(NOTHING, bind, NOTHING, NOTHING, NOTHING)
            .image();
    assertThat(image.slot(DATA + 8)).isEqualTo(new Slot.Local(CODE));
    assertThat(image.slot(DATA + 24)).isEqualTo(new Slot.Imported("_two", "two.dylib", 0x10, true));
    assertThat(image.slot(DATA + 32)).isEqualTo(new Slot.Local(CODE));
    assertThat(image.slot(DATA + 40)).isEqualTo(new Slot.Imported("_one", "one.dylib", 0, false));
    assertThat(image.slot(DATA + 16)).isEqualTo(Slot.None.INSTANCE);
    assertThat(image.problems()).isEmpty();
  }

  @Test
  void rebase_ofMarkedPointers_givesTheirAddress() {
    MachOImage image =
        builder()
            .pointer(0, 0x80L << 56 | CODE)
            .dyldInfo(stream(0x11, 0x21, 0L, 0x51, 0), NOTHING, NOTHING, NOTHING, NOTHING)
            .image();
    assertThat(image.slot(DATA)).isEqualTo(new Slot.Local(CODE));
  }

  /** The symbol table {@code _far} of library 1, {@code _near} at the code, {@code _maybe} weak. */
  private static MachOBuilder withSymbols(MachOBuilder builder) {
    byte[] names = stream(0, "_far", "_near", "_maybe");
    int[][] symbols = {
      {1, MachO.N_UNDF | MachO.N_EXT, 0, 1 << 8, 0},
      {6, MachO.N_SECT | MachO.N_EXT, 1, 0, (int) CODE},
      {12, MachO.N_UNDF | MachO.N_EXT, 0, 2 << 8 | MachO.N_WEAK_REF, 0},
    };
    ByteBuffer table = builder.buffer(symbols.length * (builder.is64 ? 16 : 12));
    for (int[] each : symbols) {
      table.putInt(each[0]).put((byte) each[1]).put((byte) each[2]).putShort((short) each[3]);
      if (builder.is64) {
        table.putLong(each[4]);
      } else {
        table.putInt(each[4]);
      }
    }
    return builder.command(
        MachO.LC_SYMTAB,
        builder.part(table.array()),
        symbols.length,
        builder.part(names),
        names.length);
  }

  private static int relocation(ByteOrder order, int symbol, int length, boolean isExternal) {
    int little = symbol | length << 25 | (isExternal ? 1 << 27 : 0);
    int big = symbol << 8 | length << 5 | (isExternal ? 1 << 4 : 0);
    return order == ByteOrder.LITTLE_ENDIAN ? little : big;
  }

  @ParameterizedTest
  @CsvSource({"0x01000007", "7", "18", "0x01000012"})
  void relocations_ofOldImages_areApplied(String cputype) {
    int type = Integer.decode(cputype);
    boolean isPowerPc = (type & 0xff) == MachO.CPU_TYPE_POWERPC;
    ByteOrder order = isPowerPc ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
    var builder = new MachOBuilder(type, 3, 0x100, order);
    int word = builder.is64 ? 8 : 4;
    int length = builder.is64 ? 3 : 2;
    // Intel's 64-bit images count from the first segment that is writable.
    int from = type == MachO.CPU_TYPE_X86_64 ? 0 : (int) (DATA - BASE);
    ByteBuffer local = builder.buffer(8);
    local.putInt(from).putInt(relocation(order, 0, length, false));
    ByteBuffer external = builder.buffer(8);
    external.putInt(from + 0x10).putInt(relocation(order, 0, length, true));
    ByteBuffer indirect = builder.buffer(16);
    indirect.putInt(0).putInt(1).putInt(2).putInt(MachO.INDIRECT_SYMBOL_LOCAL);
    builder
        .dylib(MachO.LC_LOAD_DYLIB, "one.dylib")
        .dylib(MachO.LC_LOAD_DYLIB, "two.dylib")
        .pointer(0, CODE)
        .pointer(0x10, 3)
        .pointer(0x40, CODE + 0x30)
        .pointer(0x40 + 3 * word, CODE + 8)
        .section("__la_symbol_ptr", 0x40, 4 * word, MachO.S_LAZY_SYMBOL_POINTERS, 0);
    withSymbols(builder);
    var fields = new int[18];
    fields[12] = builder.part(indirect.array());
    fields[13] = 4;
    fields[14] = builder.part(external.array());
    fields[15] = 1;
    fields[16] = builder.part(local.array());
    fields[17] = 1;
    MachOImage image = builder.command(MachO.LC_DYSYMTAB, fields).image();
    assertThat(image.byteOrder()).isEqualTo(order);
    assertThat(image.slot(DATA)).isEqualTo(new Slot.Local(CODE));
    assertThat(image.slot(DATA + 0x10)).isEqualTo(new Slot.Imported("_far", "one.dylib", 3, false));
    assertThat(image.slot(DATA + 0x40)).isEqualTo(new Slot.Imported("_far", "one.dylib", 0, false));
    assertThat(image.slot(DATA + 0x40 + word)).isEqualTo(new Slot.Local(CODE));
    assertThat(image.slot(DATA + 0x40 + 2 * word))
        .isEqualTo(new Slot.Imported("_maybe", "two.dylib", 0, true));
    assertThat(image.slot(DATA + 0x40 + 3 * word)).isEqualTo(new Slot.Local(CODE + 8));
    assertThat(image.slot(DATA + 0x20)).isEqualTo(Slot.None.INSTANCE);
    assertThat(image.problems()).isEmpty();
    var imports = new ArrayList<MachOImport>();
    image.forEachImport(imports::add);
    assertThat(imports)
        .containsExactly(
            new MachOImport("_far", "one.dylib", false),
            new MachOImport("_maybe", "two.dylib", true));
  }

  @Test
  void relocations_scattered_areApplied() {
    var builder = new MachOBuilder(MachO.CPU_TYPE_X86, 3, 0x100);
    ByteBuffer local = builder.buffer(8);
    local.putInt(0x8000_0000 | 2 << 28 | (int) (DATA - BASE) + 8).putInt((int) CODE);
    var fields = new int[18];
    fields[16] = builder.part(local.array());
    fields[17] = 1;
    MachOImage image = builder.pointer(8, CODE + 4).command(MachO.LC_DYSYMTAB, fields).image();
    assertThat(image.subtype()).isEqualTo("i386");
    assertThat(image.slot(DATA + 8)).isEqualTo(new Slot.Local(CODE + 4));
  }

  @Test
  void names_ofFlatNamespace_haveNoLibrary() {
    byte[] bind = stream(SET_LIBRARY_1, SET_TYPE_POINTER, 0x40, "_far", SET_DATA, 0L, BIND, 0);
    MachOImage image =
        builder().flags(0).dyldInfo(NOTHING, bind, NOTHING, NOTHING, NOTHING).image();
    assertThat(image.isTwoLevel()).isFalse();
    assertThat(image.slot(DATA)).isEqualTo(new Slot.Imported("_far", "", 0, false));
  }
}
