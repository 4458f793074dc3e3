package dev.sigill.source;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a folder is, by the files that mark it, and the interpreter that loads what is in it.
 * Nothing is started.
 *
 * @param kind what it is
 * @param root the folder that holds it, which for a bundle lies further down
 * @param interpreter its interpreter
 * @param programs the interpreter's program and its own library, where they lie outside
 * @param parts paths of the files and folders that belong to it, or empty for all of them
 * @param leftOut paths of folders in it that are something else
 */
record Environment(
    Source.Kind kind,
    Path root,
    Optional<Interpreter> interpreter,
    List<Path> programs,
    List<String> parts,
    Set<String> leftOut) {
  private static final Pattern PYTHON_LIBRARY = Pattern.compile("(python|pypy)(\\d+\\.\\d+)(t?)");
  private static final Pattern PYTHON_PROGRAM =
      Pattern.compile("(python|pypy)(\\d+(\\.\\d+)?t?)?(\\.exe)?");
  private static final Pattern PYTHON_SHARED =
      Pattern.compile(
          "libpython\\d.*\\.(so|dylib)(\\..*)?|libpypy\\d.*\\.(so|dylib)|Python|python\\d+t?\\.dll"
              + "|libpypy.*\\.dll");
  private static final Pattern CONDA_PYTHON = Pattern.compile("python-(\\d[\\w.]*)-([^-]*)\\.json");
  private static final Pattern PATCH_LEVEL =
      Pattern.compile("#define\\s+PY_VERSION\\s+\"([^\"]{1,40})\"");

  private static final int LARGEST_TEXT = 1 << 20;

  static Environment of(Path folder) {
    if (Files.isRegularFile(folder.resolve("pyvenv.cfg"))) {
      return virtual(folder);
    }
    if (Files.isDirectory(folder.resolve("conda-meta"))) {
      return conda(folder);
    }
    for (String home : new String[] {"", "Contents/Home", "jre"}) {
      Path root = home.isEmpty() ? folder : folder.resolve(home);
      Map<String, String> release = settings(root.resolve("release"));
      if (release.containsKey("JAVA_VERSION")) {
        return java(folder, root, release);
      }
    }
    if (String.valueOf(folder.toAbsolutePath().normalize().getFileName()).equals("node_modules")
        || (Files.isRegularFile(folder.resolve("package.json"))
            && Files.isDirectory(folder.resolve("node_modules")))) {
      return plain(Source.Kind.NODE_MODULES, folder);
    }
    Environment python = installation(folder);
    return python == null ? plain(Source.Kind.FOLDER, folder) : python;
  }

  private static Environment plain(Source.Kind kind, Path folder) {
    return new Environment(kind, folder, Optional.empty(), List.of(), List.of(), Set.of());
  }

  /** PEP 405: {@code home} is the folder of the program that the environment was made with. */
  private static Environment virtual(Path folder) {
    Map<String, String> settings = settings(folder.resolve("pyvenv.cfg"));
    String home = settings.getOrDefault("home", "");
    String version = settings.getOrDefault("version_info", settings.getOrDefault("version", ""));
    @Nullable Path program = null;
    var candidates = new ArrayList<Path>();
    for (String bin : new String[] {"bin", "Scripts"}) {
      for (String name : new String[] {"python3", "python", "pypy3", "python.exe"}) {
        candidates.add(folder.resolve(bin).resolve(name));
      }
    }
    if (!home.isEmpty()) {
      try {
        Path base = folder.resolve(home);
        if (!version.isEmpty()) {
          candidates.add(base.resolve("python" + twoNumbers(version)));
        }
        candidates.add(base.resolve("python3"));
        candidates.add(base.resolve("python.exe"));
      } catch (java.nio.file.InvalidPathException e) {
        home = "";
      }
    }
    for (Path candidate : candidates) {
      program = real(candidate);
      if (program != null) {
        break;
      }
    }
    Path base = home.isEmpty() ? null : real(folder.resolve(home));
    Path prefix = base == null ? null : prefixOf(base);
    String implementation = settings.getOrDefault("implementation", "").toLowerCase(Locale.ROOT);
    if (implementation.isEmpty()) {
      implementation =
          program != null && String.valueOf(program.getFileName()).startsWith("pypy")
              ? "pypy"
              : "cpython";
    }
    if (prefix != null && numbers(version) < 3) {
      String exact = patchLevel(prefix, twoNumbers(version));
      version = exact.isEmpty() ? version : exact;
    }
    version = plainVersion(version);
    List<Path> folders = libraryFolders(program, prefix);
    return new Environment(
        Source.Kind.VIRTUAL_ENVIRONMENT,
        folder,
        Optional.of(
            new Interpreter(
                "python",
                version,
                implementation,
                program == null ? "" : program.toString(),
                folders.stream().map(Path::toString).toList())),
        programs(program, folders, version),
        List.of(),
        Set.of());
  }

  private static Environment conda(Path folder) {
    String version = "";
    String implementation = "";
    for (String name : names(folder.resolve("conda-meta"))) {
      Matcher m = CONDA_PYTHON.matcher(name);
      if (m.matches()) {
        version = m.group(1);
        implementation = "cpython";
      } else if (name.startsWith("pypy") && name.endsWith(".json") && implementation.isEmpty()) {
        implementation = "pypy";
      }
    }
    @Nullable Path program =
        firstReal(folder, "bin/python3", "bin/python", "bin/pypy3", "python.exe");
    Optional<Interpreter> interpreter =
        program == null && version.isEmpty()
            ? Optional.empty()
            : Optional.of(
                new Interpreter(
                    "python",
                    version,
                    implementation,
                    program == null ? "" : program.toString(),
                    existing(folder, "lib", "Library/bin").stream().map(Path::toString).toList()));
    // The base environment holds the others, and a cache of all packages that were ever unpacked.
    var leftOut = new LinkedHashSet<>(ownTests(folder, ""));
    leftOut.addAll(List.of("envs", "pkgs", "conda-bld"));
    return new Environment(
        Source.Kind.CONDA_ENVIRONMENT,
        folder,
        interpreter,
        List.of(),
        List.of(),
        Set.copyOf(leftOut));
  }

  private static Environment java(Path folder, Path root, Map<String, String> release) {
    String implementor = release.getOrDefault("IMPLEMENTOR", "").toLowerCase(Locale.ROOT);
    String known =
        Map.ofEntries(
                Map.entry("adoptium", "temurin"),
                Map.entry("adoptopenjdk", "adoptopenjdk"),
                Map.entry("azul", "zulu"),
                Map.entry("amazon", "corretto"),
                Map.entry("graalvm", "graalvm"),
                Map.entry("bellsoft", "liberica"),
                Map.entry("microsoft", "microsoft"),
                Map.entry("sap", "sapmachine"),
                Map.entry("ibm", "semeru"),
                Map.entry("oracle", "oracle"))
            .entrySet()
            .stream()
            .sorted(Map.Entry.comparingByKey())
            .filter(e -> implementor.contains(e.getKey()))
            .map(Map.Entry::getValue)
            .findFirst()
            .orElse(implementor);
    @Nullable Path program = firstReal(root, "bin/java", "bin/java.exe");
    return new Environment(
        Source.Kind.JAVA_INSTALLATION,
        folder,
        Optional.of(
            new Interpreter(
                "java",
                release.getOrDefault("JAVA_VERSION", ""),
                known,
                program == null ? "" : program.toString(),
                existing(root, "lib", "lib/server", "bin", "bin/server").stream()
                    .map(Path::toString)
                    .toList())),
        List.of(),
        List.of(),
        Set.of());
  }

  /** A prefix with Python's own modules; on Windows they lie in {@code Lib}. */
  private static @Nullable Environment installation(Path folder) {
    Path root = folder;
    if (Files.isDirectory(folder.resolve("Versions/Current"))
        && Files.isRegularFile(folder.resolve("Versions/Current/Python"))) {
      root = folder.resolve("Versions/Current"); // A macOS framework.
    }
    String version = "";
    String implementation = "cpython";
    var parts = new LinkedHashSet<String>();
    String at = root.equals(folder) ? "" : pathWithin(folder, root) + "/";
    for (String lib : new String[] {"lib", "lib64"}) {
      for (String name : names(root.resolve(lib))) {
        Matcher m = PYTHON_LIBRARY.matcher(name);
        Path own = root.resolve(lib).resolve(name);
        if (m.matches() && Files.isRegularFile(own.resolve("os.py"))) {
          if (version.isEmpty() || compare(m.group(2), version) > 0) {
            version = m.group(2);
            implementation = m.group(1).equals("pypy") ? "pypy" : "cpython";
          }
          parts.add(at + lib + "/" + name);
        } else if (name.equals("python3")
            || (m.matches()
                && (Files.isDirectory(own.resolve("site-packages"))
                    || Files.isDirectory(own.resolve("dist-packages"))))
            || PYTHON_SHARED.matcher(name).matches()) {
          parts.add(at + lib + "/" + name);
        }
      }
    }
    boolean isWindows =
        version.isEmpty()
            && Files.isRegularFile(root.resolve("python.exe"))
            && Files.isRegularFile(root.resolve("Lib/os.py"));
    if (isWindows) {
      for (String name : names(root)) {
        Matcher m = Pattern.compile("python(\\d)(\\d+)t?\\.dll").matcher(name);
        if (m.matches()) {
          version = m.group(1) + "." + m.group(2);
        }
      }
      parts.clear();
    }
    if (version.isEmpty() && !isWindows) {
      return null;
    }
    String suffix = version;
    @Nullable Path program =
        firstReal(root, "bin/python" + suffix, "bin/pypy" + suffix, "bin/python3", "python.exe");
    if (program == null) {
      return null;
    }
    if (!isWindows) {
      for (String name : names(root.resolve("bin"))) {
        if (PYTHON_PROGRAM.matcher(name).matches()) {
          parts.add(at + "bin/" + name);
        }
      }
      if (Files.isRegularFile(root.resolve("Python"))) {
        parts.add(at + "Python");
      }
    }
    String exact = patchLevel(root, version);
    List<Path> folders = libraryFolders(program, root);
    return new Environment(
        Source.Kind.PYTHON_INSTALLATION,
        folder,
        Optional.of(
            new Interpreter(
                "python",
                exact.isEmpty() ? version : exact,
                implementation,
                program.toString(),
                folders.stream().map(Path::toString).toList())),
        programs(program, folders, version),
        List.copyOf(parts),
        ownTests(root, at));
  }

  /**
   * The folders with Python's tests of itself: programs do not import them, and the damaged
   * archives and odd files among their data are meant to be so.
   */
  private static Set<String> ownTests(Path root, String at) {
    var found = new LinkedHashSet<String>();
    for (String lib : new String[] {"lib", "lib64"}) {
      for (String name : names(root.resolve(lib))) {
        if (PYTHON_LIBRARY.matcher(name).matches()
            && Files.isRegularFile(root.resolve(lib).resolve(name).resolve("os.py"))) {
          found.add(at + lib + "/" + name + "/test");
        }
      }
    }
    if (Files.isRegularFile(root.resolve("Lib/os.py"))) {
      found.add(at + "Lib/test");
    }
    return Set.copyOf(found);
  }

  /** Where the loader finds the library of an interpreter that has one. */
  private static List<Path> libraryFolders(@Nullable Path program, @Nullable Path prefix) {
    var folders = new LinkedHashSet<Path>();
    var prefixes = new LinkedHashSet<Path>();
    if (program != null && program.getParent() != null) {
      Path bin = program.getParent();
      if (hasShared(bin)) {
        folders.add(bin);
      }
      prefixes.add(prefixOf(bin));
    }
    if (prefix != null) {
      prefixes.add(prefix);
    }
    for (Path each : prefixes) {
      for (String name : new String[] {"", "lib", "lib64"}) {
        Path folder = name.isEmpty() ? each : each.resolve(name);
        if (Files.isDirectory(folder) && hasShared(folder)) {
          folders.add(folder);
        }
      }
      // Debian keeps libraries in a folder for each architecture.
      Path lib = each.resolve("lib");
      for (String name : names(lib)) {
        if (name.endsWith("-linux-gnu") && hasShared(lib.resolve(name))) {
          folders.add(lib.resolve(name));
        }
      }
    }
    return List.copyOf(folders);
  }

  private static boolean hasShared(Path folder) {
    return names(folder).stream().anyMatch(n -> PYTHON_SHARED.matcher(n).matches());
  }

  private static List<Path> programs(@Nullable Path program, List<Path> folders, String version) {
    var found = new LinkedHashSet<Path>();
    if (program != null) {
      found.add(program);
    }
    String two = twoNumbers(version);
    for (Path folder : folders) {
      for (String name : names(folder)) {
        boolean isOfVersion =
            name.equals("Python")
                || name.startsWith("libpypy")
                || (name.startsWith("libpython" + two)
                    && !name.startsWith("libpython" + two + "_")
                    && !followsDigit(name, ("libpython" + two).length()))
                || name.equals("python" + two.replace(".", "") + ".dll");
        if (isOfVersion && PYTHON_SHARED.matcher(name).matches()) {
          @Nullable Path real = real(folder.resolve(name));
          if (real != null) {
            found.add(real);
          }
        }
      }
    }
    return List.copyOf(found);
  }

  private static boolean followsDigit(String name, int at) {
    return at < name.length() && Character.isDigit(name.charAt(at));
  }

  /** The folder that a folder of programs belongs to; on Windows it is that folder itself. */
  private static Path prefixOf(Path bin) {
    Path parent = bin.getParent();
    return parent != null && String.valueOf(bin.getFileName()).equals("bin") ? parent : bin;
  }

  private static String patchLevel(Path prefix, String version) {
    for (String include :
        new String[] {"include/python" + version, "include/pypy" + version, "include"}) {
      String text = text(prefix.resolve(include).resolve("patchlevel.h"));
      Matcher m = PATCH_LEVEL.matcher(text);
      if (m.find()) {
        return plainVersion(m.group(1));
      }
    }
    return "";
  }

  /** {@code 3.11.7.final.0} and {@code 3.11.7+} are 3.11.7. */
  private static String plainVersion(String version) {
    Matcher m = Pattern.compile("(\\d+\\.\\d+\\.\\d+)(\\.final.*|\\+)").matcher(version.strip());
    return m.matches() ? m.group(1) : Printable.of(version.strip());
  }

  private static String twoNumbers(String version) {
    Matcher m = Pattern.compile("(\\d+\\.\\d+).*").matcher(version.strip());
    return m.matches() ? m.group(1) : version.strip();
  }

  private static long numbers(String version) {
    return Arrays.stream(version.split("\\.")).filter(p -> p.matches("\\d+")).count();
  }

  private static int compare(String a, String b) {
    int[] left = Arrays.stream(a.split("\\.")).mapToInt(Integer::parseInt).toArray();
    int[] right = Arrays.stream(b.split("\\.")).mapToInt(Integer::parseInt).toArray();
    return Arrays.compare(left, right);
  }

  private static List<Path> existing(Path root, String... names) {
    return Arrays.stream(names).map(root::resolve).filter(Files::isDirectory).toList();
  }

  /** The path of a folder within another, with links resolved. */
  private static String pathWithin(Path folder, Path inner) {
    Path realFolder = real(folder);
    Path realInner = real(inner);
    Path path =
        realFolder != null && realInner != null && realInner.startsWith(realFolder)
            ? realFolder.relativize(realInner)
            : folder.relativize(inner);
    return path.toString().replace('\\', '/');
  }

  private static @Nullable Path firstReal(Path root, String... names) {
    for (String name : names) {
      @Nullable Path real = real(root.resolve(name));
      if (real != null) {
        return real;
      }
    }
    return null;
  }

  private static @Nullable Path real(Path path) {
    try {
      return path.toRealPath();
    } catch (IOException e) {
      return null;
    }
  }

  private static List<String> names(Path folder) {
    var names = new ArrayList<String>();
    try (DirectoryStream<Path> children = Files.newDirectoryStream(folder)) {
      children.forEach(c -> names.add(String.valueOf(c.getFileName())));
    } catch (IOException | java.nio.file.DirectoryIteratorException e) {
      return List.of();
    }
    names.sort(Comparator.naturalOrder());
    return names;
  }

  /** Lines of {@code key = value}; quotes around a value are taken off. */
  private static Map<String, String> settings(Path file) {
    var settings = new HashMap<String, String>();
    for (String line : text(file).split("\\R")) {
      int equals = line.indexOf('=');
      if (equals > 0 && !line.startsWith("#")) {
        String value = line.substring(equals + 1).strip();
        if (value.length() >= 2 && value.startsWith("\"") && value.endsWith("\"")) {
          value = value.substring(1, value.length() - 1);
        }
        settings.putIfAbsent(line.substring(0, equals).strip(), value);
      }
    }
    return settings;
  }

  private static String text(Path file) {
    try {
      if (!Files.isRegularFile(file) || Files.size(file) > LARGEST_TEXT) {
        return "";
      }
      return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
    } catch (IOException e) {
      return "";
    }
  }
}
