package dev.sigill.source;

import dev.sigill.bytes.Place;
import dev.sigill.bytes.Problem;
import dev.sigill.source.Prefix.Location;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Walks a folder on several threads. Links are not followed on the way: where they lead is looked
 * up at the end. Pipes, sockets and devices are never opened.
 */
final class FolderWalk {
  /** Folders that hold no code that anything loads: bytecode of Python, and version control. */
  private static final Set<String> SKIPPED = Set.of("__pycache__", ".git", ".hg", ".svn", ".jj");

  private final Path root;
  private final Prefix prefix;
  private final Scan scan;
  private final Set<String> leftOut;
  private final boolean takesOutsideFiles;
  private final AtomicInteger count = new AtomicInteger();
  private final Queue<FoundLink> links = new ConcurrentLinkedQueue<>();

  private record FoundLink(Path path, Location at) {}

  /**
   * A walk.
   *
   * @param root the folder
   * @param prefix of what is in it
   * @param leftOut paths of folders that belong to something else
   * @param takesOutsideFiles whether files outside that a link leads to belong to the folder
   */
  FolderWalk(Path root, Prefix prefix, Scan scan, Set<String> leftOut, boolean takesOutsideFiles) {
    this.root = root;
    this.prefix = prefix;
    this.scan = scan;
    this.leftOut = leftOut;
    this.takesOutsideFiles = takesOutsideFiles;
  }

  /** Looks at a folder and all below it. */
  void folder(Path folder, String name) {
    Location at = prefix.child(name);
    try (DirectoryStream<Path> children = Files.newDirectoryStream(folder)) {
      for (Path child : children) {
        String last = String.valueOf(child.getFileName());
        child(child, name.isEmpty() ? last : name + "/" + last, last);
        if (count.incrementAndGet() >= scan.limits().members()) {
          if (count.get() == scan.limits().members()) {
            scan.problem(
                new Problem(
                    Problem.Code.LIMIT,
                    Place.of(at.address()),
                    "number of files",
                    count.get(),
                    scan.limits().members(),
                    Problem.Effect.PART_LOST));
          }
          return;
        }
      }
    } catch (DirectoryIteratorException e) {
      unreadable(at, e.getCause());
    } catch (IOException e) {
      unreadable(at, e);
    }
  }

  /** Looks at one file, folder or link; folders later. */
  void child(Path child, String name, String last) {
    BasicFileAttributes attributes;
    try {
      attributes =
          Files.readAttributes(child, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    } catch (IOException e) {
      if (!TextNames.matches(last)) {
        unreadable(prefix.child(name), e);
      }
      return;
    }
    if (attributes.isRegularFile()) {
      if (!TextNames.matches(last) || MetadataFiles.isOne(name)) {
        Location at = prefix.child(name);
        scan.file(at, new FileContent(child, at.address(), attributes));
      } else if (PythonCode.isOne(last)) {
        Location at = prefix.child(name);
        scan.code(at.path(), new FileContent(child, at.address(), attributes));
      }
    } else if (attributes.isDirectory()) {
      if (!SKIPPED.contains(last) && !leftOut.contains(name)) {
        scan.later(name, () -> folder(child, name));
      }
    } else if (attributes.isSymbolicLink()) {
      links.add(new FoundLink(child, prefix.child(name)));
    } else {
      problem(prefix.child(name), Problem.Code.UNSUPPORTED, "file (a pipe, socket or device)");
    }
  }

  /** Finds out where links lead; to be called when the walk is over. */
  void followLinks() {
    Path realRoot;
    try {
      realRoot = root.toRealPath();
    } catch (IOException e) {
      unreadable(prefix.child(""), e);
      return;
    }
    for (FoundLink link : links) {
      try {
        follow(link, realRoot);
      } catch (NoSuchFileException e) {
        // A link to nothing offers nothing to a loader either.
      } catch (FileSystemException e) {
        boolean isLoop =
            e instanceof FileSystemLoopException
                || String.valueOf(e.getReason()).contains("symbolic links");
        if (isLoop) {
          problem(link.at(), Problem.Code.CYCLE, "link");
        } else {
          unreadable(link.at(), e);
        }
      } catch (IOException e) {
        unreadable(link.at(), e);
      }
    }
  }

  private void follow(FoundLink link, Path realRoot) throws IOException {
    Path real = link.path().toRealPath();
    if (real.startsWith(realRoot)) {
      String target = realRoot.relativize(real).toString().replace('\\', '/');
      String own = link.at().path();
      if (target.isEmpty() || own.startsWith(target + "/")) {
        problem(link.at(), Problem.Code.CYCLE, "link");
      } else {
        scan.link(new Scan.Link(own, target, link.at().address()));
      }
      return;
    }
    BasicFileAttributes attributes = Files.readAttributes(real, BasicFileAttributes.class);
    if (attributes.isRegularFile() && takesOutsideFiles) {
      scan.file(link.at(), new FileContent(real, link.at().address(), attributes));
    } else if (!TextNames.matches(link.at().path())) {
      problem(link.at(), Problem.Code.PATH_ESCAPE, "link");
    }
  }

  private void unreadable(Location at, IOException e) {
    scan.problem(Scan.problem(at, e));
  }

  private void problem(Location at, Problem.Code code, String field) {
    scan.problem(
        new Problem(code, Place.of(at.address()), field, -1, -1, Problem.Effect.NOTHING_LOST));
  }
}
