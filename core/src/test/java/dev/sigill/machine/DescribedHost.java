package dev.sigill.machine;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A computer written down in a file: sections that begin with {@code === PATH} are its files, and
 * {@code properties}, {@code sysctl} and {@code expected} are what their names say.
 */
final class DescribedHost implements Host {
  private final Path root;
  private final Map<String, String> properties;
  private final Map<String, String> sysctl;
  private final Map<String, String> expected;

  private DescribedHost(
      Path root,
      Map<String, String> properties,
      Map<String, String> sysctl,
      Map<String, String> expected) {
    this.root = root;
    this.properties = properties;
    this.sysctl = sysctl;
    this.expected = expected;
  }

  static DescribedHost read(Path description, Path root) {
    try {
      Map<String, StringBuilder> sections = new LinkedHashMap<>();
      StringBuilder section = new StringBuilder();
      for (String line : Files.readAllLines(description)) {
        if (line.startsWith("=== ")) {
          section = new StringBuilder();
          sections.put(line.substring(4), section);
        } else {
          section.append(line).append('\n');
        }
      }
      Map<String, String> properties = pairs(sections.remove("properties"), '=');
      Map<String, String> sysctl = pairs(sections.remove("sysctl"), ':');
      Map<String, String> expected = pairs(sections.remove("expected"), ':');
      for (Map.Entry<String, StringBuilder> file : sections.entrySet()) {
        Path path = root.resolve(file.getKey());
        Files.createDirectories(path.getParent());
        Files.writeString(path, file.getValue());
      }
      if (properties.containsKey("pageSize")) {
        Path vector = root.resolve("proc/self/auxv");
        Files.createDirectories(vector.getParent());
        Files.write(vector, vector(Integer.parseInt(properties.get("pageSize"))));
      }
      return new DescribedHost(root, properties, sysctl, expected);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static byte[] vector(int pageSize) {
    ByteBuffer words = ByteBuffer.allocate(64).order(ByteOrder.LITTLE_ENDIAN);
    for (long word : List.of(16L, 0xbfebfbffL, 6L, (long) pageSize, 17L, 100L, 0L, 0L)) {
      words.putLong(word);
    }
    return words.array();
  }

  private static Map<String, String> pairs(@Nullable StringBuilder section, char separator) {
    Map<String, String> pairs = new HashMap<>();
    if (section != null) {
      for (String line : section.toString().lines().toList()) {
        int at = line.indexOf(separator);
        if (at > 0) {
          pairs.put(line.substring(0, at).strip(), line.substring(at + 1).strip());
        }
      }
    }
    return pairs;
  }

  Map<String, String> expected() {
    return expected;
  }

  @Override
  public String property(String name) {
    return properties.getOrDefault(name, "");
  }

  @Override
  public @Nullable String environment(String name) {
    return properties.get("env." + name);
  }

  @Override
  public Path root() {
    return root;
  }

  @Override
  public @Nullable String sysctl(String name) {
    return sysctl.get(name);
  }

  @Override
  public boolean isProcessorFeaturePresent(int number) {
    return List.of(properties.getOrDefault("windows.features", "").split(" "))
        .contains(Integer.toString(number));
  }

  @Override
  public @Nullable String windowsVersion() {
    return properties.get("windows.version");
  }

  @Override
  public int windowsNativeMachine() {
    return Integer.decode(properties.getOrDefault("windows.machine", "0"));
  }
}
