package dev.sigill.analysis;

/**
 * That a function is most likely one that several objects of a program hold a copy of, an inline
 * function or the instance of a template, and that the linker kept the copy of an object built for
 * newer processors than the objects of other callers.
 *
 * @param sign what says that there were several copies
 * @param callersWith how many functions that call it need what it needs themselves
 * @param callersWithout how many functions that call it need nothing of that
 * @param with one of the former
 * @param without one of the latter
 */
public record MergedFunction(
    Sign sign, int callersWith, int callersWithout, CodePlace with, CodePlace without) {
  /** Nothing of the kind. */
  public static final MergedFunction NONE =
      new MergedFunction(Sign.NONE, 0, 0, CodePlace.NONE, CodePlace.NONE);

  /** What says that there were several copies of a function. */
  public enum Sign {
    NONE("none"),
    /** Its symbol: a weak definition. */
    WEAK_SYMBOL("weak-symbol"),
    /** Only that its name is one of C++, as inline functions have; the symbol is a local one. */
    NAME("name"),
    /** Its name is stripped, so that it cannot be told. */
    STRIPPED("stripped");

    private final String id;

    Sign(String id) {
      this.id = id;
    }

    /** The word in JSON. */
    public String id() {
      return id;
    }
  }

  public boolean isNone() {
    return equals(NONE);
  }
}
