package dev.sigill.python;

import java.util.List;

/**
 * One module that an import statement names.
 *
 * @param module the module as written, without leading dots; empty in {@code from . import x}
 * @param level how many dots lead it
 * @param names what is taken from it; empty where the module itself is imported, {@code *} for all
 * @param when whether running the module's code always gets here
 * @param attempts the {@code try} blocks it lies in, outermost first: it is not reached where an
 *     import before it in one of them fails
 */
record ImportStatement(
    String module, int level, List<String> names, When when, List<Integer> attempts) {
  ImportStatement {
    names = List.copyOf(names);
    attempts = List.copyOf(attempts);
  }

  /** Whether an import is reached when the module that holds it is imported. */
  enum When {
    /** At the top level, on every way through it; of a {@code try} block, its first imports. */
    ALWAYS,
    /** Behind a condition, in a function, or after something that may fail. */
    CONDITIONAL
  }
}
