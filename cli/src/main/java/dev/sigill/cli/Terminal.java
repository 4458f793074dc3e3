package dev.sigill.cli;

import java.util.Map;

/**
 * What is known of the terminal.
 *
 * @param isOut whether results go to a terminal
 * @param isErr whether messages go to a terminal
 * @param columns its width, or 0 where not known
 */
record Terminal(boolean isOut, boolean isErr, int columns) {
  /** No terminal at all. */
  static final Terminal NONE = new Terminal(false, false, 0);

  private static final String VARIABLE = "SIGILL_TERMINAL";

  /**
   * The terminal as the launcher script saw it ({@code oe120}: output and messages go to it, 120
   * columns), or else as the JDK sees it.
   */
  static Terminal of(Map<String, String> environment) {
    String told = environment.get(VARIABLE);
    if (told == null) {
      boolean both = System.console() != null && System.console().isTerminal();
      return new Terminal(both, both, number(environment.getOrDefault("COLUMNS", "")));
    }
    String digits = told.replaceAll("[^0-9]", "");
    return new Terminal(told.contains("o"), told.contains("e"), number(digits));
  }

  private static int number(String text) {
    boolean isNumber =
        !text.isEmpty() && text.length() < 6 && text.chars().allMatch(c -> c >= '0' && c <= '9');
    return isNumber ? Integer.parseInt(text) : 0;
  }
}
