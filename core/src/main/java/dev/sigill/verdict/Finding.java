package dev.sigill.verdict;

import dev.sigill.analysis.Certainty;
import dev.sigill.analysis.Stage;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One reason why a target does not run as it should.
 *
 * @param rule which rule found it
 * @param verdict what it alone would make of the target
 * @param stage when it strikes
 * @param certainty how sure it is
 * @param missing ids of missing CPU features; empty for other rules
 * @param image path of the image concerned within the target, or empty for the target as a whole
 * @param proof the instruction and its path; null for rules without one
 * @param summary what is wrong, in one line without the image's name
 * @param needs what the image needs, short ({@code avx}, {@code macOS 12.0}, {@code GLIBC_2.34})
 * @param offers what the machine has of it, short
 * @param details further lines of evidence; may be empty
 * @param fixes what helps, best first
 */
public record Finding(
    Rule rule,
    Verdict verdict,
    Stage stage,
    Certainty certainty,
    List<String> missing,
    String image,
    @Nullable Proof proof,
    String summary,
    String needs,
    String offers,
    List<String> details,
    List<Fix> fixes) {
  public Finding {
    missing = List.copyOf(missing);
    details = List.copyOf(details);
    fixes = List.copyOf(fixes);
  }
}
