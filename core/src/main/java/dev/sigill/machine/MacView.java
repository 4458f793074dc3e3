package dev.sigill.machine;

import dev.sigill.isa.Feature;
import dev.sigill.isa.FeatureSet;
import dev.sigill.machine.Catalog.SystemRow;
import dev.sigill.platform.Architecture;
import dev.sigill.platform.OperatingSystem;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A Mac as its {@code sysctl} values show it. Sources: xnu, {@code bsd/kern/kern_mib.c}, {@code
 * osfmk/arm/arm_features.inc}, {@code osfmk/mach/machine.h}; Apple, "About the Rosetta translation
 * environment", for {@code sysctl.proc_translated}.
 *
 * @param plain the machine for processes of the processor's own architecture
 * @param translated the machine for x86-64 processes of a Mac with Apple silicon; null on others
 * @param isTranslated whether the process that asked runs under Rosetta 2
 */
record MacView(Machine plain, @Nullable Machine translated, boolean isTranslated) {
  private static final Pattern CHIP = Pattern.compile("Apple (M[0-9]+)\\b.*");

  /** What a word of {@code machdep.cpu.features} is called elsewhere, where that differs. */
  private static final Map<String, String> WORDS =
      Map.of(
          "avx10", "avx",
          "clfsh", "clflush",
          "clfsopt", "clflushopt",
          "rdwrfsgs", "fsgsbase",
          "lahf", "lahf_lm",
          "fpu", "x87",
          "bmi", "bmi1",
          "prefetchw", "prefetchw",
          "ospke", "pku",
          "sha", "sha_ni");

  /** Names of macOS 11 and 12, and what Arm calls the features. */
  private static final Map<String, Feature> OLD_NAMES =
      Map.of(
          "hw.optional.neon", Feature.FEAT_ADVSIMD,
          "hw.optional.neon_fp16", Feature.FEAT_FP16,
          "hw.optional.armv8_1_atomics", Feature.FEAT_LSE,
          "hw.optional.armv8_2_fhm", Feature.FEAT_FHM,
          "hw.optional.armv8_2_sha512", Feature.FEAT_SHA512,
          "hw.optional.armv8_2_sha3", Feature.FEAT_SHA3,
          "hw.optional.armv8_3_compnum", Feature.FEAT_FCMA,
          "hw.optional.arm.FEAT_CRC32", Feature.FEAT_CRC32);

  /**
   * The Mac of some values.
   *
   * @param sysctl gives the value of a name as sysctl prints it, or null where there is none
   * @param version the system's version where sysctl does not say it, or empty
   * @param advertisesAvx whether translated processes are started with ROSETTA_ADVERTISE_AVX
   * @param name the name of the machine
   * @return null where the values show no processor
   */
  static @Nullable MacView of(
      Function<String, @Nullable String> sysctl,
      String version,
      boolean advertisesAvx,
      String name) {
    boolean isTranslated = isOne(sysctl.apply("sysctl.proc_translated"));
    boolean isArm =
        isTranslated
            || isOne(sysctl.apply("hw.optional.arm64"))
            || sysctl.apply("hw.optional.arm.FEAT_LSE") != null
            || "16777228".equals(sysctl.apply("hw.cputype"))
            || "arm64".equals(sysctl.apply("hw.machine"));
    String brand = text(sysctl.apply("machdep.cpu.brand_string"));
    FeatureSet x86 = x86(sysctl);
    if (!isArm && x86.isEmpty()) {
      return null;
    }
    String product = text(sysctl.apply("kern.osproductversion"));
    SystemProfile system = system(product.isEmpty() ? version : product);
    int pageSize = number(sysctl.apply("hw.pagesize"));
    if (!isArm) {
      ProcessorId id =
          ProcessorId.ofX86(
              sysctl.apply("machdep.cpu.vendor") == null
                  ? "GenuineIntel"
                  : text(sysctl.apply("machdep.cpu.vendor")),
              number(sysctl.apply("machdep.cpu.family")),
              number(sysctl.apply("machdep.cpu.model")));
      var seen =
          new Observed(
              Architecture.X86_64,
              x86,
              FeatureSet.empty(),
              LinuxText.tidy(brand),
              id,
              "",
              "sysctl");
      return new MacView(seen.machine(name, system, pageSize), null, false);
    }
    ProcessorId id = chip(brand, sysctl.apply("hw.cpufamily"));
    FeatureSet absent = arm(sysctl, "0");
    FeatureSet present =
        arm(sysctl, "1").with(FeatureSet.of(Feature.FEAT_FP, Feature.FEAT_ADVSIMD));
    if (isTranslated && id != null && !id.machine().isEmpty()) {
      present = present.with(Machines.named(id.machine()).executes().without(absent));
    }
    String title = brand.startsWith("Apple") ? brand : "";
    var seen = new Observed(Architecture.ARM64, present, absent, title, id, "", "sysctl");
    Machine plain = seen.machine(name, system, isTranslated ? 16384 : pageSize);
    boolean isAdvertised = advertisesAvx || isTranslated && x86.contains(Feature.AVX);
    return new MacView(plain, rosetta(id, seen.fullTitle(), system, isAdvertised), isTranslated);
  }

  /** The catalog's Rosetta 2 of this chip and system; null where the system's is not known. */
  private static @Nullable Machine rosetta(
      @Nullable ProcessorId id, String chip, SystemProfile system, boolean advertisesAvx) {
    List<Integer> numbers = system.version().numbers();
    if (numbers.isEmpty()) {
      return null;
    }
    var hosts = new ArrayList<String>();
    if (id != null && !id.machine().isEmpty()) {
      hosts.add(id.machine());
    }
    // What Rosetta 2 executes does not depend on the chip: one too new for the catalog has
    // another's.
    hosts.addAll(List.of("m1", "m5"));
    for (String host : hosts) {
      String rosetta = host + "-rosetta-macos" + numbers.getFirst();
      String suffix = numbers.size() > 1 ? system.version().text().replaceFirst("^[0-9]+", "") : "";
      for (String last : advertisesAvx ? List.of("-advertise-avx", "") : List.of("")) {
        Machine known = Catalog.standard().machine(rosetta + last);
        if (known != null) {
          return new Machine(
              rosetta + suffix + last,
              chip
                  + " under Rosetta 2, "
                  + system.title()
                  + (last.isEmpty() ? "" : ", with ROSETTA_ADVERTISE_AVX=1"),
              known.architecture(),
              known.advertised(),
              known.executes(),
              known.uncertain(),
              known.translator(),
              known.hostArchitecture(),
              system,
              known.pageSize(),
              known.sources());
        }
      }
    }
    return null;
  }

  private static @Nullable ProcessorId chip(String brand, @Nullable String family) {
    Matcher named = CHIP.matcher(brand);
    if (named.matches()) {
      String chip = named.group(1).toLowerCase(Locale.ROOT);
      Machine machine = Catalog.standard().machine(chip);
      return machine == null
          ? null
          : new ProcessorId(chip, ProcessorId.shortTitle(machine.title()));
    }
    return family == null ? null : ProcessorId.ofApple((int) longNumber(family));
  }

  private static FeatureSet arm(Function<String, @Nullable String> sysctl, String value) {
    var features = new ArrayList<Feature>();
    for (Feature feature : Feature.of(Architecture.ARM64)) {
      if (!feature.sysctlName().isEmpty() && value.equals(sysctl.apply(feature.sysctlName()))) {
        features.add(feature);
      }
    }
    OLD_NAMES.forEach(
        (name, feature) -> {
          if (value.equals(sysctl.apply(name)) && !isShown(feature, sysctl)) {
            features.add(feature);
          }
        });
    return FeatureSet.of(features);
  }

  private static boolean isShown(Feature feature, Function<String, @Nullable String> sysctl) {
    return !feature.sysctlName().isEmpty() && sysctl.apply(feature.sysctlName()) != null;
  }

  private static FeatureSet x86(Function<String, @Nullable String> sysctl) {
    var features = new ArrayList<Feature>();
    for (String list :
        List.of("machdep.cpu.features", "machdep.cpu.leaf7_features", "machdep.cpu.extfeatures")) {
      for (String word : text(sysctl.apply(list)).toLowerCase(Locale.ROOT).split("\\s+")) {
        String plain = word.replace(".", "");
        features.addAll(
            FeatureAlteration.features(WORDS.getOrDefault(plain, plain), Architecture.X86_64));
      }
    }
    return FeatureSet.of(features);
  }

  private static SystemProfile system(String version) {
    SystemRow row = version.isEmpty() ? null : Catalog.standard().system("macos-" + version);
    if (row != null) {
      return row.profile();
    }
    SystemRow any = Catalog.standard().system("macos");
    return any == null || version.isEmpty()
        ? new SystemProfile(
            "macos",
            "macOS",
            OperatingSystem.MACOS,
            SystemProfile.ANY.version(),
            SystemProfile.Libc.NONE,
            SystemProfile.ANY.version(),
            SystemProfile.ANY.version())
        : Catalog.minor(any.profile(), version);
  }

  private static boolean isOne(@Nullable String value) {
    return "1".equals(value);
  }

  private static String text(@Nullable String value) {
    return value == null ? "" : value.strip();
  }

  private static int number(@Nullable String value) {
    return value == null ? -1 : (int) longNumber(value);
  }

  private static long longNumber(String value) {
    try {
      return Long.decode(value.strip());
    } catch (NumberFormatException e) {
      return -1;
    }
  }
}
