package dev.sigill.machine;

import dev.sigill.isa.Feature;
import dev.sigill.isa.FeatureSet;
import dev.sigill.platform.Architecture;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads {@code /proc/cpuinfo} and the output of {@code lscpu}, of x86 and Arm. Labels of lscpu may
 * be translated: lines are told by their values. Sources: Linux, {@code arch/x86/kernel/cpu/proc.c}
 * and {@code arch/arm64/kernel/cpuinfo.c}; util-linux, {@code lscpu}.
 */
final class LinuxText {
  private LinuxText() {}

  /** The processor of {@code /proc/cpuinfo}: what all its cores have; null where it shows none. */
  static @Nullable Observed cpuinfo(String text) {
    FeatureSet common = null;
    var architecture = Architecture.X86_64;
    var first = new HashMap<String, String>();
    var cores = new ArrayList<String>();
    Map<String, String> core = new HashMap<>();
    for (String line : text.lines().toList()) {
      int colon = line.indexOf(':');
      if (colon < 0) {
        continue;
      }
      String label = line.substring(0, colon).strip().toLowerCase(Locale.ROOT);
      String value = line.substring(colon + 1).strip();
      first.putIfAbsent(label, value);
      if (label.equals("processor")) {
        core = new HashMap<>();
      }
      core.put(label, value);
      if (label.equals("flags") || label.equals("features")) {
        architecture = architecture(label, value);
        FeatureSet own = Observed.ofLinuxWords(value, architecture);
        common = common == null ? own : common.without(common.without(own));
      }
      if (label.equals("cpu part")) {
        String key = core.getOrDefault("cpu implementer", "") + " " + value;
        if (!cores.contains(key)) {
          cores.add(key);
        }
      }
    }
    if (common == null) {
      return null;
    }
    ProcessorId id =
        architecture == Architecture.X86_64
            ? ProcessorId.ofX86(
                first.getOrDefault("vendor_id", ""),
                number(first.get("cpu family")),
                number(first.get("model")))
            : mightiest(cores);
    String title =
        architecture == Architecture.X86_64
            ? tidy(first.getOrDefault("model name", ""))
            : tidy(first.getOrDefault("model", ""));
    return new Observed(
        architecture,
        common,
        FeatureSet.empty(),
        title,
        id,
        isGuest(first.getOrDefault("flags", "")) ? "a hypervisor" : "",
        "/proc/cpuinfo");
  }

  /** The words of 32-bit Arm are others, though some are spelled the same. */
  private static Architecture architecture(String label, String value) {
    return label.equals("flags")
        ? Architecture.X86_64
        : (" " + value + " ").contains(" asimd ") ? Architecture.ARM64 : Architecture.ARM;
  }

  /** Of the kinds of cores in one computer, the one that names it: the last known one. */
  private static @Nullable ProcessorId mightiest(List<String> cores) {
    ProcessorId id = null;
    for (String core : cores) {
      String[] numbers = core.split(" ");
      ProcessorId found =
          numbers.length == 2 ? ProcessorId.ofArm(number(numbers[0]), number(numbers[1])) : null;
      id = found == null ? id : found;
    }
    return id;
  }

  private static boolean isGuest(String flags) {
    return (" " + flags + " ").contains(" hypervisor ");
  }

  /** The processor of lscpu's table, or of its JSON as lines of label and value; null for none. */
  static @Nullable Observed lscpu(String text) {
    Architecture architecture = null;
    String flags = null;
    var first = new HashMap<String, String>();
    List<String> lines = text.lines().toList();
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i);
      int colon = line.indexOf(':');
      if (colon < 0) {
        continue;
      }
      String value = line.substring(colon + 1).strip();
      first.putIfAbsent(line.substring(0, colon).strip().toLowerCase(Locale.ROOT), value);
      if (architecture == null && isArchitecture(value)) {
        architecture = Architecture.of(value);
      }
      if (flags == null && isFlags(value)) {
        flags = value;
        while (i + 1 < lines.size() && isContinuation(lines.get(i + 1))) {
          flags = joined(flags, lines.get(++i).strip());
        }
      }
    }
    if (flags == null) {
      return null;
    }
    if (architecture != Architecture.ARM64 && architecture != Architecture.X86_64) {
      architecture = flags.startsWith("fp asimd") ? Architecture.ARM64 : Architecture.X86_64;
    }
    String title = tidy(first.getOrDefault("model name", ""));
    ProcessorId id =
        architecture == Architecture.X86_64
            ? ProcessorId.ofX86(
                first.getOrDefault("vendor id", ""),
                number(first.get("cpu family")),
                number(first.get("model")))
            : ofArmName(first.getOrDefault("vendor id", ""), title);
    return new Observed(
        architecture,
        Observed.ofLinuxWords(flags, architecture),
        FeatureSet.empty(),
        title,
        id,
        first.getOrDefault("hypervisor vendor", isGuest(flags) ? "a hypervisor" : ""),
        "lscpu");
  }

  private static boolean isArchitecture(String value) {
    return value.equals("x86_64") || value.equals("aarch64") || value.equals("arm64");
  }

  private static boolean isFlags(String value) {
    String padded = " " + value + " ";
    return padded.contains(" fpu ") && padded.contains(" sse2 ") || value.startsWith("fp asimd");
  }

  /** Whether a line goes on with a long value: indented, and with no label of its own. */
  private static boolean isContinuation(String line) {
    return line.startsWith("          ") && line.indexOf(':') < 0 && !line.isBlank();
  }

  /** Narrow terminals cut in the middle of words. */
  private static String joined(String flags, String more) {
    int lastSpace = flags.lastIndexOf(' ');
    String last = flags.substring(lastSpace + 1);
    int firstSpace = more.indexOf(' ');
    String next = firstSpace < 0 ? more : more.substring(0, firstSpace);
    boolean isCut =
        Feature.ofLinuxName(next).isEmpty() && !Feature.ofLinuxName(last + next).isEmpty();
    return isCut ? flags + more : flags + " " + more;
  }

  private static @Nullable ProcessorId ofArmName(String vendor, String title) {
    String name = title.isEmpty() || title.equals("-") ? vendor : title;
    Machine machine = Catalog.standard().machine(name);
    return machine == null || machine.architecture() != Architecture.ARM64
        ? null
        : new ProcessorId(machine.name(), ProcessorId.shortTitle(machine.title()));
  }

  /** Without marks, doubled spaces and clock rates. */
  static String tidy(String title) {
    return title
        .replace("(R)", "")
        .replace("(TM)", "")
        .replace("(tm)", "")
        .replaceAll("\\bCPU\\b", "")
        .replaceAll("@.*", "")
        .replaceAll("\\s+", " ")
        .strip();
  }

  private static int number(@Nullable String text) {
    if (text == null) {
      return -1;
    }
    try {
      return Integer.decode(text.strip());
    } catch (NumberFormatException e) {
      return -1;
    }
  }
}
