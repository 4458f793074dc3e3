package dev.sigill.crash;

import dev.sigill.verdict.Fix;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * All signs, and the search for them. A block of {@code signs/*.signs}:
 *
 * <pre>
 * [name]
 * words: text | other text             one of them must be there, in either case
 * match: regular expression            named groups (image, symbol, library, have, need …) are facts
 * whole: yes                           the message must be all there is (numbers alone)
 * says: what the message means
 * causes: isa-missing 0.9, unknown 0.2
 * against: unknown 0.5
 * fact: signal = SIGILL
 * check: command => answer; answer
 * fix: what helps => command; command
 * link: address of official documentation
 * </pre>
 */
final class Signs {
  private static final List<String> FAMILIES =
      List.of(
          "signals",
          "exit-status",
          "loaders",
          "packages",
          "self-checks",
          "gpu",
          "runtimes",
          "systems",
          "emulators");

  /** How far after a word a pattern may look, in bytes; before it, half as far. */
  private static final int AFTER = 3000;

  /** How much after a word is looked at where it is only asked whether a sign is there. */
  private static final int NEAR = 500;

  /** How often a word is looked at, from the beginning of a text and from its end. */
  private static final int MOST_TRIES = 24;

  private static final Pattern ITEM = Pattern.compile("([a-z-]+) ([01]?\\.?[0-9]+)");

  /** Commands are parted by {@code "; "}, except within quotation marks. */
  private static final Pattern COMMAND = Pattern.compile("(?:[^;'\"]|'[^']*'|\"[^\"]*\"|;(?! ))+");

  private final List<Sign> signs;
  private final List<byte[]> words = new ArrayList<>();
  private final List<List<Sign>> signsOf = new ArrayList<>();
  private final WordSearch search;

  /** A sign that was seen. */
  record Seen(Sign sign, String quote, Map<Fact, String> facts) {}

  private static final class Holder {
    static final Signs STANDARD = new Signs(readAll());
  }

  /** The signs that this program knows. */
  static Signs standard() {
    return Holder.STANDARD;
  }

  Signs(List<Sign> signs) {
    this.signs = List.copyOf(signs);
    var numbers = new HashMap<String, Integer>();
    for (Sign sign : signs) {
      for (String word : sign.words()) {
        int number = numbers.computeIfAbsent(word, w -> newWord(w));
        signsOf.get(number).add(sign);
      }
    }
    search = new WordSearch(words);
  }

  private int newWord(String word) {
    words.add(word.getBytes(StandardCharsets.UTF_8));
    signsOf.add(new ArrayList<>());
    return words.size() - 1;
  }

  List<Sign> all() {
    return signs;
  }

  /** The search for the words of all signs. */
  WordSearch search() {
    return search;
  }

  private static List<Sign> readAll() {
    var all = new ArrayList<Sign>();
    var names = new HashSet<String>();
    for (String family : FAMILIES) {
      for (SignFile.Block block : SignFile.read("signs/" + family + ".signs")) {
        if (!names.add(block.name())) {
          throw new IllegalStateException("two signs are called " + block.name());
        }
        all.add(sign(block));
      }
    }
    return all;
  }

  static Sign sign(SignFile.Block block) {
    var facts = new EnumMap<Fact, String>(Fact.class);
    for (String line : block.all("fact")) {
      String[] parts = line.split(" = ", 2);
      facts.put(fact(parts[0]), parts[1]);
    }
    String words = block.one("words", "");
    if (words.isEmpty()) {
      throw new IllegalArgumentException(block.name() + " has no words");
    }
    return new Sign(
        block.name(),
        Arrays.stream(words.split(" \\| ")).map(Signs::lowered).toList(),
        Pattern.compile(
            block.one("match", "(?:" + quoted(words) + ")"),
            Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE | Pattern.MULTILINE),
        block.one("whole", "no").equals("yes"),
        block.one("says", ""),
        weights(block.one("causes", "")),
        weights(block.one("against", "")),
        facts,
        block.all("fix").stream().map(Signs::fix).toList(),
        block.all("check").stream().map(Signs::check).toList(),
        block.all("link"));
  }

  /** ASCII letters in lower case, as the search reads them; other scripts as they are. */
  private static String lowered(String word) {
    var out = new StringBuilder(word);
    for (int i = 0; i < out.length(); i++) {
      char c = out.charAt(i);
      if (c >= 'A' && c <= 'Z') {
        out.setCharAt(i, (char) (c + 32));
      }
    }
    return out.toString();
  }

  private static String quoted(String words) {
    return String.join("|", Arrays.stream(words.split(" \\| ")).map(Pattern::quote).toList());
  }

  static Fix fix(String line) {
    String[] parts = line.split(" => ", 2);
    List<String> commands =
        parts.length == 1
            ? List.of()
            : COMMAND.matcher(parts[1]).results().map(r -> r.group().strip()).toList();
    return new Fix(parts[0], commands, false);
  }

  static Check check(String line) {
    String[] parts = line.split(" => ", 2);
    return new Check(parts[0], parts.length == 1 ? List.of() : List.of(parts[1].split("; ")));
  }

  static Map<Cause, Double> weights(String text) {
    var weights = new LinkedHashMap<Cause, Double>();
    if (text.isEmpty()) {
      return weights;
    }
    for (String part : text.split(", ")) {
      Matcher item = ITEM.matcher(part);
      if (!item.matches()) {
        throw new IllegalArgumentException("no cause and weight: " + part);
      }
      weights.put(Cause.of(item.group(1)), Double.valueOf(item.group(2)));
    }
    return weights;
  }

  private static Fact fact(String name) {
    for (Fact fact : Fact.values()) {
      if (fact.id().equals(name) || fact.id().replace(".", "").equalsIgnoreCase(name)) {
        return fact;
      }
    }
    throw new IllegalArgumentException("no fact is called " + name);
  }

  /** Every sign in a text, each once, in the order of the text. */
  List<Seen> seen(byte[] text) {
    var found = new TreeMap<Integer, List<Seen>>();
    var done = new HashSet<Sign>();
    var tries = new int[words.size()];
    var late = new HashMap<Integer, ArrayDeque<Integer>>();
    var effort = new Effort();
    search.search(
        text,
        0,
        text.length,
        (word, end) -> {
          if (++tries[word] <= MOST_TRIES) {
            look(word, text, end, done, found, effort);
          } else {
            // What is written last often says most.
            ArrayDeque<Integer> ends = late.computeIfAbsent(word, w -> new ArrayDeque<>());
            ends.push(end);
            if (ends.size() > MOST_TRIES) {
              ends.removeLast();
            }
          }
          return true;
        });
    late.forEach((word, ends) -> ends.forEach(end -> look(word, text, end, done, found, effort)));
    return found.values().stream().flatMap(List::stream).toList();
  }

  private void look(
      int word,
      byte[] text,
      int end,
      Set<Sign> done,
      TreeMap<Integer, List<Seen>> found,
      Effort effort) {
    for (Sign sign : signsOf.get(word)) {
      if (done.contains(sign)) {
        continue;
      }
      Seen seen =
          sign.whole()
              ? seenWhole(sign, text)
              : seenNear(sign, text, end, text.length, AFTER, effort);
      if (seen != null) {
        done.add(sign);
        found.computeIfAbsent(end, e -> new ArrayList<>()).add(seen);
      }
    }
  }

  /**
   * Whether a sign of a word is near the place where the word was met.
   *
   * @param end where the word ends
   * @param to where the text ends
   * @param effort what looking may take
   */
  boolean isNear(int word, byte[] text, int end, int to, Effort effort) {
    for (Sign sign : signsOf.get(word)) {
      if (!sign.whole() && seenNear(sign, text, end, to, NEAR, effort) != null) {
        return true;
      }
    }
    return false;
  }

  /** How many words there are. */
  int wordCount() {
    return words.size();
  }

  private static @Nullable Seen seenWhole(Sign sign, byte[] text) {
    if (text.length > 200) {
      return null;
    }
    Matcher matcher = sign.pattern().matcher(new String(text, StandardCharsets.UTF_8).strip());
    return matcher.matches() ? found(sign, matcher) : null;
  }

  private static @Nullable Seen seenNear(
      Sign sign, byte[] text, int end, int length, int after, Effort effort) {
    int from = Math.max(0, end - after / 2);
    int to = Math.min(length, end + after);
    while (from > 0 && (text[from] & 0xc0) == 0x80) {
      from--;
    }
    while (to < length && (text[to] & 0xc0) == 0x80) {
      to++;
    }
    var near = new String(text, from, to - from, StandardCharsets.UTF_8);
    return effort.isSpent() ? null : effort.find(sign.pattern(), near, m -> found(sign, m));
  }

  private static Seen found(Sign sign, Matcher matcher) {
    var facts = new EnumMap<Fact, String>(Fact.class);
    for (String group : groups(sign)) {
      String value = matcher.group(group);
      if (value != null && !value.isBlank()) {
        facts.put(fact(group), value);
      }
    }
    facts.putAll(sign.facts());
    return new Seen(sign, quote(matcher.group()), facts);
  }

  private static Set<String> groups(Sign sign) {
    return sign.pattern().namedGroups().keySet();
  }

  /** The words of a match on one line, shortened. */
  private static String quote(String match) {
    String line = match.strip().replaceAll("\\s+", " ");
    return line.length() <= 160
        ? line
        : line.substring(0, 110) + " … " + line.substring(line.length() - 40);
  }
}
