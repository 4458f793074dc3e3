package dev.sigill.installation;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What was found so far: one installation for each place, the first one's words. */
final class Collected {
  private record Key(String language, Path root) {}

  private final Map<Key, Installation> found = new LinkedHashMap<>();

  /** Whether an installation of this language at this place is known already. */
  boolean knows(String language, Path root) {
    return found.containsKey(new Key(language, Places.real(root)));
  }

  void add(Installation installation) {
    var key = new Key(installation.kind().language(), Places.real(installation.root()));
    Installation known = found.get(key);
    if (known == null) {
      found.put(key, installation);
    } else if (installation.isActive() && !known.isActive()) {
      found.put(key, active(known));
    }
  }

  private static Installation active(Installation i) {
    return new Installation(
        i.kind(),
        i.root(),
        i.executable(),
        i.title(),
        i.version(),
        i.implementation(),
        i.architectures(),
        i.packageFolders(),
        i.found(),
        true);
  }

  /** By language, the active one first, then by place. */
  List<Installation> sorted() {
    var all = new ArrayList<>(found.values());
    all.sort(
        Comparator.comparingInt((Installation i) -> languageOrder(i.kind().language()))
            .thenComparing((Installation i) -> !i.isActive())
            .thenComparing((Installation i) -> i.root().toString()));
    return List.copyOf(all);
  }

  private static int languageOrder(String language) {
    return List.of("python", "java", "node").indexOf(language);
  }
}
