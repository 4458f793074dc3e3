package dev.sigill.store;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Where a platform keeps what can be made again. */
public final class CacheFolder {
  private CacheFolder() {}

  /**
   * {@code SIGILL_CACHE_DIR} where set; else a folder {@code sigill} in {@code XDG_CACHE_HOME},
   * {@code ~/Library/Caches}, {@code %LOCALAPPDATA%} or {@code ~/.cache}. Empty where nothing says
   * where to put it.
   */
  public static Optional<Path> standard() {
    return of(System::getenv, System::getProperty);
  }

  static Optional<Path> of(
      UnaryOperator<@Nullable String> environment, UnaryOperator<@Nullable String> property) {
    Optional<Path> own = path(environment.apply("SIGILL_CACHE_DIR"));
    if (own.isPresent()) {
      return own;
    }
    String system = String.valueOf(property.apply("os.name")).toLowerCase(Locale.ROOT);
    Optional<Path> home = path(property.apply("user.home"));
    Optional<Path> caches =
        system.startsWith("windows")
            ? path(environment.apply("LOCALAPPDATA"))
            : path(environment.apply("XDG_CACHE_HOME"))
                .or(
                    () ->
                        home.map(
                            h ->
                                h.resolve(system.startsWith("mac") ? "Library/Caches" : ".cache")));
    return caches.map(folder -> folder.resolve("sigill"));
  }

  /** Relative paths are ignored, as the XDG base directory specification asks. */
  private static Optional<Path> path(@Nullable String text) {
    if (text == null || text.isBlank()) {
      return Optional.empty();
    }
    try {
      Path path = Path.of(text);
      return path.isAbsolute() ? Optional.of(path) : Optional.empty();
    } catch (InvalidPathException e) {
      return Optional.empty();
    }
  }
}
