package dev.sigill.source;

import org.jspecify.annotations.Nullable;

/**
 * The beginning of the names of all files in one container.
 *
 * @param path what comes before a name in {@link Member#path()}
 * @param address what comes before it in {@link Member#address()}
 */
record Prefix(String path, String address) {
  Location child(String name) {
    return new Location(path + name, address + name, null);
  }

  /**
   * A file.
   *
   * @param path see {@link Member#path()}
   * @param address see {@link Member#address()}
   * @param contents the prefix of what is in it, should it be a container; null for the usual one
   */
  record Location(String path, String address, @Nullable Prefix contents) {
    /** The prefix of what is in it. */
    Prefix inside() {
      return contents != null ? contents : new Prefix(path + "!/", address + "!/");
    }

    Location withInside(Prefix other) {
      return new Location(path, address, other);
    }
  }
}
