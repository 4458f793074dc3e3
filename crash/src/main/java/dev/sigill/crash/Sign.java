package dev.sigill.crash;

import dev.sigill.verdict.Fix;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * A message that programs, loaders or systems write, and what it says of the cause. Read from
 * {@code signs/*.signs}; the format is in {@link Signs}.
 *
 * @param name its name, unique
 * @param words literal words, in lower case; the pattern is tried only near one of them
 * @param pattern what the message looks like; its named groups become facts
 * @param whole whether the message must be all there is
 * @param says what the message means, a phrase
 * @param weights how strongly it speaks for each cause, 0 to 1
 * @param against how strongly it speaks against each cause, 0 to 1
 * @param facts facts that follow from the message itself
 * @param fixes what helps in this very case
 * @param checks what would settle this very case
 * @param links official documentation of the message
 */
record Sign(
    String name,
    List<String> words,
    Pattern pattern,
    boolean whole,
    String says,
    Map<Cause, Double> weights,
    Map<Cause, Double> against,
    Map<Fact, String> facts,
    List<Fix> fixes,
    List<Check> checks,
    List<String> links) {}
