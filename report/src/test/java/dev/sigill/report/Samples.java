package dev.sigill.report;

import dev.sigill.analysis.Certainty;
import dev.sigill.analysis.CodePlace;
import dev.sigill.analysis.CpuCheck;
import dev.sigill.analysis.MergedFunction;
import dev.sigill.analysis.Protection;
import dev.sigill.analysis.Stage;
import dev.sigill.bytes.Place;
import dev.sigill.bytes.Problem;
import dev.sigill.isa.Feature;
import dev.sigill.isa.FeatureSet;
import dev.sigill.machine.Machine;
import dev.sigill.machine.SystemProfile;
import dev.sigill.machine.Translator;
import dev.sigill.platform.Architecture;
import dev.sigill.platform.OperatingSystem;
import dev.sigill.platform.Version;
import dev.sigill.verdict.Contained;
import dev.sigill.verdict.Coverage;
import dev.sigill.verdict.Finding;
import dev.sigill.verdict.Fix;
import dev.sigill.verdict.Proof;
import dev.sigill.verdict.Result;
import dev.sigill.verdict.Rule;
import dev.sigill.verdict.Verdict;
import java.util.ArrayList;
import java.util.List;

/** Hand-made machines and answers. */
final class Samples {
  static final FeatureSet V2 =
      FeatureSet.of(
          Feature.SSE,
          Feature.SSE2,
          Feature.SSE3,
          Feature.SSSE3,
          Feature.SSE4_1,
          Feature.SSE4_2,
          Feature.POPCNT);
  static final FeatureSet V3 = V2.with(FeatureSet.of(Feature.AVX, Feature.AVX2, Feature.FMA));

  static final Machine NEHALEM =
      x86("nehalem", "Intel Nehalem (2008)", V2, V2, FeatureSet.empty(), Translator.NONE);
  static final Machine WESTMERE =
      x86("westmere", "Intel Westmere (2010)", V2, V2, FeatureSet.empty(), Translator.NONE);
  static final Machine HASWELL =
      x86("haswell", "Intel Haswell (2013)", V3, V3, FeatureSet.empty(), Translator.NONE);
  static final Machine ROSETTA =
      new Machine(
          "m1-rosetta-macos15",
          "Apple M1 under Rosetta 2, macOS 15",
          Architecture.X86_64,
          V2,
          V3,
          FeatureSet.of(Feature.FMA),
          Translator.ROSETTA_2,
          Architecture.ARM64,
          new SystemProfile(
              "macos-15",
              "macOS 15",
              OperatingSystem.MACOS,
              new Version("15"),
              SystemProfile.Libc.NONE,
              new Version(""),
              new Version("")),
          16384,
          List.of("What a vendor says about its translator, section 2"));
  static final Machine ARM =
      new Machine(
          "rpi4",
          "Raspberry Pi 4 (Cortex-A72)",
          Architecture.ARM64,
          FeatureSet.of(Feature.FEAT_CRC32),
          FeatureSet.of(Feature.FEAT_CRC32),
          FeatureSet.empty(),
          Translator.NONE,
          Architecture.ARM64,
          new SystemProfile(
              "ubuntu-22.04",
              "Ubuntu 22.04 (glibc 2.35)",
              OperatingSystem.LINUX,
              new Version("22.04"),
              SystemProfile.Libc.GLIBC,
              new Version("2.35"),
              new Version("3.4.30")),
          4096,
          List.of());

  static final Coverage WHEEL = new Coverage(42, 0, 351_000_000, 351_000_000, List.of(), List.of());

  private Samples() {}

  static Machine x86(
      String name,
      String title,
      FeatureSet advertised,
      FeatureSet executes,
      FeatureSet uncertain,
      Translator translator) {
    return new Machine(
        name,
        title,
        Architecture.X86_64,
        advertised,
        executes,
        uncertain,
        translator,
        Architecture.X86_64,
        SystemProfile.ANY,
        4096,
        List.of());
  }

  static Finding avx(String image) {
    return new Finding(
        Rule.SIG101,
        Verdict.CRASHES,
        Stage.LOAD,
        Certainty.REACHABLE,
        List.of("avx"),
        image,
        new Proof(
            "example::internal::OnShutdownRun+0x15e",
            0x2e77b1eL,
            "c5f857c0",
            "vxorps xmm0, xmm0, xmm0",
            List.of("initialiser 0 of 920", "example::internal::OnShutdownRun")),
        "needs AVX, which this CPU does not have",
        "avx",
        "up to SSE4.2",
        List.of(
            "No CPU check comes before it (its own is initialiser 672 of 920)",
            "Python cannot catch it: \"Illegal instruction\", exit status 132 (SIGILL)"),
        List.of(
            new Fix(
                "a processor with AVX; in a virtual machine, a CPU model that passes it on"
                    + " (QEMU/KVM: `-cpu host`, Proxmox: type `host`)",
                List.of(),
                false),
            new Fix(
                "a build without AVX (compilers: `-march=x86-64-v2`)",
                List.of("CFLAGS=\"-march=x86-64-v2\" pip install --no-binary example example"),
                true)));
  }

  static Finding deep(String image) {
    var path = new ArrayList<String>();
    path.add("PyInit__core");
    for (int i = 0; i < 12; i++) {
      path.add("example::step" + i + "(std::vector<int, std::allocator<int>> const&)");
    }
    return new Finding(
        Rule.SIG101,
        Verdict.MAY_CRASH,
        Stage.USE,
        Certainty.WRONGLY_GUARDED,
        List.of("avx2", "fma"),
        image,
        new Proof("", 0x1234, "c4e27d58c1", "vpbroadcastd ymm0, xmm1", path),
        "uses AVX2 and FMA behind a check that does not imply it; this CPU does not have it",
        "avx2 fma",
        "up to SSE4.2",
        List.of(),
        List.of());
  }

  static Finding glibc(String image) {
    return new Finding(
        Rule.SIG302,
        Verdict.FAILS_TO_LOAD,
        Stage.LOAD,
        Certainty.CERTAIN,
        List.of(),
        image,
        null,
        "needs glibc 2.38; Ubuntu 22.04 has 2.35",
        "GLIBC_2.38",
        "glibc 2.35",
        List.of("First symbol that needs it: __isoc23_strtol"),
        List.of(new Fix("a system with glibc 2.38 or later", List.of(), false)));
  }

  static Finding note(String image) {
    return new Finding(
        Rule.SIG402,
        Verdict.RUNS,
        Stage.USE,
        Certainty.REACHABLE,
        List.of(),
        image,
        null,
        "libgomp and libiomp5 are both loaded",
        "",
        "",
        List.of(),
        List.of());
  }

  static Problem problem(String file) {
    return new Problem(
        Problem.Code.TRUNCATED,
        new Place(file, 0x1c8),
        "e_shnum",
        0x690000,
        0x4b2000,
        Problem.Effect.FILE_LOST);
  }

  static Result result(
      String target, Machine machine, Verdict verdict, Stage stage, List<Finding> findings) {
    return new Result(target, target, machine, verdict, stage, findings, List.of(), WHEEL);
  }

  static Result runs(String target, Machine machine) {
    return new Result(target, target, machine, Verdict.RUNS, null, List.of(), List.of(), WHEEL);
  }

  static Result crashes(String target, Machine machine) {
    return result(
        target,
        machine,
        Verdict.CRASHES,
        Stage.LOAD,
        List.of(avx("example/libexample_framework.so.2")));
  }

  /** A check that falls short, what others protect, and what nothing leads to. */
  static Result explained() {
    var branch = new CodePlace("b/_b.so", "b::run(int)+0x12", 0x2012, "test eax, eax; je 0x2040");
    var check = new CpuCheck(FeatureSet.of(Feature.XSAVE, Feature.AVX), true, false, false, branch);
    var fma =
        new Finding(
            Rule.SIG101,
            Verdict.MAY_CRASH,
            Stage.USE,
            Certainty.WRONGLY_GUARDED,
            List.of("fma"),
            "b/_b.so",
            new Proof(
                "b::run(int)+0x20",
                0x2020L,
                "c4e275b8d0",
                "vfmadd231ps ymm2, ymm1, ymm0",
                List.of("PyInit__b", "b::run(int)"),
                check,
                new MergedFunction(
                    MergedFunction.Sign.NAME,
                    2,
                    1,
                    new CodePlace("b/_b.so", "b::kernel()", 0x6000, "push rbp"),
                    new CodePlace("b/_b.so", "b::plain()", 0x7000, "push rbp"))),
            "uses FMA behind a check that does not imply it; this CPU does not have it",
            "fma",
            "up to AVX",
            List.of("The check before it is passed with AVX"),
            List.of());
    var guarded =
        new Protection.Example(
            new CodePlace("b/_b.so", "b::init()+0x8", 0x1008, "test al, 0x20; jne 0x1040"),
            new CodePlace("b/_b.so", "b::wide(float*)+0x4", 0x3004, "vpaddd ymm2, ymm1, ymm0"),
            List.of("PyInit__b", "b::init()", "b::wide(float*)"));
    var chosen =
        new Protection.Example(
            CodePlace.NONE,
            new CodePlace("b/_b.so", "", 0x4000, "vpaddd zmm2, zmm1, zmm0"),
            List.of("PyInit__b"));
    var lost =
        new Protection.Example(
            CodePlace.NONE,
            new CodePlace("b/_b.so", "b::old()", 0x5000, "vfmaddps xmm0, xmm1, xmm2, xmm3"),
            List.of());
    return new Result(
        "b.whl",
        "b.whl",
        NEHALEM,
        Verdict.MAY_CRASH,
        Stage.USE,
        List.of(fma),
        List.of(),
        List.of(),
        List.of(
            contained(
                Protection.Kind.GUARDED,
                new CpuCheck(FeatureSet.of(Feature.AVX, Feature.AVX2), true, false, false),
                1204,
                guarded,
                Feature.AVX2),
            contained(
                Protection.Kind.INSUFFICIENT,
                new CpuCheck(FeatureSet.of(Feature.AVX), true, false, false),
                1,
                guarded,
                Feature.FMA),
            contained(Protection.Kind.ENVIRONMENT, CpuCheck.NONE, 2, chosen, Feature.AVX512F),
            contained(
                Protection.Kind.UNDECIDED,
                new CpuCheck(FeatureSet.of(Feature.AVX512F), true, true, true),
                3,
                chosen,
                Feature.AVX512F,
                Feature.AVX512BW),
            contained(Protection.Kind.UNREACHED, CpuCheck.NONE, 1, lost, Feature.FMA4)),
        WHEEL);
  }

  private static Contained contained(
      Protection.Kind kind,
      CpuCheck check,
      int functions,
      Protection.Example example,
      Feature... features) {
    FeatureSet set = FeatureSet.of(features);
    return new Contained(
        "b/_b.so",
        kind,
        set.ids(),
        set.toList().stream().map(Feature::title).toList(),
        check,
        functions,
        List.of(example));
  }
}
