package dev.sigill.analysis;

import dev.sigill.isa.FeatureTerm;
import java.util.List;

/**
 * What all instructions of an image need together, whether anything reaches them or not. If a
 * machine meets every term and nothing was undecodable, no instruction of the image can be beyond
 * it.
 *
 * @param isDecoded whether the image's code was decoded from end to end
 * @param terms every different need met; empty where not decoded
 * @param codeBytes bytes in the image's code ranges
 * @param decodedBytes how many of them decoded as instructions
 */
public record ContainedCode(
    boolean isDecoded, List<FeatureTerm> terms, long codeBytes, long decodedBytes) {
  public ContainedCode {
    terms = List.copyOf(terms);
  }

  /** Not decoded from end to end. */
  public static ContainedCode notDecoded(long codeBytes) {
    return new ContainedCode(false, List.of(), codeBytes, 0);
  }
}
