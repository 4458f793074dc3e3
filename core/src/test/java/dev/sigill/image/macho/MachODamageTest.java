package dev.sigill.image.macho;

import static dev.sigill.image.macho.MachOBuilder.BASE;
import static dev.sigill.image.macho.MachOBuilder.CODE;
import static dev.sigill.image.macho.MachOBuilder.DATA;
import static dev.sigill.image.macho.MachOBuilder.stream;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sigill.bytes.Problem;
import dev.sigill.image.CodeRange;
import dev.sigill.image.FunctionTable;
import dev.sigill.image.Initialiser;
import dev.sigill.image.PlatformVersion;
import dev.sigill.image.Slot;
import dev.sigill.image.Symbol;
import dev.sigill.platform.OperatingSystem;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Damaged and rare forms, one by one. */
@Timeout(5)
class MachODamageTest {
  private static final byte[] NOTHING = {};

  private static MachOBuilder builder() {
    return new MachOBuilder(MachO.CPU_TYPE_X86_64, 3, 0x100)
        .dylib(MachO.LC_LOAD_DYLIB, "one.dylib");
  }

  private static MachOImage withTrie(byte[] trie) {
    return builder().linkedit(MachO.LC_DYLD_EXPORTS_TRIE, trie).image();
  }

  private static List<String> exports(MachOImage image) {
    var out = new ArrayList<String>();
    image.symbols().forEachExported(symbol -> out.add(symbol.name()));
    return out;
  }

  @Test
  void trie_withACycle_ends() {
    // The root's child "a" has the root as its own child "b".
    MachOImage image = withTrie(stream(0, 1, "a", 5, 2, 0, 0x10, 1, "b", 0));
    assertThat(exports(image)).containsExactly("a");
    assertThat(image.problems()).extracting(Problem::code).containsExactly(Problem.Code.CYCLE);
    assertThat(image.symbols().exported("a")).isNotNull();
    assertThat(image.symbols().exported("aba")).isNotNull();
    assertThat(image.symbols().exported("ab".repeat(1000) + "c")).isNull();
  }

  @Test
  void trie_withAnEdgeWithoutText_leadsToTheNameItself() {
    // _set with an edge of its own beside that to _set0, as some linkers write it.
    MachOImage image =
        withTrie(stream(0, 1, "_set", 8, 0, 2, "0", 15, "", 19, 2, 0, 0x10, 0, 2, 0, 0x20, 0));
    assertThat(exports(image)).containsExactlyInAnyOrder("_set", "_set0");
    assertThat(image.symbols().exported("_set")).extracting(Symbol::address).isEqualTo(BASE + 0x20);
    assertThat(image.symbols().exported("_set0"))
        .extracting(Symbol::address)
        .isEqualTo(BASE + 0x10);
    assertThat(image.problems()).isEmpty();
  }

  @Test
  void trie_withEmptyEdges_ends() {
    MachOImage image = withTrie(stream(0, 1, "", 0));
    assertThat(exports(image)).isEmpty();
    assertThat(image.symbols().exported("x")).isNull();
    assertThat(image.problems()).isNotEmpty();
  }

  @Test
  void trie_thatLeadsOut_isAProblem() {
    MachOImage image = withTrie(stream(0, 2, "a", 0x7fff_ffff_ffff_ffffL, "b", 100L));
    assertThat(exports(image)).isEmpty();
    assertThat(image.symbols().exported("a")).isNull();
    assertThat(image.problems()).isNotEmpty();
  }

  @Test
  void trie_cutOff_isAProblem() {
    MachOImage image = withTrie(stream(0, 200, "abc"));
    assertThat(exports(image)).isEmpty();
    assertThat(image.problems()).isNotEmpty();
  }

  @Test
  void trie_thatMultipliesLongNames_isCutShort() {
    // One edge of 60,000 letters, and behind it 255 short ones many times over.
    var out = new ByteArrayOutputStream();
    String edge = "n".repeat(60_000);
    int root = 2 + edge.length() + 1 + 3;
    out.writeBytes(stream(0, 1, edge));
    out.writeBytes(fixedUleb(root));
    int leavesAt = root + 2 + 250 * (1 + 1 + 3);
    out.writeBytes(stream(0, 250));
    for (int i = 0; i < 250; i++) {
      out.writeBytes(stream(String.valueOf((char) (i < 100 ? 'A' + i % 26 : 'a' + i % 26))));
      out.writeBytes(fixedUleb(leavesAt + 4 * i));
    }
    for (int i = 0; i < 250; i++) {
      out.writeBytes(stream(2, 0, 0x10, 0));
    }
    MachOImage image = withTrie(out.toByteArray());
    assertThat(exports(image)).hasSizeBetween(1, 130);
    assertThat(image.problems()).extracting(Problem::code).contains(Problem.Code.LIMIT);
  }

  private static byte[] fixedUleb(int value) {
    return new byte[] {
      (byte) (value | 0x80), (byte) (value >> 7 | 0x80), (byte) (value >> 14 & 0x7f)
    };
  }

  @Test
  void trie_withReexportAndResolver_isUnderstood() {
    // _a: another name of library 1; _b: a function with a resolver; _c: an absolute number.
    byte[] trie =
        stream(
            0, 1, "_", 5, 0, 3, "a", 17, "b", 27, "c", 33, 0, // a gap
            8, 8, 1, "_else", 0, // at 17, padded
            4, 0x10, 0x40, 0x80, 0x18, 0, // at 27
            2, 2, 0x55, 0);
    MachOImage image = withTrie(trie);
    assertThat(image.symbols().exported("_a"))
        .isEqualTo(new Symbol("_a", 0, 0, Symbol.Kind.FORWARD, true));
    assertThat(image.reexport("_a")).isEqualTo(new MachOImport("_else", "one.dylib", false));
    assertThat(image.reexport("_b")).isNull();
    assertThat(image.symbols().exported("_b"))
        .extracting(Symbol::kind, Symbol::address)
        .containsExactly(Symbol.Kind.INDIRECT_FUNCTION, BASE + 0xc00);
    assertThat(image.symbols().exported("_c"))
        .extracting(Symbol::kind, Symbol::address)
        .containsExactly(Symbol.Kind.OTHER, 0x55L);
    assertThat(exports(image)).containsExactly("_a", "_b", "_c");
    assertThat(image.problems()).isEmpty();
  }

  @Test
  void bind_withoutEnd_stopsAtTheSegmentsEnd() {
    byte[] bind = stream(0x11, 0x51, 0x40, "_x", 0x71, 0L, 0xc0, 0x7fff_ffff_ffff_ffffL, 0L, 0);
    MachOImage image = builder().dyldInfo(NOTHING, bind, NOTHING, NOTHING, NOTHING).image();
    assertThat(image.bindCount()).isEqualTo(0x100 / 8);
    assertThat(image.problems())
        .extracting(Problem::code)
        .containsExactly(Problem.Code.OUT_OF_RANGE);
    assertThat(image.slot(DATA + 0xf8)).isInstanceOf(Slot.Imported.class);
  }

  @Test
  void bind_thatNeverMoves_stopsAtALimit() {
    // Each step back by eight: the same place for ever.
    byte[] bind = stream(0x11, 0x51, 0x40, "_x", 0x71, 0L, 0xc0, 0xffff_ffff_ffff_ffffL, -8L, 0);
    MachOImage image = builder().dyldInfo(NOTHING, bind, NOTHING, NOTHING, NOTHING).image();
    assertThat(image.bindCount()).isEqualTo(1);
    assertThat(image.problems()).extracting(Problem::code).contains(Problem.Code.LIMIT);
  }

  @Test
  void rebase_thatNeverMoves_stopsAtALimit() {
    byte[] rebase = stream(0x11, 0x21, 8L, 0x80, 0xffff_ffff_ffff_ffffL, -8L, 0);
    MachOImage image = builder().dyldInfo(rebase, NOTHING, NOTHING, NOTHING, NOTHING).image();
    assertThat(image.rebaseCount()).isEqualTo(1);
    assertThat(image.problems()).extracting(Problem::code).contains(Problem.Code.LIMIT);
  }

  @Test
  void bind_withoutNameSegmentOrEnd_isAProblem() {
    for (byte[] bind :
        List.of(
            stream(0x11, 0x51, 0x71, 0L, 0x90, 0),
            stream(0x11, 0x51, 0x40, "_x", 0x90, 0),
            stream(0x11, 0x51, 0x40, "_x", 0x79, 0L, 0x90, 0),
            stream(0xe0),
            stream(0xd7),
            stream(0x71, 0x80),
            Arrays.copyOf(stream(0x40, "_endless"), 5))) {
      MachOImage image = builder().dyldInfo(NOTHING, bind, NOTHING, NOTHING, NOTHING).image();
      assertThat(image.slot(DATA)).isEqualTo(Slot.None.INSTANCE);
      assertThat(image.problems()).as(Arrays.toString(bind)).isNotEmpty();
    }
  }

  @Test
  void thread_thatLeavesItsSegment_isAProblem() {
    byte[] bind = stream(0xd0, 1L, 0x11, 0x40, "_x", 0x90, 0x71, 0L, 0xd1, 0);
    MachOImage image =
        new MachOBuilder(MachO.CPU_TYPE_ARM64, 2, 0x100)
            .pointer(0, 0x7ffL << 51)
            .dyldInfo(NOTHING, bind, NOTHING, NOTHING, NOTHING)
            .image();
    assertThat(image.slot(DATA)).isEqualTo(new Slot.Local(0));
    assertThat(image.problems())
        .extracting(Problem::code)
        .containsExactly(Problem.Code.OUT_OF_RANGE);
  }

  @Test
  void chain_metTwice_isACycle() {
    var fixture = MachOFixture.of("orders-arm64-chained.dylib");
    // The page has its one chain twice: by a list of starts behind the pages.
    int part = fixture.i32(fixture.command(MachO.LC_DYLD_CHAINED_FIXUPS) + 8);
    int image = part + fixture.i32(part + 4);
    for (int i = 0; i < fixture.i32(image); i++) {
      int offset = fixture.i32(image + 4 + 4 * i);
      if (offset != 0) {
        int start = fixture.i32(image + offset + 22) & 0xffff;
        fixture.put32(image + offset, 28);
        fixture.put16(image + offset + 22, 0x8001);
        fixture.put16(image + offset + 24, start);
        fixture.put16(image + offset + 26, start);
      }
    }
    assertThat(fixture.image().problems()).extracting(Problem::code).contains(Problem.Code.CYCLE);
  }

  @Test
  void chain_thatLeavesItsPage_isAProblem() {
    var fixture = MachOFixture.of("orders-arm64-chained.dylib");
    fixture.put64(0x8018, fixture.i64(0x8018) | 0xfffL << 51);
    MachOImage image = fixture.image();
    assertThat(image.slot(0x8018)).isEqualTo(new Slot.Local(0x698));
    assertThat(image.slot(0x8020)).isEqualTo(Slot.None.INSTANCE);
    assertThat(fixture.problemFields()).containsExactly("chained fixups of __DATA: next");
  }

  @Test
  void chain_withUnknownOrdinal_isAProblem() {
    var fixture = MachOFixture.of("orders-arm64-chained.dylib");
    fixture.put64(0x8050, 1L << 63 | 0xff_ffff);
    assertThat(fixture.image().slot(0x8050)).isEqualTo(Slot.None.INSTANCE);
    assertThat(fixture.problemFields()).containsExactly("chained fixups of __DATA: ordinal");
  }

  @Test
  void commands_moreThanTheirSize_areAProblem() {
    var fixture = MachOFixture.of("orders-x86_64.dylib");
    fixture.put32(16, -1);
    assertThat(fixture.problemFields()).containsExactly("ncmds");
    assertThat(fixture.image().symbols().exported("_order_price")).isNotNull();
  }

  @Test
  void commands_withoutEnd_areAProblem() {
    var fixture = MachOFixture.of("orders-x86_64.dylib");
    fixture.put32(20, 0x7fff_ffff);
    assertThat(fixture.problemFields()).contains("sizeofcmds");
    fixture = MachOFixture.of("orders-x86_64.dylib");
    fixture.put32(32 + 4, 0);
    assertThat(fixture.problemFields()).containsExactly("load command 0: cmdsize");
    fixture = MachOFixture.of("orders-x86_64.dylib");
    fixture.put32(32 + 4, 0xffff_fff8);
    assertThat(fixture.problemFields()).containsExactly("load command 0: cmdsize");
  }

  @Test
  void segments_thatOverlap_areAProblem() {
    var fixture = MachOFixture.of("orders-x86_64.dylib");
    int second = 32 + fixture.i32(32 + 4);
    fixture.put64(second + 24, 0);
    assertThat(fixture.problemFields()).contains("__DATA: vmaddr");
    assertThat(fixture.image().functions().count()).isEqualTo(8);
  }

  @Test
  void segment_withHugeNumbers_overflowsNothing() {
    var fixture = MachOFixture.of("orders-x86_64.dylib");
    fixture.put64(32 + 24, -16).put64(32 + 32, Long.MAX_VALUE).put64(32 + 40, Long.MAX_VALUE);
    fixture.put64(32 + 48, -1).put32(32 + 64, -1);
    MachOImage image = fixture.image();
    assertThat(image.problems()).isNotEmpty();
    assertThat(image.fileOffset(-8)).isEqualTo(-1);
  }

  @Test
  void functionStarts_outOfTheImage_areAProblem() {
    MachOImage image =
        builder().linkedit(MachO.LC_FUNCTION_STARTS, stream(0xc00L, 0x10L, 1L << 62, 0)).image();
    assertThat(image.functions().count()).isEqualTo(2);
    assertThat(image.functions().at(1).end()).isEqualTo(CODE + 0x400);
    assertThat(image.problems())
        .extracting(Problem::field)
        .containsExactly("LC_FUNCTION_STARTS: entry 2");
  }

  @Test
  void functionStarts_withoutTheInitialisers_areCompleted() {
    // As Apple's linker writes them since it writes __init_offsets.
    MachOImage image =
        builder()
            .data(0, builder().buffer(4).putInt((int) (CODE + 0x40 - BASE)).array())
            .section("__init_offsets", 0, 4, MachO.S_INIT_FUNC_OFFSETS, 0)
            .linkedit(MachO.LC_FUNCTION_STARTS, stream(0xc00L, 0x100L, 0))
            .image();
    assertThat(image.initialisers())
        .containsExactly(new Initialiser(Initialiser.Kind.MOD_INIT, 0, 1, CODE + 0x40));
    assertThat(image.functions().count()).isEqualTo(3);
    assertThat(image.functions().containing(CODE + 0x50))
        .isEqualTo(new FunctionTable.Range(CODE + 0x40, CODE + 0x100));
    assertThat(image.functions().containing(CODE + 0x3f))
        .isEqualTo(new FunctionTable.Range(CODE, CODE + 0x40));
  }

  @Test
  void dataInCode_isLeftOutOfCode() {
    var builder = builder();
    ByteBuffer entries = builder.buffer(32);
    entries.putInt(0xd00).putShort((short) 0x20).putShort((short) 1);
    entries.putInt(0xc80).putShort((short) 0x10).putShort((short) 1);
    entries.putInt(0xc84).putShort((short) 0x20).putShort((short) 1);
    entries.putInt(0x7fff_0000).putShort((short) 8).putShort((short) 1);
    MachOImage image = builder.linkedit(MachO.LC_DATA_IN_CODE, entries.array()).image();
    assertThat(image.code())
        .containsExactly(
            new CodeRange(CODE, CODE + 0x80, 0xc00),
            new CodeRange(CODE + 0xa4, CODE + 0x100, 0xca4),
            new CodeRange(CODE + 0x120, CODE + 0x400, 0xd20));
    assertThat(image.problems()).hasSize(1);
  }

  @Test
  void code_encrypted_isLeftOutAndSaid() {
    MachOImage image = builder().command(MachO.LC_ENCRYPTION_INFO_64, 0xd00, 0x100, 1, 0).image();
    assertThat(image.isEncrypted()).isTrue();
    assertThat(image.code())
        .containsExactly(
            new CodeRange(CODE, CODE + 0x100, 0xc00),
            new CodeRange(CODE + 0x200, CODE + 0x400, 0xe00));
    assertThat(image.problems())
        .extracting(Problem::field, Problem::effect)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple(
                "LC_ENCRYPTION_INFO: cryptid", Problem.Effect.PART_LOST));
  }

  @Test
  void initialisers_ofRareKinds_comeInOrder() {
    MachOImage image =
        builder()
            .pointer(0, CODE + 1)
            .pointer(8, 0)
            .pointer(16, CODE + 2)
            .pointer(24, 0x1234)
            .section("__thread_init", 0, 8, MachO.S_THREAD_LOCAL_INIT_FUNCTION_POINTERS, 0)
            .section("__mod_init_func", 8, 24, MachO.S_MOD_INIT_FUNC_POINTERS, 0)
            .command(MachO.LC_ROUTINES_64, (int) CODE + 3, 0, 0, 0, 0, 0, 0, 0)
            .image();
    assertThat(image.initialisers())
        .containsExactly(
            new Initialiser(Initialiser.Kind.ROUTINES, 0, 1, CODE + 3),
            new Initialiser(Initialiser.Kind.MOD_INIT, 0, 1, CODE + 2),
            new Initialiser(Initialiser.Kind.THREAD_INIT, 0, 1, CODE + 1));
    // What is neither empty nor code was an initialiser that is lost.
    assertThat(image.problems())
        .extracting(Problem::field)
        .containsExactly("__DATA,__mod_init_func: entry 2");
  }

  @Test
  void platform_severalStated_prefersMacOs() {
    MachOImage image =
        builder()
            .command(MachO.LC_BUILD_VERSION, 6, 0x000e_0000, 0x0010_0400, 0)
            .command(MachO.LC_BUILD_VERSION, 1, 0x000a_0f06, 0x000d_0300, 0)
            .command(MachO.LC_BUILD_VERSION, 7, 0x000e_0000, 0, 0)
            .image();
    assertThat(image.platform())
        .isEqualTo(new PlatformVersion(OperatingSystem.MACOS, "10.15.6", "13.3"));
    assertThat(image.platforms())
        .containsExactly(
            new PlatformVersion(OperatingSystem.MAC_CATALYST, "14.0", "16.4"),
            image.platform(),
            new PlatformVersion(OperatingSystem.OTHER_APPLE, "14.0", ""));
    assertThat(image.platformNames()).containsExactly("Mac Catalyst", "macOS", "iOS simulator");
  }

  @Test
  void platform_ofOldImages_isRead() {
    assertThat(builder().command(MachO.LC_VERSION_MIN_MACOSX, 0x000a_0900, 0).image().platform())
        .isEqualTo(new PlatformVersion(OperatingSystem.MACOS, "10.9", ""));
    assertThat(builder().image().platform())
        .isEqualTo(new PlatformVersion(OperatingSystem.MACOS, "", ""));
    assertThat(new MachOBuilder(MachO.CPU_TYPE_ARM64, 0, 64).image().platform().system())
        .isEqualTo(OperatingSystem.UNKNOWN);
  }

  @Test
  void entry_ofOldPrograms_isTheirThreadsProgramCounter() {
    var state = new int[2 + 42];
    state[0] = 4;
    state[1] = 42;
    state[2 + 32] = (int) CODE;
    assertThat(
            builder()
                .filetype(MachO.MH_EXECUTE)
                .command(MachO.LC_UNIXTHREAD, state)
                .image()
                .entry())
        .isEqualTo(CODE);
  }

  @Test
  void dylib_ofNewCommand_hasItsFlags() {
    var builder = new MachOBuilder(MachO.CPU_TYPE_ARM64, 0, 64);
    builder.command(MachO.LC_LOAD_WEAK_DYLIB, 28, 0x1a741800, 0x10000, 0x10000, 9, 0x6c69_622f, 0);
    MachOImage image = builder.image();
    assertThat(image.dylibs().getFirst().isWeak()).isTrue();
    assertThat(image.dylibs().getFirst().name()).isEqualTo("/bil");
    assertThat(image.needed().getFirst().isOptional()).isTrue();
  }

  @Test
  void dylib_nameOutsideItsCommand_isAProblem() {
    var fixture = MachOFixture.of("orders-x86_64.dylib");
    fixture.put32(fixture.command(MachO.LC_LOAD_DYLIB) + 8, 4000);
    assertThat(fixture.problemFields()).containsExactly("LC_LOAD_DYLIB: name");
    assertThat(fixture.image().needed()).hasSize(2);
  }

  @Test
  void symbols_namesOutsideTheTable_areEmpty() {
    var fixture = MachOFixture.of("orders-x86_64.dylib");
    int symtab = fixture.command(MachO.LC_SYMTAB);
    for (int i = 0; i < fixture.i32(symtab + 12); i++) {
      fixture.put32(fixture.i32(symtab + 8) + 16 * i, -1);
    }
    MachOImage image = fixture.image();
    var names = new ArrayList<String>();
    image.symbols().forEachDefined(symbol -> names.add(symbol.name()));
    // Those of the export trie are left.
    assertThat(names).hasSize(7);
    assertThat(image.symbols().containing(0x705)).isNotNull();
  }

  @Test
  void signature_withCertificate_isToldFromOneWithout() {
    ByteBuffer blob = ByteBuffer.allocate(0x60);
    blob.putInt(0xfade0cc0)
        .putInt(0x60)
        .putInt(2)
        .putInt(0)
        .putInt(0x20)
        .putInt(0x10000)
        .putInt(0x40);
    blob.putInt(0x20, 0xfade0c02).putInt(0x24, 0x20).putInt(0x2c, 0x10000);
    blob.putInt(0x40, 0xfade0b01).putInt(0x44, 0x20);
    assertThat(builder().linkedit(MachO.LC_CODE_SIGNATURE, blob.array()).image().signature())
        .isEqualTo(MachOImage.Signature.CERTIFICATE);
    blob.putInt(0x44, 8).putInt(0x2c, 2);
    assertThat(builder().linkedit(MachO.LC_CODE_SIGNATURE, blob.array()).image().signature())
        .isEqualTo(MachOImage.Signature.AD_HOC);
    MachOImage unreadable = builder().linkedit(MachO.LC_CODE_SIGNATURE, new byte[64]).image();
    assertThat(unreadable.signature()).isEqualTo(MachOImage.Signature.UNREADABLE);
    assertThat(unreadable.isSigned()).isTrue();
  }
}
