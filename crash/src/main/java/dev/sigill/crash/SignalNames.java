package dev.sigill.crash;

import java.util.Map;

/** Names of signals and of their codes (signal(7), sigaction(2)). */
final class SignalNames {
  private static final Map<Integer, String> LINUX =
      Map.of(
          3, "SIGQUIT", 4, "SIGILL", 5, "SIGTRAP", 6, "SIGABRT", 7, "SIGBUS", 8, "SIGFPE", 9,
          "SIGKILL", 11, "SIGSEGV", 31, "SIGSYS");

  private static final Map<Integer, String> ILLEGAL =
      Map.of(
          1, "ILL_ILLOPC (illegal opcode)",
          2, "ILL_ILLOPN (illegal operand)",
          3, "ILL_ILLADR (illegal addressing mode)",
          4, "ILL_ILLTRP (illegal trap)",
          5, "ILL_PRVOPC (privileged opcode)",
          6, "ILL_PRVREG (privileged register)",
          7, "ILL_COPROC (coprocessor error)",
          8, "ILL_BADSTK (internal stack error)");

  private static final Map<Integer, String> BUS =
      Map.of(
          1, "BUS_ADRALN (address not aligned)",
          2, "BUS_ADRERR (no such physical address)",
          3, "BUS_OBJERR (hardware error)");

  private static final Map<Integer, String> SEGMENT =
      Map.of(1, "SEGV_MAPERR (address not mapped)", 2, "SEGV_ACCERR (no permission)");

  private SignalNames() {}

  static String linux(int number) {
    return LINUX.getOrDefault(number, "signal " + number);
  }

  static String code(int signal, int code) {
    Map<Integer, String> names =
        switch (signal) {
          case 4 -> ILLEGAL;
          case 7 -> BUS;
          case 11 -> SEGMENT;
          default -> Map.of();
        };
    return names.getOrDefault(code, "code " + code);
  }
}
