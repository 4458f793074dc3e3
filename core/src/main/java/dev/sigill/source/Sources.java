package dev.sigill.source;

import dev.sigill.bytes.Limits;
import dev.sigill.source.Prefix.Location;
import dev.sigill.source.Scan.OpenedArchive;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Opens targets. */
public final class Sources {
  /** More threads than this wait for the disk or for one another. */
  private static final int MOST_THREADS = 16;

  private Sources() {}

  /**
   * Opens a file, folder, environment or archive: lists its native files, found by their content,
   * and the packages that they belong to.
   *
   * @throws IOException where the path itself does not exist or cannot be opened; anything wrong
   *     inside is among the source's problems
   */
  public static Source open(Path path, Limits limits) throws IOException {
    BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class);
    var scan =
        new Scan(limits, Math.clamp(Runtime.getRuntime().availableProcessors(), 1, MOST_THREADS));
    boolean isDone = false;
    try {
      Source source = attributes.isDirectory() ? folder(path, scan) : file(path, attributes, scan);
      isDone = true;
      return source;
    } finally {
      if (!isDone) {
        scan.rooms().forEach(Room::close);
      }
    }
  }

  private static Source file(Path path, BasicFileAttributes attributes, Scan scan)
      throws IOException {
    if (!attributes.isRegularFile()) {
      throw new IOException(path + " is a pipe, socket or device");
    }
    String target = path.toString();
    String name = String.valueOf(path.getFileName());
    // An unreadable target is an error, not a problem within it.
    Files.newInputStream(path).close();
    var at = new Location(name, target, new Prefix("", target + "!/"));
    scan.run(() -> scan.target(at, new FileContent(path, target, attributes)));
    Found found = Found.of(scan);
    return new OpenedSource(
        target,
        name,
        kind(name, found),
        found.members(),
        found.links(),
        found.distributions(),
        scan.pythonCode(),
        Optional.empty(),
        found.problems(),
        scan.rooms());
  }

  private static Source.Kind kind(String name, Found found) {
    @Nullable OpenedArchive archive =
        found.archives().stream().filter(a -> a.inside().isEmpty()).findFirst().orElse(null);
    if (archive == null) {
      return Source.Kind.FILE;
    }
    boolean isCondaPackage =
        found.metadata().stream()
            .anyMatch(m -> m instanceof Metadata.Conda && m.path().equals("info/index.json"));
    return switch (archive.form()) {
      case ZIP -> {
        if (ArchiveNames.isWheel(name)) {
          yield Source.Kind.WHEEL;
        }
        if (ArchiveNames.isConda(name)) {
          yield Source.Kind.CONDA_PACKAGE;
        }
        boolean hasManifest =
            found.metadata().stream()
                .anyMatch(m -> m instanceof Metadata.Manifest && !m.path().contains("!/"));
        boolean isWheel =
            found.metadata().stream()
                .anyMatch(
                    m ->
                        m instanceof Metadata.WheelTags
                            && m.path().indexOf('/') == m.path().lastIndexOf('/'));
        yield ArchiveNames.isJar(name) || hasManifest
            ? Source.Kind.JAR
            : isWheel ? Source.Kind.WHEEL : Source.Kind.ZIP;
      }
      case TAR -> isCondaPackage ? Source.Kind.CONDA_PACKAGE : Source.Kind.TAR;
    };
  }

  private static Source folder(Path path, Scan scan) throws IOException {
    String target = path.toString();
    Path real = path.toRealPath();
    // An unreadable target is an error, not a problem within it.
    if (!Files.isReadable(path)) {
      throw new AccessDeniedException(target);
    }
    Environment environment = Environment.of(path);
    var prefix = new Prefix("", target.endsWith("/") ? target : target + "/");
    boolean isEnvironment = environment.kind() != Source.Kind.FOLDER;
    var walk = new FolderWalk(path, prefix, scan, environment.leftOut(), isEnvironment);
    scan.run(
        () -> {
          for (Path program : environment.programs()) {
            if (!program.startsWith(real)) {
              outside(program, scan);
            }
          }
          if (environment.parts().isEmpty()) {
            walk.folder(path, "");
          } else {
            for (String part : environment.parts()) {
              walk.child(path.resolve(part), part, MemberName.last(part));
            }
          }
        },
        walk::followLinks);
    Found found = Found.of(scan);
    return new OpenedSource(
        target,
        String.valueOf(real.getFileName()),
        environment.kind(),
        found.members(),
        found.links(),
        found.distributions(),
        scan.pythonCode(),
        environment.interpreter(),
        found.problems(),
        scan.rooms());
  }

  /** A file that lies outside the target and belongs to it is known by its absolute path. */
  private static void outside(Path file, Scan scan) {
    String address = file.toString();
    var at = new Location(address, address, null);
    try {
      BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
      if (attributes.isRegularFile()) {
        scan.file(at, new FileContent(file, address, attributes));
      }
    } catch (IOException e) {
      scan.problem(Scan.problem(at, e));
    }
  }
}
