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
 * @param protections why what is contained but not required is not; empty unless that was asked for
 *     and the code was followed to its use
 */
public record ContainedCode(
    boolean isDecoded,
    List<FeatureTerm> terms,
    long codeBytes,
    long decodedBytes,
    List<Protection> protections) {
  public ContainedCode {
    terms = List.copyOf(terms);
    protections = List.copyOf(protections);
  }

  /** Of which nothing is known beyond what the instructions need. */
  public ContainedCode(
      boolean isDecoded, List<FeatureTerm> terms, long codeBytes, long decodedBytes) {
    this(isDecoded, terms, codeBytes, decodedBytes, List.of());
  }

  /** The same, with what protects it. */
  ContainedCode withProtections(List<Protection> known) {
    return new ContainedCode(isDecoded, terms, codeBytes, decodedBytes, known);
  }

  /** Not decoded from end to end. */
  public static ContainedCode notDecoded(long codeBytes) {
    return new ContainedCode(false, List.of(), codeBytes, 0);
  }
}
