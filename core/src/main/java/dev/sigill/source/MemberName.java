package dev.sigill.source;

import java.util.ArrayList;
import org.jspecify.annotations.Nullable;

/** Names of files as archives write them. */
final class MemberName {
  private MemberName() {}

  /**
   * The name as a path within the archive: with {@code /}, without empty parts and {@code .}.
   *
   * @return null where it would lead out of the archive or names no file: {@code ..}, a root, a
   *     drive letter, a NUL
   */
  static @Nullable String of(String name) {
    if (name.isEmpty() || name.indexOf('\0') >= 0) {
      return null;
    }
    if (name.indexOf('\\') < 0
        && name.charAt(0) != '/'
        && name.charAt(0) != '.'
        && name.indexOf("//") < 0
        && name.indexOf("/.") < 0
        && !(name.length() > 1 && name.charAt(1) == ':')) {
      return name;
    }
    String plain = name.replace('\\', '/');
    if (plain.startsWith("/") || (plain.length() > 1 && plain.charAt(1) == ':')) {
      return null;
    }
    var parts = new ArrayList<String>();
    for (String part : plain.split("/")) {
      if (part.equals("..")) {
        return null;
      }
      if (!part.isEmpty() && !part.equals(".")) {
        parts.add(part);
      }
    }
    return parts.isEmpty() ? null : String.join("/", parts);
  }

  /**
   * Where a link leads.
   *
   * @param folder the folder of the link, or empty
   * @param target what the link holds
   * @return null where it leads out of the container
   */
  static @Nullable String resolve(String folder, String target) {
    if (target.isEmpty() || target.startsWith("/") || target.indexOf('\0') >= 0) {
      return null;
    }
    var parts = new ArrayList<String>();
    for (String part : (folder + "/" + target).split("/")) {
      if (part.equals("..")) {
        if (parts.isEmpty()) {
          return null;
        }
        parts.removeLast();
      } else if (!part.isEmpty() && !part.equals(".")) {
        parts.add(part);
      }
    }
    return String.join("/", parts);
  }

  /** The folder of a path, or empty. */
  static String folder(String path) {
    int slash = path.lastIndexOf('/');
    return slash < 0 ? "" : path.substring(0, slash);
  }

  /** The last part of a path. */
  static String last(String path) {
    return path.substring(path.lastIndexOf('/') + 1);
  }
}
