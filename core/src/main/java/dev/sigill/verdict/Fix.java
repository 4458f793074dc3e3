package dev.sigill.verdict;

import java.util.List;

/**
 * What helps.
 *
 * @param summary one sentence without a full stop
 * @param commands what to type, in order; may be empty
 * @param verified whether the replacement itself was checked
 */
public record Fix(String summary, List<String> commands, boolean verified) {
  public Fix {
    commands = List.copyOf(commands);
  }
}
