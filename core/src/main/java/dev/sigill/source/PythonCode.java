package dev.sigill.source;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeMap;

/** The Python source files of a target: listed on opening, read when asked for. */
public final class PythonCode {
  /** Longer files are generated tables; none is known that imports anything below that. */
  private static final int LARGEST = 8 << 20;

  private static final PythonCode NONE = new PythonCode(new TreeMap<>());

  private final NavigableMap<String, Content> files;

  PythonCode(NavigableMap<String, Content> files) {
    this.files = files;
  }

  /** No files. */
  public static PythonCode none() {
    return NONE;
  }

  static boolean isOne(String path) {
    return path.endsWith(".py");
  }

  /** Their paths within the target, as in {@link Member#path()}, in order. */
  public NavigableSet<String> paths() {
    return files.navigableKeySet();
  }

  /** The bytes of a file; empty where there is none or it cannot be read. */
  public Optional<byte[]> read(String path) {
    Content content = files.get(path);
    if (content == null || content.size() > LARGEST) {
      return Optional.empty();
    }
    try (InputStream stream = content.stream()) {
      return Optional.of(stream.readNBytes(LARGEST));
    } catch (IOException | InternalError e) {
      // What cannot be read says nothing; whoever asks takes it for a module of which no more is
      // known.
      return Optional.empty();
    }
  }

  /** Equal where the files have the same names, sizes and times; in hexadecimal digits. */
  public String stamp() {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      files
          .values()
          .forEach(
              content -> {
                digest.update(content.identity().getBytes(StandardCharsets.UTF_8));
                digest.update((byte) 0);
              });
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
