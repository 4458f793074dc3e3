package dev.sigill.image.name;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A readable name being written. Substitutions let a short name stand for an enormous text, so both
 * the text and the work are bounded.
 */
final class NameText {
  private static final int LONGEST = 1 << 18;
  private static final int MOST_STEPS = 1 << 19;
  private static final int DEEPEST = 400;

  private final StringBuilder text = new StringBuilder();
  private char last;
  private int steps;
  private int depth;

  /** The element of parameter packs that is being written, or -1 outside of expansions. */
  int packIndex = -1;

  /** How many lambda signatures surround what is written: in them, parameters are "auto". */
  int lambdas;

  /** The template arguments that parameters mean here, innermost first. */
  @Nullable Scope scope;

  /** The template arguments of one function and of those around it. */
  record Scope(List<ItaniumNode> arguments, @Nullable Scope outer) {}

  /** The parameter pack that an expansion met first, which decides how often it repeats. */
  ItaniumNode.@Nullable Pack expanded;

  /** Counts a step into a node; must be paired with {@link #leave}. */
  void enter() {
    if (++steps > MOST_STEPS || ++depth > DEEPEST) {
      throw new BadName();
    }
  }

  void leave() {
    depth--;
  }

  NameText add(String part) {
    if (text.length() + part.length() > LONGEST) {
      throw new BadName();
    }
    if (!part.isEmpty()) {
      text.append(part);
      last = part.charAt(part.length() - 1);
    }
    return this;
  }

  int length() {
    return text.length();
  }

  /** Takes back what was written after a length. */
  void cut(int length) {
    text.setLength(length);
    last = text.isEmpty() ? '\0' : text.charAt(length - 1);
  }

  /** Takes back a comma that nothing follows; the last character stays its space, as in GNU's. */
  void cutComma(int length) {
    text.setLength(length);
  }

  char last() {
    return last;
  }

  @Override
  public String toString() {
    return text.toString();
  }
}
