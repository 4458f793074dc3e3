package dev.sigill.image.name;

/** Unicode in ASCII (RFC 3492), with {@code _} as delimiter, as Rust writes it. */
final class Punycode {
  private static final int BASE = 36;
  private static final int T_MIN = 1;
  private static final int T_MAX = 26;
  private static final int SKEW = 38;
  private static final int DAMP = 700;
  private static final int INITIAL_BIAS = 72;
  private static final int INITIAL_N = 128;
  private static final int LONGEST = 512;

  private Punycode() {}

  /**
   * The text that a name stands for.
   *
   * @throws BadName where it stands for none
   */
  static String decode(String name) {
    int delimiter = name.lastIndexOf('_');
    var out = new StringBuilder(delimiter < 0 ? "" : name.substring(0, delimiter));
    int n = INITIAL_N;
    int bias = INITIAL_BIAS;
    long i = 0;
    int at = delimiter + 1;
    int length = out.length();
    if (at >= name.length() || name.length() > LONGEST) {
      throw new BadName();
    }
    while (at < name.length()) {
      long before = i;
      long weight = 1;
      for (int k = BASE; ; k += BASE) {
        if (at >= name.length()) {
          throw new BadName();
        }
        int digit = digit(name.charAt(at++));
        i += digit * weight;
        int threshold = Math.clamp(k - bias, T_MIN, T_MAX);
        if (i > Integer.MAX_VALUE) {
          throw new BadName();
        }
        if (digit < threshold) {
          break;
        }
        weight *= BASE - threshold;
        if (weight > Integer.MAX_VALUE) {
          throw new BadName();
        }
      }
      length++;
      bias = adapt(i - before, length, before == 0);
      long point = n + i / length;
      if (point > Character.MAX_CODE_POINT || point >= 0xd800 && point < 0xe000) {
        throw new BadName();
      }
      n = (int) point;
      i %= length;
      out.insert(out.offsetByCodePoints(0, (int) i), Character.toString(n));
      i++;
    }
    return out.toString();
  }

  private static int digit(char c) {
    if (c >= 'a' && c <= 'z') {
      return c - 'a';
    }
    if (c >= '0' && c <= '9') {
      return c - '0' + 26;
    }
    throw new BadName();
  }

  private static int adapt(long delta, int points, boolean isFirst) {
    long d = isFirst ? delta / DAMP : delta / 2;
    d += d / points;
    int k = 0;
    while (d > (BASE - T_MIN) * T_MAX / 2) {
      d /= BASE - T_MIN;
      k += BASE;
    }
    return (int) (k + (BASE - T_MIN + 1) * d / (d + SKEW));
  }
}
