import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassFileVersion;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassTransform;
import java.lang.constant.ClassDesc;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/**
 * Lays out the folder that the launcher starts: the JARs, and the ahead-of-time cache that goes
 * with them and with one JDK.
 *
 * <ul>
 *   <li>{@code java build/App.java jars FOLDER TOOL.jar LIBRARIES} copies the JARs. Classes of old
 *       formats are written anew in the current one, because the cache keeps no class without stack
 *       maps (JVM specification, section 4.10.1), and sealed packages are unsealed.
 *   <li>{@code java build/App.java cache FOLDER} makes the cache with the JDK that runs this. It
 *       never fails: the tool starts without a cache too, only later.
 * </ul>
 */
public final class App {
  private static final String TOOL = "sigill.jar";
  private static final String CACHE = "sigill.aot";

  /** Class files from this version on have stack maps (Java 7). */
  private static final int WITH_STACK_MAPS = 51;

  private static final Instant TIME = Instant.parse("2026-01-01T00:00:00Z");

  private App() {}

  public static void main(String[] args) throws IOException, InterruptedException {
    if (args.length == 4 && args[0].equals("jars")) {
      jars(Path.of(args[1]), Path.of(args[2]), Path.of(args[3]));
    } else if (args.length == 2 && args[0].equals("cache")) {
      cache(Path.of(args[1]).toAbsolutePath());
    } else {
      System.err.println("usage: App jars FOLDER TOOL.jar LIBRARIES | App cache FOLDER");
      System.exit(2);
    }
  }

  private static void jars(Path folder, Path tool, Path libraries) throws IOException {
    Files.createDirectories(folder);
    try (Stream<Path> old = Files.list(folder)) {
      for (Path file : old.filter(f -> f.toString().endsWith(".jar")).toList()) {
        Files.delete(file);
      }
    }
    copy(tool, folder.resolve(TOOL));
    try (Stream<Path> files = Files.list(libraries)) {
      for (Path jar : files.filter(f -> f.toString().endsWith(".jar")).sorted().toList()) {
        copy(jar, folder.resolve(jar.getFileName().toString()));
      }
    }
    // The launcher builds anew when a source is newer than this.
    Files.writeString(folder.resolve("built"), "");
  }

  /** Copies a JAR with its classes in a current format. */
  private static void copy(Path jar, Path target) throws IOException {
    Map<String, byte[]> entries = new TreeMap<>();
    try (var zip = new ZipFile(jar.toFile())) {
      for (ZipEntry entry : zip.stream().filter(e -> !e.isDirectory()).toList()) {
        try (InputStream in = zip.getInputStream(entry)) {
          entries.put(entry.getName(), in.readAllBytes());
        }
      }
    }
    boolean isSealed = unseal(entries);
    boolean isOld =
        entries.entrySet().stream().anyMatch(e -> isClass(e.getKey()) && isOld(e.getValue()));
    if (!isOld && !isSealed) {
      Files.copy(jar, target, StandardCopyOption.REPLACE_EXISTING);
      return;
    }
    ClassFile format =
        ClassFile.of(
            ClassFile.StackMapsOption.GENERATE_STACK_MAPS,
            ClassFile.ClassHierarchyResolverOption.of(
                ClassHierarchyResolver.ofResourceParsing(name -> resource(entries, name))
                    .orElse(ClassHierarchyResolver.defaultResolver())));
    try (OutputStream file = Files.newOutputStream(target);
        var out = new ZipOutputStream(file)) {
      out.setMethod(ZipOutputStream.STORED);
      for (var entry : entries.entrySet()) {
        byte[] bytes = entry.getValue();
        if (isClass(entry.getKey()) && isOld(bytes)) {
          bytes = current(format, bytes);
        }
        write(out, entry.getKey(), bytes);
      }
    }
  }

  /**
   * Lets packages of a JAR have classes from elsewhere too: to the JVM, those that come from the
   * cache do, and a sealed package then takes none from the JAR itself.
   *
   * @return whether anything was sealed
   */
  private static boolean unseal(Map<String, byte[]> entries) throws IOException {
    byte[] text = entries.get(JarFile.MANIFEST_NAME);
    if (text == null) {
      return false;
    }
    var manifest = new Manifest(new ByteArrayInputStream(text));
    boolean isSealed = manifest.getMainAttributes().remove(Attributes.Name.SEALED) != null;
    for (Attributes each : manifest.getEntries().values()) {
      isSealed |= each.remove(Attributes.Name.SEALED) != null;
    }
    if (isSealed) {
      var out = new ByteArrayOutputStream();
      manifest.write(out);
      entries.put(JarFile.MANIFEST_NAME, out.toByteArray());
    }
    return isSealed;
  }

  private static InputStream resource(Map<String, byte[]> entries, ClassDesc type) {
    String descriptor = type.descriptorString();
    byte[] bytes = entries.get(descriptor.substring(1, descriptor.length() - 1) + ".class");
    return bytes == null ? null : new ByteArrayInputStream(bytes);
  }

  private static byte[] current(ClassFile format, byte[] bytes) {
    // Stack maps are made only for methods whose code is written anew, element by element.
    ClassTransform codeAnew =
        ClassTransform.transformingMethodBodies((code, element) -> code.with(element));
    ClassTransform versionAnew =
        (builder, element) -> {
          if (element instanceof ClassFileVersion) {
            builder.withVersion(ClassFile.JAVA_25_VERSION, 0);
          } else {
            builder.with(element);
          }
        };
    return format.transformClass(format.parse(bytes), codeAnew.andThen(versionAnew));
  }

  private static boolean isClass(String name) {
    return name.endsWith(".class");
  }

  private static boolean isOld(byte[] bytes) {
    return bytes.length > 8 && ((bytes[6] & 0xff) << 8 | bytes[7] & 0xff) < WITH_STACK_MAPS;
  }

  private static void write(ZipOutputStream out, String name, byte[] bytes) throws IOException {
    var entry = new ZipEntry(name);
    var crc = new CRC32();
    crc.update(bytes);
    entry.setCrc(crc.getValue());
    entry.setSize(bytes.length);
    entry.setCompressedSize(bytes.length);
    entry.setLastModifiedTime(FileTime.from(TIME));
    out.putNextEntry(entry);
    out.write(bytes);
    out.closeEntry();
  }

  private static void cache(Path folder) throws IOException, InterruptedException {
    Path cache = folder.resolve(CACHE);
    Path fresh = folder.resolve(CACHE + ".new");
    Files.deleteIfExists(cache);
    Files.deleteIfExists(folder.resolve("jdk"));
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-XX:AOTCacheOutput=" + fresh);
    command.add("-XX:+UseSerialGC");
    command.addAll(List.of("-cp", folder.resolve(TOOL).toString(), "dev.sigill.cli.Training"));
    Path log = folder.resolve("cache.log");
    Path store = Files.createTempDirectory("sigill-cache");
    var builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
    // The training keeps its results apart from the user's, so that it always does the work.
    builder.environment().put("SIGILL_CACHE_DIR", store.toString());
    Process process = builder.start();
    process.getOutputStream().close();
    boolean ended = process.waitFor(120, TimeUnit.SECONDS);
    if (!ended) {
      process.destroyForcibly().waitFor();
    }
    if (ended && process.exitValue() == 0 && Files.exists(fresh)) {
      Files.move(fresh, cache, StandardCopyOption.REPLACE_EXISTING);
    } else {
      System.err.println("sigill: no ahead-of-time cache was made; see " + log);
    }
    deleteAll(store);
    // The launcher makes the cache anew when it meets another JDK than this one.
    Path release = Path.of(System.getProperty("java.home"), "release");
    if (Files.exists(release)) {
      Files.copy(release, folder.resolve("jdk"), StandardCopyOption.REPLACE_EXISTING);
    }
  }

  private static void deleteAll(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
