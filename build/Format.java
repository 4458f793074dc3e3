import com.google.googlejavaformat.java.Formatter;
import com.google.googlejavaformat.java.FormatterException;
import com.google.googlejavaformat.java.StringWrapper;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Checks that every Java source below the current folder is laid out as google-java-format lays it
 * out, or lays it out so: {@code java -cp google-java-format.jar build/Format.java check|apply}.
 */
public final class Format {
  private static final Set<String> NOT_OURS = Set.of("target", ".git", "node_modules");

  private Format() {}

  public static void main(String[] args) throws IOException {
    boolean apply = args.length == 1 && args[0].equals("apply");
    if (!apply && !(args.length == 1 && args[0].equals("check"))) {
      System.err.println("usage: Format check|apply");
      System.exit(2);
    }
    var differing =
        sources(Path.of("")).parallelStream()
            .filter(path -> differs(path, apply))
            .sorted()
            .toList();
    if (!apply && !differing.isEmpty()) {
      differing.forEach(path -> System.err.println("not formatted: " + path));
      System.err.println("`mvn -N -Pformat validate` formats them.");
      System.exit(1);
    }
  }

  private static List<Path> sources(Path root) throws IOException {
    var found = new ArrayList<Path>();
    Files.walkFileTree(
        root.toAbsolutePath(),
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
            return NOT_OURS.contains(folder.getFileName().toString())
                ? FileVisitResult.SKIP_SUBTREE
                : FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            if (file.toString().endsWith(".java")) {
              found.add(file);
            }
            return FileVisitResult.CONTINUE;
          }
        });
    return found;
  }

  private static boolean differs(Path path, boolean apply) {
    try {
      String source = Files.readString(path);
      var formatter = new Formatter();
      String formatted = StringWrapper.wrap(formatter.formatSourceAndFixImports(source), formatter);
      if (source.equals(formatted)) {
        return false;
      }
      if (apply) {
        Files.writeString(path, formatted);
      }
      return true;
    } catch (IOException | FormatterException e) {
      throw new IllegalStateException(path + ": " + e.getMessage(), e);
    }
  }
}
