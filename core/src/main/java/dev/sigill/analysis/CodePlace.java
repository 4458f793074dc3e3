package dev.sigill.analysis;

/**
 * A place in the code of an image, for reports.
 *
 * @param image path of the image within the target
 * @param function the function that holds it, readable, with the offset, or empty where no name is
 *     left
 * @param address its virtual address, as linked
 * @param instruction the instruction there in Intel syntax; of a check the comparison and the
 *     branch, separated by a semicolon
 */
public record CodePlace(String image, String function, long address, String instruction) {
  /** No place, or none that was found. */
  public static final CodePlace NONE = new CodePlace("", "", 0, "");

  public boolean isNone() {
    return equals(NONE);
  }
}
