package dev.sigill.python;

import dev.sigill.python.ImportStatement.When;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds the import statements of a module in its text, and whether importing the module always gets
 * to them. Only as much of the language is known as that takes: logical lines, strings, brackets,
 * indentation and the keywords that open blocks (Python Language Reference, chapters 2, 7 and 8).
 * What is not understood counts as something that may fail. Never throws for what a text holds.
 */
final class ModuleReader {
  private static final Pattern WORD = Pattern.compile("[\\p{L}_\\x80-\\xff][\\w\\x80-\\xff]*");
  private static final Pattern FROM =
      Pattern.compile(
          "from\\s*(\\.*|[.\\s]*)\\s*([\\w.\\x80-\\xff]*)\\s*import\\b(.*)", Pattern.DOTALL);
  private static final Pattern DOTTED =
      Pattern.compile("[\\w\\x80-\\xff]+(\\s*\\.\\s*[\\w\\x80-\\xff]+)*");
  private static final Pattern ASSIGNED =
      Pattern.compile("([\\w\\x80-\\xff]+)\\s*(:[^=]*)?=(?!=).*", Pattern.DOTALL);
  private static final Pattern CONSTANT =
      Pattern.compile("([\\w\\x80-\\xff]+)\\s*=\\s*(\"\"|None|True|False|-?\\d+)\\s*");

  private final String text;
  private final List<ImportStatement> imports = new ArrayList<>();
  private final Set<String> names = new HashSet<>();
  private final Deque<Block> blocks = new ArrayDeque<>();
  private final Set<Integer> spoiled = new HashSet<>();
  private int attempts;
  private boolean isOver;
  private int at;

  /** What a block's place says of what is in it. */
  private enum Kind {
    /** Runs whenever what it lies in does. */
    PLAIN,
    /** Runs at times. */
    CONDITIONAL,
    /** Never runs when a program imports the module. */
    NEVER,
    /** Runs when something calls it. */
    FUNCTION
  }

  /**
   * A block that is open.
   *
   * @param indent of the line that opens it
   * @param kind of it
   * @param attempt its number where it is tried, or 0
   * @param isClass whether names in it belong to a class
   */
  private record Block(int indent, Kind kind, int attempt, boolean isClass) {}

  private ModuleReader(String text) {
    this.text = text;
  }

  /** What a module's text says. */
  static ModuleCode read(byte[] text) {
    // Names beyond ASCII come out as other letters, alike in statements and in paths.
    var reader = new ModuleReader(new String(text, StandardCharsets.ISO_8859_1));
    reader.lines();
    return new ModuleCode(reader.imports, reader.names);
  }

  private void lines() {
    while (at < text.length()) {
      int indent = indent();
      if (at >= text.length()) {
        break;
      }
      char first = text.charAt(at);
      if (first == '\n' || first == '\r' || first == '#') {
        toLineEnd();
        continue;
      }
      while (!blocks.isEmpty() && blocks.peekLast().indent() >= indent) {
        blocks.removeLast();
      }
      // In a function nothing else can matter.
      boolean isRead =
          !isInFunction() || text.startsWith("import", at) || text.startsWith("from", at);
      String line = logicalLine(isRead);
      if (isRead) {
        statements(line, indent);
      }
    }
  }

  private boolean isInFunction() {
    return !blocks.isEmpty() && blocks.peekLast().kind() == Kind.FUNCTION;
  }

  private int indent() {
    int indent = 0;
    while (at < text.length()) {
      char c = text.charAt(at);
      if (c == ' ') {
        indent++;
      } else if (c == '\t') {
        indent = (indent / 8 + 1) * 8;
      } else if (c == '\f' || c == '\u00ef' || c == '\u00bb' || c == '\u00bf') {
        indent = 0; // A form feed, or the mark of UTF-8 at the beginning.
      } else {
        break;
      }
      at++;
    }
    return indent;
  }

  private void toLineEnd() {
    int end = text.indexOf('\n', at);
    at = end < 0 ? text.length() : end + 1;
  }

  /**
   * A line with those that continue it, without comments, and with {@code ""} for each string.
   *
   * @param isRead whether its text is wanted; an empty one otherwise
   */
  private String logicalLine(boolean isRead) {
    var line = new StringBuilder();
    int depth = 0;
    while (at < text.length()) {
      char c = text.charAt(at);
      switch (c) {
        case '\n' -> {
          at++;
          if (depth == 0) {
            return line.toString();
          }
          if (isRead) {
            line.append(' ');
          }
        }
        case '\r' -> at++;
        case '#' -> {
          int end = text.indexOf('\n', at);
          at = end < 0 ? text.length() : end;
        }
        case '\\' -> {
          at++;
          if (at < text.length() && text.charAt(at) == '\r') {
            at++;
          }
          if (at < text.length() && text.charAt(at) == '\n') {
            at++;
          }
          if (isRead) {
            line.append(' ');
          }
        }
        case '(', '[', '{' -> {
          depth++;
          at++;
          if (isRead) {
            line.append(c);
          }
        }
        case ')', ']', '}' -> {
          depth = Math.max(0, depth - 1);
          at++;
          if (isRead) {
            line.append(c);
          }
        }
        case '"', '\'' -> {
          if (isRead) {
            dropPrefix(line);
            line.append("\"\"");
          }
          string(c);
        }
        default -> {
          at++;
          if (isRead) {
            line.append(c);
          }
        }
      }
    }
    return line.toString();
  }

  /** Takes away the letters that belong to a string, so that they are no word of the line. */
  private static void dropPrefix(StringBuilder line) {
    int start = line.length();
    while (start > 0
        && line.length() - start < 2
        && "rRbBuUfFtT".indexOf(line.charAt(start - 1)) >= 0) {
      start--;
    }
    if (start == 0
        || (!Character.isLetterOrDigit(line.charAt(start - 1)) && line.charAt(start - 1) != '_')) {
      line.setLength(start);
    }
  }

  private void string(char quote) {
    boolean isTriple = text.startsWith("" + quote + quote + quote, at);
    at += isTriple ? 3 : 1;
    while (at < text.length()) {
      char c = text.charAt(at);
      if (c == '\\') {
        at += 2;
      } else if (c == quote && (!isTriple || text.startsWith("" + quote + quote + quote, at))) {
        at += isTriple ? 3 : 1;
        return;
      } else if (c == '\n' && !isTriple) {
        return; // Not closed: the line ends all the same.
      } else {
        at++;
      }
    }
    at = Math.min(at, text.length());
  }

  private void statements(String line, int indent) {
    int from = 0;
    while (from < line.length()) {
      int semicolon = line.indexOf(';', from);
      String one = line.substring(from, semicolon < 0 ? line.length() : semicolon).strip();
      from = semicolon < 0 ? line.length() : semicolon + 1;
      if (!one.isEmpty()) {
        statement(one, indent);
      }
    }
  }

  private void statement(String line, int indent) {
    Matcher m = WORD.matcher(line);
    String word = m.lookingAt() ? m.group() : "";
    switch (word) {
      case "import" -> imports(line.substring(6));
      case "from" -> from(line);
      case "def", "async" -> open(line, indent, Kind.FUNCTION, 0, false);
      case "class" -> open(line, indent, Kind.PLAIN, 0, true);
      case "try" -> open(line, indent, Kind.PLAIN, ++attempts, false);
      case "finally" -> open(line, indent, Kind.PLAIN, 0, false);
      case "with" ->
          open(line, indent, Kind.PLAIN, line.contains("suppress") ? ++attempts : 0, false);
      case "if" -> open(line, indent, ofCondition(line), 0, false);
      case "elif", "else", "except", "for", "while" ->
          open(line, indent, Kind.CONDITIONAL, 0, false);
      case "raise" -> {
        if (isPlain()) {
          if (tried().isEmpty()) {
            isOver = true;
          }
          spoil();
        }
      }
      case "pass", "global" -> {}
      default -> {
        if (line.endsWith(":") && (word.equals("match") || word.equals("case"))) {
          open(line, indent, Kind.CONDITIONAL, 0, false);
          return;
        }
        other(line);
      }
    }
  }

  /** Whether code of a block that {@code if} opens runs. */
  private static Kind ofCondition(String line) {
    int body = bodyAt(line);
    String condition = line.substring(2, Math.max(2, body < 0 ? line.length() : body - 1));
    condition = condition.replaceAll("[()\\s]", "");
    if (condition.matches("(\\w+\\.)?TYPE_CHECKING|False|0")
        || condition.startsWith("__name__==")) {
      return Kind.NEVER;
    }
    if (condition.matches("not(\\w+\\.)?TYPE_CHECKING|True|1")) {
      return Kind.PLAIN;
    }
    return Kind.CONDITIONAL;
  }

  private void open(String line, int indent, Kind kind, int attempt, boolean isClass) {
    if (kind == Kind.FUNCTION || isClass) {
      String[] words = line.split("[^\\w\\x80-\\xff]+", 4);
      int name = words[0].equals("async") ? 2 : 1;
      if (words.length > name && isAtModuleLevel()) {
        names.add(words[name]);
      }
    } else if (kind == Kind.CONDITIONAL) {
      spoil(); // The condition itself may fail.
    }
    while (!blocks.isEmpty() && blocks.peekLast().indent() >= indent) {
      blocks.removeLast();
    }
    int colon = bodyAt(line);
    blocks.addLast(new Block(indent, kind, attempt, isClass));
    if (colon > 0 && colon < line.length() && !line.substring(colon).isBlank()) {
      // The body stands on the same line.
      statement(line.substring(colon).strip(), indent + 1);
    }
  }

  /** Where the body of a compound statement starts on its line: behind the colon, or -1. */
  private static int bodyAt(String line) {
    int depth = 0;
    for (int i = 0; i < line.length(); i++) {
      switch (line.charAt(i)) {
        case '(', '[', '{' -> depth++;
        case ')', ']', '}' -> depth--;
        case ':' -> {
          if (depth == 0) {
            return i + 1;
          }
        }
        default -> {
          // Anything else is part of the head.
        }
      }
    }
    return -1;
  }

  /** A statement that neither imports nor opens a block. */
  private void other(String line) {
    Matcher assigned = ASSIGNED.matcher(line);
    if (assigned.matches() && isAtModuleLevel()) {
      names.add(assigned.group(1));
    }
    if (line.startsWith("sys.exit") && isPlain() && tried().isEmpty()) {
      isOver = true;
    }
    if (!line.equals("\"\"") && !CONSTANT.matcher(line).matches()) {
      spoil();
    }
  }

  private void spoil() {
    if (isPlain()) {
      spoiled.addAll(tried());
    }
  }

  private boolean isPlain() {
    return blocks.stream().allMatch(b -> b.kind() == Kind.PLAIN);
  }

  private boolean isAtModuleLevel() {
    return blocks.stream().noneMatch(b -> b.kind() == Kind.FUNCTION || b.isClass());
  }

  private List<Integer> tried() {
    return blocks.stream().map(Block::attempt).filter(a -> a != 0).toList();
  }

  private void imports(String rest) {
    for (String part : rest.split(",")) {
      Matcher m = DOTTED.matcher(part.strip());
      if (m.lookingAt()) {
        String module = m.group().replaceAll("\\s", "");
        String behind = part.strip().substring(m.end()).strip();
        if (isAtModuleLevel()) {
          int dot = module.indexOf('.');
          names.add(
              behind.startsWith("as ")
                  ? behind.substring(3).strip()
                  : dot < 0 ? module : module.substring(0, dot));
        }
        add(module, 0, List.of());
      }
    }
  }

  private void from(String line) {
    Matcher m = FROM.matcher(line);
    if (!m.matches()) {
      other(line);
      return;
    }
    int level = (int) m.group(1).chars().filter(c -> c == '.').count();
    String module = m.group(2);
    while (module.startsWith(".")) {
      module = module.substring(1);
      level++;
    }
    var taken = new ArrayList<String>();
    for (String part : m.group(3).replaceAll("[()]", " ").split(",")) {
      Iterator<String> words = List.of(part.strip().split("\\s+")).iterator();
      String name = words.next();
      if (name.isEmpty()) {
        continue;
      }
      taken.add(name);
      boolean isOwnModule = module.isEmpty() && level == 1;
      String bound = name;
      if (words.hasNext() && words.next().equals("as") && words.hasNext()) {
        bound = words.next();
        isOwnModule = false;
      }
      if (!isOwnModule && isAtModuleLevel()) {
        names.add(bound);
      }
    }
    if (!module.isEmpty() || level > 0) {
      add(module, level, taken);
    }
  }

  private void add(String module, int level, List<String> taken) {
    if (blocks.stream().anyMatch(b -> b.kind() == Kind.NEVER)) {
      return;
    }
    List<Integer> tried = tried();
    boolean isSure = isPlain() && !isOver && tried.stream().noneMatch(spoiled::contains);
    imports.add(
        new ImportStatement(
            module,
            level,
            taken,
            isSure ? When.ALWAYS : When.CONDITIONAL,
            isSure ? tried : List.of()));
  }
}
