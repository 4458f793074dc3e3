package dev.sigill.cli;

import dev.sigill.machine.Machine;
import java.nio.file.Path;
import java.util.List;

/**
 * A Python, JVM or Node.js on this computer, with what is installed for it.
 *
 * @param language {@code python}, {@code java} or {@code node}
 * @param title what people read: {@code Python 3.9.6}
 * @param version its version, or empty
 * @param implementation {@code cpython}, {@code temurin} …, or empty
 * @param path what is to be checked: the environment's or installation's folder
 * @param machine the machine that its processes meet
 * @param remarks what explains an answer, one sentence each without full stop
 */
record LanguageRuntime(
    String language,
    String title,
    String version,
    String implementation,
    Path path,
    Machine machine,
    List<String> remarks) {
  LanguageRuntime {
    remarks = List.copyOf(remarks);
  }
}
