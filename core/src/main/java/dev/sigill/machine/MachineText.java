package dev.sigill.machine;

import dev.sigill.isa.Feature;
import dev.sigill.isa.FeatureSet;
import dev.sigill.machine.SystemProfile.Libc;
import dev.sigill.platform.Architecture;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads what people paste to describe a computer, whichever of these it is: {@code /proc/cpuinfo},
 * {@code lscpu} as a table or JSON, macOS's {@code sysctl}, {@code sigill machines} as JSON,
 * Windows' {@code systeminfo} or Sysinternals' {@code coreinfo}, {@code cpuid -r}. Lines of {@code
 * /etc/os-release}, {@code ldd --version} and {@code getconf PAGESIZE=} in the same text are taken
 * into account.
 */
final class MachineText {
  /** Descriptions are short; anything longer is something else. */
  static final int LIMIT = 4 << 20;

  private static final Pattern LDD =
      Pattern.compile("(?m)^ldd \\([^)\\n]*\\) ([0-9]+\\.[0-9]+)\\s*$");

  private static final Pattern COREINFO =
      Pattern.compile("(?m)^([A-Z0-9][A-Z0-9_.+-]*)\\s+([*-])\\s+\\S");

  private static final Pattern RAW_CPUID =
      Pattern.compile(
          "0x([0-9a-f]{8}) 0x([0-9a-f]{2}): eax=0x([0-9a-f]{8}) ebx=0x([0-9a-f]{8})"
              + " ecx=0x([0-9a-f]{8}) edx=0x([0-9a-f]{8})");

  private static final Pattern PROCESSOR =
      Pattern.compile(
          "(?:Intel64|AMD64|x86) Family [0-9]+ Model [0-9]+ Stepping [0-9]+,? ?[A-Za-z]*");

  private static final Pattern WINDOWS =
      Pattern.compile("\\b((?:6\\.[1-3]|10\\.0)\\.[0-9]{4,5})\\b");

  private static final Map<String, String> COREINFO_WORDS =
      Map.of("AVX512-F", "avx512f", "SSSE3", "ssse3", "LAHF-SAHF", "lahf_lm", "CMPXCHG16B", "cx16");

  private MachineText() {}

  /**
   * The machine that a text describes.
   *
   * @param text what was pasted
   * @param name the machine's name, where the text does not say one
   * @throws IllegalArgumentException where it describes none, saying what was looked for
   */
  static Machine read(String text, String name) {
    String bare = text.startsWith("\ufeff") ? text.substring(1) : text;
    if (bare.isBlank()) {
      throw new IllegalArgumentException(name + " is empty; it describes no machine");
    }
    if (bare.stripLeading().startsWith("{")) {
      return MachineJson.read(bare, name);
    }
    Machine machine = sysctl(bare, name);
    if (machine == null) {
      Observed seen = observed(bare);
      if (seen != null) {
        machine = seen.machine(name, system(bare), pageSize(bare));
      }
    }
    if (machine == null) {
      machine = systeminfo(bare, name);
    }
    if (machine == null) {
      throw new IllegalArgumentException(
          name
              + " describes no machine: it is neither /proc/cpuinfo, lscpu, sysctl -a, systeminfo,"
              + " coreinfo, cpuid -r, nor JSON of `sigill machines --format json`");
    }
    return machine;
  }

  private static @Nullable Observed observed(String text) {
    Observed seen = null;
    if (hasLine(text, "processor")) {
      seen = LinuxText.cpuinfo(text);
    }
    if (seen == null) {
      seen = LinuxText.lscpu(text);
    }
    if (seen == null) {
      seen = rawCpuid(text);
    }
    return seen == null ? coreinfo(text) : seen;
  }

  /** Whether a line's label is this word, as {@code /proc/cpuinfo} writes labels. */
  private static boolean hasLine(String text, String label) {
    return Pattern.compile("(?mi)^" + label + "\\s*:").matcher(text).find();
  }

  private static @Nullable Machine sysctl(String text, String name) {
    Map<String, String> values = new HashMap<>();
    for (String line : text.lines().toList()) {
      int colon = line.indexOf(':');
      int equals = line.indexOf('=');
      int at = colon < 0 ? equals : equals < 0 ? colon : Math.min(colon, equals);
      if (at > 0) {
        String key = line.substring(0, at).strip();
        if (key.startsWith("hw.")
            || key.startsWith("machdep.")
            || key.startsWith("kern.")
            || key.startsWith("sysctl.")) {
          values.put(key, line.substring(at + 1).strip());
        }
      }
    }
    if (values.isEmpty()) {
      return null;
    }
    Function<String, @Nullable String> lookup = values::get;
    MacView view = MacView.of(lookup, "", false, name);
    if (view == null) {
      return null;
    }
    Machine translated = view.translated();
    return view.isTranslated() && translated != null
        ? Machines.renamed(translated, name, translated.title())
        : view.plain();
  }

  private static @Nullable Observed rawCpuid(String text) {
    Matcher lines = RAW_CPUID.matcher(text.toLowerCase(Locale.ROOT));
    var features = new ArrayList<Feature>();
    var seen = new HashMap<Long, int[]>();
    while (lines.find()) {
      long leaf = Long.parseLong(lines.group(1), 16);
      long subleaf = Long.parseLong(lines.group(2), 16);
      int[] registers = new int[4];
      for (int i = 0; i < 4; i++) {
        registers[i] = Integer.parseUnsignedInt(lines.group(3 + i), 16);
      }
      seen.putIfAbsent(leaf << 8 | subleaf, registers);
    }
    int[] first = seen.get(1L << 8);
    if (first == null) {
      return null;
    }
    for (Feature feature : Feature.of(Architecture.X86_64)) {
      Feature.CpuidBit bit = feature.cpuid();
      if (bit == null || bit.bit() < 0) {
        continue;
      }
      int[] registers = seen.get((bit.leaf() & 0xffff_ffffL) << 8 | bit.subleaf());
      int register = List.of("EAX", "EBX", "ECX", "EDX").indexOf(bit.register());
      if (registers != null && register >= 0 && (registers[register] >>> bit.bit() & 1) != 0) {
        features.add(feature);
      }
    }
    int family =
        (first[0] >>> 8 & 0xf) + ((first[0] >>> 8 & 0xf) == 0xf ? first[0] >>> 20 & 0xff : 0);
    int model = (first[0] >>> 4 & 0xf) | (first[0] >>> 16 & 0xf) << 4;
    return new Observed(
        Architecture.X86_64,
        FeatureSet.of(features),
        FeatureSet.empty(),
        letters(seen, new long[] {0x80000002L, 0x80000003L, 0x80000004L}, new int[] {0, 1, 2, 3}),
        ProcessorId.ofX86(letters(seen, new long[] {0}, new int[] {1, 3, 2}), family, model),
        (first[2] & 1 << 31) != 0 ? "a hypervisor" : "",
        "cpuid");
  }

  /** The text that registers of CPUID hold. */
  private static String letters(Map<Long, int[]> seen, long[] leaves, int[] order) {
    var text = new StringBuilder();
    for (long leaf : leaves) {
      int[] registers = seen.get(leaf << 8);
      for (int i = 0; registers != null && i < order.length; i++) {
        for (int shift = 0; shift < 32; shift += 8) {
          char letter = (char) (registers[order[i]] >>> shift & 0xff);
          if (letter >= ' ' && letter < 0x7f) {
            text.append(letter);
          }
        }
      }
    }
    return LinuxText.tidy(text.toString());
  }

  private static @Nullable Observed coreinfo(String text) {
    if (!text.contains("oreinfo") && !text.contains("Logical to Physical Processor Map")) {
      return null;
    }
    Matcher lines = COREINFO.matcher(text);
    var features = new ArrayList<>(Machines.named("x86-64-v1").executes().toList());
    boolean isAny = false;
    while (lines.find()) {
      String word = lines.group(1);
      if (lines.group(2).equals("*")) {
        List<Feature> named =
            FeatureAlteration.features(
                COREINFO_WORDS.getOrDefault(word, word), Architecture.X86_64);
        features.addAll(named);
        isAny |= !named.isEmpty();
      }
    }
    Matcher processor = PROCESSOR.matcher(text);
    ProcessorId id = processor.find() ? WindowsDetection.x86Id(processor.group()) : null;
    return isAny
        ? new Observed(
            Architecture.X86_64,
            FeatureSet.of(features),
            FeatureSet.empty(),
            "",
            id,
            "",
            "coreinfo")
        : null;
  }

  /** Windows names no features: they come from the catalog by the processor's numbers. */
  private static @Nullable Machine systeminfo(String text, String name) {
    Matcher processor = PROCESSOR.matcher(text);
    ProcessorId id = processor.find() ? WindowsDetection.x86Id(processor.group()) : null;
    Machine known =
        id == null || id.machine().isEmpty() ? null : Catalog.standard().machine(id.machine());
    if (known == null) {
      return null;
    }
    SystemProfile system = system(text);
    return new Machine(
        name,
        ProcessorId.shortTitle(known.title()) + (system.isAny() ? "" : ", " + system.title()),
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

  private static SystemProfile system(String text) {
    OsRelease release = OsRelease.parse(text);
    Matcher ldd = LDD.matcher(text);
    String glibc = ldd.find() ? ldd.group(1) : "";
    if (!release.id().isEmpty() || !glibc.isEmpty()) {
      return release.profile(glibc.isEmpty() ? Libc.NONE : Libc.GLIBC, glibc, "");
    }
    Matcher windows = WINDOWS.matcher(text);
    return text.contains("Windows") && windows.find()
        ? WindowsDetection.system(windows.group(1))
        : SystemProfile.ANY;
  }

  private static int pageSize(String text) {
    Matcher stated = Pattern.compile("(?m)^PAGE_?SIZE\\s*[=:]?\\s*([0-9]{4,6})\\s*$").matcher(text);
    return stated.find() ? Integer.parseInt(stated.group(1)) : 0;
  }

  /** The name of a file without folder and ending. */
  static String nameOf(Path file) {
    Path last = file.getFileName();
    String name = last == null ? file.toString() : last.toString();
    int dot = name.lastIndexOf('.');
    return dot > 0 ? name.substring(0, dot) : name;
  }
}
