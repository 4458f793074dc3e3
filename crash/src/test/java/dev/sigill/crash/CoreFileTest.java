package dev.sigill.crash;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.zip.GZIPOutputStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class CoreFileTest {
  private static final long CODE = 0x7f0000001000L;

  private final Explainer explainer = new Explainer(false);

  /** A core file of x86-64 with the notes that Linux writes and one page of code. */
  private static byte[] core(String hex, int signal) {
    var notes = ByteBuffer.allocate(2048).order(ByteOrder.LITTLE_ENDIAN);
    var status = ByteBuffer.allocate(336).order(ByteOrder.LITTLE_ENDIAN);
    status.putShort(12, (short) signal).putLong(112 + 16 * 8, CODE + 0x10);
    note(notes, 1, status);
    var info = ByteBuffer.allocate(128).order(ByteOrder.LITTLE_ENDIAN);
    info.putInt(0, signal).putInt(8, 2).putLong(16, CODE + 0x10);
    note(notes, 0x53494749, info);
    var auxiliary = ByteBuffer.allocate(32).order(ByteOrder.LITTLE_ENDIAN);
    auxiliary.putLong(6).putLong(16384);
    note(notes, 6, auxiliary);
    byte[] path = "/nowhere/libwide.so\0".getBytes(StandardCharsets.UTF_8);
    var files = ByteBuffer.allocate(40 + path.length).order(ByteOrder.LITTLE_ENDIAN);
    files.putLong(1).putLong(4096).putLong(CODE).putLong(CODE + 0x1000).putLong(3).put(path);
    note(notes, 0x46494c45, files);
    int noteSize = notes.position();
    byte[] code = new byte[0x100];
    byte[] instruction = HexFormat.of().parseHex(hex);
    System.arraycopy(instruction, 0, code, 0x10, instruction.length);
    int noteAt = 64 + 2 * 56;
    var file = ByteBuffer.allocate(noteAt + noteSize + code.length).order(ByteOrder.LITTLE_ENDIAN);
    file.put(new byte[] {0x7f, 'E', 'L', 'F', 2, 1, 1, 0}).position(16);
    file.putShort((short) 4).putShort((short) 62).putInt(1).putLong(0).putLong(64).putLong(0);
    file.putInt(0).putShort((short) 64).putShort((short) 56).putShort((short) 2).position(64);
    file.putInt(4).putInt(4).putLong(noteAt).putLong(0).putLong(0).putLong(noteSize).putLong(0);
    file.putLong(4);
    file.putInt(1).putInt(5).putLong(noteAt + noteSize).putLong(CODE).putLong(0);
    file.putLong(code.length).putLong(0x1000).putLong(0x1000);
    file.put(notes.array(), 0, noteSize).put(code);
    return file.array();
  }

  private static void note(ByteBuffer out, int type, ByteBuffer content) {
    out.putInt(5)
        .putInt(content.capacity())
        .putInt(type)
        .put("CORE\0\0\0\0".getBytes(StandardCharsets.US_ASCII));
    out.put(content.array());
    while (out.position() % 4 != 0) {
      out.put((byte) 0);
    }
  }

  private Explanation explain(byte[] file) {
    try {
      return explainer.explain(new ByteArrayInputStream(file), "core");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void core_ofWideInstruction_namesFileOffsetAndFeature() {
    Explanation found = explain(core("62f17e486f0f", 4));
    Facts facts = found.facts();
    assertThat(found.kind()).isEqualTo("core file");
    assertThat(found.signal()).isEqualTo("SIGILL");
    assertThat(facts.get(Fact.SIGNAL_CODE)).startsWith("ILL_ILLOPN");
    assertThat(facts.get(Fact.IMAGE)).isEqualTo("/nowhere/libwide.so");
    assertThat(facts.get(Fact.IMAGE_OFFSET)).isEqualTo("0x3010");
    assertThat(facts.get(Fact.PAGE_SIZE)).isEqualTo("16384");
    assertThat(facts.get(Fact.INSTRUCTION)).isEqualTo("vmovdqu32 zmm1, zmmword ptr [rdi]");
    assertThat(found.causes().getFirst().cause()).isEqualTo(Cause.ISA_MISSING);
    assertThat(found.causes().getFirst().missing()).containsExactly("avx512f");
  }

  @Test
  void core_ofTrap_isNoMissingFeature() {
    assertThat(explain(core("0f0b", 4)).causes().getFirst().cause())
        .isEqualTo(Cause.NOT_AN_ISA_PROBLEM);
  }

  @Test
  void core_ofBytesThatAreNoInstruction_isABadJump() {
    assertThat(explain(core("ffffffff", 4)).causes().getFirst().cause())
        .isEqualTo(Cause.NOT_AN_ISA_PROBLEM);
  }

  @Test
  void core_whereExecutionIsNotAllowed_isABadJump() {
    Explanation found = explain(core("90", 11));
    assertThat(found.signal()).isEqualTo("SIGSEGV");
    assertThat(found.causes().getFirst().cause()).isEqualTo(Cause.NOT_AN_ISA_PROBLEM);
  }

  @Test
  void core_compressed_isUnpacked() throws IOException {
    var packed = new ByteArrayOutputStream();
    try (var gzip = new GZIPOutputStream(packed)) {
      gzip.write(core("62f17e486f0f", 4));
    }
    assertThat(explain(packed.toByteArray()).kind()).isEqualTo("core file");
    byte[] cut = java.util.Arrays.copyOf(packed.toByteArray(), packed.size() / 2);
    assertThat(explain(cut).problems()).isNotEmpty();
  }

  /**
   * A core file without {@code NT_FILE}, whose list of libraries leads back to its second entry,
   * and with as many program headers as the format has room for.
   */
  private static byte[] cyclicCore() {
    int headers = 60_000;
    int noteAt = 64 + headers * 56;
    int memoryAt = noteAt + 1024;
    var file = ByteBuffer.allocate(memoryAt + 4096).order(ByteOrder.LITTLE_ENDIAN);
    file.put(new byte[] {0x7f, 'E', 'L', 'F', 2, 1, 1, 0}).position(16);
    file.putShort((short) 4).putShort((short) 62).putInt(1).putLong(0).putLong(64).putLong(0);
    file.putInt(0).putShort((short) 64).putShort((short) 56).putShort((short) headers);
    var notes = ByteBuffer.allocate(1024).order(ByteOrder.LITTLE_ENDIAN);
    var status = ByteBuffer.allocate(336).order(ByteOrder.LITTLE_ENDIAN);
    status.putShort(12, (short) 4).putLong(112 + 16 * 8, CODE + 0x10);
    note(notes, 1, status);
    // AT_PHDR, AT_PHNUM, AT_EXECFN.
    var auxiliary = ByteBuffer.allocate(48).order(ByteOrder.LITTLE_ENDIAN);
    auxiliary.putLong(3).putLong(CODE).putLong(5).putLong(1).putLong(31).putLong(CODE + 0xf00);
    note(notes, 6, auxiliary);
    file.position(64).putInt(4).putInt(4).putLong(noteAt).putLong(0).putLong(0);
    file.putLong(notes.position()).putLong(0).putLong(4);
    for (int i = 1; i < headers; i++) {
      file.putInt(1).putInt(5).putLong(memoryAt).putLong(CODE + 0x1000L * (i - 1)).putLong(0);
      file.putLong(4096).putLong(0x1000).putLong(0x1000);
    }
    file.position(noteAt).put(notes.array(), 0, notes.position());
    // PT_DYNAMIC, DT_DEBUG, r_debug, and three link_maps, the last of which leads to the second.
    file.putInt(memoryAt, 2).putLong(memoryAt + 16, CODE + 0x100);
    file.putLong(memoryAt + 0x100, 21).putLong(memoryAt + 0x108, CODE + 0x200);
    file.putLong(memoryAt + 0x208, CODE + 0x300);
    for (int i = 0; i < 3; i++) {
      int at = memoryAt + 0x300 + 0x40 * i;
      file.putLong(at, CODE + 0x1000L * i).putLong(at + 8, CODE + 0xf00);
      file.putLong(at + 24, CODE + 0x300 + 0x40 * (i == 2 ? 1 : i + 1));
    }
    file.position(memoryAt + 0xf00).put("/nowhere/libx.so\0".getBytes(StandardCharsets.UTF_8));
    return file.array();
  }

  @Test
  void core_whoseLibrariesLeadInACircle_isReadOnce() {
    byte[] file = cyclicCore();
    long start = System.nanoTime();
    Explanation found = explain(file);
    assertThat((System.nanoTime() - start) / 1e9).isLessThan(20);
    assertThat(found.facts().libraries()).hasSize(3);
    assertThat(found.facts().get(Fact.IMAGE)).isEqualTo("/nowhere/libx.so");
  }

  @Property(tries = 400)
  void core_damagedAnywhere_neverThrows(
      @ForAll @IntRange(min = 0, max = 1100) int at,
      @ForAll byte value,
      @ForAll @IntRange(min = 20, max = 1200) int length) {
    byte[] file = core("62f17e486f0f", 4);
    file[at % file.length] = value;
    byte[] cut = java.util.Arrays.copyOf(file, Math.min(length, file.length));
    assertThat(explain(cut).causes()).isNotEmpty();
    assertThat(explain(file).causes()).isNotEmpty();
  }
}
