package dev.sigill.installation;

import dev.sigill.platform.OperatingSystem;
import java.io.File;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Where to look: the roots of the file system and the environment, so that tests can give others.
 * Nothing here throws: what cannot be read is not there.
 *
 * @param root of the file system; on Windows, of the system's drive
 * @param home the user's folder
 * @param current the working folder
 * @param system the operating system, which decides where things lie
 * @param environment gives environment variables, null for one that is not set
 */
record Places(
    Path root,
    Path home,
    Path current,
    OperatingSystem system,
    Function<String, @Nullable String> environment) {
  private static final int MOST_CHILDREN = 4096;

  /** Those of the running system. */
  static Places ofThisComputer(Path current) {
    String name = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
    OperatingSystem system =
        name.startsWith("windows")
            ? OperatingSystem.WINDOWS
            : name.startsWith("mac") ? OperatingSystem.MACOS : OperatingSystem.LINUX;
    Path home = Path.of(System.getProperty("user.home", "/"));
    Path root = home.getRoot() == null ? Path.of("/") : home.getRoot();
    return new Places(root, home, current.toAbsolutePath(), system, System::getenv);
  }

  boolean isWindows() {
    return system == OperatingSystem.WINDOWS;
  }

  boolean isMac() {
    return system == OperatingSystem.MACOS;
  }

  /** A folder at the root of the file system, {@code opt/homebrew}. */
  Path at(String path) {
    return root.resolve(path);
  }

  /** A folder in the user's, {@code .pyenv/versions}. */
  Path atHome(String path) {
    return home.resolve(path);
  }

  /** The folder that an environment variable names; null where it is not set to an absolute one. */
  @Nullable Path variable(String name) {
    String value = environment.apply(name);
    return value == null || value.isBlank() ? null : path(value);
  }

  /** The folder of an environment variable, or a path in the user's folder. */
  Path variableOr(String name, String homePath) {
    Path set = variable(name);
    return set == null ? atHome(homePath) : set;
  }

  /** The folders of PATH, in order. */
  List<Path> searched() {
    String value = environment.apply("PATH");
    var folders = new ArrayList<Path>();
    if (value != null) {
      for (String part : value.split(File.pathSeparator)) {
        Path folder = path(part);
        if (folder != null && !folders.contains(folder)) {
          folders.add(folder);
        }
      }
    }
    return folders;
  }

  private static @Nullable Path path(String text) {
    try {
      Path path = Path.of(text.strip());
      return path.isAbsolute() ? path.normalize() : null;
    } catch (InvalidPathException e) {
      return null;
    }
  }

  /** The folders in a folder, in the order of their names; links to folders are folders. */
  static List<Path> folders(Path folder) {
    return children(folder).stream().filter(Files::isDirectory).toList();
  }

  /** What is in a folder, in the order of the names. */
  static List<Path> children(Path folder) {
    var children = new ArrayList<Path>();
    try (DirectoryStream<Path> stream = Files.newDirectoryStream(folder)) {
      for (Path child : stream) {
        children.add(child);
        if (children.size() >= MOST_CHILDREN) {
          break;
        }
      }
    } catch (IOException | DirectoryIteratorException | SecurityException e) {
      return List.of();
    }
    children.sort(Comparator.comparing(Places::name));
    return children;
  }

  /** The last part of a path, or an empty text for a root. */
  static String name(Path path) {
    Path last = path.getFileName();
    return last == null ? "" : last.toString();
  }

  /** A path without links in it; itself, made absolute, where it does not exist. */
  static Path real(Path path) {
    try {
      return path.toRealPath();
    } catch (IOException | SecurityException e) {
      return path.toAbsolutePath().normalize();
    }
  }

  /** Whether it is a folder, and no link to one. */
  static boolean isOwnFolder(Path path) {
    return Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS);
  }

  /** The text of a small file; empty where there is none. */
  static String text(Path file) {
    try {
      return Files.isRegularFile(file) && Files.size(file) <= 1 << 20
          ? new String(Files.readAllBytes(file), java.nio.charset.StandardCharsets.UTF_8)
          : "";
    } catch (IOException | SecurityException e) {
      return "";
    }
  }
}
