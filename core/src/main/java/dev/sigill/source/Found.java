package dev.sigill.source;

import dev.sigill.bytes.Place;
import dev.sigill.bytes.Problem;
import dev.sigill.source.Scan.OpenedArchive;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a scan found, in an order that does not depend on which thread found it.
 *
 * @param members the native files by path; one file under two names is one member
 * @param links other paths of members
 * @param problems what was wrong
 * @param metadata what packages say of themselves
 * @param archives the containers that were opened
 */
record Found(
    List<Member> members,
    Map<String, String> links,
    List<Problem> problems,
    Collection<Metadata> metadata,
    Collection<OpenedArchive> archives) {

  static Found of(Scan scan) {
    var problems = new LinkedHashSet<Problem>();
    var byPath = new TreeMap<String, FoundMember>();
    for (FoundMember member : scan.members()) {
      // Unpacking in order would leave the last of a name.
      FoundMember former = byPath.put(member.path(), member);
      if (former != null) {
        problems.add(problem(member, "path (more than one file has it)", Problem.Effect.PART_LOST));
      }
    }
    var hardLinks = new TreeMap<String, String>();
    var byFile = new HashMap<Object, FoundMember>();
    for (FoundMember member : List.copyOf(byPath.values())) {
      @Nullable Object key = fileKey(member);
      FoundMember first = key == null ? null : byFile.putIfAbsent(key, member);
      if (first != null) {
        byPath.remove(member.path());
        hardLinks.put(member.path(), first.path());
      }
    }
    var lowerCase = new HashMap<String, FoundMember>();
    for (FoundMember member : byPath.values()) {
      if (lowerCase.putIfAbsent(member.path().toLowerCase(Locale.ROOT), member) != null) {
        problems.add(
            problem(
                member,
                "path (another file's differs in case alone)",
                Problem.Effect.NOTHING_LOST));
      }
    }
    TreeMap<String, String> links =
        Links.resolve(
            byPath.navigableKeySet(), scan.links(), scan.limits().members(), problems::add);
    links.putAll(hardLinks);
    problems.addAll(scan.problems());
    List<Problem> sorted = new ArrayList<>(problems);
    sorted.sort(
        Comparator.comparing((Problem p) -> p.place().file())
            .thenComparing(p -> p.place().offset())
            .thenComparing(Problem::code)
            .thenComparing(Problem::field)
            .thenComparing(Problem::actual));
    return new Found(List.copyOf(byPath.values()), links, sorted, scan.metadata(), scan.archives());
  }

  /** The packages. */
  List<Distribution> distributions() {
    var paths = new java.util.TreeSet<String>();
    members.forEach(m -> paths.add(m.path()));
    return Distributions.of(paths, links, metadata, archives);
  }

  private static @Nullable Object fileKey(FoundMember member) {
    return member.content() instanceof FileContent file ? file.attributes().fileKey() : null;
  }

  private static Problem problem(FoundMember member, String field, Problem.Effect effect) {
    return new Problem(Problem.Code.BAD_VALUE, Place.of(member.address()), field, -1, -1, effect);
  }
}
