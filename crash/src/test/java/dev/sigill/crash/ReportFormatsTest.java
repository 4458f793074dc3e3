package dev.sigill.crash;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** Reports written from the documented formats. */
class ReportFormatsTest {
  private final Explainer explainer = new Explainer(false);

  /** {@code c5 f8 57 c0}, vxorps xmm0, xmm0, xmm0, under Rosetta 2. */
  private static final String IPS =
      """
      {"app_name":"python3.9","timestamp":"2022-01-20 10:00:00.00 +0100","bug_type":"309","os_version":"macOS 12.1 (21C52)"}
      {
        "cpuType" : "X86-64",
        "translated" : true,
        "modelCode" : "MacBookPro17,1",
        "procName" : "python3.9",
        "osVersion" : { "train" : "macOS 12.1", "build" : "21C52" },
        "exception" : {"codes":"0x0000000000000001, 0x0000000000000000","rawCodes":[1,0],"type":"EXC_BAD_INSTRUCTION","signal":"SIGILL"},
        "termination" : {"flags":0,"code":4,"namespace":"SIGNAL","indicator":"Illegal instruction: 4","byProc":"exc handler"},
        "faultingThread" : 0,
        "threads" : [{"triggered":true,"id":1,"threadState":{"flavor":"x86_THREAD_STATE","rip":{"value":4355064606}},
          "frames":[{"imageOffset":350,"symbol":"_ZN6google8protobuf8internal13OnShutdownRunEPFvPKvES3_","symbolLocation":350,"imageIndex":0},
                    {"imageOffset":1000,"symbol":"dyld4::Loader::findAndRunAllInitializers(dyld4::RuntimeState&) const","imageIndex":1}]}],
        "instructionByteStream" : {"beforePC":"AAAA","atPC":"xfhXwEiJ5Q=="},
        "usedImages" : [
          {"source":"P","arch":"x86_64","base":4355064256,"size":40960,"uuid":"x","path":"/Users/jane/venv/lib/python3.9/site-packages/tensorflow/libtensorflow_framework.2.dylib","name":"libtensorflow_framework.2.dylib"},
          {"source":"P","arch":"arm64","base":140703128616960,"size":1000,"uuid":"y","path":"/usr/libexec/rosetta/runtime","name":"runtime"}]
      }
      """;

  @Test
  void ips_underRosetta_namesImageInstructionAndTranslator() {
    Explanation found = explainer.explain(IPS);
    assertThat(found.kind()).isEqualTo("macOS crash report (.ips)");
    assertThat(found.signal()).isEqualTo("SIGILL");
    Facts facts = found.facts();
    assertThat(facts.isTranslated()).isTrue();
    assertThat(facts.get(Fact.PROCESS_ARCH)).isEqualTo("x86_64");
    assertThat(facts.get(Fact.OS)).isEqualTo("macOS 12.1 (21C52)");
    assertThat(facts.get(Fact.IMAGE)).endsWith("/libtensorflow_framework.2.dylib");
    assertThat(facts.get(Fact.IMAGE_OFFSET)).isEqualTo("0x15e");
    assertThat(facts.get(Fact.INSTRUCTION)).isEqualTo("vxorps xmm0, xmm0, xmm0");
    assertThat(facts.get(Fact.FUNCTION)).startsWith("google::protobuf::internal::OnShutdownRun(");
    Diagnosis first = found.causes().getFirst();
    assertThat(first.cause()).isEqualTo(Cause.ISA_MISSING);
    assertThat(first.likelihood()).isEqualTo(Likelihood.CERTAIN);
    assertThat(first.missing()).containsExactly("avx");
    assertThat(first.because()).anyMatch(b -> b.contains("no AVX before macOS 15"));
  }

  /** As reports of Intel code have it: numbers, and the place of the fault among them. */
  @Test
  void ips_withBytesAsNumbers_decodesThoseAtTheFault() {
    String stream =
        "\"triggered\":true,\"instructionState\":{\"instructionStream\":{\"bytes\":[85,72,137,229,"
            + "197,248,87,192,197,248,17,7],\"offset\":4}},";
    Explanation found =
        explainer.explain(
            IPS.replace("\"instructionByteStream\"", "\"x\"")
                .replace("\"triggered\":true,", stream));
    assertThat(found.facts().get(Fact.INSTRUCTION)).isEqualTo("vxorps xmm0, xmm0, xmm0");
    for (String offset : new String[] {"-1", "99", "2147483647", "\"x\""}) {
      Explanation odd =
          explainer.explain(
              IPS.replace("\"instructionByteStream\"", "\"x\"")
                  .replace(
                      "\"triggered\":true,",
                      stream.replace("\"offset\":4", "\"offset\":" + offset)));
      assertThat(odd.causes().getFirst().cause()).isEqualTo(Cause.ISA_MISSING);
    }
  }

  @Test
  void ips_whoseProgramSaidWhyItTrapped_isNoMissingInstruction() {
    Explanation found =
        explainer.explain(
            IPS.replace("\"instructionByteStream\"", "\"x\"")
                .replace("\"translated\" : true", "\"translated\" : false")
                .replace(
                    "\"faultingThread\" : 0",
                    "\"asi\" : {\"libswiftCore.dylib\":[\"Fatal error: Index out of range\"]},"
                        + " \"faultingThread\" : 0"));
    assertThat(found.causes().getFirst().cause()).isEqualTo(Cause.NOT_AN_ISA_PROBLEM);
  }

  @Test
  void crashText_withInstructionStream_decodesFromTheBrackets() {
    Explanation found =
        explainer.explain(
            """
            Process:               foo [4711]
            Code Type:             X86-64 (Native)
            OS Version:            macOS 12.6 (21G115)
            Crashed Thread:        0
            Exception Type:        EXC_BAD_INSTRUCTION (SIGILL)

            Thread 0 instruction stream:
              55 48 89 e5 41 57 41 56-53 50 48 89 fb 48 8d 3d  UH..AWAVSPH..H.=
              00 00 00 00 90 90 90 90-90 90 90 90 90 90 90 90  ................
             [c5]fc 28 07 c5 fc 58 06-c5 fc 11 07 c3 90 90 90  ..(...X.........	<==
              90 90 90 90 90 90 90 90-90 90 90 90 90 90 90 90  ................

            Binary Images:
            """);
    assertThat(found.facts().get(Fact.INSTRUCTION)).startsWith("vmovaps ymm0");
    assertThat(found.causes().getFirst().missing()).containsExactly("avx");
  }

  /** Words in a program's own file are messages that never came. */
  @Test
  void program_isNoReport() throws IOException {
    byte[] words = "Illegal instruction (core dumped)".getBytes(StandardCharsets.US_ASCII);
    for (int[] magic :
        new int[][] {
          {0x7f, 'E', 'L', 'F'}, {'P', 'K', 3, 4}, {0xcf, 0xfa, 0xed, 0xfe}, {'M', 'Z'}
        }) {
      var file = new byte[200];
      for (int i = 0; i < magic.length; i++) {
        file[i] = (byte) magic[i];
      }
      System.arraycopy(words, 0, file, 100, words.length);
      Explanation found = explainer.explain(new ByteArrayInputStream(file), "file");
      assertThat(found.isExplained()).isFalse();
      assertThat(found.causes().getFirst().because()).anyMatch(b -> b.contains("sigill check"));
    }
  }

  @Test
  void ips_cutOff_stillTellsTheSignal() {
    Explanation found = explainer.explain(IPS.substring(0, 700));
    assertThat(found.problems()).isNotEmpty();
    assertThat(found.causes().getFirst().cause()).isEqualTo(Cause.ISA_MISSING);
  }

  @Test
  void ips_withAbortOfItsOwnCheck_isARefusal() {
    String report =
        IPS.replace("EXC_BAD_INSTRUCTION", "EXC_CRASH")
            .replace("\"SIGILL\"", "\"SIGABRT\"")
            .replace("Illegal instruction: 4", "Abort trap: 6")
            .replace("xfhXwEiJ5Q==", "D7dF")
            .replace(
                "\"faultingThread\" : 0",
                "\"asi\" : {\"libsystem_c.dylib\":[\"The TensorFlow library was compiled to use AVX"
                    + " instructions, but these aren't available on your machine.\"]},"
                    + " \"faultingThread\" : 0");
    Explanation found = explainer.explain(report);
    assertThat(found.signal()).isEqualTo("SIGABRT");
    assertThat(found.causes().getFirst().cause()).isEqualTo(Cause.SELF_CHECK_REFUSAL);
  }

  @Test
  void crashText_translated_namesImageAndOffset() {
    Explanation found =
        explainer.explain(
            """
            Process:               foo [4711]
            Path:                  /opt/foo/bin/foo
            Code Type:             X86-64 (Translated)
            OS Version:            macOS 11.1 (20C69)
            Crashed Thread:        0  Dispatch queue: com.apple.main-thread

            Exception Type:        EXC_BAD_INSTRUCTION (SIGILL)
            Exception Codes:       0x0000000000000001, 0x0000000000000000
            Termination Signal:    Illegal instruction: 4

            Thread 0 Crashed:: Dispatch queue: com.apple.main-thread
            0   libwide.dylib                 	0x000000010c3a5b1e widen + 30
            1   foo                           	0x000000010c2a1000 main + 16

            Binary Images:
                   0x10c3a4000 -        0x10c3affff +libwide.dylib (0) <12345678-1234-1234-1234-123456789ABC> /opt/foo/lib/libwide.dylib
            """);
    assertThat(found.facts().isTranslated()).isTrue();
    assertThat(found.facts().get(Fact.IMAGE)).isEqualTo("/opt/foo/lib/libwide.dylib");
    assertThat(found.facts().get(Fact.IMAGE_OFFSET)).isEqualTo("0x1b1e");
    assertThat(found.facts().get(Fact.FUNCTION)).isEqualTo("widen");
    assertThat(found.causes().getFirst().cause()).isEqualTo(Cause.ISA_MISSING);
  }

  /** The lines of a real log that matter: a JNI library that ends in {@code ud2}. */
  private static final String HS_ERR =
      """
      #
      # A fatal error has been detected by the Java Runtime Environment:
      #
      #  SIGILL (0x4) at pc=0x00007f7d88017113, pid=8958, tid=8959
      #
      # JRE version: OpenJDK Runtime Environment Temurin-25.0.3+9 (25.0.3+9) (build 25.0.3+9-LTS)
      # Java VM: OpenJDK 64-Bit Server VM Temurin-25.0.3+9 (25.0.3+9-LTS, mixed mode, g1 gc, linux-amd64)
      # Problematic frame:
      # C  [libjnifault.so+0x1113]  inner+0xa
      #

      ---------------  S U M M A R Y ------------

      ---------------  T H R E A D  ---------------

      siginfo: si_signo: 4 (SIGILL), si_code: 2 (ILL_ILLOPN), si_addr: 0x00007f7d88017113

      Instructions: (pc=0x00007f7d88017113)
      0x00007f7d88017103:   1f 80 00 00 00 00 85 ff 75 03 89 f8 c3 66 90 0f
      0x00007f7d88017113:   0f 0b 48 83 ec 08 bf 01 00 00 00 e8 e6 ff ff ff

      ---------------  P R O C E S S  ---------------

      Dynamic libraries:
      7f7d88016000-7f7d88017000 r--p 00000000 00:1f 1234                       /srv/app/libjnifault.so
      7f7d88017000-7f7d88018000 r-xp 00001000 00:1f 1234                       /srv/app/libjnifault.so
      """;

  @Test
  void hsErr_trapInJniLibrary_isNoMissingFeature() {
    Explanation found = explainer.explain(HS_ERR);
    assertThat(found.kind()).isEqualTo("JVM error log");
    assertThat(found.facts().get(Fact.IMAGE)).isEqualTo("/srv/app/libjnifault.so");
    assertThat(found.facts().get(Fact.FUNCTION)).isEqualTo("inner");
    assertThat(found.facts().get(Fact.INSTRUCTION)).isEqualTo("ud2");
    assertThat(found.causes().getFirst().cause()).isEqualTo(Cause.NOT_AN_ISA_PROBLEM);
    assertThat(found.causes()).noneMatch(d -> d.cause() == Cause.JIT_CODE);
  }

  @Test
  void hsErr_wideInstructionInJniLibrary_needsItsFeature() {
    Explanation found = explainer.explain(HS_ERR.replace("0f 0b 48 83 ec 08", "62 f1 7e 48 6f 0f"));
    assertThat(found.causes().getFirst().cause()).isEqualTo(Cause.ISA_MISSING);
    assertThat(found.causes().getFirst().missing()).containsExactly("avx512f");
  }

  @Test
  void hsErr_generatedCode_isTheJit() {
    Explanation found =
        explainer.explain(
            HS_ERR
                .replace(
                    "# C  [libjnifault.so+0x1113]  inner+0xa",
                    "# J 123 c2 java.lang.String.hashCode()I java.base (60 bytes) @ 0x0 [0x0+0x1]")
                .replaceAll("(?s)Instructions:.*?\\n\\n", "\n"));
    assertThat(found.causes().getFirst().cause()).isEqualTo(Cause.JIT_CODE);
  }

  @Test
  void kernelLines_oldAndNew_giveOffsets() {
    Facts old =
        explainer
            .explain(
                "kernel: traps: freqtrade[7586] trap invalid opcode ip:7f4f02415979"
                    + " sp:7ffdb51aa910 error:0 in _catboost.so[7f4f016a9000+1985000]")
            .facts();
    assertThat(old.get(Fact.IMAGE)).isEqualTo("_catboost.so");
    assertThat(old.get(Fact.IMAGE_OFFSET)).isEqualTo("0xd6c979");
    Facts recent =
        explainer
            .explain(
                "traps: ill[10876] trap invalid opcode ip:55dd4e14b12d sp:7ffe295ce270 error:0 in"
                    + " ill[112d,55dd4e14b000+1000]")
            .facts();
    assertThat(recent.get(Fact.PROCESS)).isEqualTo("ill");
    assertThat(recent.get(Fact.IMAGE_OFFSET)).isEqualTo("0x112d");
  }

  @Test
  void kernelLine_ofArm_decodesTheWordInBrackets() {
    Explanation trap =
        explainer.explain(
            "app[812]: undefined instruction: pc=00000000c0de1234\n"
                + "Code: d503201f 910003fd 52800000 d65f03c0 (d4200020)");
    assertThat(trap.facts().get(Fact.INSTRUCTION)).isEqualTo("brk #0x1");
    assertThat(trap.causes().getFirst().cause()).isEqualTo(Cause.NOT_AN_ISA_PROBLEM);
    Explanation atomic =
        explainer.explain(
            "app[812]: undefined instruction: pc=00000000c0de1234\n"
                + "Code: d503201f 910003fd 52800000 d65f03c0 (b8e10000)");
    assertThat(atomic.causes().getFirst().missing()).containsExactly("FEAT_LSE");
  }

  @Test
  void goReport_givesTheBytes() {
    Explanation found =
        explainer.explain(
            "SIGILL: illegal instruction\nPC=0x46f5e2 m=0 sigcode=2\ninstruction bytes: 0xc5 0xf9"
                + " 0x6e 0xc0 0xc4 0xe2 0x7d 0x58 0xc0 0x90\n\ngoroutine 1 [running]:");
    assertThat(found.facts().get(Fact.INSTRUCTION)).startsWith("vmovd xmm0, eax");
    assertThat(found.causes().getFirst().missing()).containsExactly("avx");
  }

  @Test
  void windowsReport_givesModuleAndOffset() {
    Explanation found =
        explainer.explain(
            "Faulting application name: python.exe, version: 3.9\n"
                + "Faulting module name: torch_cpu.dll, version: 0.0.0.0\n"
                + "Exception code: 0xc000001d\nFault offset: 0x0000000001f2a3b4\n");
    assertThat(found.signal()).isEqualTo("SIGILL");
    assertThat(found.facts().get(Fact.IMAGE)).isEqualTo("torch_cpu.dll");
    assertThat(found.facts().get(Fact.IMAGE_OFFSET)).isEqualTo("0x1f2a3b4");
  }

  @Test
  void faulthandler_namesTheInnermostPackage() {
    Explanation found =
        explainer.explain(
            """
            Fatal Python error: Illegal instruction

            Current thread 0x00007f (most recent call first):
              File "<frozen importlib._bootstrap>", line 241 in _call_with_frames_removed
              File "/srv/env/lib/python3.11/site-packages/tensorflow/python/pywrap_tensorflow.py", line 62 in <module>
              File "app.py", line 1 in <module>
            """);
    assertThat(found.facts().get(Fact.PACKAGE)).isEqualTo("tensorflow");
    assertThat(found.causes().getFirst().cause()).isEqualTo(Cause.ISA_MISSING);
  }
}
