package dev.sigill.verdict;

import dev.sigill.platform.OperatingSystem;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Which libraries a system brings, from {@code system-libraries.txt}. */
final class SystemLibraries {
  /** How sure it is that a system has a library. */
  enum Presence {
    /** Every installation has it. */
    ALWAYS,
    /** Ordinary installations have it, slim ones may not. */
    DESKTOP,
    /** The language's runtime brings it. */
    RUNTIME
  }

  /**
   * One library.
   *
   * @param presence how sure it is there
   * @param debianPackage the Debian package that brings it, or empty
   */
  record Library(Presence presence, String debianPackage) {}

  private record Prefix(String start, Library library) {}

  /** Read when first asked for. */
  private static final class Known {
    static final Map<OperatingSystem, SystemLibraries> BY_SYSTEM = read();
  }

  private final Map<String, Library> names = new HashMap<>();
  private final List<Prefix> prefixes = new ArrayList<>();

  private SystemLibraries() {}

  /** The library of a name on a system; null where the system is not known to bring it. */
  static @Nullable Library find(OperatingSystem system, String name) {
    SystemLibraries known = Known.BY_SYSTEM.get(system);
    if (known == null) {
      return null;
    }
    String key = system == OperatingSystem.WINDOWS ? name.toLowerCase(Locale.ROOT) : name;
    Library exact = known.names.get(key);
    if (exact != null) {
      return exact;
    }
    for (Prefix prefix : known.prefixes) {
      if (key.startsWith(prefix.start())) {
        return prefix.library();
      }
    }
    return null;
  }

  /** Whether the libraries of a system are listed at all. */
  static boolean knows(OperatingSystem system) {
    return Known.BY_SYSTEM.containsKey(system);
  }

  private static Map<OperatingSystem, SystemLibraries> read() {
    var systems = new HashMap<OperatingSystem, SystemLibraries>();
    try (InputStream in = SystemLibraries.class.getResourceAsStream("system-libraries.txt");
        var lines =
            new BufferedReader(
                new InputStreamReader(
                    java.util.Objects.requireNonNull(in), StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.isBlank() || line.startsWith("#")) {
          continue;
        }
        String[] words = line.trim().split(" +");
        OperatingSystem system = OperatingSystem.valueOf(words[0].toUpperCase(Locale.ROOT));
        var library =
            new Library(
                Presence.valueOf(words[1].toUpperCase(Locale.ROOT)),
                words.length > 3 ? words[3] : "");
        systems.computeIfAbsent(system, _ -> new SystemLibraries()).add(words[2], library);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return Map.copyOf(systems);
  }

  private void add(String name, Library library) {
    int star = name.indexOf('*');
    if (star < 0) {
      names.put(name, library);
    } else {
      prefixes.add(new Prefix(name.substring(0, star), library));
    }
  }
}
