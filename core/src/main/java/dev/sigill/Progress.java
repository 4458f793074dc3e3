package dev.sigill;

/** Hears how far a long task has come. Called from several threads. */
public interface Progress {
  /** What is being done. */
  enum Step {
    /** Opening the target and listing what is in it. */
    OPENING,
    /** Reading the tables of native files. */
    READING,
    /** Following what the loader runs. */
    FOLLOWING,
    /** Reading what Python code imports. */
    IMPORTS,
    /** Decoding the whole code of images where that can settle the answer. */
    DECODING
  }

  /** Hears nothing and never cancels. */
  Progress NONE = (step, done, total) -> {};

  /**
   * @param step what is being done
   * @param done how many files or images are done
   * @param total how many there are; 0 where not known yet
   */
  void at(Step step, int done, int total);

  /** Asked often; where true, the task ends soon with {@code CancellationException}. */
  default boolean isCancelled() {
    return false;
  }
}
