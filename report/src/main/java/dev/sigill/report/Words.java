package dev.sigill.report;

import dev.sigill.analysis.Stage;
import dev.sigill.verdict.Verdict;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Phrases and numbers as reports write them. */
final class Words {
  private Words() {}

  /**
   * {@code crashes at load}, {@code may crash in use}, {@code runs}. What is not decided is told by
   * what is: with use alone open, it {@code loads and imports}.
   */
  static String verdict(Verdict verdict, @Nullable Stage stage) {
    return switch (verdict) {
      case RUNS -> "runs";
      case UNKNOWN ->
          switch (stage) {
            case USE -> "loads and imports";
            case IMPORT -> "loads";
            case INSTALL, LOAD -> "not decided";
            case null -> "not decided";
          };
      case MAY_CRASH -> "may crash" + at(stage);
      case REFUSES -> "refuses" + at(stage);
      case CRASHES -> "crashes" + at(stage);
      case FAILS_TO_LOAD ->
          stage == null || stage == Stage.LOAD ? "fails to load" : "fails" + at(stage);
      case NOT_INSTALLABLE -> "not installable";
    };
  }

  private static String at(@Nullable Stage stage) {
    return switch (stage) {
      case null -> "";
      case INSTALL -> " at installation";
      case LOAD -> " at load";
      case IMPORT -> " at import";
      case USE -> " in use";
    };
  }

  /** {@code 1 library}, {@code 3 libraries}. */
  static String count(long number, String one, String many) {
    return number(number) + " " + (number == 1 ? one : many);
  }

  /** Digits in groups of three: {@code 1,234,567}. */
  static String number(long number) {
    return String.format(Locale.ROOT, "%,d", number);
  }

  /** {@code 812 B}, {@code 4.7 kB}, {@code 351 MB}. */
  static String bytes(long bytes) {
    if (bytes < 1000) {
      return bytes + " B";
    }
    double value = bytes;
    for (String unit : List.of("kB", "MB", "GB")) {
      value /= 1000;
      // 999.5 would be written as 1000 of the smaller unit.
      if (value < 999.5 || unit.equals("GB")) {
        return String.format(Locale.ROOT, value < 9.95 ? "%.1f %s" : "%.0f %s", value, unit);
      }
    }
    throw new AssertionError("unreachable");
  }

  /** {@code 0.08 s}, {@code 1.9 s}, {@code 74 s}. */
  static String seconds(Duration duration) {
    double seconds = duration.toNanos() / 1e9;
    String format = seconds < 0.1 ? "%.2f s" : seconds < 20 ? "%.1f s" : "%.0f s";
    return String.format(Locale.ROOT, format, seconds);
  }

  /** {@code 93.1 %}, never rounded up to 100. */
  static String percent(long part, long whole) {
    double percent = whole == 0 ? 100 : 100.0 * part / whole;
    double shown = part < whole ? Math.min(99.9, Math.floor(percent * 10) / 10) : percent;
    return String.format(Locale.ROOT, shown == 100 ? "%.0f %%" : "%.1f %%", shown);
  }

  /** {@code a}, {@code a and b}, {@code a, b and c}. */
  static String list(List<String> words) {
    return switch (words.size()) {
      case 0 -> "";
      case 1 -> words.getFirst();
      default -> String.join(", ", words.subList(0, words.size() - 1)) + " and " + words.getLast();
    };
  }

  /** {@code a, b, c and 4 more}. */
  static String some(List<String> words, int most) {
    return words.size() <= most
        ? list(words)
        : String.join(", ", words.subList(0, most)) + " and " + (words.size() - most) + " more";
  }

  /** {@code c5f857c0} as {@code c5 f8 57 c0}. */
  static String spaced(String hex) {
    var out = new StringBuilder();
    for (int i = 0; i < hex.length(); i += 2) {
      out.append(i == 0 ? "" : " ").append(hex, i, Math.min(i + 2, hex.length()));
    }
    return out.toString();
  }
}
