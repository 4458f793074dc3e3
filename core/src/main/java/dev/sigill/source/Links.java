package dev.sigill.source;

import dev.sigill.bytes.Place;
import dev.sigill.bytes.Problem;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Follows links, also through one another, to the members that they lead to. */
final class Links {
  /** As many as Linux follows (path_resolution(7)). */
  private static final int MOST_STEPS = 40;

  private final NavigableSet<String> members;
  private final int most;
  private final Map<String, Scan.Link> byPath = new HashMap<>();
  private final TreeMap<String, String> resolved = new TreeMap<>();

  private Links(NavigableSet<String> members, int most) {
    this.members = members;
    this.most = most;
  }

  /**
   * Link path to member path.
   *
   * @param members paths of the members
   * @param links the links as they were found
   * @param most how many may come of it
   */
  static TreeMap<String, String> resolve(
      NavigableSet<String> members,
      Collection<Scan.Link> links,
      int most,
      Consumer<Problem> problems) {
    var resolving = new Links(members, most);
    links.forEach(l -> resolving.byPath.put(l.path(), l));
    // In the order of their paths, so that a limit cuts the same ones each time.
    for (Scan.Link link : new TreeMap<>(resolving.byPath).values()) {
      resolving.follow(link, problems);
    }
    return resolving.resolved;
  }

  private void follow(Scan.Link link, Consumer<Problem> problems) {
    String target = link.target();
    for (int step = 0; step < MOST_STEPS; step++) {
      if (members.contains(target)) {
        put(link.path(), target);
        return;
      }
      String folder = target + "/";
      NavigableSet<String> below = members.subSet(folder, true, folder + '\uffff', false);
      if (!below.isEmpty()) {
        if (!link.path().startsWith(folder)) {
          for (String member : below) {
            put(link.path() + "/" + member.substring(folder.length()), member);
          }
        }
        return;
      }
      Scan.@Nullable Link next = byPath.get(target);
      if (next == null) {
        @Nullable String through = throughFolder(target);
        if (through == null) {
          return;
        }
        target = through;
      } else {
        target = next.target();
      }
    }
    problems.accept(
        new Problem(
            Problem.Code.CYCLE,
            Place.of(link.address()),
            "link",
            -1,
            -1,
            Problem.Effect.NOTHING_LOST));
  }

  /** The target with a link to a folder on its way replaced, or null where there is none. */
  private @Nullable String throughFolder(String target) {
    for (int slash = target.lastIndexOf('/');
        slash > 0;
        slash = target.lastIndexOf('/', slash - 1)) {
      Scan.@Nullable Link link = byPath.get(target.substring(0, slash));
      if (link != null) {
        return link.target() + target.substring(slash);
      }
    }
    return null;
  }

  private void put(String path, String member) {
    if (resolved.size() < most && !members.contains(path)) {
      resolved.putIfAbsent(path, member);
    }
  }
}
