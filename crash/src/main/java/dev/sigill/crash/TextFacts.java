package dev.sigill.crash;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Facts that lines of logs, kernels and debuggers state beside the signs themselves. */
final class TextFacts {
  /** {@code ip:55dd4e14b12d sp:… error:0 in ill[112d,55dd4e14b000+1000]}; older without offset. */
  private static final Pattern KERNEL_X86 =
      Pattern.compile(
          "ip:([0-9a-f]{1,16}) [^\\n"
              + "]{0,60}error:[0-9a-f]+ in (\\S[^\\[\\n"
              + "]{0,120})\\[(?:([0-9a-f]{1,16}),)?([0-9a-f]{1,16})\\+([0-9a-f]{1,16})\\]");

  private static final Pattern KERNEL_ARM =
      Pattern.compile(
          "undefined instruction(?:: pc=([0-9a-fx]{1,20}))?(?: in (\\S[^\\[\\n"
              + "]{0,120})\\[([0-9a-f]{1,16})\\+([0-9a-f]{1,16})\\])?");

  private static final Pattern CODE_LINE =
      Pattern.compile("Code: ((?:[<(]?[0-9a-f]{2,8}[>)]? ?){2,64})");

  private static final Pattern ARROW =
      Pattern.compile(
          "(?m)(?:=>|->)\\s+0x([0-9a-f]{1,16})[^:\\n"
              + "]{0,120}:\\s*(?:(?:[0-9a-f]{2} )+\\s*)?([a-z][\\w.]{1,20}\\b[^\\n"
              + ";#]{0,100})");

  private static final Pattern INSTRUCTION_LINE =
      Pattern.compile("(?m)^\\s*([a-z][a-z0-9.]{2,18})(?:\\s+([%${(\\[]?[\\w$%{\\[(*].{0,100}))?$");

  private static final Pattern GDB_FRAME =
      Pattern.compile(
          "(?m)^(?:#0\\s+)?0x([0-9a-f]{6,16}) in (.{1,200}?) \\(.{0,120}\\)(?:\\s+from"
              + " (\\S{1,300}))?");

  private static final Pattern PYTHON_FRAME =
      Pattern.compile("(?m)^\\s*File \"([^\"\\n]{1,300})\", line \\d+,? in (\\S{1,80})");

  private static final Pattern SITE_PACKAGE =
      Pattern.compile("(?:site|dist)-packages[/\\\\]([A-Za-z0-9_.-]{1,80})");

  /** The beginnings of codes of Windows' exceptions. */
  private static final Pattern WINDOWS_CODE = Pattern.compile("(?i)\\b(?:0x)?(?:c0|80|e0|40)0000");

  private static final Pattern VEX_MNEMONIC =
      Pattern.compile("\\bv[a-z]{3,}[a-z0-9]*\\b|\\bk(?:mov|or|and|xnor|unpck|shift)[a-z]{1,4}\\b");

  /** What tells operands from the words after "various". */
  private static final Pattern OPERAND =
      Pattern.compile(
          "\\b(?:[xyz]mm\\d|[re]?[abcd]x\\b|r\\d{1,2}[dwb]?\\b|[re][sd]i\\b|k[0-7]\\b|ptr\\b)");

  /** A name that is surely an instruction's, without operands. */
  private static final Pattern VEX_ALONE =
      Pattern.compile("vzero(?:upper|all)|v[a-z]{2,}(?:[ps][sd]|dq[au])\\d*|v[a-z]+\\d[a-z0-9]*");

  private TextFacts() {}

  static void note(String text, List<Signs.Seen> seen, Facts.Collected facts) {
    String head = text.length() > TextIntake.WHOLE ? text.substring(0, TextIntake.WHOLE) : text;
    if (head.contains("ip:")) {
      kernelX86(head, facts);
    }
    if (head.contains("undefined instruction")) {
      kernelArm(head, facts);
    }
    if (head.contains("Code: ")) {
      codeLine(head, facts);
    }
    instruction(head, facts);
    if (head.contains("0x")) {
      Matcher frame = GDB_FRAME.matcher(head);
      if (frame.find()) {
        facts.note(Fact.ADDRESS, "0x" + frame.group(1));
        facts.note(Fact.FUNCTION, frame.group(2));
        if (frame.group(3) != null) {
          facts.note(Fact.IMAGE, frame.group(3));
        }
      }
    }
    if (head.contains("File \"")) {
      python(head, facts);
    }
    if (WINDOWS_CODE.matcher(head).find()) {
      WindowsFacts.note(head, facts);
    }
    String address = facts.get(Fact.ADDRESS);
    if (address.matches("[0-9a-f]{4,16}")) {
      facts.replace(Fact.ADDRESS, "0x" + address.replaceFirst("^0+(?=.)", ""));
    }
    if (head.contains("Illegal instruction: 4")
        || head.contains("Abort trap: 6")
        || head.contains("dyld[")
        || head.contains("EXC_")) {
      facts.note(Fact.OS, "macOS");
    } else if (head.contains("core dumped")
        || head.contains("kernel:")
        || head.contains("error while loading shared libraries")
        || head.contains("symbol lookup error:")) {
      facts.note(Fact.OS, "Linux");
    }
    goBytes(facts);
    features(seen, facts);
  }

  private static void kernelX86(String text, Facts.Collected facts) {
    Matcher line = KERNEL_X86.matcher(text);
    if (!line.find()) {
      return;
    }
    long address = Long.parseUnsignedLong(line.group(1), 16);
    long base = Long.parseUnsignedLong(line.group(4), 16);
    long size = Long.parseUnsignedLong(line.group(5), 16);
    facts.note(Fact.IMAGE, line.group(2));
    // Without the offset of the mapping, what the kernel tells counts from the mapping's start.
    long offset =
        line.group(3) == null ? address - base : Long.parseUnsignedLong(line.group(3), 16);
    facts.noteAddress(Fact.IMAGE_OFFSET, offset);
    facts.noteAddress(Fact.ADDRESS, address);
    facts.note(Fact.PROCESS_ARCH, "x86_64");
    facts.note(Fact.OS, "Linux");
    facts.add(new LoadedLibrary(line.group(2), base, base + size, offset - (address - base), ""));
  }

  private static void kernelArm(String text, Facts.Collected facts) {
    Matcher line = KERNEL_ARM.matcher(text);
    while (line.find()) {
      facts.note(Fact.PROCESS_ARCH, "arm64");
      facts.note(Fact.OS, "Linux");
      if (line.group(1) != null) {
        String digits = line.group(1).replaceFirst("^0x", "").replaceAll("[^0-9a-f]", "");
        facts.replace(Fact.ADDRESS, "0x" + digits.replaceFirst("^0+(?=.)", ""));
      }
      if (line.group(2) != null) {
        facts.note(Fact.IMAGE, line.group(2));
      }
    }
  }

  /** The kernel's bytes or words around the fault; the one in brackets is where it struck. */
  private static void codeLine(String text, Facts.Collected facts) {
    Matcher line = CODE_LINE.matcher(text);
    while (line.find()) {
      String code = line.group(1);
      int mark = Math.max(code.indexOf('<'), code.indexOf('('));
      if (mark < 0) {
        continue;
      }
      String rest = code.substring(mark).replaceAll("[<>()]", "").strip();
      String[] parts = rest.split(" ");
      var hex = new StringBuilder();
      if (parts[0].length() == 8) {
        // Words of A64 code are written as numbers; bytes follow in memory's order.
        String w = parts[0];
        hex.append(w, 6, 8).append(w, 4, 6).append(w, 2, 4).append(w, 0, 2);
      } else if (parts[0].length() == 2) {
        for (String part : parts) {
          hex.append(part);
        }
      }
      facts.note(Fact.BYTES, hex.toString());
    }
  }

  private static void goBytes(Facts.Collected facts) {
    String bytes = facts.get(Fact.BYTES);
    if (bytes.contains("0x")) {
      var hex = new StringBuilder();
      for (String part : bytes.strip().split("\\s+")) {
        String digits = part.replaceFirst("^0x", "");
        hex.append(digits.length() == 1 ? "0" + digits : digits);
      }
      facts.replace(Fact.BYTES, hex.toString());
    }
  }

  private static void instruction(String text, Facts.Collected facts) {
    Matcher arrow = ARROW.matcher(text);
    if (arrow.find()) {
      facts.note(Fact.ADDRESS, "0x" + arrow.group(1));
      facts.note(Fact.INSTRUCTION, arrow.group(2));
      return;
    }
    if (text.length() > 2000) {
      return;
    }
    Matcher line = INSTRUCTION_LINE.matcher(text);
    while (line.find()) {
      String mnemonic = line.group(1);
      String operands = line.group(2);
      boolean isInstruction =
          operands == null
              ? VEX_ALONE.matcher(mnemonic).matches()
              : operands.contains("%")
                  || VEX_MNEMONIC.matcher(mnemonic).matches() && OPERAND.matcher(operands).find();
      if (isInstruction && !Mnemonics.features(mnemonic, line.group()).isEmpty()) {
        facts.note(Fact.INSTRUCTION, line.group());
        return;
      }
    }
  }

  private static void python(String text, Facts.Collected facts) {
    facts.note(Fact.RUNTIME, "Python");
    Matcher frame = PYTHON_FRAME.matcher(text);
    // faulthandler writes the innermost call first.
    while (frame.find()) {
      Matcher owner = SITE_PACKAGE.matcher(frame.group(1));
      if (owner.find()) {
        facts.note(Fact.PACKAGE, owner.group(1));
        facts.note(Fact.FILE, frame.group(1));
        return;
      }
    }
  }

  private static void features(List<Signs.Seen> seen, Facts.Collected facts) {
    var ids = new LinkedHashSet<String>();
    for (Signs.Seen each : seen) {
      String named = each.facts().get(Fact.FEATURES);
      // A notice of speed names what is there, not what is missing.
      if (named != null && !each.sign().weights().containsKey(Cause.NOT_AN_ISA_PROBLEM)) {
        ids.addAll(FeatureWords.ids(named));
      }
    }
    if (ids.isEmpty() && facts.has(Fact.INSTRUCTION)) {
      String line = facts.get(Fact.INSTRUCTION);
      ids.addAll(Mnemonics.features(line.split("\\s")[0], line));
    }
    facts.note(Fact.FEATURES, String.join(", ", ids));
  }
}
