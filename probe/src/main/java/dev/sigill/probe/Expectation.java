package dev.sigill.probe;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a step's values must be. It is judged here, in Java: no library that is being tested has a
 * part in the judgement.
 */
sealed interface Expectation {
  /** What is wrong with the values, or empty where nothing is. */
  Optional<String> complaint(Map<String, Object> values);

  /** {@code told NAME}: the value is there and not empty. */
  record Told(String name) implements Expectation {
    @Override
    public Optional<String> complaint(Map<String, Object> values) {
      Object value = values.get(name);
      boolean isEmpty =
          value == null || value.equals("") || value instanceof List<?> list && list.isEmpty();
      return isEmpty ? Optional.of(name + " is empty") : Optional.empty();
    }
  }

  /**
   * {@code equals NAME JSON within TOLERANCE}. Numbers may differ by the tolerance, or by its share
   * of the expected number where that is above 1.
   */
  record Equals(String name, Object expected, double tolerance) implements Expectation {
    @Override
    public Optional<String> complaint(Map<String, Object> values) {
      return Numbers.difference(name, values.get(name), expected, tolerance, true);
    }
  }

  /** {@code same NAME NAME within TOLERANCE}. */
  record Same(String name, String other, double tolerance) implements Expectation {
    @Override
    public Optional<String> complaint(Map<String, Object> values) {
      return Numbers.difference(name, values.get(name), values.get(other), tolerance, false);
    }
  }

  /**
   * {@code product C = A × B within TOLERANCE} or {@code … × transpose B}: every entry differs from
   * the product as computed in double precision by at most the tolerance's share of the lengths of
   * its row and its column.
   */
  record Product(String name, String left, String right, boolean isTransposed, double tolerance)
      implements Expectation {
    @Override
    public Optional<String> complaint(Map<String, Object> values) {
      double[][] c = Numbers.matrix(values.get(name));
      double[][] a = Numbers.matrix(values.get(left));
      double[][] b = Numbers.matrix(values.get(right));
      if (a == null || b == null || c == null) {
        return Optional.of(name + ", " + left + " or " + right + " is no matrix of numbers");
      }
      if (isTransposed) {
        b = Numbers.transposed(b);
      }
      if (a[0].length != b.length || c.length != a.length || c[0].length != b[0].length) {
        return Optional.of("the matrices' sizes do not fit");
      }
      double worst = 0;
      String where = "";
      for (int i = 0; i < c.length; i++) {
        for (int j = 0; j < c[0].length; j++) {
          double sum = 0;
          double row = 0;
          double column = 0;
          for (int k = 0; k < b.length; k++) {
            sum += a[i][k] * b[k][j];
            row += a[i][k] * a[i][k];
            column += b[k][j] * b[k][j];
          }
          double error = Math.abs(c[i][j] - sum) / Math.max(1e-300, Math.sqrt(row * column));
          // Written so that what is no number counts as wrong.
          if (!(error <= Math.max(worst, tolerance))) {
            worst = error;
            where =
                String.format(Locale.ROOT, "[%d,%d] is %.9g, should be %.9g", i, j, c[i][j], sum);
            if (Double.isNaN(error)) {
              return Optional.of(name + where);
            }
          }
        }
      }
      return where.isEmpty() ? Optional.empty() : Optional.of(name + where);
    }
  }

  /** {@code symmetric NAME within TOLERANCE}, a share of the greatest entry. */
  record Symmetric(String name, double tolerance) implements Expectation {
    @Override
    public Optional<String> complaint(Map<String, Object> values) {
      double[][] c = Numbers.matrix(values.get(name));
      if (c == null || c.length != c[0].length) {
        return Optional.of(name + " is no square matrix of numbers");
      }
      double greatest = 0;
      for (double[] row : c) {
        for (double entry : row) {
          greatest = Math.max(greatest, Math.abs(entry));
        }
      }
      for (int i = 0; i < c.length; i++) {
        for (int j = 0; j < i; j++) {
          if (!(Math.abs(c[i][j] - c[j][i]) <= tolerance * greatest)) {
            return Optional.of(
                String.format(
                    Locale.ROOT,
                    "%s[%d,%d] is %.9g, %s[%d,%d] is %.9g",
                    name,
                    i,
                    j,
                    c[i][j],
                    name,
                    j,
                    i,
                    c[j][i]));
          }
        }
      }
      return Optional.empty();
    }
  }

  /** {@code falls NAME} or {@code rises NAME}: the last of the numbers against the first. */
  record Trend(String name, boolean isRising) implements Expectation {
    @Override
    public Optional<String> complaint(Map<String, Object> values) {
      double[] numbers = Numbers.row(values.get(name));
      if (numbers == null || numbers.length < 2) {
        return Optional.of(name + " is no list of numbers");
      }
      double first = numbers[0];
      double last = numbers[numbers.length - 1];
      boolean isRight =
          Double.isFinite(first)
              && Double.isFinite(last)
              && (isRising ? last > first : last < first);
      return isRight
          ? Optional.empty()
          : Optional.of(
              String.format(
                  Locale.ROOT,
                  "%s went from %.6g to %.6g and should have %s",
                  name,
                  first,
                  last,
                  isRising ? "risen" : "fallen"));
    }
  }

  /** {@code least NAME NUMBER}. */
  record Least(String name, double least) implements Expectation {
    @Override
    public Optional<String> complaint(Map<String, Object> values) {
      return values.get(name) instanceof Number number && number.doubleValue() >= least
          ? Optional.empty()
          : Optional.of(name + " is " + values.get(name) + ", should be " + least + " or more");
    }
  }

  /**
   * Reads one.
   *
   * @throws IllegalArgumentException where the line is none; the message says what is known
   */
  static Expectation parse(String line) {
    Matcher matcher = Grammar.TOLERANT.matcher(line.strip());
    try {
      if (matcher.matches()) {
        double tolerance = Double.parseDouble(matcher.group(3));
        String words = matcher.group(2);
        switch (matcher.group(1)) {
          case "equals" -> {
            String[] parts = words.split("\\s+", 2);
            if (parts.length == 2) {
              return new Equals(
                  parts[0], JsonMapper.shared().readValue(parts[1], Object.class), tolerance);
            }
          }
          case "same" -> {
            String[] parts = words.split("\\s+");
            if (parts.length == 2) {
              return new Same(parts[0], parts[1], tolerance);
            }
          }
          case "product" -> {
            Matcher product = Grammar.PRODUCT.matcher(words);
            if (product.matches()) {
              return new Product(
                  product.group(1),
                  product.group(2),
                  product.group(4),
                  product.group(3) != null,
                  tolerance);
            }
          }
          case "symmetric" -> {
            return new Symmetric(words, tolerance);
          }
          default -> {}
        }
      }
      String[] words = line.strip().split("\\s+");
      if (words.length == 2 && words[0].equals("told")) {
        return new Told(words[1]);
      }
      if (words.length == 2 && (words[0].equals("falls") || words[0].equals("rises"))) {
        return new Trend(words[1], words[0].equals("rises"));
      }
      if (words.length == 3 && words[0].equals("least")) {
        return new Least(words[1], Double.parseDouble(words[2]));
      }
    } catch (JacksonException | NumberFormatException e) {
      throw new IllegalArgumentException("no number or JSON in: " + line, e);
    }
    throw new IllegalArgumentException(
        "no check is written so: "
            + line
            + " (told NAME; equals NAME JSON within T; same NAME NAME within T; product C = A × B"
            + " within T; symmetric NAME within T; falls NAME; rises NAME; least NAME NUMBER)");
  }

  /** How checks are written. */
  final class Grammar {
    static final Pattern TOLERANT =
        Pattern.compile("(equals|same|product|symmetric)\\s+(.*?)\\s+within\\s+(\\S+)");
    static final Pattern PRODUCT =
        Pattern.compile("(\\w+)\\s*=\\s*(\\w+)\\s*[×x*]\\s*(transpose\\s+)?(\\w+)");

    private Grammar() {}
  }
}
