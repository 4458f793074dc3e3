package dev.sigill.image.name;

import dev.sigill.image.name.ItaniumNode.Arguments;
import dev.sigill.image.name.ItaniumNode.Array;
import dev.sigill.image.name.ItaniumNode.Braced;
import dev.sigill.image.name.ItaniumNode.Builtin;
import dev.sigill.image.name.ItaniumNode.Conversion;
import dev.sigill.image.name.ItaniumNode.Count;
import dev.sigill.image.name.ItaniumNode.Encoding;
import dev.sigill.image.name.ItaniumNode.Expansion;
import dev.sigill.image.name.ItaniumNode.Function;
import dev.sigill.image.name.ItaniumNode.Lambda;
import dev.sigill.image.name.ItaniumNode.Literal;
import dev.sigill.image.name.ItaniumNode.Nested;
import dev.sigill.image.name.ItaniumNode.Operand;
import dev.sigill.image.name.ItaniumNode.OperatorName;
import dev.sigill.image.name.ItaniumNode.Pack;
import dev.sigill.image.name.ItaniumNode.Parameter;
import dev.sigill.image.name.ItaniumNode.Pointer;
import dev.sigill.image.name.ItaniumNode.Qualified;
import dev.sigill.image.name.ItaniumNode.Reference;
import dev.sigill.image.name.ItaniumNode.Sequence;
import dev.sigill.image.name.ItaniumNode.Several;
import dev.sigill.image.name.ItaniumNode.Standard;
import dev.sigill.image.name.ItaniumNode.Structor;
import dev.sigill.image.name.ItaniumNode.Templated;
import dev.sigill.image.name.ItaniumNode.Text;
import dev.sigill.image.name.ItaniumNode.Wrapped;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Takes C++ names of the Itanium C++ ABI apart (section 5.1, "External Names"); methods are named
 * after the grammar's productions, which their comments quote. The readable form is that of GNU
 * {@code c++filt}.
 */
final class ItaniumName {
  /** Deeper nesting than this is no compiler's. */
  private static final int DEEPEST = 300;

  private static final int MOST_PARTS = 1 << 16;

  private final String text;
  private final int end;
  private int at;
  private int depth;
  private int parts;
  private final List<ItaniumNode> substitutions = new ArrayList<>();
  private @Nullable List<ItaniumNode> lastArguments;
  private boolean triesArguments = true;

  private ItaniumName(String text, int start, int end) {
    this.text = text;
    this.at = start;
    this.end = end;
  }

  /**
   * The readable form of a name that begins with {@code _Z}.
   *
   * @throws BadName where it does not follow the grammar
   */
  static String read(String name) {
    var parser = new ItaniumName(name, 2, name.length());
    ItaniumNode root = parser.encoding(false);
    var out = new NameText();
    root.write(out);
    while (parser.at < parser.end) {
      out.add(parser.cloneSuffix());
    }
    return out.toString();
  }

  /** {@code .name} or {@code .name.number}: a copy that the compiler made for one use. */
  private String cloneSuffix() {
    int start = at;
    if (peek() != '.') {
      throw new BadName();
    }
    int next = at + 1;
    if (next < end && (isLower(text.charAt(next)) || text.charAt(next) == '_')) {
      next++;
      while (next < end && (isLower(text.charAt(next)) || text.charAt(next) == '_')) {
        next++;
      }
    }
    while (next + 1 < end && text.charAt(next) == '.' && isDigit(text.charAt(next + 1))) {
      next += 2;
      while (next < end && isDigit(text.charAt(next))) {
        next++;
      }
    }
    if (next == start + 1) {
      throw new BadName();
    }
    at = next;
    return " [clone " + text.substring(start, next) + "]";
  }

  // Characters.

  private char peek() {
    return at < end ? text.charAt(at) : '\0';
  }

  private char peek(int ahead) {
    return at + ahead < end ? text.charAt(at + ahead) : '\0';
  }

  private char next() {
    if (at >= end) {
      throw new BadName();
    }
    return text.charAt(at++);
  }

  private boolean take(char c) {
    if (peek() == c && at < end) {
      at++;
      return true;
    }
    return false;
  }

  private boolean take(String s) {
    if (text.startsWith(s, at) && at + s.length() <= end) {
      at += s.length();
      return true;
    }
    return false;
  }

  private void expect(char c) {
    if (!take(c)) {
      throw new BadName();
    }
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  private static boolean isLower(char c) {
    return c >= 'a' && c <= 'z';
  }

  private void enter() {
    if (++depth > DEEPEST || ++parts > MOST_PARTS) {
      throw new BadName();
    }
  }

  private void leave() {
    depth--;
  }

  /** A decimal number without sign. */
  private int number() {
    if (!isDigit(peek())) {
      throw new BadName();
    }
    long value = 0;
    while (isDigit(peek())) {
      value = value * 10 + (next() - '0');
      if (value > Integer.MAX_VALUE) {
        throw new BadName();
      }
    }
    return (int) value;
  }

  /** A number in base 36 and {@code _}: nothing is 0, "0" is 1. */
  private int sequence() {
    long value = 0;
    if (take('_')) {
      return 0;
    }
    while (!take('_')) {
      char c = next();
      int digit = isDigit(c) ? c - '0' : c >= 'A' && c <= 'Z' ? c - 'A' + 10 : -1;
      value = value * 36 + digit;
      if (digit < 0 || value > 1 << 20) {
        throw new BadName();
      }
    }
    return (int) value + 1;
  }

  /** {@code [<number>] _}: nothing is 0, "0" is 1. */
  private int optionalNumber() {
    if (take('_')) {
      return 0;
    }
    int value = number();
    expect('_');
    return value + 1;
  }

  // Encodings.

  /** What a name's parse found out that decides how the rest is read. */
  private static final class NameState {
    boolean isStructor;
    boolean isConversion;
    boolean endsWithArguments;
    String qualifiers = "";
  }

  /** {@code <encoding> ::= <name> <bare-function-type> | <data name> | <special-name>}. */
  private ItaniumNode encoding(boolean isScope) {
    enter();
    List<ItaniumNode> outerArguments = lastArguments;
    lastArguments = null;
    try {
      if (peek() == 'G' || peek() == 'T') {
        return specialName();
      }
      var state = new NameState();
      ItaniumNode name = name(state);
      List<ItaniumNode> arguments = lastArguments;
      char c = peek();
      if (c == '\0' || c == 'E' || c == '.' || c == '_') {
        return name;
      }
      ItaniumNode result = null;
      if (state.endsWithArguments && !state.isStructor && !state.isConversion) {
        result = type();
        // What a scope returns would be taken for what the entity within it returns.
        result = isScope ? null : result;
      }
      var parameters = new ArrayList<ItaniumNode>();
      if (take('v')) {
        // No parameters.
      } else {
        do {
          parameters.add(type());
        } while (!(at >= end || peek() == 'E' || peek() == '.' || peek() == 'Q'));
      }
      if (take('Q')) {
        // A trailing requires-clause, which GNU binutils 2.40 does not know either.
        throw new BadName();
      }
      return new Encoding(
          name, new Function(result, parameters, state.qualifiers, null), arguments);
    } finally {
      lastArguments = outerArguments;
      leave();
    }
  }

  /** {@code <special-name>}. */
  private ItaniumNode specialName() {
    char first = next();
    char second = next();
    if (first == 'T') {
      return switch (second) {
        case 'V' -> new Wrapped("vtable for ", type(), "");
        case 'T' -> new Wrapped("VTT for ", type(), "");
        case 'I' -> new Wrapped("typeinfo for ", type(), "");
        case 'S' -> new Wrapped("typeinfo name for ", type(), "");
        case 'F' -> new Wrapped("typeinfo fn for ", type(), "");
        case 'J' -> new Wrapped("java Class for ", type(), "");
        case 'h' -> {
          nonVirtualOffset();
          yield new Wrapped("non-virtual thunk to ", encoding(false), "");
        }
        case 'v' -> {
          virtualOffset();
          yield new Wrapped("virtual thunk to ", encoding(false), "");
        }
        case 'c' -> {
          callOffset();
          callOffset();
          yield new Wrapped("covariant return thunk to ", encoding(false), "");
        }
        case 'C' -> {
          ItaniumNode derived = type();
          signed();
          expect('_');
          ItaniumNode base = type();
          yield new Sequence("construction vtable for ", base, "-in-", derived);
        }
        case 'H' -> new Wrapped("TLS init function for ", name(new NameState()), "");
        case 'W' -> new Wrapped("TLS wrapper function for ", name(new NameState()), "");
        case 'A' -> new Wrapped("template parameter object for ", templateArgument(), "");
        default -> throw new BadName();
      };
    }
    return switch (second) {
      case 'V' -> new Wrapped("guard variable for ", name(new NameState()), "");
      case 'R' -> {
        ItaniumNode name = name(new NameState());
        int number = at >= end ? 0 : sequence();
        yield new Sequence("reference temporary #" + number + " for ", name);
      }
      case 'A' -> new Wrapped("hidden alias for ", encoding(false), "");
      case 'T' ->
          switch (next()) {
            case 'n' -> new Wrapped("non-transaction clone for ", encoding(false), "");
            case 't' -> new Wrapped("transaction clone for ", encoding(false), "");
            default -> throw new BadName();
          };
      default -> throw new BadName();
    };
  }

  private void callOffset() {
    switch (next()) {
      case 'h' -> nonVirtualOffset();
      case 'v' -> virtualOffset();
      default -> throw new BadName();
    }
  }

  private void nonVirtualOffset() {
    signed();
    expect('_');
  }

  private void virtualOffset() {
    signed();
    expect('_');
    signed();
    expect('_');
  }

  private void signed() {
    take('n');
    number();
  }

  // Names.

  /**
   * {@code <name> ::= <nested-name> | <unscoped-name> | <unscoped-template-name> <template-args> |
   * <local-name>}.
   *
   * @param state of the symbol's own name; null for names of types, whose template arguments are
   *     not what {@code T_} means
   */
  private ItaniumNode name(@Nullable NameState state) {
    enter();
    try {
      if (peek() == 'N') {
        return nestedName(state);
      }
      if (peek() == 'Z') {
        return localName(state);
      }
      ItaniumNode name;
      boolean isSubstitution = false;
      if (peek() == 'S' && peek(1) != 't') {
        name = substitution();
        isSubstitution = true;
        if (peek() != 'I') {
          throw new BadName();
        }
      } else {
        boolean isStandard = take("St");
        name = unqualifiedName(state, null);
        if (isStandard) {
          name = new Nested(new Text("std"), name);
        }
      }
      if (peek() == 'I') {
        if (!isSubstitution) {
          substitutions.add(name);
        }
        if (state != null) {
          state.endsWithArguments = true;
        }
        return new Templated(name, templateArguments(state != null));
      }
      return name;
    } finally {
      leave();
    }
  }

  /** {@code <local-name> ::= Z <encoding> E <entity name> [<discriminator>] | Z <encoding> E s}. */
  private ItaniumNode localName(@Nullable NameState state) {
    expect('Z');
    ItaniumNode function = encoding(true);
    expect('E');
    if (take('s')) {
      discriminator();
      return new Nested(function, new Text("string literal"));
    }
    if (take('d')) {
      int number = optionalNumber();
      ItaniumNode entity = name(state);
      return new Nested(
          function, new Nested(new Text("{default arg#" + (number + 1) + "}"), entity));
    }
    ItaniumNode entity = name(state);
    discriminator();
    return new Nested(function, entity);
  }

  /** {@code <discriminator> ::= _ <digit> | __ <number> _}. */
  private void discriminator() {
    if (peek() != '_') {
      return;
    }
    if (peek(1) == '_') {
      int start = at;
      at += 2;
      if (isDigit(peek())) {
        number();
        if (take('_')) {
          return;
        }
      }
      at = start;
    } else if (isDigit(peek(1))) {
      at += 2;
    }
  }

  /**
   * {@code <nested-name> ::= N [<CV-qualifiers>] [<ref-qualifier>] <prefix> <unqualified-name> E}.
   */
  private ItaniumNode nestedName(@Nullable NameState state) {
    expect('N');
    String qualifiers = cvQualifiers();
    if (take('R')) {
      qualifiers += " &";
    } else if (take('O')) {
      qualifiers += " &&";
    }
    ItaniumNode so = null;
    boolean endsWithArguments = false;
    while (!take('E')) {
      enter();
      if (state != null) {
        state.endsWithArguments = false;
      }
      endsWithArguments = false;
      char c = peek();
      if (c == 'T') {
        if (so != null) {
          throw new BadName();
        }
        so = templateParameter();
        substitutions.add(so);
      } else if (c == 'I') {
        if (so == null) {
          throw new BadName();
        }
        so = new Templated(so, templateArguments(state != null));
        endsWithArguments = true;
        if (state != null) {
          state.endsWithArguments = true;
        }
        substitutions.add(so);
      } else if (c == 'D' && (peek(1) == 't' || peek(1) == 'T')) {
        if (so != null) {
          throw new BadName();
        }
        so = decltype();
        substitutions.add(so);
      } else if (c == 'S' && peek(1) != 't') {
        if (so != null) {
          throw new BadName();
        }
        so = substitution();
        if (so instanceof Standard) {
          // Of these, everything that follows is a member.
          leave();
          continue;
        }
      } else if (c == 'S' && so == null && take("St")) {
        so = new Text("std");
        leave();
        continue;
      } else {
        if (c == 'M' && so != null) {
          // Of a lambda in a member's initialiser.
          at++;
          leave();
          continue;
        }
        ItaniumNode part = unqualifiedName(state, so);
        so = so == null ? part : new Nested(so, part);
        substitutions.add(so);
      }
      leave();
    }
    if (so == null || substitutions.isEmpty()) {
      throw new BadName();
    }
    // The whole is a candidate only as a type, which adds it by itself.
    if (substitutions.getLast().equals(so)) {
      substitutions.removeLast();
    }
    if (state != null) {
      state.qualifiers = qualifiers;
      state.endsWithArguments = endsWithArguments;
      return so;
    }
    return qualifiers.isEmpty() ? so : new Qualified(so, qualifiers);
  }

  /** {@code <unqualified-name>} with its ABI tags. */
  private ItaniumNode unqualifiedName(@Nullable NameState state, @Nullable ItaniumNode scope) {
    take('L');
    char c = peek();
    ItaniumNode name;
    if (isDigit(c)) {
      name = sourceName();
    } else if (c == 'U' && peek(1) == 't') {
      name = unnamedType();
    } else if (c == 'U' && peek(1) == 'l') {
      name = lambda();
    } else if (c == 'D' && peek(1) == 'C') {
      name = structuredBinding();
    } else if ((c == 'C' || c == 'D') && scope != null) {
      name = structor(scope);
      if (state != null) {
        state.isStructor = true;
      }
    } else {
      name = operatorName(state);
    }
    while (peek() == 'B') {
      at++;
      name = new Wrapped("", name, "[abi:" + identifier() + "]");
    }
    return name;
  }

  /** {@code <source-name> ::= <number> <identifier>}. */
  private ItaniumNode sourceName() {
    String name = identifier();
    boolean isAnonymous =
        name.length() >= 10
            && name.startsWith("_GLOBAL_")
            && (name.charAt(8) == '.' || name.charAt(8) == '_' || name.charAt(8) == '$')
            && name.charAt(9) == 'N';
    return new Text(isAnonymous ? "(anonymous namespace)" : name);
  }

  private String identifier() {
    int length = number();
    if (length == 0 || length > end - at) {
      throw new BadName();
    }
    at += length;
    return text.substring(at - length, at);
  }

  /** {@code <unnamed-type-name> ::= Ut [<number>] _}. */
  private ItaniumNode unnamedType() {
    at += 2;
    return new Text("{unnamed type#" + (optionalNumber() + 1) + "}");
  }

  /** {@code <closure-type-name> ::= Ul <lambda-sig> E [<number>] _}. */
  private ItaniumNode lambda() {
    at += 2;
    var parameters = new ArrayList<ItaniumNode>();
    if (!take('v')) {
      while (peek() != 'E') {
        parameters.add(type());
      }
    }
    expect('E');
    return new Lambda(parameters, optionalNumber() + 1);
  }

  /** {@code DC <source-name>+ E}. */
  private ItaniumNode structuredBinding() {
    at += 2;
    var names = new ArrayList<ItaniumNode>();
    do {
      names.add(sourceName());
    } while (!take('E'));
    return new Wrapped("[", new Several(names), "]");
  }

  /** {@code <ctor-dtor-name> ::= C1 | C2 | C3 | CI1 <type> | CI2 <type> | D0 | D1 | D2}. */
  private ItaniumNode structor(ItaniumNode scope) {
    if (take('C')) {
      boolean isInherited = take('I');
      char kind = next();
      if (kind < '1' || kind > '5') {
        throw new BadName();
      }
      return new Structor(isInherited ? type() : scope, false);
    }
    expect('D');
    char kind = next();
    if (kind < '0' || kind > '5') {
      throw new BadName();
    }
    return new Structor(scope, true);
  }

  /** An operator by its code: what is written and how many operands it has in expressions. */
  private record Operator(String symbol, int operands) {}

  private static final Map<String, Operator> OPERATORS =
      Map.ofEntries(
          operator("aN", "&=", 2),
          operator("aS", "=", 2),
          operator("aa", "&&", 2),
          operator("ad", "&", 1),
          operator("an", "&", 2),
          operator("at", "alignof ", 1),
          operator("aw", "co_await ", 1),
          operator("az", "alignof ", 1),
          operator("cc", "const_cast", 2),
          operator("cl", "()", 2),
          operator("cm", ",", 2),
          operator("co", "~", 1),
          operator("dV", "/=", 2),
          operator("dX", "[...]=", 3),
          operator("da", "delete[] ", 1),
          operator("dc", "dynamic_cast", 2),
          operator("de", "*", 1),
          operator("di", "=", 2),
          operator("dl", "delete ", 1),
          operator("ds", ".*", 2),
          operator("dt", ".", 2),
          operator("dv", "/", 2),
          operator("dx", "]=", 2),
          operator("eO", "^=", 2),
          operator("eo", "^", 2),
          operator("eq", "==", 2),
          operator("ge", ">=", 2),
          operator("gs", "::", 1),
          operator("gt", ">", 2),
          operator("ix", "[]", 2),
          operator("lS", "<<=", 2),
          operator("le", "<=", 2),
          operator("ls", "<<", 2),
          operator("lt", "<", 2),
          operator("mI", "-=", 2),
          operator("mL", "*=", 2),
          operator("mi", "-", 2),
          operator("ml", "*", 2),
          operator("mm", "--", 1),
          operator("na", "new[]", 3),
          operator("ne", "!=", 2),
          operator("ng", "-", 1),
          operator("nt", "!", 1),
          operator("nw", "new", 3),
          operator("nx", "noexcept", 1),
          operator("oR", "|=", 2),
          operator("oo", "||", 2),
          operator("or", "|", 2),
          operator("pL", "+=", 2),
          operator("pl", "+", 2),
          operator("pm", "->*", 2),
          operator("pp", "++", 1),
          operator("ps", "+", 1),
          operator("pt", "->", 2),
          operator("qu", "?", 3),
          operator("rM", "%=", 2),
          operator("rS", ">>=", 2),
          operator("rc", "reinterpret_cast", 2),
          operator("rm", "%", 2),
          operator("rs", ">>", 2),
          operator("sc", "static_cast", 2),
          operator("ss", "<=>", 2),
          operator("st", "sizeof ", 1),
          operator("sz", "sizeof ", 1),
          operator("te", "typeid ", 1),
          operator("ti", "typeid ", 1),
          operator("tw", "throw ", 1));

  private static Map.Entry<String, Operator> operator(String code, String symbol, int operands) {
    return Map.entry(code, new Operator(symbol, operands));
  }

  private @Nullable Operator operatorAhead() {
    return at + 2 <= end ? OPERATORS.get(text.substring(at, at + 2)) : null;
  }

  /** {@code <operator-name>}, a conversion or a literal operator among them. */
  private ItaniumNode operatorName(@Nullable NameState state) {
    if (take("cv")) {
      boolean outerTries = triesArguments;
      // Arguments that follow the type are those of the operator itself.
      triesArguments = false;
      ItaniumNode type = type();
      triesArguments = outerTries;
      if (state != null) {
        state.isConversion = true;
      }
      return new Conversion(type);
    }
    if (take("li")) {
      return new Wrapped("operator\"\" ", sourceName(), "");
    }
    if (peek() == 'v' && isDigit(peek(1))) {
      at += 2;
      return new Wrapped("operator ", sourceName(), "");
    }
    Operator operator = operatorAhead();
    if (operator == null) {
      throw new BadName();
    }
    at += 2;
    String symbol =
        operator.symbol().endsWith(" ")
            ? operator.symbol().substring(0, operator.symbol().length() - 1)
            : operator.symbol();
    return new OperatorName(symbol);
  }

  // Types.

  private String cvQualifiers() {
    String out = "";
    if (take('r')) {
      out = " restrict";
    }
    if (take('V')) {
      out = " volatile" + out;
    }
    if (take('K')) {
      out = " const" + out;
    }
    return out;
  }

  /** {@code <type>}. */
  private ItaniumNode type() {
    enter();
    try {
      char c = peek();
      ItaniumNode type;
      switch (c) {
        case 'r', 'V', 'K' -> {
          return qualifiedType();
        }
        case 'U' -> type = vendorQualified();
        case 'P' -> {
          at++;
          type = new Pointer(type(), null);
        }
        case 'R' -> {
          at++;
          type = new Reference(type(), false);
        }
        case 'O' -> {
          at++;
          type = new Reference(type(), true);
        }
        case 'C' -> {
          at++;
          type = new Qualified(type(), " _Complex");
        }
        case 'G' -> {
          at++;
          type = new Qualified(type(), " _Imaginary");
        }
        case 'M' -> {
          at++;
          ItaniumNode owner = type();
          type = new Pointer(type(), owner);
        }
        case 'A' -> type = arrayType();
        case 'F' -> type = functionType("");
        case 'T' -> {
          char kind = peek(1);
          if (kind == 's' || kind == 'u' || kind == 'e') {
            at += 2;
            type = name(null);
          } else {
            type = templateParameter();
            if (triesArguments && peek() == 'I') {
              substitutions.add(type);
              type = new Templated(type, templateArguments(false));
            }
          }
        }
        case 'S' -> {
          if (peek(1) == 't') {
            type = name(null);
          } else {
            ItaniumNode known = substitution();
            if (!(triesArguments && peek() == 'I')) {
              return known;
            }
            type = new Templated(known, templateArguments(false));
          }
        }
        case 'D' -> {
          char kind = peek(1);
          switch (kind) {
            case 'p' -> {
              at += 2;
              type = new Expansion(type());
            }
            case 't', 'T' -> type = decltype();
            case 'v' -> type = vectorType();
            case 'o', 'O', 'w', 'x' -> type = functionType("");
            default -> {
              return builtin();
            }
          }
        }
        case 'N', 'Z' -> type = name(null);
        default -> {
          if (isDigit(c)) {
            type = name(null);
          } else if (c == 'u') {
            at++;
            ItaniumNode vendor = sourceName();
            type = peek() == 'I' ? new Templated(vendor, templateArguments(false)) : vendor;
          } else {
            return builtin();
          }
        }
      }
      substitutions.add(type);
      return type;
    } finally {
      leave();
    }
  }

  private ItaniumNode qualifiedType() {
    String qualifiers = cvQualifiers();
    ItaniumNode type;
    if (peek() == 'F' || isFunctionPrefix()) {
      // Qualifiers of a function type are those of its object.
      type = functionType(qualifiers);
    } else {
      type = new Qualified(type(), qualifiers);
    }
    substitutions.add(type);
    return type;
  }

  private boolean isFunctionPrefix() {
    char kind = peek(1);
    return peek() == 'D' && (kind == 'o' || kind == 'O' || kind == 'w' || kind == 'x');
  }

  /** {@code U <source-name> [<template-args>] <type>}. */
  private ItaniumNode vendorQualified() {
    at++;
    String name = identifier();
    String arguments = "";
    if (peek() == 'I') {
      var out = new NameText();
      templateArguments(false).write(out);
      arguments = out.toString();
    }
    return new Qualified(type(), " " + name + arguments);
  }

  /** {@code <array-type> ::= A [<dimension>] _ <element type>}. */
  private ItaniumNode arrayType() {
    expect('A');
    ItaniumNode dimension = null;
    if (isDigit(peek())) {
      dimension = new Text(Integer.toString(number()));
    } else if (peek() != '_') {
      dimension = expression();
    }
    expect('_');
    return new Array(type(), dimension);
  }

  /** {@code Dv <number> _ <type> | Dv _ <expression> _ <type>}. */
  private ItaniumNode vectorType() {
    at += 2;
    ItaniumNode dimension;
    if (take('_')) {
      dimension = expression();
    } else {
      dimension = new Text(Integer.toString(number()));
    }
    expect('_');
    ItaniumNode element = type();
    return new Sequence(element, " __vector(", dimension, ")");
  }

  /** {@code [<exception-spec>] [Dx] F [Y] <return type> <parameter types> [<ref-qualifier>] E}. */
  private ItaniumNode functionType(String qualifiers) {
    ItaniumNode exceptions = null;
    if (take("Do")) {
      exceptions = new Text(" noexcept");
    } else if (take("DO")) {
      exceptions = new Wrapped(" noexcept(", expression(), ")");
      expect('E');
    } else if (take("Dw")) {
      var types = new ArrayList<ItaniumNode>();
      while (!take('E')) {
        types.add(type());
      }
      exceptions = new Wrapped(" throw(", new Several(types), ")");
    }
    boolean isTransactionSafe = take("Dx");
    expect('F');
    take('Y');
    ItaniumNode result = type();
    var parameters = new ArrayList<ItaniumNode>();
    String reference = "";
    while (!take('E')) {
      if (peek() == 'v' && (peek(1) == 'E' || peek(2) == 'E') && parameters.isEmpty()) {
        at++;
      } else if (peek() == 'R' && peek(1) == 'E') {
        at++;
        reference = " &";
      } else if (peek() == 'O' && peek(1) == 'E') {
        at++;
        reference = " &&";
      } else {
        parameters.add(type());
      }
    }
    String all = (isTransactionSafe ? " transaction_safe" : "") + qualifiers + reference;
    return new Function(result, parameters, all, exceptions);
  }

  /** {@code Dt <expression> E | DT <expression> E}. */
  private ItaniumNode decltype() {
    at += 2;
    ItaniumNode expression = expression();
    expect('E');
    return new Wrapped("decltype (", expression, ")");
  }

  private ItaniumNode builtin() {
    char c = next();
    String name =
        switch (c) {
          case 'v' -> "void";
          case 'w' -> "wchar_t";
          case 'b' -> "bool";
          case 'c' -> "char";
          case 'a' -> "signed char";
          case 'h' -> "unsigned char";
          case 's' -> "short";
          case 't' -> "unsigned short";
          case 'i' -> "int";
          case 'j' -> "unsigned int";
          case 'l' -> "long";
          case 'm' -> "unsigned long";
          case 'x' -> "long long";
          case 'y' -> "unsigned long long";
          case 'n' -> "__int128";
          case 'o' -> "unsigned __int128";
          case 'f' -> "float";
          case 'd' -> "double";
          case 'e' -> "long double";
          case 'g' -> "__float128";
          case 'z' -> "...";
          case 'D' -> {
            char kind = next();
            yield switch (kind) {
              case 'd' -> "decimal64";
              case 'e' -> "decimal128";
              case 'f' -> "decimal32";
              case 'h' -> "half";
              case 'i' -> "char32_t";
              case 's' -> "char16_t";
              case 'u' -> "char8_t";
              case 'a' -> "auto";
              case 'c' -> "decltype(auto)";
              case 'n' -> "decltype(nullptr)";
              case 'F' -> {
                // A float of so many bits; b: the one with the exponent of a larger format.
                int bits = number();
                if (take('b')) {
                  yield "std::bfloat" + bits + "_t";
                }
                boolean isExtended = take('x');
                if (!isExtended) {
                  expect('_');
                }
                yield "_Float" + bits + (isExtended ? "x" : "");
              }
              default -> throw new BadName();
            };
          }
          default -> throw new BadName();
        };
    return new Builtin(c, name);
  }

  // Templates.

  /** {@code <template-args> ::= I <template-arg>* E}. */
  private Arguments templateArguments(boolean setsParameters) {
    enter();
    expect('I');
    boolean outerTries = triesArguments;
    triesArguments = true;
    var arguments = new ArrayList<ItaniumNode>();
    while (!take('E')) {
      arguments.add(templateArgument());
    }
    triesArguments = outerTries;
    if (setsParameters) {
      lastArguments = arguments;
    }
    leave();
    return new Arguments(arguments);
  }

  /**
   * {@code <template-arg> ::= <type> | X <expression> E | <expr-primary> | J <template-arg>* E}.
   */
  private ItaniumNode templateArgument() {
    enter();
    try {
      return switch (peek()) {
        case 'X' -> {
          at++;
          ItaniumNode expression = expression();
          expect('E');
          yield expression;
        }
        case 'L' -> literal();
        case 'J', 'I' -> {
          at++;
          var parts = new ArrayList<ItaniumNode>();
          while (!take('E')) {
            parts.add(templateArgument());
          }
          yield new Pack(parts);
        }
        default -> type();
      };
    } finally {
      leave();
    }
  }

  /** {@code <template-param> ::= T_ | T <number> _ | TL <level> __ ...}. */
  private ItaniumNode templateParameter() {
    expect('T');
    if (take('L')) {
      optionalNumber();
      expect('_');
    }
    return new Parameter(optionalNumber());
  }

  /** {@code <substitution>}, but {@code St}. */
  private ItaniumNode substitution() {
    expect('S');
    char c = peek();
    Standard standard =
        switch (c) {
          case 'a' -> new Standard("std::allocator", "allocator");
          case 'b' -> new Standard("std::basic_string", "basic_string");
          case 's' ->
              new Standard(
                  "std::basic_string<char, std::char_traits<char>, std::allocator<char> >",
                  "basic_string");
          case 'i' ->
              new Standard("std::basic_istream<char, std::char_traits<char> >", "basic_istream");
          case 'o' ->
              new Standard("std::basic_ostream<char, std::char_traits<char> >", "basic_ostream");
          case 'd' ->
              new Standard("std::basic_iostream<char, std::char_traits<char> >", "basic_iostream");
          default -> null;
        };
    if (standard != null) {
      at++;
      ItaniumNode tagged = standard;
      while (peek() == 'B') {
        at++;
        tagged = new Wrapped("", tagged, "[abi:" + identifier() + "]");
        substitutions.add(tagged);
      }
      return tagged;
    }
    int index = sequence();
    if (index >= substitutions.size()) {
      throw new BadName();
    }
    return substitutions.get(index);
  }

  // Expressions.

  /** {@code <expr-primary> ::= L <type> <value> E | L <mangled-name> E}. */
  private ItaniumNode literal() {
    expect('L');
    if (peek() == '_' || peek() == 'Z') {
      take('_');
      expect('Z');
      ItaniumNode function = encoding(false);
      expect('E');
      return function;
    }
    ItaniumNode type = type();
    boolean isNegative = take('n');
    int start = at;
    while (at < end && peek() != 'E') {
      at++;
    }
    String value = text.substring(start, at);
    expect('E');
    return new Literal(type, value, isNegative);
  }

  private List<ItaniumNode> expressionsToEnd() {
    var out = new ArrayList<ItaniumNode>();
    while (!take('E')) {
      out.add(expression());
    }
    return out;
  }

  /** {@code <expression>}. */
  private ItaniumNode expression() {
    enter();
    boolean outerTries = triesArguments;
    triesArguments = true;
    try {
      return expressionInner();
    } finally {
      triesArguments = outerTries;
      leave();
    }
  }

  private ItaniumNode expressionInner() {
    char c = peek();
    if (c == 'L') {
      return literal();
    }
    if (c == 'T') {
      return templateParameter();
    }
    if (c == 'f') {
      ItaniumNode special = functionParameterOrFold();
      if (special != null) {
        return special;
      }
    }
    if (isDigit(c)) {
      return simpleId();
    }
    if (take("sr")) {
      return scopeResolution();
    }
    if (take("on")) {
      ItaniumNode name = operatorName(null);
      return peek() == 'I' ? new Templated(name, templateArguments(false)) : name;
    }
    if (take("dn")) {
      return new Wrapped("~", isDigit(peek()) ? simpleId() : type(), "");
    }
    if (take("sp")) {
      return new Expansion(expression());
    }
    if (take("sZ")) {
      return new Count(expression());
    }
    if (take("sP")) {
      var arguments = new ArrayList<ItaniumNode>();
      while (!take('E')) {
        arguments.add(templateArgument());
      }
      return new Count(new Pack(arguments));
    }
    if (take("tl")) {
      ItaniumNode type = type();
      return new Braced(type, expressionsToEnd());
    }
    if (take("il")) {
      return new Braced(null, expressionsToEnd());
    }
    if (take("tr")) {
      return new Text("throw");
    }
    if (take("cv")) {
      ItaniumNode type = type();
      if (take('_')) {
        return new Sequence("(", type, ")(", new Several(expressionsToEnd()), ")");
      }
      return new Sequence("(", type, ")", new Operand(expression()));
    }
    boolean isGlobal = take("gs");
    if (isGlobal && operatorAhead() == null) {
      return new Wrapped("::", take("sr") ? scopeResolution() : simpleId(), "");
    }
    Operator operator = operatorAhead();
    if (operator == null) {
      throw new BadName();
    }
    String code = text.substring(at, at + 2);
    at += 2;
    return operation(code, operator, isGlobal);
  }

  private ItaniumNode simpleId() {
    ItaniumNode name = taggedName();
    return peek() == 'I' ? new Templated(name, templateArguments(false)) : name;
  }

  private ItaniumNode taggedName() {
    ItaniumNode name = sourceName();
    while (peek() == 'B') {
      at++;
      name = new Wrapped("", name, "[abi:" + identifier() + "]");
    }
    return name;
  }

  private ItaniumNode operation(String code, Operator operator, boolean isGlobal) {
    String symbol = operator.symbol();
    switch (code) {
      case "cl" -> {
        ItaniumNode callee = expression();
        List<ItaniumNode> arguments = expressionsToEnd();
        Object written = new Operand(callee instanceof Encoding encoding ? encoding.name : callee);
        return new Sequence(written, "(", new Several(arguments), ")");
      }
      case "dc", "cc", "rc", "sc" -> {
        ItaniumNode type = type();
        return new Sequence(symbol, "<", type, ">(", expression(), ")");
      }
      case "st", "at", "ti" -> {
        return new Sequence(symbol, "(", type(), ")");
      }
      case "nx" -> {
        return new Sequence(symbol, "(", expression(), ")");
      }
      case "nw", "na" -> {
        return newExpression(symbol, isGlobal);
      }
      case "dt", "pt" -> {
        ItaniumNode object = expression();
        ItaniumNode member = memberName();
        return new Sequence(new Operand(object), symbol, new Operand(member));
      }
      case "di" -> {
        return new Sequence(".", sourceName(), "=", expression());
      }
      case "dx" -> {
        ItaniumNode index = expression();
        return new Sequence("[", index, "]=", expression());
      }
      case "dX" -> {
        ItaniumNode first = expression();
        ItaniumNode last = expression();
        return new Sequence("[", first, " ... ", last, "]=", expression());
      }
      case "ix" -> {
        ItaniumNode array = expression();
        return new Sequence(new Operand(array), "[", expression(), "]");
      }
      case "qu" -> {
        ItaniumNode condition = expression();
        ItaniumNode yes = expression();
        ItaniumNode no = expression();
        return new Sequence(new Operand(condition), "?", new Operand(yes), " : ", new Operand(no));
      }
      case "pp", "mm" -> {
        if (take('_')) {
          return new Sequence(symbol, new Operand(expression()));
        }
        return new Sequence(new Operand(expression()), symbol);
      }
      case "ad" -> {
        ItaniumNode operand = expression();
        boolean isQualifiedFunction =
            operand instanceof Encoding encoding
                && encoding.name instanceof Nested
                && encoding.type.qualifiers.isEmpty();
        return new Sequence(
            symbol, new Operand(isQualifiedFunction ? ((Encoding) operand).name : operand));
      }
      default -> {}
    }
    if (operator.operands() == 1) {
      return new Sequence(symbol, new Operand(expression()));
    }
    ItaniumNode left = expression();
    ItaniumNode right = expression();
    return symbol.equals(">")
        ? new Sequence("(", new Operand(left), symbol, new Operand(right), ")")
        : new Sequence(new Operand(left), symbol, new Operand(right));
  }

  /** What follows {@code .} and {@code ->}: names are not looked up there. */
  private ItaniumNode memberName() {
    if (isDigit(peek())) {
      return simpleId();
    }
    return expression();
  }

  /** {@code [gs] nw <expression>* _ <type> [pi <expression>*] E}. */
  private ItaniumNode newExpression(String symbol, boolean isGlobal) {
    var placement = new ArrayList<ItaniumNode>();
    while (!take('_')) {
      placement.add(expression());
    }
    ItaniumNode type = type();
    var parts = new ArrayList<Object>();
    parts.add((isGlobal ? "::" : "") + symbol + " ");
    if (!placement.isEmpty()) {
      parts.add("(");
      parts.add(new Several(placement));
      parts.add(") ");
    }
    parts.add(type);
    if (take("pi")) {
      parts.add("(");
      parts.add(new Several(expressionsToEnd()));
      parts.add(")");
    } else if (peek() == 'i' && peek(1) == 'l') {
      parts.add(expression());
      expect('E');
    } else {
      expect('E');
    }
    return new Sequence(parts.toArray());
  }

  /** {@code sr <type> <name>}, {@code srN <type> <name>* E <name>}, {@code sr <name>* E <name>}. */
  private ItaniumNode scopeResolution() {
    ItaniumNode scope;
    if (isDigit(peek())) {
      scope = simpleId();
      // Of a class template, GCC writes the type and then the name, with nothing between them.
      boolean isType = scope instanceof Templated && isDigit(peek());
      while (!isType && !take('E')) {
        scope = new Nested(scope, simpleId());
        if (at >= end) {
          throw new BadName();
        }
      }
    } else {
      scope = type();
    }
    ItaniumNode name;
    if (isDigit(peek())) {
      name = taggedName();
    } else if (take("dn")) {
      name = new Wrapped("~", isDigit(peek()) ? simpleId() : type(), "");
    } else {
      take("on");
      name = operatorName(null);
    }
    ItaniumNode whole = new Nested(scope, name);
    return peek() == 'I' ? new Templated(whole, templateArguments(false)) : whole;
  }

  /** {@code fp}, {@code fL}, {@code fpT} and the folds {@code fl fr fL fR}; null if neither. */
  private @Nullable ItaniumNode functionParameterOrFold() {
    char kind = peek(1);
    if (kind == 'p' && peek(2) == 'T') {
      at += 3;
      return new Text("this");
    }
    if (kind == 'p') {
      at += 2;
      cvQualifiers();
      return new Text("{parm#" + (optionalNumber() + 1) + "}");
    }
    if (kind == 'L' && isDigit(peek(2))) {
      at += 2;
      number();
      expect('p');
      cvQualifiers();
      return new Text("{parm#" + (optionalNumber() + 1) + "}");
    }
    if (kind != 'l' && kind != 'r' && kind != 'L' && kind != 'R') {
      return null;
    }
    at += 2;
    Operator operator = operatorAhead();
    if (operator == null) {
      throw new BadName();
    }
    at += 2;
    String symbol = operator.symbol();
    ItaniumNode first = expression();
    return switch (kind) {
      case 'l' -> new Sequence("(...", symbol, new Operand(first), ")");
      case 'r' -> new Sequence("(", new Operand(first), symbol, "...)");
      default -> {
        ItaniumNode second = expression();
        yield new Sequence(
            "(", new Operand(first), symbol, "...", symbol, new Operand(second), ")");
      }
    };
  }
}
