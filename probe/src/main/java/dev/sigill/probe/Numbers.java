package dev.sigill.probe;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Numbers, rows and matrices as JSON gives them. Words such as {@code nan} are no numbers. */
final class Numbers {
  private Numbers() {}

  /** Rows of numbers of one length, at least one of each; null where the value is none. */
  static double @Nullable [][] matrix(@Nullable Object value) {
    if (!(value instanceof List<?> rows) || rows.isEmpty()) {
      return null;
    }
    var matrix = new double[rows.size()][];
    for (int i = 0; i < matrix.length; i++) {
      double[] row = row(rows.get(i));
      if (row == null || row.length == 0 || i > 0 && row.length != matrix[0].length) {
        return null;
      }
      matrix[i] = row;
    }
    return matrix;
  }

  /** Numbers; null where the value is no list of them. */
  static double @Nullable [] row(@Nullable Object value) {
    if (!(value instanceof List<?> items)) {
      return null;
    }
    var row = new double[items.size()];
    for (int i = 0; i < row.length; i++) {
      switch (items.get(i)) {
        case Number number -> row[i] = number.doubleValue();
        case String word when word.matches("-?inf|nan") -> row[i] = Double.NaN;
        case null, default -> {
          return null;
        }
      }
    }
    return row;
  }

  static double[][] transposed(double[][] matrix) {
    var out = new double[matrix[0].length][matrix.length];
    for (int i = 0; i < matrix.length; i++) {
      for (int j = 0; j < matrix[0].length; j++) {
        out[j][i] = matrix[i][j];
      }
    }
    return out;
  }

  /**
   * Where two values of JSON differ, or empty.
   *
   * @param isRelative whether the tolerance grows with numbers above 1
   */
  static Optional<String> difference(
      String place,
      @Nullable Object value,
      @Nullable Object expected,
      double tolerance,
      boolean isRelative) {
    if (value instanceof Number a && expected instanceof Number b) {
      double scale = isRelative ? Math.max(1, Math.abs(b.doubleValue())) : 1;
      return Math.abs(a.doubleValue() - b.doubleValue()) <= tolerance * scale
          ? Optional.empty()
          : differs(place, value, expected);
    }
    if (value instanceof List<?> a && expected instanceof List<?> b && a.size() == b.size()) {
      for (int i = 0; i < a.size(); i++) {
        Optional<String> found =
            difference(place + "[" + i + "]", a.get(i), b.get(i), tolerance, isRelative);
        if (found.isPresent()) {
          return found;
        }
      }
      return Optional.empty();
    }
    return value != null && value.equals(expected)
        ? Optional.empty()
        : differs(place, value, expected);
  }

  private static Optional<String> differs(
      String place, @Nullable Object value, @Nullable Object expected) {
    return Optional.of(place + " is " + brief(value) + ", should be " + brief(expected));
  }

  private static String brief(@Nullable Object value) {
    String text = String.valueOf(value);
    return text.length() > 80 ? text.substring(0, 80) + " …" : text;
  }
}
