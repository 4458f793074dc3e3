package dev.sigill.source;

import java.util.List;

/**
 * The program that loads the native files of an environment, read without starting it.
 *
 * @param language {@code python}, {@code java} or {@code node}
 * @param version its version ({@code 3.11.7}), or empty where not found
 * @param implementation {@code cpython}, {@code pypy}, {@code temurin} …, or empty
 * @param executable path of the program with links resolved, or empty
 * @param libraryFolders folders in which the loader finds the interpreter's own libraries
 */
public record Interpreter(
    String language,
    String version,
    String implementation,
    String executable,
    List<String> libraryFolders) {
  public Interpreter {
    libraryFolders = List.copyOf(libraryFolders);
  }
}
