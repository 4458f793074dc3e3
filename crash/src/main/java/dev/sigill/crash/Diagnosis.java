package dev.sigill.crash;

import dev.sigill.verdict.Fix;
import java.util.List;

/**
 * One cause that a text supports.
 *
 * @param cause what it is
 * @param likelihood how sure it is
 * @param because the words and fields that it rests on, a sentence each
 * @param missing ids of the CPU features that are missing, as far as known
 * @param checks what would settle it
 * @param fixes what helps, best first; none is verified
 * @param links official documentation
 */
public record Diagnosis(
    Cause cause,
    Likelihood likelihood,
    List<String> because,
    List<String> missing,
    List<Check> checks,
    List<Fix> fixes,
    List<String> links) {
  public Diagnosis {
    because = List.copyOf(because);
    missing = List.copyOf(missing);
    checks = List.copyOf(checks);
    fixes = List.copyOf(fixes);
    links = List.copyOf(links);
  }
}
