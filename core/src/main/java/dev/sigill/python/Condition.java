package dev.sigill.python;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Evaluates environment markers, the conditions of Python's dependency specifiers ({@code
 * python_version < "3.9" and sys_platform == "win32"}). What is not known of the environment, or
 * not understood, leaves the answer open.
 */
public final class Condition {
  private static final Pattern TOKEN =
      Pattern.compile(
          "\\s*(\\(|\\)|===|~=|==|!=|<=|>=|<|>|\"[^\"]*\"|'[^']*'|[A-Za-z_][A-Za-z0-9_.]*)");

  private final List<String> tokens;
  private final Map<String, String> environment;
  private int at;

  private Condition(List<String> tokens, Map<String, String> environment) {
    this.tokens = tokens;
    this.environment = environment;
  }

  /**
   * Whether a condition holds.
   *
   * @param condition as the metadata writes it; empty for always
   * @param environment values of the variables that are known ({@code python_version}, {@code
   *     sys_platform} …)
   * @return empty where that depends on something that is not known
   */
  public static Optional<Boolean> holds(String condition, Map<String, String> environment) {
    if (condition.isBlank()) {
      return Optional.of(true);
    }
    var tokens = new ArrayList<String>();
    Matcher m = TOKEN.matcher(condition.strip());
    while (m.lookingAt()) {
      tokens.add(m.group(1));
      m.region(m.end(), m.regionEnd());
    }
    if (m.regionStart() != m.regionEnd()) {
      return Optional.empty();
    }
    var parsed = new Condition(tokens, environment);
    Optional<Boolean> value = parsed.either(0);
    return parsed.at == tokens.size() ? value : Optional.empty();
  }

  private Optional<Boolean> either(int depth) {
    Optional<Boolean> value = both(depth);
    while (takes("or")) {
      Optional<Boolean> other = both(depth);
      value =
          isSurely(value, true) || isSurely(other, true)
              ? Optional.of(true)
              : value.isPresent() && other.isPresent() ? Optional.of(false) : Optional.empty();
    }
    return value;
  }

  private Optional<Boolean> both(int depth) {
    Optional<Boolean> value = one(depth);
    while (takes("and")) {
      Optional<Boolean> other = one(depth);
      value =
          isSurely(value, false) || isSurely(other, false)
              ? Optional.of(false)
              : value.isPresent() && other.isPresent() ? Optional.of(true) : Optional.empty();
    }
    return value;
  }

  private static boolean isSurely(Optional<Boolean> value, boolean wanted) {
    return value.isPresent() && value.get() == wanted;
  }

  private Optional<Boolean> one(int depth) {
    if (depth < 50 && takes("(")) {
      Optional<Boolean> value = either(depth + 1);
      return takes(")") ? value : Optional.empty();
    }
    if (at + 3 > tokens.size()) {
      at = tokens.size() + 1;
      return Optional.empty();
    }
    String left = tokens.get(at++);
    String operator = tokens.get(at++);
    if (operator.equals("not") && takes("in")) {
      operator = "not in";
    }
    if (at >= tokens.size()) {
      return Optional.empty();
    }
    String right = tokens.get(at++);
    @Nullable String a = value(left);
    @Nullable String b = value(right);
    if (a == null || b == null) {
      return Optional.empty();
    }
    boolean isVersion = left.contains("version") || right.contains("version");
    return compare(a, operator, b, isVersion);
  }

  private boolean takes(String token) {
    if (at < tokens.size() && tokens.get(at).equals(token)) {
      at++;
      return true;
    }
    return false;
  }

  private @Nullable String value(String token) {
    if (token.startsWith("\"") || token.startsWith("'")) {
      return token.substring(1, token.length() - 1);
    }
    return environment.get(token.equals("os.name") ? "os_name" : token.replace("sys.", "sys_"));
  }

  private static Optional<Boolean> compare(String a, String operator, String b, boolean isVersion) {
    switch (operator) {
      case "in" -> {
        return Optional.of(b.contains(a));
      }
      case "not in" -> {
        return Optional.of(!b.contains(a));
      }
      case "===" -> {
        return Optional.of(a.equals(b));
      }
      default -> {
        // The others compare.
      }
    }
    if (isVersion && isNumbers(a) && (isNumbers(b) || b.endsWith(".*"))) {
      if (b.endsWith(".*")) {
        boolean isBelow = (a + ".").startsWith(b.substring(0, b.length() - 1));
        return switch (operator) {
          case "==" -> Optional.of(isBelow);
          case "!=" -> Optional.of(!isBelow);
          default -> Optional.empty();
        };
      }
      int order = order(a, b);
      return switch (operator) {
        case "==" -> Optional.of(order == 0);
        case "!=" -> Optional.of(order != 0);
        case "<" -> Optional.of(order < 0);
        case "<=" -> Optional.of(order <= 0);
        case ">" -> Optional.of(order > 0);
        case ">=" -> Optional.of(order >= 0);
        case "~=" -> {
          int last = b.lastIndexOf('.');
          yield last < 0
              ? Optional.empty()
              : Optional.of(order >= 0 && (a + ".").startsWith(b.substring(0, last + 1)));
        }
        default -> Optional.empty();
      };
    }
    return switch (operator) {
      case "==" -> Optional.of(a.equals(b));
      case "!=" -> Optional.of(!a.equals(b));
      default -> Optional.empty();
    };
  }

  private static boolean isNumbers(String version) {
    return version.matches("\\d{1,9}(\\.\\d{1,9})*");
  }

  /** The order of two versions that consist of numbers; missing ones count as 0. */
  private static int order(String a, String b) {
    String[] left = a.split("\\.");
    String[] right = b.split("\\.");
    for (int i = 0; i < Math.max(left.length, right.length); i++) {
      int order =
          Integer.compare(
              i < left.length ? Integer.parseInt(left[i]) : 0,
              i < right.length ? Integer.parseInt(right[i]) : 0);
      if (order != 0) {
        return order;
      }
    }
    return 0;
  }
}
