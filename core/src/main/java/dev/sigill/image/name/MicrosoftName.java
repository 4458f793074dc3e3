package dev.sigill.image.name;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * C++ names as Microsoft's compiler decorates them (documented by use only: Microsoft Learn,
 * "Decorated names", and the tables of Agner Fog's "Calling conventions", section 8). Written are
 * the qualified name and the parameters; access, calling convention and return type are left out.
 */
final class MicrosoftName {
  private static final int DEEPEST = 200;
  private static final int LONGEST = 1 << 17;
  private static final int MOST_STEPS = 1 << 17;

  /** A type: what is written before and after the name that it declares. */
  private record Type(String before, String after) {
    static Type plain(String text) {
      return new Type(text, "");
    }

    String text() {
      return after.startsWith("(") ? before + " " + after : before + after;
    }
  }

  private final String text;
  private int at;
  private int depth;
  private int steps;
  private List<String> names = new ArrayList<>();
  private List<Type> types = new ArrayList<>();

  private MicrosoftName(String text) {
    this.text = text;
  }

  /**
   * The readable form of a name that begins with {@code ?}.
   *
   * @throws BadName where it does not follow the rules
   */
  static String read(String name) {
    var parser = new MicrosoftName(name);
    String readable = parser.symbol();
    if (parser.at < name.length()) {
      throw new BadName();
    }
    return readable;
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

  private boolean take(String part) {
    if (text.startsWith(part, at)) {
      at += part.length();
      return true;
    }
    return false;
  }

  private void expect(char c) {
    if (next() != c) {
      throw new BadName();
    }
  }

  private void enter() {
    if (++depth > DEEPEST || ++steps > MOST_STEPS) {
      throw new BadName();
    }
  }

  private void leave() {
    depth--;
  }

  private static String bounded(String text) {
    if (text.length() > LONGEST) {
      throw new BadName();
    }
    return text;
  }

  // Symbols.

  private String symbol() {
    enter();
    expect('?');
    String out;
    if (take("?@")) {
      // The hash of a name that was too long.
      int end = text.indexOf('@', at);
      if (end < 0) {
        throw new BadName();
      }
      at = end + 1;
      out = text.substring(0, at);
    } else if (take("?_C@_")) {
      out = "`string'";
      at = text.length();
    } else {
      out = named();
    }
    leave();
    return bounded(out);
  }

  private String named() {
    int start = at;
    String special = specialName();
    if (special != null) {
      return special;
    }
    at = start;
    return typed(qualifiedName(true));
  }

  /** Names of tables and the like that have no type of their own; null for others. */
  private @Nullable String specialName() {
    if (take("?__E") || take("?__F")) {
      boolean isInitializer = text.charAt(at - 1) == 'E';
      String what =
          isInitializer ? "`dynamic initializer for '" : "`dynamic atexit destructor for '";
      String of;
      if (peek() == '?') {
        of = symbol();
        take("@");
      } else {
        of = qualifiedName(true).text();
      }
      skipFunctionType();
      return what + of + "''";
    }
    String table =
        take("?_7")
            ? "`vftable'"
            : take("?_8") ? "`vbtable'" : take("?_R4") ? "`RTTI Complete Object Locator'" : "";
    if (!table.isEmpty()) {
      String owner = scopes();
      char kind = next();
      if (kind != '6' && kind != '7') {
        throw new BadName();
      }
      qualifiers();
      var bases = new StringBuilder();
      while (!take("@")) {
        bases.append(bases.isEmpty() ? "{for `" : "'s `").append(scopedName());
      }
      return owner + "::" + table + (bases.isEmpty() ? "" : bases + "'}");
    }
    if (take("?_R0")) {
      String type = type().text();
      if (!take("@8")) {
        throw new BadName();
      }
      return type + " `RTTI Type Descriptor'";
    }
    if (take("?_R1")) {
      var numbers = new StringBuilder();
      for (int i = 0; i < 4; i++) {
        numbers.append(i == 0 ? "" : ", ").append(number());
      }
      String owner = scopes();
      expect('8');
      return owner + "::`RTTI Base Class Descriptor at (" + numbers + ")'";
    }
    if (take("?_R2") || take("?_R3")) {
      boolean isArray = text.charAt(at - 1) == '2';
      String owner = scopes();
      expect('8');
      return owner
          + (isArray ? "::`RTTI Base Class Array'" : "::`RTTI Class Hierarchy Descriptor'");
    }
    if (take("?_B") || take("?__J")) {
      boolean isThreadGuard = text.charAt(at - 1) == 'J';
      String owner = scopes();
      String guard = isThreadGuard ? "`local static thread guard'" : "`local static guard'";
      if (take("4IA")) {
        return owner + "::" + guard;
      }
      expect('5');
      String number = peek() == '\0' ? "" : "{" + number() + "}";
      return owner + "::" + guard + number;
    }
    return null;
  }

  private void skipFunctionType() {
    if (at < text.length()) {
      typed(new Name("", "", false));
    }
  }

  /**
   * A qualified name.
   *
   * @param scope all but the last part, or empty
   * @param last the last part
   * @param isConversion whether it is a conversion operator, named by what it returns
   */
  private record Name(String scope, String last, boolean isConversion) {
    String text() {
      return scope.isEmpty() ? last : scope + "::" + last;
    }
  }

  /** What follows a name: storage and type. */
  private String typed(Name name) {
    char kind = next();
    if (kind >= '0' && kind <= '4') {
      Type type = type();
      pointerModifiers();
      qualifiers();
      // Of a pointer to member, the class once more.
      if (peek() != '\0' && peek() != '@') {
        scopedName();
      }
      return type == null ? "" : name.text();
    }
    if (kind == '9') {
      return name.text();
    }
    boolean isThunk = false;
    if (kind == '$') {
      if (take("$J0") || take("$J1") || take("$F") || take("$H")) {
        kind = next();
      } else if (peek() == 'B') {
        at++;
        number();
        at = text.length();
        return name.text() + "{thunk}";
      } else {
        boolean isExtended = take("R");
        char access = next();
        for (int i = 0; i < (isExtended ? 4 : 2); i++) {
          number();
        }
        if (access < '0' || access > '5') {
          throw new BadName();
        }
        isThunk = true;
        kind = 'U';
      }
    }
    if (kind < 'A' || kind > 'Z') {
      throw new BadName();
    }
    int group = kind == 'Y' || kind == 'Z' ? 4 : (kind - 'A') % 8 / 2;
    boolean isMember = group != 1 && group != 4;
    if (group == 3 && kind < 'Y') {
      // An adjustor: how far to move the object.
      number();
      isThunk = true;
    }
    String object = "";
    if (isMember) {
      object = pointerModifiers();
      object = qualifiers() + object;
    }
    callingConvention();
    Type result = take("@") ? Type.plain("") : returnType();
    String parameters = parameters();
    throwSpecification();
    String readable =
        name.isConversion()
            ? new Name(name.scope(), "operator " + result.text(), false).text()
            : name.text();
    return (isThunk ? "[thunk]: " : "") + readable + "(" + parameters + ")" + object;
  }

  private void throwSpecification() {
    if (take("_E")) {
      return;
    }
    expect('Z');
  }

  private void callingConvention() {
    char c = next();
    if (c < 'A' || c > 'Z') {
      throw new BadName();
    }
  }

  private Type returnType() {
    if (take("?")) {
      qualifiers();
    }
    return type();
  }

  /** {@code X}, or types up to {@code @}, or up to {@code Z} with more to come. */
  private String parameters() {
    if (take("X")) {
      return "";
    }
    var out = new StringBuilder();
    while (true) {
      if (take("@")) {
        return out.toString();
      }
      if (peek() == 'Z') {
        at++;
        return out.append(out.isEmpty() ? "..." : ", ...").toString();
      }
      out.append(out.isEmpty() ? "" : ", ").append(parameter().text());
      bounded(out.toString());
    }
  }

  private Type parameter() {
    char c = peek();
    if (c >= '0' && c <= '9') {
      at++;
      if (c - '0' >= types.size()) {
        throw new BadName();
      }
      return types.get(c - '0');
    }
    int start = at;
    Type type = type();
    if (at - start > 1 && types.size() < 10) {
      types.add(type);
    }
    return type;
  }

  // Names.

  private Name qualifiedName(boolean isSymbol) {
    enter();
    char c = peek();
    Name name;
    if (c == '?' && !text.startsWith("?$", at)) {
      at++;
      name = operatorName(operatorCode(), "");
    } else if (isSymbol && take("?$")) {
      // A function template's own name is not counted among those that may be repeated.
      Template template = template();
      name =
          template.operator() == null
              ? new Name(scopes(), template.text(), false)
              : operatorName(template.operator(), template.arguments());
    } else {
      String last = part();
      name = new Name(scopes(), last, false);
    }
    leave();
    return name;
  }

  private String scopedName() {
    return qualifiedName(false).text();
  }

  /** The enclosing scopes, from the inside out, up to {@code @}. */
  private String scopes() {
    String out = "";
    while (!take("@")) {
      String outer = scope();
      out = bounded(out.isEmpty() ? outer : outer + "::" + out);
    }
    return out;
  }

  private String scope() {
    enter();
    String out;
    if (take("?A")) {
      int end = text.indexOf('@', at);
      if (end < 0) {
        throw new BadName();
      }
      remember("?A" + text.substring(at, end));
      at = end + 1;
      out = "`anonymous namespace'";
      names.set(names.size() - 1, out);
    } else if (peek() == '?' && !text.startsWith("?$", at)) {
      at++;
      String number = number();
      expect('?');
      String function = symbol();
      out = "`" + function + "'::`" + number + "'";
    } else {
      out = part();
    }
    leave();
    return out;
  }

  /** A simple name, a template or a repeated name. */
  private String part() {
    char c = peek();
    if (c >= '0' && c <= '9') {
      at++;
      if (c - '0' >= names.size()) {
        throw new BadName();
      }
      return names.get(c - '0');
    }
    if (take("?$")) {
      String template = template().text();
      remember(template);
      return template;
    }
    int end = text.indexOf('@', at);
    if (end <= at) {
      throw new BadName();
    }
    String name = text.substring(at, end);
    at = end + 1;
    remember(name);
    return name;
  }

  private void remember(String name) {
    if (names.size() < 10 && !names.contains(name)) {
      names.add(name);
    } else if (names.isEmpty()) {
      throw new BadName();
    }
  }

  /**
   * A template with its arguments.
   *
   * @param name its name, or empty where it is an operator
   * @param operator the operator's code, or null
   * @param arguments in angle brackets
   */
  private record Template(String name, @Nullable String operator, String arguments) {
    String text() {
      return name + arguments;
    }
  }

  /** A template, in which repetitions are counted afresh. */
  private Template template() {
    enter();
    List<String> outerNames = names;
    List<Type> outerTypes = types;
    names = new ArrayList<>();
    types = new ArrayList<>();
    String name = "";
    String operator = null;
    if (take("?")) {
      operator = operatorCode();
    } else {
      name = part();
    }
    var arguments = new StringBuilder("<");
    while (!take("@")) {
      String argument = templateArgument();
      if (!argument.isEmpty()) {
        arguments.append(arguments.length() == 1 ? "" : ", ").append(argument);
      }
      bounded(arguments.toString());
    }
    names = outerNames;
    types = outerTypes;
    leave();
    return new Template(name, operator, arguments.append('>').toString());
  }

  private String templateArgument() {
    enter();
    String out;
    if (take("$0")) {
      out = number();
    } else if (take("$1") || take("$E")) {
      boolean isAddress = text.charAt(at - 1) == '1';
      out = take("@") ? "nullptr" : (isAddress ? "&" : "") + symbol();
    } else if (take("$H") || take("$I") || take("$J")) {
      int offsets = text.charAt(at - 1) - 'H' + 1;
      String of = symbol();
      var list = new StringBuilder("{").append(of);
      for (int i = 0; i < offsets; i++) {
        list.append(", ").append(number());
      }
      out = list.append('}').toString();
    } else if (take("$M")) {
      // The argument of an "auto" parameter, with its type.
      type();
      out = take("0") ? number() : take("1") ? "&" + symbol() : number();
    } else if (take("$S") || take("$$V") || take("$$$V") || take("$$Z")) {
      out = "";
    } else if (take("$D")) {
      out = "`template-parameter" + number() + "'";
    } else {
      out = parameter().text();
    }
    leave();
    return out;
  }

  private static final Map<Character, String> OPERATORS =
      Map.ofEntries(
          Map.entry('2', "new"),
          Map.entry('3', "delete"),
          Map.entry('4', "="),
          Map.entry('5', ">>"),
          Map.entry('6', "<<"),
          Map.entry('7', "!"),
          Map.entry('8', "=="),
          Map.entry('9', "!="),
          Map.entry('A', "[]"),
          Map.entry('C', "->"),
          Map.entry('D', "*"),
          Map.entry('E', "++"),
          Map.entry('F', "--"),
          Map.entry('G', "-"),
          Map.entry('H', "+"),
          Map.entry('I', "&"),
          Map.entry('J', "->*"),
          Map.entry('K', "/"),
          Map.entry('L', "%"),
          Map.entry('M', "<"),
          Map.entry('N', "<="),
          Map.entry('O', ">"),
          Map.entry('P', ">="),
          Map.entry('Q', ","),
          Map.entry('R', "()"),
          Map.entry('S', "~"),
          Map.entry('T', "^"),
          Map.entry('U', "|"),
          Map.entry('V', "&&"),
          Map.entry('W', "||"),
          Map.entry('X', "*="),
          Map.entry('Y', "+="),
          Map.entry('Z', "-="));

  private static final Map<Character, String> UNDERSCORE_OPERATORS =
      Map.ofEntries(
          Map.entry('0', "operator/="),
          Map.entry('1', "operator%="),
          Map.entry('2', "operator>>="),
          Map.entry('3', "operator<<="),
          Map.entry('4', "operator&="),
          Map.entry('5', "operator|="),
          Map.entry('6', "operator^="),
          Map.entry('9', "`vcall'"),
          Map.entry('A', "`typeof'"),
          Map.entry('D', "`vbase dtor'"),
          Map.entry('E', "`vector deleting dtor'"),
          Map.entry('F', "`default ctor closure'"),
          Map.entry('G', "`scalar deleting dtor'"),
          Map.entry('H', "`vector ctor iterator'"),
          Map.entry('I', "`vector dtor iterator'"),
          Map.entry('J', "`vector vbase ctor iterator'"),
          Map.entry('K', "`virtual displacement map'"),
          Map.entry('L', "`eh vector ctor iterator'"),
          Map.entry('M', "`eh vector dtor iterator'"),
          Map.entry('N', "`eh vector vbase ctor iterator'"),
          Map.entry('O', "`copy ctor closure'"),
          Map.entry('S', "`local vftable'"),
          Map.entry('T', "`local vftable ctor closure'"),
          Map.entry('U', "operator new[]"),
          Map.entry('V', "operator delete[]"));

  /** The code of an operator, constructor or destructor; of a literal operator, its name too. */
  private String operatorCode() {
    char c = next();
    if (c != '_') {
      return String.valueOf(c);
    }
    char second = next();
    if (second != '_') {
      return "_" + second;
    }
    char third = next();
    return "__" + third + (third == 'K' ? literalName() : "");
  }

  /** An operator, constructor or destructor, with the scopes that follow it. */
  private Name operatorName(String code, String arguments) {
    String scope = scopes();
    if (code.equals("0") || code.equals("1")) {
      String name = (code.equals("1") ? "~" : "") + lastPart(scope);
      return new Name(scope, name + arguments, false);
    }
    if (code.equals("B")) {
      return new Name(scope, "operator" + arguments, true);
    }
    String name;
    if (code.length() == 1) {
      String symbol = OPERATORS.get(code.charAt(0));
      if (symbol == null) {
        throw new BadName();
      }
      boolean isWord = symbol.equals("new") || symbol.equals("delete");
      name = "operator" + (isWord ? " " : "") + symbol;
    } else if (code.length() == 2) {
      name = UNDERSCORE_OPERATORS.get(code.charAt(1));
    } else {
      name =
          switch (code.charAt(2)) {
            case 'A' -> "`managed vector ctor iterator'";
            case 'B' -> "`managed vector dtor iterator'";
            case 'C' -> "`EH vector copy ctor iterator'";
            case 'D' -> "`EH vector vbase copy ctor iterator'";
            case 'G' -> "`vector copy ctor iterator'";
            case 'H' -> "`vector vbase copy constructor iterator'";
            case 'I' -> "`managed vector vbase copy constructor iterator'";
            case 'K' -> "operator \"\"" + code.substring(3);
            case 'L' -> "operator co_await";
            case 'M' -> "operator<=>";
            default -> throw new BadName();
          };
    }
    if (name == null) {
      throw new BadName();
    }
    return new Name(scope, name + arguments, false);
  }

  private String literalName() {
    int end = text.indexOf('@', at);
    if (end <= at) {
      throw new BadName();
    }
    String name = text.substring(at, end);
    at = end + 1;
    return name;
  }

  /** The last part of a scope, without template arguments. */
  private static String lastPart(String scope) {
    int nesting = 0;
    int end = scope.length();
    for (int i = scope.length() - 1; i >= 0; i--) {
      char c = scope.charAt(i);
      if (c == '>') {
        nesting++;
      } else if (c == '<') {
        if (--nesting == 0) {
          end = i;
        }
      } else if (c == ':' && nesting == 0) {
        return scope.substring(i + 1, end);
      }
    }
    return scope.substring(0, end);
  }

  // Types.

  private String number() {
    boolean isNegative = take("?");
    char c = peek();
    if (c >= '0' && c <= '9') {
      at++;
      return (isNegative ? "-" : "") + (c - '0' + 1);
    }
    long value = 0;
    int digits = 0;
    while (!take("@")) {
      char digit = next();
      if (digit < 'A' || digit > 'P' || ++digits > 16) {
        throw new BadName();
      }
      value = value << 4 | digit - 'A';
    }
    return (isNegative ? "-" : "") + Long.toUnsignedString(value);
  }

  /** {@code E} 64-bit, {@code I} restrict, {@code F} unaligned; references of an object. */
  private String pointerModifiers() {
    String out = "";
    while (true) {
      if (take("E") || take("F")) {
        continue;
      }
      if (take("I")) {
        out = " __restrict" + out;
      } else if (take("G")) {
        out += " &";
      } else if (take("H")) {
        out += " &&";
      } else {
        return out;
      }
    }
  }

  /** {@code A} none, {@code B} const, {@code C} volatile, {@code D} both. */
  private String qualifiers() {
    return switch (next()) {
      case 'A', 'Q' -> "";
      case 'B', 'R' -> " const";
      case 'C', 'S' -> " volatile";
      case 'D', 'T' -> " const volatile";
      default -> throw new BadName();
    };
  }

  private Type type() {
    enter();
    Type type = typeInner();
    bounded(type.before());
    bounded(type.after());
    leave();
    return type;
  }

  private Type typeInner() {
    char c = next();
    return switch (c) {
      case 'X' -> Type.plain("void");
      case 'C' -> Type.plain("signed char");
      case 'D' -> Type.plain("char");
      case 'E' -> Type.plain("unsigned char");
      case 'F' -> Type.plain("short");
      case 'G' -> Type.plain("unsigned short");
      case 'H' -> Type.plain("int");
      case 'I' -> Type.plain("unsigned int");
      case 'J' -> Type.plain("long");
      case 'K' -> Type.plain("unsigned long");
      case 'M' -> Type.plain("float");
      case 'N' -> Type.plain("double");
      case 'O' -> Type.plain("long double");
      case '_' -> extendedType();
      case 'T', 'U', 'V' -> Type.plain(scopedName());
      case 'W' -> {
        next();
        yield Type.plain(scopedName());
      }
      case 'P' -> pointer("*", "");
      case 'Q' -> pointer("*", " const");
      case 'R' -> pointer("*", " volatile");
      case 'S' -> pointer("*", " const volatile");
      case 'A' -> pointer("&", "");
      case 'B' -> pointer("&", " volatile");
      case 'Y' -> array();
      case '?' -> {
        String qualifiers = qualifiers();
        Type inner = type();
        yield new Type(inner.before() + qualifiers, inner.after());
      }
      case '$' -> dollarType();
      default -> throw new BadName();
    };
  }

  private Type extendedType() {
    return Type.plain(
        switch (next()) {
          case 'D' -> "__int8";
          case 'E' -> "unsigned __int8";
          case 'F' -> "__int16";
          case 'G' -> "unsigned __int16";
          case 'H' -> "__int32";
          case 'I' -> "unsigned __int32";
          case 'J' -> "__int64";
          case 'K' -> "unsigned __int64";
          case 'L' -> "__int128";
          case 'M' -> "unsigned __int128";
          case 'N' -> "bool";
          case 'P' -> "auto";
          case 'Q' -> "char8_t";
          case 'S' -> "char16_t";
          case 'T' -> "decltype(auto)";
          case 'U' -> "char32_t";
          case 'W' -> "wchar_t";
          case '_' -> literalName();
          default -> throw new BadName();
        });
  }

  private Type dollarType() {
    if (take("$Q")) {
      return pointer("&&", "");
    }
    if (take("$R")) {
      return pointer("&&", " volatile");
    }
    if (take("$T")) {
      return Type.plain("std::nullptr_t");
    }
    if (take("$B")) {
      return type();
    }
    if (take("$C")) {
      String qualifiers = qualifiers();
      Type inner = type();
      return new Type(inner.before() + qualifiers, inner.after());
    }
    if (take("$A")) {
      if (take("8@@")) {
        pointerModifiers();
        qualifiers();
      } else if (!take("6")) {
        throw new BadName();
      }
      return function("");
    }
    throw new BadName();
  }

  private Type array() {
    String count = number();
    int dimensions = count.length() > 3 || count.startsWith("-") ? -1 : Integer.parseInt(count);
    if (dimensions < 1 || dimensions > 64) {
      throw new BadName();
    }
    var out = new StringBuilder();
    for (int i = 0; i < dimensions; i++) {
      out.append('[').append(number()).append(']');
    }
    Type element = type();
    return new Type(element.before(), out + element.after());
  }

  /** A pointer or reference, after the letter that says so. */
  private Type pointer(String symbol, String own) {
    String restrict = pointerModifiers();
    String after = symbol + own + restrict;
    if (take("6")) {
      return declarator(function(""), after);
    }
    if (take("8")) {
      String owner = scopedName();
      String reference = pointerModifiers();
      String object = qualifiers() + reference;
      return declarator(function(object), owner + "::" + after);
    }
    char c = peek();
    String qualifiers = qualifiers();
    if (c >= 'Q' && c <= 'T') {
      String owner = scopedName();
      Type member = type();
      return new Type(member.before() + qualifiers + " " + owner + "::" + after, member.after());
    }
    Type pointee = type();
    if (pointee.after().startsWith("[")) {
      return declarator(new Type(pointee.before() + qualifiers, pointee.after()), after);
    }
    if (pointee.before().endsWith(qualifiers)) {
      // Said twice where the pointee is a constant pointer.
      qualifiers = "";
    }
    String space = pointee.before().endsWith("*") || pointee.before().endsWith("&") ? "" : " ";
    return new Type(
        pointee.before() + qualifiers + (qualifiers.isEmpty() ? space : " ") + after,
        pointee.after());
  }

  private static Type declarator(Type inner, String text) {
    return new Type(inner.before() + " (" + text, ")" + inner.after());
  }

  /** The type of a function. */
  private Type function(String object) {
    callingConvention();
    Type result = take("@") ? Type.plain("") : returnType();
    String parameters = parameters();
    throwSpecification();
    return new Type(result.before(), "(" + parameters + ")" + object + result.after());
  }
}
