package dev.sigill.source;

import dev.sigill.source.Distribution.Ecosystem;
import dev.sigill.source.Scan.OpenedArchive;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Puts together what metadata files say into packages, and gives each its native files. */
final class Distributions {
  private static final Pattern JAR_NAME =
      Pattern.compile(
          "(.+?)-(\\d[^-]*(?:-(?:SNAPSHOT|RC\\d*|M\\d+|alpha[^-]*|beta[^-]*))?)(?:-(.+))?");

  private final NavigableSet<String> members;
  private final Map<String, String> links;
  private final List<Metadata> metadata;
  private final Map<String, OpenedArchive> archives = new TreeMap<>();
  private final Set<String> claimed = new HashSet<>();
  private final List<Draft> drafts = new ArrayList<>();

  private static final class Draft {
    private final Ecosystem ecosystem;
    private String name = "";
    private String version = "";
    private String location = "";
    private List<String> tags = List.of();
    private List<String> fileNameTags = List.of();
    private List<String> modules = List.of();
    private List<Distribution.Need> requires = List.of();
    private List<String> optional = List.of();
    private final NavigableSet<String> members = new TreeSet<>();

    Draft(Ecosystem ecosystem) {
      this.ecosystem = ecosystem;
    }

    Distribution done() {
      return new Distribution(
          ecosystem,
          name,
          version,
          location,
          tags,
          fileNameTags,
          List.copyOf(members),
          modules,
          requires,
          optional);
    }
  }

  private Distributions(
      NavigableSet<String> members,
      Map<String, String> links,
      Collection<Metadata> metadata,
      Collection<OpenedArchive> archives) {
    this.members = members;
    this.links = links;
    this.metadata = metadata.stream().sorted(Comparator.comparing(Metadata::path)).toList();
    archives.forEach(a -> this.archives.put(a.inside(), a));
  }

  /**
   * The packages of a target, in the order of their names.
   *
   * @param members paths of the native files
   * @param links paths under which they are found besides
   * @param metadata what metadata files say
   * @param archives the containers that were opened
   */
  static List<Distribution> of(
      NavigableSet<String> members,
      Map<String, String> links,
      Collection<Metadata> metadata,
      Collection<OpenedArchive> archives) {
    var distributions = new Distributions(members, links, metadata, archives);
    distributions.python();
    distributions.conda();
    distributions.maven();
    distributions.npm();
    return distributions.drafts.stream()
        .map(Draft::done)
        .sorted(
            Comparator.comparing(Distribution::name)
                .thenComparing(Distribution::ecosystem)
                .thenComparing(Distribution::location)
                .thenComparing(Distribution::version))
        .toList();
  }

  private void python() {
    Map<String, List<Metadata>> byFolder = new TreeMap<>();
    for (Metadata file : metadata) {
      switch (file) {
        case Metadata.PythonCore _,
            Metadata.WheelTags _,
            Metadata.PythonFiles _,
            Metadata.PythonTopLevel _ -> {
          String key =
              file.path().endsWith(".egg-info") ? file.path() : MemberName.folder(file.path());
          byFolder.computeIfAbsent(key, _ -> new ArrayList<>()).add(file);
        }
        case Metadata.Conda _, Metadata.Maven _, Metadata.Manifest _, Metadata.Npm _ -> {}
      }
    }
    var described = new HashSet<String>();
    var bySite = new HashMap<String, List<Draft>>();
    byFolder.forEach(
        (folder, files) -> {
          Draft draft = pythonDraft(folder, files);
          if (draft != null) {
            drafts.add(draft);
            String container = container(folder);
            described.add(container);
            bySite.computeIfAbsent(site(folder), _ -> new ArrayList<>()).add(draft);
          }
        });
    for (OpenedArchive archive : archives.values()) {
      @Nullable WheelName name = WheelName.of(MemberName.last(archive.path()));
      if (name != null && !described.contains(archive.inside())) {
        var draft = new Draft(Ecosystem.PYTHON);
        draft.name = name.name();
        draft.version = name.version();
        draft.fileNameTags = name.tags();
        draft.location = withoutMark(archive.inside());
        drafts.add(draft);
        bySite.computeIfAbsent(archive.inside(), _ -> new ArrayList<>()).add(draft);
      }
    }
    bySite.forEach(this::unrecorded);
  }

  /** The folder into which a package was unpacked, with a separator at its end, or empty. */
  private static String site(String infoFolder) {
    String last = MemberName.last(infoFolder);
    return infoFolder.substring(0, infoFolder.length() - last.length());
  }

  private @Nullable Draft pythonDraft(String folder, List<Metadata> files) {
    var draft = new Draft(Ecosystem.PYTHON);
    String site = site(folder);
    draft.location = withoutMark(site);
    var modules = new ArrayList<String>();
    boolean hasFiles = false;
    for (Metadata file : files) {
      switch (file) {
        case Metadata.PythonCore core -> {
          draft.name = core.name();
          draft.version = core.version();
          draft.requires = core.requires();
        }
        case Metadata.WheelTags wheel -> draft.tags = wheel.tags();
        case Metadata.PythonFiles record -> {
          hasFiles = true;
          draft.modules = record.modules();
          // A RECORD counts from the folder of the packages, an installed-files.txt from its own.
          String from = record.path().endsWith("RECORD") ? site : folder + "/";
          record.files().forEach(f -> claim(draft, from, f));
        }
        case Metadata.PythonTopLevel top -> modules.addAll(top.modules());
        case Metadata.Conda _, Metadata.Maven _, Metadata.Manifest _, Metadata.Npm _ -> {}
      }
    }
    if (draft.name.isEmpty()) {
      return null;
    }
    @Nullable OpenedArchive archive = archives.get(container(folder));
    @Nullable WheelName wheel =
        archive == null ? null : WheelName.of(MemberName.last(archive.path()));
    if (wheel != null) {
      draft.fileNameTags = wheel.tags();
    }
    if (draft.modules.isEmpty()) {
      draft.modules =
          modules.isEmpty() ? List.of(draft.name.replace('-', '_')) : List.copyOf(modules);
    }
    if (MemberName.last(folder).equals("EGG-INFO")) {
      claimFolder(draft, site);
    } else if (!hasFiles) {
      modules.add(draft.name.replace('-', '_'));
      for (String module : modules) {
        claimFolder(draft, site + module + "/");
        claimFolder(draft, site + module + ".");
      }
    }
    return draft;
  }

  /**
   * Native files that no list names: of a repaired wheel's own libraries, or of the only package.
   */
  private void unrecorded(String site, List<Draft> there) {
    boolean isArchive = archives.containsKey(site);
    Map<String, Draft> byName = new HashMap<>();
    there.forEach(d -> byName.putIfAbsent(d.name, d));
    for (String path : below(site)) {
      if (claimed.contains(path)) {
        continue;
      }
      String rest = path.substring(site.length());
      int slash = rest.indexOf('/');
      String top = slash < 0 ? "" : rest.substring(0, slash);
      @Nullable Draft owner =
          top.endsWith(".libs")
              ? byName.get(MetadataFiles.normalise(top.substring(0, top.length() - 5)))
              : null;
      if (owner == null && isArchive && there.size() == 1 && !rest.contains("!/")) {
        owner = there.getFirst();
      }
      if (owner != null) {
        owner.members.add(path);
        claimed.add(path);
      }
    }
  }

  private void conda() {
    for (Metadata file : metadata) {
      if (file instanceof Metadata.Conda conda) {
        var draft = new Draft(Ecosystem.CONDA);
        draft.name = conda.name();
        draft.version = conda.version();
        draft.tags = conda.subdir().isEmpty() ? List.of() : List.of(conda.subdir());
        draft.requires =
            conda.depends().stream().sorted().distinct().map(Distribution.Need::always).toList();
        String root = site(withoutEnd(site(conda.path())));
        draft.location = withoutMark(root);
        if (MemberName.last(conda.path()).equals("index.json")) {
          for (String path : below(root)) {
            if (!path.substring(root.length()).contains("!/")) {
              draft.members.add(path);
            }
          }
        } else {
          conda.files().forEach(f -> claim(draft, root, f));
        }
        drafts.add(draft);
      }
    }
  }

  private void maven() {
    Map<String, List<Metadata.Maven>> poms = new HashMap<>();
    Map<String, Metadata.Manifest> manifests = new HashMap<>();
    for (Metadata file : metadata) {
      switch (file) {
        case Metadata.Maven maven ->
            poms.computeIfAbsent(container(maven.path()), _ -> new ArrayList<>()).add(maven);
        case Metadata.Manifest manifest -> manifests.put(container(manifest.path()), manifest);
        case Metadata.PythonCore _,
            Metadata.WheelTags _,
            Metadata.PythonFiles _,
            Metadata.PythonTopLevel _,
            Metadata.Conda _,
            Metadata.Npm _ -> {}
      }
    }
    Map<String, Draft> byContainer = new HashMap<>();
    for (OpenedArchive archive : archives.values()) {
      String container = archive.inside();
      String fileName = MemberName.last(archive.path());
      boolean isJar =
          archive.form() == OpenedArchive.Form.ZIP
              && (ArchiveNames.isJar(fileName) || poms.containsKey(container));
      if (isJar) {
        byContainer.put(
            container,
            jar(
                fileName,
                poms.getOrDefault(container, List.of()),
                manifests.get(container),
                withoutMark(container)));
      }
    }
    for (String path : members) {
      for (String container = container(path); ; container = outer(container)) {
        @Nullable Draft draft = byContainer.get(container);
        if (draft != null) {
          draft.members.add(path);
          break;
        }
        if (container.isEmpty()) {
          break;
        }
      }
    }
    boolean isAllJars = archives.containsKey("") && ArchiveNames.isJar(archives.get("").path());
    byContainer.values().stream()
        .filter(d -> isAllJars || !d.members.isEmpty())
        .forEach(drafts::add);
  }

  private static Draft jar(
      String fileName,
      List<Metadata.Maven> poms,
      Metadata.@Nullable Manifest manifest,
      String location) {
    var draft = new Draft(Ecosystem.MAVEN);
    draft.location = location;
    int dot = fileName.lastIndexOf('.');
    String stem = dot < 0 ? fileName : fileName.substring(0, dot);
    Metadata.@Nullable Maven own = null;
    for (Metadata.Maven pom : poms) {
      String artifact = pom.artifact();
      boolean fits =
          stem.equals(artifact)
              || stem.startsWith(artifact + "-" + pom.version())
              || (poms.size() == 1 && stem.startsWith(artifact));
      if (fits && (own == null || own.artifact().length() < artifact.length())) {
        own = pom;
      }
    }
    // One description in a JAR of another name is either its own or that of something shaded in.
    if (own == null && poms.size() == 1 && !JAR_NAME.matcher(stem).matches()) {
      own = poms.getFirst();
    }
    if (own != null) {
      draft.name = own.group().isEmpty() ? own.artifact() : own.group() + ":" + own.artifact();
      draft.version = own.version();
      String rest =
          stem.startsWith(own.artifact() + "-" + own.version() + "-")
              ? stem.substring(own.artifact().length() + own.version().length() + 2)
              : "";
      draft.fileNameTags = rest.isEmpty() ? List.of() : List.of(rest);
      return draft;
    }
    Matcher m = JAR_NAME.matcher(stem);
    if (m.matches()) {
      draft.name = m.group(1);
      draft.version = m.group(2);
      draft.fileNameTags = m.group(3) == null ? List.of() : List.of(m.group(3));
    } else {
      draft.name = manifest != null && !manifest.name().isEmpty() ? manifest.name() : stem;
      draft.version = manifest == null ? "" : manifest.version();
    }
    return draft;
  }

  private void npm() {
    Map<String, Draft> byFolder = new HashMap<>();
    for (Metadata file : metadata) {
      if (file instanceof Metadata.Npm npm) {
        var draft = new Draft(Ecosystem.NPM);
        draft.name = npm.name();
        draft.version = npm.version();
        draft.tags = npm.tags();
        draft.requires =
            npm.dependencies().stream()
                .filter(d -> !npm.optional().contains(d))
                .sorted()
                .distinct()
                .map(Distribution.Need::always)
                .toList();
        draft.optional = npm.optional().stream().sorted().distinct().toList();
        String folder = site(npm.path());
        draft.location = withoutMark(folder);
        byFolder.put(folder, draft);
        drafts.add(draft);
      }
    }
    if (byFolder.isEmpty()) {
      return;
    }
    for (String path : members) {
      for (String folder = site(path); ; folder = site(withoutEnd(folder))) {
        @Nullable Draft draft = byFolder.get(folder);
        if (draft != null) {
          draft.members.add(path);
          break;
        }
        if (folder.isEmpty()) {
          break;
        }
      }
    }
  }

  private void claim(Draft draft, String from, String file) {
    String container = container(from);
    @Nullable String within =
        MemberName.resolve(withoutEnd(from.substring(container.length())), file);
    String path = within == null ? file : container + within;
    String member = members.contains(path) ? path : links.getOrDefault(path, "");
    if (!member.isEmpty()) {
      draft.members.add(member);
      claimed.add(member);
    }
  }

  private void claimFolder(Draft draft, String start) {
    for (String path : below(start)) {
      draft.members.add(path);
      claimed.add(path);
    }
  }

  private NavigableSet<String> below(String start) {
    return start.isEmpty() ? members : members.subSet(start, true, start + '\uffff', false);
  }

  /** The beginning of the names of all that is in the innermost container of a path. */
  private static String container(String path) {
    int mark = path.lastIndexOf("!/");
    return mark < 0 ? "" : path.substring(0, mark + 2);
  }

  private static String outer(String container) {
    return container(container.substring(0, Math.max(container.length() - 2, 0)));
  }

  private static String withoutEnd(String folder) {
    return folder.endsWith("/") ? folder.substring(0, folder.length() - 1) : folder;
  }

  private static String withoutMark(String folder) {
    String plain = withoutEnd(folder);
    return plain.endsWith("!") ? plain.substring(0, plain.length() - 1) : plain;
  }
}
