package dev.sigill.crash;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What facts say of causes, beyond the messages. */
final class Reasoning {
  private static final Pattern TRAP = Pattern.compile("ud[012]\\b.*|int3|int1|brk .*|udf .*|hlt");
  private static final Pattern MACOS = Pattern.compile("(?i)mac\\s?os(?: x)?\\s+(\\d+)");

  private Reasoning() {}

  static void weigh(Facts.Collected facts, Ranking ranking) {
    String signal = facts.get(Fact.SIGNAL);
    boolean isIllegal =
        signal.equals("SIGILL") || facts.get(Fact.EXCEPTION).startsWith("EXC_BAD_INSTRUCTION");
    instruction(facts, ranking, isIllegal);
    if (isIllegal) {
      // Formats without prose, such as core files, have only the fact.
      if (ranking.weight(Cause.ISA_MISSING) == 0 && !isTrap(facts)) {
        ranking.add(
            Cause.ISA_MISSING, 0.7, "the signal is SIGILL: an instruction was not executed");
        ranking.add(Cause.NOT_AN_ISA_PROBLEM, 0.2, "a program's own trap gives SIGILL too");
      }
      translator(facts, ranking);
      if (facts.get(Fact.FRAME_KIND).equals("generated")) {
        ranking.add(
            Cause.JIT_CODE, 0.6, "the address lies in no file: the code was generated at run time");
      }
    } else if (!signal.isEmpty()) {
      badJump(facts, signal, ranking);
      otherSignal(signal, ranking);
    }
  }

  private static boolean isTrap(Facts.Collected facts) {
    return TRAP.matcher(facts.get(Fact.INSTRUCTION)).matches();
  }

  private static void instruction(Facts.Collected facts, Ranking ranking, boolean isIllegal) {
    String instruction = facts.get(Fact.INSTRUCTION);
    if (instruction.isEmpty()) {
      return;
    }
    String bytes = facts.get(Fact.BYTES);
    String shown = "`" + instruction + "`" + (bytes.isEmpty() ? "" : " (bytes " + bytes + ")");
    String features = facts.get(Fact.FEATURES);
    if (isTrap(facts)) {
      ranking.add(
          Cause.NOT_AN_ISA_PROBLEM,
          0.97,
          "the instruction is "
              + shown
              + ", a deliberate trap: an assertion, an unreachable place or an abort of the"
              + " program's own");
      ranking.oppose(Cause.ISA_MISSING, 0.9);
      ranking.oppose(Cause.UNKNOWN, 0.7);
    } else if (!features.isEmpty() && (isIllegal || bytes.isEmpty())) {
      ranking.add(
          Cause.ISA_MISSING,
          bytes.isEmpty() ? 0.9 : 0.97,
          "the instruction is " + shown + ", which needs " + features);
      ranking.oppose(Cause.NOT_AN_ISA_PROBLEM, 0.6);
      ranking.oppose(Cause.UNKNOWN, 0.6);
    } else if (isIllegal && instruction.equals("(bad)")) {
      ranking.add(
          Cause.NOT_AN_ISA_PROBLEM,
          0.75,
          "the bytes " + bytes + " are no instruction: the program jumped to a wrong place");
      ranking.oppose(Cause.ISA_MISSING, 0.5);
    } else if (isIllegal && !bytes.isEmpty() && facts.get(Fact.PROCESS_ARCH).equals("x86_64")) {
      ranking.add(
          Cause.NOT_AN_ISA_PROBLEM,
          0.6,
          "the instruction is " + shown + ", which every processor of this kind has");
      ranking.oppose(Cause.ISA_MISSING, 0.5);
    }
  }

  private static void translator(Facts.Collected facts, Ranking ranking) {
    if (!facts.get(Fact.TRANSLATED).equals("true") || isTrap(facts)) {
      return;
    }
    String translator = facts.get(Fact.TRANSLATOR);
    if (translator.startsWith("Rosetta")) {
      Matcher version = MACOS.matcher(facts.get(Fact.OS));
      boolean isOld = version.find() && Integer.parseInt(version.group(1)) < 15;
      ranking.add(
          Cause.ISA_MISSING,
          0.6,
          isOld
              ? "the process ran under Rosetta 2, which has no AVX before macOS 15"
              : "the process ran under Rosetta 2, which never has AVX-512, and AVX only since macOS"
                  + " 15");
      ranking.add(
          Cause.ARCH_MISMATCH,
          0.3,
          "the program is x86-64 on an Apple chip; a native one would not be translated");
    }
  }

  private static void badJump(Facts.Collected facts, String signal, Ranking ranking) {
    String accessed = facts.get(Fact.FAULT_ADDRESS);
    if (signal.equals("SIGSEGV")
        && !accessed.isEmpty()
        && accessed.equals(facts.get(Fact.ADDRESS))) {
      ranking.add(
          Cause.NOT_AN_ISA_PROBLEM,
          0.8,
          "the address of the instruction itself, "
              + accessed
              + ", may not be executed: the program jumped to a wrong place");
    }
  }

  private static void otherSignal(String signal, Ranking ranking) {
    boolean isSaid =
        ranking.weight(Cause.UNKNOWN) > 0 || ranking.weight(Cause.NOT_AN_ISA_PROBLEM) > 0;
    if (isSaid) {
      return;
    }
    switch (signal.toUpperCase(Locale.ROOT)) {
      case "SIGSEGV", "SIGBUS", "SIGABRT" ->
          ranking.add(Cause.UNKNOWN, 0.3, "the signal " + signal + " alone does not say why");
      case "SIGTRAP", "SIGFPE", "SIGSYS" ->
          ranking.add(Cause.NOT_AN_ISA_PROBLEM, 0.5, "the signal is " + signal);
      default -> {}
    }
  }
}
