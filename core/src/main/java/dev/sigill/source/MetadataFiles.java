package dev.sigill.source;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Properties;
import java.util.jar.Attributes;
import java.util.jar.Manifest;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/** Reads the files in which packages describe themselves. Damaged ones say nothing. */
final class MetadataFiles {
  /** What comes after this many bytes of a file is not looked at. */
  static final int LARGEST = 32 << 20;

  private static final Pattern REQUIREMENT =
      Pattern.compile("\\s*([A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?)(.*)", Pattern.DOTALL);
  private static final Pattern EXTRA = Pattern.compile(";.*\\bextra\\s*==");
  private static final Pattern SEPARATORS = Pattern.compile("[-_.]+");
  private static final JsonFactory JSON = new JsonFactory();

  private MetadataFiles() {}

  /** Whether a path is that of a file in which a package describes itself. */
  static boolean isOne(String path) {
    String name = MemberName.last(path);
    String folder = path.substring(0, path.length() - name.length());
    return switch (name) {
      case "METADATA", "WHEEL", "RECORD" -> folder.endsWith(".dist-info/");
      case "top_level.txt" -> folder.endsWith(".dist-info/") || isEggInfo(folder);
      case "PKG-INFO", "installed-files.txt" -> isEggInfo(folder);
      case "pom.properties" -> folder.contains("META-INF/maven/");
      case "MANIFEST.MF" -> isFolder(folder, "META-INF/");
      case "package.json" -> isNpmPackage(folder);
      case "index.json" -> isFolder(folder, "info/");
      default ->
          name.endsWith(".egg-info") || (name.endsWith(".json") && isFolder(folder, "conda-meta/"));
    };
  }

  private static boolean isEggInfo(String folder) {
    return folder.endsWith(".egg-info/") || isFolder(folder, "EGG-INFO/");
  }

  private static boolean isFolder(String folder, String last) {
    return folder.endsWith(last)
        && (folder.length() == last.length()
            || folder.charAt(folder.length() - last.length() - 1) == '/');
  }

  /** A package's own folder: in {@code node_modules}, or the root of a tarball or project. */
  private static boolean isNpmPackage(String folder) {
    int inner = folder.lastIndexOf("!/");
    String within = inner < 0 ? folder : folder.substring(inner + 2);
    if (within.isEmpty() || within.equals("package/")) {
      return true;
    }
    int modules = within.lastIndexOf("node_modules/");
    if (modules < 0 || (modules > 0 && within.charAt(modules - 1) != '/')) {
      return false;
    }
    String rest = within.substring(modules + "node_modules/".length());
    long slashes = rest.chars().filter(c -> c == '/').count();
    return slashes == (rest.startsWith("@") ? 2 : 1);
  }

  /** What the file says, or null where that is nothing. */
  static @Nullable Metadata read(String path, byte[] text) {
    try {
      String name = MemberName.last(path);
      return switch (name) {
        case "METADATA", "PKG-INFO" -> core(path, text);
        case "WHEEL" -> wheel(path, text);
        case "RECORD" -> record(path, text);
        case "installed-files.txt" -> installedFiles(path, text);
        case "top_level.txt" -> new Metadata.PythonTopLevel(path, lines(text));
        case "pom.properties" -> maven(path, text);
        case "MANIFEST.MF" -> manifest(path, text);
        case "package.json" -> npm(path, text);
        default -> name.endsWith(".egg-info") ? core(path, text) : conda(path, text);
      };
    } catch (IOException | UncheckedIOException | JacksonException e) {
      return null;
    }
  }

  /** A Python package's name as all of its spellings have it (name normalization). */
  static String normalise(String name) {
    return SEPARATORS.matcher(name.strip()).replaceAll("-").toLowerCase(Locale.ROOT);
  }

  private static List<String> lines(byte[] text) {
    return new String(text, StandardCharsets.UTF_8)
        .lines()
        .map(String::strip)
        .filter(l -> !l.isEmpty())
        .toList();
  }

  private static @Nullable Metadata core(String path, byte[] text) {
    String name = "";
    String version = "";
    var requires = new ArrayList<Distribution.Need>();
    for (String line :
        (Iterable<String>) new String(text, StandardCharsets.UTF_8).lines()::iterator) {
      if (line.isEmpty()) {
        break; // The description follows.
      }
      int colon = line.indexOf(':');
      if (colon <= 0) {
        continue;
      }
      String value = line.substring(colon + 1).strip();
      switch (line.substring(0, colon).toLowerCase(Locale.ROOT)) {
        case "name" -> name = name.isEmpty() ? value : name;
        case "version" -> version = version.isEmpty() ? value : version;
        case "requires-dist" -> {
          Matcher m = REQUIREMENT.matcher(value);
          if (m.matches() && !EXTRA.matcher(m.group(2)).find()) {
            requires.add(
                new Distribution.Need(normalise(m.group(1)), Printable.of(condition(m.group(2)))));
          }
        }
        default -> {
          // The other fields say nothing of what is needed.
        }
      }
    }
    return name.isEmpty()
        ? null
        : new Metadata.PythonCore(
            path,
            normalise(Printable.of(name)),
            Printable.of(version),
            requires.stream()
                .sorted(
                    Comparator.comparing(Distribution.Need::name)
                        .thenComparing(Distribution.Need::condition))
                .distinct()
                .toList());
  }

  /** What stands behind the semicolon of a dependency specifier; an address may hold others. */
  private static String condition(String rest) {
    int semicolon = rest.indexOf('@') >= 0 ? rest.indexOf(" ;") : rest.indexOf(';');
    return semicolon < 0 ? "" : rest.substring(rest.indexOf(';', semicolon) + 1).strip();
  }

  private static Metadata wheel(String path, byte[] text) {
    var tags = new ArrayList<String>();
    for (String line : lines(text)) {
      if (line.regionMatches(true, 0, "Tag:", 0, 4)) {
        tags.add(Printable.of(line.substring(4).strip()));
      }
    }
    return new Metadata.WheelTags(path, tags);
  }

  /** Lines of {@code path,hash,size} (recording installed projects); a path may be quoted. */
  private static Metadata record(String path, byte[] text) {
    var files = new ArrayList<String>();
    var modules = new ModuleNames();
    for (String line : lines(text)) {
      String file;
      if (line.startsWith("\"")) {
        int stop = 1;
        while ((stop = line.indexOf('"', stop)) >= 0
            && stop + 1 < line.length()
            && line.charAt(stop + 1) == '"') {
          stop += 2;
        }
        file = stop < 0 ? "" : line.substring(1, stop).replace("\"\"", "\"");
      } else {
        int comma = line.indexOf(',');
        file = comma < 0 ? line : line.substring(0, comma);
      }
      modules.add(file);
      if (!file.isEmpty() && !TextNames.matches(file)) {
        files.add(file);
      }
    }
    return new Metadata.PythonFiles(path, files, modules.toList());
  }

  private static Metadata installedFiles(String path, byte[] text) {
    return new Metadata.PythonFiles(
        path, lines(text).stream().filter(f -> !TextNames.matches(f)).toList(), List.of());
  }

  private static @Nullable Metadata maven(String path, byte[] text) throws IOException {
    var properties = new Properties();
    try {
      properties.load(new StringReader(new String(text, StandardCharsets.ISO_8859_1)));
    } catch (IllegalArgumentException e) {
      return null; // A broken Unicode escape.
    }
    String artifact = properties.getProperty("artifactId", "");
    return artifact.isEmpty()
        ? null
        : new Metadata.Maven(
            path,
            Printable.of(properties.getProperty("groupId", "")),
            Printable.of(artifact),
            Printable.of(properties.getProperty("version", "")));
  }

  private static Metadata manifest(String path, byte[] text) throws IOException {
    Attributes main = new Manifest(new ByteArrayInputStream(text)).getMainAttributes();
    String name =
        first(main, "Bundle-SymbolicName", "Automatic-Module-Name", "Implementation-Title");
    int directive = name.indexOf(';');
    String version = first(main, "Implementation-Version", "Bundle-Version");
    return new Metadata.Manifest(
        path,
        Printable.of(directive < 0 ? name : name.substring(0, directive)),
        Printable.of(version));
  }

  private static String first(Attributes attributes, String... names) {
    for (String name : names) {
      String value = attributes.getValue(name);
      if (value != null && !value.isBlank()) {
        return value.strip();
      }
    }
    return "";
  }

  private static @Nullable Metadata npm(String path, byte[] text) {
    String name = "";
    String version = "";
    var tags = new ArrayList<String>();
    var dependencies = new ArrayList<String>();
    var optional = new ArrayList<String>();
    try (JsonParser json = JSON.createParser(ObjectReadContext.empty(), text)) {
      if (json.nextToken() != JsonToken.START_OBJECT) {
        return null;
      }
      while (json.nextToken() == JsonToken.PROPERTY_NAME) {
        String key = json.currentName();
        json.nextToken();
        switch (key) {
          case "name" -> name = string(json);
          case "version" -> version = string(json);
          case "os", "cpu", "libc" -> strings(json).forEach(v -> tags.add(key + "=" + v));
          case "dependencies" -> keys(json, dependencies);
          case "optionalDependencies" -> keys(json, optional);
          default -> json.skipChildren();
        }
      }
    }
    return name.isEmpty()
        ? null
        : new Metadata.Npm(path, name, version, tags, dependencies, optional);
  }

  private static @Nullable Metadata conda(String path, byte[] text) {
    String name = "";
    String version = "";
    String subdir = "";
    var depends = new ArrayList<String>();
    var files = new ArrayList<String>();
    try (JsonParser json = JSON.createParser(ObjectReadContext.empty(), text)) {
      if (json.nextToken() != JsonToken.START_OBJECT) {
        return null;
      }
      while (json.nextToken() == JsonToken.PROPERTY_NAME) {
        String key = json.currentName();
        json.nextToken();
        switch (key) {
          case "name" -> name = string(json);
          case "version" -> version = string(json);
          case "subdir" -> subdir = string(json);
          case "depends" -> {
            for (String need : strings(json)) {
              int space = need.indexOf(' ');
              String needed = space < 0 ? need : need.substring(0, space);
              if (!needed.startsWith("__")) {
                depends.add(needed); // Names with two underscores are properties of the machine.
              }
            }
          }
          case "files" -> {
            for (String file : strings(json)) {
              if (!TextNames.matches(file)) {
                files.add(file);
              }
            }
          }
          default -> json.skipChildren();
        }
      }
    }
    return name.isEmpty() ? null : new Metadata.Conda(path, name, version, subdir, depends, files);
  }

  private static String string(JsonParser json) {
    if (json.currentToken() == JsonToken.VALUE_STRING) {
      return Printable.of(json.getString());
    }
    json.skipChildren();
    return "";
  }

  private static List<String> strings(JsonParser json) {
    var out = new ArrayList<String>();
    if (json.currentToken() == JsonToken.VALUE_STRING) {
      out.add(json.getString());
      return out;
    }
    if (json.currentToken() != JsonToken.START_ARRAY) {
      json.skipChildren();
      return out;
    }
    while (json.nextToken() != JsonToken.END_ARRAY) {
      if (json.currentToken() == null) {
        return out;
      }
      if (json.currentToken() == JsonToken.VALUE_STRING) {
        out.add(json.getString());
      } else {
        json.skipChildren();
      }
    }
    return out;
  }

  private static void keys(JsonParser json, List<String> into) {
    if (json.currentToken() != JsonToken.START_OBJECT) {
      json.skipChildren();
      return;
    }
    while (json.nextToken() == JsonToken.PROPERTY_NAME) {
      into.add(Printable.of(json.currentName()));
      json.nextToken();
      json.skipChildren();
    }
  }
}
