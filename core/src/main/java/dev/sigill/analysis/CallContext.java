package dev.sigill.analysis;

import java.util.List;

/**
 * What a function does when it is called with given arguments.
 *
 * @param returns whether it comes back
 * @param result what it leaves in RAX
 * @param second what it leaves in RDX
 * @param refusals the checks that end the program
 */
record CallContext(boolean returns, long result, long second, List<Refusal> refusals) {
  CallContext {
    refusals = List.copyOf(refusals);
  }
}
