package dev.sigill.verdict;

/** What a user sees when something stops the program. */
final class Consequences {
  private Consequences() {}

  static String ofFault(Case judged) {
    String end =
        switch (judged.machine().system().system()) {
          case WINDOWS -> "exit code 0xC000001D (STATUS_ILLEGAL_INSTRUCTION)";
          case MACOS -> "\"illegal hardware instruction\", exit status 132 (SIGILL)";
          default -> "\"Illegal instruction\", exit status 132 (SIGILL)";
        };
    return switch (judged.runtime()) {
      case PYTHON -> "Python cannot catch it: " + end;
      case JAVA -> "Java cannot catch it: the JVM ends and leaves an hs_err file, " + end;
      case NODE -> "Node.js cannot catch it: " + end;
      case NONE -> "The process ends: " + end;
    };
  }

  static String ofRefusal(Case judged) {
    return switch (judged.machine().system().system()) {
      case WINDOWS -> "The process ends with the check's message";
      default ->
          "The process ends with the check's message; after an abort, exit status 134 (SIGABRT)";
    };
  }
}
