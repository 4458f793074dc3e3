package dev.sigill;

import dev.sigill.analysis.Stage;
import dev.sigill.bytes.Limits;
import dev.sigill.store.CacheFolder;
import dev.sigill.store.RequirementsStore;
import java.util.Optional;

/**
 * How {@link Sigill} works.
 *
 * @param limits what a target may cost
 * @param parallelism how many threads read and analyse, 1 or more
 * @param progress hears how far it has come
 * @param store keeps what was found out, so that unchanged targets are not analysed again; empty
 *     for none
 * @param until the last stage that code is followed to: load, import or use
 * @param isExplained whether to find out as well what protects code that is contained but not
 *     required
 */
public record Options(
    Limits limits,
    int parallelism,
    Progress progress,
    Optional<RequirementsStore> store,
    Stage until,
    boolean isExplained) {
  public Options {
    if (parallelism < 1) {
      throw new IllegalArgumentException("parallelism must be 1 or more: " + parallelism);
    }
  }

  /** Standard limits, a thread for each processor, no word of progress, nothing kept. */
  public static Options standard() {
    return new Options(
        Limits.standard(),
        Runtime.getRuntime().availableProcessors(),
        Progress.NONE,
        Optional.empty(),
        Stage.USE,
        false);
  }

  public Options withLimits(Limits newLimits) {
    return new Options(newLimits, parallelism, progress, store, until, isExplained);
  }

  public Options withParallelism(int threads) {
    return new Options(limits, threads, progress, store, until, isExplained);
  }

  public Options withProgress(Progress listener) {
    return new Options(limits, parallelism, listener, store, until, isExplained);
  }

  public Options withStore(RequirementsStore newStore) {
    return new Options(limits, parallelism, progress, Optional.of(newStore), until, isExplained);
  }

  public Options withUntil(Stage last) {
    return new Options(limits, parallelism, progress, store, last, isExplained);
  }

  /** With what protects code that is contained but not required. */
  public Options explained() {
    return new Options(limits, parallelism, progress, store, until, true);
  }

  /** With results kept in the platform's cache folder, where it has one. */
  public Options withStandardStore() {
    return CacheFolder.standard()
        .map(folder -> withStore(RequirementsStore.in(folder, RequirementsStore.STANDARD_BYTES)))
        .orElse(this);
  }
}
