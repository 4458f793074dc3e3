package dev.sigill.source;

import dev.sigill.bytes.Problem;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * An opened target: a file, folder, environment or archive. Holds mappings and temporary files
 * until it is closed. A source lists members on opening; their bytes are read when asked for.
 */
public interface Source extends AutoCloseable {
  /** What kind of thing it is. */
  enum Kind {
    FILE,
    FOLDER,
    VIRTUAL_ENVIRONMENT,
    CONDA_ENVIRONMENT,
    PYTHON_INSTALLATION,
    JAVA_INSTALLATION,
    NODE_MODULES,
    WHEEL,
    JAR,
    CONDA_PACKAGE,
    ZIP,
    TAR
  }

  /** The target as the user wrote it. */
  String target();

  /** The last part of its name: {@code tensorflow-2.11.0-cp39-cp39-macosx_10_14_x86_64.whl}. */
  String artifact();

  Kind kind();

  /** The native files, in the order of their paths. */
  List<Member> members();

  /**
   * Other paths under which a loader finds a member: symbolic links, links to the folders it lies
   * in, and hard links; the link's path to the path of a member, in the order of the links' paths.
   */
  Map<String, String> links();

  /** The packages in it, in the order of their names. */
  List<Distribution> distributions();

  /** The Python source files in it; none of those that can be read only in passing. */
  PythonCode pythonCode();

  /** The interpreter of an environment. */
  Optional<Interpreter> interpreter();

  /** What could not be opened or unpacked, and where. */
  List<Problem> problems();

  /**
   * Gives back mappings, memory and temporary files; to be called when no thread reads members any
   * more.
   */
  @Override
  void close();
}
