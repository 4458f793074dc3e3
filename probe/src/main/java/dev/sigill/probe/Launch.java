package dev.sigill.probe;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A program to run, in the current folder.
 *
 * @param command the program, looked for on the PATH where it is a bare name, and its arguments
 * @param environment its variables, all of them
 * @param streams where its standard streams lead
 */
public record Launch(List<String> command, Map<String, String> environment, Streams streams) {
  /**
   * Where the standard streams lead.
   *
   * @param out the file that standard output is written to, or null for the tool's own streams, all
   *     three
   * @param err the file that standard error is written to, or null with {@code out}
   */
  public record Streams(@Nullable Path out, @Nullable Path err) {
    /** The tool's own: the same terminal, files and pipes. */
    public static final Streams INHERITED = new Streams(null, null);

    /** Whether they are the tool's own. */
    public boolean isInherited() {
      return out == null;
    }
  }

  public Launch {
    command = List.copyOf(command);
    environment = Map.copyOf(environment);
    if (command.isEmpty()) {
      throw new IllegalArgumentException("no command");
    }
  }
}
