package dev.sigill.cli;

import dev.sigill.crash.Explanation;
import dev.sigill.crash.Redaction;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Where a command runs.
 *
 * @param in what is piped into it
 * @param out where results go, in UTF-8
 * @param err where everything else goes, in UTF-8
 * @param environment the environment's variables
 * @param folder the folder that relative paths begin in
 * @param terminal what is known of the terminal
 */
record Surroundings(
    InputStream in,
    PrintStream out,
    PrintStream err,
    Map<String, String> environment,
    Path folder,
    Terminal terminal) {
  Surroundings {
    environment = Map.copyOf(environment);
  }

  /** The explanation without names of users and of this computer. */
  Explanation redacted(Explanation explanation) {
    return Redaction.apply(explanation, environment, hostName());
  }

  /** This computer's name, or empty; no server is asked. */
  String hostName() {
    try {
      return Files.readString(Path.of("/proc/sys/kernel/hostname")).strip();
    } catch (IOException e) {
      return environment.getOrDefault("HOSTNAME", environment.getOrDefault("HOST", ""));
    }
  }

  /** The variables as they were before the launcher script and the JDK added theirs. */
  Map<String, String> inheritedEnvironment() {
    var variables = new HashMap<>(environment);
    String locale = variables.remove("SIGILL_LC_ALL");
    if (locale != null && locale.startsWith("=")) {
      variables.put("LC_ALL", locale.substring(1));
    } else if (locale != null) {
      variables.remove("LC_ALL");
    }
    variables.keySet().removeIf(name -> name.startsWith("JAVA_MAIN_CLASS_"));
    variables.keySet().removeAll(List.of("SIGILL_TERMINAL", "SIGILL_LOCALE", "SIGILL_IGNORED"));
    return variables;
  }
}
