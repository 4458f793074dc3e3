package dev.sigill.installation;

import dev.sigill.installation.Installation.Kind;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds Nodes and the packages of the current project. Sources: the documentations of nvm,
 * nvm-windows, fnm, Volta, n, asdf, mise and Homebrew for their folders.
 */
final class NodeSearch {
  private static final Pattern MAJOR = Pattern.compile("#define NODE_MAJOR_VERSION ([0-9]{1,4})");
  private static final Pattern MINOR = Pattern.compile("#define NODE_MINOR_VERSION ([0-9]{1,4})");
  private static final Pattern PATCH = Pattern.compile("#define NODE_PATCH_VERSION ([0-9]{1,4})");
  private static final Pattern VERSION =
      Pattern.compile("v?([0-9]{1,3}\\.[0-9]{1,3}\\.[0-9]{1,3})");

  private final Places places;
  private final Collected collected;

  NodeSearch(Places places, Collected collected) {
    this.places = places;
    this.collected = collected;
  }

  void search() {
    searchPath();
    all(places.variableOr("NVM_DIR", ".nvm").resolve("versions/node"), "", "nvm");
    all(places.variableOr("NVM_HOME", "AppData/Roaming/nvm"), "", "nvm");
    for (String folder :
        new String[] {
          ".local/share/fnm", ".fnm", "Library/Application Support/fnm", "AppData/Roaming/fnm"
        }) {
      all(places.atHome(folder).resolve("node-versions"), "installation", "fnm");
    }
    Path fnm = places.variable("FNM_DIR");
    if (fnm != null) {
      all(fnm.resolve("node-versions"), "installation", "fnm");
    }
    all(places.variableOr("VOLTA_HOME", ".volta").resolve("tools/image/node"), "", "Volta");
    all(places.at("usr/local/n/versions/node"), "", "n");
    all(places.atHome("n/n/versions/node"), "", "n");
    all(places.variableOr("ASDF_DATA_DIR", ".asdf").resolve("installs/nodejs"), "", "asdf");
    all(
        places.variableOr("MISE_DATA_DIR", ".local/share/mise").resolve("installs/node"),
        "",
        "mise");
    for (String brew :
        new String[] {"opt/homebrew/opt", "usr/local/opt", "home/linuxbrew/.linuxbrew/opt"}) {
      for (Path formula : Places.folders(places.at(brew))) {
        String name = Places.name(formula);
        if (name.equals("node") || name.startsWith("node@")) {
          prefix(formula, "Homebrew", false);
        }
      }
    }
    prefix(places.at("Program Files/nodejs"), "Program Files", false);
    project();
  }

  private void searchPath() {
    boolean isFound = false;
    for (Path folder : places.searched()) {
      Path program = folder.resolve(places.isWindows() ? "node.exe" : "node");
      if (Files.isRegularFile(program)) {
        Path real = Places.real(program);
        if (Program.isNative(real)) {
          add(prefixOf(real), real, "PATH", !isFound);
          isFound = true;
        }
      }
    }
  }

  private static Path prefixOf(Path program) {
    Path bin = program.getParent();
    if (bin == null) {
      return program;
    }
    Path above = bin.getParent();
    return Places.name(bin).equals("bin") && above != null ? above : bin;
  }

  private void all(Path parent, String inner, String found) {
    for (Path folder : Places.folders(parent)) {
      prefix(inner.isEmpty() ? folder : folder.resolve(inner), found, false);
    }
  }

  private void prefix(Path prefix, String found, boolean isActive) {
    for (String name : new String[] {"bin/node", "node.exe"}) {
      Path program = prefix.resolve(name);
      if (Files.isRegularFile(program) && Program.isNative(Places.real(program))) {
        add(prefix, program, found, isActive);
        return;
      }
    }
  }

  private void add(Path prefix, Path program, String found, boolean isActive) {
    Path real = Places.real(program);
    Path root = packages(prefix, real);
    if (collected.knows("node", root) && !isActive) {
      return;
    }
    String version = version(prefix, real);
    collected.add(
        new Installation(
            Kind.NODE,
            root,
            Optional.of(program),
            "Node.js" + (version.isEmpty() ? "" : " " + version),
            version,
            "node",
            Program.architectures(real),
            List.of(),
            found,
            isActive));
  }

  /** The global packages, or the program alone where there are none. */
  private static Path packages(Path prefix, Path program) {
    for (String folder : new String[] {"lib/node_modules", "node_modules"}) {
      Path packages = prefix.resolve(folder);
      if (Files.isDirectory(packages)) {
        return packages;
      }
    }
    return program;
  }

  private static String version(Path prefix, Path program) {
    String header = Places.text(prefix.resolve("include/node/node_version.h"));
    Matcher major = MAJOR.matcher(header);
    Matcher minor = MINOR.matcher(header);
    Matcher patch = PATCH.matcher(header);
    if (major.find() && minor.find() && patch.find()) {
      return major.group(1) + "." + minor.group(1) + "." + patch.group(1);
    }
    for (Path start : List.of(prefix, program)) {
      for (Path part = start; part != null; part = part.getParent()) {
        Matcher name = VERSION.matcher(Places.name(part));
        if (name.find()) {
          return name.group(1);
        }
      }
    }
    return "";
  }

  private void project() {
    Path packages = places.current().resolve("node_modules");
    if (Files.isDirectory(packages)) {
      collected.add(
          new Installation(
              Kind.NODE_MODULES,
              packages,
              Optional.empty(),
              "node_modules of " + Places.name(places.current()),
              "",
              "",
              List.of(),
              List.of(),
              "current folder",
              false));
    }
  }
}
