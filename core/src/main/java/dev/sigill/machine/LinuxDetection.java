package dev.sigill.machine;

import dev.sigill.isa.Feature;
import dev.sigill.isa.FeatureSet;
import dev.sigill.machine.SystemProfile.Libc;
import dev.sigill.platform.Architecture;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds out what Linux computer this is, from files alone: {@code /proc/cpuinfo}, the auxiliary
 * vector, {@code os-release}, the C and C++ libraries, and the signs of translators, containers and
 * hypervisors. Sources: Linux, {@code getauxval(3)} and {@code
 * Documentation/admin-guide/binfmt-misc.rst}; Apple, "Running Intel Binaries in Linux VMs with
 * Rosetta".
 */
final class LinuxDetection {
  private static final int AT_PAGESZ = 6;
  private static final int TEXT_LIMIT = 1 << 20;
  private static final int LIBRARY_LIMIT = 32 << 20;

  /** More names are not kept; ordinary systems have some thousands. */
  private static final int MOST_LIBRARIES = 50_000;

  private static final List<String> LIBRARY_FOLDERS =
      List.of("lib64", "usr/lib64", "usr/lib", "lib");

  /** What registers itself for x86-64 programs with binfmt_misc. */
  private record Registered(String name, Translator translator) {}

  private static final List<Registered> REGISTERED =
      List.of(
          new Registered("rosetta", Translator.ROSETTA_LINUX),
          new Registered("FEX-x86_64", Translator.FEX),
          new Registered("box64", Translator.BOX64),
          new Registered("qemu-x86_64", Translator.QEMU_USER));

  private final Host host;
  private final Path root;
  private final Architecture own;
  private final List<String> signs = new ArrayList<>();

  private LinuxDetection(Host host) {
    this.host = host;
    this.root = host.root();
    this.own = Detection.ownArchitecture(host);
  }

  static ThisComputer of(Host host) {
    return new LinuxDetection(host).look();
  }

  private ThisComputer look() {
    Observed seen = LinuxText.cpuinfo(text("proc/cpuinfo"));
    SystemProfile system = system();
    if (seen == null) {
      ThisComputer plain = Detection.plain(host, List.of("/proc/cpuinfo shows no processor"));
      Machine machine = withSystem(plain.machine(), system);
      return new ThisComputer(machine, Optional.empty(), false, machine.title(), plain.signs());
    }
    String board = board();
    if (!board.isEmpty() && seen.architecture() == Architecture.ARM64) {
      seen = titled(seen, board);
    }
    boolean isRosettaGuest = seen.title().contains("VirtualApple");
    boolean isTranslated =
        isRosettaGuest || own == Architecture.X86_64 && seen.architecture() == Architecture.ARM64;
    surroundings(seen);
    if (isRosettaGuest) {
      Machine guest = ownView(rosetta(system), seen.features());
      Machine plain = withSystem(Machines.named("m1-linux-vm"), system);
      return new ThisComputer(
          Machines.renamed(plain, "this", "Apple silicon, " + system.title()),
          Optional.of(guest),
          true,
          "Apple silicon, " + system.title(),
          signs);
    }
    int pageSize = pageSize();
    SystemProfile installed =
        seen.architecture() == own ? system.withLibraries(libraries()) : system;
    Machine machine =
        seen.machine("this", installed, isTranslated && pageSize == 4096 ? 0 : pageSize);
    Translator translator =
        seen.architecture() == Architecture.ARM64
            ? isTranslated ? ownTranslator() : registered()
            : Translator.NONE;
    Optional<Machine> translated =
        translator == Translator.NONE
            ? Optional.empty()
            : Optional.of(translated(translator, seen, system));
    return new ThisComputer(machine, translated, isTranslated, machine.title(), signs);
  }

  /** The libraries of this program's own architecture that the loader finds by their names. */
  private Set<String> libraries() {
    var folders = new LinkedHashSet<String>();
    String triplet = (own == Architecture.ARM64 ? "aarch64" : "x86_64") + "-linux-gnu";
    // Where there is a folder for 64-bit libraries, the plain ones hold those of 32 bits.
    boolean isParted = Files.isDirectory(root.resolve("usr/lib64"));
    folders.add(isParted ? "lib64" : "lib");
    folders.add(isParted ? "usr/lib64" : "usr/lib");
    folders.add("lib/" + triplet);
    folders.add("usr/lib/" + triplet);
    folders.add("usr/local/lib");
    for (String file : names("etc/ld.so.conf.d")) {
      for (String line : text("etc/ld.so.conf.d/" + file).lines().toList()) {
        if (line.strip().startsWith("/")) {
          folders.add(line.strip().substring(1));
        }
      }
    }
    var found = new LinkedHashSet<String>();
    for (String folder : folders) {
      for (String name : names(folder)) {
        if (name.contains(".so") && found.size() < MOST_LIBRARIES) {
          found.add(name);
        }
      }
    }
    return found;
  }

  private List<String> names(String folder) {
    var names = new ArrayList<String>();
    try (DirectoryStream<Path> children = Files.newDirectoryStream(root.resolve(folder))) {
      for (Path child : children) {
        names.add(String.valueOf(child.getFileName()));
      }
    } catch (IOException | DirectoryIteratorException | InvalidPathException e) {
      return List.of();
    }
    return names;
  }

  private static Observed titled(Observed seen, String title) {
    return new Observed(
        seen.architecture(),
        seen.features(),
        seen.absent(),
        title,
        seen.id(),
        seen.hypervisor(),
        seen.source());
  }

  private static Machine withSystem(Machine machine, SystemProfile system) {
    return new Machine(
        machine.name(),
        machine.title(),
        machine.architecture(),
        machine.advertised(),
        machine.executes(),
        machine.uncertain(),
        machine.translator(),
        machine.hostArchitecture(),
        system,
        machine.pageSize(),
        machine.sources());
  }

  private static Machine translated(Translator translator, Observed seen, SystemProfile system) {
    Machine known =
        switch (translator) {
          case ROSETTA_LINUX -> Machines.named("m1-rosetta-linux-macos26");
          case FEX -> Machines.named("fex");
          case BOX64 -> Machines.named("box64");
          case NONE, ROSETTA_2, PRISM, QEMU_USER -> Machines.named("qemu-user");
        };
    return Machines.renamed(
        withSystem(known, system),
        known.name(),
        seen.fullTitle() + " under " + known.translator().title() + ", " + system.title());
  }

  private static Machine rosetta(SystemProfile system) {
    Machine known = Machines.named("m1-rosetta-linux-macos26");
    return Machines.renamed(
        withSystem(known, system),
        known.name(),
        "Apple silicon under " + known.translator().title() + ", " + system.title());
  }

  /** A translator's machine with what it was seen to report. */
  private static Machine ownView(Machine machine, FeatureSet reported) {
    var plain = new ArrayList<Feature>();
    for (Feature feature : reported.toList()) {
      if (feature.architecture() == machine.architecture()) {
        plain.add(feature);
      }
    }
    FeatureSet advertised = FeatureSet.of(plain);
    return new Machine(
        machine.name(),
        machine.title(),
        machine.architecture(),
        advertised,
        machine.executes().with(advertised),
        machine.uncertain().without(advertised),
        machine.translator(),
        machine.hostArchitecture(),
        machine.system(),
        machine.pageSize(),
        List.of("/proc/cpuinfo"));
  }

  private SystemProfile system() {
    String text = text("etc/os-release");
    OsRelease release = OsRelease.parse(text.isEmpty() ? text("usr/lib/os-release") : text);
    String musl = firstFile("lib", "ld-musl-", ".so.1");
    if (!musl.isEmpty() && library("libc.so.6") == null) {
      return release.profile(Libc.MUSL, muslVersion(), glibcxx());
    }
    Path glibc = library("libc.so.6");
    return glibc == null
        ? release.profile(Libc.NONE, "", glibcxx())
        : release.profile(Libc.GLIBC, glibcVersion(glibc), glibcxx());
  }

  /** Alpine's list of installed packages; the library itself says its version to nobody. */
  private String muslVersion() {
    String packages = text("lib/apk/db/installed");
    int at = packages.indexOf("P:musl\nV:");
    if (at < 0) {
      return "";
    }
    int start = at + "P:musl\nV:".length();
    int end = start;
    while (end < packages.length()
        && (Character.isDigit(packages.charAt(end)) || packages.charAt(end) == '.')) {
      end++;
    }
    return packages.substring(start, end);
  }

  private String glibcVersion(Path library) {
    byte[] bytes = bytes(library, LIBRARY_LIMIT);
    int at = find(bytes, "GNU C Library (", 0);
    int release = at < 0 ? -1 : find(bytes, "release version ", at);
    if (release >= 0 && release - at < 200) {
      String version = version(bytes, release + "release version ".length());
      if (!version.isEmpty()) {
        return version;
      }
    }
    int newest = newest(bytes, "GLIBC_2.");
    return newest < 0 ? "" : "2." + newest;
  }

  private String glibcxx() {
    Path library = library("libstdc++.so.6");
    if (library == null) {
      return "";
    }
    int newest = newest(bytes(library, LIBRARY_LIMIT), "GLIBCXX_3.4.");
    return newest < 0 ? "" : "3.4." + newest;
  }

  /** The largest number that follows a prefix anywhere in a file, or -1. */
  private static int newest(byte[] bytes, String prefix) {
    int newest = -1;
    for (int at = find(bytes, prefix, 0); at >= 0; at = find(bytes, prefix, at + 1)) {
      String number = version(bytes, at + prefix.length());
      int dot = number.indexOf('.');
      String whole = dot < 0 ? number : number.substring(0, dot);
      if (!whole.isEmpty() && whole.length() < 6) {
        newest = Math.max(newest, Integer.parseInt(whole));
      }
    }
    return newest;
  }

  private static String version(byte[] bytes, int start) {
    int end = start;
    while (end < bytes.length
        && end - start < 16
        && (bytes[end] >= '0' && bytes[end] <= '9' || bytes[end] == '.')) {
      end++;
    }
    String version = new String(bytes, start, end - start, StandardCharsets.US_ASCII);
    return version.endsWith(".") ? version.substring(0, version.length() - 1) : version;
  }

  private static int find(byte[] bytes, String text, int from) {
    byte[] wanted = text.getBytes(StandardCharsets.US_ASCII);
    byte first = wanted[0];
    outer:
    for (int i = from; i <= bytes.length - wanted.length; i++) {
      if (bytes[i] != first) {
        continue;
      }
      for (int j = 1; j < wanted.length; j++) {
        if (bytes[i + j] != wanted[j]) {
          continue outer;
        }
      }
      return i;
    }
    return -1;
  }

  /** A library of this process's architecture where distributions keep it; null for none. */
  private @Nullable Path library(String name) {
    String triple = own == Architecture.ARM64 ? "aarch64-linux-gnu" : "x86_64-linux-gnu";
    var folders = new ArrayList<String>();
    folders.add("usr/lib/" + triple);
    folders.add("lib/" + triple);
    folders.addAll(LIBRARY_FOLDERS);
    for (String folder : folders) {
      Path file = root.resolve(folder).resolve(name);
      if (Files.isRegularFile(file)) {
        return file;
      }
    }
    return null;
  }

  /** AT_PAGESZ of the auxiliary vector, 0 where not known. */
  private int pageSize() {
    byte[] vector = bytes(root.resolve("proc/self/auxv"), 4096);
    ByteBuffer words = ByteBuffer.wrap(vector).order(ByteOrder.LITTLE_ENDIAN);
    while (words.remaining() >= 16) {
      long type = words.getLong();
      long value = words.getLong();
      if (type == AT_PAGESZ) {
        boolean isPossible = value >= 4096 && value <= 1 << 20 && Long.bitCount(value) == 1;
        return isPossible ? (int) value : 0;
      }
    }
    return 0;
  }

  private String board() {
    String model = text("proc/device-tree/model");
    return model.replace("\0", "").strip();
  }

  private void surroundings(Observed seen) {
    String group = text("proc/1/cgroup");
    if (Files.exists(root.resolve(".dockerenv"))
        || Files.exists(root.resolve("run/.containerenv"))
        || group.contains("docker")
        || group.contains("kubepods")
        || group.contains("containerd")
        || host.environment("container") != null) {
      signs.add("in a container");
    }
    String kernel = text("proc/sys/kernel/osrelease");
    if (kernel.toLowerCase(java.util.Locale.ROOT).contains("microsoft")) {
      signs.add("in the Windows Subsystem for Linux");
    }
    if (!seen.hypervisor().isEmpty()) {
      signs.add("in a virtual machine");
    }
    String vendor = text("sys/class/dmi/id/sys_vendor").strip();
    String product = text("sys/class/dmi/id/product_name").strip();
    if (!product.isEmpty()) {
      signs.add(vendor.isEmpty() || product.startsWith(vendor) ? product : vendor + " " + product);
    }
  }

  /** What runs this x86-64 process on an Arm processor. */
  private Translator ownTranslator() {
    String maps = text("proc/self/maps");
    if (maps.contains("rosetta") || isLinkTo("proc/self/exe", "rosetta")) {
      return Translator.ROSETTA_LINUX;
    }
    if (host.environment("FEX_ROOTFS") != null || maps.contains("FEXInterpreter")) {
      return Translator.FEX;
    }
    if (maps.contains("box64")) {
      return Translator.BOX64;
    }
    Translator registered = registered();
    return registered == Translator.NONE ? Translator.QEMU_USER : registered;
  }

  private Translator registered() {
    for (Registered one : REGISTERED) {
      String entry = text("proc/sys/fs/binfmt_misc/" + one.name());
      if (entry.startsWith("enabled")) {
        return one.translator();
      }
    }
    return Translator.NONE;
  }

  private boolean isLinkTo(String path, String part) {
    try {
      return Files.readSymbolicLink(root.resolve(path)).toString().contains(part);
    } catch (IOException | UnsupportedOperationException | InvalidPathException e) {
      return false;
    }
  }

  private String firstFile(String folder, String prefix, String suffix) {
    try (var files = Files.newDirectoryStream(root.resolve(folder), prefix + "*" + suffix)) {
      for (Path file : files) {
        return file.getFileName().toString();
      }
    } catch (IOException | java.nio.file.DirectoryIteratorException e) {
      return "";
    }
    return "";
  }

  private String text(String path) {
    return new String(bytes(root.resolve(path), TEXT_LIMIT), StandardCharsets.UTF_8);
  }

  /** The beginning of a file; nothing of one that cannot be read. */
  private static byte[] bytes(Path file, int limit) {
    try (InputStream in = Files.newInputStream(file)) {
      return in.readNBytes(limit);
    } catch (IOException | RuntimeException e) {
      return new byte[0];
    }
  }
}
