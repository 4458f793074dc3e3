package dev.sigill.image.name;

import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * Rust names: the scheme {@code v0} (RFC 2603, "Symbol Mangling v0"), whose productions the methods
 * are named after, and the older one that dresses paths as C++ names. Crate hashes are left out.
 */
final class RustName {
  private static final int DEEPEST = 300;

  private final String text;
  private final NameText out = new NameText();
  private int at;
  private int depth;
  private int boundLifetimes;
  private boolean isSilent;
  private int steps;

  private RustName(String text) {
    this.text = text;
  }

  // The older scheme.

  /** Whether a name that begins with {@code _ZN} ends as older Rust names do, in a hash. */
  static boolean isLegacy(String name) {
    int end = legacyEnd(name);
    if (end < 0 || !name.startsWith("17h", end - 20)) {
      return false;
    }
    for (int i = end - 17; i < end - 1; i++) {
      char c = name.charAt(i);
      if (!(c >= '0' && c <= '9' || c >= 'a' && c <= 'f')) {
        return false;
      }
    }
    return true;
  }

  /** Where the path with its closing {@code E} ends, or -1; the compiler may add a suffix. */
  private static int legacyEnd(String name) {
    int suffix = name.indexOf(".llvm.");
    int end = suffix < 0 ? name.length() : suffix;
    return end > 23 && name.charAt(end - 1) == 'E' ? end : -1;
  }

  /**
   * The readable form of a name for which {@link #isLegacy} holds.
   *
   * @throws BadName where its parts do not add up
   */
  static String readLegacy(String name) {
    int end = legacyEnd(name);
    var out = new StringBuilder();
    int at = 3;
    while (at < end - 20) {
      int length = 0;
      int start = at;
      while (at < end && name.charAt(at) >= '0' && name.charAt(at) <= '9' && length < 100_000) {
        length = length * 10 + (name.charAt(at++) - '0');
      }
      if (at == start || length > end - 20 - at) {
        throw new BadName();
      }
      if (!out.isEmpty()) {
        out.append("::");
      }
      unescape(name.substring(at, at + length), out);
      at += length;
    }
    if (at != end - 20 || out.isEmpty()) {
      throw new BadName();
    }
    return out.toString();
  }

  private static final Map<String, String> ESCAPES =
      Map.of("SP", "@", "BP", "*", "RF", "&", "LT", "<", "GT", ">", "LP", "(", "RP", ")", "C", ",");

  private static void unescape(String part, StringBuilder out) {
    int at = part.startsWith("_$") ? 1 : 0;
    while (at < part.length()) {
      char c = part.charAt(at);
      if (c == '.') {
        boolean isPath = part.startsWith("..", at);
        out.append(isPath ? "::" : ".");
        at += isPath ? 2 : 1;
      } else if (c == '$') {
        int close = part.indexOf('$', at + 1);
        String code = close < 0 ? "" : part.substring(at + 1, close);
        String plain = ESCAPES.get(code);
        if (plain != null) {
          out.append(plain);
        } else if (code.matches("u[0-9a-f]{1,6}")
            && Character.isValidCodePoint(Integer.parseInt(code, 1, code.length(), 16))) {
          out.appendCodePoint(Integer.parseInt(code, 1, code.length(), 16));
        } else {
          out.append(part, at, part.length());
          return;
        }
        at = close + 1;
      } else {
        out.append(c);
        at++;
      }
    }
  }

  // The scheme v0.

  /**
   * The readable form of a name that begins with {@code _R}.
   *
   * @throws BadName where it does not follow the grammar
   */
  static String read(String name) {
    // What the optimiser put behind it tells copies apart, not functions.
    int suffix = name.indexOf('.');
    var parser = new RustName(suffix < 0 ? name.substring(2) : name.substring(2, suffix));
    parser.path(true);
    if (parser.at < parser.text.length()) {
      // The crate that instantiated it.
      parser.isSilent = true;
      parser.path(false);
      parser.isSilent = false;
    }
    if (parser.at < parser.text.length()) {
      throw new BadName();
    }
    return parser.out.toString();
  }

  private char peek() {
    return at < text.length() ? text.charAt(at) : '\0';
  }

  private char next() {
    if (at >= text.length()) {
      throw new BadName();
    }
    return text.charAt(at++);
  }

  private boolean take(char c) {
    if (peek() == c) {
      at++;
      return true;
    }
    return false;
  }

  private void enter() {
    if (++depth > DEEPEST || ++steps > 1 << 18) {
      throw new BadName();
    }
  }

  private void leave() {
    depth--;
  }

  private void add(String part) {
    if (!isSilent) {
      out.add(part);
    }
  }

  /** A number in base 62 and {@code _}: nothing is 0, "0" is 1. */
  private long base62() {
    if (take('_')) {
      return 0;
    }
    long value = 0;
    while (!take('_')) {
      char c = next();
      int digit =
          c >= '0' && c <= '9'
              ? c - '0'
              : c >= 'a' && c <= 'z' ? c - 'a' + 10 : c >= 'A' && c <= 'Z' ? c - 'A' + 36 : -1;
      if (digit < 0 || value > (Long.MAX_VALUE - digit) / 62) {
        // Hashes of crates may fill 64 bits; their value is not needed.
        if (digit < 0) {
          throw new BadName();
        }
        value = Long.MAX_VALUE / 62 - 1;
        continue;
      }
      value = value * 62 + digit;
    }
    return value + 1;
  }

  /** A number after a tag, or 0 without it. */
  private long optionalBase62(char tag) {
    return take(tag) ? base62() + 1 : 0;
  }

  private int decimal() {
    char first = next();
    if (first < '0' || first > '9') {
      throw new BadName();
    }
    int value = first - '0';
    if (value == 0) {
      return 0;
    }
    while (peek() >= '0' && peek() <= '9') {
      value = value * 10 + (next() - '0');
      if (value > text.length()) {
        throw new BadName();
      }
    }
    return value;
  }

  /** {@code undisambiguated-identifier = ["u"] decimal-number ["_"] bytes}. */
  private String identifier() {
    boolean isPunycode = take('u');
    int length = decimal();
    take('_');
    if (length > text.length() - at) {
      throw new BadName();
    }
    String name = text.substring(at, at + length);
    at += length;
    return isPunycode ? Punycode.decode(name) : name;
  }

  private interface Part {
    void read();
  }

  /** {@code backref = "B" base-62-number}: reads a part again that began earlier. */
  private void backReference(Part part) {
    int here = at - 1;
    long target = base62();
    if (target >= here) {
      throw new BadName();
    }
    if (isSilent) {
      return;
    }
    int after = at;
    at = (int) target;
    enter();
    part.read();
    leave();
    at = after;
  }

  /** {@code path}; generic arguments of values follow a {@code ::}. */
  private void path(boolean isValue) {
    enter();
    switch (next()) {
      case 'C' -> {
        optionalBase62('s');
        add(identifier());
      }
      case 'M' -> {
        implementation();
        add("<");
        type();
        add(">");
      }
      case 'X' -> {
        implementation();
        trait();
      }
      case 'Y' -> trait();
      case 'N' -> nested(isValue);
      case 'I' -> {
        path(isValue);
        add(isValue ? "::<" : "<");
        genericArguments();
        add(">");
      }
      case 'B' -> backReference(() -> path(isValue));
      default -> throw new BadName();
    }
    leave();
  }

  /** {@code impl-path = [disambiguator] path}: where an implementation stands, not written. */
  private void implementation() {
    optionalBase62('s');
    boolean wasSilent = isSilent;
    isSilent = true;
    path(false);
    isSilent = wasSilent;
  }

  private void trait() {
    add("<");
    type();
    add(" as ");
    path(false);
    add(">");
  }

  private void nested(boolean isValue) {
    char space = next();
    path(isValue);
    long disambiguator = optionalBase62('s');
    String name = identifier();
    if (space >= 'A' && space <= 'Z') {
      add("::{");
      switch (space) {
        case 'C' -> add("closure");
        case 'S' -> add("shim");
        default -> add(String.valueOf(space));
      }
      if (!name.isEmpty()) {
        add(":");
        add(name);
      }
      add("#" + disambiguator + "}");
    } else if (space >= 'a' && space <= 'z') {
      if (!name.isEmpty()) {
        add("::");
        add(name);
      }
    } else {
      throw new BadName();
    }
  }

  private void genericArguments() {
    for (int i = 0; !take('E'); i++) {
      if (i > 0) {
        add(", ");
      }
      if (take('L')) {
        lifetime(base62());
      } else if (take('K')) {
        constant(false);
      } else {
        type();
      }
    }
  }

  private void lifetime(long index) {
    if (index == 0) {
      add("'_");
      return;
    }
    if (isSilent) {
      return;
    }
    long number = boundLifetimes - index;
    if (number < 0) {
      throw new BadName();
    }
    add(number < 26 ? "'" + (char) ('a' + number) : "'_" + number);
  }

  /** {@code binder = "G" base-62-number}: lifetimes for what follows. */
  private void withBinder(Part part) {
    long count = optionalBase62('G');
    if (count > 256) {
      throw new BadName();
    }
    if (count > 0) {
      add("for<");
      for (int i = 0; i < count; i++) {
        if (i > 0) {
          add(", ");
        }
        boundLifetimes++;
        lifetime(1);
      }
      add("> ");
    }
    part.read();
    boundLifetimes -= (int) count;
  }

  private static String basicType(char c) {
    return switch (c) {
      case 'a' -> "i8";
      case 'b' -> "bool";
      case 'c' -> "char";
      case 'd' -> "f64";
      case 'e' -> "str";
      case 'f' -> "f32";
      case 'h' -> "u8";
      case 'i' -> "isize";
      case 'j' -> "usize";
      case 'l' -> "i32";
      case 'm' -> "u32";
      case 'n' -> "i128";
      case 'o' -> "u128";
      case 'p' -> "_";
      case 's' -> "i16";
      case 't' -> "u16";
      case 'u' -> "()";
      case 'v' -> "...";
      case 'x' -> "i64";
      case 'y' -> "u64";
      case 'z' -> "!";
      default -> "";
    };
  }

  /** {@code type}. */
  private void type() {
    enter();
    char c = peek();
    String basic = basicType(c);
    if (!basic.isEmpty()) {
      at++;
      add(basic);
    } else {
      compoundType(c);
    }
    leave();
  }

  private void compoundType(char c) {
    switch (c) {
      case 'R', 'Q' -> {
        at++;
        add("&");
        if (take('L')) {
          long lifetime = base62();
          if (lifetime != 0) {
            lifetime(lifetime);
            add(" ");
          }
        }
        add(c == 'Q' ? "mut " : "");
        type();
      }
      case 'P', 'O' -> {
        at++;
        add(c == 'P' ? "*const " : "*mut ");
        type();
      }
      case 'A' -> {
        at++;
        add("[");
        type();
        add("; ");
        constant(true);
        add("]");
      }
      case 'S' -> {
        at++;
        add("[");
        type();
        add("]");
      }
      case 'T' -> {
        at++;
        add("(");
        int count = 0;
        for (; !take('E'); count++) {
          add(count > 0 ? ", " : "");
          type();
        }
        add(count == 1 ? ",)" : ")");
      }
      case 'F' -> {
        at++;
        withBinder(this::functionSignature);
      }
      case 'D' -> {
        at++;
        add("dyn ");
        withBinder(this::bounds);
        if (!take('L')) {
          throw new BadName();
        }
        long lifetime = base62();
        if (lifetime != 0) {
          add(" + ");
          lifetime(lifetime);
        }
      }
      case 'B' -> {
        at++;
        backReference(this::type);
      }
      default -> path(false);
    }
  }

  /** {@code fn-sig = ["U"] ["K" abi] {type} "E" type}. */
  private void functionSignature() {
    add(take('U') ? "unsafe " : "");
    if (take('K')) {
      String abi = take('C') ? "C" : identifier().replace('_', '-');
      add("extern \"" + abi + "\" ");
    }
    add("fn(");
    for (int i = 0; !take('E'); i++) {
      add(i > 0 ? ", " : "");
      type();
    }
    add(")");
    if (!take('u')) {
      add(" -> ");
      type();
    }
  }

  /** {@code dyn-bounds = {dyn-trait} "E"}. */
  private void bounds() {
    for (int i = 0; !take('E'); i++) {
      add(i > 0 ? " + " : "");
      dynTrait();
    }
  }

  /** {@code dyn-trait = path {"p" undisambiguated-identifier type}}. */
  private void dynTrait() {
    boolean isOpen = openPath();
    while (take('p')) {
      add(isOpen ? ", " : "<");
      isOpen = true;
      add(identifier());
      add(" = ");
      type();
    }
    add(isOpen ? ">" : "");
  }

  /** A path whose generic arguments, if it ends in some, are left open for more. */
  private boolean openPath() {
    if (take('B')) {
      var isOpen = new boolean[1];
      backReference(() -> isOpen[0] = openPath());
      return isOpen[0];
    }
    if (!take('I')) {
      path(false);
      return false;
    }
    path(false);
    add("<");
    genericArguments();
    return true;
  }

  /** {@code const}: a value, within arrays and generic arguments. */
  private void constant(boolean isInValue) {
    enter();
    char c = next();
    switch (c) {
      case 'p' -> add("_");
      case 'B' -> backReference(() -> constant(isInValue));
      case 'h', 't', 'm', 'y', 'o', 'j' -> number(hex(), false);
      case 'a', 's', 'l', 'x', 'n', 'i' -> {
        boolean isNegative = take('n');
        number(hex(), isNegative);
      }
      case 'b' -> {
        String digits = hex();
        if (!digits.equals("0") && !digits.equals("1")) {
          throw new BadName();
        }
        add(digits.equals("0") ? "false" : "true");
      }
      case 'c' -> {
        String digits = hex();
        if (digits.length() > 6 || !Character.isValidCodePoint(Integer.parseInt(digits, 16))) {
          throw new BadName();
        }
        add("'" + escaped(Integer.parseInt(digits, 16), '\'') + "'");
      }
      case 'e' -> {
        add(isInValue ? "" : "{");
        add("*");
        string();
        add(isInValue ? "" : "}");
      }
      case 'R', 'Q' -> {
        if (c == 'R' && take('e')) {
          string();
        } else {
          add(isInValue ? "" : "{");
          add(c == 'R' ? "&" : "&mut ");
          constant(true);
          add(isInValue ? "" : "}");
        }
      }
      case 'A' -> {
        add(isInValue ? "[" : "{[");
        constants();
        add(isInValue ? "]" : "]}");
      }
      case 'T' -> {
        add(isInValue ? "(" : "{(");
        int count = constants();
        add(count == 1 ? ",)" : ")");
        add(isInValue ? "" : "}");
      }
      case 'V' -> {
        add(isInValue ? "" : "{");
        path(true);
        fields();
        add(isInValue ? "" : "}");
      }
      default -> throw new BadName();
    }
    leave();
  }

  private void fields() {
    switch (next()) {
      case 'U' -> {}
      case 'T' -> {
        add("(");
        constants();
        add(")");
      }
      case 'S' -> {
        add(" { ");
        for (int i = 0; !take('E'); i++) {
          add(i > 0 ? ", " : "");
          optionalBase62('s');
          add(identifier());
          add(": ");
          constant(true);
        }
        add(" }");
      }
      default -> throw new BadName();
    }
  }

  private int constants() {
    int count = 0;
    for (; !take('E'); count++) {
      add(count > 0 ? ", " : "");
      constant(true);
    }
    return count;
  }

  /** {@code {hex-digit} "_"}, without leading zeros. */
  private String hex() {
    int start = at;
    while (peek() >= '0' && peek() <= '9' || peek() >= 'a' && peek() <= 'f') {
      at++;
    }
    String digits = text.substring(start, at);
    if (!take('_')) {
      throw new BadName();
    }
    return digits.isEmpty() ? "0" : digits;
  }

  private void number(String hex, boolean isNegative) {
    String value =
        hex.length() <= 16 ? Long.toUnsignedString(Long.parseUnsignedLong(hex, 16)) : "0x" + hex;
    add(isNegative ? "-" + value : value);
  }

  /** {@code "e" {hex-digit hex-digit} "_"}: the UTF-8 bytes of a string. */
  private void string() {
    int start = at;
    while (peek() != '_') {
      next();
    }
    String digits = text.substring(start, at);
    at++;
    if (digits.length() % 2 != 0) {
      throw new BadName();
    }
    var bytes = new byte[digits.length() / 2];
    for (int i = 0; i < bytes.length; i++) {
      int high = Character.digit(digits.charAt(2 * i), 16);
      int low = Character.digit(digits.charAt(2 * i + 1), 16);
      if (high < 0 || low < 0) {
        throw new BadName();
      }
      bytes[i] = (byte) (high << 4 | low);
    }
    var literal = new StringBuilder("\"");
    new String(bytes, StandardCharsets.UTF_8)
        .codePoints()
        .forEach(c -> literal.append(escaped(c, '"')));
    add(literal.append('"').toString());
  }

  private static String escaped(int c, char quote) {
    if (c == quote || c == '\\') {
      return "\\" + (char) c;
    }
    return switch (c) {
      case '\n' -> "\\n";
      case '\r' -> "\\r";
      case '\t' -> "\\t";
      case 0 -> "\\0";
      default ->
          Character.isISOControl(c) ? "\\u{" + Integer.toHexString(c) + "}" : Character.toString(c);
    };
  }
}
