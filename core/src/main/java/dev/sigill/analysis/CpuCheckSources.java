package dev.sigill.analysis;

import dev.sigill.isa.Feature;
import java.util.Map;
import java.util.Set;

/**
 * Where programs learn what the processor can do without executing CPUID themselves: functions and
 * variables of the system. Their names are their interface.
 */
final class CpuCheckSources {
  /** Functions whose answer, or what they store through their arguments, tells of the processor. */
  private static final Set<String> FUNCTIONS =
      Set.of(
          "getauxval",
          "elf_aux_info",
          "__x86_get_cpuid_feature_leaf",
          "__x86_get_cpu_features",
          "__get_cpu_features",
          "__cpu_indicator_init",
          "sysctlbyname",
          "_sysctlbyname",
          "sysctl",
          "_sysctl",
          "IsProcessorFeaturePresent",
          "GetEnabledXStateFeatures",
          "__cpuid",
          "__cpuidex");

  private static final Set<String> FILL_ARGUMENTS =
      Set.of("sysctlbyname", "_sysctlbyname", "sysctl", "_sysctl", "elf_aux_info");

  /** Windows SDK, winnt.h: PF_* numbers. */
  private static final Map<Integer, Feature> WINDOWS_NUMBERS =
      Map.of(
          13, Feature.SSE3,
          36, Feature.SSSE3,
          37, Feature.SSE4_1,
          38, Feature.SSE4_2,
          39, Feature.AVX,
          40, Feature.AVX2,
          41, Feature.AVX512F);

  /**
   * libgcc's {@code __cpu_model.__cpu_features[0]}, by bit; the order of LLVM's {@code
   * X86TargetParser.def} and GCC's {@code i386-cpuinfo.h}.
   */
  private static final Feature[] GCC_ORDER = {
    Feature.CMOV,
    Feature.MMX,
    Feature.POPCNT,
    Feature.SSE,
    Feature.SSE2,
    Feature.SSE3,
    Feature.SSSE3,
    Feature.SSE4_1,
    Feature.SSE4_2,
    Feature.AVX,
    Feature.AVX2,
    Feature.SSE4A,
    Feature.FMA4,
    Feature.XOP,
    Feature.FMA,
    Feature.AVX512F,
    Feature.BMI1,
    Feature.BMI2,
    Feature.AES,
    Feature.PCLMULQDQ,
    Feature.AVX512VL,
    Feature.AVX512BW,
    Feature.AVX512DQ,
    Feature.AVX512CD
  };

  /** Offset of {@code __cpu_features[0]} in libgcc's {@code struct __processor_model}. */
  private static final int GCC_FEATURES_OFFSET = 12;

  private CpuCheckSources() {}

  /** CPUID leaves that describe caches, topology and the brand, not what code may execute. */
  static boolean isDescription(int leaf) {
    return switch (leaf) {
      case 2, 4, 0xb, 0x1f, 0x80000002, 0x80000003, 0x80000004, 0x80000005, 0x80000006 -> true;
      default -> false;
    };
  }

  /**
   * Bits of CPUID that say how fast something is, not whether it may be executed: REP MOVSB and its
   * kin (Intel SDM volume 2, CPUID, leaf 7).
   */
  static boolean isDescription(int leaf, int subleaf, String register, int bit) {
    return leaf == 7
        && switch (subleaf) {
          case 0 -> register.equals("EBX") && bit == 9 || register.equals("EDX") && bit == 4;
          case 1 -> register.equals("EAX") && bit >= 10 && bit <= 12;
          default -> false;
        };
  }

  /** Stands for what a variable of the environment holds. */
  static final String ENVIRONMENT = "\0environment";

  /** Whether a function answers with what a variable of the environment holds, null by default. */
  static boolean readsEnvironment(String function) {
    return switch (function) {
      case "getenv", "_getenv", "secure_getenv", "__secure_getenv", "_wgetenv" -> true;
      default -> false;
    };
  }

  static boolean isThreadLocalAddress(String function) {
    return function.equals("__tls_get_addr") || function.equals("___tls_get_addr");
  }

  /** Whether a function or variable outside the target tells what the processor can do. */
  static boolean isSource(String name) {
    return FUNCTIONS.contains(name) || isModel(name);
  }

  /** libgcc's and compiler-rt's variables, with Mach-O's underscore or without. */
  private static boolean isModel(String variable) {
    String name = variable.startsWith("___") ? variable.substring(1) : variable;
    return name.equals("__cpu_model") || name.equals("__cpu_features2");
  }

  static boolean fillsItsArgument(String function) {
    return FILL_ARGUMENTS.contains(function);
  }

  /** What a call of a function outside the target returns. */
  static long call(Values values, Guards guards, String function, long[] arguments) {
    if (!FUNCTIONS.contains(function)) {
      return Values.top(Guards.NONE);
    }
    if (function.equals("IsProcessorFeaturePresent") && Values.isConstant(arguments[0])) {
      Feature feature = WINDOWS_NUMBERS.get((int) Values.number(arguments[0]));
      int implied = feature == null ? Guards.UNKNOWN : guards.of(feature);
      return values.join(Values.constant(1, implied), Values.constant(0, Guards.UNKNOWN));
    }
    return Values.top(Guards.UNKNOWN);
  }

  /** What a variable outside the target holds at an offset. */
  static long load(Values values, String variable, long offset, int size) {
    String name =
        variable.startsWith("_") && !variable.startsWith("__") ? variable.substring(1) : variable;
    if (!name.equals("__cpu_model") && !name.equals("__cpu_features2")) {
      return Values.top(Guards.NONE);
    }
    if (!name.equals("__cpu_model")
        || offset < GCC_FEATURES_OFFSET
        || offset + size > GCC_FEATURES_OFFSET + 4) {
      return Values.top(Guards.UNKNOWN);
    }
    int[] bits = Words.noBits();
    int first = (int) (offset - GCC_FEATURES_OFFSET) * 8;
    for (int i = 0; i < size * 8; i++) {
      int bit = first + i;
      bits[Words.CLEAR + i] = Guards.UNKNOWN;
      bits[i] = bit < GCC_ORDER.length ? values.guardOf(GCC_ORDER[bit]) : Guards.UNKNOWN;
    }
    return values.word(bits);
  }
}
