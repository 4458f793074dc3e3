package dev.sigill.crash;

import java.util.List;

/**
 * What would settle whether a cause is the one.
 *
 * @param command what to type or look at; never run by this tool
 * @param answers what each answer means, a sentence each
 */
public record Check(String command, List<String> answers) {
  public Check {
    answers = List.copyOf(answers);
  }
}
