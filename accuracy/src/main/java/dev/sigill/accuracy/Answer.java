package dev.sigill.accuracy;

import dev.sigill.analysis.Stage;
import dev.sigill.verdict.Finding;
import dev.sigill.verdict.Result;
import dev.sigill.verdict.Rule;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What was said, without running anything: a line of {@code answers.jsonl}.
 *
 * @param name the distribution's name
 * @param version its version
 * @param scope what was asked about: {@code import} and {@code use} for the images that were in
 *     memory at the end of that run, {@code environment} for the whole environment
 * @param cpu QEMU's name of the processor
 * @param verdict the verdict's id
 * @param stage the stage of the verdict, or empty
 * @param findings those about instructions and about the program's own checks, the deciding first
 * @param contains features that some instruction anywhere in the images needs and the processor
 *     lacks: what a scanner reports
 * @param gaps what was not decided and why, as the answer says it
 * @param images how many images were asked about
 * @param codeBytes how much code they hold
 * @param seconds how long the answer took
 */
record Answer(
    String name,
    String version,
    String scope,
    String cpu,
    String verdict,
    String stage,
    List<Said> findings,
    List<String> contains,
    List<String> gaps,
    int images,
    long codeBytes,
    double seconds) {
  static final String ENVIRONMENT = "environment";

  Answer {
    findings = List.copyOf(findings);
    contains = List.copyOf(contains);
    gaps = gaps.stream().map(Answer::shortened).toList();
  }

  /**
   * One finding.
   *
   * @param rule the rule's id
   * @param stage load, import or use
   * @param certainty certain, reachable or wrongly-guarded
   * @param missing the features that the machine lacks
   * @param image the image that holds the instruction
   * @param function the function with the offset, or empty
   * @param address the instruction's address as linked, with {@code 0x}, or empty
   * @param instruction its text, or empty
   */
  record Said(
      String rule,
      String stage,
      String certainty,
      List<String> missing,
      String image,
      String function,
      String address,
      String instruction) {
    Said {
      missing = List.copyOf(missing);
    }

    static Said of(Finding finding) {
      var proof = finding.proof();
      return new Said(
          finding.rule().id(),
          word(finding.stage()),
          finding.certainty().id(),
          finding.missing(),
          finding.image(),
          proof == null ? "" : proof.function(),
          proof == null ? "" : "0x" + Long.toHexString(proof.address()),
          proof == null ? "" : proof.instruction());
    }

    boolean isInstruction() {
      return rule.equals(Rule.SIG101.id());
    }

    boolean isRefusal() {
      return rule.equals(Rule.SIG102.id());
    }
  }

  private static String shortened(String gap) {
    return gap.length() > 600 ? gap.substring(0, 600) + "…" : gap;
  }

  /** The findings of a result that are about instructions and about checks that end the program. */
  static List<Said> said(Result result) {
    return result.findings().stream()
        .filter(f -> f.rule() == Rule.SIG101 || f.rule() == Rule.SIG102)
        .map(Said::of)
        .toList();
  }

  /** A stage in lower case; empty for none. */
  static String word(@Nullable Stage stage) {
    return stage == null ? "" : stage.name().toLowerCase(Locale.ROOT);
  }
}
