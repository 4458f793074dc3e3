package dev.sigill.image.name;

import java.util.List;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * A part of a C++ name that was taken apart. Declarators enclose what they declare (pointers to
 * functions and arrays do), so each part writes what comes before the inner text and what comes
 * after it.
 */
abstract class ItaniumNode {
  /** Writes what stands before an enclosed declarator. */
  abstract void left(NameText out);

  /** Writes what stands after an enclosed declarator. */
  void right(NameText out) {}

  /** Whether it is an array type, to which a pointer needs parentheses. */
  boolean isArray(NameText out) {
    return false;
  }

  /** Whether it is a function type, to which a pointer needs parentheses. */
  boolean isFunction(NameText out) {
    return false;
  }

  /** What kind of reference it is. */
  enum Collapsed {
    NONE,
    LVALUE,
    RVALUE
  }

  /** What kind of reference it is, template parameters looked through. */
  Collapsed collapse(NameText out) {
    return Collapsed.NONE;
  }

  /** The qualifiers that it has already. */
  String qualifiers(NameText out) {
    return "";
  }

  /** Whether its left half ends within a parenthesis that its right half closes. */
  boolean isOpen(NameText out) {
    return false;
  }

  /** Whether it stands in expressions without parentheses. */
  boolean isPlain() {
    return false;
  }

  /** The last name, which constructors and destructors repeat. */
  void baseName(NameText out) {
    write(out);
  }

  final void write(NameText out) {
    out.enter();
    left(out);
    right(out);
    out.leave();
  }

  final void writeLeft(NameText out) {
    out.enter();
    left(out);
    out.leave();
  }

  final void writeRight(NameText out) {
    out.enter();
    right(out);
    out.leave();
  }

  /** Writes it as an operand. */
  final void operand(NameText out) {
    if (isPlain()) {
      write(out);
    } else {
      out.add("(");
      write(out);
      out.add(")");
    }
  }

  /** Writes a list; what writes nothing, such as an empty pack at the end, leaves no comma. */
  static void list(NameText out, List<? extends ItaniumNode> parts) {
    var before = new int[parts.size()];
    var after = new int[parts.size()];
    int last = -1;
    for (int i = 0; i < parts.size(); i++) {
      if (i > 0) {
        out.add(", ");
      }
      before[i] = out.length();
      parts.get(i).write(out);
      after[i] = out.length();
      if (after[i] > before[i]) {
        last = i;
      }
    }
    if (!parts.isEmpty() && last < parts.size() - 1) {
      out.cutComma(last < 0 ? before[0] : after[last]);
    }
  }

  /** Fixed text: an identifier, a built-in type. */
  static final class Text extends ItaniumNode {
    final String text;

    Text(String text) {
      this.text = text;
    }

    @Override
    void left(NameText out) {
      out.add(text);
    }

    @Override
    boolean isPlain() {
      return true;
    }
  }

  /** A built-in type; literals of some are written in a shorter form. */
  static final class Builtin extends ItaniumNode {
    final String text;
    final char code;

    Builtin(char code, String text) {
      this.code = code;
      this.text = text;
    }

    @Override
    void left(NameText out) {
      out.add(text);
    }
  }

  /** {@code qualifier::name}. */
  static final class Nested extends ItaniumNode {
    final ItaniumNode qualifier;
    final ItaniumNode name;

    Nested(ItaniumNode qualifier, ItaniumNode name) {
      this.qualifier = qualifier;
      this.name = name;
    }

    @Override
    void left(NameText out) {
      qualifier.write(out);
      out.add("::");
      name.write(out);
    }

    @Override
    boolean isPlain() {
      return true;
    }

    @Override
    void baseName(NameText out) {
      name.baseName(out);
    }
  }

  /** One of the abbreviated names of the standard library, in full. */
  static final class Standard extends ItaniumNode {
    final String text;
    final String last;

    Standard(String text, String last) {
      this.text = text;
      this.last = last;
    }

    @Override
    void left(NameText out) {
      out.add(text);
    }

    @Override
    void baseName(NameText out) {
      out.add(last);
    }
  }

  /** {@code name<arguments>}. */
  static final class Templated extends ItaniumNode {
    final ItaniumNode name;
    final Arguments arguments;

    Templated(ItaniumNode name, Arguments arguments) {
      this.name = name;
      this.arguments = arguments;
    }

    @Override
    void left(NameText out) {
      name.write(out);
      arguments.write(out);
    }

    @Override
    void baseName(NameText out) {
      name.baseName(out);
    }
  }

  /** {@code <a, b>}. */
  static final class Arguments extends ItaniumNode {
    final List<ItaniumNode> parts;

    Arguments(List<ItaniumNode> parts) {
      this.parts = List.copyOf(parts);
    }

    @Override
    void left(NameText out) {
      if (out.last() == '<') {
        out.add(" ");
      }
      out.add("<");
      int packIndex = out.packIndex;
      list(out, parts);
      out.packIndex = packIndex;
      if (out.last() == '>') {
        out.add(" ");
      }
      out.add(">");
    }
  }

  /** A pack of template arguments. */
  static final class Pack extends ItaniumNode {
    final List<ItaniumNode> parts;

    Pack(List<ItaniumNode> parts) {
      this.parts = List.copyOf(parts);
    }

    @Override
    void left(NameText out) {
      list(out, parts);
    }
  }

  /**
   * A template parameter: the argument that the function around it was given; within an expansion,
   * one element of it.
   */
  static final class Parameter extends ItaniumNode {
    private static final ItaniumNode NOTHING = new Text("");

    final int index;

    Parameter(int index) {
      this.index = index;
    }

    /** Does something with the argument, in whose text parameters mean those further out. */
    private <T> T with(NameText out, BiFunction<ItaniumNode, NameText, T> action) {
      if (out.lambdas > 0) {
        return action.apply(new Text("auto:" + (index + 1)), out);
      }
      NameText.Scope scope = out.scope;
      if (scope == null || index >= scope.arguments().size()) {
        throw new BadName();
      }
      ItaniumNode argument = scope.arguments().get(index);
      if (argument instanceof Pack pack && out.packIndex >= 0) {
        if (out.expanded == null) {
          out.expanded = pack;
        }
        argument = out.packIndex < pack.parts.size() ? pack.parts.get(out.packIndex) : NOTHING;
      }
      out.scope = scope.outer();
      out.enter();
      T answer = action.apply(argument, out);
      out.leave();
      out.scope = scope;
      return answer;
    }

    @Override
    void left(NameText out) {
      with(
          out,
          (argument, to) -> {
            argument.writeLeft(to);
            return 0;
          });
    }

    @Override
    void right(NameText out) {
      with(
          out,
          (argument, to) -> {
            argument.writeRight(to);
            return 0;
          });
    }

    @Override
    boolean isArray(NameText out) {
      return with(out, ItaniumNode::isArray);
    }

    @Override
    boolean isFunction(NameText out) {
      return with(out, ItaniumNode::isFunction);
    }

    @Override
    boolean isOpen(NameText out) {
      return with(out, ItaniumNode::isOpen);
    }

    @Override
    Collapsed collapse(NameText out) {
      return with(out, ItaniumNode::collapse);
    }

    @Override
    String qualifiers(NameText out) {
      return with(out, ItaniumNode::qualifiers);
    }

    @Override
    void baseName(NameText out) {
      with(
          out,
          (argument, to) -> {
            argument.baseName(to);
            return 0;
          });
    }
  }

  /** A pattern repeated for every element of the pack in it. */
  static final class Expansion extends ItaniumNode {
    final ItaniumNode pattern;

    Expansion(ItaniumNode pattern) {
      this.pattern = pattern;
    }

    @Override
    void left(NameText out) {
      int outerIndex = out.packIndex;
      Pack outer = out.expanded;
      int start = out.length();
      out.packIndex = 0;
      out.expanded = null;
      pattern.write(out);
      Pack pack = out.expanded;
      if (pack == null) {
        out.cut(start);
        pattern.operand(out);
        out.add("...");
      } else if (pack.parts.isEmpty()) {
        out.cut(start);
      } else {
        for (int i = 1; i < pack.parts.size(); i++) {
          out.add(", ");
          out.packIndex = i;
          pattern.write(out);
        }
      }
      out.packIndex = outerIndex;
      out.expanded = outer;
    }
  }

  /** A type with qualifiers behind it: {@code char const}, {@code float _Complex}. */
  static final class Qualified extends ItaniumNode {
    final ItaniumNode type;
    final String qualifiers;

    Qualified(ItaniumNode type, String qualifiers) {
      this.type = type;
      this.qualifiers = qualifiers;
    }

    @Override
    void left(NameText out) {
      type.writeLeft(out);
      String inner = type.qualifiers(out);
      if (inner.isEmpty()) {
        out.add(qualifiers);
      } else {
        for (String each : qualifiers.strip().split(" ")) {
          if (!inner.contains(each)) {
            out.add(" ").add(each);
          }
        }
      }
    }

    @Override
    String qualifiers(NameText out) {
      return type.qualifiers(out) + qualifiers;
    }

    @Override
    void right(NameText out) {
      type.writeRight(out);
    }

    @Override
    boolean isArray(NameText out) {
      return type.isArray(out);
    }

    @Override
    boolean isFunction(NameText out) {
      return type.isFunction(out);
    }

    @Override
    boolean isOpen(NameText out) {
      return type.isOpen(out);
    }
  }

  /** A pointer, or a pointer to a member of a class. */
  static final class Pointer extends ItaniumNode {
    final ItaniumNode pointee;
    final @Nullable ItaniumNode owner;

    Pointer(ItaniumNode pointee, @Nullable ItaniumNode owner) {
      this.pointee = pointee;
      this.owner = owner;
    }

    @Override
    void left(NameText out) {
      pointee.writeLeft(out);
      openDeclarator(out, pointee, owner != null);
      if (owner != null) {
        owner.write(out);
        out.add("::");
      }
      out.add("*");
    }

    @Override
    void right(NameText out) {
      closeDeclarator(out, pointee);
      pointee.writeRight(out);
    }

    @Override
    boolean isOpen(NameText out) {
      return pointee.isArray(out) || pointee.isFunction(out) || pointee.isOpen(out);
    }
  }

  private static void openDeclarator(NameText out, ItaniumNode type, boolean isMember) {
    if (type.isArray(out)) {
      out.add(" (");
    } else if (type.isFunction(out)) {
      out.add("(");
    } else if (isMember) {
      out.add(" ");
    }
  }

  private static void closeDeclarator(NameText out, ItaniumNode type) {
    if (type.isArray(out) || type.isFunction(out)) {
      out.add(")");
    }
  }

  /** A reference; references to references collapse. */
  static final class Reference extends ItaniumNode {
    final ItaniumNode type;
    final boolean isRvalue;

    Reference(ItaniumNode type, boolean isRvalue) {
      this.type = type;
      this.isRvalue = isRvalue;
    }

    @Override
    Collapsed collapse(NameText out) {
      Collapsed inner = type.collapse(out);
      return inner == Collapsed.NONE
          ? isRvalue ? Collapsed.RVALUE : Collapsed.LVALUE
          : isRvalue ? inner : Collapsed.LVALUE;
    }

    @Override
    void left(NameText out) {
      Collapsed inner = type.collapse(out);
      type.writeLeft(out);
      switch (inner) {
        case NONE -> {
          openDeclarator(out, type, false);
          out.add(isRvalue ? "&&" : "&");
        }
        case LVALUE -> {}
        case RVALUE -> {
          if (!isRvalue) {
            // The inner one wrote two; together they are one.
            out.cut(out.length() - 1);
          }
        }
      }
    }

    @Override
    void right(NameText out) {
      if (type.collapse(out) == Collapsed.NONE) {
        closeDeclarator(out, type);
      }
      type.writeRight(out);
    }

    @Override
    boolean isOpen(NameText out) {
      return type.isArray(out) || type.isFunction(out) || type.isOpen(out);
    }
  }

  /** An array type. */
  static final class Array extends ItaniumNode {
    final ItaniumNode element;
    final @Nullable ItaniumNode dimension;

    Array(ItaniumNode element, @Nullable ItaniumNode dimension) {
      this.element = element;
      this.dimension = dimension;
    }

    @Override
    void left(NameText out) {
      element.writeLeft(out);
    }

    @Override
    void right(NameText out) {
      if (out.last() != ']') {
        out.add(" ");
      }
      out.add("[");
      if (dimension != null) {
        dimension.write(out);
      }
      out.add("]");
      element.writeRight(out);
    }

    @Override
    boolean isArray(NameText out) {
      return true;
    }
  }

  /** A function type. */
  static final class Function extends ItaniumNode {
    final @Nullable ItaniumNode result;
    final List<ItaniumNode> parameters;
    final String qualifiers;
    final @Nullable ItaniumNode exceptions;

    Function(
        @Nullable ItaniumNode result,
        List<ItaniumNode> parameters,
        String qualifiers,
        @Nullable ItaniumNode exceptions) {
      this.result = result;
      this.parameters = List.copyOf(parameters);
      this.qualifiers = qualifiers;
      this.exceptions = exceptions;
    }

    /** The same function with qualifiers of its object. */
    Function qualified(String more) {
      return new Function(result, parameters, more + qualifiers, exceptions);
    }

    @Override
    void left(NameText out) {
      if (result != null) {
        result.writeLeft(out);
        if (!result.isOpen(out)) {
          out.add(" ");
        }
      }
    }

    @Override
    void right(NameText out) {
      out.add("(");
      int packIndex = out.packIndex;
      list(out, parameters);
      out.packIndex = packIndex;
      out.add(")");
      out.add(qualifiers);
      if (exceptions != null) {
        exceptions.write(out);
      }
      if (result != null) {
        result.writeRight(out);
      }
    }

    /** Writes it around the name of a function that has this type. */
    void write(NameText out, ItaniumNode name) {
      left(out);
      name.write(out);
      right(out);
    }

    @Override
    boolean isFunction(NameText out) {
      return true;
    }
  }

  /** A whole function symbol, or one of its parts that is a function of its own. */
  static final class Encoding extends ItaniumNode {
    final ItaniumNode name;
    final Function type;
    final @Nullable List<ItaniumNode> arguments;

    Encoding(ItaniumNode name, Function type, @Nullable List<ItaniumNode> arguments) {
      this.name = name;
      this.type = type;
      this.arguments = arguments;
    }

    @Override
    void left(NameText out) {
      NameText.Scope outer = out.scope;
      if (arguments != null) {
        out.scope = new NameText.Scope(arguments, outer);
      }
      type.write(out, name);
      out.scope = outer;
    }
  }

  /** Text before, a part, text after. */
  static final class Wrapped extends ItaniumNode {
    final String before;
    final ItaniumNode inner;
    final String after;

    Wrapped(String before, ItaniumNode inner, String after) {
      this.before = before;
      this.inner = inner;
      this.after = after;
    }

    @Override
    void left(NameText out) {
      out.add(before);
      inner.write(out);
      out.add(after);
    }

    @Override
    void baseName(NameText out) {
      inner.baseName(out);
    }
  }

  /** Parts one after another, some of them operands in parentheses where needed. */
  static final class Sequence extends ItaniumNode {
    private final Object[] parts;

    /** Strings are written as they are, nodes as they are, {@link Operand}s in parentheses. */
    Sequence(Object... parts) {
      this.parts = parts;
    }

    @Override
    void left(NameText out) {
      for (Object part : parts) {
        switch (part) {
          case String text -> out.add(text);
          case Operand operand -> operand.node.operand(out);
          case ItaniumNode node -> node.write(out);
          default -> throw new BadName();
        }
      }
    }
  }

  /** Marks an operand in a {@link Sequence}. */
  record Operand(ItaniumNode node) {}

  /** A comma-separated list. */
  static final class Several extends ItaniumNode {
    final List<ItaniumNode> parts;

    Several(List<ItaniumNode> parts) {
      this.parts = List.copyOf(parts);
    }

    @Override
    void left(NameText out) {
      list(out, parts);
    }
  }

  /** A list in braces, which needs no parentheses. */
  static final class Braced extends ItaniumNode {
    final @Nullable ItaniumNode type;
    final List<ItaniumNode> parts;

    Braced(@Nullable ItaniumNode type, List<ItaniumNode> parts) {
      this.type = type;
      this.parts = List.copyOf(parts);
    }

    @Override
    void left(NameText out) {
      if (type != null) {
        type.write(out);
      }
      out.add("{");
      list(out, parts);
      out.add("}");
    }

    @Override
    boolean isPlain() {
      return true;
    }
  }

  /** The number of elements of a pack: {@code sizeof...}. */
  static final class Count extends ItaniumNode {
    final ItaniumNode pack;

    Count(ItaniumNode pack) {
      this.pack = pack;
    }

    @Override
    void left(NameText out) {
      int outerIndex = out.packIndex;
      Pack outer = out.expanded;
      int start = out.length();
      out.packIndex = 0;
      out.expanded = null;
      pack.write(out);
      out.cut(start);
      out.add(out.expanded == null ? "0" : Integer.toString(out.expanded.parts.size()));
      out.packIndex = outerIndex;
      out.expanded = outer;
    }
  }

  /** A constructor or destructor: the last name of its class. */
  static final class Structor extends ItaniumNode {
    final ItaniumNode owner;
    final boolean isDestructor;

    Structor(ItaniumNode owner, boolean isDestructor) {
      this.owner = owner;
      this.isDestructor = isDestructor;
    }

    @Override
    void left(NameText out) {
      if (isDestructor) {
        out.add("~");
      }
      owner.baseName(out);
    }
  }

  /** An operator's name. */
  static final class OperatorName extends ItaniumNode {
    final String symbol;

    OperatorName(String symbol) {
      this.symbol = symbol;
    }

    @Override
    void left(NameText out) {
      out.add("operator");
      char first = symbol.charAt(0);
      if (first >= 'a' && first <= 'z') {
        out.add(" ");
      }
      out.add(symbol);
    }
  }

  /** {@code operator type}. */
  static final class Conversion extends ItaniumNode {
    final ItaniumNode type;

    Conversion(ItaniumNode type) {
      this.type = type;
    }

    @Override
    void left(NameText out) {
      out.add("operator ");
      type.write(out);
    }
  }

  /** {@code {lambda(parameters)#n}}. */
  static final class Lambda extends ItaniumNode {
    final List<ItaniumNode> parameters;
    final int number;

    Lambda(List<ItaniumNode> parameters, int number) {
      this.parameters = List.copyOf(parameters);
      this.number = number;
    }

    @Override
    void left(NameText out) {
      out.add("{lambda(");
      out.lambdas++;
      list(out, parameters);
      out.lambdas--;
      out.add(")#").add(Integer.toString(number)).add("}");
    }

    @Override
    boolean isPlain() {
      return true;
    }
  }

  /** A literal: a value of a type. */
  static final class Literal extends ItaniumNode {
    final ItaniumNode type;
    final String value;
    final boolean isNegative;

    Literal(ItaniumNode type, String value, boolean isNegative) {
      this.type = type;
      this.value = value;
      this.isNegative = isNegative;
    }

    @Override
    void left(NameText out) {
      if (type instanceof Builtin builtin) {
        String suffix =
            switch (builtin.code) {
              case 'i' -> "";
              case 'j' -> "u";
              case 'l' -> "l";
              case 'm' -> "ul";
              case 'x' -> "ll";
              case 'y' -> "ull";
              default -> null;
            };
        if (suffix != null) {
          out.add(isNegative ? "-" : "").add(value).add(suffix);
          return;
        }
        if (value.isEmpty() && !isNegative) {
          out.add(builtin.text);
          return;
        }
        if (builtin.code == 'b' && !isNegative && (value.equals("0") || value.equals("1"))) {
          out.add(value.equals("0") ? "false" : "true");
          return;
        }
        if (builtin.code == 'f' || builtin.code == 'd' || builtin.code == 'e') {
          out.add("(").add(builtin.text).add(")");
          out.add(isNegative ? "-[" : "[").add(value).add("]");
          return;
        }
      }
      out.add("(");
      type.write(out);
      out.add(")");
      out.add(isNegative ? "-" : "").add(value);
    }
  }
}
