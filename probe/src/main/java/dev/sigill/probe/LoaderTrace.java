package dev.sigill.probe;

import dev.sigill.bytes.Bytes;
import dev.sigill.bytes.Limits;
import dev.sigill.bytes.Place;
import dev.sigill.image.Image;
import dev.sigill.image.Images;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Why the loader of the GNU C library refused a program, where its message went to a terminal: the
 * loader is asked again, in the mode in which it lists what it would load and does not start the
 * program ({@code LD_TRACE_LOADED_OBJECTS}, ld.so(8)), as ldd(1) does.
 */
final class LoaderTrace {
  /** What the loader exits with where it refuses. */
  static final int REFUSED = 127;

  private static final ProcessLimits LIMITS = new ProcessLimits(Duration.ofSeconds(10), 1L << 30);

  private LoaderTrace() {}

  /** The loader's words; empty where the program is none of its kind, or it has no objection. */
  static Optional<String> of(String program, Map<String, String> environment) {
    if (program.isEmpty() || !isDynamic(Path.of(program))) {
      return Optional.empty();
    }
    var variables = new HashMap<>(environment);
    variables.put("LD_TRACE_LOADED_OBJECTS", "1");
    variables.put("LD_WARN", "yes");
    variables.put("LD_BIND_NOW", "yes");
    Path folder = null;
    try {
      folder = Files.createTempDirectory("sigill-");
      Path out = folder.resolve("out");
      Path err = folder.resolve("err");
      var launch = new Launch(List.of(program), variables, new Launch.Streams(out, err));
      new Supervised(launch, LIMITS).run();
      return words(
          Path.of(program).getFileName().toString(), ErrorStream.of(out), ErrorStream.of(err));
    } catch (IOException | NotStartedException e) {
      return Optional.empty();
    } finally {
      delete(folder);
    }
  }

  /** As the loader writes it where it does not only list. */
  private static Optional<String> words(String program, String list, String errors) {
    var lines = new ArrayList<String>();
    list.lines()
        .map(String::strip)
        .filter(l -> l.endsWith("=> not found"))
        .map(l -> l.substring(0, l.indexOf(" =>")))
        .distinct()
        .forEach(
            library ->
                lines.add(
                    program
                        + ": error while loading shared libraries: "
                        + library
                        + ": cannot open shared object file: No such file or directory"));
    errors
        .lines()
        .map(String::strip)
        .filter(
            l -> l.contains("not found") || l.contains("undefined symbol") || l.contains("error"))
        .limit(20)
        .forEach(lines::add);
    return lines.isEmpty() ? Optional.empty() : Optional.of(String.join("\n", lines) + "\n");
  }

  /** Whether the system's loader starts it: an ELF file that needs libraries. */
  private static boolean isDynamic(Path program) {
    try (FileChannel channel = FileChannel.open(program);
        Arena arena = Arena.ofConfined()) {
      if (channel.size() == 0) {
        return false;
      }
      var bytes =
          Bytes.of(
              channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena),
              Place.of(program.toString()));
      return Images.read(bytes, Limits.standard()).images().stream()
          .anyMatch((Image i) -> !i.needed().isEmpty());
    } catch (IOException e) {
      return false;
    }
  }

  private static void delete(@org.jspecify.annotations.Nullable Path folder) {
    if (folder == null) {
      return;
    }
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      // It is small, and in the folder for temporary files.
    }
  }
}
