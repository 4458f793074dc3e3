package dev.sigill.report;

import java.time.Duration;
import java.util.Optional;

/**
 * How text is laid out.
 *
 * @param width columns of the terminal; lines with text to wrap stay within it
 * @param color whether ANSI colours and weights may be used
 * @param unicode whether marks and lines may be drawn beyond ASCII
 * @param unfolded whether long lists are written in full
 * @param took how long the work took, where that is to be told; it makes the text differ from run
 *     to run
 */
public record Style(
    int width, boolean color, boolean unicode, boolean unfolded, Optional<Duration> took) {
  /** The width where no terminal says one. */
  public static final int DEFAULT_WIDTH = 100;

  private static final int LEAST_WIDTH = 40;
  private static final int GREATEST_WIDTH = 140;

  public Style {
    width = Math.clamp(width, LEAST_WIDTH, GREATEST_WIDTH);
  }

  /** No colours, marks beyond ASCII, the default width, folded, without time. */
  public static Style plain() {
    return new Style(DEFAULT_WIDTH, false, true, false, Optional.empty());
  }

  /** The same with another width. */
  public Style withWidth(int newWidth) {
    return new Style(newWidth, color, unicode, unfolded, took);
  }

  /** The same with or without colours. */
  public Style withColor(boolean newColor) {
    return new Style(width, newColor, unicode, unfolded, took);
  }

  /** The same with marks beyond ASCII or without. */
  public Style withUnicode(boolean newUnicode) {
    return new Style(width, color, newUnicode, unfolded, took);
  }

  /** The same with lists in full or folded. */
  public Style withUnfolded(boolean newUnfolded) {
    return new Style(width, color, unicode, newUnfolded, took);
  }

  /** The same, telling how long the work took. */
  public Style withTook(Duration duration) {
    return new Style(width, color, unicode, unfolded, Optional.of(duration));
  }
}
