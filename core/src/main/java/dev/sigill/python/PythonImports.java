package dev.sigill.python;

import java.util.List;

/**
 * How Python code comes to load the native files of a target that stop a program. Plain data.
 *
 * @param isKnown whether the code was looked at; where not, nothing is said of what loads what
 * @param loads the files that importing a package surely loads, in the order in which it does
 * @param chosen the extension modules that Python code imports only under conditions of its own
 */
public record PythonImports(boolean isKnown, List<Load> loads, List<Choice> chosen) {
  public PythonImports {
    loads = List.copyOf(loads);
    chosen = List.copyOf(chosen);
  }

  /** Nothing is known of what Python code loads. */
  public static PythonImports unknown() {
    return new PythonImports(false, List.of(), List.of());
  }

  /**
   * A native file that is surely loaded by an import.
   *
   * @param module the name that is imported
   * @param member path of the native file
   * @param chain the modules whose top-level code leads to it, the imported one first, the
   *     extension module last
   */
  public record Load(String module, String member, List<String> chain) {
    public Load {
      chain = List.copyOf(chain);
    }
  }

  /**
   * An extension module that is imported under conditions only.
   *
   * @param member path of the native file
   * @param by the module whose code decides
   */
  public record Choice(String member, String by) {}
}
