package dev.sigill.source;

/**
 * The beginning of the names of all files in one container.
 *
 * @param path what comes before a name in {@link Member#path()}
 * @param address what comes before it in {@link Member#address()}
 */
record Prefix(String path, String address) {
  Location child(String name) {
    String childAddress = address + name;
    String childPath = path + name;
    return new Location(childPath, childAddress, new Prefix(childPath + "!/", childAddress + "!/"));
  }

  /** A file and, should it be a container, the prefix of what is in it. */
  record Location(String path, String address, Prefix inside) {
    Location withInside(Prefix other) {
      return new Location(path, address, other);
    }
  }
}
