package dev.sigill.installation;

import dev.sigill.installation.Installation.Kind;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Finds Java installations. Sources: the {@code release} file of each; the documentations of
 * SDKMAN!, jEnv's and IntelliJ IDEA's, Gradle's and Homebrew's folders.
 */
final class JavaSearch {
  private final Places places;
  private final Collected collected;

  JavaSearch(Places places, Collected collected) {
    this.places = places;
    this.collected = collected;
  }

  void search() {
    boolean isActiveFound = searchPath();
    Path home = places.variable("JAVA_HOME");
    if (home != null) {
      home(home, "JAVA_HOME", !isActiveFound);
    }
    for (String folder :
        new String[] {"usr/lib/jvm", "usr/lib64/jvm", "usr/java", "opt/java", "opt/jdk"}) {
      home(places.at(folder), folder, false);
      all(places.at(folder), "/" + folder);
    }
    all(places.at("Library/Java/JavaVirtualMachines"), "/Library/Java/JavaVirtualMachines");
    all(places.atHome("Library/Java/JavaVirtualMachines"), "~/Library/Java/JavaVirtualMachines");
    all(places.variableOr("SDKMAN_DIR", ".sdkman").resolve("candidates/java"), "SDKMAN!");
    all(places.atHome(".jdks"), "~/.jdks");
    all(places.variableOr("GRADLE_USER_HOME", ".gradle").resolve("jdks"), "Gradle");
    all(places.variableOr("ASDF_DATA_DIR", ".asdf").resolve("installs/java"), "asdf");
    all(places.variableOr("MISE_DATA_DIR", ".local/share/mise").resolve("installs/java"), "mise");
    for (String brew :
        new String[] {"opt/homebrew/opt", "usr/local/opt", "home/linuxbrew/.linuxbrew/opt"}) {
      for (Path formula : Places.folders(places.at(brew))) {
        if (Places.name(formula).startsWith("openjdk")) {
          home(formula.resolve("libexec/openjdk.jdk"), "Homebrew", false);
          home(formula.resolve("libexec"), "Homebrew", false);
        }
      }
    }
    if (places.isWindows()) {
      for (String parent : new String[] {"Program Files", "Program Files (x86)"}) {
        for (String vendor :
            new String[] {
              "Java",
              "Eclipse Adoptium",
              "Zulu",
              "Microsoft",
              "Amazon Corretto",
              "BellSoft",
              "Semeru",
              "SapMachine",
              "GraalVM"
            }) {
          all(places.at(parent).resolve(vendor), vendor);
        }
      }
    }
  }

  private boolean searchPath() {
    boolean isFound = false;
    for (Path folder : places.searched()) {
      Path program = folder.resolve(places.isWindows() ? "java.exe" : "java");
      if (!Files.isRegularFile(program)) {
        continue;
      }
      Path real = Places.real(program);
      Path bin = real.getParent();
      Path home = bin == null ? null : bin.getParent();
      if (home != null && home(home, "PATH", !isFound)) {
        isFound = true;
      }
    }
    return isFound;
  }

  private void all(Path parent, String found) {
    for (Path folder : Places.folders(parent)) {
      home(folder, found, false);
    }
  }

  /** The installation of a folder or bundle; false where it holds none. */
  private boolean home(Path folder, String found, boolean isActive) {
    for (String inner : new String[] {"", "Contents/Home", "jre"}) {
      Path home = inner.isEmpty() ? folder : folder.resolve(inner);
      Path program = programOf(home);
      boolean isHome =
          program != null
              && (Files.isRegularFile(home.resolve("release"))
                  || Files.isRegularFile(home.resolve("lib/modules"))
                  || Files.isRegularFile(home.resolve("lib/rt.jar")));
      if (isHome) {
        if (isActive || !collected.knows("java", home)) {
          add(home, program, found, isActive);
        }
        return true;
      }
    }
    return false;
  }

  private void add(Path home, Path program, String found, boolean isActive) {
    Map<String, String> release = release(home);
    String version = release.getOrDefault("JAVA_VERSION", "");
    String implementation = implementation(release);
    boolean isKnown = collected.knows("java", home);
    collected.add(
        new Installation(
            Kind.JAVA,
            home,
            Optional.of(program),
            title(implementation) + (version.isEmpty() ? "" : " " + version),
            version,
            implementation,
            isKnown ? List.of() : Program.architectures(Places.real(program)),
            List.of(),
            found,
            isActive));
  }

  private static @Nullable Path programOf(Path home) {
    for (String name : new String[] {"bin/java", "bin/java.exe"}) {
      Path program = home.resolve(name);
      if (Files.isRegularFile(program) && Program.isNative(Places.real(program))) {
        return program;
      }
    }
    return null;
  }

  /** The assignments of the file {@code release}. */
  private static Map<String, String> release(Path home) {
    Map<String, String> release = new HashMap<>();
    for (String line : Places.text(home.resolve("release")).lines().toList()) {
      int equals = line.indexOf('=');
      if (equals > 0) {
        String value = line.substring(equals + 1).strip();
        boolean isQuoted = value.length() > 1 && value.startsWith("\"") && value.endsWith("\"");
        release.put(
            line.substring(0, equals).strip(),
            isQuoted ? value.substring(1, value.length() - 1) : value);
      }
    }
    return release;
  }

  private record Maker(String word, String implementation, String title) {}

  private static final List<Maker> MAKERS =
      List.of(
          new Maker("adoptium", "temurin", "Temurin"),
          new Maker("adoptopenjdk", "adoptopenjdk", "AdoptOpenJDK"),
          new Maker("azul", "zulu", "Zulu"),
          new Maker("amazon", "corretto", "Corretto"),
          new Maker("graalvm", "graalvm", "GraalVM"),
          new Maker("bellsoft", "liberica", "Liberica"),
          new Maker("microsoft", "microsoft", "Microsoft OpenJDK"),
          new Maker("sap", "sapmachine", "SapMachine"),
          new Maker("ibm", "semeru", "Semeru"),
          new Maker("jetbrains", "jetbrains", "JetBrains Runtime"),
          new Maker("oracle", "oracle", "Oracle JDK"));

  private static String implementation(Map<String, String> release) {
    String implementor =
        (release.getOrDefault("IMPLEMENTOR", "")
                + " "
                + release.getOrDefault("GRAALVM_VERSION", ""))
            .strip()
            .toLowerCase(Locale.ROOT);
    if (release.containsKey("GRAALVM_VERSION")) {
      return "graalvm";
    }
    for (Maker maker : MAKERS) {
      if (implementor.contains(maker.word())) {
        return maker.implementation();
      }
    }
    return implementor.isEmpty() ? "" : "openjdk";
  }

  private static String title(String implementation) {
    for (Maker maker : MAKERS) {
      if (maker.implementation().equals(implementation)) {
        return maker.title();
      }
    }
    return implementation.isEmpty() ? "Java" : "OpenJDK";
  }
}
