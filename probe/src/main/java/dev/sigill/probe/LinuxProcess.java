package dev.sigill.probe;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A program started by posix_spawn(3) and watched from its first instruction.
 *
 * <p>A tracer must not miss a program that dies at once, and the program must be started as it is,
 * without a shell in between. So the new process first opens a named pipe that nobody writes to
 * yet, which is one of the file actions of posix_spawn: it waits there, before its program is
 * loaded, until the tracer has seized it and opens the other end. posix_spawn itself returns only
 * when the program is loaded, which is why it has a thread of its own.
 */
final class LinuxProcess {
  private static final int SETPGROUP = 0x02;
  private static final int SETSIGDEF = 0x04;
  private static final int SETSIGMASK = 0x08;

  private static final int O_WRONLY = 1;
  private static final int O_CREAT = 0x40;
  private static final int O_TRUNC = 0x200;
  private static final int O_NONBLOCK = 0x800;

  /** Sizes of the opaque structures of posix_spawn and sigaction, with room to spare, in bytes. */
  private static final int STRUCTURE = 1024;

  private final Launch launch;
  private final TerminalSignals signals;
  private final AtomicInteger pid = new AtomicInteger();
  private final Deaths deaths = new Deaths();
  private final CompletableFuture<Ending> ending = new CompletableFuture<>();
  private final @Nullable ErrorWrites writes;
  private volatile String remark = "";

  private LinuxProcess(Launch launch, TerminalSignals signals, @Nullable ErrorWrites writes) {
    this.launch = launch;
    this.signals = signals;
    this.writes = writes;
  }

  /**
   * Starts a program.
   *
   * @param writes what notes its writes on standard error, or null where they are not followed
   * @throws NotStartedException where it cannot be
   */
  static LinuxProcess start(
      Launch launch, boolean isWatched, TerminalSignals signals, @Nullable ErrorWrites writes)
      throws NotStartedException {
    var process = new LinuxProcess(launch, signals, writes);
    var started = new CompletableFuture<Integer>();
    Thread.ofPlatform()
        .daemon()
        .name("sigill-tracer")
        .start(() -> process.trace(isWatched, started));
    int error;
    try {
      error = started.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new NotStartedException("interrupted", 130);
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    }
    if (error != 0) {
      throw notStarted(launch.command().getFirst(), error);
    }
    return process;
  }

  private static NotStartedException notStarted(String program, int error) {
    return switch (error) {
      case Libc.ENOENT -> new NotStartedException(program + ": command not found", 127);
      case Libc.EACCES -> new NotStartedException(program + ": permission denied", 126);
      case 8 -> new NotStartedException(program + ": not a program that this system runs", 126);
      default ->
          new NotStartedException(program + ": could not be started (error " + error + ")", 126);
    };
  }

  /** Its number. */
  int pid() {
    return pid.get();
  }

  /** How it ended, once it has. */
  CompletableFuture<Ending> ending() {
    return ending;
  }

  /** Runs on a thread of its own, which is the tracer from start to end. */
  private void trace(boolean isWatched, CompletableFuture<Integer> started) {
    Path folder = null;
    try (Arena arena = Arena.ofShared()) {
      Optional<Path> gate = isWatched ? gate(arena) : Optional.empty();
      folder = gate.map(Path::getParent).orElse(null);
      var spawned = new CompletableFuture<Integer>();
      var spawner = new AtomicInteger();
      Thread.ofPlatform()
          .daemon()
          .name("sigill-spawner")
          .start(() -> spawn(arena, gate, spawner, spawned));
      boolean isSeized = gate.isPresent() && seize(arena, gate.get(), spawner, spawned);
      int error = spawned.join();
      if (error != 0) {
        started.complete(error);
        return;
      }
      signals.began(pid.get());
      started.complete(0);
      int status = isSeized ? new Tracer(pid.get(), deaths, signals, writes).watch() : await(arena);
      finish(status);
      if (isSeized) {
        new Tracer(pid.get(), deaths, signals, null).watchTheRest();
      }
    } catch (RuntimeException | Error e) {
      started.completeExceptionally(e);
      ending.completeExceptionally(e);
    } finally {
      delete(folder);
    }
  }

  private void finish(int status) {
    signals.ended();
    int signal = status < 0 ? 0 : status & 0x7f;
    int code = status < 0 ? 0 : status >>> 8 & 0xff;
    var bare = new Ending(pid.get(), code, signal, Optional.empty(), "", remark);
    Optional<dev.sigill.crash.Fault> fault =
        bare.shellStatus() == 0
            ? Optional.empty()
            : deaths.explaining(pid.get(), bare.signalTold()).map(Deaths.Death::fault);
    String program = deaths.program(pid.get());
    ending.complete(new Ending(pid.get(), code, signal, fault, program, remark));
  }

  private int await(Arena arena) {
    MemorySegment status = arena.allocate(ValueLayout.JAVA_INT);
    int ended;
    do {
      ended = Libc.waitpid(pid.get(), status, 0);
    } while (ended == -Libc.EINTR);
    return ended < 0 ? -1 : status.get(ValueLayout.JAVA_INT, 0);
  }

  /** A named pipe in a new folder. */
  private Optional<Path> gate(Arena arena) {
    try {
      Path folder = Files.createTempDirectory("sigill-");
      Path gate = folder.resolve("gate");
      if (Libc.mkfifo(arena.allocateFrom(gate.toString()), 0600) == 0) {
        return Optional.of(gate);
      }
      delete(folder);
    } catch (IOException e) {
      // Without a folder to write to there is nothing to wait at.
    }
    remark = "no named pipe could be made in the folder for temporary files";
    return Optional.empty();
  }

  private static void delete(@Nullable Path folder) {
    if (folder != null) {
      try {
        Files.deleteIfExists(folder.resolve("gate"));
        Files.deleteIfExists(folder);
      } catch (IOException e) {
        // It is empty, and in the folder for temporary files.
      }
    }
  }

  /** Seizes the new process while it waits, and lets it go on. */
  private boolean seize(
      Arena arena, Path gate, AtomicInteger spawner, CompletableFuture<Integer> spawned) {
    int self = (int) ProcessHandle.current().pid();
    MemorySegment path = arena.allocateFrom(gate.toString());
    boolean isSeized = false;
    boolean isTried = false;
    while (!spawned.isDone()) {
      int thread = spawner.get();
      if (!isTried && thread != 0) {
        List<Integer> children = ProcessFiles.childrenOfThread(self, thread);
        if (!children.isEmpty()) {
          int answer = Tracer.seize(children.getFirst());
          isTried = true;
          isSeized = answer == 0;
          if (!isSeized) {
            remark =
                "this system does not allow it to be watched (ptrace: error "
                    + -answer
                    + "; in containers, --cap-add=SYS_PTRACE allows it)";
          }
        }
      }
      if (isTried) {
        int descriptor = Libc.open(path, O_WRONLY | O_NONBLOCK);
        if (descriptor >= 0) {
          Libc.close(descriptor);
          break;
        }
      }
      java.util.concurrent.locks.LockSupport.parkNanos(200_000);
    }
    return isSeized;
  }

  private void spawn(
      Arena arena, Optional<Path> gate, AtomicInteger spawner, CompletableFuture<Integer> spawned) {
    try {
      spawner.set(threadNumber());
      MemorySegment number = arena.allocate(ValueLayout.JAVA_INT);
      MemorySegment actions = arena.allocate(STRUCTURE, 16);
      MemorySegment attributes = arena.allocate(STRUCTURE, 16);
      Libc.spawnCall("posix_spawn_file_actions_init", actions);
      Libc.spawnCall("posix_spawnattr_init", attributes);
      gate.ifPresent(
          path -> {
            int descriptor = freeDescriptor();
            Libc.addOpen(actions, descriptor, arena.allocateFrom(path.toString()), 0);
            Libc.addClose(actions, descriptor);
          });
      Launch.Streams streams = launch.streams();
      if (!streams.isInherited()) {
        int write = O_WRONLY | O_CREAT | O_TRUNC;
        Libc.addOpen(actions, 0, arena.allocateFrom("/dev/null"), 0);
        Libc.addOpen(actions, 1, arena.allocateFrom(String.valueOf(streams.out())), write);
        Libc.addOpen(actions, 2, arena.allocateFrom(String.valueOf(streams.err())), write);
      }
      for (int descriptor : ownDescriptors(streams.isInherited())) {
        Libc.addClose(actions, descriptor);
      }
      Libc.spawnCall("posix_spawnattr_setsigmask", attributes, signalSet(arena, originalMask()));
      Libc.spawnCall(
          "posix_spawnattr_setsigdefault", attributes, signalSet(arena, signals.defaults()));
      int group = streams.isInherited() ? 0 : SETPGROUP;
      Libc.setFlags(attributes, SETSIGDEF | SETSIGMASK | group);
      String program = launch.command().getFirst();
      int error =
          Libc.spawnCall(
              "posix_spawnp",
              number,
              arena.allocateFrom(program),
              actions,
              attributes,
              strings(arena, launch.command()),
              strings(
                  arena,
                  launch.environment().entrySet().stream()
                      .map((Map.Entry<String, String> e) -> e.getKey() + "=" + e.getValue())
                      .toList()));
      pid.set(number.get(ValueLayout.JAVA_INT, 0));
      spawned.complete(error);
    } catch (RuntimeException | Error e) {
      spawned.completeExceptionally(e);
    }
  }

  /** The number of this thread for the kernel. */
  private static int threadNumber() {
    try {
      String name = Path.of("/proc/thread-self").toRealPath().getFileName().toString();
      return Integer.parseInt(name);
    } catch (IOException | NumberFormatException e) {
      throw new IllegalStateException("/proc is not there", e);
    }
  }

  /**
   * Numbers of files that the program must not find open: those of Java itself and its archives, or
   * all of them, and the free numbers among them, which another thread of this tool may take before
   * the program is there. What else is open was passed to the tool for the program.
   */
  private static List<Integer> ownDescriptors(boolean isInPlace) {
    var passedOn = new TreeSet<Integer>();
    int last = 2;
    try (var descriptors = Files.newDirectoryStream(Path.of("/proc/self/fd"))) {
      for (Path each : descriptors) {
        int number = Integer.parseInt(each.getFileName().toString());
        last = Math.max(last, number);
        if (isInPlace && !isOwn(each)) {
          passedOn.add(number);
        }
      }
    } catch (IOException | NumberFormatException e) {
      return List.of();
    }
    int end = Math.max(last + 1, Math.min(last + THREADS, HIGHEST));
    return IntStream.range(3, end).filter(number -> !passedOn.contains(number)).boxed().toList();
  }

  /** Files that other threads of this tool may open while a program is started, at most. */
  private static final int THREADS = 16;

  /** Whether an open file, named by its link in /proc, is one of this tool and not of its user. */
  private static boolean isOwn(Path descriptor) {
    String file;
    try {
      file = Files.readSymbolicLink(descriptor).toString();
    } catch (IOException e) {
      // That of this listing itself, or closed meanwhile.
      return true;
    }
    String classes = System.getProperty("java.class.path", "");
    return file.startsWith(System.getProperty("java.home", ""))
        || file.endsWith(".jar")
            && (classes.contains(file)
                || classes.contains(file.substring(file.lastIndexOf('/') + 1))
                || file.startsWith(applicationFolder()))
        || file.startsWith("/dev/random")
        || file.startsWith("/dev/urandom")
        || file.startsWith("/proc/" + ProcessHandle.current().pid() + "/")
        || file.startsWith("anon_inode:");
  }

  /** The folder of the tool's own archives. */
  private static String applicationFolder() {
    String first = System.getProperty("java.class.path", "").split(":")[0];
    Path folder = Path.of(first).toAbsolutePath().getParent();
    return folder == null ? first : folder + "/";
  }

  /** The highest number that is given to a file here. */
  private static final int HIGHEST = 250;

  /** A high number that no file of this process has, so that none of the user's is closed. */
  private static int freeDescriptor() {
    int number = HIGHEST;
    while (Files.exists(Path.of("/proc/self/fd/" + number), java.nio.file.LinkOption.NOFOLLOW_LINKS)
        && number > 3) {
      number--;
    }
    return number;
  }

  /** The signals that were blocked when this tool was started: the first thread keeps them so. */
  private static long originalMask() {
    return new ProcessFiles((int) ProcessHandle.current().pid()).blocked();
  }

  private static MemorySegment signalSet(Arena arena, long signals) {
    MemorySegment set = arena.allocate(128, 8);
    set.set(ValueLayout.JAVA_LONG, 0, signals);
    return set;
  }

  private static MemorySegment strings(Arena arena, List<String> texts) {
    MemorySegment pointers = arena.allocate(ValueLayout.ADDRESS, texts.size() + 1L);
    for (int i = 0; i < texts.size(); i++) {
      pointers.setAtIndex(ValueLayout.ADDRESS, i, arena.allocateFrom(texts.get(i)));
    }
    return pointers;
  }
}
