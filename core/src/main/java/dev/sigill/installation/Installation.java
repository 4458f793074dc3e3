package dev.sigill.installation;

import dev.sigill.platform.Architecture;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A runtime of this computer, and where the packages lie that it loads.
 *
 * @param kind what it is
 * @param root the folder to open to see what is in it, as it was found; links are not resolved
 * @param executable the program that loads what is in it; empty for a {@code node_modules} folder
 *     alone
 * @param title what people read: {@code Python 3.9.6}, {@code Temurin 21.0.3}
 * @param version its version ({@code 3.9.6}, {@code 21.0.3}), or empty where no file says it
 * @param implementation {@code cpython}, {@code pypy}, {@code temurin} …, or empty
 * @param architectures of the program, in the order of the file: several for a universal binary,
 *     none where it could not be read
 * @param packageFolders folders outside the root from which it loads packages too
 * @param found how it was found: {@code PATH}, {@code VIRTUAL_ENV}, {@code pyenv} …
 * @param isActive whether its plain command starts it here ({@code python3}, {@code java}, {@code
 *     node})
 */
public record Installation(
    Kind kind,
    Path root,
    Optional<Path> executable,
    String title,
    String version,
    String implementation,
    List<Architecture> architectures,
    List<Path> packageFolders,
    String found,
    boolean isActive) {
  /** What an installation is. */
  public enum Kind {
    /** A Python with its standard library. */
    PYTHON("python"),
    VIRTUAL_ENVIRONMENT("python"),
    CONDA_ENVIRONMENT("python"),
    JAVA("java"),
    /** A Node.js with its global packages. */
    NODE("node"),
    /** The packages of one Node.js project. */
    NODE_MODULES("node");

    private final String language;

    Kind(String language) {
      this.language = language;
    }

    /** {@code python}, {@code java} or {@code node}. */
    public String language() {
      return language;
    }
  }

  public Installation {
    architectures = List.copyOf(architectures);
    packageFolders = List.copyOf(packageFolders);
  }
}
