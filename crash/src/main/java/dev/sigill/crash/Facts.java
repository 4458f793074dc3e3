package dev.sigill.crash;

import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * What a report states, in the same words for every format.
 *
 * @param values each fact's value; addresses and offsets in hexadecimal with {@code 0x}
 * @param libraries what was loaded, in the report's order
 */
public record Facts(Map<Fact, String> values, List<LoadedLibrary> libraries) {
  /** Longer values are cut: a report is a stranger's file. */
  private static final int MOST_CHARS = 4000;

  private static final int MOST_LIBRARIES = 20_000;

  public Facts {
    var ordered = new EnumMap<Fact, String>(Fact.class);
    ordered.putAll(values);
    values = Collections.unmodifiableMap(ordered);
    libraries = List.copyOf(libraries);
  }

  /** The value of a fact, or empty. */
  public String get(Fact fact) {
    return values.getOrDefault(fact, "");
  }

  /** Whether a fact is known. */
  public boolean has(Fact fact) {
    return values.containsKey(fact);
  }

  /** Whether the process ran under a translator. */
  public boolean isTranslated() {
    return get(Fact.TRANSLATED).equals("true");
  }

  /** The same facts with every text rewritten. */
  Facts rewritten(UnaryOperator<String> rewrite) {
    var changed = new EnumMap<Fact, String>(Fact.class);
    values.forEach((fact, value) -> changed.put(fact, rewrite.apply(value)));
    return new Facts(
        changed,
        libraries.stream()
            .map(
                l ->
                    new LoadedLibrary(
                        rewrite.apply(l.path()),
                        l.start(),
                        l.end(),
                        l.fileOffset(),
                        l.architecture(),
                        l.buildId()))
            .toList());
  }

  /** Collects facts; the first value of a fact stands. */
  static final class Collected {
    private final EnumMap<Fact, String> values = new EnumMap<>(Fact.class);
    private final List<LoadedLibrary> libraries = new ArrayList<>();

    /** Notes a fact, unless it is known or the value is empty. */
    Collected note(Fact fact, String value) {
      String text = value.strip();
      if (!text.isEmpty()) {
        values.putIfAbsent(fact, text.length() > MOST_CHARS ? text.substring(0, MOST_CHARS) : text);
      }
      return this;
    }

    /** Notes an address or offset. */
    Collected noteAddress(Fact fact, long value) {
      return note(fact, "0x" + Long.toHexString(value));
    }

    /** Notes a fact in place of what was known of it. */
    void replace(Fact fact, String value) {
      values.remove(fact);
      note(fact, value);
    }

    void add(LoadedLibrary library) {
      if (libraries.size() < MOST_LIBRARIES) {
        libraries.add(library);
      }
    }

    List<LoadedLibrary> libraries() {
      return libraries;
    }

    String get(Fact fact) {
      return values.getOrDefault(fact, "");
    }

    boolean has(Fact fact) {
      return values.containsKey(fact);
    }

    Facts facts() {
      return new Facts(values, libraries);
    }
  }
}
