package dev.sigill.isa.x86;

import static dev.sigill.isa.x86.Instructions.decode;
import static dev.sigill.isa.x86.Instructions.features;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class X86DecoderTest {
  private static final int RAX = 1;
  private static final int RCX = 1 << 1;
  private static final int RDX = 1 << 2;
  private static final int RBX = 1 << 3;
  private static final int RSP = 1 << 4;
  private static final int RSI = 1 << 6;
  private static final int RDI = 1 << 7;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      value = {
        "c5f857c0           | vxorps xmm0, xmm0, xmm0                    | avx",
        "c4e2f1f7c2         | shlx rax, rdx, rcx                         | bmi2",
        "488954c810         | mov qword ptr [rax+rcx*8+0x10], rdx        | ''",
        "c4e27918c1         | vbroadcastss xmm0, xmm1                    | avx2",
        "c4e2791801         | vbroadcastss xmm0, dword ptr [rcx]         | avx",
        "c4e27d19c1         | vbroadcastsd ymm0, xmm1                    | avx2",
        "c5fdfec1           | vpaddd ymm0, ymm0, ymm1                    | avx2",
        "c5f9fec1           | vpaddd xmm0, xmm0, xmm1                    | avx",
        "c5fd6f01           | vmovdqa ymm0, ymmword ptr [rcx]            | avx",
        "c4e27917c1         | vptest xmm0, xmm1                          | avx",
        "c4e27d17c1         | vptest ymm0, ymm1                          | avx",
        "c4e3794400 11      | vpclmulqdq xmm0, xmm0, xmmword ptr [rax], 0x11 | pclmulqdq,avx",
        "c4e37d44c011       | vpclmulqdq ymm0, ymm0, ymm0, 0x11          | vpclmulqdq",
        "c4e279dcc1         | vaesenc xmm0, xmm0, xmm1                   | aes,avx",
        "c4e27ddcc1         | vaesenc ymm0, ymm0, ymm1                   | vaes",
        "c4e27850c1         | vpdpbuud xmm0, xmm0, xmm1                  | avx_vnni_int8",
        "c5f892c8           | kmovw k1, eax                              | avx512f",
        "c5f992c8           | kmovb k1, eax                              | avx512dq",
        "c5fb92c8           | kmovd k1, eax                              | avx512bw",
        "c4e1fb92c8         | kmovq k1, rax                              | avx512bw",
        "62f17c4858c1       | vaddps zmm0, zmm0, zmm1                    | avx512f",
        "62f17c0858c1       | vaddps xmm0, xmm0, xmm1                    | avx512f,avx512vl",
        "62f17e0858c1       | vaddss xmm0, xmm0, xmm1                    | avx512f",
        "62f17cba5841 10    | vaddps ymm0{k2}{z}, ymm0, dword ptr [rcx+0x40]{1to8} |"
            + " avx512f,avx512vl",
        "62f57c4858c1       | vaddph zmm0, zmm0, zmm1                    | avx512_fp16",
        "f30fb8c1           | popcnt eax, ecx                            | popcnt",
        "480fc70f           | cmpxchg16b xmmword ptr [rdi]               | cx16",
        "0fc70f             | cmpxchg8b qword ptr [rdi]                  | ''",
        "9f                 | lahf                                       | lahf_lm",
        "db0f               | fisttp dword ptr [rdi]                     | sse3",
        "0f0fca9e           | pfadd mm1, mm2                             | 3dnow",
        "8fe97890c1         | vprotb xmm0, xmm1, xmm0                    | xop",
        "d5 58 01 c0        | add r16, r16                               | apx_f",
      })
  void instruction_ofEachKind_hasItsTextAndFeatures(String hex, String text, String features) {
    X86Decoder decoder = decode(hex);

    assertThat(X86Formatter.format(decoder)).isEqualTo(text);
    assertThat(features(decoder)).isEqualTo(features == null ? "" : features);
    assertThat(decoder.length()).isEqualTo(Instructions.bytes(hex).length);
  }

  @ParameterizedTest
  @CsvSource({
    "f30fbcc1, bmi1",
    "f30fbdc1, lzcnt",
  })
  void bitScan_thatOldProcessorsMisread_needsNothingButSaysSo(String hex, String feature) {
    X86Decoder decoder = decode(hex);

    assertThat(decoder.term()).isZero();
    assertThat(X86Terms.term(decoder.silentTerm()).anyOf().getFirst().ids())
        .containsExactly(feature);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "f30f1efa", // ENDBR64
        "f390", // PAUSE
        "0f0d09", // PREFETCHW
        "0f1c07", // CLDEMOTE
        "f30f1ec8", // RDSSP
        "0f1f4000", // NOP
        "0f1807", // PREFETCHNTA
        "f2f0480fb10f", // XACQUIRE LOCK CMPXCHG
        "0fa2", // CPUID
        "0f31", // RDTSC
        "0f05", // SYSCALL
        "0f44c1", // CMOVE
        "660fefc0", // PXOR
      })
  void instruction_thatNeverFaults_isOfTheBase(String hex) {
    assertThat(decode(hex).term()).isZero();
    assertThat(decode(hex).silentTerm()).isZero();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "06",
        "27",
        "60",
        "82c001",
        "9a00000000",
        "ce",
        "d6",
        "ea",
        "0f04",
        "0f0a",
        "0fa6c1",
        "8ec8", // MOV CS
        "0f20c8", // MOV from CR1
        "f0 90", // LOCK NOP
        "f0 01c0", // LOCK ADD of a register
        "48c5f857c0", // REX before VEX
        "66c5f857c0", // 66 before VEX
        "c5f077", // VZEROUPPER with vvvv
        "62f17c8858c1", // zeroing without a mask
        "62f17c6858c1", // L'L of 3
        "c4e2f992 0408", // gather with equal registers
      })
  void bytes_thatNoProcessorTakes_areInvalid(String hex) {
    assertThat(decode(hex).length()).isZero();
  }

  @Test
  void length_ofPrefixesWithoutEnd_isInvalidAtFifteenBytes() {
    assertThat(decode("66".repeat(15) + "90").length()).isZero();
    assertThat(decode("66".repeat(14) + "90").length()).isEqualTo(15);
  }

  @Test
  void bytes_endingInsideAnInstruction_areTruncatedNotInvalid() {
    var decoder = new X86Decoder();
    byte[] code = Instructions.bytes("48b88877665544332211");

    for (int room = 0; room < code.length; room++) {
      assertThat(decoder.decode(code, 0, room, 0)).isEqualTo(X86Decoder.TRUNCATED);
    }
    assertThat(decoder.decode(code, 0, code.length, 0)).isEqualTo(10);
    assertThat(decoder.immediate()).isEqualTo(0x1122334455667788L);
  }

  @Test
  void bytes_invalidFromTheirFirst_areInvalidHoweverShort() {
    assertThat(new X86Decoder().decode(new byte[] {0x06}, 0, 1, 0)).isEqualTo(X86Decoder.INVALID);
  }

  @ParameterizedTest
  @CsvSource({
    "90, 0",
    "7402, 1",
    "0f8410000000, 1",
    "e302, 1",
    "c7f810000000, 1",
    "eb02, 2",
    "e910000000, 2",
    "ffe0, 3",
    "ff25 10000000, 3",
    "e810000000, 4",
    "ffd0, 5",
    "ff15 10000000, 5",
    "c3, 6",
    "c21000, 6",
    "48cf, 6",
    "0f0b, 7",
    "cc, 7",
    "f4, 7",
    "cd29, 7",
    "cd80, 0",
  })
  void flow_ofEachKind_isTold(String hex, int flow) {
    assertThat(decode(hex).flow()).isEqualTo(flow);
  }

  @Test
  void target_ofBranch_countsFromTheNextInstruction() {
    assertThat(decode("74fe", 0x1000).target()).isEqualTo(0x1000);
    assertThat(decode("e8fbffffff", 0x1000).target()).isEqualTo(0x1000);
    assertThat(decode("66e8f0ffffff", 0x1000).target()).isEqualTo(0xff6);
    assertThat(decode("90").target()).isZero();
  }

  @Test
  void memory_relativeToTheNextInstruction_hasAnAddressAndNoBase() {
    // cmp dword ptr [rip+0x10], 5: the immediate comes after the displacement.
    X86Decoder decoder = decode("833d1000000005", 0x1000);

    assertThat(decoder.isRipRelative()).isTrue();
    assertThat(decoder.memoryAddress()).isEqualTo(0x1017);
    assertThat(decoder.memoryBase()).isEqualTo(-1);
    assertThat(decoder.memoryIndex()).isEqualTo(-1);
    assertThat(decoder.immediate()).isEqualTo(5);
    assertThat(decoder.memoryAccess()).isEqualTo(X86Decoder.READ);
    assertThat(decoder.memoryBytes()).isEqualTo(4);
  }

  @Test
  void memory_withSibByte_hasItsParts() {
    X86Decoder decoder = decode("4a8b84a5 44332211");

    assertThat(decoder.memoryBase()).isEqualTo(5);
    assertThat(decoder.memoryIndex()).isEqualTo(12);
    assertThat(decoder.memoryScale()).isEqualTo(4);
    assertThat(decoder.memoryDisplacement()).isEqualTo(0x11223344);
    assertThat(decode("8b0425 44332211").memoryAddress()).isEqualTo(0x11223344);
    assertThat(decode("8b0424").memoryBase()).isEqualTo(4);
    assertThat(decode("8b0424").memoryIndex()).isEqualTo(-1);
  }

  @Test
  void displacement_ofEvex_isScaledByWhatIsAccessed() {
    assertThat(decode("62f17c48584001").memoryDisplacement()).isEqualTo(64);
    assertThat(decode("62f17c58584001").memoryDisplacement()).isEqualTo(4);
    assertThat(decode("62f17e08584001").memoryDisplacement()).isEqualTo(4);
    assertThat(decode("62f27d4892440801").memoryDisplacement()).isZero();
    assertThat(decode("62f27d4992440801").memoryDisplacement()).isEqualTo(4);
    assertThat(decode("c5fc584001").memoryDisplacement()).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "4801c8        | 3        | 1   | add rax, rcx",
        "4889c8        | 2        | 1   | mov rax, rcx",
        "00e0          | 1        | 1   | add al, ah",
        "00e1          | 3        | 2   | add cl, ah",
        "4000e1        | 18       | 2   | add cl, spl",
        "48f7e1        | 3        | 5   | mul rcx",
        "48f7f1        | 7        | 5   | div rcx",
        "0fa2          | 3        | 15  | cpuid",
        "50            | 17       | 16  | push rax",
        "58            | 16       | 17  | pop rax",
        "488d448810    | 3        | 1   | lea rax, [rax+rcx*4+0x10]",
        "f3a4          | 194      | 194 | rep movsb",
        "a4            | 192      | 192 | movsb",
        "480fb117      | 133      | 1   | cmpxchg qword ptr [rdi], rdx",
        "0f94c1        | 0        | 2   | sete cl",
        "480f44c1      | 3        | 1   | cmove rax, rcx",
        "d3e0          | 3        | 1   | shl eax, cl",
        "c4e2f3f6c2    | 4        | 3   | mulx rax, rcx, rdx",
        "0f01d0        | 2        | 5   | xgetbv",
        "660f3a63c100  | 0        | 2   | pcmpistri",
      })
  void generalRegisters_readAndWritten_areKnown(String hex, int reads, int writes, String text) {
    X86Decoder decoder = decode(hex);
    assertThat(decoder.gprReads()).as(text).isEqualTo(reads);
    assertThat(decoder.gprWrites()).as(text).isEqualTo(writes);
  }

  @Test
  void registers_ofCall_mayAllChange() {
    assertThat(decode("e810000000").gprWrites()).isEqualTo(-1);
    assertThat(decode("e810000000").mayChangeAnything()).isTrue();
    assertThat(decode("4801c8").mayChangeAnything()).isFalse();
  }

  @Test
  void vectors_readAndWritten_areKnown() {
    assertThat(decode("c5f058c2").vectorReads()).isEqualTo(0b110);
    assertThat(decode("c5f058c2").vectorWrites()).isEqualTo(0b001);
    assertThat(decode("0f58c2").vectorReads()).isEqualTo(0b101);
    // Merging keeps masked elements of the target; zeroing does not.
    assertThat(decode("62f1744958c2").vectorReads()).isEqualTo(0b111);
    assertThat(decode("62f174c958c2").vectorReads()).isEqualTo(0b110);
    assertThat(decode("62a17c4828c1").vectorReads()).isEqualTo(1 << 17);
    assertThat(decode("62a17c4828c1").vectorWrites()).isEqualTo(1 << 16);
    assertThat(decode("c5fc77").vectorWrites()).isEqualTo(-1);
    assertThat(decode("c5f877").clearsUpperVectors()).isTrue();
  }

  @Test
  void memory_readAndWritten_isKnown() {
    assertThat(decode("880f").memoryAccess()).isEqualTo(X86Decoder.WRITE);
    assertThat(decode("000f").memoryAccess()).isEqualTo(X86Decoder.READ | X86Decoder.WRITE);
    assertThat(decode("8a0f").memoryAccess()).isEqualTo(X86Decoder.READ);
    assertThat(decode("488d0f").memoryAccess()).isZero();
    assertThat(decode("0f1807").memoryAccess()).isZero();
    assertThat(decode("c5fc1107").memoryBytes()).isEqualTo(32);
    assertThat(decode("0fae27").memoryBytes()).isZero();
    assertThat(decode("0fb607").memoryBytes()).isEqualTo(1);
    assertThat(decode("0fab07").touchesUnknownMemory()).isTrue();
    assertThat(decode("0fabc7").touchesUnknownMemory()).isFalse();
  }

  @Test
  void flags_readAndWritten_areKnown() {
    assertThat(decode("4801c8").writesFlags()).isTrue();
    assertThat(decode("4889c8").writesFlags()).isFalse();
    assertThat(decode("0f44c1").readsFlags()).isTrue();
    assertThat(decode("480fbae007").writesFlags()).isTrue();
    // APX's {nf} add
    assertThat(decode("62f47c0c01c8").writesFlags()).isFalse();
    assertThat(decode("62f47c0801c8").writesFlags()).isTrue();
  }

  @Test
  void operands_ofApxWithNewTarget_areThree() {
    X86Decoder decoder = decode("62f46c1801c8");

    assertThat(X86Formatter.format(decoder)).isEqualTo("add edx, eax, ecx");
    assertThat(decoder.gprWrites()).isEqualTo(RDX);
    assertThat(decoder.gprReads()).isEqualTo(RAX | RCX);
  }

  @Test
  void operands_ofMove_saySizeAccessAndRegister() {
    X86Decoder decoder = decode("66448914 58");

    assertThat(decoder.operandCount()).isEqualTo(2);
    assertThat(decoder.operandKind(0)).isEqualTo(X86Decoder.KIND_MEMORY);
    assertThat(decoder.operandAccess(0)).isEqualTo(X86Decoder.WRITE);
    assertThat(decoder.operandBytes(0)).isEqualTo(2);
    assertThat(decoder.operandKind(1)).isEqualTo(X86Decoder.KIND_GPR);
    assertThat(decoder.operandRegister(1)).isEqualTo(10);
    assertThat(decoder.gprReads()).isEqualTo(RAX | RBX | 1 << 10);
    assertThat(decoder.operandSize()).isEqualTo(2);
  }

  @Test
  void stack_pushedAndPopped_isTold() {
    assertThat(decode("50").pushes()).isTrue();
    assertThat(decode("c3").pops()).isTrue();
    assertThat(decode("c9").gprWrites()).isEqualTo(RSP | 1 << 5);
    assertThat(decode("6a01").immediate()).isEqualTo(1);
    assertThat(decode("6aff").immediate()).isEqualTo(-1);
    assertThat(decode("48a5").gprWrites()).isEqualTo(RSI | RDI);
  }

  @ParameterizedTest
  @CsvSource({
    "7401, 4",
    "0f85 00000000, 5",
    "0f42c1, 2",
    "0f9fc0, 15",
    "90, -1",
    "c4e279e70000, 7"
  })
  void condition_ofConditionalInstruction_isItsCode(String hex, int condition) {
    assertThat(decode(hex).condition()).isEqualTo(condition);
  }

  @Test
  void accessors_afterDecodingAtAnOffsetNearTheEnd_describeThatInstruction() {
    byte[] code = Instructions.bytes("9090488b05100000 00");
    var decoder = new X86Decoder();

    assertThat(decoder.decode(code, 2, code.length, 0x2000)).isEqualTo(7);
    assertThat(decoder.memoryAddress()).isEqualTo(0x2017);
    assertThat(X86Formatter.format(decoder)).isEqualTo("mov rax, qword ptr [rip+0x10]");
  }
}
