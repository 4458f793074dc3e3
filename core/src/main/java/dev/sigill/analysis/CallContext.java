package dev.sigill.analysis;

import java.util.List;

/**
 * What a function does when it is called with given arguments.
 *
 * @param returns whether it comes back
 * @param result what it leaves in RAX
 * @param second what it leaves in RDX
 * @param refusals the checks that end the program
 * @param stores what it stores in frames that it was given the address of, in order
 */
record CallContext(
    boolean returns, long result, long second, List<Refusal> refusals, List<Store> stores) {
  CallContext {
    refusals = List.copyOf(refusals);
    stores = List.copyOf(stores);
  }

  /**
   * A number that a call always stores.
   *
   * @param place a place in a frame, as in {@link Values#FRAME}
   * @param size in bytes
   */
  record Store(long place, int size, long value) {}
}
