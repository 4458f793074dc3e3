package dev.sigill.crash;

import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What matching patterns in one text may take, counted in characters that are looked at. A text
 * made for it, or by accident, lets a pattern try very many ways; it is then taken as not matched,
 * whatever computer this is.
 */
final class Effort {
  /** One look at some thousand characters; ordinary ones take a few hundred thousand. */
  private static final int MOST_OF_ONE = 3_000_000;

  private static final long MOST = 1_500_000_000L;

  private long left = MOST;

  /** Whether nothing may be looked at any more. */
  boolean isSpent() {
    return left <= 0;
  }

  /** What a pattern finds first in a text, or null. */
  <T> @Nullable T find(Pattern pattern, String text, Function<Matcher, T> found) {
    var counted = new Counted(text, (int) Math.min(MOST_OF_ONE, left));
    try {
      Matcher matcher = pattern.matcher(counted);
      return matcher.find() ? found.apply(matcher) : null;
    } catch (SpentException e) {
      return null;
    } finally {
      left -= counted.used();
    }
  }

  /** A text that counts how often its characters are asked for. */
  private static final class Counted implements CharSequence {
    private final String text;
    private final int most;
    private int used;

    Counted(String text, int most) {
      this.text = text;
      this.most = most;
    }

    int used() {
      return used;
    }

    @Override
    public char charAt(int index) {
      if (++used > most) {
        throw new SpentException();
      }
      return text.charAt(index);
    }

    @Override
    public int length() {
      return text.length();
    }

    @Override
    public CharSequence subSequence(int start, int end) {
      return text.substring(start, end);
    }

    @Override
    public String toString() {
      return text;
    }
  }

  /** The only way out of a pattern that is being matched. */
  private static final class SpentException extends RuntimeException {
    private static final long serialVersionUID = 1;

    SpentException() {
      super(null, null, false, false);
    }
  }
}
