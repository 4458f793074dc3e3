package dev.sigill.analysis;

import dev.sigill.isa.FeatureTerm;
import java.util.List;

/**
 * Functions of an image with instructions that are contained but not required, and why they are
 * not.
 *
 * @param kind what stands before them
 * @param check what the checks on the way ask for; {@link CpuCheck#NONE} where none stands there
 * @param needs every different need of those instructions
 * @param functions how many functions
 * @param examples some of them
 */
public record Protection(
    Kind kind, CpuCheck check, List<FeatureTerm> needs, int functions, List<Example> examples) {
  public Protection {
    needs = List.copyOf(needs);
    examples = List.copyOf(examples);
  }

  /** What stands before an instruction. */
  public enum Kind {
    /** Checks of the processor that imply what it needs. */
    GUARDED("guarded"),
    /**
     * Checks of the processor that do not imply what it needs; they protect where a machine lacks
     * what they ask for.
     */
    INSUFFICIENT("insufficient"),
    /** It runs only where a variable of the environment asks for it. */
    ENVIRONMENT("environment"),
    /** Checks of which not all is understood, or what leads there was not followed to its end. */
    UNDECIDED("undecided"),
    /** Nothing that was followed leads there. */
    UNREACHED("unreached");

    private final String id;

    Kind(String id) {
      this.id = id;
    }

    /** The word in JSON. */
    public String id() {
      return id;
    }
  }

  /**
   * One of the functions.
   *
   * @param check the branch that decides whether it runs; {@link CodePlace#NONE} where none was
   *     found
   * @param code the first such instruction in it
   * @param path the way to it: the root first, then each function called; empty where none is known
   */
  public record Example(CodePlace check, CodePlace code, List<String> path) {
    public Example {
      path = List.copyOf(path);
    }
  }
}
