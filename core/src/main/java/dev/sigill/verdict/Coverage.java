package dev.sigill.verdict;

import dev.sigill.bytes.Problem;
import java.util.List;

/**
 * How much of the target was looked at.
 *
 * @param images how many native images were read
 * @param skipped how many more are for other platforms and were not judged
 * @param codeBytes bytes of instructions in the judged images
 * @param decodedBytes how many of them were decoded
 * @param notAnalysed what was not decided and why, one sentence each, without full stops
 * @param unreadable what could not be read
 */
public record Coverage(
    int images,
    int skipped,
    long codeBytes,
    long decodedBytes,
    List<String> notAnalysed,
    List<Problem> unreadable) {
  public Coverage {
    notAnalysed = List.copyOf(notAnalysed);
    unreadable = List.copyOf(unreadable);
  }
}
