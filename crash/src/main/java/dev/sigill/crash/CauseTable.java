package dev.sigill.crash;

import dev.sigill.verdict.Fix;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** What each cause means for a person: checks, fixes and links, from {@code causes.table}. */
final class CauseTable {
  private static final Map<Cause, SignFile.Block> BLOCKS = read();

  private CauseTable() {}

  private static Map<Cause, SignFile.Block> read() {
    var blocks = new EnumMap<Cause, SignFile.Block>(Cause.class);
    for (SignFile.Block block : SignFile.read("causes.table")) {
      blocks.put(Cause.of(block.name()), block);
    }
    return blocks;
  }

  static List<Check> checks(Cause cause, Facts facts) {
    return lines(cause, "check", facts).stream().map(Signs::check).toList();
  }

  static List<Fix> fixes(Cause cause, Facts facts) {
    return lines(cause, "fix", facts).stream().map(Signs::fix).toList();
  }

  static List<String> links(Cause cause, Facts facts) {
    return lines(cause, "link", facts);
  }

  private static List<String> lines(Cause cause, String key, Facts facts) {
    SignFile.Block block = BLOCKS.get(cause);
    if (block == null) {
      throw new IllegalStateException("causes.table has no " + cause.id());
    }
    Set<String> tags = tags(facts);
    var lines = new ArrayList<String>();
    for (SignFile.Entry entry : block.entries()) {
      String[] words = entry.key().split(" ");
      if (words[0].equals(key) && (words.length == 1 || tags.contains(words[1]))) {
        lines.add(filled(entry.value(), facts));
      }
    }
    return lines;
  }

  /** What is known of the system; where nothing is, advice for every system is given. */
  private static Set<String> tags(Facts facts) {
    var tags = new TreeSet<String>();
    String os = facts.get(Fact.OS).toLowerCase(java.util.Locale.ROOT);
    if (os.startsWith("mac")) {
      tags.add("macos");
    } else if (os.startsWith("windows")) {
      tags.add("windows");
    } else if (!os.isEmpty()) {
      tags.add("linux");
      tags.add(facts.get(Fact.PROCESS_ARCH).matches("arm.*|aarch64") ? "linux-arm" : "linux-x86");
    } else {
      tags.addAll(Set.of("macos", "linux", "linux-x86"));
    }
    String runtime = facts.get(Fact.RUNTIME).toLowerCase(java.util.Locale.ROOT);
    if (runtime.contains("python")) {
      tags.add("python");
    } else if (runtime.contains("jvm") || runtime.contains("java") || runtime.contains("jdk")) {
      tags.add("jvm");
    } else if (runtime.contains("node")) {
      tags.add("node");
    }
    if (facts.isTranslated()) {
      tags.add("translated");
      if (facts.get(Fact.TRANSLATOR).startsWith("QEMU")) {
        tags.add("qemu");
      }
    }
    return tags;
  }

  private static String filled(String line, Facts facts) {
    String features = facts.get(Fact.FEATURES);
    return line.replace("{image}", quoted(facts.get(Fact.IMAGE), "THE-FILE"))
        .replace("{process}", quoted(facts.get(Fact.PROCESS), "COMMAND"))
        .replace("{library}", quoted(facts.get(Fact.LIBRARY), "LIBRARY"))
        .replace("{symbol}", quoted(facts.get(Fact.SYMBOL), "SYMBOL"))
        .replace("{features}", features.isEmpty() ? "the instructions needed" : features);
  }

  /** A name from a stranger's report, safe to paste into a shell, or a word in its place. */
  private static String quoted(String name, String otherwise) {
    return name.matches("[\\w@%+=:,./-]{1,200}") && !name.startsWith("-") ? name : otherwise;
  }
}
