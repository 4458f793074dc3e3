package dev.sigill.machine;

import dev.sigill.isa.Feature;
import dev.sigill.isa.FeatureSet;
import dev.sigill.platform.Architecture;
import dev.sigill.platform.OperatingSystem;
import dev.sigill.platform.Version;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Finds out what Windows computer this is. Windows names few features, so the rest comes from the
 * catalog by the processor's numbers; a processor that it does not know, with AVX2, gets what every
 * known processor with AVX2 has, as uncertain. Sources: Microsoft Learn, {@code
 * IsProcessorFeaturePresent}, "WOW64 Implementation Details" for the environment variables.
 */
final class WindowsDetection {
  private static final int IMAGE_FILE_MACHINE_ARM64 = 0xAA64;

  private static final Version PRISM = new Version("10.0.26100");
  private static final Version PRISM_WITH_AVX = new Version("10.0.26200");

  private static final Pattern X86 =
      Pattern.compile(
          "(?:Intel64|AMD64|x86) Family ([0-9]+) Model ([0-9]+) Stepping [0-9]+,? ?([A-Za-z]*).*");

  private static final Pattern ARM =
      Pattern.compile("ARMv8 \\(64-bit\\) Family ([0-9A-Fa-f]+) Model ([ 0-9A-Fa-f]+) .*");

  private static final Map<Integer, Feature> X86_NUMBERS =
      Map.ofEntries(
          Map.entry(13, Feature.SSE3),
          Map.entry(14, Feature.CX16),
          Map.entry(17, Feature.XSAVE),
          Map.entry(22, Feature.FSGSBASE),
          Map.entry(28, Feature.RDRAND),
          Map.entry(32, Feature.RDTSCP),
          Map.entry(36, Feature.SSSE3),
          Map.entry(37, Feature.SSE4_1),
          Map.entry(38, Feature.SSE4_2),
          Map.entry(39, Feature.AVX),
          Map.entry(40, Feature.AVX2),
          Map.entry(41, Feature.AVX512F));

  private static final Map<Integer, List<Feature>> ARM_NUMBERS =
      Map.of(
          30,
          List.of(Feature.FEAT_AES, Feature.FEAT_PMULL, Feature.FEAT_SHA1, Feature.FEAT_SHA256),
          31,
          List.of(Feature.FEAT_CRC32),
          34,
          List.of(Feature.FEAT_LSE),
          43,
          List.of(Feature.FEAT_DOTPROD),
          44,
          List.of(Feature.FEAT_JSCVT),
          45,
          List.of(Feature.FEAT_LRCPC),
          46,
          List.of(Feature.FEAT_SVE),
          47,
          List.of(Feature.FEAT_SVE2));

  private WindowsDetection() {}

  static ThisComputer of(Host host) {
    Architecture own = Detection.ownArchitecture(host);
    String version = host.windowsVersion();
    SystemProfile system = system(version == null ? "" : version);
    boolean isArm =
        own == Architecture.ARM64 || host.windowsNativeMachine() == IMAGE_FILE_MACHINE_ARM64;
    if (isArm) {
      boolean isTranslated = own == Architecture.X86_64;
      Machine machine = arm(host, system, isTranslated);
      return new ThisComputer(
          machine, Optional.of(prism(system, machine)), isTranslated, machine.title(), List.of());
    }
    Machine machine = x86(host, system);
    return new ThisComputer(machine, Optional.empty(), false, machine.title(), List.of());
  }

  private static Machine x86(Host host, SystemProfile system) {
    String identifier = text(host.environment("PROCESSOR_IDENTIFIER"));
    ProcessorId id = x86Id(identifier);
    var present = new ArrayList<Feature>();
    var absent = new ArrayList<Feature>();
    X86_NUMBERS.forEach(
        (number, feature) ->
            (host.isProcessorFeaturePresent(number) ? present : absent).add(feature));
    boolean answers = !present.isEmpty();
    FeatureSet features = Machines.named("x86-64-v1").executes();
    FeatureSet uncertain = FeatureSet.empty();
    Machine known =
        id == null || id.machine().isEmpty() ? null : Catalog.standard().machine(id.machine());
    if (known != null) {
      features = known.executes();
      if (answers) {
        for (Feature feature : absent) {
          features = FeatureAlteration.without(features, feature);
        }
      }
    }
    for (Feature feature : present) {
      features = features.with(feature.closure());
    }
    if (known == null && present.contains(Feature.AVX2)) {
      FeatureSet usual = Machines.named("x86-64-v3").executes();
      uncertain = usual.without(features);
      features = features.with(usual);
    }
    String title =
        id == null ? identifier.isEmpty() ? "an x86-64 processor" : identifier : id.title();
    return machine(
        title + (system.isAny() ? "" : ", " + system.title()),
        Architecture.X86_64,
        features.without(uncertain),
        features,
        uncertain,
        system);
  }

  private static Machine arm(Host host, SystemProfile system, boolean isTranslated) {
    FeatureSet features = Machines.named("armv8-a").executes();
    // A translated process is told of its own architecture's features only.
    if (!isTranslated) {
      for (Map.Entry<Integer, List<Feature>> entry : ARM_NUMBERS.entrySet()) {
        if (host.isProcessorFeaturePresent(entry.getKey())) {
          features = features.with(FeatureSet.of(entry.getValue()));
        }
      }
      for (Feature feature : features.toList()) {
        features = features.with(feature.closure());
      }
    }
    Matcher numbers = ARM.matcher(text(host.environment("PROCESSOR_IDENTIFIER")) + " ");
    String title = "a 64-bit Arm processor";
    if (numbers.matches()) {
      ProcessorId id = armId(numbers.group(2).strip());
      if (id != null) {
        title = id.title();
        Machine known = id.machine().isEmpty() ? null : Catalog.standard().machine(id.machine());
        features = known == null ? features : features.with(known.executes());
      }
    }
    return machine(
        title + (system.isAny() ? "" : ", " + system.title()),
        Architecture.ARM64,
        features,
        features,
        FeatureSet.empty(),
        system);
  }

  /** Windows shows the part number alone: Qualcomm's 1 is Oryon, Arm's begin with D. */
  private static @Nullable ProcessorId armId(String model) {
    try {
      int part = Integer.parseInt(model, 16);
      return part == 1 ? ProcessorId.ofArm(0x51, part) : ProcessorId.ofArm(0x41, part);
    } catch (NumberFormatException e) {
      return null;
    }
  }

  private static Machine prism(SystemProfile system, Machine machine) {
    Version version = system.version();
    boolean isKnown = !version.text().isEmpty();
    Machine known =
        Machines.named(
            isKnown && version.isBelow(PRISM)
                ? "snapdragon-x-prism-23h2"
                : isKnown && version.isBelow(PRISM_WITH_AVX)
                    ? "snapdragon-x-prism-24h2"
                    : "snapdragon-x-prism");
    return new Machine(
        known.name(),
        machine.title() + ", under " + known.translator().title(),
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

  private static Machine machine(
      String title,
      Architecture architecture,
      FeatureSet advertised,
      FeatureSet executes,
      FeatureSet uncertain,
      SystemProfile system) {
    return new Machine(
        "this",
        title,
        architecture,
        advertised,
        executes,
        uncertain,
        Translator.NONE,
        architecture,
        system,
        4096,
        List.of("IsProcessorFeaturePresent, PROCESSOR_IDENTIFIER"));
  }

  /** The x86 processor of {@code AMD64 Family 25 Model 33 Stepping 0, AuthenticAMD}. */
  static @Nullable ProcessorId x86Id(String identifier) {
    Matcher numbers = X86.matcher(identifier);
    if (!numbers.matches() || numbers.group(1).length() > 4 || numbers.group(2).length() > 4) {
      return null;
    }
    String vendor = numbers.group(3);
    if (vendor.isEmpty()) {
      vendor = identifier.startsWith("AMD64") ? "AuthenticAMD" : "GenuineIntel";
    }
    return ProcessorId.ofX86(
        vendor, Integer.parseInt(numbers.group(1)), Integer.parseInt(numbers.group(2)));
  }

  /** The newest named release of Windows that a build number has reached. */
  static SystemProfile system(String version) {
    SystemProfile best = null;
    for (SystemProfile system : Catalog.standard().systems()) {
      if (system.system() == OperatingSystem.WINDOWS
          && !new Version(version).isBelow(system.version())
          && (best == null || best.version().isBelow(system.version()))) {
        best = system;
      }
    }
    String title =
        best == null || best.version().compareTo(new Version(version)) != 0
            ? "Windows" + (version.isEmpty() ? "" : " (" + version + ")")
            : best.title();
    return new SystemProfile(
        best == null ? "windows" : best.name(),
        title,
        OperatingSystem.WINDOWS,
        new Version(version),
        SystemProfile.Libc.NONE,
        new Version(""),
        new Version(""),
        best == null ? 0 : best.requiredLevel());
  }

  private static String text(@Nullable String value) {
    return value == null ? "" : value.strip();
  }
}
