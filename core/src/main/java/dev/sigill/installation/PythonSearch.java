package dev.sigill.installation;

import dev.sigill.installation.Installation.Kind;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.FileVisitor;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Finds Pythons. Sources: PEP 405 for virtual environments; the documentations of pyenv, conda, uv,
 * pipx, virtualenvwrapper, Poetry, Pipenv, Homebrew and python.org's installers for their folders.
 */
final class PythonSearch {
  private static final Pattern PROGRAM =
      Pattern.compile("(python|pypy)(3|3\\.[0-9]{1,2}t?)?(\\.exe)?");

  private static final Pattern LIBRARY = Pattern.compile("(python|pypy)([0-9]\\.[0-9]{1,2})t?");
  private static final Pattern CONDA_RECORD =
      Pattern.compile("python-([0-9]+\\.[0-9]+\\.[0-9]+[a-z0-9]*)-[^-]*\\.json");

  private static final Pattern PATCH_LEVEL =
      Pattern.compile("#define\\s+PY_VERSION\\s+\"([^\"+]{1,40})\\+?\"");

  private static final Pattern VERSION = Pattern.compile("3\\.[0-9]{1,2}\\.[0-9]{1,3}[a-z0-9]*");

  /** Folders of projects that hold no environments, or too many files. */
  private static final Set<String> SKIPPED =
      Set.of(
          "node_modules",
          ".git",
          ".hg",
          ".svn",
          "__pycache__",
          "site-packages",
          ".cache",
          ".mypy_cache",
          ".pytest_cache",
          ".ruff_cache",
          ".gradle",
          ".m2",
          ".cargo",
          ".rustup");

  private static final int DEPTH = 4;
  private static final int MOST_FOLDERS = 10_000;

  private final Places places;
  private final Collected collected;

  PythonSearch(Places places, Collected collected) {
    this.places = places;
    this.collected = collected;
  }

  void search() {
    active();
    searchPath();
    pyenv();
    conda();
    uv();
    installers();
    environments();
    current();
  }

  /** What {@code python} means here: an activated environment, else the first on the PATH. */
  private void active() {
    Path virtual = places.variable("VIRTUAL_ENV");
    if (virtual != null && environment(virtual, "VIRTUAL_ENV", true)) {
      return;
    }
    Path conda = places.variable("CONDA_PREFIX");
    if (conda != null && condaEnvironment(conda, "CONDA_PREFIX", true)) {
      return;
    }
    for (Path folder : places.searched()) {
      for (String name : new String[] {"python3", "python", "python.exe"}) {
        Path program = folder.resolve(name);
        if (!Files.isRegularFile(program)) {
          continue;
        }
        if (folder.equals(places.variableOr("PYENV_ROOT", ".pyenv").resolve("shims"))) {
          if (pyenvChoice()) {
            return;
          }
        } else if (isStandIn(program)) {
          if (appleTools(true)) {
            return;
          }
        } else if (program(program, "PATH", true)) {
          return;
        }
      }
    }
  }

  /** macOS's own {@code python3} only starts the one of the developer tools. */
  private boolean isStandIn(Path program) {
    return places.isMac() && program.startsWith(places.at("usr/bin"));
  }

  private void searchPath() {
    for (Path folder : places.searched()) {
      for (Path child : Places.children(folder)) {
        if (PROGRAM.matcher(Places.name(child)).matches() && !isStandIn(child)) {
          program(child, "PATH", false);
        }
      }
    }
  }

  private void pyenv() {
    Path versions = places.variableOr("PYENV_ROOT", ".pyenv").resolve("versions");
    for (Path version : Places.folders(versions)) {
      any(version, "pyenv");
      for (Path inner : Places.folders(version.resolve("envs"))) {
        environment(inner, "pyenv", false);
      }
    }
    for (Path version : Places.folders(places.atHome(".pyenv/pyenv-win/versions"))) {
      any(version, "pyenv");
    }
    for (Path version :
        Places.folders(places.variableOr("ASDF_DATA_DIR", ".asdf").resolve("installs/python"))) {
      any(version, "asdf");
    }
    for (Path version :
        Places.folders(
            places.variableOr("MISE_DATA_DIR", ".local/share/mise").resolve("installs/python"))) {
      any(version, "mise");
    }
  }

  /** The version that pyenv's stand-ins start in the current folder. */
  private boolean pyenvChoice() {
    Path root = places.variableOr("PYENV_ROOT", ".pyenv");
    String chosen = places.environment().apply("PYENV_VERSION");
    for (Path folder = places.current();
        chosen == null && folder != null;
        folder = folder.getParent()) {
      String text = Places.text(folder.resolve(".python-version")).strip();
      chosen = text.isEmpty() ? null : text;
    }
    if (chosen == null) {
      chosen = Places.text(root.resolve("version")).strip();
    }
    String first = chosen.split("[\\s:]", 2)[0];
    if (first.isEmpty() || first.equals("system") || first.contains("..")) {
      return false;
    }
    try {
      return any(root.resolve("versions").resolve(first), "pyenv", true);
    } catch (InvalidPathException e) {
      return false;
    }
  }

  private void conda() {
    var bases = new ArrayList<Path>();
    for (String name :
        new String[] {
          "miniconda3",
          "anaconda3",
          "miniforge3",
          "mambaforge",
          "micromamba",
          "miniconda",
          "anaconda",
          "opt/miniconda3",
          "opt/anaconda3",
          ".local/share/mamba"
        }) {
      bases.add(places.atHome(name));
    }
    for (String name :
        new String[] {
          "opt/conda",
          "opt/miniconda3",
          "opt/anaconda3",
          "opt/miniforge3",
          "opt/homebrew/Caskroom/miniconda/base",
          "opt/homebrew/Caskroom/miniforge/base",
          "opt/homebrew/anaconda3",
          "usr/local/Caskroom/miniconda/base",
          "usr/local/Caskroom/miniforge/base",
          "usr/local/anaconda3",
          "usr/local/miniconda3",
          "ProgramData/miniconda3",
          "ProgramData/anaconda3",
          "ProgramData/miniforge3"
        }) {
      bases.add(places.at(name));
    }
    for (String variable : new String[] {"MAMBA_ROOT_PREFIX", "CONDA_ROOT"}) {
      Path base = places.variable(variable);
      if (base != null) {
        bases.add(base);
      }
    }
    Path program = places.variable("CONDA_EXE");
    if (program != null && program.getParent() != null && program.getParent().getParent() != null) {
      bases.add(program.getParent().getParent());
    }
    for (Path base : bases) {
      condaEnvironment(base, "conda", false);
      for (Path environment : Places.folders(base.resolve("envs"))) {
        condaEnvironment(environment, "conda", false);
      }
    }
    for (Path environment : Places.folders(places.atHome(".conda/envs"))) {
      condaEnvironment(environment, "conda", false);
    }
    for (String line : Places.text(places.atHome(".conda/environments.txt")).lines().toList()) {
      try {
        if (!line.isBlank()) {
          condaEnvironment(places.home().resolve(line.strip()), "conda", false);
        }
      } catch (InvalidPathException e) {
        continue;
      }
    }
  }

  private void uv() {
    Path pythons =
        places.isWindows()
            ? places.variableOr("UV_PYTHON_INSTALL_DIR", "AppData/Roaming/uv/python")
            : places.variableOr("UV_PYTHON_INSTALL_DIR", ".local/share/uv/python");
    Path tools =
        places.isWindows()
            ? places.variableOr("UV_TOOL_DIR", "AppData/Roaming/uv/tools")
            : places.variableOr("UV_TOOL_DIR", ".local/share/uv/tools");
    for (Path python : Places.folders(pythons)) {
      any(python, "uv");
    }
    for (Path tool : Places.folders(tools)) {
      environment(tool, "uv tool", false);
    }
  }

  private void installers() {
    if (places.isMac()) {
      frameworks(places.at("Library/Frameworks/Python.framework/Versions"), "python.org", false);
      frameworks(places.at("Library/Frameworks/PythonT.framework/Versions"), "python.org", false);
      appleTools(false);
    }
    for (String brew :
        new String[] {"opt/homebrew/opt", "usr/local/opt", "home/linuxbrew/.linuxbrew/opt"}) {
      for (Path formula : Places.folders(places.at(brew))) {
        String name = Places.name(formula);
        if (name.startsWith("python@") || name.startsWith("pypy")) {
          frameworks(formula.resolve("Frameworks/Python.framework/Versions"), "Homebrew", false);
          any(formula, "Homebrew");
          any(formula.resolve("libexec"), "Homebrew");
        }
      }
    }
    if (places.isWindows()) {
      var parents = new ArrayList<Path>();
      parents.add(places.atHome("AppData/Local/Programs/Python"));
      parents.add(places.atHome("AppData/Local/Python"));
      parents.add(places.at("Program Files"));
      parents.add(places.at("Program Files (x86)"));
      parents.add(places.root());
      for (Path parent : parents) {
        for (Path folder : Places.folders(parent)) {
          if (Places.name(folder).toLowerCase(java.util.Locale.ROOT).startsWith("python")) {
            any(folder, "python.org");
          }
        }
      }
    }
  }

  private boolean appleTools(boolean isActive) {
    boolean isFound = false;
    for (String tools :
        new String[] {
          "Library/Developer/CommandLineTools", "Applications/Xcode.app/Contents/Developer"
        }) {
      Path versions = places.at(tools).resolve("Library/Frameworks/Python3.framework/Versions");
      if (frameworks(versions, "Xcode", isActive && !isFound)) {
        isFound = true;
      }
    }
    return isFound;
  }

  /** The versions of a framework, without the link to the current one. */
  private boolean frameworks(Path versions, String found, boolean isActive) {
    boolean isFound = false;
    for (Path version : Places.folders(versions)) {
      if (Places.isOwnFolder(version)) {
        isFound |= any(version, found, isActive);
      }
    }
    return isFound;
  }

  private void environments() {
    record Parent(Path folder, String found) {}
    var parents = new ArrayList<Parent>();
    Path pipx = places.variable("PIPX_HOME");
    if (pipx != null) {
      parents.add(new Parent(pipx.resolve("venvs"), "pipx"));
    }
    parents.add(new Parent(places.atHome(".local/pipx/venvs"), "pipx"));
    parents.add(new Parent(places.atHome(".local/share/pipx/venvs"), "pipx"));
    parents.add(new Parent(places.atHome("Library/Application Support/pipx/venvs"), "pipx"));
    parents.add(new Parent(places.atHome("pipx/venvs"), "pipx"));
    parents.add(new Parent(places.variableOr("WORKON_HOME", ".virtualenvs"), "virtualenvwrapper"));
    parents.add(new Parent(places.atHome(".venvs"), "~/.venvs"));
    parents.add(new Parent(places.atHome(".cache/pypoetry/virtualenvs"), "Poetry"));
    parents.add(new Parent(places.atHome("Library/Caches/pypoetry/virtualenvs"), "Poetry"));
    parents.add(new Parent(places.atHome("AppData/Local/pypoetry/Cache/virtualenvs"), "Poetry"));
    parents.add(new Parent(places.atHome(".local/share/virtualenvs"), "Pipenv"));
    for (Parent parent : parents) {
      for (Path folder : Places.folders(parent.folder())) {
        environment(folder, parent.found(), false);
      }
    }
    environment(places.atHome(".venv"), "~/.venv", false);
    environment(places.atHome("venv"), "~/venv", false);
  }

  /** Environments below the current folder, not deeper than projects put them. */
  private void current() {
    FileVisitor<Path> visitor =
        new SimpleFileVisitor<>() {
          private int seen;

          @Override
          public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
            if (++seen > MOST_FOLDERS) {
              return FileVisitResult.TERMINATE;
            }
            if (!folder.equals(places.current()) && SKIPPED.contains(Places.name(folder))) {
              return FileVisitResult.SKIP_SUBTREE;
            }
            boolean isEnvironment =
                environment(folder, "current folder", false)
                    || condaEnvironment(folder, "current folder", false);
            return isEnvironment ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path file, IOException e) {
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException e) {
            return FileVisitResult.CONTINUE;
          }
        };
    try {
      Files.walkFileTree(
          places.current(), EnumSet.noneOf(java.nio.file.FileVisitOption.class), DEPTH, visitor);
    } catch (IOException | SecurityException e) {
      return;
    }
  }

  /** Whatever Python a program on the PATH belongs to. */
  private boolean program(Path program, String found, boolean isActive) {
    Path bin = program.getParent();
    if (bin == null || bin.getParent() == null) {
      return false;
    }
    Path prefix = places.isWindows() && !isBin(bin) ? bin : bin.getParent();
    if (environment(prefix, found, isActive) || condaEnvironment(prefix, found, isActive)) {
      return true;
    }
    Path real = Places.real(program);
    if (!Program.isNative(real)) {
      return false;
    }
    Path realBin = real.getParent();
    if (realBin == null) {
      return false;
    }
    Path realPrefix = isBin(realBin) && realBin.getParent() != null ? realBin.getParent() : realBin;
    return environment(realPrefix, found, isActive)
        || condaEnvironment(realPrefix, found, isActive)
        || python(realPrefix, real, found, isActive);
  }

  private static boolean isBin(Path folder) {
    String name = Places.name(folder);
    return name.equals("bin") || name.equals("Scripts");
  }

  private boolean any(Path folder, String found) {
    return any(folder, found, false);
  }

  /** Whatever Python a folder holds. */
  private boolean any(Path folder, String found, boolean isActive) {
    if (environment(folder, found, isActive) || condaEnvironment(folder, found, isActive)) {
      return true;
    }
    Path program = programOf(folder);
    return program != null && python(folder, Places.real(program), found, isActive);
  }

  private boolean environment(Path folder, String found, boolean isActive) {
    Path settings = folder.resolve("pyvenv.cfg");
    if (!Files.isRegularFile(settings)) {
      return false;
    }
    Path program = programOf(folder);
    if (program == null) {
      return false;
    }
    String version = "";
    String implementation = "";
    for (String line : Places.text(settings).lines().toList()) {
      int equals = line.indexOf('=');
      String key = equals < 0 ? "" : line.substring(0, equals).strip();
      String value = equals < 0 ? "" : line.substring(equals + 1).strip();
      switch (key) {
        case "version", "version_info" -> version = plain(value);
        case "implementation" -> implementation = value.toLowerCase(java.util.Locale.ROOT);
        default -> {}
      }
    }
    Path real = Places.real(program);
    if (implementation.isEmpty()) {
      implementation = implementationOf(real);
    }
    add(
        Kind.VIRTUAL_ENVIRONMENT,
        folder,
        program,
        title(implementation, version),
        version,
        implementation,
        List.of(),
        found,
        isActive);
    return true;
  }

  private boolean condaEnvironment(Path folder, String found, boolean isActive) {
    Path records = folder.resolve("conda-meta");
    if (!Files.isDirectory(records)) {
      return false;
    }
    Path program = programOf(folder);
    if (program == null) {
      return false;
    }
    if (collected.knows("python", folder) && !isActive) {
      return true;
    }
    String version = "";
    for (Path record : Places.children(records)) {
      Matcher name = CONDA_RECORD.matcher(Places.name(record));
      if (name.matches()) {
        version = name.group(1);
      }
    }
    String implementation = implementationOf(Places.real(program));
    add(
        Kind.CONDA_ENVIRONMENT,
        folder,
        program,
        title(implementation, version) + " (conda)",
        version,
        implementation,
        List.of(),
        found,
        isActive);
    return true;
  }

  private boolean python(Path prefix, Path program, String found, boolean isActive) {
    if (collected.knows("python", prefix) && !isActive) {
      return true;
    }
    String implementation = implementationOf(program);
    String version = version(prefix, program);
    add(
        Kind.PYTHON,
        prefix,
        program,
        title(implementation, version),
        version,
        implementation,
        packageFolders(prefix, version),
        found,
        isActive);
    return true;
  }

  private void add(
      Kind kind,
      Path root,
      Path program,
      String title,
      String version,
      String implementation,
      List<Path> packageFolders,
      String found,
      boolean isActive) {
    boolean isKnown = collected.knows("python", root);
    collected.add(
        new Installation(
            kind,
            root,
            Optional.of(program),
            title,
            version,
            implementation,
            isKnown ? List.of() : Program.architectures(Places.real(program)),
            packageFolders,
            found,
            isActive));
  }

  /** The program of a prefix or environment that is really one; null for none. */
  private static @Nullable Path programOf(Path folder) {
    for (String path :
        new String[] {
          "bin/python3", "bin/python", "bin/pypy3", "Scripts/python.exe", "python.exe"
        }) {
      Path program = folder.resolve(path);
      if (Files.isRegularFile(program) && Program.isNative(Places.real(program))) {
        return program;
      }
    }
    for (Path child : Places.children(folder.resolve("bin"))) {
      if (PROGRAM.matcher(Places.name(child)).matches() && Program.isNative(Places.real(child))) {
        return child;
      }
    }
    return null;
  }

  private static String implementationOf(Path program) {
    return Places.name(program).startsWith("pypy") ? "pypy" : "cpython";
  }

  private static String title(String implementation, String version) {
    return (implementation.equals("pypy") ? "PyPy" : "Python")
        + (version.isEmpty() ? "" : " " + version);
  }

  private static String plain(String version) {
    Matcher three = Pattern.compile("([0-9]+\\.[0-9]+\\.[0-9]+)(\\.final.*)?").matcher(version);
    return three.matches() ? three.group(1) : version.length() > 30 ? "" : version;
  }

  /** The version that a header, a folder's name or the library's folder states, in this order. */
  private static String version(Path prefix, Path program) {
    String minor = "";
    Matcher named =
        Pattern.compile("(?:python|pypy)(3\\.[0-9]{1,2})t?.*").matcher(Places.name(program));
    if (named.matches()) {
      minor = named.group(1);
    }
    if (minor.isEmpty()) {
      for (Path library : Places.folders(prefix.resolve("lib"))) {
        Matcher m = LIBRARY.matcher(Places.name(library));
        if (m.matches()) {
          minor = m.group(2);
        }
      }
    }
    for (String include :
        new String[] {"include/python" + minor, "include/pypy" + minor, "include"}) {
      Matcher header = PATCH_LEVEL.matcher(Places.text(prefix.resolve(include + "/patchlevel.h")));
      if (header.find()) {
        return header.group(1);
      }
    }
    for (Path part = prefix; part != null; part = part.getParent()) {
      Matcher m = VERSION.matcher(Places.name(part));
      if (m.find() && m.group().startsWith(minor)) {
        return m.group();
      }
    }
    if (minor.isEmpty()) {
      for (Path child : Places.children(prefix)) {
        Matcher m = Pattern.compile("python3([0-9]{1,2})t?\\.dll").matcher(Places.name(child));
        if (m.matches()) {
          minor = "3." + m.group(1);
        }
      }
    }
    return minor;
  }

  /** Where pip puts packages for a Python that is not the user's to write, if there are any. */
  private List<Path> packageFolders(Path prefix, String version) {
    Matcher two = Pattern.compile("(3)\\.([0-9]{1,2}).*").matcher(version);
    if (!two.matches()) {
      return List.of();
    }
    String minor = "3." + two.group(2);
    var folders = new ArrayList<Path>();
    if (places.isWindows()) {
      folders.add(
          places.atHome("AppData/Roaming/Python/Python3" + two.group(2) + "/site-packages"));
    } else if (places.isMac()) {
      folders.add(places.atHome("Library/Python/" + minor + "/lib/python/site-packages"));
    } else {
      folders.add(places.atHome(".local/lib/python" + minor + "/site-packages"));
      if (prefix.equals(places.at("usr")) || prefix.equals(Places.real(places.at("usr")))) {
        folders.add(places.at("usr/local/lib/python" + minor + "/dist-packages"));
        folders.add(places.at("usr/local/lib64/python" + minor + "/site-packages"));
        folders.add(places.at("usr/local/lib/python" + minor + "/site-packages"));
      }
    }
    return folders.stream().filter(Files::isDirectory).toList();
  }
}
