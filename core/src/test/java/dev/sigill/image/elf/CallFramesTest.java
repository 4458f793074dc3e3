package dev.sigill.image.elf;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sigill.bytes.Bytes;
import dev.sigill.image.FunctionTable;
import dev.sigill.platform.Architecture;
import java.nio.ByteOrder;
import java.util.HexFormat;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class CallFramesTest {
  private static final long STACK = 0x7ffe_0000_1000L;
  private static final long BIAS = 0x7f12_3456_7000L;
  private static final CallFrames.Memory MEMORY = address -> OptionalLong.of(address * 3);

  private static FrameRegisters registers(Architecture architecture, long programCounter) {
    var general = new long[32];
    for (int i = 0; i < general.length; i++) {
      general[i] = 0x1000L * i;
    }
    general[FrameRegisters.stackRegister(architecture)] = STACK;
    return FrameRegisters.of(architecture, general, programCounter);
  }

  @Test
  void caller_atTheFirstInstruction_isWhereTheCallWillReturn() {
    int tried = 0;
    for (String name : ElfFixture.names()) {
      ElfImage image = ElfFixture.read(name);
      CallFrames frames = image.callFrames();
      Architecture architecture = image.architecture();
      if (frames == null || !FrameRegisters.isKnown(architecture)) {
        continue;
      }
      boolean isX86 = architecture == Architecture.X86_64;
      for (int i = 0; i < image.functions().count(); i++) {
        FunctionTable.Range range = image.functions().at(i);
        var before = registers(architecture, range.start() + BIAS);
        if (frames.caller(before, BIAS, MEMORY)
            instanceof CallFrames.Step.Caller(FrameRegisters after)) {
          // The linkage table is described as a whole, and _start has no caller.
          boolean isTable = isX86 && after.stackPointer() == STACK + 16;
          long expected = isX86 ? (isTable ? (STACK + 8) * 3 : STACK * 3) : 30 * 0x1000L;
          assertThat(after.programCounter()).as(name + " " + range).isEqualTo(expected);
          assertThat(after.place()).isEqualTo(expected - 1);
          tried++;
        }
      }
    }
    assertThat(tried).isGreaterThan(20);
  }

  @Test
  void caller_outsideOfEveryFunction_isUnknown() {
    for (String name : ElfFixture.names()) {
      ElfImage image = ElfFixture.read(name);
      CallFrames frames = image.callFrames();
      if (frames != null && FrameRegisters.isKnown(image.architecture())) {
        assertThat(frames.caller(registers(image.architecture(), 5), 0, MEMORY))
            .isEqualTo(new CallFrames.Step.Unknown());
      }
    }
  }

  private static OptionalLong value(String hex, long programCounter) {
    Bytes program = Bytes.of(HexFormat.of().parseHex(hex), "");
    var general = new long[17];
    general[7] = STACK;
    general[16] = programCounter;
    return FrameExpression.value(
        program,
        ByteOrder.LITTLE_ENDIAN,
        FrameRegisters.of(Architecture.X86_64, general, programCounter),
        MEMORY,
        OptionalLong.empty());
  }

  @Test
  void expression_ofALinkageTable_countsItsPush() {
    // What linkers write: rsp + 8 + ((rip & 15) >= 11) << 3.
    String table = "7708800 03f1a3b2a332422".replace(" ", "");
    assertThat(value(table, 0x1003)).hasValue(STACK + 8);
    assertThat(value(table, 0x100b)).hasValue(STACK + 16);
  }

  @Test
  void expression_thatReadsMemory_followsIt() {
    assertThat(value("770006", 0)).hasValue(STACK * 3);
    assertThat(value("77001206 1c".replace(" ", ""), 0)).hasValue(STACK - STACK * 3);
  }

  @Test
  void expression_damaged_hasNoValue() {
    assertThat(value("", 0)).isEmpty();
    assertThat(value("22", 0)).isEmpty();
    assertThat(value("ff", 0)).isEmpty();
    assertThat(value("0a12", 0)).isEmpty();
    assertThat(value("2ffdff", 0)).as("jumps back for ever").isEmpty();
    assertThat(value("302ffcff", 0)).as("grows for ever").isEmpty();
  }
}
