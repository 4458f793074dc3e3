package dev.sigill.accuracy;

/**
 * Where a program died.
 *
 * @param image the image's path within the environment, or as the system has it where it lies
 *     outside; empty where unknown
 * @param function the function with the offset, readable, or empty
 * @param address the instruction's address as linked, with {@code 0x}, or empty
 * @param instruction its text in Intel syntax, or empty
 * @param features the features it needs, separated by commas
 */
record Fault(String image, String function, String address, String instruction, String features) {
  /** Nothing known. */
  static Fault unknown() {
    return new Fault("", "", "", "", "");
  }
}
