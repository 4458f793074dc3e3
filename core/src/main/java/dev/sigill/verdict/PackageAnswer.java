package dev.sigill.verdict;

import dev.sigill.analysis.Stage;
import dev.sigill.source.Distribution;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The answer for one package of a target.
 *
 * @param distribution the package
 * @param verdict the answer
 * @param stage when it stops; of {@link Verdict#UNKNOWN} the first stage that is not decided; null
 *     where it does not stop
 * @param because what decides, in one line without the package's name and without full stop
 * @param cause the other package whose code or files decide; null where its own do
 * @param chain the Python modules whose top-level code leads from importing the package to what
 *     stops it, the extension module last; empty where no such way is known
 */
public record PackageAnswer(
    Distribution distribution,
    Verdict verdict,
    @Nullable Stage stage,
    String because,
    @Nullable Distribution cause,
    List<String> chain) {
  public PackageAnswer {
    chain = List.copyOf(chain);
  }

  /** Whether importing the package stops the program. */
  public boolean isStopped() {
    return Found.weight(verdict) == 0;
  }
}
