package dev.sigill.source;

import dev.sigill.bytes.Bytes;
import dev.sigill.bytes.Limits;
import dev.sigill.bytes.Place;
import dev.sigill.bytes.Problem;
import dev.sigill.image.Images;
import dev.sigill.source.Prefix.Location;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.NavigableMap;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * The looking through of one target: every file is told by its content, containers are opened, and
 * what is found is gathered from all threads.
 */
final class Scan {
  /** No native image is smaller; nothing smaller is opened. */
  private static final int SMALLEST = 64;

  /** As much as telling a tar archive takes. */
  private static final int HEAD = TarArchive.BLOCK;

  /** Entries of an archive that one task looks at. */
  private static final int BATCH = 256;

  private final Limits limits;
  private final Budget budget;
  private final Room room;
  private final Queue<Room> rooms = new ConcurrentLinkedQueue<>();
  private final Queue<FoundMember> members = new ConcurrentLinkedQueue<>();
  private final Queue<Link> links = new ConcurrentLinkedQueue<>();
  private final Queue<Problem> problems = new ConcurrentLinkedQueue<>();
  private final Queue<Metadata> metadata = new ConcurrentLinkedQueue<>();
  private final Queue<OpenedArchive> archives = new ConcurrentLinkedQueue<>();
  private final NavigableMap<String, Content> code = new ConcurrentSkipListMap<>();
  private final ForkJoinPool pool;

  /**
   * A link and where it leads, as paths within the target.
   *
   * @param path of the link
   * @param target of what it leads to, a file, folder or another link
   * @param address of the link
   */
  record Link(String path, String target, String address) {}

  /**
   * A container that was opened.
   *
   * @param path its path within the target; that of the target itself is its file's name
   * @param inside the beginning of the paths of what is in it
   * @param form how it is packed
   */
  record OpenedArchive(String path, String inside, Form form) {
    enum Form {
      ZIP,
      TAR
    }
  }

  Scan(Limits limits, int parallelism) {
    this.limits = limits;
    this.budget = new Budget(limits);
    this.room = new Room(budget);
    rooms.add(room);
    this.pool = new ForkJoinPool(parallelism);
  }

  Limits limits() {
    return limits;
  }

  Collection<Room> rooms() {
    return rooms;
  }

  Collection<FoundMember> members() {
    return members;
  }

  Collection<Link> links() {
    return links;
  }

  Collection<Problem> problems() {
    return problems;
  }

  Collection<Metadata> metadata() {
    return metadata;
  }

  Collection<OpenedArchive> archives() {
    return archives;
  }

  PythonCode pythonCode() {
    return new PythonCode(new TreeMap<>(code));
  }

  /** Notes a file of Python code. */
  void code(String path, Content content) {
    code.put(path, content);
  }

  void problem(Problem problem) {
    problems.add(problem);
  }

  void link(Link link) {
    links.add(link);
  }

  /** Runs some things one after the other, each with all that it has run later. */
  void run(Runnable... steps) {
    try (ForkJoinPool closing = pool) {
      for (Runnable step : steps) {
        closing.execute(() -> guarded("", step));
        while (!closing.awaitQuiescence(1, TimeUnit.HOURS)) {}
      }
    }
  }

  /** Looks at something later or on another thread; {@link #run} waits for it. */
  void later(String address, Runnable work) {
    pool.execute(() -> guarded(address, work));
  }

  private void guarded(String address, Runnable work) {
    try {
      work.run();
    } catch (RuntimeException | StackOverflowError e) {
      problem(fault(address, e));
    }
  }

  private static Problem fault(String address, Throwable e) {
    return new Problem(
        Problem.Code.FAULT,
        Place.of(address),
        "looking for native code (" + e + ")",
        -1,
        -1,
        Problem.Effect.PART_LOST);
  }

  /** Looks at the file that is the target. */
  void target(Location at, Content content) {
    visit(at, content, 0, false);
    if (members.isEmpty() && archives.isEmpty() && problems.isEmpty()) {
      problem(
          new Problem(
              Problem.Code.BAD_MAGIC,
              Place.of(at.address()),
              "file (neither native code nor a container)",
              -1,
              -1,
              Problem.Effect.FILE_LOST));
    }
  }

  /** Looks at one file of a container. */
  void file(Location at, Content content) {
    visit(at, content, 0, true);
  }

  /**
   * Looks at one file, and at all in it.
   *
   * @param depth how many containers it lies in
   * @param trustsName whether its name may show that it is not native
   * @return whether anything was found that needs the content to stay
   */
  private boolean visit(Location at, Content content, int depth, boolean trustsName) {
    try {
      if (MetadataFiles.isOne(at.path())) {
        read(at, content);
        return false;
      }
      if ((content.size() >= 0 && content.size() < SMALLEST)
          || (trustsName && TextNames.matches(at.path()))) {
        return false;
      }
      Bytes head = content.head(HEAD);
      if (Images.isNative(head)) {
        content.check();
        Content kept = content.keep(room);
        members.add(new FoundMember(at.path(), at.address(), kept, room));
        return true;
      }
      @Nullable Compression compression = Compression.of(head);
      if (compression != null) {
        return inside(at, content, depth, inner -> compressed(at, compression, inner, depth));
      }
      if (ZipArchive.matches(head)) {
        return inside(at, content, depth, inner -> zip(at, inner, depth));
      }
      if (TarArchive.matches(head)) {
        return inside(at, content, depth, inner -> tar(at, inner, depth));
      }
      if (isScript(head) || ArchiveNames.isZip(at.path())) {
        return inside(
            at,
            content,
            depth,
            inner ->
                (ArchiveNames.isZip(at.path()) || ZipArchive.endsAsArchive(inner.bytes()))
                    && zip(at, inner, depth));
      }
      return false;
    } catch (IOException e) {
      problem(problem(at, e));
      return false;
    } catch (RuntimeException | StackOverflowError e) {
      problem(fault(at.address(), e));
      return false;
    }
  }

  static Problem problem(Location at, IOException e) {
    if (e instanceof UnreadableException unreadable) {
      return unreadable.problem();
    }
    String what = e instanceof NoSuchFileException ? "file (it vanished)" : "file (" + e + ")";
    return new Problem(
        Problem.Code.UNREADABLE,
        Place.of(at.address()),
        Printable.of(what),
        -1,
        -1,
        Problem.Effect.FILE_LOST);
  }

  /** A shell or Python script may have an archive behind it, as Spring Boot and zipapp write it. */
  private static boolean isScript(Bytes head) {
    return head.has(0, 2) && head.u8(0) == '#' && head.u8(1) == '!';
  }

  private interface Opening {
    boolean open(MemoryContent content) throws IOException;
  }

  /** Opens a container in a room of its own, which goes as soon as nothing was found in it. */
  private boolean inside(Location at, Content content, int depth, Opening opening)
      throws IOException {
    if (depth >= limits.containerDepth()) {
      throw Budget.beyond(
          Place.of(at.address()), "containers in containers", depth + 1, limits.containerDepth());
    }
    content.check();
    Room own = room.another();
    boolean isNeeded = false;
    try {
      isNeeded = opening.open(new MemoryContent(content.bytes(own), content.identity()));
    } finally {
      if (isNeeded) {
        rooms.add(own);
      } else {
        own.close();
      }
    }
    return isNeeded;
  }

  private boolean compressed(Location at, Compression compression, MemoryContent packed, int depth)
      throws IOException {
    Location unpacked = at.inside().child(compression.strip(MemberName.last(at.path())));
    var content =
        new CompressedContent(
            packed.bytes(), compression, unpacked.address(), packed.identity() + "!", budget);
    Bytes head = content.head(HEAD);
    if (TarArchive.matches(head)) {
      archives.add(new OpenedArchive(at.path(), at.inside().path(), OpenedArchive.Form.TAR));
      try (InputStream stream = content.stream()) {
        TarArchive.read(
            stream,
            content.identity(),
            at.inside(),
            limits.members(),
            new TarFiles(at.inside(), depth),
            this::problem);
      }
      return false;
    }
    visit(unpacked, content, depth + 1, true);
    return false;
  }

  private boolean tar(Location at, MemoryContent content, int depth) throws IOException {
    archives.add(new OpenedArchive(at.path(), at.inside().path(), OpenedArchive.Form.TAR));
    var files = new TarFiles(at.inside(), depth);
    TarArchive.read(
        content.bytes(), content.identity(), at.inside(), limits.members(), files, this::problem);
    return files.isNeeded;
  }

  private final class TarFiles implements TarArchive.Visitor {
    private final Prefix prefix;
    private final int depth;
    private boolean isNeeded;

    TarFiles(Prefix prefix, int depth) {
      this.prefix = prefix;
      this.depth = depth;
    }

    @Override
    public void file(String name, Content content) {
      isNeeded |= visit(prefix.child(name), content, depth + 1, true);
    }

    @Override
    public void link(String name, @Nullable String target) {
      addLink(prefix, name, target);
    }
  }

  private void addLink(Prefix prefix, String name, @Nullable String target) {
    Location at = prefix.child(name);
    if (target == null) {
      problem(
          new Problem(
              Problem.Code.PATH_ESCAPE,
              Place.of(at.address()),
              "link",
              -1,
              -1,
              Problem.Effect.NOTHING_LOST));
    } else {
      link(new Link(at.path(), prefix.path() + target, at.address()));
    }
  }

  private boolean zip(Location at, MemoryContent content, int depth) {
    archives.add(new OpenedArchive(at.path(), at.inside().path(), OpenedArchive.Form.ZIP));
    ZipArchive archive = ZipArchive.read(content.bytes(), limits.members(), this::problem);
    boolean isConda = ArchiveNames.isConda(at.path());
    var isNeeded = new AtomicBoolean();
    var wanted = new ArrayList<ZipArchive.Entry>();
    for (ZipArchive.Entry entry : archive.entries()) {
      if (entry.isLink()
          || MetadataFiles.isOne(at.inside().path() + entry.name())
          || !(TextNames.matches(entry.name())
              || (entry.defect() == null && entry.size() < SMALLEST))) {
        wanted.add(entry);
      }
    }
    var tasks = new ArrayList<ForkJoinTask<?>>();
    for (int start = 0; start < wanted.size(); start += BATCH) {
      List<ZipArchive.Entry> batch = wanted.subList(start, Math.min(start + BATCH, wanted.size()));
      tasks.add(
          ForkJoinTask.adapt(
              () -> {
                for (ZipArchive.Entry entry : batch) {
                  Location location = at.inside().child(entry.name());
                  if (isConda && ArchiveNames.isCondaPart(entry.name())) {
                    location = location.withInside(at.inside());
                  }
                  if (zipEntry(at, archive, entry, location, content.identity(), depth)) {
                    isNeeded.set(true);
                  }
                }
              }));
    }
    ForkJoinTask.invokeAll(tasks);
    archive.endInflaters();
    if (isNeeded.get() && at.inside().path().isEmpty()) {
      for (ZipArchive.Entry entry : archive.entries()) {
        if (PythonCode.isOne(entry.name()) && entry.defect() == null && !entry.isLink()) {
          code(at, archive, entry, content.identity());
        }
      }
    }
    return isNeeded.get();
  }

  private void code(Location at, ZipArchive archive, ZipArchive.Entry entry, String identity) {
    Location location = at.inside().child(entry.name());
    try {
      code(location.path(), ZipContent.of(archive, entry, location.address(), identity, budget));
    } catch (IOException e) {
      // Code that cannot be read says nothing.
    }
  }

  private boolean zipEntry(
      Location container,
      ZipArchive archive,
      ZipArchive.Entry entry,
      Location at,
      String identity,
      int depth) {
    try {
      Content content = ZipContent.of(archive, entry, at.address(), identity, budget);
      if (entry.isLink()) {
        byte[] target;
        try (InputStream stream = content.stream()) {
          target = stream.readNBytes(4096);
        }
        addLink(
            container.inside(),
            entry.name(),
            MemberName.resolve(
                MemberName.folder(entry.name()), new String(target, StandardCharsets.UTF_8)));
        return false;
      }
      return visit(at, content, depth + 1, true);
    } catch (IOException e) {
      problem(problem(at, e));
      return false;
    }
  }

  private void read(Location at, Content content) throws IOException {
    byte[] text;
    try (InputStream stream = content.stream()) {
      text = stream.readNBytes(MetadataFiles.LARGEST);
    }
    if (content.size() > text.length) {
      problem(
          new Problem(
              Problem.Code.LIMIT,
              Place.of(at.address()),
              "size of package metadata",
              content.size(),
              MetadataFiles.LARGEST,
              Problem.Effect.NOTHING_LOST));
    }
    @Nullable Metadata found = MetadataFiles.read(at.path(), text);
    if (found != null) {
      metadata.add(found);
    }
  }
}
